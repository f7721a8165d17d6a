"""Nerve fibres and fovea as sharp photographs show them: fine bright streaks, and a dark spot."""

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.phantoms.canvas import Frame
from engine.phantoms.ground import Anatomy

_CELLS = 440
_HALF = 1.06


def lay_fibres_and_fovea(
    retina: NDArray[np.float32], generator: Generator, frame: Frame, anatomy: Anatomy, sign: int
) -> None:
    """Lay both on ``retina`` (3, y, x), in place."""
    g = generator
    axis = (((np.arange(_CELLS) + 0.5) / _CELLS * 2 - 1) * _HALF).astype(np.float32)
    across, down = np.meshgrid(axis, axis)
    dx, dy = across - np.float32(sign * anatomy.disc[0]), down - np.float32(anatomy.disc[1])
    distance, angle = cv2.cartToPolar(dx, dy)
    # Fibres arch round the macula: their run turns with the distance from the disc.
    bend = np.float32(0.35 * sign) * np.sin(angle) * distance
    rays = g.standard_normal((12, 900), dtype=np.float32)
    column = np.mod((angle + bend) * np.float32(900 / (2 * np.pi)), 900)
    row = np.clip(distance * np.float32(7), 0, 10.99)
    streaks = cv2.remap(rays, column, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    steep = np.abs(np.sin(angle)) ** 1.5
    shown = np.exp(-(((distance - np.float32(0.4)) / np.float32(0.35)) ** 2)) * (0.2 + 0.8 * steep)
    bright = np.float32(max(g.normal(0.03, 0.025), 0)) * shown * streaks
    beside, below = np.float32(sign * anatomy.fovea[0]), np.float32(anatomy.fovea[1])
    size = g.uniform(0.02, 0.045)
    spot = np.exp(-((across - beside) ** 2 + (down - below) ** 2) / np.float32(2 * size**2))
    spot *= np.float32(max(g.normal(0.1, 0.07), 0))
    laid = frame.spread(np.stack([bright, spot]).astype(np.float32), _HALF)
    for plane, fibre, dark in zip(retina, (0.6, 1.0, 1.2), (0.4, 1.0, 0.8), strict=True):
        plane *= 1 + np.float32(fibre) * laid[0] - np.float32(dark) * laid[1]
