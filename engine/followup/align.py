"""How an earlier photograph of an eye lies on a later one: by its vessels, or by disc and fovea.

Vessels are what stays. Points of the evened green are matched (Lowe 2004) and an affine is fitted
to those that agree (Fischler and Bolles 1981). Tiles of the two are then looked for in each other,
which took no part in the fit, and tell whether it holds and how far off it is.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.answers import Landmarks
from engine.findings.disc_and_fovea import USUAL
from engine.findings.reduced import Plane, Reduced, blur_within, reduce
from engine.geometry import Affine, Circle, apply
from engine.visits.change import Alignment

RADIUS = 256
"""Pixels from the field's centre to its edge on the grid that photographs are laid by."""
SHARP = 0.06
"""How much darker than tissue the darkest parts are where vessels are sharp.

Decided: photographs of six cameras are above it, and those blurred until no vessel shows below.
"""

_FLAT = 0.05  # of the radius: standard deviation of the mean that stands for tissue
_EVEN = 0.12  # of the radius: over so much the spread is made alike
_DARKEST = 0.03  # share of the pixels that vessels have at least
_POINTS = 1500  # of the strongest points of each photograph
_RIM = 15  # pixels at the field's edge in which a point is the edge's
_RATIO = 0.85  # of the distances to the nearest point and to the next (Lowe)
_OFF = 4.0  # pixels that a matched point may be off
_FEWEST = 20  # points that agree: photographs of different eyes have up to nine
_ENOUGH = 40  # points from which shear is fitted as well
_STRETCH = 1.15  # longest over shortest axis, beyond which it is no photograph of the same eye
_SCALES = (0.5, 2.0)
_TILE, _STEP, _SEARCH = (
    40,
    40,
    10,
)  # pixels: half a tile, between tiles, around in which it is sought
_LIKE = 0.35  # correlation from which a tile is found
_HELD = 0.4  # share of the tiles that must be found
_ERROR = 0.25  # disc diameters: a fit that is farther off does not hold
_WIDE = 0.5  # disc diameters between two places of one landmark, beyond which it is in doubt

NOT_ONE_EYE = (
    "The photographs cannot be laid on each other: their vessels do not match, so they do not look "
    "like the same eye."
)
NOTHING = (
    "The photographs cannot be laid on each other: too few vessels are sharp in both, and disc and "
    "fovea were not found in both."
)
BY_LANDMARKS = "Laid on each other by disc and fovea alone."
UNCHECKED = (
    "Too few vessels are sharp to check that both photographs show the same eye, and how far off "
    "they lie is not known."
)


@dataclass(frozen=True, eq=False)
class Evened:
    """A photograph on the small grid: its green against the tissue around, spread made alike.

    ``values`` float32 (y, x), 0 outside the grid's mask; ``sharp`` tells whether vessels are.
    ``field`` and ``landmarks`` are in picture pixels.
    """

    grid: Reduced
    values: Plane
    sharp: bool
    field: Circle
    landmarks: Landmarks

    def diameter(self) -> float:
        """The disc's diameter on the grid, the usual one where it was not found."""
        disc = self.landmarks.disc
        return 2 * RADIUS * (disc.radius / self.field.radius if disc else USUAL)


def even(pixels: NDArray[np.uint8], field: Circle, landmarks: Landmarks) -> Evened:
    """Bring a photograph, uint8 (y, x, 3), to the grid on which two are laid on each other."""
    grid = reduce(pixels, field, RADIUS)
    mask = grid.mask.astype(np.float32)
    green = grid.pixels[..., 1]
    relative = green / np.maximum(blur_within(green, mask, _FLAT * RADIUS), 8) - 1
    inner = cv2.erode(grid.mask.astype(np.uint8), np.ones((_RIM, _RIM), np.uint8)) > 0
    smooth = cv2.GaussianBlur(relative * mask, (0, 0), 1.5)[inner]
    sharp = bool(smooth.size) and float(-np.quantile(smooth, _DARKEST)) >= SHARP
    relative = np.clip(relative, -0.5, 0.25) * mask
    spread = np.sqrt(blur_within(np.asarray(relative**2, np.float32), mask, _EVEN * RADIUS))
    values = np.clip(relative / np.maximum(spread, 0.01), -3, 3) * mask
    return Evened(grid, np.asarray(values, np.float32), sharp, field, landmarks)


