"""What a hand does to a drawing's handles, in millimetres of an oblique and uneven grid."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.drawings import Bidirectional, Distance, Ellipse, Point, Probe, Rectangle
from engine.measured import Diameters, Length
from engine.measures import measure
from engine.phantoms.volume import any_grid
from engine.pictures import Grid
from viewer.tools import shapes

GRID = any_grid(np.random.default_rng(11))
PLACE = st.tuples(st.floats(5, 120), st.floats(5, 50))


def on(axis: int, place: tuple[float, float], depth: float = 20.0) -> Point:
    point = [*place]
    point.insert(axis, depth)
    return point[0], point[1], point[2]


def millimetres(points: tuple[Point, ...]) -> np.ndarray:
    assert GRID.affine is not None
    return np.array(points) @ GRID.affine[:3, :3].T


@given(PLACE, PLACE, st.sampled_from((0, 1, 2)))
def test_a_first_short_diameter_crosses_the_middle_at_a_right_angle(
    one: tuple[float, float], other: tuple[float, float], axis: int
) -> None:
    if np.hypot(*np.subtract(one, other)) < 0.1:
        return
    points = shapes.both_diameters(on(axis, one), on(axis, other), axis, GRID)
    start, end, first, second = millimetres(points)
    assert (end - start) @ (second - first) == pytest.approx(0, abs=1e-6)
    assert (first + second) / 2 == pytest.approx((start + end) / 2, abs=1e-6)
    found = measure(Bidirectional(id="1", points=points, axis=axis), GRID)
    assert isinstance(found, Diameters)
    assert found.short.value == pytest.approx(found.long.value * 2 / 3)


@given(st.lists(st.tuples(st.integers(0, 3), PLACE), max_size=6), st.sampled_from((0, 1, 2)))
def test_however_it_is_dragged_the_short_diameter_stays_at_a_right_angle_and_crosses(
    drags: list[tuple[int, tuple[float, float]]], axis: int
) -> None:
    points = shapes.both_diameters(on(axis, (20, 20)), on(axis, (60, 35)), axis, GRID)
    drawing = Bidirectional(id="1", points=points, axis=axis)
    for number, place in drags:
        to = on(axis, place)
        dragged = shapes.with_handle(drawing, number, to, GRID)
        assert isinstance(dragged, Bidirectional)
        drawing = dragged
        start, end, first, second = millimetres(drawing.points)
        if np.linalg.norm(end - start) < 1e-3:
            return
        unit = (end - start) / np.linalg.norm(end - start)
        assert unit @ (second - first) == pytest.approx(0, abs=1e-6)
        for part in (unit @ (first - start), unit @ (second - start)):
            assert -1e-6 <= part <= np.linalg.norm(end - start) + 1e-6
        # The two halves lie on two sides of the long one.
        foot = start + unit * (unit @ (first - start))
        assert (first - foot) @ (second - foot) <= 1e-6


def test_an_end_of_the_long_diameter_goes_to_the_hand_and_the_short_one_keeps_its_length() -> None:
    points = shapes.both_diameters(on(2, (20, 20)), on(2, (60, 20)), 2, GRID)
    drawing = Bidirectional(id="1", points=points)
    before = measure(drawing, GRID)
    dragged = shapes.with_handle(drawing, 1, on(2, (60, 40)), GRID)
    assert dragged.points[1] == pytest.approx(on(2, (60, 40)))
    after = measure(dragged, GRID)
    assert isinstance(before, Diameters)
    assert isinstance(after, Diameters)
    assert after.short.value == pytest.approx(before.short.value)


@pytest.mark.parametrize("number", range(8))
def test_a_boxs_handle_moves_its_own_sides_alone(number: int) -> None:
    box = Rectangle(id="1", points=((10, 20, 5), (30, 60, 5)))
    place = shapes.handles(box)[number]
    assert place[0] in (10, 20, 30)
    assert place[1] in (20, 40, 60)
    moved = shapes.with_handle(box, number, (place[0] + 3, place[1] + 3, 5), GRID)
    again = shapes.handles(moved)
    expected = [
        (
            x + (3 if place[0] != 20 and x == place[0] else 0),
            y + (3 if place[1] != 40 and y == place[1] else 0),
        )
        for x, y, _ in shapes.handles(box)
        if x != 20 and y != 40
    ]
    corners = [again[corner][:2] for corner in (0, 2, 4, 6)]
    assert sorted(corners) == sorted(expected)


def test_a_handle_of_a_line_goes_where_the_hand_goes() -> None:
    line = Distance(id="1", points=((1, 2, 5), (9, 2, 5)))
    assert shapes.with_handle(line, 1, (7, 8, 5), GRID).points == ((1, 2, 5), (7, 8, 5))


def test_moving_the_whole_keeps_what_it_measures_and_stays_on_its_slice() -> None:
    line = Distance(id="1", points=((1, 2, 5), (9, 2, 5)))
    moved = shapes.moved(line, np.array([3.0, 4.0, 0.3]))
    assert moved.points == ((4, 6, 5), (12, 6, 5))


@given(PLACE, PLACE, st.sampled_from((0, 1, 2)))
def test_a_squared_box_is_as_wide_as_high_in_millimetres_and_reaches_the_hand(
    one: tuple[float, float], other: tuple[float, float], axis: int
) -> None:
    start, hand = on(axis, one), on(axis, other)
    to = shapes.squared(start, hand, axis, GRID)
    place = list(start)
    columns, rows = (a for a in (0, 1, 2) if a != axis)
    place[columns] = to[columns]
    wide = measure(
        Distance(id="1", points=(start, (place[0], place[1], place[2])), axis=axis), GRID
    )
    place = list(start)
    place[rows] = to[rows]
    high = measure(
        Distance(id="1", points=(start, (place[0], place[1], place[2])), axis=axis), GRID
    )
    assert isinstance(wide, Length)
    assert isinstance(high, Length)
    assert wide.value == pytest.approx(high.value)
    assert to[columns] == pytest.approx(hand[columns]) or to[rows] == pytest.approx(hand[rows])


def test_the_outline_of_an_ellipse_touches_its_box_and_closes() -> None:
    (line,) = shapes.outlines(Ellipse(id="1", points=((10, 20, 5), (30, 60, 5))))
    assert line.min(axis=0) == pytest.approx((10, 20, 5))
    assert line.max(axis=0) == pytest.approx((30, 60, 5))
    assert line[0] == pytest.approx(line[-1])


def test_a_probe_has_no_outline_but_a_handle() -> None:
    probe = Probe(id="1", points=((1, 2, 3),))
    assert shapes.outlines(probe) == ()
    assert shapes.handles(probe) == ((1, 2, 3),)


def test_a_point_beside_the_picture_is_held_at_its_edge() -> None:
    assert shapes.held_within((-9, 7, 3), Grid((10, 20, 5)), 2) == (-0.5, 7, 3)
    assert shapes.held_within((4, 99, 3), Grid((10, 20, 5)), 2) == (4, 19.5, 3)
