"""What lies between eye and picture: eyelashes, reflections of the lens, dirt on the sensor."""

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.phantoms.canvas import Frame

_CELLS = 160
_HALF = 1.06


def lay_artefacts(retina: NDArray[np.float32], generator: Generator, frame: Frame) -> None:
    """Lay what this photograph has of them on ``retina`` (3, y, x), in place; most have none."""
    g = generator
    lashes, flare, dirt = g.random(3) < (0.06, 0.15, 0.3)
    if lashes:
        retina *= 1 - frame.spread(_lashes(g)[None], _HALF)
    if flare:
        cover, colour = _flare(g)
        for plane, light in zip(retina, colour, strict=True):
            plane += np.float32(light) * frame.spread(cover[None], _HALF)[0]
    if dirt:
        _dirt(retina, g, frame)


def _lashes(g: Generator) -> NDArray[np.float32]:
    """Dark curved streaks, far out of focus, from the lower or the upper margin."""
    layer = np.zeros((_CELLS, _CELLS), np.float32)
    for _ in range(g.integers(3, 12)):
        x, lean, reach = g.uniform(0.1, 0.9), g.normal(0, 0.25), g.uniform(0.1, 0.45)
        t = np.linspace(0, 1, 12)
        line = np.stack([x + lean * reach * t + 0.1 * lean * t * t, 1 - reach * t], axis=1)
        points = np.round(line * _CELLS * 16).astype(np.int32)
        cv2.polylines(layer, [points], False, 1.0, int(g.integers(1, 4)), cv2.LINE_AA, 4)
    soft = cv2.GaussianBlur(layer, (0, 0), g.uniform(1.2, 3.5))
    dark: NDArray[np.float32] = np.minimum(soft, 1) * np.float32(g.uniform(0.25, 0.7))
    return dark if g.random() < 0.6 else np.ascontiguousarray(dark[::-1])


def _flare(g: Generator) -> tuple[NDArray[np.float32], tuple[float, float, float]]:
    """A pale sickle at the margin, or a soft spot near the middle; white, blue or yellow."""
    axis = ((np.arange(_CELLS, dtype=np.float32) + 0.5) / _CELLS * 2 - 1) * np.float32(_HALF)
    x, y = axis[None], axis[:, None]
    angle = g.uniform(0, 2 * np.pi)
    if g.random() < 0.6:
        far, wide = g.uniform(0.15, 0.7), g.uniform(0.7, 1.1)
        off = np.hypot(x + far * np.cos(angle), y + far * np.sin(angle))
        cover = np.clip((off - wide) / g.uniform(0.2, 0.6), 0, 1)
    else:
        place = g.uniform(0, 0.5)
        off = np.hypot(x - place * np.cos(angle), y - place * np.sin(angle))
        cover = np.exp(-((off / g.uniform(0.02, 0.15)) ** 2))
    colours = ((0.5, 0.45, 0.4), (0.2, 0.25, 0.5), (0.5, 0.4, 0.1))
    return (cover * np.float32(g.uniform(0.1, 0.7))).astype(np.float32), colours[g.integers(3)]


def _dirt(retina: NDArray[np.float32], g: Generator, frame: Frame) -> None:
    """Dark soft specks that are grey, not red: the same in every colour."""
    radius = frame.field.radius
    for _ in range(g.integers(1, 4)):
        place = frame.to_pixels(g.uniform(-0.7, 0.7, 2))
        sigma = g.uniform(0.005, 0.014) * radius
        reach = int(4 * sigma) + 1
        column, row = int(place[0]), int(place[1])
        if not (reach < row < frame.height - reach and reach < column < frame.width - reach):
            continue
        offset = np.arange(-reach, reach + 1, dtype=np.float32)
        bump = np.exp(-0.5 * (offset / np.float32(sigma)) ** 2)
        speck = np.minimum(bump[:, None] * bump * np.float32(1.6), 1) * np.float32(
            g.uniform(0.05, 0.35)
        )
        part = np.s_[:, row - reach : row + reach + 1, column - reach : column + reach + 1]
        retina[part] *= 1 - speck
