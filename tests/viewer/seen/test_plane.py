"""Where the voxels of a slice come to lie, told by patient space."""

from itertools import permutations, product

import numpy as np
import pytest

from engine.pictures import Grid, grid_of
from engine.space import affine_of, to_voxel
from viewer.seen.hanging import Axis, Laying, Letters, PlaneName, axis_of, hung, plane_name
from viewer.seen.plane import Plane

VIEW = (801, 601)
LAYINGS = [Laying(turns, mirrored) for turns in range(4) for mirrored in (False, True)]
CODES = [
    "".join(pair[side] for pair, side in zip(order, sides, strict=True))
    for order in permutations(("RL", "AP", "IS"))
    for sides in product((0, 1), repeat=3)
]
TOWARD = {
    "R": (-1, 0, 0),
    "L": (1, 0, 0),
    "A": (0, -1, 0),
    "P": (0, 1, 0),
    "F": (0, 0, -1),
    "H": (0, 0, 1),
    "I": (0, 0, -1),
    "S": (0, 0, 1),
}


def _grid(code: str = "LPS", spacing=(0.5, 0.7, 3.0), size=(60, 50, 20)) -> Grid:
    directions = np.array([TOWARD[letter] for letter in code], float).T
    return grid_of(affine_of(directions, spacing, np.array([-30.0, 12.0, 400.0])), size)


def _tilted(degrees: float) -> Grid:
    """An axial stack turned about the patient's x axis."""
    angle = np.radians(degrees)
    across, down = np.array([1.0, 0, 0]), np.array([0, np.cos(angle), -np.sin(angle)])
    directions = np.stack([across, down, np.cross(across, down)], axis=1)
    return grid_of(affine_of(directions, (0.5, 0.5, 3.0), np.zeros(3)), (384, 384, 19))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("axis", Axis)
def test_each_edge_is_named_for_the_side_of_the_patient_that_lies_there(code, axis) -> None:
    grid = _grid(code)
    for laying in LAYINGS:
        plane = Plane.fitted(grid, axis, 5, VIEW, laying)
        middle = np.array([[30.0, 25.0, 10.0]])
        letters = plane.letters
        assert letters is not None
        for letter, edge in (
            (letters.left, (-1, 0)),
            (letters.top, (0, -1)),
            (letters.right, (1, 0)),
            (letters.bottom, (0, 1)),
        ):
            inverse = np.linalg.inv(grid.affine)
            step = inverse[:3, :3] @ np.array(TOWARD[letter], float)
            moved = (plane.to_device(middle + step) - plane.to_device(middle))[0]
            # One millimetre toward that side is ``scale`` pixels toward that edge.
            np.testing.assert_allclose(moved, plane.scale * np.array(edge), atol=1e-9)


@pytest.mark.parametrize("code", CODES)
def test_planes_are_hung_as_radiologists_hang_them_whatever_the_file_has(code) -> None:
    grid = _grid(code)
    wanted = {
        PlaneName.AXIAL: Letters("R", "A", "L", "P"),
        PlaneName.CORONAL: Letters("R", "H", "L", "F"),
        PlaneName.SAGITTAL: Letters("A", "H", "P", "F"),
    }
    for name, letters in wanted.items():
        axis = axis_of(grid, name)
        assert plane_name(grid, axis) is name
        assert Plane.fitted(grid, axis, 0, VIEW).letters == letters


def test_a_plain_axial_slice_lies_as_it_is_stored() -> None:
    assert hung(_grid("LPS"), Axis.Z) == Laying()


@pytest.mark.parametrize("laying", LAYINGS)
@pytest.mark.parametrize("axis", Axis)
def test_voxels_go_to_the_screen_and_back(axis, laying) -> None:
    plane = Plane.fitted(_grid(), axis, 7, VIEW, laying).zoomed(2.3, (100.0, 20.0)).panned(31, -12)
    generator = np.random.default_rng(3)
    points = generator.uniform(-200, 900, (50, 2))
    voxels = plane.to_voxel(points)
    assert (voxels[:, axis] == 7).all()
    np.testing.assert_allclose(plane.to_device(voxels), points, atol=1e-9)


