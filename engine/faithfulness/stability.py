"""Whether a map stays when the picture moves a little: by one pixel, by a small angle."""

from collections.abc import Sequence

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from engine.faithfulness.agreement import agreement, least
from engine.preparation.differentiable import Resized
from engine.truth_check import Agreement, Stability

DEGREES = 5.0
"""decided: as a head is held askew; some pixels wherever a lesion is like to lie."""

SHIFTS = ((1, 0), (-1, 0), (0, 1), (0, -1))
"""By whole pixels of the map's grid, to the right and down."""

TURNS = (DEGREES, -DEGREES)

_SMOOTHING = 1.0
_RIM = 7

Map = NDArray[np.float32]


def stability(
    values: Map, mask: NDArray[np.bool_], shifted: Sequence[Map], turned: Sequence[Map]
) -> Stability:
    """How alike the maps of moved pictures are, laid back, to ``values``, (y, x), inside ``mask``.

    ``shifted`` are those of the picture moved by each of ``SHIFTS``, so that laying them back is
    exact; ``turned`` those of the picture turned about its middle by each of ``TURNS``,
    counter-clockwise. decided: laid back by bilinear sampling the latter are smoother by the
    sampling alone, so both are smoothed by one pixel first, as for detections (METHODS Q7.3).
    """
    moved = [
        _shift_agreement(values, mask, one, x, y)
        for one, (x, y) in zip(shifted, SHIFTS, strict=True)
    ]
    smooth = _smooth(values)
    # The field's rim is smoothed with what lies outside, which does not turn with it.
    inner = cv2.erode(mask.astype(np.uint8), np.ones((_RIM, _RIM), np.uint8)) > 0
    back = [
        agreement(smooth, _turned_back(_smooth(one), degrees), inner)
        for one, degrees in zip(turned, TURNS, strict=True)
    ]
    return Stability(least(moved), least(back), DEGREES)


def shift(values: torch.Tensor, x: int, y: int, *, edge: str = "zero") -> torch.Tensor:
    """Move (..., y, x) by whole pixels; what comes in is 0, or with ``edge`` "repeat" the border's
    own values.
    """
    height, width = values.shape[-2:]
    rows = torch.arange(height, device=values.device) - y
    columns = torch.arange(width, device=values.device) - x
    moved = values[..., rows.clamp(0, height - 1), :][..., columns.clamp(0, width - 1)]
    if edge == "repeat":
        return moved
    inside_rows = (rows >= 0) & (rows < height)
    inside_columns = (columns >= 0) & (columns < width)
    return moved * (inside_rows[:, None] & inside_columns)


def shift_resized(resized: Resized, x: int, y: int) -> Resized:
    """The resized photograph moved by whole pixels of its own grid."""
    return Resized(shift(resized.values, x, y, edge="repeat"), shift(resized.mask, x, y))


def turn_resized(resized: Resized, degrees: float) -> Resized:
    """The resized photograph turned about the middle of its field, one picture."""
    values = resized.values[0].permute(1, 2, 0).cpu().numpy()
    mask = resized.mask[0].cpu().numpy().astype(np.float32)
    affine = _rotation(values.shape[0], degrees)
    size = values.shape[1], values.shape[0]
    turned = cv2.warpAffine(
        values, affine, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    # Only where every pixel that is blended in lies in the field.
    field = cv2.warpAffine(mask, affine, size, flags=cv2.INTER_LINEAR) > 0.999
    device = resized.values.device
    return Resized(
        torch.from_numpy(np.ascontiguousarray(turned.transpose(2, 0, 1)))[None].to(device),
        torch.from_numpy(field)[None].to(device),
    )


def _shift_agreement(values: Map, mask: NDArray[np.bool_], moved: Map, x: int, y: int) -> Agreement:
    back = np.roll(moved, (-y, -x), axis=(0, 1))
    # What left the frame has come in at the other side.
    seen = np.ones(mask.shape, bool)
    if x:
        seen[:, -1 if x > 0 else 0] = False
    if y:
        seen[-1 if y > 0 else 0] = False
    return agreement(values, back, mask & seen)


def _turned_back(values: Map, degrees: float) -> Map:
    size = values.shape[1], values.shape[0]
    affine = _rotation(values.shape[0], -degrees)
    back: Map = cv2.warpAffine(values, affine, size, flags=cv2.INTER_LINEAR).astype(np.float32)
    return back


def _rotation(width: int, degrees: float) -> NDArray[np.float64]:
    middle = (width - 1) / 2
    return np.asarray(cv2.getRotationMatrix2D((middle, middle), degrees, 1.0), np.float64)


def _smooth(values: Map) -> Map:
    smooth: Map = cv2.GaussianBlur(
        np.ascontiguousarray(values), (0, 0), _SMOOTHING, borderType=cv2.BORDER_CONSTANT
    ).astype(np.float32)
    return smooth
