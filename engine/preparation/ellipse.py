"""The upright ellipse on which most of some points lie: a round field that was stretched."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

SAMPLES = 200  # of four points: where half of all lie on the ellipse, a dozen of them do
THINNED = 200  # points that are asked whether they lie on a sample's ellipse
CLOSE = 0.005  # of the mean radius: how near is on it, for a sample
NEAR = 0.02  # likewise, for the points that the last fits are made of
FEWEST = 30  # points that an ellipse needs
MOST_STRETCHED = 2.0  # beyond, it is no photograph that was exported wrongly


@dataclass(frozen=True)
class Ellipse:
    """An ellipse whose axes lie along the picture's: its centre, and half of its axes."""

    x: float
    y: float
    across: float
    down: float

    @property
    def mean_radius(self) -> float:
        """Of the circle of the same area."""
        return float(np.sqrt(self.across * self.down))

    def residuals(self, points: Points) -> NDArray[np.float64]:
        """How far outside each of ``points`` (n, 2) lies, as the circle that it was would tell."""
        far = np.hypot((points[:, 0] - self.x) / self.across, (points[:, 1] - self.y) / self.down)
        return (far - 1) * self.mean_radius


def fit_ellipse(points: Points) -> Ellipse | None:
    """The ellipse on which most of ``points`` (n, 2), x and y, lie; None where there is none.

    Decided: its axes lie along the picture's, since files are stretched in width or height.
    OpenCV's ellipses turn freely, and are drawn by every point that does not lie on them.
    """
    if len(points) < FEWEST:
        return None
    middle, scale = points.mean(axis=0), float(points.std())
    near = (points - middle) / scale
    found = _consensus(near)
    for _ in range(4):
        if found is None:
            return None
        residuals = np.abs(found.residuals(near))
        on_it = residuals < NEAR * found.mean_radius
        if np.count_nonzero(on_it) < FEWEST:
            return None
        spread = 1.4826 * float(np.median(residuals[on_it]))
        kept = near[residuals < max(2.5 * spread, 0.5 / scale)]
        found = _least_squares(kept) if len(kept) >= FEWEST else None
    if found is None:
        return None
    x, y = middle + scale * np.array([found.x, found.y])
    return Ellipse(float(x), float(y), scale * found.across, scale * found.down)


def _consensus(points: Points) -> Ellipse | None:
    """The ellipse through four of the points that most of the others lie on."""
    generator = np.random.default_rng(0)  # the same photograph gives the same field, always
    thinned = points[:: max(1, len(points) // THINNED)]
    fours = thinned[generator.integers(0, len(thinned), (SAMPLES, 4))]
    rows = np.concatenate([fours[..., 1:] ** 2, fours, np.ones((SAMPLES, 4, 1))], axis=2)
    proper = np.abs(np.linalg.det(rows)) > 1e-4
    solved = np.linalg.solve(rows[proper], -(fours[proper, :, :1] ** 2))[..., 0]
    x, y, across, down = _shape(solved)
    possible = np.isfinite(across)
    if not possible.any():
        return None
    x, y, across, down = (each[possible] for each in (x, y, across, down))
    far = np.hypot((thinned[:, :1] - x) / across, (thinned[:, 1:] - y) / down)
    best = int((np.abs(far - 1) < CLOSE).sum(axis=0).argmax())
    return Ellipse(float(x[best]), float(y[best]), float(across[best]), float(down[best]))


def _least_squares(points: Points) -> Ellipse | None:
    """The ellipse x² + k y² + a x + b y + c = 0 nearest to the points (linear least squares)."""
    rows = np.column_stack([points[:, 1] ** 2, points, np.ones(len(points))])
    solved, *_ = np.linalg.lstsq(rows, -(points[:, 0] ** 2), rcond=None)
    x, y, across, down = _shape(np.asarray(solved, np.float64))
    return Ellipse(float(x), float(y), float(across), float(down)) if np.isfinite(across) else None


def _shape(solved: NDArray[np.float64]) -> NDArray[np.float64]:
    """Centre and half axes (4, ...) by k, a, b, c (..., 4); nothing where they make no ellipse."""
    k, a, b, c = np.moveaxis(solved, -1, 0)
    possible = (k > MOST_STRETCHED**-2) & (k < MOST_STRETCHED**2)
    k = np.where(possible, k, 1)
    x, y = -a / 2, -b / (2 * k)
    square = x**2 + k * y**2 - c
    across = np.sqrt(np.where(possible & (square > 0), square, np.nan))
    return np.stack([x, y, across, across / np.sqrt(k)])
