"""The vessel tree: arcades that arch round the macula, branching, tapering and crossing."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.phantoms.canvas import Frame, fill, soften

Points = NDArray[np.float64]

_STEP = 0.02  # field radii between points of a path


@dataclass(frozen=True, eq=False)
class Vessel:
    """One vessel: its middle line (n, 2) and half widths (n,), in field radii."""

    path: Points
    half: NDArray[np.float64]
    artery: bool


def grow_tree(
    generator: Generator, disc: Points, disc_radius: float, fovea: Points
) -> list[Vessel]:
    """Draw the vessel tree of a right eye (the disc to the right of the fovea), in field radii.

    Each of the four quadrants has an artery and a vein that leave the disc together; small vessels
    run straight to the macula and stop at its avascular zone.
    """
    vessels: list[Vessel] = []
    calibre = generator.uniform(0.85, 1.15)
    for up in (-1.0, 1.0):
        reach = generator.uniform(0.52, 0.68)
        for artery in (False, True):
            half = calibre * (0.0125 if artery else 0.0178) * generator.uniform(0.9, 1.1)
            beside = (
                generator.uniform(0.03, 0.09) * (1 if artery else -1) * generator.choice((-1, 1))
            )
            root = disc + disc_radius * np.array([generator.uniform(-0.05, 0.3), 0.1 * up])
            arcade = _bezier(
                root,
                disc + (generator.uniform(-0.02, 0.12), up * (0.42 + beside)),
                np.array([fovea[0] + 0.45, fovea[1] + up * (1.15 * reach + beside)]),
                np.array([fovea[0] - 0.25, fovea[1] + up * (reach + 0.12 + beside)]),
                np.array([fovea[0] - 1.0, fovea[1] + up * generator.uniform(0.25, 0.8)]),
            )
            vessels += _with_branches(generator, arcade, half, artery, fovea, 0)
            nasal = _bezier(
                root,
                disc + (0.12, up * (0.2 + 0.5 * beside)),
                disc + (0.35, up * (0.42 + beside)),
                disc + (0.6, up * generator.uniform(0.5, 0.9)),
                disc + (0.9, up * generator.uniform(0.5, 1.4)),
            )
            vessels += _with_branches(generator, nasal, 0.66 * half, artery, fovea, 0)
    for _ in range(generator.integers(3, 7)):
        artery = bool(generator.random() < 0.5)
        angle = np.pi + generator.uniform(-0.8, 0.8)
        if generator.random() < 0.4:
            angle -= np.pi
        start = disc + 0.5 * disc_radius * np.array([np.cos(angle), np.sin(angle)])
        path = _wander(generator, start, angle, generator.uniform(0.3, 0.7), 0.0)
        vessels += _with_branches(generator, path, 0.0045 * calibre, artery, fovea, 2)
    return vessels


def _bezier(*corners: Points) -> Points:
    """A Bezier curve of degree len(corners) - 1, points about one step apart."""
    level = np.stack(corners)
    length = float(np.hypot(*np.diff(level, axis=0).T).sum())
    t = np.linspace(0, 1, max(int(length / _STEP), 8))[:, None]
    curves = [np.broadcast_to(corner, (len(t), 2)) for corner in level]
    while len(curves) > 1:
        curves = [(1 - t) * a + t * b for a, b in zip(curves, curves[1:], strict=False)]
    return curves[0]


def _waves(generator: Generator, length: int) -> NDArray[np.float64]:
    """A smooth random curve, about one in size, of ``length`` steps: the vessel's tortuosity."""
    s = np.arange(length) * _STEP
    waves = np.zeros(length)
    for frequency in (6.0, 14.0, 31.0):
        amplitude, phase = generator.normal(0, 1), generator.uniform(0, 2 * np.pi)
        waves += amplitude * np.sin(frequency * generator.uniform(0.7, 1.3) * s + phase)
    return waves


def _wander(
    generator: Generator, start: Points, angle: float, length: float, bend: float
) -> Points:
    """A path that leaves ``start`` at ``angle``, turns by ``bend`` in all, and wavers."""
    count = max(int(length / _STEP), 4)
    heading = angle + np.linspace(0, bend, count) + 0.16 * _waves(generator, count)
    steps = _STEP * np.stack([np.cos(heading), np.sin(heading)], axis=1)
    return start + np.concatenate([np.zeros((1, 2)), np.cumsum(steps, axis=0)[:-1]])


