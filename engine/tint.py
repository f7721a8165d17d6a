"""A heatmap tints a photograph, so that what it lies on stays readable (LOOK 5).

The colour of the ramp is multiplied by the photograph's own local detail before it is laid over.
Everything here works on 8-bit pictures by OpenCV, since it is made anew for every frame while a
slider moves.
"""

import json
from functools import lru_cache
from importlib import resources
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

COLOUR_MAPS: tuple[str, ...] = ("azure", "ember")
"""Names of the colour maps, the default first."""

FOR, AGAINST = "azure_grey", "ember"
"""The colour maps of a signed map's two halves."""

UPPER_QUANTILE = 0.995

_BLUR_SHARE = 42
_DETAIL_LEAST, _DETAIL_MOST, _DETAIL_POWER = 0.45, 1.55, 1.25
# Detail goes up to 1.55 ** 1.25 = 1.73; as 8 bits with this scale it ends at 221.
_DETAIL_ONE = 128.0


@lru_cache
def colour_table(name: str) -> NDArray[np.uint8]:
    """The colour map as a table, uint8 (256, 4): red, green, blue and straight alpha.

    Row i is the value i / 255 after "Hide below"; linear between the control points of LOOK 5.
    """
    text = (resources.files("resources") / "colour_maps.json").read_text("utf-8")
    points = json.loads(text)[name]["points"]
    at = [value for value, _, _ in points]
    steps = np.linspace(0, 1, 256)
    channels = [[int(colour[i : i + 2], 16) for _, colour, _ in points] for i in (1, 3, 5)]
    channels.append([255 * alpha for _, _, alpha in points])
    columns = [np.interp(steps, at, channel) for channel in channels]
    table = np.rint(np.stack(columns, axis=1)).astype(np.uint8)
    table.setflags(write=False)
    return table


def upper_end(values: NDArray[np.float32]) -> float:
    """The value that is shown as 1: the 99.5 % quantile of the map's positive values.

    Never 0: a map without a positive value gets 1. Greater values are shown as 1. Decided: a
    quantile, not the maximum, so that one sharp pixel does not fade all others; of the positive
    values alone, since zeros around the eye say nothing of the scale.
    """
    positive = values[values > 0]
    return float(np.quantile(positive, UPPER_QUANTILE)) if positive.size else 1.0


