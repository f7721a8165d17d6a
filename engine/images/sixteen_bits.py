"""Photographs with 16 bits a colour, of which Pillow would keep only the upper 8."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from engine.errors import Refusal
from engine.images.colour import over_black, rgb_by_profile
from engine.images.overheard import overheard
from engine.images.recognise import Kind

DEPTHS = (8, 10, 12, 14, 16)
"""Bits that cameras use inside 16-bit files."""

SAVE_AGAIN = "Save it again as a JPEG, PNG or TIFF with 8 or 16 bits a colour."

_BITS_PER_SAMPLE = 258
_PHOTOMETRIC = 262
_ZERO_IS_WHITE = 0
# Pillow's grey modes of more than 8 bits: I;16, I;16B and their like.
_GREY = "I;16"


def holds_16_bits(image: Image.Image, kind: Kind, content: bytes) -> bool:
    """Whether a file that Pillow opened holds grey or red-green-blue with 16 bits each."""
    if kind is Kind.PNG:
        return content[24] == 16
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        deep = 16 in image.tag_v2.get(_BITS_PER_SAMPLE, ())
        return image.mode.startswith(_GREY) or (deep and image.mode in ("RGB", "RGBA", "RGBX"))
    return False


def read_16_bits(
    content: bytes, image: Image.Image, name: str
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """RGB (y, x, 3) and warnings; what orientation ``image`` still has is not yet applied.

    ``image`` is the same file as Pillow loaded it. Grey is taken from there; colours are read by
    OpenCV, which keeps all their bits.

    Raises:
        Refusal: OpenCV does not read the file's layout.
    """
    profile = image.info.get("icc_profile")
    if image.mode.startswith(_GREY):
        grey, warnings = eight_bits(np.asarray(image).astype(np.uint16))
        if _zero_is_white(image):
            grey = np.bitwise_not(grey)
        pixels, more = rgb_by_profile(grey, profile)
        return pixels, warnings + more
    try:
        with overheard():  # it complains of tags that harm nothing
            stored = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        stored = None
    if stored is None or stored.dtype != np.uint16 or stored.ndim != 3:
        raise Refusal(
            f"“{name}” cannot be shown.",
            "It is a 16-bit picture in a layout that is not read here.",
            SAVE_AGAIN,
        )
    order = [2, 1, 0, 3][: stored.shape[2]]
    return rgb_of_16_bits(cast(NDArray[np.uint16], stored)[..., order], profile)


def rgb_of_16_bits(
    values: NDArray[np.uint16], profile: bytes | None
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """RGB (y, x, 3) and warnings of red, green, blue and perhaps alpha (y, x, 3 or 4)."""
    narrowed, warnings = eight_bits(np.ascontiguousarray(values[..., :3]))
    pixels, more = rgb_by_profile(narrowed, profile)
    if values.shape[2] == 4:
        # Alpha always has its full 16 bits.
        pixels = over_black(np.dstack([pixels, (values[..., 3] >> 8).astype(np.uint8)]))
    return pixels, warnings + more


def eight_bits(values: NDArray[np.uint16]) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Scale 16-bit values, any shape, to 8 bits, and say so if the file used fewer bits.

    Decided: the file's true range is the smallest of 8, 10, 12, 14 and 16 bits that holds its
    largest value, since cameras put such depths into 16-bit files without saying so.
    """
    largest = int(values.max())
    bits = next(depth for depth in DEPTHS if largest < 1 << depth)
    full = (1 << bits) - 1
    # Rounded to nearest; a look-up table is exact and as fast as any arithmetic.
    table = np.rint(np.minimum(np.arange(1 << 16), full) * (255.0 / full)).astype(np.uint8)
    if bits == 16:
        return table[values], ()
    return table[values], (
        f"The file is stored with 16 bits a colour but uses {bits}; "
        f"brightness was scaled to {bits} bits.",
    )


def _zero_is_white(image: Image.Image) -> bool:
    """Whether a TIFF says so: Pillow hands its 16-bit values over as they are stored."""
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return False
    return bool(image.tag_v2.get(_PHOTOMETRIC) == _ZERO_IS_WHITE)
