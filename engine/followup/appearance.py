"""What looks otherwise in a later photograph than in an earlier one that lies on it.

Both are set against the tissue around, so that light does not matter; the sharper is blurred until
they are alike. What then differs is a spot that is there in one alone, held against how much the
two differ all around it and against what a slight shift would do to vessels' edges.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.findings.reduced import Plane, blur_within, reduce
from engine.geometry import Affine, Circle

RADIUS = 400
"""Pixels from the field's centre to its edge: a microaneurysm is some four across."""
SIZES = (1.2, 2.0, 3.5, 6.0, 11.0)
"""Standard deviations, in grid pixels, of the spots that are looked for."""

_AROUND = 1.6  # times a spot's size: what it is set against
_TISSUE = 0.12  # of the radius: standard deviation of the mean that stands for tissue
_CLIP = (-0.6, 0.6)  # of the tissue's green: reflexes on the lens may be brighter
_STRONG = 0.9  # quantile of the detail by which contrast is made alike: that of vessels
_BLURS = (0.0, 0.8, 1.3, 2.0, 3.0, 4.5)  # by which the sharper one is blurred
_DETAIL = 5.0  # grid pixels: standard deviation, below which structure tells sharpness
_SPREAD = 0.3  # of the radius: over so much the differences' own spread is taken
_COARSE = 8  # grid pixels together, where wide means are taken
_RIM = 0.03  # of the radius: at the field's edge nothing is told
_WIDE = 0.03  # of the radius: standard deviation of the mean that tells something wide
_HIDES = 0.05  # of the tissue's green: so much further from it hides what was there
_OFF = 0.7  # grid pixels that even a good alignment may be off
_FAINTEST = 0.012  # of the tissue's green: a smaller difference is not seen
"""Decided: about three grey levels of an usual photograph, and what its noise may be."""


@dataclass(frozen=True, eq=False)
class Appearance:
    """On the later photograph's grid, all (y, x): what came and what went, in standard deviations.

    ``covered`` is where something wide came, ``seen`` where both photographs show retina.
    ``way_back`` maps grid (x, y) to the later photograph's.
    """

    came: Plane
    went: Plane
    covered: NDArray[np.bool_]
    seen: NDArray[np.bool_]
    way_back: Affine


def compare(
    earlier: NDArray[np.uint8],
    later: NDArray[np.uint8],
    fields: tuple[Circle, Circle],
    matrix: Affine,
) -> Appearance:
    """Compare two photographs, uint8 (y, x, 3), of which ``matrix`` lays the earlier on the later.

    ``fields`` are the fields of view of both, in their own pixels.
    """
    before, now = reduce(earlier, fields[0], RADIUS), reduce(later, fields[1], RADIUS)
    laid = np.linalg.inv(now.way_back) @ matrix @ before.way_back
    size = (now.mask.shape[1], now.mask.shape[0])
    covered = cv2.warpAffine(before.mask.astype(np.float32), laid[:2], size) > 0.99
    then = _against_tissue(before.pixels[..., 1], before.mask)
    then = np.asarray(cv2.warpAffine(then, laid[:2], size, flags=cv2.INTER_CUBIC), np.float32)
    seen = _inner(covered & now.mask)
    weight = seen.astype(np.float32)
    then, today = _alike(then, _against_tissue(now.pixels[..., 1], now.mask), weight)
    came, went = np.zeros(size[::-1], np.float32), np.zeros(size[::-1], np.float32)
    for spot in SIZES:
        old, new = (_spots(each, spot, weight) for each in (then, today))
        differ, here = new - old, _blurred(today - then, spot)
        # What came beside a spot changes how that stands out, not what it is.
        real = np.where(differ * here > 0, np.minimum(np.abs(differ), np.abs(here)), 0)
        score = real / _noise(old, new, spot, weight)
        more = np.abs(new) > np.abs(old)
        came = np.maximum(came, np.where(more, score, 0))
        went = np.maximum(went, np.where(more, 0, score))
    # A wide haemorrhage is no spot, and hides what lay beneath it.
    wide = [np.abs(_wide(each, weight, _WIDE * RADIUS)) for each in (then, today)]
    covered = (wide[1] - wide[0] > _HIDES) & seen
    return Appearance(came * weight, went * weight, covered, seen, now.way_back)


