"""What a photograph shows inside its field: light, colour, detail, and how much is missing."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.preparation.field_of_view import FieldOfView
from engine.preparation.resampling import resample_box

GRID = 320  # pixels across the field at which all is measured
ASSESSED = 0.45  # of the width: radius within which all is measured (METHODS Q1.1, step 5)
SATURATED = 245.0  # a channel at or above it has lost its detail
BLACK = 0.25  # of the field's upper quartile of brightness
FLAT = 2e-4  # mean fine detail about a place: paint and paper, never a sensor's picture
VESSEL = 1.4  # grid pixels: scale at which lines are looked for


@dataclass(frozen=True)
class Appearance:
    """What was measured. Shares are 0–1; every figure is the same at every file size.

    ``brightness`` is the median of the brightest channel, 0–255. ``overexposed`` is the share that
    is saturated in red and green, ``red_lost`` in red, ``grey`` the share of what is lit that has
    no colour. ``red`` is the median of (red - green) over the brightest channel, ``green`` of
    (green - blue). ``fine`` and ``coarse`` are 98th percentiles of band-passed log green, ``peak``
    that of the fine band over its median; ``dark_lines`` is the strength of dark over that of
    bright lines; ``missing`` is the share of the circle that shows no eye.
    """

    brightness: float
    overexposed: float
    red_lost: float
    grey: float
    red: float
    green: float
    fine: float
    coarse: float
    peak: float
    dark_lines: float
    missing: float

    @classmethod
    def of(cls, pixels: NDArray[np.uint8], field: FieldOfView) -> "Appearance":
        """Measure a photograph, uint8 (y, x, 3), inside its field."""
        left, top = field.x - field.width / 2, field.y - field.width / 2
        box = resample_box(pixels, left, top, field.width, GRID)
        return cls.of_box(box, field, pixels.shape[:2])

    @classmethod
    def of_box(
        cls, box: NDArray[np.float32], field: FieldOfView, shape: tuple[int, ...]
    ) -> "Appearance":
        """Measure a field that is resampled to ``GRID``, of a photograph of ``shape`` (y, x)."""
        disk, photographed = _inside(field, shape)
        red, green, blue = (np.ascontiguousarray(box[..., channel]) for channel in range(3))
        brightest = np.maximum(np.maximum(red, green), blue)
        total = red + (green + blue)
        spread = brightest - np.minimum(np.minimum(red, green), blue)
        # No eye is shown where it is black beside the rest, grey as paper or metal, or flat.
        lit = photographed & (total >= BLACK * np.quantile(total[photographed], 0.75))
        grey = lit & (spread < 0.08 * brightest + 4)
        coloured = lit & ~grey
        detail = _Detail.of(green, coloured)
        shown = coloured & ~detail.flat
        whole = np.count_nonzero(disk)
        # What is shown is judged, unless that is next to nothing: then all that is lit.
        judged = shown if np.count_nonzero(shown) > 0.1 * whole else lit
        scale = brightest[judged] + 8  # so that the noise of black pixels has no colour
        red_lost = red[lit] >= SATURATED
        inner = cv2.erode(judged.astype(np.uint8), np.ones((9, 9), np.uint8), borderValue=0) > 0
        if not inner.any():
            inner = judged
        fine = np.abs(detail.fine[inner])
        top = float(np.quantile(fine, 0.98))
        return cls(
            brightness=float(np.median(brightest[lit])),
            overexposed=float((red_lost & (green[lit] >= SATURATED)).mean()),
            red_lost=float(red_lost.mean()),
            grey=float(grey[lit].mean()),
            red=float(np.median((red - green)[judged] / scale)),
            green=float(np.median((green - blue)[judged] / scale)),
            fine=top,
            coarse=float(np.quantile(np.abs(detail.coarse[inner]), 0.98)),
            peak=top / max(float(np.median(fine)), 1e-4),
            dark_lines=_dark_over_bright(detail.smoothed, inner),
            missing=1 - float(shown[disk].mean()),
        )


def _inside(
    field: FieldOfView, shape: tuple[int, ...]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The assessed circle on the grid, and the part of it that lies in the photograph."""
    offset = np.arange(GRID) - (GRID - 1) / 2
    square = offset**2
    disk = square[:, None] + square <= (ASSESSED * GRID) ** 2
    step = field.width / GRID
    rows, columns = field.y + step * offset, field.x + step * offset
    in_height = (rows >= -0.5) & (rows <= shape[0] - 0.5)
    in_width = (columns >= -0.5) & (columns <= shape[1] - 0.5)
    return disk, disk & in_height[:, None] & in_width


@dataclass(frozen=True, eq=False)
class _Detail:
    """Log green between two Gaussians: of 1 and 2 grid pixels, and of 4 and 8.

    A vessel's edge lives in the first, a vessel with its surround in the second, so that their
    ratio tells blur from a fundus of little contrast. ``flat`` is where nothing at all changes.
    """

    smoothed: NDArray[np.float32]
    fine: NDArray[np.float32]
    coarse: NDArray[np.float32]
    flat: NDArray[np.bool_]

    @classmethod
    def of(cls, green: NDArray[np.float32], inside: NDArray[np.bool_]) -> "_Detail":
        log = np.where(inside, np.log(green + 6), 0).astype(np.float32)
        weight = inside.astype(np.float32)

        def smooth(deviation: float) -> NDArray[np.float32]:
            # Normalised by what lies inside: the field's edge is no detail.
            over = np.maximum(cv2.GaussianBlur(weight, (0, 0), deviation), 1e-3)
            result: NDArray[np.float32] = (
                np.asarray(cv2.GaussianBlur(log, (0, 0), deviation), np.float32) / over
            ).astype(np.float32)
            return result

        fine = smooth(1) - smooth(2)
        texture = cv2.GaussianBlur(np.abs(fine) * weight, (0, 0), 3)
        flat = inside & (texture < FLAT)
        # Back to the cover's edge, whose own step the smoothing has spread into it.
        flat = cv2.dilate(flat.astype(np.uint8), np.ones((15, 15), np.uint8)) > 0
        return cls(smooth(VESSEL), fine, smooth(4) - smooth(8), flat & inside)


def _dark_over_bright(smoothed: NDArray[np.float32], inside: NDArray[np.bool_]) -> float:
    """Strength (95th percentile) of dark over bright lines, by the Hessian's eigenvalues."""
    along_x = cv2.Sobel(smoothed, cv2.CV_32F, 2, 0)
    along_y = cv2.Sobel(smoothed, cv2.CV_32F, 0, 2)
    mixed = cv2.Sobel(smoothed, cv2.CV_32F, 1, 1)
    half, mean = np.hypot((along_x - along_y) / 2, mixed), (along_x + along_y) / 2
    upper, lower = (mean + half)[inside], (mean - half)[inside]
    dark = np.maximum(upper - np.abs(lower), 0)
    bright = np.maximum(-lower - np.abs(upper), 0)
    strength = float(np.quantile(bright, 0.95))
    return float(np.quantile(dark, 0.95)) / max(strength, 1e-4)
