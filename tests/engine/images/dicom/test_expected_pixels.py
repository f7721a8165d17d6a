"""The odd files of the reference data, against the numbers that two other readers found."""

import csv
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import dcmread

from engine.errors import Refusal
from engine.images.dicom.pixels import read_picture, read_stored
from engine.images.dicom.reading import read_header
from engine.images.dicom.values import dtype_for, rescale_of
from engine.images.plan import Source

# What the table shows of these is not what they show: it lists the numbers before the modality
# LUT (PS3.3, C.11.1), and colours of 16 bits where 8 are shown.
OTHERWISE = {
    "bits/modality_lut_sequence_signed12.dcm": (0, 65535),
    "colour/SC_rgb_rle_16bit.dcm": (0, 255),
}

# Its last decimals are those of another lossy decoder.
STEP = {"transfer_syntax/CTImage_1.2.840.10008.1.2.4.51.dcm": 2.00024}


@pytest.mark.parametrize("folder", ["dicom_odd", "mr_t2"])
def test_stored_numbers_and_values_are_those_of_other_readers(
    shared: Callable[[str], Path], folder: str
) -> None:
    root = shared(f"data/radiology/{folder}")
    checked = 0
    for row in rows(root):
        files = [root / row["file"]]
        if files[0].is_dir():
            files = sorted(files[0].iterdir(), key=lambda path: str(dcmread(path).SOPInstanceUID))
        pictures = [picture for file in files for picture in pictures_of(file)]
        if row["stored_sha256"]:
            assert hash_of(stored for stored, _ in pictures) == row["stored_sha256"], row["file"]
        found = min(shown.min() for _, shown in pictures), max(shown.max() for _, shown in pictures)
        told = float(row["shown_min"]), float(row["shown_max"])
        expected = OTHERWISE.get(row["file"], told)
        tolerance = STEP.get(row["file"], 1e-5 * max(map(abs, expected)))
        assert found == pytest.approx(expected, abs=tolerance), row["file"]
        checked += 1
    assert checked == {"dicom_odd": 73, "mr_t2": 4}[folder]


def rows(root: Path) -> list[dict[str, str]]:
    """Those of readable pictures, one refused for its header aside."""
    with (root / "expected.csv").open(encoding="utf-8", newline="") as table:
        return [
            row
            for row in csv.DictReader(table)
            if row["image"] in ("yes", "yes (one reader)", "series")
            and row["file"] != "faults/badVR.dcm"
        ]


def pictures_of(path: Path) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """Each frame's stored numbers and values."""
    header = read_header(path)
    dtype = dtype_for([header])
    for number in range(header.frame_count):
        frame = header.frames[number] if len(header.frames) > 1 else header.first
        source = Source(str(path), number, *rescale_of(frame))
        yield read_stored(source), read_picture(source, dtype)


def hash_of(pictures: Iterator[NDArray[Any]]) -> str:
    found = hashlib.sha256()
    for picture in pictures:
        found.update(np.ascontiguousarray(picture, picture.dtype.newbyteorder("<")).tobytes())
    return found.hexdigest()


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("faults/MR_truncated.dcm", "8,192 bytes, 8,130"),
        ("faults/truncated_half.dcm", "32,768 bytes, 13,303"),
        ("faults/J2K_embedded_sequence_delimiter.dcm", "the header says 256 x 1024"),
        ("faults/SR_no_pixels.dcm", "no picture"),
        ("faults/zero_bytes.dcm", "0 bytes"),
        ("faults/text_file_named.dcm", "a text file"),
        ("faults/CT_stray_first_byte.dcm", "stray byte"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(
    shared: Callable[[str], Path], name: str, word: str
) -> None:
    path = shared(f"data/radiology/dicom_odd/{name}")

    with pytest.raises(Refusal, match=word):
        read_picture(Source(str(path)), "float64")


def test_a_real_chest_ct_in_jpeg_ls_has_the_numbers_that_its_readme_tells(
    shared: Callable[[str], Path],
) -> None:
    folder = shared("data/radiology/chest_ct") / "Lung_Dx-A0001_lung_5mm"
    files = sorted(folder.iterdir(), key=lambda path: str(dcmread(path).SOPInstanceUID))

    found = hash_of(read_stored(Source(str(path))) for path in files)

    assert found == "1b44d13506babfc1d11effc8e088b09e076bb36482f87ae8d43361385994c205"
