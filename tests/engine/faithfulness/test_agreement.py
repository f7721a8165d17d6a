"""How alike two maps are, held to SciPy's correlations."""

import numpy as np
import pytest
from scipy.stats import pearsonr, spearmanr

from engine.faithfulness.agreement import agreement

MASK = np.random.default_rng(5).random((30, 30)) < 0.7


def test_it_is_spearman_s_and_pearson_s_inside_the_mask() -> None:
    draw = np.random.default_rng(1)
    one = draw.integers(0, 9, (30, 30)).astype(np.float32)  # many equal values
    other = (one + 5 * draw.random((30, 30))).astype(np.float32)
    found = agreement(one, other, MASK)
    assert found.rank == pytest.approx(spearmanr(one[MASK], other[MASK]).statistic, abs=1e-6)
    assert found.value == pytest.approx(pearsonr(one[MASK], other[MASK]).statistic, abs=1e-6)


def test_a_map_without_evidence_agrees_with_none() -> None:
    flat = np.zeros((30, 30), np.float32)
    found = agreement(flat, flat, MASK)
    assert (found.rank, found.value) == (0, 0)


def test_numbers_beyond_all_bounds_agree_with_nothing_and_break_nothing() -> None:
    wild = np.full((30, 30), np.inf, np.float32)
    with np.errstate(invalid="ignore"):
        assert agreement(wild, wild, MASK).value == 0
