"""Where vessels run in a fundus photograph, and to which place they come together."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.findings.reduced import Plane, Reduced, blur_within

DIRECTIONS = 12
_BACKGROUND = 0.12  # of the field's radius: standard deviation of the mean that stands for tissue
_WIDTHS = ((1.5, 4.0), (2.7, 6.0))  # of lines, across and along: standard deviations in pixels
_BRIGHTEST = 0.05  # of the background
_RIM = 9  # pixels at the mask's edge in which a line is an edge
_STRONG = 0.95  # quantile of the strengths that counts as one: exposure must not matter
_REACH = 0.6  # of the field's radius: from how far a vessel points to the disc


@dataclass(frozen=True, eq=False)
class Vessels:
    """``strength`` (y, x) of dark lines on the reduced grid, 0 to 1.5, and their ``direction``.

    ``direction`` counts twelfths of half a turn from the x axis towards y. ``convergence`` lies on
    the halved grid, 0 to 1: how much of the vessels points at a place, relative to the best one.
    """

    strength: Plane
    direction: NDArray[np.intp]
    convergence: Plane


def find_vessels(reduced: Reduced) -> Vessels:
    """Find dark lines in the green channel by matched filters, and where they converge.

    The second derivative of a Gaussian across, at twelve directions and two widths (Chaudhuri
    1989, with the zero-mean profile); each vessel then votes for the places that it points at
    (Hoover and Goldbaum 2003). Decided: steep vessels vote more, since the arcades leave the disc
    upwards and downwards.
    """
    mask = reduced.mask.astype(np.float32)
    green = reduced.pixels[..., 1]
    background = blur_within(green, mask, _BACKGROUND * reduced.radius)
    # What is brighter than tissue must not make its surroundings look like dark lines.
    relative = np.minimum(green / np.maximum(background, 8) - 1, _BRIGHTEST) * mask
    inner = cv2.erode(mask, np.ones((_RIM, _RIM), np.uint8))
    thin, thick = (
        np.stack([-cv2.filter2D(relative, -1, kernel) for kernel in _lines(*width)])
        for width in _WIDTHS
    )
    planes = np.maximum(thin, thick) * inner
    direction = planes.argmax(axis=0)
    # A blob answers alike in every direction, a line in one.
    strength = np.maximum(planes.max(axis=0) - np.maximum(planes.mean(axis=0), 0), 0)
    inside = strength[inner > 0]
    scale = float(np.quantile(inside, _STRONG)) if inside.size else 0.0
    strength = np.minimum(strength / (scale + 1e-6), 1.5).astype(np.float32)
    return Vessels(strength, direction, _convergence(strength, direction, reduced.radius // 2))


def _convergence(strength: Plane, direction: NDArray[np.intp], radius: int) -> Plane:
    votes = np.zeros((2 * radius, 2 * radius), np.float32)
    for index, kernel in enumerate(_votes(radius)):
        of_direction = np.where(direction == index, strength, 0).astype(np.float32)
        halved = cv2.resize(of_direction, (2 * radius, 2 * radius), interpolation=cv2.INTER_AREA)
        votes += cv2.filter2D(halved, -1, kernel, borderType=cv2.BORDER_CONSTANT)
    votes = np.maximum(votes, 0)
    return np.asarray(votes / max(float(votes.max()), 1e-6), np.float32)


@lru_cache
def _lines(across: float, along: float) -> tuple[Plane, ...]:
    reach = int(np.ceil(1.5 * max(2 * across, along)))
    kernels = []
    for u, v in _turned(reach):
        profile = (1 - (v / across) ** 2) * np.exp(-0.5 * (v / across) ** 2)
        kernel = profile * np.exp(-0.5 * (u / along) ** 2)
        kernel -= kernel.mean()
        kernels.append((kernel / np.abs(kernel).sum()).astype(np.float32))
    return tuple(kernels)


@lru_cache
def _votes(radius: int) -> tuple[Plane, ...]:
    """Where a vessel of each direction votes: along its line, against all that lies beside it."""
    kernels = []
    for index, (u, v) in enumerate(_turned(round(_REACH * radius))):
        far = np.hypot(u, v) / radius
        spread = (0.05 + 0.12 * far) * radius
        fading = np.clip((far - 0.06) / 0.06, 0, 1) * np.clip((_REACH - far) / 0.15, 0, 1)
        steep = 0.6 + 0.4 * np.sin(np.pi * index / DIRECTIONS)
        kernel = steep * fading / np.maximum(far, 0.15) * (np.exp(-0.5 * (v / spread) ** 2) - 0.35)
        kernels.append(kernel.astype(np.float32))
    return tuple(kernels)


def _turned(reach: int) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Coordinates along and across each direction, on a square of 2 ``reach`` + 1."""
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float64)
    turns = np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    return [
        (x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)) for turn in turns
    ]