def align(earlier: Evened, later: Evened) -> tuple[Alignment | None, str]:
    """How ``earlier`` lies on ``later``; None and a sentence where that cannot be told.

    Decided: where vessels do not match, disc and fovea lay one on the other only if vessels are
    not sharp in both; where they are, the photographs are of two eyes.
    """
    fit = _by_vessels(earlier, later)
    if fit is not None:
        how = f"Laid on each other by {fit.count} points of the vessels."
        doubt = _landmarks_doubt(fit.affine, earlier, later)
        return Alignment(_between(fit.affine, earlier, later), how, fit.error, doubt), ""
    if earlier.sharp and later.sharp:
        return None, NOT_ONE_EYE
    affine = _by_landmarks(earlier, later)
    if affine is None:
        return None, NOTHING
    return Alignment(_between(affine, earlier, later), BY_LANDMARKS, None, UNCHECKED), ""


def _between(affine: Affine, earlier: Evened, later: Evened) -> tuple[
    tuple[float, float, float], ...
]:  # fmt: skip
    """From grid to grid becomes from picture to picture."""
    whole = later.grid.way_back @ affine @ np.linalg.inv(earlier.grid.way_back)
    return tuple((float(a), float(b), float(c)) for a, b, c in whole)


# ---- by vessels


@dataclass(frozen=True, eq=False)
class _Fit:
    """An affine from grid to grid, of how many points, and how far off in disc diameters."""

    affine: Affine
    count: int
    error: float


def _by_vessels(earlier: Evened, later: Evened) -> _Fit | None:
    """The affine that most matched points agree on, if tiles find each other by it."""
    pairs = _matched(earlier, later)
    if len(pairs) < _FEWEST:
        return None
    here, there = (np.ascontiguousarray(pairs[:, at]) for at in (0, 1))
    cv2.setRNGSeed(0)  # the same two photographs are always laid alike
    similar, agree = cv2.estimateAffinePartial2D(
        here, there, ransacReprojThreshold=_OFF, maxIters=4000
    )
    count = 0 if agree is None else int(agree.sum())
    if similar is None or count < _FEWEST:
        return None
    chosen = np.asarray(similar, np.float64)
    if count >= _ENOUGH:
        # The eye is round and looks aside: an affine follows that better than a similarity.
        free, freely = cv2.estimateAffine2D(here, there, ransacReprojThreshold=_OFF, maxIters=4000)
        if free is not None and int(freely.sum()) >= count:
            wider = np.asarray(free, np.float64)
            if _plausible(wider):
                chosen, count = wider, int(freely.sum())
    if not _plausible(chosen):
        return None
    affine = np.vstack([chosen, [0.0, 0.0, 1.0]])
    error = _error(affine, earlier, later)
    return None if error is None or error > _ERROR else _Fit(affine, count, error)


def _matched(earlier: Evened, later: Evened) -> NDArray[np.float64]:
    """Places (n, 2, 2) of points that are alike, on the earlier grid and on the later one."""
    one, its_words = _points(earlier)
    other, other_words = _points(later)
    if min(len(one), len(other)) < _FEWEST:
        return np.zeros((0, 2, 2))
    nearest = cv2.BFMatcher().knnMatch(its_words, other_words, k=2)
    alike = [a for a, b in nearest if a.distance < _RATIO * b.distance]
    places = [(one[match.queryIdx], other[match.trainIdx]) for match in alike]
    return np.array(places, np.float64).reshape(-1, 2, 2)