def detail(pixels: NDArray[np.uint8], shrink: int = 4) -> NDArray[np.float32]:
    """The photograph's local detail about 1, for ``overlay`` and ``lay_over``; once per picture.

    ``clip(L / blur(L, longest side / 42), 0.45, 1.55) ** 1.25`` (LOOK 5). ``pixels`` is uint8
    (y, x, 3); the result is float32 (y / shrink, x / shrink), rounded up: a quarter of the size is
    sharper than any view of a whole photograph, 1 is for pictures at full size. The blur is
    always made at a quarter of the size. Decided: L is the luma of the stored colours, and the
    blur's length is the standard deviation of a Gaussian.
    """
    luma = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    height, width = luma.shape
    quarter = cv2.resize(luma, (-(-width // 4), -(-height // 4)), interpolation=cv2.INTER_AREA)
    size = (-(-width // shrink), -(-height // shrink))
    own = luma if shrink == 1 else cv2.resize(luma, size, interpolation=cv2.INTER_AREA)
    # Around black there is nothing to compare with: one step keeps the ratio of 0 and 0 at 1.
    around = _blurred(quarter.astype(np.float32) + 1, max(width, height) / 4 / _BLUR_SHARE)
    ratio = (own.astype(np.float32) + 1) / cv2.resize(around, size)
    held = np.clip(ratio, _DETAIL_LEAST, _DETAIL_MOST)
    return cast(NDArray[np.float32], cv2.pow(held, _DETAIL_POWER))


def _blurred(values: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    blurred = cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    return cast(NDArray[np.float32], blurred)


def overlay(
    values: NDArray[np.float32],
    detail: NDArray[np.float32],
    table: NDArray[np.uint8],
    threshold: float,
) -> NDArray[np.uint8]:
    """The tint alone, uint8 (y, x, 4): red, green, blue and straight alpha at full opacity.

    ``values`` (y, x) is from 0 to 1, in parts of the upper end; below ``threshold`` it is fully
    transparent, and the rest is stretched over the whole table. ``detail`` covers the same area
    and is resampled to the grid of ``values``.
    """
    tint, alpha = _tint(values, detail, table, threshold, 1.0)
    return cast(NDArray[np.uint8], np.dstack([tint, alpha[..., 0]]))


def lay_over(
    rgb: NDArray[np.uint8],
    values: NDArray[np.float32],
    detail: NDArray[np.float32],
    table: NDArray[np.uint8],
    opacity: float,
    threshold: float,
) -> NDArray[np.uint8]:
    """The picture with its tint, uint8 (y, x, 3), within two steps of 255 of exact arithmetic.

    ``rgb`` and ``values`` share one grid; the rest as for ``overlay``. ``opacity`` from 0 to 1
    scales the table's alpha.
    """
    tint, alpha = _tint(values, detail, table, threshold, opacity)
    over = cv2.multiply(tint, alpha, scale=1 / 255)
    under = cv2.multiply(rgb, cv2.bitwise_not(alpha), scale=1 / 255)
    return cast(NDArray[np.uint8], cv2.add(over, under))


def red_free(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A photograph's green channel as grey, uint8 (y, x, 3).

    Vessels and bleedings stand out most in green, which is what red-free light shows.
    """
    return cast(NDArray[np.uint8], cv2.cvtColor(cv2.extractChannel(rgb, 1), cv2.COLOR_GRAY2RGB))


def lay_signed(
    rgb: NDArray[np.uint8],
    values: NDArray[np.float32],
    detail: NDArray[np.float32],
    opacity: float,
    threshold: float,
) -> NDArray[np.uint8]:
    """The photograph's red-free with a signed map: azure where it is positive, ember where not.

    ``values`` is from -1 to 1; below ``threshold`` in size nothing is laid over. The rest as for
    ``lay_over``; a pixel belongs to one half alone, so the order does not matter.
    """
    laid = red_free(rgb)
    for name, half in ((FOR, values), (AGAINST, -values)):
        laid = lay_over(laid, half, detail, colour_table(name), opacity, threshold)
    return laid


def signed_ramp(ground: int, width: int, threshold: float) -> NDArray[np.uint8]:
    """A signed legend's colours from -1 to 1 on a grey ground, uint8 (1, width, 3)."""
    across = np.linspace(-1, 1, width, dtype=np.float32)[None]
    under = np.full((1, width, 3), ground, np.uint8)
    return lay_signed(under, across, np.ones_like(across), opacity=1, threshold=threshold)


def ramp(table: NDArray[np.uint8], ground: tuple[int, int, int], width: int) -> NDArray[np.uint8]:
    """A legend's colours from *Hide below* to 1, uint8 (1, width, 3), laid on red-green-blue.

    Decided: at full opacity. At less the upper end is hardly told from the ground, and which colour
    means much is what a legend is asked.
    """
    across = np.linspace(0, 1, width, dtype=np.float32)[None]
    under = np.full((1, width, 3), ground, np.uint8)
    return lay_over(under, across, np.ones_like(across), table, opacity=1, threshold=0)


def _tint(
    values: NDArray[np.float32],
    detail: NDArray[np.float32],
    table: NDArray[np.uint8],
    threshold: float,
    opacity: float,
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Colour (y, x, 3) and alpha, thrice the same, (y, x, 3)."""
    height, width = values.shape
    steps = 255 / max(1 - threshold, 1e-6)
    rows = cv2.convertScaleAbs(np.maximum(values, threshold), alpha=steps, beta=-threshold * steps)
    thrice = cv2.cvtColor(rows, cv2.COLOR_GRAY2RGB)
    ramp = cv2.LUT(thrice, np.ascontiguousarray(table[None, :, :3]))
    alpha = cv2.LUT(thrice, np.rint(table[:, 3] * opacity).astype(np.uint8)[None])
    factor = cv2.convertScaleAbs(detail, alpha=_DETAIL_ONE)
    if factor.shape != (height, width):
        factor = cv2.resize(factor, (width, height), interpolation=cv2.INTER_LINEAR)
    tint = cv2.multiply(ramp, cv2.cvtColor(factor, cv2.COLOR_GRAY2RGB), scale=1 / _DETAIL_ONE)
    return cast(NDArray[np.uint8], tint), cast(NDArray[np.uint8], alpha)
