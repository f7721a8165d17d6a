"""A photograph's file becomes the pixels that were written, upright and known by its content."""

import hashlib
import io
import warnings
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import picture_files as files
import pytest
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from engine.images.photograph import laterality_of, open_picture
from engine.pictures import Laterality, Photograph

UPRIGHT = files.patchwork()

# How a camera stores an upright picture, from the EXIF standard's words on row 0 and column 0.
STORED = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: np.rot90(a, 1),
    7: lambda a: a.transpose(1, 0, 2)[::-1, ::-1],
    8: lambda a: np.rot90(a, -1),
}


def opened(folder: Path, content: bytes, name: str = "eye.bin") -> Photograph:
    path = folder / name
    path.write_bytes(content)
    return open_picture(path)


def image(pixels: NDArray[np.uint8] = UPRIGHT) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(pixels))


def apng() -> bytes:
    later = Image.new("RGB", (60, 40), "red")
    return files.encoded(image(), "PNG", save_all=True, append_images=[later])


LOSSLESS = {
    "png": files.encoded(image(), "PNG"),
    "bmp": files.encoded(image(), "BMP"),
    "webp": files.encoded(image(), "WEBP", lossless=True),
    "tiff plain": files.encoded(image(), "TIFF"),
    "tiff lzw": files.encoded(image(), "TIFF", compression="tiff_lzw"),
    "tiff deflate": files.encoded(image(), "TIFF", compression="tiff_adobe_deflate"),
    "tiff packbits": files.encoded(image(), "TIFF", compression="packbits"),
    "tiff tiled": files.tiff(UPRIGHT, tile=16),
    "tiff tiled deflate": files.tiff(UPRIGHT, tile=16, deflate=True),
    "tiff planar": files.tiff(UPRIGHT, planar=True),
}


@pytest.mark.parametrize("kind", LOSSLESS)
def test_a_lossless_file_gives_the_pixels_that_were_written(kind: str, tmp_path: Path) -> None:
    picture = opened(tmp_path, LOSSLESS[kind])
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.flags.c_contiguous
    assert np.array_equal(picture.pixels, UPRIGHT)
    assert picture.warnings == ()


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("deflate", [False, True])
@pytest.mark.parametrize("tile", [None, 16])
@pytest.mark.parametrize("form", [np.uint8, np.uint16])
@pytest.mark.parametrize("alpha", [None, 1, 2])
def test_a_tiff_with_its_colours_in_planes_gives_the_pixels_that_were_written(
    alpha: int | None, form: type, tile: int | None, deflate: bool, order: str, tmp_path: Path
) -> None:
    stored = UPRIGHT if alpha is None else np.dstack([UPRIGHT, np.full(UPRIGHT.shape[:2], 255)])
    stored = stored.astype(form) * (257 if form is np.uint16 else 1)
    content = files.tiff(
        stored.astype(form), tile=tile, deflate=deflate, planar=True, alpha=alpha, order=order
    )
    assert np.array_equal(opened(tmp_path, content).pixels, UPRIGHT)


@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize(("alpha", "expected"), [(1, 100), (2, 50)])
def test_grey_with_alpha_in_a_tiff_is_laid_over_black(
    planar: bool, alpha: int, expected: int, tmp_path: Path
) -> None:
    stored = np.full((8, 8, 2), (100, 128), np.uint8)
    content = files.tiff(stored, photometric=1, planar=planar, alpha=alpha)
    assert np.abs(opened(tmp_path, content).pixels.astype(int) - expected).max() <= 1


@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize("form", [np.uint8, np.uint16])
def test_inks_in_a_tiff_are_read_at_either_depth(form: type, planar: bool, tmp_path: Path) -> None:
    stored = 255 - np.dstack([UPRIGHT, np.full(UPRIGHT.shape[:2], 255, np.uint8)])
    stored = stored.astype(form) * (257 if form is np.uint16 else 1)
    content = files.tiff(stored.astype(form), photometric=5, planar=planar)
    assert np.array_equal(opened(tmp_path, content).pixels, UPRIGHT)


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_gives_the_pixels_that_another_reader_gives(
    progressive: bool, tmp_path: Path
) -> None:
    content = files.encoded(image(), "JPEG", quality=90, progressive=progressive)
    picture = opened(tmp_path, content)
    other = np.asarray(Image.open(io.BytesIO(content)))
    assert np.abs(picture.pixels.astype(int) - other).max() <= 1
    assert np.abs(picture.pixels.astype(int) - UPRIGHT).mean() < 6


def test_a_file_is_known_by_its_content_and_not_by_its_name(tmp_path: Path) -> None:
    assert np.array_equal(opened(tmp_path, LOSSLESS["png"], "eye.jpg").pixels, UPRIGHT)


def test_spaces_and_letters_of_any_script_in_a_path_are_no_hindrance(tmp_path: Path) -> None:
    folder = tmp_path / "Zürich – 眼底 ن"
    folder.mkdir()
    picture = opened(folder, LOSSLESS["png"], "œil de José.png")
    assert picture.name == "œil de José.png"


