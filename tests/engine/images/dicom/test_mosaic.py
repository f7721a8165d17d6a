"""How many tiles a Siemens mosaic holds, and toward which they go."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dicom_files import dataset, save
from siemens_header import csa

from engine.images.dicom.reading import read_header

TILES = 3
STEP = (3.0, 0.0, 4.0)
"""From slice to slice, in mm along the patient's axes: a stack that leans."""
MOSAIC: dict[str, Any] = {
    "Modality": "MR",
    "Manufacturer": "SIEMENS",
    "ImageType": ["ORIGINAL", "PRIMARY", "M", "MOSAIC"],
    "Rows": 4,
    "Columns": 4,
    "PixelData": bytes(32),
    "PixelSpacing": ["20", "20"],
    "ImageOrientationPatient": ["1", "0", "0", "0", "1", "0"],
}


def protocol(count: int = TILES) -> bytes:
    """A series header of slices that were planned upward from (0, 0, 10); zeros are left out."""
    lines = [
        f"sSliceArray.lSize = {count}",
        *(
            f"sSliceArray.asSlice[{number}].sPosition.d{axis} = {value}"
            for number in range(count)
            for axis, value in (("Sag", STEP[0] * number), ("Tra", 10 + STEP[2] * number))
            if value
        ),
    ]
    return csa({"MrPhoenixProtocol": ["\n".join(lines)]})


def mosaic(
    tmp_path: Path, number: int, *headers: tuple[int, bytes], **more: Any
) -> tuple[int, Any]:
    """Tiles and direction of a mosaic whose first tile is the planned slice of this number."""
    centre = STEP[0] * number, STEP[1] * number, 10 + STEP[2] * number
    corner = [str(centre[0] - 40), str(centre[1] - 40), str(centre[2])]
    told = dataset(**{**MOSAIC, "ImagePositionPatient": corner, **more})
    block = told.private_block(0x0029, "SIEMENS CSA HEADER", create=True)
    for element, content in headers:
        block.add_new(element, "OB", content)
    header = read_header(save(tmp_path / "a.dcm", told))
    return header.tiles, header.tile_normal


@pytest.mark.parametrize(("number", "sign"), [(0, 1), (TILES - 1, -1)])
def test_tiles_go_from_the_end_at_which_the_first_one_lies(
    tmp_path: Path, number: int, sign: int
) -> None:
    tiles, normal = mosaic(tmp_path, number, (0x20, protocol()))

    assert tiles == TILES
    assert normal == pytest.approx([sign * each / 5 for each in STEP])


def test_where_the_first_tile_lies_comes_before_what_the_image_header_tells(tmp_path: Path) -> None:
    image = csa({"SliceNormalVector": ["0", "0", "-1"]})

    _, normal = mosaic(tmp_path, 0, (0x10, image), (0x20, protocol()))

    assert normal == pytest.approx([each / 5 for each in STEP])


def test_where_the_protocol_does_not_fit_the_image_header_tells(tmp_path: Path) -> None:
    image = csa({"NumberOfImagesInMosaic": ["3"], "SliceNormalVector": ["0", "0.6", "-0.8"]})

    assert mosaic(tmp_path, 99, (0x20, protocol())) == (TILES, None)
    assert mosaic(tmp_path, 99, (0x10, image), (0x20, protocol())) == (3, (0, 0.6, -0.8))
    assert mosaic(tmp_path, 99, (0x10, image)) == (3, (0, 0.6, -0.8))


def test_a_direction_that_is_none_counts_as_not_told(tmp_path: Path) -> None:
    image = csa({"NumberOfImagesInMosaic": ["3"], "SliceNormalVector": ["0", "0", "0"]})

    assert mosaic(tmp_path, 99, (0x10, image)) == (3, None)


def test_the_number_of_tiles_is_read_from_its_own_element_first(tmp_path: Path) -> None:
    told = dataset(**MOSAIC)
    told.private_block(0x0019, "SIEMENS MR HEADER", create=True).add_new(0x0A, "US", 2)

    assert read_header(save(tmp_path / "a.dcm", told)).tiles == 2


@pytest.mark.parametrize("count", ["inf", "nan", "-3", "1000000000", "9" * 400])
def test_a_number_of_tiles_that_none_has_is_not_believed(tmp_path: Path, count: str) -> None:
    image = csa({"NumberOfImagesInMosaic": [count], "SliceNormalVector": ["0", "0", "1"]})

    assert mosaic(tmp_path, 99, (0x10, image)) == (0, None)


def test_what_is_no_mosaic_has_no_tiles(tmp_path: Path) -> None:
    plain = ["ORIGINAL", "PRIMARY", "M", "ND"]

    assert mosaic(tmp_path, 10, (0x20, protocol()), ImageType=plain) == (0, None)


def test_a_real_mosaic_tells_its_tiles_and_their_direction(shared: Callable[[str], Path]) -> None:
    path = shared("data/radiology/dicom_odd/multiframe/siemens_mosaic.dcm")

    header = read_header(path)

    # 50 slices stand in its protocol; its first tile is the uppermost, at the slice location 88.27.
    assert header.tiles == 50
    assert header.tile_normal == pytest.approx((-0.000441, -0.187376, -0.982288), abs=1e-5)
    assert header.first.orientation is not None
    normal = np.cross(header.first.orientation[:3], header.first.orientation[3:])
    assert abs(normal @ header.tile_normal) == pytest.approx(1, abs=1e-4)
