"""Measured lengths, angles, areas and values against truths that are known from elsewhere."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from engine import measures
from engine.drawings import (
    Angle,
    Arrow,
    Bidirectional,
    Distance,
    Drawing,
    Ellipse,
    Point,
    Probe,
    Rectangle,
)
from engine.measured import (
    Area,
    Degrees,
    Diameters,
    Length,
    NotMeasured,
    Place,
    Region,
    Unit,
)
from engine.phantoms.volume import any_grid, draw_volume
from engine.pictures import Grid, grid_of

TURN = Rotation.from_euler("xyz", (20, -35, 50), degrees=True).as_matrix()
SPACING = (0.7, 1.1, 2.5)


def oblique(missing: tuple[int, ...] = ()) -> Grid:
    affine = np.eye(4)
    affine[:3, :3] = TURN @ np.diag(SPACING)
    affine[:3, 3] = (-80, 30, 400)
    return grid_of(affine, (200, 160, 40), missing)


def voxels(*positions: tuple[float, float, float]) -> tuple[Point, ...]:
    """Where positions in the oblique grid's own directions, mm from its first voxel, lie."""
    return tuple((x / SPACING[0], y / SPACING[1], z / SPACING[2]) for x, y, z in positions)


@pytest.mark.parametrize("seed", range(3))
def test_a_rods_length_is_true_on_an_oblique_uneven_grid(seed: int) -> None:
    phantom = draw_volume(seed)
    grid = phantom.volume.facts.grid
    assert grid.affine is not None
    back = np.linalg.inv(grid.affine)
    for rod in phantom.rods:
        if rod.axis is None:
            continue
        ends = np.array([(*rod.start, 1), (*rod.end, 1)]) @ back.T
        ends[:, rod.axis] = np.rint(ends[:, rod.axis])
        start, end = (tuple(row) for row in ends[:, :3].tolist())
        drawn = Distance(id="1", points=(start, end), axis=rod.axis)
        found = measures.measure(drawn, grid)
        truth = sum((b - a) ** 2 for a, b in zip(rod.start, rod.end, strict=True)) ** 0.5
        assert found == Length(pytest.approx(truth, abs=1e-6))


def test_an_unplaced_picture_is_measured_by_its_spacing() -> None:
    grid = Grid((100, 100, 1), (0.5, 0.25, None))
    drawn = Distance(id="1", points=((0, 0, 0), (6, 16, 0)))
    assert measures.measure(drawn, grid) == Length(5.0)


def test_the_detectors_spacing_makes_lengths_and_areas_approximate_but_no_angle() -> None:
    grid = Grid((100, 100, 1), (0.5, 0.5, None), approximate=True)
    corners = ((0.0, 0.0, 0.0), (4.0, 0.0, 0.0))
    assert measures.measure(Distance(id="1", points=corners), grid) == Length(2.0, approximate=True)
    region = measures.measure(Rectangle(id="1", points=((0, 0, 0), (4, 4, 0))), grid)
    assert region == Region(Area(4.0, approximate=True), None)
    right = Angle(id="1", points=((4, 0, 0), (0, 0, 0), (0, 4, 0)))
    assert measures.measure(right, grid) == Degrees(pytest.approx(90))


def test_without_spacing_there_are_pixels() -> None:
    grid = Grid((100, 100, 1))
    line = Distance(id="1", points=((0, 0, 0), (3, 4, 0)))
    assert measures.measure(line, grid) == Length(5.0, Unit.PIXELS)
    dot = Distance(id="1", points=((3, 4, 0), (3, 4, 0)))
    assert measures.measure(dot, grid) == Length(0.0, Unit.PIXELS)
    box = Rectangle(id="1", points=((0, 0, 0), (3, 4, 0)))
    assert measures.measure(box, grid) == Region(Area(12.0, Unit.PIXELS), None)


@pytest.mark.parametrize("aspect", [2.0, 0.25])
def test_an_angle_on_pixels_that_are_not_square_is_that_of_the_patient(aspect: float) -> None:
    known = Grid((100, 100, 1), (0.3 * aspect, 0.3, None))
    unknown = Grid((100, 100, 1), aspect=aspect)
    drawn = Angle(id="1", points=((40, 3, 0), (0, 0, 0), (7, 40, 0)))
    found = measures.measure(drawn, unknown)
    assert isinstance(found, Degrees)
    assert measures.measure(drawn, known) == Degrees(pytest.approx(found.value))
    assert measures.in_plane(unknown, 2)[0, 0] / measures.in_plane(unknown, 2)[1, 1] == aspect


