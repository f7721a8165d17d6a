"""The exact interval of a share, against the binomial distribution."""

import pytest
from scipy.stats import binom

from engine.evaluation.counted import counted


def test_all_of_eight_may_be_chance() -> None:
    found = counted(8, 8)
    assert found.share == found.interval.high == 1
    assert found.interval.low == pytest.approx(0.025 ** (1 / 8))


def test_at_each_end_what_was_found_or_more_extreme_has_a_fortieth() -> None:
    interval = counted(7, 20).interval
    assert binom.sf(6, 20, interval.low) == pytest.approx(0.025)
    assert binom.cdf(7, 20, interval.high) == pytest.approx(0.025)
