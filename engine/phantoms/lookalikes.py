"""What a network took for lesions and is none: reflexes of young eyes, laser scars, confluent
drusen, and tight bends and crossings of thin vessels.

How often and how large: decided, after photographs of several clinics. They come at every grade
alike, so that nothing about an eye's grade can be read from them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.geometry import Circle
from engine.phantoms.canvas import Frame, fill, soften
from engine.phantoms.vessels import ribbon

Layer = NDArray[np.float32]
Place = tuple[float, float]
Spot = NDArray[np.float64]
_Tint = tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Landmarks:
    """Disc and fovea (2,) in field radii, as the picture shows them."""

    disc: Spot
    fovea: Spot


def lay_lookalikes(
    retina: Layer, generator: Generator, frame: Frame, disc: Place, fovea: Place
) -> bool:
    """Lay what this eye has of them on ``retina`` (3, y, x), in place, vessels and all;
    whether it has any.

    ``disc`` and ``fovea`` are in field radii, as the picture shows them.
    """
    streams = generator.spawn(len(_OFTEN))
    any_laid = False
    for stream, (lay, often) in zip(streams, _OFTEN.items(), strict=True):
        if stream.random() < often:
            lay(retina, stream, frame, Landmarks(np.array(disc), np.array(fovea)))
            any_laid = True
    return any_laid


def foveal_reflex(retina: Layer, g: Generator, frame: Frame, eye: Landmarks) -> None:
    """A bright speck in the pit of the fovea, and round the macula a ring that is seldom closed."""
    window = _window(retina, frame, eye.fovea, 0.24)
    if window is None:
        return
    part, near = window
    bright = g.uniform(0.2, 0.85)
    if g.random() < 0.8:
        layer = near.blank()
        size = g.uniform(0.005, 0.014)
        # A wide pit throws back a crescent, a narrow one a point.
        for place in g.normal(0, 0.5 * size, (int(g.integers(1, 4)), 2)):
            _disc(layer, near, eye.fovea + place, size * g.uniform(0.5, 1.0), 255)
        _tint(part, soften(layer, 0.003 * near.field.radius), _white(bright))
    if g.random() < 0.65:
        layer = near.blank()
        size, flat = g.uniform(0.07, 0.15), g.uniform(0.7, 0.95)
        start = g.uniform(0, 2 * np.pi)
        for _ in range(int(g.integers(1, 5))):
            sweep = g.uniform(0.5, 3.2)
            angle = start + np.linspace(0, sweep, 40)
            start += sweep + g.uniform(0, 1.2)
            wavy = size * (1 + 0.04 * np.sin(3 * angle + g.uniform(0, 6)))
            path = eye.fovea + np.stack([wavy * np.cos(angle), flat * wavy * np.sin(angle)], axis=1)
            half = g.uniform(0.003, 0.010) * np.sin(np.linspace(0.05, np.pi - 0.05, 40))
            fill(layer, near.to_pixels(ribbon(path, half + 0.0005)), int(g.integers(80, 230)))
        _tint(
            part, soften(layer, g.uniform(0.004, 0.009) * near.field.radius), _white(0.6 * bright)
        )


def sheen(retina: Layer, g: Generator, frame: Frame, eye: Landmarks) -> None:
    """Watered silk: patches and short glints on the macula and towards the disc."""
    window = _window(retina, frame, 0.7 * eye.fovea + 0.3 * eye.disc, 0.5)
    if window is None:
        return
    part, near = window
    layer = near.blank()
    run = float(np.arctan2(*(eye.disc - eye.fovea)[::-1]))
    for _ in range(int(g.integers(5, 40))):
        middle = eye.fovea + g.normal(0, 0.15, 2) + g.uniform(0, 0.5) * (eye.disc - eye.fovea)
        turn = run + g.normal(0, 0.5)
        along = np.linspace(-1, 1, 9)
        long, bend = g.uniform(0.008, 0.06), g.normal(0, 0.006)
        x, y = long * along, bend * along**2
        path = middle + np.stack(
            [x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)], axis=1
        )
        half = g.uniform(0.002, 0.012) * (1 - along**2) + 0.0006
        fill(layer, near.to_pixels(ribbon(path, half)), int(g.integers(30, 240)))
    _tint(
        part,
        soften(layer, g.uniform(0.002, 0.006) * near.field.radius),
        _white(g.uniform(0.12, 0.5)),
    )


def glints(retina: Layer, g: Generator, frame: Frame, eye: Landmarks) -> None:
    """Small bright dots and dashes on and beside vessels, where the retina's surface bends."""
    layer = frame.blank()
    dark = _vessels(retina, frame)
    rows, columns = np.nonzero(dark)
    if not len(rows):
        return
    unit = frame.field.radius
    for k in g.integers(0, len(rows), int(g.integers(6, 40))).tolist():
        at = np.array([columns[k] - frame.field.x, rows[k] - frame.field.y]) / unit
        far = np.hypot(*(at - eye.disc))
        if not 0.15 < far < 0.75:
            continue
        away = float(np.arctan2(*(at - eye.disc)[::-1])) + g.normal(0, 0.5)
        path = at + np.linspace(-1, 1, 7)[:, None] * g.uniform(0.003, 0.022) * np.array(
            [np.cos(away), np.sin(away)]
        )
        half = g.uniform(0.002, 0.006) * (1 - np.linspace(-0.95, 0.95, 7) ** 2) + 0.0004
        beside = g.normal(0, 0.007, 2)
        fill(layer, frame.to_pixels(ribbon(path + beside, half)), int(g.integers(90, 255)))
    _tint(retina, soften(layer, 0.0018 * unit), _white(g.uniform(0.25, 0.85)))