def test_pixels_that_are_not_square_are_counted_along_rows_and_columns_alone() -> None:
    grid = Grid((100, 100, 1), aspect=2.0)
    across, down, askew = ((9, 0, 0), (0, 6, 0), (9, 6, 0))
    for end, pixels in ((across, 9.0), (down, 6.0)):
        line = Distance(id="1", points=((0, 0, 0), end))
        assert measures.measure(line, grid) == Length(pixels, Unit.PIXELS)
    told = NotMeasured(measures.NOT_SQUARE)
    assert measures.measure(Distance(id="1", points=((0, 0, 0), askew)), grid) == told
    both = Bidirectional(id="1", points=((0, 0, 0), askew, (4, 0, 0), (4, 6, 0)))
    assert measures.measure(both, grid) == told
    box = measures.measure(Rectangle(id="1", points=((0, 0, 0), askew)), grid)
    assert box == Region(Area(54.0, Unit.PIXELS), None)


@pytest.mark.parametrize("spacing", [(0.5, 0.5, None), (None, None, None)])
def test_an_unknown_gap_is_never_crossed(spacing: tuple[float | None, ...]) -> None:
    grid = Grid((100, 100, 9), (spacing[0], spacing[1], spacing[2]))
    drawn: Drawing
    for drawn in (
        Distance(id="1", points=((0, 5, 0), (9, 5, 4)), axis=1),
        Angle(id="1", points=((0, 5, 0), (9, 5, 0), (9, 5, 4)), axis=1),
        Bidirectional(id="1", points=((0, 5, 0), (9, 5, 0), (4, 5, 0), (4, 5, 4)), axis=1),
    ):
        assert measures.measure(drawn, grid) == NotMeasured(measures.GAP)
    box = measures.measure(Rectangle(id="1", points=((0, 5, 0), (9, 5, 4)), axis=1), grid)
    assert box == Region(NotMeasured(measures.GAP), None)


def test_along_one_slice_an_unknown_gap_does_not_matter() -> None:
    grid = Grid((100, 100, 9), (0.5, 0.5, None))
    drawn = Distance(id="1", points=((0, 5, 4), (9, 5, 4)), axis=1)
    assert measures.measure(drawn, grid) == Length(4.5)


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [(0.0, 3.4, True), (3.4, 3.6, False), (4.0, 4.0, False), (0.0, 9.0, False), (6.5, 9, True)],
)
def test_missing_slices_are_never_crossed(low: float, high: float, told: bool) -> None:
    grid = oblique(missing=(4, 5, 6))
    drawn = Distance(id="1", points=((0, 5, low), (9, 5, high)), axis=1)
    assert (measures.measure(drawn, grid) != NotMeasured(measures.MISSING)) is told


def test_nothing_is_read_off_a_missing_slice() -> None:
    grid, values = oblique(missing=(4,)), np.zeros((160, 200))
    for drawn in (
        Probe(id="1", points=((3, 3, 4),)),
        Ellipse(id="1", points=((3, 3, 4), (9, 9, 4))),
    ):
        assert measures.measure(drawn, grid, values) == NotMeasured(measures.MISSING)


@given(st.floats(1, 179), st.floats(-180, 180), st.sampled_from((0, 1, 2)))
def test_an_angle_is_that_of_the_patients_space(degrees: float, turn: float, axis: int) -> None:
    # Drawn with a protractor in millimetres; the voxels between are not square.
    first, second = np.radians(turn), np.radians(turn + degrees)
    plane = [other for other in (0, 1, 2) if other != axis]
    places = np.full((3, 3), 30.0)
    places[0, plane] += 12 * np.array([np.cos(first), np.sin(first)])
    places[2, plane] += 7 * np.array([np.cos(second), np.sin(second)])
    points = places / np.array(SPACING)
    points[:, axis] = 12
    drawn = Angle(id="1", points=tuple(tuple(point) for point in points.tolist()), axis=axis)
    found = measures.measure(drawn, oblique())
    assert found == Degrees(pytest.approx(degrees, abs=1e-6))


