"""Mosaics are cut into slices, or refused where that would be a guess."""

import numpy as np
import pytest
from constructed import AXIAL, kinds, only, refused, slice_at
from msgspec.structs import replace

from engine.images.dicom.header import Header
from engine.pictures import FrameAxis, RepairKind


def _mosaic(number: int = 1, **told: object) -> Header:
    """Seven slices of 20 x 10 pixels in three rows and columns."""
    return slice_at(
        (0.0, 0.0, 5.0),
        number,
        AXIAL,
        pixel_spacing=(2.0, 3.0),
        columns=60,
        rows=30,
        modality="MR",
        image_type=("ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC"),
        **{"tiles": 7, "tile_normal": (0.0, 0.0, 1.0), "spacing_between": 4.0, **told},
    )


def test_tiles_lie_around_the_centre_of_the_whole_picture() -> None:
    entry, plan = only([_mosaic()])
    assert entry.facts.grid.size == (20, 10, 7)
    assert entry.facts.grid.spacing == (3, 2, 4)
    assert entry.facts.grid.affine is not None
    # 40 columns of 3 mm and 20 rows of 2 mm are to spare, half of them on each side.
    assert entry.facts.grid.affine[:3, 3].tolist() == [60, 20, 5]
    assert [each and (each.tile, each.tiles) for each in plan.sources[0]] == [
        (tile, 7) for tile in range(7)
    ]
    assert plan.shape == (1, 7, 10, 20)
    assert kinds(entry) == [RepairKind.MOSAIC]


def test_tiles_that_go_against_the_normal_are_stacked_along_it() -> None:
    entry, plan = only([_mosaic(tile_normal=(0.0, 0.0, -1.0))])
    assert [each and each.tile for each in plan.sources[0]] == [6, 5, 4, 3, 2, 1, 0]
    assert entry.facts.grid.affine is not None
    assert entry.facts.grid.affine[2].tolist() == [0, 0, 4, 5 - 24]
    assert np.linalg.det(entry.facts.grid.affine[:3, :3]) > 0


def test_a_mosaic_to_each_moment_makes_frames() -> None:
    mosaics = [
        replace(_mosaic(number), acquisition_number=number, instance_number=number)
        for number in range(1, 6)
    ]
    entry, plan = only(reversed(mosaics))
    assert entry.facts.frames == tuple(f"image {number}" for number in range(1, 6))
    assert entry.facts.frame_axis is FrameAxis.IMAGE
    assert [row[0] and row[0].path for row in plan.sources] == [each.path for each in mosaics]
    assert entry.facts.grid.size == (20, 10, 7)
    assert "Each of 5 files holds 7 slices" in entry.facts.repairs[-1].detail


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"tiles": 0}, "how many"),
        ({"tile_normal": None}, "in which direction"),
        ({"tile_normal": (0.0, 1.0, 0.0)}, "along their normal"),
        ({"spacing_between": None}, "how far apart"),
        ({"spacing_between": 0.0}, "how far apart"),
        ({"tiles": 50}, "8 rows and columns"),
    ],
)
def test_a_mosaic_that_cannot_be_cut_with_certainty_is_refused(
    told: dict[str, object], fault: str
) -> None:
    (file,) = refused([_mosaic(**told)])
    assert "mosaic" in file.reason
    assert fault in file.reason


def test_a_mosaic_without_a_place_is_refused() -> None:
    header = _mosaic()
    own = replace(header.first, position=None)
    (file,) = refused([replace(header, frames=(own,))])
    assert "where in the patient" in file.reason