def laser_scars(retina: Layer, g: Generator, frame: Frame, eye: Landmarks) -> None:
    """Rows of burns outside the arcades, of one size: pale, with pigment in some or at the rim."""
    pitch, size = g.uniform(0.05, 0.1), g.uniform(0.011, 0.026)
    turn, side = g.uniform(0, np.pi), np.arange(-20, 21) * pitch
    x, y = (line.ravel() for line in np.meshgrid(side, side))
    x = x + pitch * 0.5 * (np.round(y / pitch) % 2)
    places = np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)], 1)
    places += g.normal(0, 0.17 * pitch, places.shape)
    far = np.hypot(*(places - eye.fovea).T)
    clear = (far > g.uniform(0.4, 0.6)) & (np.hypot(*(places - eye.disc).T) > 0.28)
    # Some were treated in one sector alone, and in every eye some burns have faded.
    sector = np.cos(np.arctan2(*(places - eye.fovea).T) - g.uniform(0, 2 * np.pi))
    clear &= (sector > g.choice((-1.1, -0.3, 0.4))) & (g.random(len(places)) < g.uniform(0.5, 0.95))
    places = places[clear & (np.hypot(*places.T) < 1)]
    pale, dark = frame.blank(), frame.blank()
    pigmented = g.uniform(0, 0.6)
    for place in places:
        radius = size * float(np.exp(g.normal(0, 0.18)))
        if g.random() < pigmented:
            _disc(
                dark, frame, place + g.normal(0, 0.3 * radius, 2), radius * g.uniform(0.4, 1), 200
            )
        _disc(pale, frame, place, radius, int(g.integers(100, 256)))
        if g.random() < 0.4:
            nearby = place + g.normal(0, 0.6 * radius, 2)
            _disc(pale, frame, nearby, 0.7 * radius, int(g.integers(100, 200)))
    bright = g.uniform(0.3, 1.1)
    unit = frame.field.radius
    _tint(retina, soften(pale, g.uniform(0.0025, 0.006) * unit), _white(bright))
    depth = g.uniform(0.25, 0.6)
    _tint(retina, soften(dark, 0.003 * unit), (1 - depth, 1 - depth, 1 - 0.8 * depth))


def confluent_drusen(retina: Layer, g: Generator, frame: Frame, eye: Landmarks) -> None:
    """Large soft yellow-white spots that run together on the macula."""
    window = _window(retina, frame, eye.fovea, 0.5)
    if window is None:
        return
    part, near = window
    layer = near.blank()
    heaps = eye.fovea + g.normal(0, 0.1, (int(g.integers(1, 6)), 2))
    for place in g.choice(heaps, int(g.integers(12, 70))) + g.normal(0, 0.045, 2):
        radius = min(0.011 * float(np.exp(g.normal(0, 0.4))), 0.035)
        at = place + g.normal(0, g.uniform(0.01, 0.06), 2)
        _disc(layer, near, at, radius, int(g.integers(90, 256)))
    bright = g.uniform(0.15, 0.55)
    cover = soften(layer, g.uniform(0.003, 0.007) * near.field.radius)
    _tint(part, cover, (1 + 0.45 * bright, 1 + bright, 1 + 0.4 * bright))