def test_an_arm_without_length_makes_no_angle() -> None:
    drawn = Angle(id="1", points=((3, 3, 0), (3, 3, 0), (9, 3, 0)))
    assert measures.measure(drawn, oblique()) == NotMeasured(measures.NO_ARM)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_areas_are_those_of_the_patients_space(axis: int) -> None:
    low, high = np.full(3, 20.0), np.full(3, 20.0)
    plane = [other for other in (0, 1, 2) if other != axis]
    high[plane] += (30, 10)
    corners = np.array([low, high]) / np.array(SPACING)
    corners[:, axis] = 5
    one, other = (tuple(corner) for corner in corners.tolist())
    box = measures.measure(Rectangle(id="1", points=(one, other), axis=axis), oblique())
    assert box == Region(Area(pytest.approx(300)), None)
    ellipse = measures.measure(Ellipse(id="1", points=(other, one), axis=axis), oblique())
    assert ellipse == Region(Area(pytest.approx(np.pi * 15 * 5)), None)


def test_the_longer_diameter_is_told_first() -> None:
    one, other, start, end = voxels((10, 20, 0), (22, 20, 0), (16, 10, 0), (16, 40, 0))
    drawn = Bidirectional(id="1", points=(one, other, start, end))
    found = measures.measure(drawn, oblique())
    assert found == Diameters(Length(pytest.approx(30)), Length(pytest.approx(12)))


# ---- values


eighths = st.integers(-24, 180).map(lambda count: count / 8)
corner = st.tuples(eighths, eighths)


@given(corner, corner, st.booleans(), st.sampled_from((0, 1, 2)))
def test_a_region_counts_the_voxels_whose_centre_lies_inside(
    one: tuple[float, float], other: tuple[float, float], round_: bool, axis: int
) -> None:
    """Brute force: every centre is asked for itself."""
    values = np.random.default_rng(5).normal(size=(12, 20))
    points = []
    for across, down in (one, other):
        place = [across, down]
        place.insert(axis, 0.0)
        points.append((place[0], place[1], place[2]))
    drawn = (Ellipse if round_ else Rectangle)(id="1", points=tuple(points), axis=axis)
    kept = []
    for row in range(12):
        for column in range(20):
            middle = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
            reach = (abs(one[0] - other[0]) / 2, abs(one[1] - other[1]) / 2)
            off = (abs(column - middle[0]), abs(row - middle[1]))
            if round_:
                sides = [
                    o / r if r else (0.0 if o == 0 else 9) for o, r in zip(off, reach, strict=True)
                ]
                held = sides[0] ** 2 + sides[1] ** 2 <= 1 + 1e-9
            else:
                held = off[0] <= reach[0] + 1e-9 and off[1] <= reach[1] + 1e-9
            if held:
                kept.append(values[row, column])
    found = measures.measure(drawn, Grid((20, 12, 1)), values)
    assert isinstance(found, Region | NotMeasured)
    if not isinstance(found, Region):
        return
    if not kept:
        assert found.statistics is None
        return
    told = found.statistics
    assert told is not None
    assert told.count == len(kept)
    assert told.mean == pytest.approx(np.mean(kept))
    assert told.deviation == pytest.approx(np.std(kept))
    assert (told.least, told.greatest) == (min(kept), max(kept))


def test_an_edge_through_centres_counts_them() -> None:
    values = np.ones((20, 20))
    box = measures.measure(
        Rectangle(id="1", points=((2, 3, 0), (5, 9, 0))), Grid((20, 20, 1)), values
    )
    assert isinstance(box, Region)
    assert box.statistics is not None
    assert box.statistics.count == 4 * 7
    disk = measures.measure(
        Ellipse(id="1", points=((2, 2, 0), (6, 6, 0))), Grid((20, 20, 1)), values
    )
    assert isinstance(disk, Region)
    assert disk.statistics is not None
    assert disk.statistics.count == 13


def test_voxels_without_a_value_are_left_out_and_counted() -> None:
    values = np.array([[1.0, 2.0, np.nan, -2000.0, np.inf]])
    drawn = Rectangle(id="1", points=((0, 0, 0), (4, 0, 0)))
    found = measures.measure(drawn, Grid((5, 1, 1)), values, padding=-2000)
    assert isinstance(found, Region)
    assert found.statistics is not None
    assert (found.statistics.count, found.statistics.left_out) == (2, 3)
    assert found.statistics.mean == 1.5


def test_a_region_where_nothing_was_measured_counts_its_voxels() -> None:
    drawn = Rectangle(id="1", points=((0, 0, 0), (4, 1, 0)))
    found = measures.measure(drawn, Grid((5, 2, 1)), np.full((2, 5), np.nan))
    assert isinstance(found, Region)
    assert (found.statistics, found.without_value) == (None, 10)
    colour = measures.measure(drawn, Grid((5, 2, 1)), np.zeros((2, 5, 3), np.uint8))
    assert isinstance(colour, Region)
    assert colour.without_value == 0


