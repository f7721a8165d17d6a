"""Every way in which a photograph file holds colours becomes 8-bit sRGB, red-green-blue."""

import io
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

PROFILE_CONVERTED = "Colours were converted from the file's own colour profile to sRGB."
PROFILE_UNUSABLE = (
    "The file's colour profile cannot be used; its colours are shown as they are stored."
)
PRINT_COLOURS = (
    "The file is stored in printing colours (CMYK) and was converted; colours may differ a little."
)

# A difference of this many of 255 steps between a profile's colours and sRGB's is rounding.
_SAME = 2


def over_black(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Lay straight-alpha pixels (y, x, 4) over black: (y, x, 3)."""
    alpha = cv2.cvtColor(pixels[..., 3], cv2.COLOR_GRAY2RGB)
    return cast(NDArray[np.uint8], cv2.multiply(pixels[..., :3], alpha, scale=1 / 255))


def to_rgb(image: Image.Image) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Convert a decoded 8-bit picture of any Pillow mode to RGB (y, x, 3), with warnings.

    Alpha and transparent palette entries are laid over black. An embedded profile is honoured
    where it differs from sRGB.
    """
    profile = image.info.get("icc_profile")
    if image.mode == "CMYK":
        converted, warnings = _convert(image, profile)
        if not warnings or warnings[0] == PROFILE_UNUSABLE:
            warnings = (*warnings, PRINT_COLOURS)
        return converted, warnings
    if image.mode == "LAB":
        transform = ImageCms.buildTransform(
            ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), "LAB", "RGB"
        )
        return _array(_applied(image, transform)), ()
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        # Colours are converted before they are laid over black: a profile bends mixed ones.
        # Pillow turns grey that was multiplied by its alpha into no other mode but LA.
        straight = (image.convert("LA") if image.mode == "La" else image).convert("RGBA")
        colours, warnings = _convert(straight.convert("RGB"), profile)
        alpha = np.asarray(straight.getchannel("A"))
        return over_black(np.dstack([colours, alpha])), warnings
    if image.mode == "L":
        return _convert(image, profile)
    return _convert(image if image.mode == "RGB" else image.convert("RGB"), profile)


def rgb_by_profile(
    pixels: NDArray[np.uint8], profile: bytes | None
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Convert grey (y, x) or RGB (y, x, 3) by an embedded profile to sRGB, with warnings."""
    if not profile and pixels.ndim == 3:
        return pixels, ()
    return _convert(Image.fromarray(pixels), profile)


def _convert(
    image: Image.Image, profile: bytes | None
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """RGB of an L, RGB or CMYK picture, through its profile if that matters."""
    plain = image.convert("RGB") if image.mode != "RGB" else image
    if not profile:
        return _array(plain), ()
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if image.mode == "L" and opened.profile.xcolor_space.strip() == "RGB":
            # Grey files often carry the colour profile of the program that wrote them.
            image = plain
        srgb = ImageCms.createProfile("sRGB")
        transform = ImageCms.buildTransform(opened, srgb, image.mode, "RGB")
        if image.mode != "CMYK" and _changes_nothing(transform, image.mode):
            return _array(plain), ()
        return _array(_applied(image, transform)), (PROFILE_CONVERTED,)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        # Damaged, or made for another number of channels than the picture has.
        return _array(plain), (PROFILE_UNUSABLE,)


def _changes_nothing(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Whether a transform is sRGB's own, told by its colours: a profile's name proves nothing."""
    steps = np.arange(0, 256, 15, dtype=np.uint8)
    if mode == "L":
        lattice = steps[None]
    else:
        lattice = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1)
        lattice = lattice.reshape(len(steps), -1, 3)
    before = Image.fromarray(np.ascontiguousarray(lattice))
    after = _array(_applied(before, transform)).astype(np.int16)
    return bool(np.abs(after - _array(before.convert("RGB"))).max() <= _SAME)


def _applied(image: Image.Image, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    return cast(Image.Image, ImageCms.applyTransform(image, transform))


def _array(image: Image.Image) -> NDArray[np.uint8]:
    return np.array(image, dtype=np.uint8)