def knots(retina: Layer, g: Generator, frame: Frame, eye: Landmarks) -> None:
    """Thin vessels that bend back on themselves, and that cross: darker just there."""
    dark = g.uniform(0.14, 0.34)
    for _ in range(int(g.integers(3, 14))):
        far, angle = 0.2 + 0.4 * g.random(), g.uniform(0, 2 * np.pi)
        around = eye.disc if g.random() < 0.5 else eye.fovea
        middle = around + far * np.array([np.cos(angle), np.sin(angle)])
        window = _window(retina, frame, middle, 0.14)
        if window is None:
            continue
        part, near = window
        half = g.uniform(0.0012, 0.0026)
        first = _bent(g, middle)
        shade = np.zeros(part.shape[1:], np.float32)
        for path in (first, _bent(g, first[len(first) // 2]))[: 1 + int(g.random() < 0.5)]:
            layer = near.blank()
            ends = np.sin(np.linspace(0.08, np.pi - 0.08, len(path)))
            cv2.polylines(
                layer, [np.round(near.to_pixels(path) * 16).astype(np.int32)], False, 110,
                max(round(2 * half * near.field.radius), 1), cv2.LINE_AA, 4,
            )  # fmt: skip
            fill(layer, near.to_pixels(ribbon(path, half * ends + 0.0002)), 255)
            # Where two lie over one another both take their light.
            shade += soften(layer, 0.0012 * near.field.radius)
        _tint(part, np.minimum(shade, 2), (1 - 0.35 * dark, 1 - dark, 1 - 0.8 * dark))


_OFTEN: dict[Callable[..., None], float] = {
    foveal_reflex: 0.2,
    sheen: 0.1,
    glints: 0.12,
    laser_scars: 0.06,
    confluent_drusen: 0.06,
    knots: 0.3,
}


def _bent(g: Generator, middle: NDArray[np.float64]) -> NDArray[np.float64]:
    """A short path (36, 2) through ``middle`` that turns sharply once or more."""
    along = np.linspace(0, 1, 36)
    heading = g.uniform(0, 2 * np.pi) + np.zeros(36)
    for _ in range(int(g.integers(1, 4))):
        sharp = g.uniform(0.05, 0.13)
        heading += g.uniform(-2.2, 2.2) * np.tanh((along - g.uniform(0.2, 0.8)) / sharp) / 1.4
    step = g.uniform(0.09, 0.2) / 36
    path = np.cumsum(step * np.stack([np.cos(heading), np.sin(heading)], axis=1), axis=0)
    return np.asarray(middle + path - path[18])


def _vessels(retina: Layer, frame: Frame) -> NDArray[np.bool_]:
    """Where the green is much less than about it: vessels, mostly."""
    green = retina[1]
    around = cv2.blur(green, (int(0.06 * frame.field.radius) | 1,) * 2)
    return np.asarray(green < 0.82 * around)


def _window(
    retina: Layer, frame: Frame, middle: NDArray[np.float64], reach: float
) -> tuple[Layer, Frame] | None:
    """The part of ``retina`` within ``reach`` of ``middle``, a view, and its frame.

    None if that is outside the picture.
    """
    x, y = frame.to_pixels(middle)
    far = reach * frame.field.radius
    left, top = max(int(x - far), 0), max(int(y - far), 0)
    right, bottom = min(int(x + far), frame.width), min(int(y + far), frame.height)
    if right - left < 2 or bottom - top < 2:
        return None
    field = frame.field
    moved = Circle(field.x - left, field.y - top, field.radius)
    return retina[:, top:bottom, left:right], Frame(bottom - top, right - left, moved)


def _disc(
    layer: NDArray[np.uint8], frame: Frame, place: NDArray[np.float64], radius: float, value: int
) -> None:
    x, y = frame.to_pixels(place)
    around = max(round(16 * radius * frame.field.radius), 6)
    cv2.circle(layer, (round(16 * x), round(16 * y)), around, value, -1, cv2.LINE_AA, 4)


def _white(bright: float) -> _Tint:
    return 1 + 0.35 * bright, 1 + bright, 1 + 1.3 * bright


def _tint(retina: Layer, cover: Layer, tint: _Tint) -> None:
    for plane, factor in zip(retina, tint, strict=True):
        plane *= 1 + cover * np.float32(factor - 1)
