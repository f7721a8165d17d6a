"""The ways in which DICOM writes colours."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import openjpeg
import pytest
from numpy.typing import NDArray
from PIL import Image
from pydicom import dcmread
from pydicom.uid import (
    JPEG2000Lossless,
)
from written import (
    SYNTAXES,
    UNCOMPRESSED,
    blocks,
    dataset_of,
    jpeg,
    jpeg_file,
    read,
    save,
    smooth,
    wrap,
    write,
)

from engine.errors import Refusal
from engine.images.dicom.pixels import read_stored
from engine.images.plan import Source


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_colours_come_back_as_they_were_written(tmp_path: Path, syntax: str) -> None:
    written = smooth(33, 35, 3, top=255, dtype="uint8")
    path = write(tmp_path / "a.dcm", written, SYNTAXES[syntax], SamplesPerPixel=3)

    assert (read(path, dtype="uint8") == written).all()


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("first", [0, 10])
def test_a_palette_gives_colours(tmp_path: Path, bits: int, first: int) -> None:
    written = smooth(6, 7, top=19, dtype="uint8")
    colours = smooth(4, 3, top=255, dtype="uint8")
    path = write(tmp_path / "a.dcm", written, PhotometricInterpretation="PALETTE COLOR")
    dataset = dcmread(path)
    for name, channel in zip(("Red", "Green", "Blue"), colours.T, strict=True):
        words = channel if bits == 8 else channel.astype("uint16") << 8 | 77
        keyword = f"{name}PaletteColorLookupTable"
        dataset.add_new(f"{keyword}Descriptor", "US", [4, first, bits])
        dataset.add_new(f"{keyword}Data", "OW", words.tobytes())
    dataset.save_as(path)

    expected = colours[np.clip(written.astype(int) - first, 0, 3)]
    assert (read(path, dtype="uint8") == expected).all()
    assert (read_stored(Source(str(path))) == written).all()


def test_a_segmented_palette_is_written_out(tmp_path: Path) -> None:
    """As in PS3.3, C.7.9.2: discrete, linear, and one that repeats the linear one."""
    segments = [0, 2, 0, 10, 1, 4, 50, 2, 1, 8, 0]
    path = write(
        tmp_path / "a.dcm",
        np.arange(10, dtype="uint8").reshape(2, 5),
        PhotometricInterpretation="PALETTE COLOR",
    )
    dataset = dcmread(path)
    for name in ("Red", "Green", "Blue"):
        dataset.add_new(f"{name}PaletteColorLookupTableDescriptor", "US", [10, 0, 16])
        dataset.add_new(
            f"Segmented{name}PaletteColorLookupTableData",
            "OW",
            np.array(segments, "<u2").tobytes(),
        )
    dataset.save_as(path)

    # The repeated line runs from the 50 that stands before it to 50 again.
    expected = [0, 10, 20, 30, 40, 50, 50, 50, 50, 50]
    assert read(path, dtype="uint8")[..., 1].reshape(-1).tolist() == expected


def test_a_palette_picture_without_its_palette_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.dcm", smooth(4, 4), PhotometricInterpretation="PALETTE COLOR")

    with pytest.raises(Refusal, match="table"):
        read(path)


def to_ybr(colours: NDArray[Any]) -> NDArray[np.uint8]:
    """PS3.3, C.7.6.3.1.2."""
    matrix = np.array([[0.299, 0.587, 0.114], [-0.1687, -0.3313, 0.5], [0.5, -0.4187, -0.0813]])
    return np.clip(np.rint(colours @ matrix.T + [0, 128, 128]), 0, 255).astype("uint8")


@pytest.mark.parametrize("syntax", ["explicit", "RLE", "JPEG-LS"])
def test_luma_and_chroma_become_colours(tmp_path: Path, syntax: str) -> None:
    colours = smooth(8, 10, 3, top=255, dtype="uint8")
    path = write(tmp_path / "a.dcm", to_ybr(colours), SYNTAXES[syntax], SamplesPerPixel=3)
    dataset = dcmread(path)
    dataset.PhotometricInterpretation = "YBR_FULL"
    dataset.save_as(path)

    assert np.abs(read(path, dtype="uint8").astype(int) - colours).max() <= 2


def test_uncompressed_pixels_that_share_their_chroma_become_colours(tmp_path: Path) -> None:
    colours = np.repeat(smooth(8, 5, 3, top=255, dtype="uint8"), 2, axis=1)
    ybr = to_ybr(colours)
    pairs = np.concatenate([ybr[:, ::2, :1], ybr[:, 1::2, :1], ybr[:, ::2, 1:]], axis=-1)
    dataset = dataset_of(colours, SamplesPerPixel=3, PhotometricInterpretation="YBR_FULL_422")
    path = save(tmp_path / "a.dcm", dataset, pairs.tobytes(), "OB")

    assert np.abs(read(path, dtype="uint8").astype(int) - colours).max() <= 2


def test_chroma_that_is_said_to_be_shared_and_is_not_is_taken_as_it_is(tmp_path: Path) -> None:
    colours = smooth(8, 10, 3, top=255, dtype="uint8")
    path = write(
        tmp_path / "a.dcm",
        to_ybr(colours),
        SamplesPerPixel=3,
        PhotometricInterpretation="YBR_FULL_422",
    )

    assert np.abs(read(path, dtype="uint8").astype(int) - colours).max() <= 2


@pytest.mark.parametrize("syntax", UNCOMPRESSED)
def test_colours_stored_plane_by_plane_are_put_together(tmp_path: Path, syntax: str) -> None:
    colours = smooth(2, 8, 10, 3, top=255, dtype="uint8")
    dataset = dataset_of(colours, UNCOMPRESSED[syntax], SamplesPerPixel=3, PlanarConfiguration=1)
    path = save(tmp_path / "a.dcm", dataset, np.moveaxis(colours, -1, 1).tobytes(), "OB")

    assert (read(path, 1, dtype="uint8") == colours[1]).all()


def test_colours_of_16_bits_are_shown_by_their_upper_ones(tmp_path: Path) -> None:
    colours = smooth(8, 10, 3, top=65535)
    path = write(tmp_path / "a.dcm", colours, SamplesPerPixel=3)

    assert (read(path, dtype="uint8") == colours >> 8).all()


def test_colours_that_jpeg_2000_turned_are_turned_back(tmp_path: Path) -> None:
    colours = smooth(32, 32, 3, top=255, dtype="uint8")
    content = openjpeg.encode(colours, photometric_interpretation=1, use_mct=True)
    dataset = dataset_of(
        colours, JPEG2000Lossless, SamplesPerPixel=3, PhotometricInterpretation="YBR_RCT"
    )
    path = wrap(tmp_path / "a.dcm", dataset, [content])

    assert (read(path, dtype="uint8") == colours).all()


def without_marker(content: bytes) -> bytes:
    """A JPEG without its JFIF or Adobe marker, which stands first."""
    assert content[2:4] in (b"\xff\xe0", b"\xff\xee")
    return content[:2] + content[4 + int.from_bytes(content[4:6], "big") :]


@pytest.mark.parametrize("photometric", ["YBR_FULL_422", "RGB"])
def test_a_jpeg_that_says_its_colours_is_believed(tmp_path: Path, photometric: str) -> None:
    path = jpeg_file(tmp_path / "a.dcm", jpeg(blocks()), photometric)

    assert np.abs(read(path, dtype="uint8").astype(int) - blocks()).max() <= 3


@pytest.mark.parametrize("photometric", ["YBR_FULL_422", "RGB"])
def test_of_a_jpeg_that_does_not_say_its_colours_the_header_does(
    tmp_path: Path, photometric: str
) -> None:
    ybr = photometric != "RGB"
    stream = jpeg(blocks()) if ybr else rgb_jpeg()
    path = jpeg_file(tmp_path / "a.dcm", without_marker(stream), photometric)

    assert np.abs(read(path, dtype="uint8").astype(int) - blocks()).max() <= 3


def rgb_jpeg() -> bytes:
    """A JPEG whose components are red, green and blue, and are named 1, 2 and 3."""
    file = io.BytesIO()
    Image.fromarray(blocks()).save(file, "JPEG", quality=100, subsampling=0, keep_rgb=True)
    content = file.getvalue()
    for letter, number in zip(b"RGB", (1, 2, 3), strict=True):
        for behind in (b"\x11\x00", b"\x00"):
            content = content.replace(bytes([letter]) + behind, bytes([number]) + behind, 1)
    return content


def test_a_jpeg_with_rgb_said_in_its_marker_is_not_turned(tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.fromarray(blocks()).save(file, "JPEG", quality=100, subsampling=0, keep_rgb=True)
    path = jpeg_file(tmp_path / "a.dcm", file.getvalue(), "YBR_FULL_422")

    assert np.abs(read(path, dtype="uint8").astype(int) - blocks()).max() <= 3


def test_colours_of_a_kind_that_is_not_read_are_refused_by_name(tmp_path: Path) -> None:
    dataset = dataset_of(smooth(4, 4, 3, top=255, dtype="uint8"), SamplesPerPixel=3)
    dataset.PhotometricInterpretation = "CMYK"
    path = save(tmp_path / "a.dcm", dataset, b"\0" * 48, "OB")

    with pytest.raises(Refusal, match="CMYK"):
        read(path)


def test_colours_of_fewer_bits_than_the_header_says_are_as_bright(tmp_path: Path) -> None:
    """The codestream knows best how many bits it holds."""
    colours = smooth(32, 32, 3)
    content = openjpeg.encode(colours, bits_stored=12, photometric_interpretation=1)
    dataset = dataset_of(colours, JPEG2000Lossless, SamplesPerPixel=3)
    path = wrap(tmp_path / "a.dcm", dataset, [content])

    assert (read(path, dtype="uint8") == colours >> 4).all()
