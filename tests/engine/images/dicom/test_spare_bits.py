"""What a file draws in bits that its pixels leave spare, as overlays were written until 2004."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from overlay_planes import HOOK, add_plane, drawn
from pydicom import dcmread
from written import LOSSLESS, UNCOMPRESSED, read, smooth, write

from engine.images.dicom import spare_bits
from engine.images.dicom.reading import read_header
from engine.images.dicom.series import plan_series
from engine.images.dicom.values import MARKS_UNREAD

SIZE = (32, 40)
"""Rows and columns: JPEG 2000 takes no fewer."""
RING = np.zeros(SIZE, np.bool_)
RING[2:7, [3, 8]] = RING[[2, 6], 3:9] = True
WORD = np.zeros(SIZE, np.bool_)
WORD[8, 1:6] = True


def told(path: Path, *places: int, **more: int) -> Path:
    """The file whose header says that its pixels have 12 bits, and planes at these ``places``."""
    dataset = dcmread(path)
    dataset.BitsStored, dataset.HighBit = more.get("stored", 12), more.get("high", 11)
    for number, place in enumerate(places):
        group = 0x6000 + 2 * number
        dataset.add_new((group, 0x0010), "US", SIZE[0])
        dataset.add_new((group, 0x0011), "US", SIZE[1])
        dataset.add_new((group, 0x0040), "CS", "G")
        dataset.add_new((group, 0x0050), "SS", [1, 1])
        dataset.add_new((group, 0x0100), "US", 16)
        dataset.add_new((group, 0x0102), "US", place)
    dataset.save_as(path)
    return path


def cells(*planes: tuple[NDArray[np.bool_], int]) -> NDArray[np.uint16]:
    found = smooth(*SIZE)
    for bits, place in planes:
        found = found | (bits.astype("uint16") << place)
    return found


@pytest.mark.parametrize("syntax", [*UNCOMPRESSED, *LOSSLESS])
def test_planes_in_spare_bits_are_drawn_and_the_values_stay_as_they_are(
    tmp_path: Path, syntax: str
) -> None:
    pixels = cells((RING, 15), (WORD, 12), (~RING, 13))
    path = write(tmp_path / "a.dcm", pixels, (UNCOMPRESSED | LOSSLESS)[syntax])
    told(path, 15, 12)

    assert (drawn(path) == (RING | WORD)).all()
    assert (read(path) == smooth(*SIZE)).all()


def test_each_picture_of_a_film_has_its_own_and_keeps_what_its_header_draws(
    tmp_path: Path,
) -> None:
    pixels = np.stack([cells((RING, 15)), cells(), cells((WORD, 15))])
    path = told(write(tmp_path / "a.dcm", pixels), 15)
    dataset = dcmread(path)
    add_plane(dataset, HOOK, 0x6002, origin=[6, 8])
    dataset.save_as(path)
    hook = np.zeros(SIZE, np.bool_)
    hook[5:9, 7:12] = HOOK

    for frame, own in enumerate((RING, np.zeros(SIZE, np.bool_), WORD)):
        assert (drawn(path, frame) == (own | hook)).all()


def test_a_plane_draws_on_the_pictures_of_its_range_alone(tmp_path: Path) -> None:
    pixels = np.stack([cells((RING, 15), (WORD, 12))] * 4)
    path = told(write(tmp_path / "a.dcm", pixels), 15, 12)
    dataset = dcmread(path)
    dataset.add_new((0x6002, 0x0015), "IS", 2)
    dataset.add_new((0x6002, 0x0051), "US", 2)
    dataset.save_as(path)

    for frame, there in enumerate((RING, RING | WORD, RING | WORD, RING)):
        assert (drawn(path, frame) == there).all()


def test_pixels_that_stand_in_the_upper_bits_leave_the_lower_ones_spare(tmp_path: Path) -> None:
    pixels = smooth(*SIZE) << 4 | RING.astype("uint16")
    path = told(write(tmp_path / "a.dcm", pixels), 0, high=15)

    assert (drawn(path) == RING).all()
    assert (read(path) == smooth(*SIZE)).all()


def test_bits_of_the_number_itself_and_what_no_header_tells_of_are_no_marks(
    tmp_path: Path,
) -> None:
    pixels = cells((RING, 15))
    assert read_header(told(write(tmp_path / "a.dcm", pixels), 3, 11)).overlays == ()
    assert read_header(told(write(tmp_path / "b.dcm", pixels))).overlays == ()
    assert read_header(told(write(tmp_path / "c.dcm", pixels), 14)).overlays == ()


def test_the_sign_of_a_compressed_number_is_no_mark(tmp_path: Path) -> None:
    signed = (smooth(*SIZE).astype("int32") - 2048).astype("int16")
    path = write(tmp_path / "a.dcm", signed, LOSSLESS["JPEG 2000"], BitsStored=12)

    assert read_header(told(path, 15)).overlays == ()


def test_the_reader_is_told_of_them_as_of_other_overlays(tmp_path: Path) -> None:
    path = told(write(tmp_path / "a.dcm", cells((RING, 15))), 15)
    ((entry, _),), _ = plan_series([read_header(path)])
    (over,) = entry.facts.overprints
    assert (over.bits((SIZE[1], SIZE[0])) == RING).all()
    assert entry.facts.warnings[-1].startswith("The file draws marks or words over the picture")


def test_too_many_pixels_to_look_through_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = told(write(tmp_path / "a.dcm", cells((RING, 15))), 15)
    monkeypatch.setattr(spare_bits, "_MOST", 100)
    header = read_header(path)
    ((entry, _),), _ = plan_series([header])
    assert header.overlays == () and MARKS_UNREAD in entry.facts.warnings
