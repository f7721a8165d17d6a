"""What a plane cuts out of a volume."""

from dataclasses import replace

import numpy as np
import pytest
from slice_desk import grid, state, volume

from viewer.seen.cut import Held, cut, reached
from viewer.seen.display import Projection, Slab
from viewer.seen.hanging import Axis

SIZE = (6, 5, 9)


@pytest.fixture
def values() -> np.ndarray:
    return np.random.default_rng(2).integers(-1000, 1000, SIZE[::-1]).astype(np.int16)


def test_a_plane_is_cut_across_each_axis(values) -> None:
    shown = volume(values)
    for axis, wanted in ((Axis.Z, values[4]), (Axis.Y, values[:, 3]), (Axis.X, values[:, :, 2])):
        index = {Axis.Z: 4, Axis.Y: 3, Axis.X: 2}[axis]
        np.testing.assert_array_equal(cut(shown, state(shown, axis, index).plane).values, wanted)


@pytest.mark.parametrize(
    ("projection", "project"),
    [
        (Projection.MAXIMUM, np.max),
        (Projection.MINIMUM, np.min),
        (Projection.MEAN, lambda thick, axis: np.rint(thick.mean(axis=axis)).astype(np.int16)),
    ],
)
@pytest.mark.parametrize("axis", Axis)
def test_a_slab_is_projected_along_its_axis(values, projection, project, axis) -> None:
    shown = volume(values, grid(spacing=(1.0, 1.0, 1.0), size=SIZE))
    plane = state(shown, axis, 2).plane
    thick = np.moveaxis(values, 2 - axis, 0)[1:4]
    found = cut(shown, plane, Slab(projection, 3.0)).values
    np.testing.assert_array_equal(found, project(thick, axis=0))


@pytest.mark.parametrize("axis", Axis)
@pytest.mark.parametrize("projection", Projection)
@pytest.mark.parametrize("blank", [-2000, np.nan])
def test_what_was_not_measured_takes_no_part_in_a_slab(blank, projection, axis) -> None:
    values = np.full((3, 3, 3), 50, np.int16 if blank == -2000 else np.float32)
    values[1, 1, 1] = values[:, 1, 2] = blank
    shown = volume(values, grid(spacing=(1.0, 1.0, 1.0), size=(3, 3, 3)))
    padding = -2000.0 if blank == -2000 else None
    shown = replace(shown, facts=replace(shown.facts, padding=padding))
    found = cut(shown, state(shown, axis, 1).plane, Slab(projection, 3.0)).values
    assert found.dtype == values.dtype
    wanted = np.full((3, 3), 50, values.dtype)
    if axis is Axis.Z:  # along it alone there is a place where nothing was measured
        wanted[1, 2] = blank
    np.testing.assert_array_equal(found, wanted)


def test_a_slab_in_millimetres_takes_the_slices_that_come_nearest(values) -> None:
    shown = volume(values, grid(spacing=(1.0, 1.0, 2.5), size=SIZE))
    plane = state(shown, Axis.Z, 4).plane
    wanted = values[3:6].max(axis=0)
    for slab in (Slab(Projection.MAXIMUM, 7.0), Slab(Projection.MAXIMUM, 3, in_slices=True)):
        np.testing.assert_array_equal(cut(shown, plane, slab).values, wanted)


def test_a_slab_lies_evenly_about_its_slice(values) -> None:
    plane = state(volume(values), Axis.Z, 4).plane
    assert reached(plane, Slab(Projection.MEAN, 2, in_slices=True)) == range(3, 6)
    assert reached(plane, Slab(Projection.MEAN, 4, in_slices=True)) == range(2, 7)
    assert reached(plane, Slab(Projection.MEAN, 99, in_slices=True)) == range(9)
    assert reached(plane, Slab(Projection.MEAN, 0.1)) == range(4, 5)


def test_a_missing_slice_is_told_and_takes_no_part_in_a_slab(values) -> None:
    values[4] = 0
    shown = volume(values, replace(grid(spacing=(1, 1, 1), size=SIZE), missing=(4,)))
    plane = state(shown, Axis.Z, 4).plane
    assert cut(shown, plane).whole is Held.MISSING
    slab = cut(shown, plane, Slab(Projection.MINIMUM, 3.0))
    assert slab.whole is Held.THERE
    np.testing.assert_array_equal(slab.values, np.minimum(values[3], values[5]))


def test_rows_of_missing_and_unread_slices_are_told_across_the_stack(values) -> None:
    shown = volume(values, replace(grid(size=SIZE), missing=(4,)))
    read = np.ones((1, SIZE[2]), bool)
    read[0, 7:] = False
    shown = replace(shown, read=read)
    found = cut(shown, state(shown, Axis.Y, 3).plane)
    assert found.runs() == [(4, 4, Held.MISSING), (7, 8, Held.UNREAD)]
    # What is not there has nothing of its own that could blend into its neighbours.
    np.testing.assert_array_equal(found.values[7], values[6, 3])
    np.testing.assert_array_equal(found.values[:4], values[:4, 3])


def test_a_slab_waits_until_all_of_it_is_read(values) -> None:
    read = np.ones((1, SIZE[2]), bool)
    read[0, 5] = False
    shown = replace(volume(values, grid(spacing=(1, 1, 1), size=SIZE)), read=read)
    plane = state(shown, Axis.Z, 4).plane
    assert cut(shown, plane).whole is Held.THERE
    assert cut(shown, plane, Slab(Projection.MAXIMUM, 3.0)).whole is Held.UNREAD


def test_slices_come_one_by_one_until_all_are_read(values) -> None:
    shown = replace(volume(values), read=np.zeros((1, SIZE[2]), bool))
    assert shown.is_blank
    part = shown.with_slices([(0, 4), (0, 2)])
    assert part.is_read(0, 4) and not part.is_read(0, 3)
    assert not shown.is_read(0, 4)
    assert part.with_slices([(0, z) for z in range(SIZE[2])]).read is None
