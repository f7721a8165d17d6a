"""A file that cannot become a photograph is refused in a sentence."""

import gzip
import os
import struct
from pathlib import Path

import numpy as np
import picture_files as files
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from engine.errors import Refusal
from engine.images.photograph import open_picture
from engine.images.recognise import describe
from engine.pictures import Photograph

WHOLE = {
    "jpeg": files.encoded(Image.fromarray(files.patchwork()), "JPEG", quality=95),
    "progressive": files.encoded(Image.fromarray(files.patchwork()), "JPEG", progressive=True),
    "png": files.encoded(Image.fromarray(files.patchwork()), "PNG"),
    "tiff": files.encoded(Image.fromarray(files.patchwork()), "TIFF", compression="tiff_lzw"),
    "bmp": files.encoded(Image.fromarray(files.patchwork()), "BMP"),
    "webp": files.encoded(Image.fromarray(files.patchwork()), "WEBP", lossless=True),
    "png 16": files.png(files.patchwork().astype(np.uint16) * 257, colour_type=2),
    "tiff 16": files.tiff(files.patchwork().astype(np.uint16) * 257),
    "tiff planes": files.tiff(files.patchwork().astype(np.uint16) * 257, planar=True),
    "cmyk": files.encoded(Image.fromarray(files.patchwork()).convert("CMYK"), "JPEG"),
}

JARGON = ("error", "exception", "errno", "traceback", "pillow", "opencv", "decode", "none", "b'")


def refused(path: Path) -> Refusal:
    with pytest.raises(Refusal) as caught:
        open_picture(path)
    refusal = caught.value
    for sentence in (refusal.what, refusal.why, refusal.advice):
        assert sentence.endswith(".")
        assert sentence[0].isupper() or sentence[0] == "“"
        assert not any(word in sentence.lower() for word in JARGON), sentence
        assert str(path.parent) not in sentence
    return refusal


def refused_content(folder: Path, content: bytes, name: str = "eye.jpg") -> Refusal:
    path = folder / name
    path.write_bytes(content)
    return refused(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "gone.jpg").why == "There is no such file."


def test_a_link_that_leads_nowhere_or_in_a_circle_is_one(tmp_path: Path) -> None:
    (tmp_path / "eye.jpg").symlink_to(tmp_path / "gone.jpg")
    (tmp_path / "circle.jpg").symlink_to(tmp_path / "circle.jpg")
    for name in ("eye.jpg", "circle.jpg"):
        assert refused(tmp_path / name).why == "It is a link to nowhere."


def test_a_name_of_three_hundred_letters_is_not_blamed_on_the_drive(tmp_path: Path) -> None:
    assert "so long a name" in refused(tmp_path / ("x" * 300 + ".jpg")).why


def test_a_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "visit.jpg"
    folder.mkdir()
    assert "folder" in refused(folder).why


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no named pipes.")
def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert "plain file" in refused(tmp_path / "pipe.jpg").why


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert "0 bytes" in refused_content(tmp_path, b"").why


def test_a_file_that_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    # By patch, since nothing is forbidden to root, who runs tests in many containers.
    monkeypatch.setattr(Path, "read_bytes", forbidden)
    assert "not allowed" in refused_content(tmp_path, WHOLE["png"]).why


def test_a_drive_that_fails_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Path) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "read_bytes", broken)
    assert "drive" in refused_content(tmp_path, WHOLE["png"]).why


