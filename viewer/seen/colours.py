"""Values become colours: a window, inverted or not, and a colour map, as tables to look up.

A table's rows are packed as Qt's RGB32 has them (blue, green, red, 255), so that one look-up makes
a pixel.
"""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.pictures import GreyWindow

_LOOKED_UP: dict[str, int] = {"bool": 0, "uint8": 0, "uint16": 0, "int8": 32768, "int16": 32768}
"""Types whose values, raised by this much, are rows of a table."""
_ROWS = 65536
_OPENCV = {
    "viridis": cv2.COLORMAP_VIRIDIS,
    "inferno": cv2.COLORMAP_INFERNO,
    "cividis": cv2.COLORMAP_CIVIDIS,
}


def is_looked_up(dtype: np.dtype) -> bool:
    """Whether values of this type are rows of a table; others are windowed by arithmetic."""
    return dtype.name in _LOOKED_UP


def as_rows(values: NDArray[np.generic]) -> NDArray[np.uint16]:
    """Values as rows of ``table``, uint16 of the same shape."""
    if values.dtype == np.int16:
        # Flipping the sign bit adds 32768.
        return np.bitwise_xor(values.view(np.uint16), np.uint16(32768))
    if _LOOKED_UP[values.dtype.name]:
        return (values.astype(np.int32) + 32768).astype(np.uint16)
    return values.astype(np.uint16)


@lru_cache(maxsize=8)
def table(window: GreyWindow, inverted: bool, colours: str, dtype: str) -> NDArray[np.int32]:
    """A colour for every row of ``as_rows``, int32 (65536,)."""
    values = np.arange(_ROWS, dtype=np.float32) - _LOOKED_UP[dtype]
    return packed(inverted, colours)[steps(values, window)]


def steps(values: NDArray[np.float32], window: GreyWindow) -> NDArray[np.uint8]:
    """Values as rows of ``packed``, uint8 of the same shape: 0 at the window's lower end."""
    scale = 255 / window.width
    lower = window.centre - window.width / 2
    # 8 bits saturate at both ends.
    windowed = cv2.addWeighted(values, scale, values, 0.0, -lower * scale, dtype=cv2.CV_8U)
    return np.asarray(windowed, np.uint8).reshape(values.shape)


@lru_cache(maxsize=16)
def packed(inverted: bool, colours: str) -> NDArray[np.int32]:
    """A colour map as 256 packed colours, int32 (256,)."""
    ramp = np.full((256, 4), 255, np.uint8)
    ramp[:, :3] = _ramp(colours)[:, ::-1]
    rows = ramp[::-1] if inverted else ramp
    return np.ascontiguousarray(rows).view(np.int32)[:, 0]


@lru_cache(maxsize=16)
def dark_end(inverted: bool, colours: str) -> bool:
    """Whether the lower end of a window is its darker one."""
    ramp = _ramp(colours)
    lower_is_dark = int(ramp[0].sum()) <= int(ramp[-1].sum())
    return lower_is_dark is not inverted


def channel_table(window: GreyWindow, inverted: bool) -> NDArray[np.uint8] | None:
    """For colour pictures: the window on each of red, green and blue; None if nothing changes."""
    if window.centre == 127.5 and window.width == 255 and not inverted:
        return None
    shown = steps(np.arange(256, dtype=np.float32), window)
    return np.asarray(255 - shown if inverted else shown, np.uint8)


def _ramp(colours: str) -> NDArray[np.uint8]:
    """Red, green and blue of 256 steps, uint8 (256, 3)."""
    grey = np.arange(256, dtype=np.uint8)
    if colours in _OPENCV:
        drawn = np.asarray(cv2.applyColorMap(grey[:, None], _OPENCV[colours]), np.uint8)
        return drawn[:, 0, ::-1]
    if colours == "hot iron":
        # DICOM PS3.6 B.1.1: red, then green, then blue comes in.
        rising = np.arange(256)
        channels = (2 * rising, 2 * (rising - 128), 4 * (rising - 192))
        return np.stack([np.clip(channel, 0, 255) for channel in channels], axis=1).astype(np.uint8)
    step = 255 - grey if colours == "inverse grey" else grey
    return np.repeat(step[:, None], 3, axis=1)
