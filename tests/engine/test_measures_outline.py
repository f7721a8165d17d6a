"""A closed line's area and values, and figures in disc diameters."""

import cv2
import numpy as np
import pytest

from engine import measures
from engine.drawings import Outline, Point
from engine.measured import Area, Diameters, Length, Region, Unit
from engine.pictures import Grid, grid_of
from engine.telling.measure_words import figure_lines

TRIANGLE: tuple[Point, ...] = ((2, 1, 3), (10, 1, 3), (2, 7, 3))


def drawn(points: tuple[Point, ...] = TRIANGLE, axis: int = 2) -> Outline:
    return Outline(id="1", points=points, axis=axis)


def area(found: object) -> Area:
    assert isinstance(found, Region) and isinstance(found.area, Area)
    return found.area


def test_the_area_of_a_triangle_is_half_its_box_in_millimetres() -> None:
    grid = grid_of(np.diag([0.5, 2.0, 5.0, 1.0]), (20, 20, 8))
    assert area(measures.measure(drawn(), grid)) == Area(pytest.approx(4 * 12 / 2))


def test_an_oblique_plane_changes_no_area() -> None:
    turn = np.eye(4)
    turn[:3, :3] = cv2.Rodrigues(np.array([0.3, -0.5, 0.9]))[0]
    grid = grid_of(turn @ np.diag([0.5, 2.0, 5.0, 1.0]), (20, 20, 8))
    side = drawn(((2, 3, 1), (10, 3, 1), (2, 3, 7)), axis=1)
    assert area(measures.measure(side, grid)).value == pytest.approx(4 * 30 / 2)


def test_a_line_that_crosses_itself_goes_round_both_of_its_lobes() -> None:
    grid = grid_of(np.diag([0.5, 2.0, 5.0, 1.0]), (60, 60, 8))
    eight = drawn(((10, 10, 1), (50, 50, 1), (50, 10, 1), (10, 50, 1)))
    assert area(measures.measure(eight, grid)).value == pytest.approx(2 * 40 * 20 / 2)


def test_without_a_spacing_the_area_is_in_pixels() -> None:
    assert area(measures.measure(drawn(), Grid((20, 20, 8)))) == Area(24.0, Unit.PIXELS)


def test_the_values_are_those_of_the_centres_inside() -> None:
    random = np.random.default_rng(2)
    turns = np.sort(random.uniform(0, 2 * np.pi, 30))
    reach = random.uniform(5, 18, 30)
    ring = np.stack([20.3 + reach * np.cos(turns), 20.6 + reach * np.sin(turns)], axis=1)
    values = random.normal(size=(41, 43))
    contour = ring.astype(np.float32)
    expected = [
        values[y, x]
        for y in range(41)
        for x in range(43)
        if cv2.pointPolygonTest(contour, (float(x), float(y)), measureDist=False) > 0
    ]
    points: tuple[Point, ...] = tuple((float(x), float(y), 0.0) for x, y in ring)
    inside = measures.values_inside(drawn(points), values)
    assert sorted(inside.tolist()) == sorted(expected)


@pytest.mark.parametrize("count", [2, 4001])
def test_an_outline_has_at_least_three_corners_and_not_too_many(count: int) -> None:
    with pytest.raises(ValueError, match="3 to 4000 points"):
        drawn(tuple((float(x), 0.0, 0.0) for x in range(count)))


def test_pixels_are_told_in_disc_diameters() -> None:
    to = measures.in_disc_diameters
    assert to(Length(100, Unit.PIXELS), 400) == Length(0.25, Unit.DISC_DIAMETERS)
    both = Diameters(Length(100, Unit.PIXELS), Length(40, Unit.PIXELS))
    assert to(both, 400) == Diameters(
        Length(0.25, Unit.DISC_DIAMETERS), Length(0.1, Unit.DISC_DIAMETERS)
    )
    found = to(Region(Area(1600, Unit.PIXELS), None), 400)
    assert found == Region(Area(0.01, Unit.DISC_DIAMETERS), None)
    assert figure_lines(found) == ("0.01 DD² (you)", "scale not known")


def test_millimetres_stay_millimetres() -> None:
    assert measures.in_disc_diameters(Length(3.0), 400) == Length(3.0)
