"""Pictures of DICOM files in every way in which they may be packed."""

import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from pydicom.uid import (
    JPEGLSLossless,
    RLELossless,
)
from written import (
    DEFLATED_FRAMES,
    LOSSLESS,
    SYNTAXES,
    UNCOMPRESSED,
    WRAPPED,
    dataset_of,
    packed,
    read,
    renamed,
    smooth,
    wrap,
    write,
    write_jpeg_lossless,
)

from engine.images.dicom import pixel_file, pixels
from engine.images.dicom.pixels import forget

NUMBERS = {
    "8 bits": smooth(33, 35, top=255, dtype="uint8"),
    "12 bits": smooth(36, 34),
    "16 bits": smooth(36, 34, top=65535),
    "signed": smooth(36, 34).astype("int16") - 2000,
}


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("numbers", NUMBERS)
def test_numbers_come_back_as_they_were_written(tmp_path: Path, syntax: str, numbers: str) -> None:
    written = NUMBERS[numbers]
    path = write(tmp_path / "a.dcm", written, SYNTAXES[syntax])

    assert (read(path) == written).all()


def test_a_jpeg_lossless_picture_is_read_exactly(tmp_path: Path) -> None:
    path = write_jpeg_lossless(tmp_path / "a.dcm", smooth(40, 50))

    assert (read(path) == smooth(40, 50)).all()


def test_uncompressed_numbers_in_fragments_are_read(tmp_path: Path) -> None:
    written = smooth(2, 5, 7)
    frames = [frame.tobytes() for frame in written]
    path = wrap(tmp_path / "a.dcm", dataset_of(written, WRAPPED), frames)

    assert (read(path, 1) == written[1]).all()


def test_deflated_fragments_are_read(tmp_path: Path) -> None:
    written = smooth(2, 5, 7)
    frames = []
    for frame in written:
        packer = zlib.compressobj(wbits=-15)
        frames.append(packer.compress(frame.tobytes()) + packer.flush())
    path = renamed(tmp_path / "a.dcm", written, frames, DEFLATED_FRAMES)

    assert (read(path, 1) == written[1]).all()


@pytest.mark.parametrize("syntax", UNCOMPRESSED)
@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_any_frame_of_an_uncompressed_file_is_read(tmp_path: Path, syntax: str, dtype: str) -> None:
    written = smooth(3, 5, 7, top=255, dtype=dtype)
    path = write(tmp_path / "a.dcm", written, UNCOMPRESSED[syntax])

    for frame in (2, 0, 1):
        assert (read(path, frame) == written[frame]).all()


@pytest.mark.parametrize("table", ["basic", "extended", "none"])
@pytest.mark.parametrize("syntax", LOSSLESS)
def test_any_frame_of_a_compressed_file_is_read(tmp_path: Path, syntax: str, table: str) -> None:
    written = smooth(3, 32, 32)
    frames = packed(written, LOSSLESS[syntax])
    path = wrap(tmp_path / "a.dcm", dataset_of(written, LOSSLESS[syntax]), frames, table=table)

    for frame in (2, 0, 1):
        assert (read(path, frame) == written[frame]).all()


@pytest.mark.parametrize("table", ["basic", "none"])
@pytest.mark.parametrize("syntax", ["JPEG-LS", "JPEG 2000"])
def test_frames_in_several_pieces_are_put_together(tmp_path: Path, syntax: str, table: str) -> None:
    written = smooth(3, 32, 32)
    frames = packed(written, LOSSLESS[syntax])
    dataset = dataset_of(written, LOSSLESS[syntax])
    path = wrap(tmp_path / "a.dcm", dataset, frames, table=table, pieces=2)

    for frame in (2, 0, 1):
        assert (read(path, frame) == written[frame]).all()


def test_a_table_that_does_not_fit_the_pieces_is_not_used(tmp_path: Path) -> None:
    written = smooth(3, 32, 32)
    dataset = dataset_of(written, JPEGLSLossless)
    path = wrap(tmp_path / "a.dcm", dataset, packed(written, JPEGLSLossless))
    content = path.read_bytes()
    table = content.rindex(b"\xfe\xff\x00\xe0\x0c\0\0\0") + 8  # three offsets of four bytes
    path.write_bytes(content[: table + 4] + b"\x07\0\0\0" + content[table + 8 :])

    assert (read(path, 1) == written[1]).all()


def test_a_file_is_parsed_once_for_all_its_frames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.dcm", smooth(3, 5, 7))
    asked: list[Path] = []

    def count(path: Path) -> pixel_file.PixelFile:
        asked.append(path)
        return pixel_file.open_pixels(path)

    monkeypatch.setattr(pixels, "open_pixels", count)
    for frame in range(3):
        read(path, frame)
    assert len(asked) == 1

    forget()
    read(path)
    assert len(asked) == 2


def test_a_file_that_was_written_anew_is_read_anew(tmp_path: Path) -> None:
    path = write(tmp_path / "a.dcm", smooth(5, 7))
    read(path)
    write(path, smooth(6, 8))

    assert read(path).shape == (6, 8)


def test_a_tile_of_a_mosaic_is_cut_out(tmp_path: Path) -> None:
    tiles = smooth(9, 4, 6)
    mosaic = tiles.reshape(3, 3, 4, 6).transpose(0, 2, 1, 3).reshape(12, 18)
    path = write(tmp_path / "a.dcm", mosaic)

    for number in range(7):
        assert (read(path, tile=number, tiles=7) == tiles[number]).all()


@pytest.mark.parametrize("syntax", LOSSLESS)
def test_a_second_reader_finds_the_same_numbers(tmp_path: Path, syntax: str) -> None:
    path = write(tmp_path / "a.dcm", smooth(35, 40), LOSSLESS[syntax], BitsStored=12)

    assert (read(path) == sitk.GetArrayFromImage(sitk.ReadImage(str(path)))[0]).all()


def test_a_run_length_segment_that_holds_too_much_is_read_all_the_same(tmp_path: Path) -> None:
    """As some archives write it: a run that goes on beyond the picture's last row."""
    written = np.full((8, 8), 7, "uint8")
    segment = bytes([257 - 64, 7]) + bytes([257 - 4, 9])  # 64 sevens and four nines
    content = np.array([1, 64, *[0] * 14], "<u4").tobytes() + segment
    path = wrap(tmp_path / "a.dcm", dataset_of(written, RLELossless), [content])

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (read(path) == written).all()
