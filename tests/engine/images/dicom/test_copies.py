"""Files of a series that say the same of themselves, under identifiers of their own."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from constructed import detail, kinds, only
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, RLELossless
from written import Pixels, smooth, write

from engine.images.dicom.scan import scan
from engine.listing import SeriesEntry
from engine.pictures import RepairKind
from engine.task import Task

SOFT = smooth(3, 8, 10)
SHARP = SOFT + 1


def _written(
    folder: Path, name: str, slices: Pixels, syntax: str = ExplicitVRLittleEndian, first: int = 0
) -> list[Path]:
    """A file to each slice; nothing in their headers is another's but the identifier."""
    return [
        write(
            folder / f"{name}{number}.dcm",
            pixels,
            syntax,
            StudyInstanceUID="1.2",
            SeriesInstanceUID="1.2.3",
            InstanceNumber=number,
            ImagePositionPatient=[0, 0, 2 * number],
            ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
            PixelSpacing=[1, 1],
        )
        for number, pixels in enumerate(slices, first)
    ]


def _listed(paths: Sequence[Path]) -> SeriesEntry:
    headers, refused = scan(paths, Task())
    assert not refused
    return only(headers)[0]


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, RLELossless])
def test_a_copy_under_a_new_identifier_is_a_copy(syntax: str, tmp_path: Path) -> None:
    paths = _written(tmp_path, "once", SOFT, syntax)
    entry = _listed([*paths, *_written(tmp_path, "again", SOFT[1:2], syntax, first=1)])
    assert entry.pictures == 3
    assert kinds(entry) == [RepairKind.DUPLICATE_SLICES]
    assert detail(entry, RepairKind.DUPLICATE_SLICES).startswith("1 file is a copy")


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
def test_no_picture_with_other_pixels_is_dropped_as_a_copy(syntax: str, tmp_path: Path) -> None:
    paths = _written(tmp_path, "soft", SOFT, syntax) + _written(tmp_path, "sharp", SHARP, syntax)
    entry = _listed(paths)
    assert entry.pictures == 6
    assert kinds(entry) == [RepairKind.SEVERAL_PER_POSITION]
