"""The retina without its vessels: pigment, choroid, nerve-fibre sheen, macula and optic disc."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.phantoms.canvas import Frame

Layer = NDArray[np.float32]

_CELLS = 288
_HALF = 1.06  # the coarse grid covers a little more than the field


@dataclass(frozen=True)
class Anatomy:
    """The numbers of one retina, as a right eye, in field radii.

    ``disc`` and ``fovea`` are centres, ``disc_axes`` half widths across and down, ``cup`` the
    cup's diameter over the disc's. ``pigment`` 0 to 1 darkens, ``tessellation`` 0 to 1 shows the
    choroidal vessels, ``sheen`` 0 to 1 the nerve fibres, ``crescent`` 0 to 1 the pale or dark
    sickle beside the disc.
    """

    disc: tuple[float, float]
    disc_axes: tuple[float, float]
    cup: float
    fovea: tuple[float, float]
    colour: tuple[float, float, float]
    macula: float
    tessellation: float
    sheen: float
    crescent: float


def draw_anatomy(generator: Generator, gaze: tuple[float, float]) -> Anatomy:
    """Draw a retina; the fovea lies 2.5 disc diameters temporal of the disc, slightly below it."""
    g = generator
    radius = float(np.clip(g.normal(0.15, 0.008), 0.13, 0.172))
    fovea = (-0.27 + gaze[0] + g.normal(0, 0.03), 0.03 + gaze[1] + g.normal(0, 0.03))
    distance = 2 * radius * g.normal(2.5, 0.08)
    droop = g.normal(0.11, 0.03)  # radians: about 6 degrees below the disc's centre
    disc = (fovea[0] + distance * np.cos(droop), fovea[1] - distance * np.sin(droop))
    pigment = g.uniform(0, 1)
    # Reflectance from fair (orange, much choroid) to dark (brown), after real photographs.
    fair, dark = np.array([0.86, 0.43, 0.14]), np.array([0.62, 0.28, 0.07])
    colour = fair + (dark - fair) * pigment
    colour = colour * np.exp(g.normal(0, (0.03, 0.05, 0.2)))
    return Anatomy(
        disc=(float(disc[0]), float(disc[1])),
        disc_axes=(radius * g.uniform(0.9, 0.98), radius * g.uniform(1.0, 1.08)),
        cup=g.uniform(0.28, 0.62),
        fovea=(float(fovea[0]), float(fovea[1])),
        colour=(float(colour[0]), float(colour[1]), float(colour[2])),
        macula=g.uniform(0.25, 0.5),
        tessellation=g.uniform(0.1, 1) ** 2,
        sheen=g.uniform(0.1, 1),
        crescent=g.uniform(0, 1) if g.random() < 0.35 else 0.0,
    )


def draw_ground(generator: Generator, anatomy: Anatomy, frame: Frame, sign: int) -> Layer:
    """The retina's reflectance without vessels, float32 (3, y, x); ``sign`` -1 is a left eye.

    Soft things are drawn on a coarse grid of the whole field and spread, so that they cost the same
    and look the same at every width.
    """
    axis = (((np.arange(_CELLS) + 0.5) / _CELLS * 2 - 1) * _HALF).astype(np.float32)
    x, y = axis[None], axis[:, None]
    red, green, blue = (np.float32(value) for value in anatomy.colour)
    mottle = 0.05 * _noise(generator, 4) + 0.022 * _noise(generator, 9)
    fine = 0.008 * _noise(generator, 40) + 0.014 * _noise(generator, 130)
    # Choroidal vessels: bright bands between the ridges of a wandering noise.
    ridges = 1 - np.abs(_noise(generator, 13)) - 0.5 * np.abs(_noise(generator, 27))
    away = np.clip(np.hypot(x - anatomy.fovea[0], y - anatomy.fovea[1]) / 0.5, 0, 1)
    choroid = anatomy.tessellation * 0.16 * ridges * away
    sheen = anatomy.sheen * _fibres(generator, anatomy, x, y)
    around = (x - anatomy.fovea[0]) ** 2 + ((y - anatomy.fovea[1]) * 1.1) ** 2
    macula = anatomy.macula * (
        0.62 * np.exp(-around / np.float32(2 * 0.17**2))
        + 0.38 * np.exp(-around / np.float32(2 * 0.055**2))
    )
    macula -= 0.05 * np.exp(-around / np.float32(2 * 0.008**2))  # the foveal light reflex
    base = np.empty((3, _CELLS, _CELLS), np.float32)
    shown = 1 + mottle + choroid + fine
    base[0] = red * (1 + 0.55 * (shown - 1) + 0.1 * sheen) * (1 - 0.55 * macula)
    base[1] = green * (shown + 0.26 * sheen) * (1 - 0.95 * macula)
    base[2] = blue * (shown + 0.4 * sheen) * (1 - 0.8 * macula)
    if sign < 0:
        base = np.ascontiguousarray(base[..., ::-1])
    ground = frame.spread(base, _HALF)
    _lay_disc(ground, generator, anatomy, frame, sign)
    return ground


def _noise(generator: Generator, cells: int) -> Layer:
    """Smooth noise of about ``cells`` bumps across the field, sd near 1, on the coarse grid."""
    coarse = generator.standard_normal((cells, cells), dtype=np.float32)
    smooth = cv2.resize(coarse, (_CELLS, _CELLS), interpolation=cv2.INTER_CUBIC)
    return np.asarray(smooth, np.float32)


def _fibres(generator: Generator, anatomy: Anatomy, x: Layer, y: Layer) -> Layer:
    """The nerve-fibre sheen: fine rays that leave the disc, strongest along the arcades."""
    dx, dy = x - np.float32(anatomy.disc[0]), y - np.float32(anatomy.disc[1])
    distance, angle = _polar(dx, dy)
    rays = generator.standard_normal((6, 220), dtype=np.float32)
    row = np.clip(distance * 4, 0, 4.99).astype(np.float32)
    column = np.mod(angle * np.float32(219 / (2 * np.pi)), 219).astype(np.float32)
    streaks = cv2.remap(rays, column, row, cv2.INTER_LINEAR)
    steep = np.abs(np.sin(angle)) ** 2
    strength = np.exp(-((distance - 0.3) ** 2) / np.float32(2 * 0.22**2)) * (0.15 + 0.85 * steep)
    sheen: Layer = (strength * (0.75 + 0.3 * streaks)).astype(np.float32)
    return sheen


def _lay_disc(
    ground: Layer, generator: Generator, anatomy: Anatomy, frame: Frame, sign: int
) -> None:
    """Paint rim, cup and crescent into ``ground``, in place."""
    half_x, half_y = anatomy.disc_axes
    fair = (anatomy.colour[0] / 0.74) ** 0.5  # a fair fundus has a bright disc
    rim = fair * np.array([1.0, 0.63, 0.34]) * generator.normal(1, 0.025, 3)
    cup = fair * np.array([1.06, 0.86, 0.52]) * generator.normal(1, 0.025, 3)
    cup_shift = np.array([-generator.uniform(0.0, 0.12), generator.uniform(-0.05, 0.05)])
    phases = generator.uniform(0, 2 * np.pi, 3)
    pale = generator.random() < 0.5
    centre = frame.to_pixels(np.array(anatomy.disc) * (sign, 1))
    reach = 1.7 * half_y * frame.field.radius
    left, right = (int(np.clip(centre[0] + s * reach, 0, frame.width)) for s in (-1, 1))
    top, bottom = (int(np.clip(centre[1] + s * reach, 0, frame.height)) for s in (-1, 1))
    if right <= left or bottom <= top:
        return
    x, y = frame.grid()
    u = (sign * x[:, left:right] - np.float32(anatomy.disc[0])) / np.float32(half_x)
    v = (y[top:bottom] - np.float32(anatomy.disc[1])) / np.float32(half_y)
    radius, angle = _polar(u, v)
    for k, phase in enumerate(phases, start=2):
        radius = radius * (1 + np.float32(0.018) * np.cos(k * angle + np.float32(phase)))
    beside = np.hypot(u + np.float32(0.22), v * np.float32(0.98))
    disc = _inside(radius, 1.0, 0.085)
    sickle = anatomy.crescent * _inside(beside, 1.06, 0.06) * (1 - disc)
    tone = (1.0, 0.72, 0.42) if pale else (0.45, 0.24, 0.13)
    hollow = _inside(
        np.hypot(u - np.float32(cup_shift[0]), (v - np.float32(cup_shift[1])) * np.float32(0.95)),
        anatomy.cup,
        0.17,
    )
    halo = 1 + 0.1 * _inside(radius, 1.2, 0.3)
    shade = 1 - 0.1 * np.clip(u, -1, 1) - 0.06 * radius
    # The rim is pinker on the nasal side, where the fibres crowd.
    pinker = (0.0, -0.07, -0.05)
    for channel, plane in enumerate(ground[:, top:bottom, left:right]):
        plane += np.float32(0.7) * sickle * (np.float32(tone[channel]) - plane)
        plane *= halo
        rim_here = np.float32(rim[channel]) * shade * (1 + pinker[channel] * np.clip(u, -0.6, 1))
        plane += np.float32(0.93) * disc * (rim_here - plane)
        plane += np.float32(0.8) * hollow * (np.float32(cup[channel]) - plane)


def _polar(x: Layer, y: Layer) -> tuple[Layer, Layer]:
    """Distance and angle (0 to 2 pi) on the grid of a row ``x`` and a column ``y``."""
    across = np.ascontiguousarray(np.broadcast_to(x, (y.shape[0], x.shape[1])))
    down = np.ascontiguousarray(np.broadcast_to(y, across.shape))
    distance, angle = cv2.cartToPolar(across, down)
    return np.asarray(distance, np.float32), np.asarray(angle, np.float32)


def _inside(radius: Layer, edge: float, soft: float) -> Layer:
    """1 well inside ``edge``, 0 well outside, a smooth step of half width ``soft`` between."""
    t = np.clip((edge + soft - radius) / np.float32(2 * soft), 0, 1)
    step: Layer = (t * t * (3 - 2 * t)).astype(np.float32)
    return step
