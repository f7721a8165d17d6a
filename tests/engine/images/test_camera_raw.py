"""Camera raw files are TIFFs inside; shown as such they would be their preview."""

import struct
import time
from pathlib import Path

import numpy as np
import picture_files as files
import pytest
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from engine.errors import Refusal
from engine.images.catalogue import list_pictures
from engine.images.photograph import identify, open_picture, open_small
from engine.task import Task

PREVIEW = Image.fromarray(files.patchwork())
PLACE = 0xABCDEF01
"""Stands for the offset of a directory until it is known."""


def tiff(tags: dict[int, object]) -> bytes:
    """A preview as cameras write it, with these tags; where one is ``PLACE``, the sensor's picture
    follows behind it.
    """
    info = ImageFileDirectory_v2()
    info.update({271: "NIKON CORPORATION", 272: "NIKON D90", **tags})
    content = files.encoded(PREVIEW, "TIFF", tiffinfo=info)
    return content.replace(struct.pack("<I", PLACE), struct.pack("<I", len(content)))


def directory(photometric: int) -> bytes:
    return struct.pack("<HHHIHHI", 1, 262, 3, 1, photometric, 0, 0)


def canon() -> bytes:
    plain = files.encoded(PREVIEW, "JPEG")
    entries = [(256, 4, 60), (257, 4, 40), (259, 3, 6), (273, 4, 0), (279, 4, len(plain))]
    at = 16 + 2 + 12 * len(entries) + 4
    table = b"".join(
        struct.pack("<HHII", tag, kind, 1, at if tag == 273 else value)
        for tag, kind, value in entries
    )
    head = b"II*\0\x10\0\0\0CR\x02\0\0\0\0\0"
    return head + struct.pack("<H", len(entries)) + table + bytes(4) + plain


def with_tags(content: bytes, tags: dict[int, tuple[int, int, bytes]]) -> bytes:
    """A TIFF that ``files`` wrote, its directory with these short entries, too."""
    at = int.from_bytes(content[4:8], "little")
    count = int.from_bytes(content[at : at + 2], "little")
    table = [content[at + 2 + 12 * n : at + 14 + 12 * n] for n in range(count)]
    table += [
        struct.pack("<HHI", tag, kind, number) + value.ljust(4, b"\0")
        for tag, (kind, number, value) in tags.items()
    ]
    table.sort(key=lambda entry: int.from_bytes(entry[:2], "little"))
    moved = struct.pack("<H", len(table)) + b"".join(table) + bytes(4)
    return content[:4] + struct.pack("<I", len(content)) + content[8:] + moved


FILTERS = {33421: (3, 2, struct.pack("<HH", 2, 2)), 33422: (1, 4, b"\0\1\1\2")}
"""As TIFF/EP has them: two by two pixels of red, green, green and blue."""

MOSAIC = np.arange(2400, dtype=np.uint16).reshape(40, 60)

RAW = {
    "DNG": tiff({50706: b"\1\4\0\0"}),
    "NEF, ARW": tiff({330: PLACE}) + directory(32803),
    "DNG's linear colours": tiff({330: PLACE}) + directory(34892),
    "PEF": files.tiff(np.zeros((8, 8), np.uint16), photometric=32803),
    "CR2": canon(),
    "a mosaic that says that it is grey": with_tags(files.tiff(MOSAIC), FILTERS),
}


@pytest.mark.parametrize("content", RAW.values(), ids=RAW)
@pytest.mark.parametrize("name", ["eye.nef", "eye.tif"])
def test_a_raw_file_is_refused_wherever_it_is_opened_and_whatever_its_name(
    tmp_path: Path, content: bytes, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    for opened in (open_picture, identify, open_small):
        with pytest.raises(Refusal, match="a camera's raw file, to be exported as a JPEG or TIFF"):
            opened(path)

    scratch = tmp_path / "scratch"
    scratch.mkdir()
    listing = list_pictures([path], scratch, Task()).listing
    assert listing.entries == ()
    (refused,) = listing.refused
    assert "a camera's raw file" in refused.reason and not refused.quiet


@pytest.mark.parametrize("kind", RAW)
def test_a_preview_is_spoken_of_where_there_is_one(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "eye.tif"
    path.write_bytes(RAW[kind])
    bare = kind in ("PEF", "a mosaic that says that it is grey")
    with pytest.raises(Refusal, match="the sensor's bare numbers" if bare else "is a preview"):
        open_picture(path)


def test_a_developed_photograph_that_kept_the_words_on_filters_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "eye.tif"
    path.write_bytes(with_tags(files.tiff(files.patchwork()), FILTERS))
    assert (open_picture(path).pixels == files.patchwork()).all()


def test_a_tiff_with_its_scanners_name_and_a_smaller_copy_of_itself_is_opened(
    tmp_path: Path,
) -> None:
    path = tmp_path / "scan.tif"
    path.write_bytes(tiff({330: PLACE}) + directory(2))
    assert (open_picture(path).pixels == files.patchwork()).all()


def test_a_directory_that_leads_in_a_circle_or_nowhere_is_no_raw_file(tmp_path: Path) -> None:
    for at in (8, 2**31):
        path = tmp_path / f"{at}.tif"
        path.write_bytes(tiff({330: at}))
        assert (open_picture(path).pixels == files.patchwork()).all()


def test_a_directory_of_a_million_others_is_not_gone_through(tmp_path: Path) -> None:
    path = tmp_path / "eye.tif"
    path.write_bytes(tiff({330: (0,) * 1_000_000}))
    begun = time.process_time()
    assert (open_picture(path).pixels == files.patchwork()).all()
    assert time.process_time() - begun < 10  # 45 seconds by one after the other


def test_a_tiff_that_is_cut_short_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "eye.tif"
    for length in range(4, 40):
        path.write_bytes(RAW["DNG"][:length])
        with pytest.raises(Refusal, match="damaged"):
            open_picture(path)


@pytest.mark.parametrize(
    "start",
    [b"\0\0\0\x18ftypcrx \0\0\0\1", b"FUJIFILMCCD-RAW 0201", b"IIU\0\x18", b"IIRO\x08", b"MMOR\0"],
    ids=["CR3", "RAF", "RW2", "ORF", "ORF of MM"],
)
def test_raw_files_that_are_no_tiff_are_called_what_they_are(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "eye.raw"
    path.write_bytes(start + bytes(range(256)) * 4)
    with pytest.raises(Refusal, match="this is a camera's raw file, to be exported as a JPEG"):
        open_picture(path)
