"""A_z and DeLong's interval against definitions and scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from engine.errors import Refusal
from engine.evaluation.roc import area

ROWS = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=4, max_size=40)


@given(ROWS)
def test_the_area_is_the_share_of_pairs_in_order_with_ties_counting_half(
    rows: list[tuple[int, bool]],
) -> None:
    scores = np.array([score for score, _ in rows], float)
    truth = np.array([label for _, label in rows])
    if min(truth.sum(), (~truth).sum()) < 2:
        return
    assert area(scores, truth).value == pytest.approx(roc_auc_score(truth, scores))


def test_the_variance_is_delongs_sum_over_placements() -> None:
    generator = np.random.default_rng(3)
    truth = generator.random(60) < 0.4
    scores = np.round(truth + generator.normal(size=60), 1)
    positive, negative = scores[truth], scores[~truth]
    wins = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
    variance = wins.mean(1).var(ddof=1) / len(positive) + wins.mean(0).var(ddof=1) / len(negative)
    found = area(scores, truth)
    reach = 1.959964 * np.sqrt(variance)
    assert found.interval.low == pytest.approx(found.value - reach, abs=1e-6)
    assert found.interval.high == pytest.approx(found.value + reach, abs=1e-6)


def test_the_interval_has_the_width_that_the_methods_page_expects_of_the_papers_test_set() -> None:
    # Hanley-McNeil at A = 0.9542 on 53,576 pictures, 19.2 % positive, gives 0.0029 (METHODS Q7.1).
    generator = np.random.default_rng(0)
    truth = np.arange(53_576) < 10_287
    scores = generator.normal(size=truth.size) + 2.385 * truth
    found = area(scores, truth)
    assert found.value == pytest.approx(0.954, abs=0.003)
    assert (found.interval.high - found.interval.low) / 2 == pytest.approx(0.0025, abs=0.0006)


def test_one_class_alone_is_refused_with_its_counts() -> None:
    with pytest.raises(Refusal, match="5 and 0"):
        area(np.arange(5.0), np.ones(5, bool))