def test_the_hash_is_of_the_files_bytes(tmp_path: Path) -> None:
    content = LOSSLESS["tiff lzw"]
    assert opened(tmp_path, content).content_hash == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "TIFF lzw", "PNG 16", "TIFF 16"])
def test_the_cameras_orientation_is_applied_once(
    kind: str, orientation: int, tmp_path: Path
) -> None:
    stored = np.ascontiguousarray(STORED[orientation](UPRIGHT))
    if kind == "TIFF 16":
        content = files.tiff(stored.astype(np.uint16) * 257, orientation=orientation)
    elif kind == "PNG 16":
        block = files.png_chunk(b"eXIf", files.exif(orientation))
        content = files.png(stored.astype(np.uint16) * 257, colour_type=2, extra=block)
    elif kind == "TIFF":
        content = files.tiff(stored, orientation=orientation)
    elif kind == "TIFF lzw":
        tags = {274: orientation}
        content = files.encoded(image(stored), "TIFF", compression="tiff_lzw", tiffinfo=tags)
    else:
        quality = {"quality": 100, "subsampling": 0} if kind == "JPEG" else {}
        lossless = {"lossless": True} if kind == "WEBP" else {}
        block = b"Exif\0\0" + files.exif(orientation)
        content = files.encoded(image(stored), kind, exif=block, **quality, **lossless)
    picture = opened(tmp_path, content)
    assert picture.pixels.shape == UPRIGHT.shape
    assert np.abs(picture.pixels.astype(int) - UPRIGHT).max() <= (4 if kind == "JPEG" else 0)


def test_a_senseless_orientation_is_taken_as_none(tmp_path: Path) -> None:
    block = b"Exif\0\0" + files.exif(77)
    picture = opened(tmp_path, files.encoded(image(), "PNG", exif=block))
    assert np.array_equal(picture.pixels, UPRIGHT)


@pytest.mark.parametrize("kind", ["tiff", "png", "webp", "mpo"])
def test_of_several_pictures_in_a_file_the_first_is_shown_with_a_warning(
    kind: str, tmp_path: Path
) -> None:
    later = [Image.new("RGB", (60, 40), "red")]
    content = {
        "tiff": files.encoded(image(), "TIFF", save_all=True, append_images=later),
        "png": apng(),
        "mpo": files.encoded(
            image(), "MPO", save_all=True, append_images=later, quality=100, subsampling=0
        ),
        "webp": files.encoded(
            image(), "WEBP", save_all=True, append_images=later, lossless=True, exact=True
        ),
    }[kind]
    picture = opened(tmp_path, content)
    assert np.abs(picture.pixels.astype(int) - UPRIGHT).max() <= (4 if kind == "mpo" else 0)
    assert picture.warnings == ("The file holds more than one picture; the first is shown.",)


@pytest.mark.parametrize(
    "behind",
    [b"\1\0" + b"\x12\1\3\0\1\0\0\0\1\0\0\0" + bytes(4), b""],
    ids=["of its orientation alone", "cut off"],
)
def test_a_second_directory_that_is_damaged_does_not_cost_the_first_picture(
    tmp_path: Path, behind: bytes
) -> None:
    content = bytearray(files.tiff(UPRIGHT))
    directory = int.from_bytes(content[4:8], "little")
    entries = int.from_bytes(content[directory : directory + 2], "little")
    follows = directory + 2 + 12 * entries
    content[follows : follows + 4] = len(content).to_bytes(4, "little")
    content += behind
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        picture = opened(tmp_path, bytes(content))
    assert (picture.pixels == UPRIGHT).all()
    assert picture.warnings == ()
    assert said == [], "in the reader's own words, on the standard error"


def test_an_annotated_picture_is_shown_with_a_warning(tmp_path: Path) -> None:
    words = PngInfo()
    words.add_text("Software", "LesionLens, annotated picture")
    picture = opened(tmp_path, files.encoded(image(), "PNG", pnginfo=words))
    assert picture.warnings == ("This is a picture that LesionLens annotated, not a photograph.",)


@pytest.mark.parametrize(
    ("name", "eye"),
    [
        ("17_OD.jpg", Laterality.RIGHT),
        ("17 OS macula.png", Laterality.LEFT),
        ("OD.tif", Laterality.RIGHT),
        ("GOOD.jpg", None),
        ("os-release.png", None),
        ("OD and OS.jpg", None),
        ("16_left.jpeg", Laterality.LEFT),
        ("cleft.jpg", None),
    ],
)
def test_the_eye_is_taken_from_a_name_only_where_it_is_a_word_of_its_own(
    name: str, eye: Laterality | None
) -> None:
    assert laterality_of(name) is eye


def test_a_photograph_from_a_camera_opens_at_its_full_size(
    shared: Callable[[str], Path],
) -> None:
    path = shared("data/fundus/idrid_lesions/IDRiD_01.jpg")
    picture = open_picture(path)
    assert picture.pixels.shape == (2848, 4288, 3)
    assert picture.warnings == ()
    assert np.array_equal(picture.pixels, cv2.imread(str(path))[..., ::-1])