def _with_branches(
    generator: Generator, path: Points, half: float, artery: bool, fovea: Points, depth: int
) -> list[Vessel]:
    """The vessel along ``path`` and all that branches from it."""
    path = _waver(generator, path) if depth == 0 else path
    # Vessels stop at the edge of the foveal avascular zone, and beyond the field nobody sees them.
    near = np.hypot(*(path - fovea).T) < 0.13
    beyond = np.hypot(*path.T) > 1.12
    ends = np.flatnonzero(near | beyond)
    path = path[: ends[0]] if len(ends) else path
    if len(path) < 5:
        return []
    along = np.linspace(0, 1, len(path))
    halves = half * (1 - (0.45 if depth == 0 else 0.6) * along)
    vessels = [Vessel(path, halves, artery)]
    if half < 0.0021 or depth > 3:
        return vessels
    length = len(path) * _STEP
    side = generator.choice((-1.0, 1.0))
    at = generator.uniform(0.08, 0.2)
    while at < length - 0.05:
        i = int(at / _STEP)
        side = -side if generator.random() < 0.75 else side
        ahead = path[min(i + 2, len(path) - 1)] - path[max(i - 2, 0)]
        angle = float(np.arctan2(ahead[1], ahead[0]) + side * generator.uniform(0.45, 1.0))
        child = halves[i] * generator.uniform(0.38, 0.68)
        if child > 0.0013:
            reach = generator.uniform(0.25, 0.5) * (0.5 + 45 * child)
            bend = -side * generator.uniform(-0.3, 0.9)
            branch = _wander(generator, path[i], angle, reach, bend)
            vessels += _with_branches(generator, branch, child, artery, fovea, depth + 1)
        at += generator.uniform(0.07, 0.2)
    return vessels


def _waver(generator: Generator, path: Points) -> Points:
    """Push a path sideways by a smooth curve that is nothing at its start."""
    ahead = np.gradient(path, axis=0)
    across = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1) / np.hypot(*ahead.T)[:, None]
    grown = np.minimum(np.arange(len(path)) * _STEP / 0.3, 1)
    return path + across * (0.013 * grown * _waves(generator, len(path)))[:, None]


def ribbon(path: Points, half: NDArray[np.float64]) -> Points:
    """The outline (2 n, 2) of a line with half widths."""
    ahead = np.gradient(path, axis=0)
    across = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)
    across *= (half / np.maximum(np.hypot(*ahead.T), 1e-12))[:, None]
    return np.concatenate([path + across, (path - across)[::-1]])


@dataclass(frozen=True, eq=False)
class VesselLayers:
    """How much of each pixel is vein, artery and light reflex, float32 (y, x), 0 to 1."""

    veins: NDArray[np.float32]
    arteries: NDArray[np.float32]
    reflex: NDArray[np.float32]


def draw_tree(frame: Frame, vessels: list[Vessel], sign: int) -> VesselLayers:
    """Draw the tree; ``sign`` -1 mirrors it for a left eye."""
    veins, arteries, reflex = frame.blank(), frame.blank(), frame.blank()
    radius = frame.field.radius
    mirror = np.array([sign, 1.0])
    # Thick over thin: a branch must not cut a pale notch into its parent.
    for vessel in sorted(vessels, key=lambda vessel: float(vessel.half[0])):
        path = frame.to_pixels(vessel.path * mirror)
        # cv2 widens a smooth polygon by about half a pixel.
        half = np.maximum(vessel.half * radius - 0.4, 0.05)
        density = 0.35 + 0.65 * min(float(vessel.half[0]) / 0.008, 1.0)
        thin = min(1.0, 0.3 + float(vessel.half[0]) * radius)
        value = int(255 * density * thin)
        fill(arteries if vessel.artery else veins, ribbon(path, half), value)
        if vessel.half[0] > 0.006 and vessel.half[0] * radius > 1.5:
            strong = vessel.half > 0.0045
            if strong.sum() > 5:
                line = ribbon(path[strong], vessel.half[strong] * radius * 0.22)
                fill(reflex, line, 255 if vessel.artery else 110)
    edge = 0.0016 * radius
    return VesselLayers(soften(veins, edge), soften(arteries, edge), soften(reflex, edge))