def test_a_region_of_large_whole_numbers_does_not_overflow() -> None:
    values = np.full((100, 100), 32000, np.int16)
    drawn = Rectangle(id="1", points=((0, 0, 0), (99, 99, 0)))
    found = measures.measure(drawn, Grid((100, 100, 1)), values)
    assert isinstance(found, Region)
    assert found.statistics is not None
    assert (found.statistics.mean, found.statistics.deviation) == (32000, 0)


def test_a_balls_mean_is_its_value_on_the_slice_through_it() -> None:
    phantom = draw_volume(3)
    grid = phantom.volume.facts.grid
    assert grid.affine is not None
    for ball in phantom.balls:
        x, y, z = (np.linalg.inv(grid.affine) @ (*ball.centre, 1))[:3].tolist()
        # Well inside, where every voxel is full, however oblique the slice.
        reach = [ball.radius * 0.4 / side for side in grid.spacing if side]
        z = round(z)
        drawn = Ellipse(
            id="1", points=((x - reach[0], y - reach[1], z), (x + reach[0], y + reach[1], z))
        )
        values = measures.slice_values(phantom.volume.frame(), drawn)
        found = measures.measure(drawn, grid, values)
        assert isinstance(found, Region)
        assert found.statistics is not None
        assert found.statistics.mean == ball.value
        assert found.statistics.deviation == 0


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_probe_reads_the_voxel_that_covers_it(axis: int) -> None:
    frame = np.arange(4 * 5 * 6).reshape(4, 5, 6)
    point = (2.4, 3.4, 1.4)
    place = [*point]
    place[axis] = round(place[axis])
    drawn = Probe(id="1", points=((place[0], place[1], place[2]),), axis=axis)
    values = measures.slice_values(frame, drawn)
    found = measures.measure(drawn, Grid((6, 5, 4)), values)
    assert found == Place((2, 3, 1), None, float(frame[1, 3, 2]))


def test_a_probe_tells_where_it_lies_in_the_patient() -> None:
    (point,) = voxels((14.0, 22.0, 50.0))
    found = measures.measure(Probe(id="1", points=(point,)), oblique())
    truth = TURN @ np.array([14.0, 22.0, 50.0]) + (-80, 30, 400)
    assert isinstance(found, Place)
    assert found.position == pytest.approx(truth.tolist())


def test_beyond_an_unknown_gap_a_probe_has_no_place_in_the_patient() -> None:
    grid = replace(oblique(), spacing=(SPACING[0], SPACING[1], None))
    first = measures.measure(Probe(id="1", points=((3, 4, 0),)), grid)
    later = measures.measure(Probe(id="1", points=((3, 4, 1),)), grid)
    assert isinstance(first, Place)
    assert isinstance(later, Place)
    assert first.position is not None
    assert later.position is None


def test_a_probe_on_colour_tells_red_green_and_blue_and_on_padding_nothing() -> None:
    colour = np.zeros((4, 4, 3), np.uint8)
    colour[1, 2] = (9, 8, 7)
    drawn = Probe(id="1", points=((2, 1, 0),))
    told = measures.measure(drawn, Grid((4, 4, 1)), colour)
    assert isinstance(told, Place)
    assert told.value == (9, 8, 7)
    bare = measures.measure(drawn, Grid((4, 4, 1)), np.full((4, 4), -2000), padding=-2000)
    assert isinstance(bare, Place)
    assert bare.value is None


def test_a_slice_beyond_the_volume_has_no_values() -> None:
    assert measures.slice_values(np.zeros((4, 5, 6)), Probe(id="1", points=((0, 0, 4),))) is None


def test_an_arrow_measures_nothing() -> None:
    drawn = Arrow(id="1", points=((0, 0, 0), (5, 5, 0)), text="here")
    assert measures.measure(drawn, oblique()) is None


@given(st.integers(0, 2**31), st.sampled_from((0, 1, 2)), st.floats(0, 360))
def test_at_right_angles_in_a_plane_is_at_right_angles_in_the_patient(
    seed: int, axis: int, turn: float
) -> None:
    grid = any_grid(np.random.default_rng(seed))
    assert grid.affine is not None
    across, down = measures.in_plane(grid, axis).T
    columns = [other for other in (0, 1, 2) if other != axis]
    assert np.allclose(grid.affine[:3, columns], np.stack([across, down], axis=1))
