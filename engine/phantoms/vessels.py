"""The vessel tree: arcades that arch round the macula, branching, tapering and crossing."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.phantoms.canvas import Frame, fill, soften

Points = NDArray[np.float64]

_STEP = 0.022  # field radii between points of a path
_FINEST = 0.0017  # half width below which nothing branches: some 6 pixels of 3400 across
_AVASCULAR = 0.12  # radius of the zone round the fovea that has no vessels


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

    Above and below, an artery and a vein leave the disc together, arch round the macula on the
    temporal side and run out on the nasal one; small vessels run straight to the macula and stop at
    its avascular zone. Veins are about a twelfth of the disc's diameter wide, arteries two thirds
    of that.
    """
    g = generator
    grower = _Grower(g, fovea)
    calibre = g.uniform(0.88, 1.12)
    for up in (-1.0, 1.0):
        reach = g.uniform(0.44, 0.62)
        outer = g.choice((-1.0, 1.0))
        for artery in (False, True):
            half = calibre * (0.0095 if artery else 0.014) * g.uniform(0.92, 1.08)
            apart = g.uniform(0.02, 0.06) * (outer if artery else -outer)
            root = disc + disc_radius * np.array([g.uniform(-0.02, 0.22), g.uniform(-0.06, 0.06)])
            side = g.uniform(-0.06, 0.06)
            arcade = _bezier(
                root,
                _beside(disc, side, up * (0.3 + apart)),
                _beside(disc, -0.1 + side, up * (0.62 + apart)),
                _beside(fovea, 0.38, up * (1.28 * reach + 0.1 + apart)),
                _beside(fovea, -0.3, up * (1.25 * reach + 2 * apart)),
                _beside(fovea, -0.95, up * g.uniform(0.05, 0.5)),
            )
            grower.grow(_waver(g, arcade), half, artery, 0)
            nasal = _bezier(
                root,
                _beside(disc, 0.08, up * (0.12 + 0.5 * apart)),
                _beside(disc, 0.25, up * (0.3 + apart)),
                _beside(disc, 0.5, up * g.uniform(0.3, 0.7)),
                _beside(disc, 0.9, up * g.uniform(0.3, 1.3)),
            )
            grower.grow(_waver(g, nasal), 0.6 * half, artery, 1)
    for _ in range(g.integers(4, 8)):
        angle = g.uniform(-0.75, 0.75) + (0 if g.random() < 0.35 else np.pi)
        start = disc + 0.15 * disc_radius * np.array([np.cos(angle), np.sin(angle)])
        path = _wander(g, start, angle, g.uniform(0.4, 0.75), g.uniform(-0.4, 0.4))
        grower.grow(path, 0.0034 * calibre, bool(g.random() < 0.5), 2)
    return grower.vessels


class _Grower:
    """Collects vessels as they branch."""

    def __init__(self, generator: Generator, fovea: Points) -> None:
        self.vessels: list[Vessel] = []
        self._generator = generator
        self._fovea = fovea

    def grow(self, path: Points, half: float, artery: bool, depth: int) -> None:
        """Add the vessel along ``path`` and all that branches from it."""
        g = self._generator
        # Vessels stop at the avascular zone, and beyond the field nobody sees them.
        dx, dy = (path - self._fovea).T
        x, y = path.T
        ends = np.flatnonzero((dx * dx + dy * dy < _AVASCULAR**2) | (x * x + y * y > 1.25))
        path = path[: ends[0]] if len(ends) else path
        count = len(path)
        if count < 5:
            return
        along = np.arange(count) / (count - 1)
        # It thins out at its end, and comes up rounded at its start; nothing ends bluntly.
        halves = half * (1 - (0.6 if depth < 2 else 0.5) * along)
        halves *= np.minimum(1, 0.15 + (1 - along) / 0.25)
        halves[:2] *= (0.35, 0.8)
        self.vessels.append(Vessel(path, halves, artery))
        if half < _FINEST or depth > 3:
            return
        side = g.choice((-1.0, 1.0))
        at = g.uniform(0.12, 0.24)
        while at < count * _STEP - 0.06:
            i = int(at / _STEP)
            side = -side if g.random() < 0.7 else side
            # A fork sends half the blood another way and turns little; a twig stands off steeply.
            fork = g.random() < 0.4
            child = halves[i] * (g.uniform(0.58, 0.8) if fork else g.uniform(0.25, 0.42))
            if child > _FINEST * 0.6:
                ahead = path[min(i + 2, count - 1)] - path[max(i - 2, 0)]
                stand = g.uniform(0.35, 0.65) if fork else g.uniform(0.6, 1.15)
                angle = float(np.arctan2(ahead[1], ahead[0])) + side * stand
                length = g.uniform(0.45, 0.95) if fork else g.uniform(0.18, 0.45)
                bend = side * g.uniform(-0.9, 0.5)
                self.grow(_wander(g, path[i], angle, length, bend), child, artery, depth + 1)
            at += g.uniform(0.1, 0.3)


def _beside(place: Points, x: float, y: float) -> Points:
    return np.array([place[0] + x, place[1] + y])