def test_want_of_memory_is_said_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(ImageFile.ImageFile, "load", full)
    assert "memory" in refused_content(tmp_path, WHOLE["png"]).what


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Dear colleague,\nplease find the picture attached.\n", "a text file"),
        ("Liebe Kollegin, schöne Grüße, 眼".encode() * 200, "a text file"),
        (b"BMI and blood pressure of the patient, by year.\n", "a text file"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF document"),
        (struct.pack("<I", 348) + b"\0" * 340 + b"n+1\0" + b"\0" * 32, "a NIfTI image"),
        (gzip.compress(struct.pack("<I", 348) + b"\0" * 340 + b"n+1\0", mtime=0), "a NIfTI image"),
        (b"NRRD0005\ntype: short\n", "an NRRD image"),
        (b"ObjectType = Image\nNDims = 3\n", "a MetaImage image"),
        (gzip.compress(b"anything at all", mtime=0), "a gzip archive"),
        (b"PK\x03\x04" + b"\0" * 40, "a zip archive or an office document"),
        (b"GIF89a" + b"\0" * 40, "a GIF picture"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "a HEIC picture"),
        (bytes(range(256)), "a kind of file that is not known here"),
    ],
)
def test_another_kind_of_file_is_named(content: bytes, words: str, tmp_path: Path) -> None:
    refusal = refused_content(tmp_path, content)
    assert describe(content) == words
    assert words in refusal.why
    assert "JPEG, PNG, TIFF, BMP, WebP and DICOM" in refusal.why


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("kind", WHOLE)
def test_a_file_that_ends_early_is_refused(kind: str, share: float, tmp_path: Path) -> None:
    content = WHOLE[kind]
    open_whole = tmp_path / "whole"
    open_whole.write_bytes(content)
    assert open_picture(open_whole).pixels.shape == (40, 60, 3)
    refusal = refused_content(tmp_path, content[: int(share * len(content))])
    assert "damaged" in refusal.what


@pytest.mark.parametrize("size", [(15_000, 12_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_decompression_bomb_is_refused_by_its_header(
    size: tuple[int, int], tmp_path: Path
) -> None:
    content = files.png(np.zeros((4, 4, 3), np.uint16), colour_type=2, claim=size)
    assert "150 million pixels" in refused_content(tmp_path, content).why


def test_a_header_that_promises_more_than_follows_is_refused(tmp_path: Path) -> None:
    content = files.png(np.zeros((4, 4, 3), np.uint16), colour_type=2, claim=(400, 400))
    assert "damaged" in refused_content(tmp_path, content).what
    jpeg = bytearray(WHOLE["jpeg"])
    frame = jpeg.index(b"\xff\xc0")
    jpeg[frame + 5 : frame + 9] = struct.pack(">HH", 4000, 6000)
    assert "damaged" in refused_content(tmp_path, bytes(jpeg)).what


def test_a_huge_file_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "huge.tif"
    with path.open("wb") as file:
        file.truncate(3_000_000_000)
    monkeypatch.delattr(Path, "read_bytes")
    assert "3.0 GB" in refused(path).why


@pytest.mark.parametrize("form", [np.float32, np.uint32, np.int32, np.int16])
def test_a_tiff_with_decimal_long_or_signed_numbers_is_refused(form: type, tmp_path: Path) -> None:
    kinds = {np.float32: 3, np.uint32: 1, np.int32: 2, np.int16: 2}
    content = files.tiff(np.ones((8, 8), form), sample_format=kinds[form])
    assert "8 or 16 bits" in refused_content(tmp_path, content).why


@pytest.mark.parametrize(
    "content",
    [
        files.tiff(np.ones((8, 8, 2), np.uint16), photometric=1, alpha=2),
        files.tiff(np.ones((8, 8, 3), np.float32), sample_format=3),
    ],
)
def test_a_whole_tiff_of_a_layout_that_is_not_read_is_not_called_damaged(
    content: bytes, tmp_path: Path
) -> None:
    refusal = refused_content(tmp_path, content)
    assert "damaged" not in refusal.what
    assert "layout" in refusal.why
    assert "Save it again" in refusal.advice
    assert "damaged" in refused_content(tmp_path, content[: len(content) // 2]).what


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    kind=st.sampled_from(sorted(WHOLE)),
    flips=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=6),
    cut=st.floats(0.5, 1),
)
@example(kind="png", flips=[(0.0, 0)], cut=1.0)
def test_any_damaged_file_opens_or_is_refused_and_nothing_else(
    kind: str, flips: list[tuple[float, int]], cut: float, tmp_path: Path
) -> None:
    content = bytearray(WHOLE[kind])
    for at, value in flips:
        content[int(at * (len(content) - 1))] = value
    path = tmp_path / "damaged"
    path.write_bytes(bytes(content[: int(cut * len(content))]))
    try:
        picture = open_picture(path)
    except Refusal:
        return
    assert isinstance(picture, Photograph)
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.ndim == 3
    assert picture.pixels.shape[2] == 3
