"""The ways in which DICOM writes colours become 8-bit red, green and blue."""

from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

# PS3.3, C.7.6.3.1.2: YBR_FULL, luma and chroma of ITU-R BT.601 over the full range.
_YBR_FULL = np.array(
    [
        [1, 0, 1.402, -1.402 * 128],
        [1, -0.344136, -0.714136, (0.344136 + 0.714136) * 128],
        [1, 1.772, 0, -1.772 * 128],
    ]
)

# PS3.3, C.7.6.3.1.2: YBR_PARTIAL_422, retired: luma over 16 to 235.
_YBR_PARTIAL = np.array(
    [
        [1.1644, 0, 1.5960, -1.1644 * 16 - 1.5960 * 128],
        [1.1644, -0.3917, -0.8130, -1.1644 * 16 + (0.3917 + 0.8130) * 128],
        [1.1644, 2.0173, 0, -1.1644 * 16 - 2.0173 * 128],
    ]
)

TRANSFORMS = {
    "YBR_FULL": _YBR_FULL,
    "YBR_FULL_422": _YBR_FULL,
    "YBR_PARTIAL_422": _YBR_PARTIAL,
    "YBR_PARTIAL": _YBR_PARTIAL,
}


def to_rgb(picture: NDArray[np.uint8], photometric: str) -> NDArray[np.uint8]:
    """Colours (y, x, 3) as the header names them; those that are RGB already are left alone."""
    transform = TRANSFORMS.get(photometric)
    if transform is None:
        return picture
    return cast(NDArray[np.uint8], cv2.transform(np.ascontiguousarray(picture), transform))


def to_8_bits(picture: NDArray[Any], bits: int) -> NDArray[np.uint8]:
    """Unsigned numbers of ``bits`` bits as 8: the upper ones of more, spread out if fewer."""
    if bits > 8:
        return (picture >> (bits - 8)).astype(np.uint8)
    if bits < 8:
        return (picture.astype(np.uint16) * 255 // ((1 << bits) - 1)).astype(np.uint8)
    return picture.astype(np.uint8, copy=False)