def _points(evened: Evened) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    inner = cv2.erode(evened.grid.mask.astype(np.uint8), np.ones((_RIM, _RIM), np.uint8))
    grey = np.clip(evened.values * 40 + 128, 0, 255).astype(np.uint8)
    finder = cv2.SIFT.create(nfeatures=_POINTS, contrastThreshold=0.02)
    points, words = finder.detectAndCompute(grey, inner)
    places = np.array([point.pt for point in points], np.float64).reshape(-1, 2)
    return places, np.asarray(words, np.float32)


def _plausible(affine: NDArray[np.float64]) -> bool:
    long, short = np.linalg.svd(affine[:, :2], compute_uv=False)
    low, high = _SCALES
    upright = np.linalg.det(affine[:, :2]) > 0
    return bool(upright and low <= short and long <= min(high, _STRETCH * short))


def _error(affine: Affine, earlier: Evened, later: Evened) -> float | None:
    """How far off tiles of the earlier photograph lie, nine in ten; None if too few are found."""
    rows, columns = later.values.shape
    laid = cv2.warpAffine(earlier.values, affine[:2], (columns, rows), flags=cv2.INTER_LINEAR)
    covered = cv2.warpAffine(earlier.grid.mask.astype(np.float32), affine[:2], (columns, rows))
    both = (covered > 0.99) & later.grid.mask
    reach = _TILE + _SEARCH
    looked, off = 0, []
    for y in range(reach, rows - reach, _STEP):
        for x in range(reach, columns - reach, _STEP):
            tile = np.s_[y - _TILE : y + _TILE, x - _TILE : x + _TILE]
            if both[tile].mean() < 0.95:
                continue
            looked += 1
            around = later.values[y - reach : y + reach, x - reach : x + reach]
            found = cv2.matchTemplate(around, laid[tile], cv2.TM_CCOEFF_NORMED)
            down, across = np.unravel_index(int(found.argmax()), found.shape)
            if found[down, across] >= _LIKE:
                off.append(float(np.hypot(across - _SEARCH, down - _SEARCH)))
    if not looked or len(off) < _HELD * looked:
        return None
    # Whole pixels: half of one is what cannot be told.
    grid_pixels = max(float(np.quantile(off, 0.9)), 0.5)
    return grid_pixels / (0.5 * (earlier.diameter() + later.diameter()))


# ---- by disc and fovea


def _landmarks_doubt(affine: Affine, earlier: Evened, later: Evened) -> str:
    """A sentence where the vessels lay disc or fovea far from where it was found."""
    one, other = _places(earlier), _places(later)
    for name in one.keys() & other.keys():
        off = float(np.hypot(*(apply(affine, one[name][None])[0] - other[name])))
        off /= later.diameter()
        if off > _WIDE:
            return (
                f"By the vessels the {name} of the two lies {off:.1f} disc diameters apart: in "
                "one of them it is not where it should be."
            )
    return ""


def _by_landmarks(earlier: Evened, later: Evened) -> Affine | None:
    """The similarity that lays disc on disc and fovea on fovea; None without all four."""
    one, other = _places(earlier), _places(later)
    if len(one) < 2 or len(other) < 2:
        return None
    # As complex numbers, a similarity is one factor and one shift.
    here, there = (complex(*each["fovea"]) - complex(*each["disc"]) for each in (one, other))
    if not here:  # a reader may have set one on the other
        return None
    turn = there / here
    shift = complex(*other["disc"]) - turn * complex(*one["disc"])
    affine = np.array(
        [[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag], [0.0, 0.0, 1.0]]
    )
    # Beyond a quarter turn it is the other eye, whose fovea lies on the other side.
    return affine if turn.real > 0 and _plausible(affine[:2]) else None


def _places(evened: Evened) -> dict[str, NDArray[np.float64]]:
    """Disc and fovea on the grid, those that were found."""
    back = np.asarray(np.linalg.inv(evened.grid.way_back), np.float64)
    disc, fovea = evened.landmarks.disc, evened.landmarks.fovea
    found = {"disc": (disc.x, disc.y) if disc else None, "fovea": fovea}
    return {
        name: apply(back, np.array([place], np.float64))[0]
        for name, place in found.items()
        if place is not None
    }
