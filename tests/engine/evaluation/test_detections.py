"""Peaks, their way back to the photograph, and the lesions they hit (METHODS Q7.3)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from engine.answers import Heatmap
from engine.evaluation.detections import (
    Detections,
    assessed_pixels,
    peaks,
    smoothed,
    touches,
)
from engine.geometry import Circle, scaling

BACK = scaling(6.0, 100.0, 50.0)
ALL = np.ones((20, 20), bool)


def brute_force(values: np.ndarray, within: np.ndarray) -> set[tuple[int, int]]:
    found = set()
    for y, x in np.argwhere(within):
        window = values[max(y - 3, 0) : y + 4, max(x - 3, 0) : x + 4].ravel().tolist()
        window.remove(values[y, x])
        if all(values[y, x] > other for other in window):
            found.add((int(x), int(y)))
    return found


@given(
    arrays.arrays(np.float64, (12, 14), elements=st.integers(0, 9).map(float)),
    arrays.arrays(np.bool_, (12, 14)),
)
def test_a_detection_is_above_every_other_pixel_of_its_window(
    values: np.ndarray, within: np.ndarray
) -> None:
    found = peaks(values, within, scaling(1.0, 0.0, 0.0))
    assert {(int(x), int(y)) for x, y in found.points} == brute_force(values, within)


def test_a_flat_map_has_no_detection() -> None:
    assert len(peaks(np.ones((20, 20)), ALL, BACK).scores) == 0


def test_a_detection_is_sent_by_the_way_back() -> None:
    values = np.zeros((20, 20))
    values[7, 4] = 3
    found = peaks(values, ALL, BACK)
    assert found.points.tolist() == [[100 + 6 * 4, 50 + 6 * 7]]
    assert found.scores.tolist() == [3]
    assert found.reach == 12


def test_the_highest_two_hundred_are_kept() -> None:
    values = np.zeros((160, 160))
    values[4::8, 4::8] = np.random.default_rng(0).permutation(400).reshape(20, 20) + 1
    found = peaks(values, np.ones_like(values, bool), BACK)
    assert found.scores.tolist() == list(range(400, 200, -1))


def test_smoothing_has_the_deviation_it_says() -> None:
    impulse = np.zeros((31, 31), np.float32)
    impulse[15, 15] = 1
    spread = smoothed(impulse, 1.0)
    at = np.arange(31) - 15
    assert spread.sum() == pytest.approx(1)
    assert np.sqrt((spread.sum(axis=0) * at**2).sum()) == pytest.approx(1, abs=0.01)
    np.testing.assert_array_equal(smoothed(impulse, 0), impulse)


def test_the_assessed_pixels_lie_in_the_circle_and_on_the_photograph() -> None:
    heatmap = Heatmap(np.zeros((20, 20), np.float32), BACK, (120, 190))
    circle = Circle(160.0, 100.0, 55.0)
    found = assessed_pixels(heatmap, circle)
    for y, x in np.ndindex(20, 20):
        across, down = 100 + 6 * x, 50 + 6 * y
        near = (across - 160) ** 2 + (down - 100) ** 2 <= 55**2
        assert found[y, x] == (near and across <= 189.5 and down <= 119.5)


@given(
    arrays.arrays(np.int32, (15, 18), elements=st.integers(0, 3), fill=st.just(0)),
    st.lists(st.tuples(st.floats(-3, 20), st.floats(-3, 17)), max_size=4),
    st.floats(1, 6),
)
def test_a_lesion_is_hit_from_no_further_than_the_reach(
    labels: np.ndarray, points: list[tuple[float, float]], reach: float
) -> None:
    detections = Detections(np.array(points).reshape(-1, 2), np.ones(len(points)), reach)
    expected = set()
    for number, (x, y) in enumerate(points):
        for row, column in np.argwhere(labels > 0):
            if (column - x) ** 2 + (row - y) ** 2 <= reach**2:
                expected.add((number, int(labels[row, column]) - 1))
    found = touches(detections, labels)
    assert {(int(one), int(other)) for one, other in found} == expected
    assert len(found) == len(expected)
