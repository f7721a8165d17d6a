"""The FROC curve and its limited area against their definitions (METHODS Q7.4)."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.froc import (
    Found,
    Peaks,
    area,
    curve,
    difference,
    draw,
    limited_area,
    mean,
)

MISSED = -np.inf


def picture(false: list[float], hits: list[float]) -> Found:
    return Found(np.array(false, float), np.array(hits, float))


SCORES = st.lists(st.integers(1, 6).map(float), max_size=30)
HITS = st.lists(st.sampled_from([MISSED, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), max_size=5)
PICTURES = st.lists(st.builds(picture, SCORES, HITS), min_size=1, max_size=5).filter(
    lambda pictures: any(len(each.hits) for each in pictures)
)


def test_a_perfect_map_has_the_area_one() -> None:
    assert limited_area(Peaks([picture([], [3, 4]), picture([], [5]), picture([], [])])) == 1


def test_a_map_without_detections_has_the_area_zero() -> None:
    assert limited_area(Peaks([picture([], [MISSED, MISSED])])) == 0


def test_a_map_whose_detections_are_all_false_has_the_area_zero() -> None:
    assert limited_area(Peaks([picture([1, 2, 3], [MISSED])])) == 0


def test_one_lesion_hit_after_five_false_positives_a_picture_has_the_area_one_half() -> None:
    both = [picture([9, 8, 7, 6, 5], [4]), picture([9, 8, 7, 6, 5, 1, 1], [])]
    assert limited_area(Peaks(both)) == 0.5


def test_what_lies_beyond_ten_false_positives_a_picture_does_not_count() -> None:
    late = picture([*range(100, 110), 1], [50, 99.5])
    assert limited_area(Peaks([late])) == 0
    assert curve(Peaks([late])).sensitivity[-1] == 1


def test_a_segment_that_crosses_ten_is_cut_there() -> None:
    # Twenty false detections and the one hit share a score: a line from (0, 0) to (20, 1).
    assert limited_area(Peaks([picture([1] * 20, [1])])) == pytest.approx(0.25)


@given(PICTURES)
def test_the_curve_counts_what_every_threshold_passes(pictures: list[Found]) -> None:
    found = curve(Peaks(pictures))
    false = np.concatenate([each.false for each in pictures])
    hits = np.concatenate([each.hits for each in pictures])
    scores = sorted({*false, *hits[hits > MISSED]}, reverse=True)
    assert found.false_positives.tolist() == pytest.approx(
        [0, *(np.sum(false >= score) / len(pictures) for score in scores)]
    )
    assert found.sensitivity.tolist() == pytest.approx(
        [0, *(np.mean(hits >= score) for score in scores)]
    )


@given(PICTURES)
def test_the_area_is_that_under_the_curve_interpolated_and_level_at_its_end(
    pictures: list[Found],
) -> None:
    found = curve(Peaks(pictures))
    # At a vertical step the fine grid takes the upper end, as the curve does.
    grid = np.linspace(0, 10, 200_001)
    x, y = found.false_positives, found.sensitivity
    under = np.interp(grid, x + np.arange(len(x)) * 1e-12, y)
    assert limited_area(Peaks(pictures)) == pytest.approx(np.trapezoid(under, grid) / 10, abs=1e-4)


@given(PICTURES)
def test_doubling_all_scores_changes_nothing(pictures: list[Found]) -> None:
    doubled = [Found(2 * each.false, 2 * each.hits) for each in pictures]
    assert limited_area(Peaks(doubled)) == limited_area(Peaks(pictures))


@given(PICTURES, SCORES)
def test_more_false_positives_never_raise_the_area(
    pictures: list[Found], more: list[float]
) -> None:
    worse = [Found(np.append(pictures[0].false, more), pictures[0].hits), *pictures[1:]]
    assert limited_area(Peaks(worse)) <= limited_area(Peaks(pictures)) + 1e-12


@given(PICTURES)
def test_more_hits_never_lower_the_area(pictures: list[Found]) -> None:
    better = [Found(each.false, np.maximum(each.hits, 7.0)) for each in pictures]
    assert limited_area(Peaks(better)) == pytest.approx(1)


def test_every_draw_is_the_area_of_the_pictures_it_drew() -> None:
    generator = np.random.default_rng(4)
    pictures = [
        picture(list(generator.random(false)), list(generator.random(3)))
        for false in (5, 150, 150, 20)
    ]
    weights = np.array(list(product(range(3), repeat=4))[1:], float)
    weights = weights[weights.sum(axis=1) == 4]
    found = area(Peaks(pictures), weights)
    assert found is not None
    for row, value in zip(weights.astype(int), found.draws, strict=True):
        drawn = [each for each, times in zip(pictures, row, strict=True) for _ in range(times)]
        assert value == pytest.approx(limited_area(Peaks(drawn)))


def test_the_interval_of_many_pictures_covers_the_true_area_as_often_as_it_says() -> None:
    # Each lesion is hit before or after all false positives, with even chances: the area is 1/2.
    generator = np.random.default_rng(0)
    inside = 0
    for _ in range(50):
        hits = np.where(generator.random(60) < 0.5, 2.0, MISSED)
        found = area(Peaks([picture([1] * 10, [hit]) for hit in hits]), draw(60, generator))
        assert found is not None
        inside += found.interval.low <= 0.5 <= found.interval.high
    assert 43 <= inside <= 50


def test_a_patients_pictures_are_drawn_together() -> None:
    one_eye = [picture([1] * 10, [2.0 if each % 2 else MISSED]) for each in range(60)]
    two_eyes = [each for each in one_eye for _ in range(2)]
    seed = 3
    alone = area(Peaks(one_eye), draw(60, np.random.default_rng(seed)))
    whose = np.repeat(np.arange(60), 2)
    together = area(Peaks(two_eyes), draw(120, np.random.default_rng(seed), whose))
    as_independent = area(Peaks(two_eyes), draw(120, np.random.default_rng(seed)))
    assert alone is not None
    assert together is not None
    assert as_independent is not None
    # Sixty patients with two alike eyes tell as much as sixty with one.
    assert together.interval == alone.interval
    width = as_independent.interval.high - as_independent.interval.low
    assert together.interval.high - together.interval.low > 1.2 * width


def test_a_type_without_a_lesion_has_no_area() -> None:
    pictures = Peaks([picture([1, 2], []), picture([], [])])
    assert area(pictures, draw(2, np.random.default_rng(0))) is None


def test_the_mean_passes_over_draws_in_which_a_rare_type_is_missing() -> None:
    weights = np.array([[2.0, 0.0], [0.0, 2.0], [1.0, 1.0]])
    common = area(Peaks([picture([], [1]), picture([], [1])]), weights)
    rare = area(Peaks([picture([], []), picture([], [MISSED])]), weights)
    assert common is not None
    assert rare is not None
    both = mean([common, rare])
    assert both is not None
    assert both.value == 0.5
    assert both.draws.tolist() == [1, 0.5, 0.5]
    assert mean([]) is None


def test_a_difference_is_taken_draw_by_draw() -> None:
    generator = np.random.default_rng(3)
    weights = draw(20, generator)
    plain = [picture(list(generator.random(30)), list(generator.random(4))) for _ in range(20)]
    better = [Found(each.false, each.hits + 0.02) for each in plain]
    first, second = area(Peaks(better), weights), area(Peaks(plain), weights)
    assert first is not None
    assert second is not None
    gain = difference(first, second)
    assert gain.value == pytest.approx(first.value - second.value)
    assert gain.interval.low >= 0  # each draw gains, so their spread is not that of the areas
    assert gain.interval.high - gain.interval.low < first.interval.high - first.interval.low