def _against_tissue(green: Plane, mask: NDArray[np.bool_]) -> Plane:
    inside = mask.astype(np.float32)
    relative = green / np.maximum(_wide(green, inside, _TISSUE * RADIUS), 8) - 1
    return np.asarray(np.clip(relative, *_CLIP) * inside, np.float32)


def _inner(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    reach = round(_RIM * RADIUS)
    far = cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1]
    return np.asarray(far > reach, np.bool_)


def _alike(then: Plane, today: Plane, weight: Plane) -> tuple[Plane, Plane]:
    """Both with the same contrast and sharpness, as far as a gain and a blur can do that."""
    first, second = _blurs(then, today, weight)
    old, new = _blurred(then, first), _blurred(today, second)
    inside = weight > 0
    if not inside.any():
        return old, new
    # One gain for all: a local one would follow a large haemorrhage, and what lies beside it.
    fine = [np.abs(each - _blurred(each, _DETAIL))[inside] for each in (old, new)]
    strength, other = (float(np.quantile(each, _STRONG)) for each in fine)
    gain = np.float32(np.clip(other / max(strength, 1e-3), 0.5, 2.0))
    return np.asarray(old * gain, np.float32), new


def _blurs(then: Plane, today: Plane, weight: Plane) -> tuple[float, float]:
    """By how much each is blurred so that their detail is most alike; one of them by nothing."""
    middle = np.s_[RADIUS // 2 : -RADIUS // 2, RADIUS // 2 : -RADIUS // 2]
    old, new, inside = then[middle], today[middle], weight[middle] > 0
    if not inside.any():
        return 0.0, 0.0

    def detail(values: Plane, blur: float) -> Plane:
        fine = _blurred(values, blur)
        return np.asarray((fine - _blurred(fine, _DETAIL))[inside], np.float32)

    plain = detail(old, 0.0), detail(new, 0.0)
    likeness = {(blur, 0.0): _correlation(detail(old, blur), plain[1]) for blur in _BLURS}
    likeness |= {(0.0, blur): _correlation(plain[0], detail(new, blur)) for blur in _BLURS}
    return max(likeness, key=lambda both: likeness[both])


def _correlation(one: Plane, other: Plane) -> float:
    return float((one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum() + 1e-12))


def _wide(values: Plane, weight: Plane, sigma: float) -> Plane:
    """A wide Gaussian mean over ``weight`` alone, made on a coarse grid."""
    size = (values.shape[1] // _COARSE, values.shape[0] // _COARSE)
    least = cv2.resize(weight, size, interpolation=cv2.INTER_AREA)
    shrunk = cv2.resize(values * weight, size, interpolation=cv2.INTER_AREA)
    shrunk = cv2.GaussianBlur(shrunk, (0, 0), sigma / _COARSE)
    mean = shrunk / np.maximum(cv2.GaussianBlur(least, (0, 0), sigma / _COARSE), 1e-3)
    whole = (values.shape[1], values.shape[0])
    return np.asarray(cv2.resize(mean, whole, interpolation=cv2.INTER_LINEAR), np.float32)


def _blurred(values: Plane, sigma: float) -> Plane:
    if sigma == 0:
        return values
    return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma), np.float32)


def _spots(values: Plane, size: float, weight: Plane) -> Plane:
    """How much a spot of this size differs from what is around it, everywhere."""
    around = blur_within(values, weight, _AROUND * size)
    return np.asarray((_blurred(values, size) - around) * weight, np.float32)


def _noise(old: Plane, new: Plane, size: float, weight: Plane) -> Plane:
    """What two photographs of an unchanged eye differ by: their spread around, and a shift."""
    differ = new - old
    usual = float(np.median(np.abs(differ[weight > 0]))) if weight.any() else 0.0
    # Clipped, so that what really changed does not hide itself.
    held = np.clip(differ, -4 * usual, 4 * usual)
    around = _wide(held**2, weight, _SPREAD * RADIUS)
    slope = np.hypot(cv2.Sobel(new, -1, 1, 0), cv2.Sobel(new, -1, 0, 1)) / 8
    edges = _OFF * np.maximum(slope, cv2.GaussianBlur(slope, (0, 0), size))
    return np.asarray(np.sqrt(around + edges**2 + _FAINTEST**2), np.float32)
