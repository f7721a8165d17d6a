"""Reading every n-th slice, or a box: every voxel stays where it lies in the patient."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from engine.errors import Refusal
from engine.images.part import extent_of, reduced
from engine.pictures import GreyWindow, Grid, RepairKind, VolumeFacts, grid_of
from engine.space import affine_of, to_patient

SIZE = (40, 30, 20)


def oblique(missing: tuple[int, ...] = ()) -> VolumeFacts:
    turn = Rotation.from_euler("xyz", [20, -10, 30], degrees=True).as_matrix()
    affine = affine_of(turn, (0.5, 0.7, 3.0), np.array([-12.0, 5.0, 80.0]))
    return VolumeFacts(grid_of(affine, SIZE, missing), windows=(GreyWindow(40, 400),))


def test_the_voxels_of_a_part_lie_where_they_lay() -> None:
    facts = oblique()
    part = reduced(facts, extent_of(SIZE, 3, (5, 25, 10, 30, 2, 20))).grid
    assert part.size == (20, 20, 6)
    assert part.spacing == pytest.approx((0.5, 0.7, 9.0))
    assert part.affine is not None and facts.grid.affine is not None
    voxels = np.array([[0.0, 0, 0], [19, 19, 5], [3, 7, 2]])
    before = voxels * (1, 1, 3) + (5, 10, 2)
    np.testing.assert_allclose(
        to_patient(part.affine, voxels), to_patient(facts.grid.affine, before), atol=1e-9
    )


def test_the_slices_of_a_part_are_the_named_ones() -> None:
    assert list(extent_of(SIZE, 4, (0, 40, 0, 30, 3, 20)).slices) == [3, 7, 11, 15, 19]
    assert extent_of(SIZE, 4).size == (40, 30, 5)


def test_a_missing_slice_is_missing_in_the_part_where_it_is_one_of_it() -> None:
    grid = reduced(oblique(missing=(3, 4, 11)), extent_of(SIZE, 4, (0, 40, 0, 30, 3, 20))).grid
    assert grid.missing == (0, 2)


def test_a_part_says_that_it_is_one_and_a_whole_volume_does_not() -> None:
    facts = oblique()
    assert reduced(facts, extent_of(SIZE)) == facts
    (repair,) = reduced(facts, extent_of(SIZE, 2, (0, 40, 10, 30, 0, 20))).repairs
    assert repair.kind is RepairKind.REDUCED
    assert "every second slice was read, 10 of 20" in repair.detail
    assert "rows 11 to 30 of 30" in repair.detail
    assert "columns" not in repair.detail


def test_a_part_of_a_volume_without_a_place_or_spacing_has_none_either() -> None:
    facts = VolumeFacts(Grid(SIZE, (0.5, 0.5, None)))
    part = reduced(facts, extent_of(SIZE, 2)).grid
    assert part == Grid((40, 30, 10), (0.5, 0.5, None))


def test_what_lies_outside_is_left_away_and_an_empty_part_is_refused() -> None:
    assert extent_of(SIZE, 1, (-5, 90, 0, 30, 10, 99)).size == (40, 30, 10)
    with pytest.raises(Refusal, match="outside the volume"):
        extent_of(SIZE, 1, (0, 40, 0, 30, 20, 25))
