"""Which DICOM files are photographs, and what becomes of one."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import (
    CTImageStorage,
    DigitalXRayImageStorageForPresentation,
    JPEGBaseline8Bit,
    MultiFrameTrueColorSecondaryCaptureImageStorage,
    OphthalmicPhotography8BitImageStorage,
    OphthalmicPhotography16BitImageStorage,
    OphthalmicTomographyImageStorage,
    SecondaryCaptureImageStorage,
    UltrasoundImageStorage,
    VLPhotographicImageStorage,
)
from written import dataset_of, jpeg, smooth, wrap, write

from engine.errors import Refusal
from engine.images.colour import PROFILE_UNUSABLE
from engine.images.dicom.cameras import is_photograph
from engine.images.dicom.header import FrameHeader, Header
from engine.images.dicom.photograph import NOT_IN_COLOUR
from engine.images.dicom.series import plan_series
from engine.images.dicom.values import DEEP_COLOURS
from engine.images.photograph import SEVERAL, open_picture
from engine.images.photograph_facts import Stored, stored
from engine.pictures import Laterality

OP8 = OphthalmicPhotography8BitImageStorage
SC = SecondaryCaptureImageStorage
VL = VLPhotographicImageStorage

COLOURS = smooth(40, 60, 3, top=255, dtype="uint8")


def header(sop_class: str, modality: str, samples: int = 3, **more: Any) -> Header:
    photometric = "RGB" if samples == 3 else "MONOCHROME2"
    given = {"photometric": photometric, **more}
    return Header(path="a.dcm", sop_class=sop_class, modality=modality, samples=samples, **given)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (header(OP8, "OP"), True),
        (header(OP8, "OP", samples=1), True),
        (header(OP8, "OP", frame_count=5), True),
        (header(OphthalmicPhotography16BitImageStorage, "OP", samples=1), True),
        (header(OphthalmicTomographyImageStorage, "OPT", samples=1), False),
        (header(VL, "XC"), True),
        (header(SC, "OT"), True),
        (header(SC, "XC"), True),
        (header(SC, ""), True),
        (header(SC, "OT", samples=1, photometric="PALETTE COLOR"), True),
        (header(SC, "OT", samples=1), False),
        (header(SC, "OP", samples=1), True),
        (header(SC, "CT"), False),
        (header(SC, "MR"), False),
        (header(SC, "PT"), False),
        (header(SC, "NM"), False),
        (header(SC, "US"), False),
        (header(SC, "DX"), False),
        (header(MultiFrameTrueColorSecondaryCaptureImageStorage, "OT", frame_count=9), False),
        (header(UltrasoundImageStorage, "US"), False),
        (header(CTImageStorage, "CT", samples=1), False),
        (header(DigitalXRayImageStorageForPresentation, "DX", samples=1), False),
        (header(SC, "OT", frames=(FrameHeader(position=(0, 0, 0)),)), False),
    ],
)
def test_what_is_a_photograph_is_told_by_the_header(found: Header, expected: bool) -> None:
    assert is_photograph(found) is expected


def test_the_list_says_that_deep_colours_are_shown_by_their_upper_bits() -> None:
    deep = header(OP8, "OP", rows=30, columns=40, bits_allocated=16, bits_stored=16)

    ((entry, _),), _ = plan_series([deep])

    assert entry.facts.warnings == (DEEP_COLOURS,)


def write_photograph(path: Path, pixels: Any = None, **more: Any) -> Path:
    pixels = COLOURS if pixels is None else pixels
    samples = {"SamplesPerPixel": 3} if pixels.shape[-1] == 3 else {}
    return write(path, pixels, **{"SOPClassUID": OP8, "Modality": "OP", **samples, **more})


def test_pixels_name_and_hash_are_those_of_the_file(tmp_path: Path) -> None:
    path = write_photograph(tmp_path / "eye.dcm")

    found = open_picture(path)

    assert (found.pixels == COLOURS).all()
    assert found.name == "eye.dcm"
    assert found.content_hash == hashlib.sha256(path.read_bytes()).hexdigest()
    assert found.laterality is None
    assert found.warnings == ()


def test_it_is_told_how_it_is_stored_and_by_whose_camera(tmp_path: Path) -> None:
    path = write_photograph(tmp_path / "eye.dcm", Manufacturer="Topcon")

    assert stored(path) == Stored("DICOM", grey=False, bits=8, camera="Topcon")


def test_a_jpeg_in_a_file_is_the_same_picture_as_by_itself(tmp_path: Path) -> None:
    content = jpeg(COLOURS)
    (tmp_path / "eye.jpg").write_bytes(content)
    dataset = dataset_of(COLOURS, JPEGBaseline8Bit, SamplesPerPixel=3, Modality="XC")
    dataset.SOPClassUID, dataset.PhotometricInterpretation = VL, "YBR_FULL_422"
    path = wrap(tmp_path / "eye.dcm", dataset, [content])

    assert (open_picture(path).pixels == open_picture(tmp_path / "eye.jpg").pixels).all()


@pytest.mark.parametrize(
    ("keyword", "letter", "expected"),
    [
        ("ImageLaterality", "R", Laterality.RIGHT),
        ("ImageLaterality", "L", Laterality.LEFT),
        ("Laterality", "L", Laterality.LEFT),
        ("ImageLaterality", "B", None),
    ],
)
def test_the_header_says_which_eye_it_is(
    tmp_path: Path, keyword: str, letter: str, expected: Laterality | None
) -> None:
    path = write_photograph(tmp_path / "eye.dcm", **{keyword: letter})

    assert open_picture(path).laterality is expected


def test_the_header_is_believed_before_the_name_and_that_is_said(tmp_path: Path) -> None:
    found = open_picture(write_photograph(tmp_path / "eye OS.dcm", ImageLaterality="R"))

    assert found.laterality is Laterality.RIGHT
    assert found.warnings == ("The file is named OS, but its header says OD, which is used.",)


def test_of_a_header_that_does_not_say_which_eye_it_is_the_name_does(tmp_path: Path) -> None:
    assert open_picture(write_photograph(tmp_path / "eye OS.dcm")).laterality is Laterality.LEFT


def test_of_several_frames_the_first_is_shown_and_that_is_said(tmp_path: Path) -> None:
    frames = np.stack([COLOURS, COLOURS[::-1]])

    found = open_picture(write_photograph(tmp_path / "eye.dcm", frames))

    assert (found.pixels == COLOURS).all()
    assert found.warnings == (SEVERAL,)


def test_a_grey_photograph_has_three_equal_channels_and_says_so(tmp_path: Path) -> None:
    grey = smooth(20, 30, top=255, dtype="uint8")

    found = open_picture(write_photograph(tmp_path / "eye.dcm", grey))

    assert (found.pixels == grey[..., None]).all()
    assert found.warnings == (NOT_IN_COLOUR,)


def test_a_grey_photograph_whose_low_numbers_are_bright_is_turned(tmp_path: Path) -> None:
    grey = smooth(20, 30, top=255, dtype="uint8")
    path = write_photograph(tmp_path / "eye.dcm", grey, PhotometricInterpretation="MONOCHROME1")

    assert (open_picture(path).pixels == 255 - grey[..., None]).all()


@pytest.mark.parametrize("bits", [12, 16])
def test_deep_colours_are_brought_to_8_bits(tmp_path: Path, bits: int) -> None:
    deep = smooth(20, 30, 3, top=2**bits - 1)
    deep[0, 0] = 2**bits - 1

    found = open_picture(write_photograph(tmp_path / "eye.dcm", deep, BitsStored=bits))

    assert np.abs(found.pixels.astype(int) - deep / (2**bits - 1) * 255).max() <= 1


def test_the_colour_profile_of_the_header_is_looked_at(tmp_path: Path) -> None:
    path = write_photograph(tmp_path / "eye.dcm", ICCProfile=b"no profile at all.")

    assert open_picture(path).warnings == (PROFILE_UNUSABLE,)


def test_a_palette_photograph_is_shown_in_its_colours(tmp_path: Path) -> None:
    colours = smooth(4, 3, top=255, dtype="uint8")
    indices = smooth(6, 7, top=3, dtype="uint8")
    path = write_photograph(
        tmp_path / "eye.dcm", indices, PhotometricInterpretation="PALETTE COLOR"
    )
    dataset = dcmread(path)
    for name, channel in zip(("Red", "Green", "Blue"), colours.T, strict=True):
        keyword = f"{name}PaletteColorLookupTable"
        dataset.add_new(f"{keyword}Descriptor", "US", [4, 0, 8])
        dataset.add_new(f"{keyword}Data", "OW", channel.tobytes())
    dataset.save_as(path)

    assert (open_picture(path).pixels == colours[indices]).all()


def test_a_scan_is_refused_by_its_modality(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"not a photograph.*\(CT\)"):
        open_picture(write(tmp_path / "a.dcm", smooth(20, 30)))


def test_too_many_pixels_are_refused_before_they_are_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.images.dicom.photograph.MOST_PIXELS", 1000)

    with pytest.raises(Refusal, match="too large"):
        open_picture(write_photograph(tmp_path / "eye.dcm"))


def test_a_cut_photograph_is_refused(tmp_path: Path) -> None:
    path = write_photograph(tmp_path / "eye.dcm")
    path.write_bytes(path.read_bytes()[:-100])

    with pytest.raises(Refusal, match="ends early"):
        open_picture(path)


def test_signed_brightness_is_refused(tmp_path: Path) -> None:
    path = write_photograph(tmp_path / "eye.dcm", smooth(20, 30).astype("int16"))

    with pytest.raises(Refusal, match="signed"):
        open_picture(path)


def test_a_file_without_a_preamble_is_told_by_its_first_element(tmp_path: Path) -> None:
    path = write_photograph(tmp_path / "eye.dcm")
    dataset = dcmread(path)
    del dataset.file_meta
    dataset.save_as(path, implicit_vr=False, little_endian=True)

    assert (open_picture(path).pixels == COLOURS).all()


def test_memory_that_does_not_suffice_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path) -> None:
        raise MemoryError

    monkeypatch.setattr("engine.images.dicom.photograph.open_pixels", fail)

    with pytest.raises(Refusal, match="memory that is free"):
        open_picture(write_photograph(tmp_path / "eye.dcm"))


def test_the_right_eye_of_the_reference_data_is_read(shared: Callable[[str], Path]) -> None:
    folder = shared("data/radiology/dicom_odd/op")

    found = open_picture(folder / "OP_8bit_right_eye_jpeg.dcm")
    small = open_picture(folder / "OP_8bit_right_eye_rgb_353.dcm")

    assert found.pixels.shape == (1411, 1411, 3)
    assert small.pixels.shape == (353, 353, 3)
    assert found.laterality is small.laterality is Laterality.RIGHT