@pytest.mark.parametrize("laying", LAYINGS)
@pytest.mark.parametrize("axis", Axis)
def test_a_millimetre_is_as_long_across_as_down(axis, laying) -> None:
    grid = _grid()
    plane = Plane.fitted(grid, axis, 7, VIEW, laying)
    assert plane.in_millimetres
    for along in plane.axes:
        ends = np.zeros((2, 3))
        ends[1, along] = 10 / grid.spacing[along]
        moved = np.diff(plane.to_device(ends), axis=0)
        assert np.linalg.norm(moved) == pytest.approx(10 * plane.scale)


def test_without_a_spacing_voxels_are_square_and_there_are_no_millimetres() -> None:
    plane = Plane.fitted(Grid((60, 50, 20), (0.5, 0.7, None)), Axis.Y, 0, VIEW)
    assert not plane.in_millimetres
    assert plane.pitch == (1.0, 1.0)
    assert plane.letters is None
    assert plane.position_at(0) is None
    assert plane.to_patient(np.zeros((1, 2))) is None
    assert plane.name is None


@pytest.mark.parametrize(("aspect", "pitch"), [(2.0, (2.0, 1.0)), (0.5, (1.0, 2.0))])
def test_pixels_that_are_not_square_are_shown_in_proportion(aspect, pitch) -> None:
    plane = Plane.fitted(Grid((60, 50, 1), aspect=aspect), Axis.Z, 0, VIEW)
    assert plane.pitch == pitch
    across, down = np.diag(np.abs(plane.to_screen[:2, :2]))
    assert across / down == pytest.approx(aspect)


def test_device_positions_are_told_in_the_patients_millimetres() -> None:
    grid = _tilted(18.5)
    plane = Plane.fitted(grid, Axis.Z, 4, VIEW)
    at = plane.to_device(np.array([[100.0, 50.0, 4.0]]))
    positions = plane.to_patient(at)
    assert positions is not None
    np.testing.assert_allclose(to_voxel(grid.affine, positions), [[100.0, 50.0, 4.0]], atol=1e-9)


def test_an_oblique_edge_has_two_letters_and_the_nearest_first() -> None:
    letters = Plane.fitted(_tilted(18.5), Axis.Z, 0, VIEW).letters
    assert letters == Letters("R", "AH", "L", "PF")
    assert Plane.fitted(_tilted(18.5), Axis.Z, 0, VIEW).obliquity == pytest.approx(18.5)
    assert Plane.fitted(_tilted(4), Axis.Z, 0, VIEW).letters == Letters("R", "A", "L", "P")


def test_a_slice_shows_what_is_within_half_a_slice() -> None:
    plane = Plane.fitted(_grid(), Axis.Y, 7, VIEW)
    assert plane.shows((3.0, 7.4, 900.0))
    assert plane.shows((3.0, 6.5, 0.0))
    assert not plane.shows((3.0, 7.6, 0.0))


def test_slices_are_counted_from_the_head_the_front_and_the_right() -> None:
    head_last = Plane.fitted(_grid("LPS"), Axis.Z, 19, VIEW)
    assert head_last.number == 1
    assert head_last.stepped(1).index == 18
    assert head_last.stepped(-1) == head_last
    assert head_last.at_number(20).index == 0
    head_first = Plane.fitted(_grid("LPI"), Axis.Z, 0, VIEW)
    assert head_first.number == 1
    assert head_first.stepped(3).index == 3
    assert Plane.fitted(Grid((5, 5, 5)), Axis.Z, 0, VIEW).number == 1
    for code, axis, first in (("LPS", Axis.X, 0), ("RPS", Axis.X, 59), ("LAS", Axis.Y, 49)):
        assert Plane.fitted(_grid(code), axis, first, VIEW).number == 1


def test_the_position_grows_toward_the_head() -> None:
    for code in ("LPS", "LPI", "RAI"):
        plane = Plane.fitted(_grid(code), Axis.Z, 6, VIEW)
        assert plane.position_at(plane.index) == pytest.approx(
            400 + (18 if code[2] == "S" else -18)
        )


