"""What eyes of any grade show and what is no diabetic retinopathy, though it may look like it.

Drusen, clumps of pigment, a naevus, old scars, light reflexes beside young vessels, and choroidal
vessels that shine through. How often and how large: decided, after photographs of several clinics.
"""

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.phantoms.canvas import Frame, fill, soften
from engine.phantoms.ground import Anatomy
from engine.phantoms.vessels import Vessel, ribbon

Layer = NDArray[np.float32]
_Tint = tuple[float, float, float]


def lay_harmless(
    retina: Layer,
    generator: Generator,
    frame: Frame,
    anatomy: Anatomy,
    sign: int,
) -> None:
    """Lay what this eye has of them under the vessels of ``retina`` (3, y, x), in place."""
    g = generator
    fovea = np.array(anatomy.fovea) * (sign, 1)
    has = g.random(5) < (0.5, 0.2, 0.12, 0.05, 0.05)
    if has[0]:
        _choroid(retina, g, frame, fovea)
    if has[1]:
        _drusen(retina, g, frame, fovea)
    if has[2]:
        _pigment(retina, g, frame)
    if has[3]:
        _naevus(retina, g, frame)
    if has[4]:
        _scar(retina, g, frame)


def lay_reflexes(
    retina: Layer, generator: Generator, frame: Frame, tree: list[Vessel], sign: int
) -> None:
    """Silvery streaks along the larger vessels, as in one young eye in four, in place."""
    g = generator
    if g.random() > 0.25:
        return
    layer = frame.blank()
    for vessel in tree:
        count = len(vessel.path)
        if vessel.half.max() < 0.004 or count < 14:
            continue
        for _ in range(g.integers(0, 5)):
            start, length = int(g.integers(0, count - 7)), int(g.integers(5, 16))
            part = slice(start, min(start + length, count))
            path, along = vessel.path[part], np.linspace(0, np.pi, len(vessel.path[part]))
            normal = np.gradient(path, axis=0)[:, ::-1] * (1, -1)
            normal /= np.maximum(np.hypot(*normal.T), 1e-9)[:, None]
            beside = g.choice((-1, 1)) * (vessel.half[part] + g.uniform(0.002, 0.012))
            beside += 0.002 * g.standard_normal(len(path))
            width = g.uniform(0.001, 0.005) * np.sin(along) + 0.0004
            line = ribbon((path + normal * beside[:, None]) * (sign, 1.0), width)
            fill(layer, frame.to_pixels(line), int(g.integers(60, 240)))
    shine = g.uniform(0.1, 0.6)
    _tinted(
        retina,
        soften(layer, 0.0022 * frame.field.radius),
        (1 + shine * 0.35, 1 + shine, 1 + 1.3 * shine),
    )


def _tinted(retina: Layer, cover: Layer, tint: _Tint) -> None:
    for plane, factor in zip(retina, tint, strict=True):
        plane *= 1 + cover * np.float32(factor - 1)


def _choroid(retina: Layer, g: Generator, frame: Frame, fovea: NDArray[np.float64]) -> None:
    """Orange bands with grey between, away from the macula: they show in red most."""
    cells = 200
    axis = ((np.arange(cells) + 0.5) / cells * 2 - 1).astype(np.float32)
    x, y = np.meshgrid(axis, axis)
    bands = np.zeros((cells, cells), np.float32)
    for around, size in ((int(g.integers(16, 30)), 1.0), (int(g.integers(34, 60)), 0.6)):
        noise = g.standard_normal((48, around)).astype(np.float32)
        bent = g.standard_normal((7, 7, 2)).astype(np.float32) * np.float32(0.12)
        bend = cv2.resize(bent, (cells, cells), interpolation=cv2.INTER_CUBIC)
        # Longer towards the margin: distance is drawn out against angle.
        far, angle = cv2.cartToPolar(x + bend[..., 0], y + bend[..., 1])
        across = np.mod(angle * np.float32(around / (2 * np.pi)), around)
        along = far * np.float32(around * 0.22)
        ridge = cv2.remap(noise, across, along, cv2.INTER_CUBIC, borderMode=cv2.BORDER_WRAP)
        bands += np.float32(size) * (np.float32(0.6) - np.abs(ridge))
    away = np.clip((np.hypot(x - fovea[0], y - fovea[1]) - 0.15) / g.uniform(0.25, 0.6), 0, 1)
    bands *= away.astype(np.float32) * np.float32(0.02 + 0.2 * g.random() ** 2)
    spread = frame.spread(bands[None], 1.06)[0]
    green, blue = g.uniform(-0.1, 0.5), g.uniform(-0.3, 0.2)
    for plane, share in zip(retina, (1.0, green, blue), strict=True):
        plane *= 1 + np.float32(share) * spread


