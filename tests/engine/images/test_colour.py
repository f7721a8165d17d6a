"""Grey, palettes, inks, Lab and 16 bits become 8 bits of red, green and blue."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import picture_files as files
import pytest
from PIL import Image, ImageCms

from engine.images import colour
from engine.images.photograph import open_picture
from engine.pictures import Photograph


def opened(folder: Path, content: bytes) -> Photograph:
    path = folder / "eye.bin"
    path.write_bytes(content)
    return open_picture(path)


def one_colour(picture: Photograph) -> tuple[int, ...]:
    colours = np.unique(picture.pixels.reshape(-1, 3), axis=0)
    assert len(colours) == 1
    return tuple(int(value) for value in colours[0])


@pytest.mark.parametrize(
    ("mode", "value", "expected"),
    [
        ("L", 77, (77, 77, 77)),
        ("1", 1, (255, 255, 255)),
        ("RGBA", (200, 100, 50, 128), (100, 50, 25)),
        ("LA", (200, 51), (40, 40, 40)),
        ("RGBA", (200, 100, 50, 0), (0, 0, 0)),
    ],
)
def test_grey_and_transparent_pictures_become_colours_over_black(
    mode: str, value: object, expected: tuple[int, int, int], tmp_path: Path
) -> None:
    content = files.encoded(Image.new(mode, (8, 8), value), "PNG")
    assert one_colour(opened(tmp_path, content)) == expected


def test_a_palette_is_looked_up(tmp_path: Path) -> None:
    image = Image.new("P", (8, 8), 3)
    image.putpalette([0, 0, 0, 1, 1, 1, 2, 2, 2, 210, 120, 30])
    assert one_colour(opened(tmp_path, files.encoded(image, "PNG"))) == (210, 120, 30)
    assert one_colour(opened(tmp_path, files.encoded(image, "BMP"))) == (210, 120, 30)


def test_a_transparent_palette_entry_is_black(tmp_path: Path) -> None:
    image = Image.new("P", (8, 8), 1)
    image.putpalette([9, 9, 9, 210, 120, 30])
    content = files.encoded(image, "PNG", transparency=1)
    assert one_colour(opened(tmp_path, content)) == (0, 0, 0)


def test_a_transparent_colour_of_a_plain_png_is_black(tmp_path: Path) -> None:
    image = Image.new("RGB", (8, 8), (210, 120, 30))
    content = files.encoded(image, "PNG", transparency=(210, 120, 30))
    assert one_colour(opened(tmp_path, content)) == (0, 0, 0)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_printing_colours_are_converted_with_a_warning(kind: str, tmp_path: Path) -> None:
    # Cyan 0, magenta 50 %, yellow 100 %, black 20 %: an orange. A JPEG of it is Adobe-inverted.
    content = files.encoded(Image.new("CMYK", (16, 16), (0, 128, 255, 51)), kind)
    picture = opened(tmp_path, content)
    expected = [255 * 0.8, 255 * 0.5 * 0.8, 0]
    assert np.abs(picture.pixels[8, 8].astype(int) - expected).max() <= 4
    assert picture.warnings == (colour.PRINT_COLOURS,)


def test_cie_lab_colours_are_converted(tmp_path: Path) -> None:
    # sRGB's pure red is L 54.3, a 80.8, b 69.9 under D50 (Lindbloom's tables).
    # TIFF 6.0 stores L from 0 to 255 and a and b as signed bytes.
    lab = np.full((8, 8, 3), [round(54.29 * 2.55), 81, 70], np.uint8)
    picture = opened(tmp_path, files.tiff(lab, photometric=8))
    assert np.abs(picture.pixels[4, 4].astype(int) - [255, 0, 0]).max() <= 6


STEPS = np.arange(60)[None, :, None] * 1100 + np.array([0, 7, 130])
RAMP = STEPS.astype(np.uint16).repeat(40, axis=0)
EXACT = np.rint(RAMP / 257).astype(np.uint8)


@pytest.mark.parametrize("kind", ["png", "tiff", "tiff tiled deflate"])
def test_16_bit_colour_is_rounded_and_not_cut(kind: str, tmp_path: Path) -> None:
    content = {
        "png": files.png(RAMP, colour_type=2),
        "tiff": files.tiff(RAMP),
        "tiff tiled deflate": files.tiff(RAMP, tile=16, deflate=True),
    }[kind]
    picture = opened(tmp_path, content)
    assert np.array_equal(picture.pixels, EXACT)
    assert picture.warnings == ()


@pytest.mark.parametrize("kind", ["png", "tiff"])
def test_16_bit_grey_is_rounded_and_not_cut(kind: str, tmp_path: Path) -> None:
    grey = np.ascontiguousarray(RAMP[..., 2])
    content = files.png(grey, colour_type=0) if kind == "png" else files.tiff(grey)
    picture = opened(tmp_path, content)
    assert np.array_equal(picture.pixels, EXACT[..., [2, 2, 2]])


@pytest.mark.parametrize("bits", [8, 16])
def test_a_tiff_whose_zero_is_white_is_turned_round(bits: int, tmp_path: Path) -> None:
    grey = np.ascontiguousarray(EXACT[..., 0])
    stored = 255 - grey if bits == 8 else 65535 - grey.astype(np.uint16) * 257
    picture = opened(tmp_path, files.tiff(stored, photometric=0))
    assert np.array_equal(picture.pixels, EXACT[..., [0, 0, 0]])


def test_16_bit_alpha_is_laid_over_black(tmp_path: Path) -> None:
    stored = np.zeros((8, 8, 4), np.uint16)
    stored[:] = [200 * 257, 100 * 257, 65535, 32896]
    picture = opened(tmp_path, files.png(stored, colour_type=6))
    assert np.abs(picture.pixels[0, 0].astype(int) - [100, 50, 128]).max() <= 1


def test_16_bit_grey_with_alpha_is_laid_over_black(tmp_path: Path) -> None:
    stored = np.zeros((8, 8, 2), np.uint16)
    stored[:] = [60000, 32896]
    picture = opened(tmp_path, files.png(stored, colour_type=4))
    assert np.abs(picture.pixels[0, 0].astype(int) - 117).max() <= 1


@pytest.mark.parametrize("bits", [8, 10, 12, 14])
def test_fewer_bits_in_a_16_bit_file_are_scaled_to_their_range_with_a_warning(
    bits: int, tmp_path: Path
) -> None:
    full = (1 << bits) - 1
    stored = np.linspace(0, full, 2400).round().astype(np.uint16).reshape(40, 60)
    picture = opened(tmp_path, files.tiff(np.stack([stored] * 3, axis=-1)))
    assert np.abs(picture.pixels[..., 0] - stored * (255 / full)).max() <= 0.5001
    assert len(picture.warnings) == 1
    assert f"uses {bits};" in picture.warnings[0]


def test_a_tiff_with_12_bits_packed_into_bytes_keeps_them(tmp_path: Path) -> None:
    # Two values of 12 bits share three bytes, the upper bits first (TIFF 6.0).
    plain = files.tiff(np.array([[0xAB, 0xC1, 0x23], [0xFF, 0xF8, 0x00]], np.uint8))
    content = bytearray(plain)
    tags = struct.unpack("<I", content[4:8])[0] + 2
    width, height, bits = tags, tags + 12, tags + 24
    content[width + 8 : width + 12] = struct.pack("<I", 2)
    content[height + 8 : height + 12] = struct.pack("<I", 2)
    content[bits + 8 : bits + 10] = struct.pack("<H", 12)
    picture = opened(tmp_path, bytes(content))
    expected = np.array([[0xABC, 0x123], [0xFFF, 0x800]]) * (255 / 0xFFF)
    assert np.abs(picture.pixels[..., 0] - expected).max() <= 0.5001


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_a_colour_profile_is_honoured_with_a_warning(kind: str, tmp_path: Path) -> None:
    image = Image.new("RGB", (16, 16), (230, 20, 20))
    content = files.encoded(image, kind, icc_profile=files.swapped_profile())
    picture = opened(tmp_path, content)
    assert np.abs(picture.pixels[8, 8].astype(int) - [20, 230, 20]).max() <= 4
    assert picture.warnings == (colour.PROFILE_CONVERTED,)


def test_a_colour_profile_of_a_16_bit_file_is_honoured(tmp_path: Path) -> None:
    packed = b"eye\0\0" + zlib.compress(files.swapped_profile())
    stored = np.full((8, 8, 3), [60000, 2000, 2000], np.uint16)
    content = files.png(stored, colour_type=2, extra=files.png_chunk(b"iCCP", packed))
    red, green, _ = opened(tmp_path, content).pixels[0, 0]
    assert green > 200
    assert red < 40


def test_a_profile_that_is_srgb_changes_nothing_and_warns_of_nothing(tmp_path: Path) -> None:
    image = Image.fromarray(files.patchwork())
    picture = opened(tmp_path, files.encoded(image, "PNG", icc_profile=files.srgb_profile()))
    assert np.array_equal(picture.pixels, files.patchwork())
    assert picture.warnings == ()


def test_a_damaged_profile_costs_a_warning_and_not_the_picture(tmp_path: Path) -> None:
    image = Image.fromarray(files.patchwork())
    picture = opened(tmp_path, files.encoded(image, "PNG", icc_profile=b"no profile" * 20))
    assert np.array_equal(picture.pixels, files.patchwork())
    assert picture.warnings == (colour.PROFILE_UNUSABLE,)


@pytest.mark.parametrize("deep", [False, True])
def test_a_grey_file_with_a_profile_for_colours_is_shown_without_a_warning(
    deep: bool, tmp_path: Path
) -> None:
    if deep:
        packed = b"eye\0\0" + zlib.compress(files.srgb_profile())
        stored = np.full((8, 8), 77 * 257, np.uint16)
        content = files.png(stored, colour_type=0, extra=files.png_chunk(b"iCCP", packed))
    else:
        grey = Image.new("L", (8, 8), 77)
        content = files.encoded(grey, "PNG", icc_profile=files.srgb_profile())
    picture = opened(tmp_path, content)
    assert one_colour(picture) == (77, 77, 77)
    assert picture.warnings == ()


def test_the_swapped_profile_of_these_tests_is_a_profile() -> None:
    profile = ImageCms.ImageCmsProfile(io.BytesIO(files.swapped_profile()))
    assert ImageCms.getProfileName(profile)
    assert struct.unpack(">I", profile.tobytes()[128:132])[0] > 0