@pytest.mark.parametrize("laying", LAYINGS)
def test_what_lies_under_the_pointer_stays_there_while_zooming(laying) -> None:
    plane = Plane.fitted(_grid(), Axis.X, 7, VIEW, laying)
    at = (420.0, 310.0)
    before = plane.to_voxel(np.array([at]))
    after = plane.zoomed(1.7, at)
    assert np.abs(after.to_device(before) - at).max() <= 0.5
    assert after.scale == pytest.approx(1.7 * plane.scale)
    for factor in [1.1] * 20 + [1 / 1.1] * 20:
        after = after.zoomed(factor, at)
    # Forty steps of up to half a pixel each do not add up.
    assert np.abs(after.to_device(before) - at).max() <= 4


@pytest.mark.parametrize("laying", LAYINGS)
def test_a_flip_mirrors_the_screen_and_twice_is_none(laying) -> None:
    corner = np.array([[2.0, 3.0, 7.0]])
    plane = Plane.fitted(_grid(), Axis.Z, 7, VIEW, laying)
    x, y = plane.to_device(corner)[0]
    for left_right in (True, False):
        flipped = plane.laid(laying.flipped(left_right=left_right))
        wanted = (VIEW[0] - 1 - x, y) if left_right else (x, VIEW[1] - 1 - y)
        assert np.abs(flipped.to_device(corner)[0] - wanted).max() <= 0.5
        assert flipped.laying.flipped(left_right=left_right) == laying


def test_a_quarter_turn_goes_clockwise() -> None:
    plane = Plane.fitted(_grid(), Axis.Z, 7, VIEW)
    before, after = plane.letters, plane.laid(plane.laying.turned(1)).letters
    assert before is not None and after is not None
    assert after == Letters(before.bottom, before.left, before.top, before.right)


def test_a_fitted_slice_stays_fitted_and_a_zoomed_one_keeps_its_scale() -> None:
    plane = Plane.fitted(_grid(), Axis.Z, 7, VIEW)
    assert plane.resized((400, 900)).is_fitted
    zoomed = plane.zoomed(3)
    assert zoomed.resized((400, 900)).scale == zoomed.scale
    left, top, right, bottom = plane.box
    assert bottom - top == pytest.approx(VIEW[1]) or right - left == pytest.approx(VIEW[0])


@pytest.mark.parametrize("laying", LAYINGS)
def test_a_slice_begins_on_a_whole_device_pixel_and_is_panned_by_whole_ones(laying) -> None:
    plane = Plane.fitted(_grid(), Axis.Z, 7, VIEW, laying)
    for factor in (1.0, 1.37, 2.9):
        moved = plane.zoomed(factor, (71.0, 33.0))
        left, top, _, _ = moved.box
        assert (left + 0.5) % 1 == pytest.approx(0, abs=1e-9) or (left + 0.5) % 1 > 1 - 1e-9
        assert (top + 0.5) % 1 == pytest.approx(0, abs=1e-9) or (top + 0.5) % 1 > 1 - 1e-9
        for _ in range(5):
            further = moved.panned(3, -2)
            np.testing.assert_allclose(
                further.to_screen[:2, 2] - moved.to_screen[:2, 2], (3, -2), atol=1e-9
            )
            moved = further


def test_at_its_own_size_every_voxel_gets_a_device_pixel() -> None:
    # Neither side has its middle where the view has its own.
    plane = Plane.fitted(Grid((40, 31, 3)), Axis.Z, 1, (201, 102)).at_scale(1.0)
    placed = plane.to_device(np.array([[3.0, 4.0, 1.0]]))
    np.testing.assert_array_equal(placed, np.rint(placed))


def test_the_voxel_under_a_position_is_the_one_that_covers_it() -> None:
    plane = Plane.fitted(_grid(), Axis.Z, 7, VIEW)
    x, y = plane.to_device(np.array([[12.4, 20.6, 7.0]]))[0]
    assert plane.voxel_at((x, y)) == (12, 21, 7)
    assert plane.voxel_at((-5000.0, y)) is None