def _spots(
    g: Generator, frame: Frame, places: NDArray[np.float64], radii: NDArray[np.float64], soft: float
) -> Layer:
    """Round spots (n, 2) of ``radii`` in field radii, each as dense as chance has it."""
    layer = frame.blank()
    for place, radius in zip(frame.to_pixels(places), radii * frame.field.radius, strict=True):
        centre = (round(16 * place[0]), round(16 * place[1]))
        value = int(g.integers(110, 256))
        cv2.circle(layer, centre, max(round(16 * radius), 8), value, -1, cv2.LINE_AA, 4)
    return soften(layer, soft * frame.field.radius)


def _drusen(retina: Layer, g: Generator, frame: Frame, fovea: NDArray[np.float64]) -> None:
    """Pale yellow spots round the macula: rounder, softer and paler than exudates."""
    count = int(np.clip(20 * np.exp(g.normal(0, 1)), 2, 160))
    places = fovea + g.normal(0, g.uniform(0.07, 0.4), (count, 2))
    radii = g.uniform(0.003, 0.006) * np.exp(g.normal(0, 0.4, count))
    cover = _spots(g, frame, places, radii, g.uniform(0.002, 0.006))
    bright = g.uniform(0.05, 0.3)
    _tinted(retina, cover, (1 + 0.45 * bright, 1 + bright, 1 + 0.5 * bright))


def _pigment(retina: Layer, g: Generator, frame: Frame) -> None:
    """Small clumps of pigment: brown to black, and dark in red, which blood is not."""
    count = int(g.integers(1, 14))
    places = g.uniform(-0.7, 0.7, 2) + g.normal(0, g.uniform(0.02, 0.3), (count, 2))
    radii = g.uniform(0.003, 0.007) * np.exp(g.normal(0, 0.4, count))
    dark = g.uniform(0.1, 0.4)
    _tinted(retina, _spots(g, frame, places, radii, 0.002), (1 - dark, 1 - dark, 1 - 0.8 * dark))


def _naevus(retina: Layer, g: Generator, frame: Frame) -> None:
    """A slate-grey patch of the choroid, flat and soft at its edge."""
    middle, size = g.uniform(-0.65, 0.65, 2), g.uniform(0.05, 0.2)
    places = middle + g.normal(0, 0.3 * size, (9, 2))
    cover = _spots(g, frame, places, np.full(9, 0.6 * size), g.uniform(0.012, 0.03))
    dark = g.uniform(0.12, 0.4)
    _tinted(retina, np.minimum(cover, 1), (1 - dark, 1 - 0.75 * dark, 1 - 0.4 * dark))


def _scar(retina: Layer, g: Generator, frame: Frame) -> None:
    """Patches without pigment that let the white of the eye through, in a dark rim."""
    count = int(g.integers(1, 5))
    middles = g.uniform(-0.65, 0.65, (count, 2))
    size = g.uniform(0.015, 0.07)
    places = (middles[:, None] + g.normal(0, 0.4 * size, (count, 6, 2))).reshape(-1, 2)
    rim = _spots(g, frame, places, np.full(6 * count, 0.85 * size), 0.004)
    _tinted(retina, rim, (0.72, 0.66, 0.75))
    pale = _spots(g, frame, places, np.full(6 * count, 0.6 * size), 0.003) * np.float32(0.7)
    for plane, white in zip(retina, (1.05, 0.8, 0.45), strict=True):
        plane += pale * (np.float32(white) - plane)