def _bezier(*corners: Points) -> Points:
    """A Bezier curve of degree len(corners) - 1, points about one step apart."""
    length = sum(float(np.hypot(*(b - a))) for a, b in pairwise(corners))
    t = np.linspace(0, 1, max(int(length / _STEP), 8))[:, None]
    curves = [np.broadcast_to(corner, (len(t), 2)) for corner in corners]
    while len(curves) > 1:
        curves = [(1 - t) * a + t * b for a, b in pairwise(curves)]
    return curves[0]


def _waves(
    generator: Generator, count: int, frequencies: NDArray[np.float64]
) -> NDArray[np.float64]:
    """A smooth random curve of ``count`` steps: waves per frequency, each of slope about one."""
    size, pitch, phase = generator.standard_normal((3, len(frequencies)))
    s = np.arange(count) * _STEP
    turn = np.outer(frequencies * np.exp(0.2 * pitch), s) + 3 * phase[:, None]
    waves: NDArray[np.float64] = size @ np.sin(turn)
    return waves


_SLOW = np.array([5.0, 11.0])
_QUICK = np.array([7.0, 15.0, 33.0])


def _wander(
    generator: Generator, start: Points, angle: float, length: float, bend: float
) -> Points:
    """A path that leaves ``start`` at ``angle``, turns by ``bend`` in all, and wavers."""
    count = max(int(length / _STEP), 4)
    heading = angle + bend * np.arange(count) / count + 0.13 * _waves(generator, count, _QUICK)
    path = np.empty((count, 2))
    path[0] = start
    path[1:, 0] = start[0] + _STEP * np.cumsum(np.cos(heading[:-1]))
    path[1:, 1] = start[1] + _STEP * np.cumsum(np.sin(heading[:-1]))
    return path


def _waver(generator: Generator, path: Points) -> Points:
    """Push a path sideways by a smooth curve that is nothing at its start."""
    grown = np.minimum(np.arange(len(path)) * _STEP / 0.4, 1)
    slow = 0.011 * _waves(generator, len(path), _SLOW)
    quick = generator.uniform(0.0005, 0.003) * _waves(generator, len(path), _QUICK)
    pushed: Points = path + _across(path) * (grown * (slow + quick))[:, None]
    return pushed


def _across(path: Points) -> Points:
    """The unit normal (n, 2) at every point of a line."""
    ahead = np.empty_like(path)
    ahead[1:-1] = path[2:] - path[:-2]
    ahead[0], ahead[-1] = path[1] - path[0], path[-1] - path[-2]
    length = np.sqrt(ahead[:, 0] ** 2 + ahead[:, 1] ** 2)
    normal = np.empty_like(path)
    normal[:, 0], normal[:, 1] = -ahead[:, 1], ahead[:, 0]
    normal /= np.maximum(length, 1e-12)[:, None]
    return normal


def ribbon(path: Points, half: NDArray[np.float64]) -> Points:
    """The outline (2 n, 2) of a line with half widths."""
    aside = _across(path) * half[:, None]
    outline: Points = np.concatenate([path + aside, (path - aside)[::-1]])
    return outline


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
    for vessel in sorted(vessels, key=lambda vessel: float(vessel.half.max())):
        path = frame.to_pixels(vessel.path * mirror)
        widest = float(vessel.half.max())
        # cv2 widens a smooth polygon by about half a pixel.
        half = np.maximum(vessel.half * radius - 0.4, 0.05)
        # Thin vessels hold less blood, and those under a pixel cover less of it.
        density = (0.3 + 0.7 * min(widest / 0.008, 1)) * min(1.0, 0.3 + widest * radius)
        layer = arteries if vessel.artery else veins
        fill(layer, ribbon(path, half), int(255 * density))
        strong = int((vessel.half[1:] > 0.0042).sum()) + 1
        if strong > 5 and widest * radius > 1.5:
            line = ribbon(path[1:strong], vessel.half[1:strong] * radius * 0.2)
            fill(reflex, line, 200 if vessel.artery else 80)
    edge = 0.0016 * radius
    soft = soften(arteries, edge)
    # Where they cross, the artery lies before the vein and hides it.
    return VesselLayers(soften(veins, edge) * (1 - 0.7 * soft), soft, soften(reflex, edge))


Tint = tuple[float, float, float]
TINTS: tuple[Tint, Tint, Tint] = ((0.74, 0.46, 0.54), (0.88, 0.58, 0.60), (1.08, 1.22, 1.18))
"""What veins, arteries and the light reflex leave of the retina's red, green and blue."""


def lay_vessels(
    retina: NDArray[np.float32], layers: VesselLayers, tints: tuple[Tint, Tint, Tint] = TINTS
) -> None:
    """Darken the retina where vessels run, in place; arteries over veins, the reflex on top."""
    for cover, tint in zip((layers.veins, layers.arteries, layers.reflex), tints, strict=True):
        for plane, factor in zip(retina, tint, strict=True):
            plane *= 1 + cover * np.float32(factor - 1)
