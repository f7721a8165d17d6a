"""The area within a closed line against known figures and against counted points."""

import numpy as np
import pytest

from engine.polygons import area


def test_a_square_and_a_triangle_have_the_areas_that_one_knows() -> None:
    assert area(np.array([(0, 0), (4, 0), (4, 3), (0, 3)], float)) == 12
    assert area(np.array([(0, 0), (0, 6), (8, 0)], float)) == 24


@pytest.mark.parametrize(
    "points",
    [
        [(10, 10), (50, 50), (50, 10), (10, 50)],
        [(10, 10), (30, 30), (50, 10), (50, 50), (30, 30), (10, 50)],  # through one corner twice
    ],
)
def test_both_lobes_of_a_figure_of_eight_count(points: list[tuple[int, int]]) -> None:
    assert area(np.array(points, float)) == pytest.approx(2 * 40 * 20 / 2)


def test_what_is_gone_round_twice_is_outside() -> None:
    outer, inner = [(0, 0), (9, 0), (9, 9), (0, 9)], [(3, 3), (6, 3), (6, 6), (3, 6)]
    points = np.array([*outer, outer[0], *inner, inner[0]], float)
    assert area(points) == pytest.approx(81 - 9)


def test_any_tangle_has_the_area_of_the_points_within_it() -> None:
    draw = np.random.default_rng(0)
    points = draw.uniform(0, 100, (12, 2))
    ends = np.roll(points, -1, axis=0)
    rows = np.arange(0.05, 100, 0.1)
    counted = 0.0
    for row in rows:
        crosses = (points[:, 1] <= row) != (ends[:, 1] <= row)
        one, other = points[crosses], ends[crosses]
        at = one[:, 0] + (row - one[:, 1]) / (other[:, 1] - one[:, 1]) * (other[:, 0] - one[:, 0])
        at.sort()
        counted += (at[1::2] - at[::2]).sum() * 0.1
    assert area(points) == pytest.approx(counted, rel=2e-3)
