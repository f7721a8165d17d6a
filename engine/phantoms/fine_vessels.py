"""The fine end of a vessel tree: tortuous twigs down to two pixels, and the rest made to waver."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.phantoms.canvas import Frame
from engine.phantoms.vessels import Vessel

_STEP = 0.008  # field radii between points of a twig
_LONGEST = 64  # points
_CLEAR = 0.11  # radius of the zone round the fovea that twigs do not enter
_HALF = 1.15  # how far the wavering is drawn beyond the field


@dataclass(frozen=True, eq=False)
class Twigs:
    """Fine vessels: points (n, k, 2) in field radii of a right eye, of which ``counts`` (n,) are
    drawn; half widths (n,) in field radii; how dark each is (n,), 0 to 1.
    """

    points: NDArray[np.float64]
    counts: NDArray[np.intp]
    half: NDArray[np.float64]
    dark: NDArray[np.float64]


def waver(generator: Generator, tree: list[Vessel]) -> list[Vessel]:
    """The same tree on a retina that is bent a little everywhere: branches stay on their stems."""
    g = generator
    points = np.concatenate([vessel.path for vessel in tree])
    moved = np.zeros_like(points)
    at = ((points / _HALF + 1) / 2).astype(np.float32)
    for cells, size in ((7, g.uniform(0.015, 0.04)), (18, g.uniform(0.003, 0.013))):
        field = g.normal(0, size, (cells, cells, 2)).astype(np.float32)
        smooth = cv2.resize(field, (160, 160), interpolation=cv2.INTER_CUBIC)
        where = at * 159
        bent = cv2.remap(
            smooth, where[:, None, 0], where[:, None, 1], cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        moved += bent[:, 0]
    ends = np.cumsum([len(vessel.path) for vessel in tree])[:-1]
    return [
        replace(vessel, path=path)
        for vessel, path in zip(tree, np.split(points + moved, ends), strict=True)
    ]


def grow_twigs(
    generator: Generator, tree: list[Vessel], disc: tuple[float, float], fovea: tuple[float, float]
) -> Twigs:
    """Fine branches of ``tree``, and finer ones of these."""
    g = generator
    stems = _Stems(
        np.concatenate([vessel.path[1:-1] for vessel in tree]),
        np.concatenate([vessel.path[2:] - vessel.path[:-2] for vessel in tree]),
        np.concatenate([vessel.half[1:-1] for vessel in tree]),
        np.concatenate([_density(vessel) for vessel in tree]),
    )
    stems = stems.some(np.hypot(*(stems.at - disc).T) > 0.2)
    wave = g.uniform(0.15, 0.5)  # some retinas are more tortuous than others
    dark = g.uniform(0.7, 1.4)
    grown = []
    # Branches of the arcades, their twigs, and twigs of these: ever more, shorter and finer.
    for count, length, half in (
        (g.integers(16, 42), 0.3, 0.0026),
        (g.integers(50, 130), 0.15, 0.0014),
        (g.integers(70, 260), 0.08, 0.0009),
    ):
        thick = np.flatnonzero(stems.half > half) if half > 0.002 else np.arange(len(stems.at))
        chosen = stems.some(thick[g.integers(0, len(thick), count)])
        twigs = _sprout(g, chosen, length, half, wave, dark, fovea)
        grown.append(twigs)
        stems = stems.joined(twigs)
    return Twigs(
        points=np.concatenate([twigs.points for twigs in grown]),
        counts=np.concatenate([twigs.counts for twigs in grown]),
        half=np.concatenate([twigs.half for twigs in grown]),
        dark=np.concatenate([twigs.dark for twigs in grown]),
    )


@dataclass(frozen=True, eq=False)
class _Stems:
    """Places (n, 2) where something may sprout: the run there, and how thick and dark it is."""

    at: NDArray[np.float64]
    ahead: NDArray[np.float64]
    half: NDArray[np.float64]
    dark: NDArray[np.float64]

    def some(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> "_Stems":
        return _Stems(self.at[rows], self.ahead[rows], self.half[rows], self.dark[rows])

    def joined(self, twigs: Twigs) -> "_Stems":
        """These and the places along ``twigs``, which come twice: twigs sprout most on twigs."""
        drawn = np.arange(_LONGEST - 1) < twigs.counts[:, None] * 0.8 - 1
        row = np.repeat(np.nonzero(drawn)[0], 2)
        return _Stems(
            np.concatenate([self.at, np.repeat(twigs.points[:, 1:][drawn], 2, axis=0)]),
            np.concatenate(
                [self.ahead, np.repeat(np.diff(twigs.points, axis=1)[drawn], 2, axis=0)]
            ),
            np.concatenate([self.half, twigs.half[row]]),
            np.concatenate([self.dark, twigs.dark[row]]),
        )


def _density(vessel: Vessel) -> NDArray[np.float64]:
    """How dark a vessel of the tree is drawn, at the places along it."""
    return np.full(len(vessel.path) - 2, 0.3 + 0.7 * min(float(vessel.half.max()) / 0.008, 1))


def _sprout(
    generator: Generator,
    stems: _Stems,
    length: float,
    half: float,
    wave: float,
    dark: float,
    fovea: tuple[float, float],
) -> Twigs:
    """One twig from each of ``stems``, thinner and no darker than it."""
    g, n = generator, len(stems.at)
    start, ahead = stems.at, stems.ahead
    s = np.arange(_LONGEST) * _STEP
    # Most turn towards the macula.
    inwards = ahead[:, 0] * (fovea[1] - start[:, 1]) - ahead[:, 1] * (fovea[0] - start[:, 0])
    side = np.where(g.random(n) < 0.75, np.sign(inwards), -np.sign(inwards))
    angle = np.arctan2(ahead[:, 1], ahead[:, 0]) + side * g.uniform(0.4, 1.3, n)
    heading = angle[:, None] + (g.normal(0, 1.5, n) - side)[:, None] * s
    for frequency in (18.0, 40.0, 75.0):
        turn = frequency * np.exp(0.25 * g.normal(size=n))[:, None] * s
        sway = wave * g.normal(size=n)[:, None] * (30 / frequency) ** 0.5
        heading += sway * np.sin(turn + g.uniform(0, 2 * np.pi, n)[:, None])
    steps = _STEP * np.stack([np.cos(heading), np.sin(heading)], axis=2)
    points = start[:, None] + np.cumsum(steps, axis=1) - steps[:, :1]
    counts = np.clip(length * np.exp(0.6 * g.normal(size=n)) / _STEP, 4, _LONGEST).astype(np.intp)
    near = np.hypot(points[..., 0] - fovea[0], points[..., 1] - fovea[1]) < _CLEAR
    entry = np.where(near.any(1), near.argmax(1), _LONGEST)
    widths = np.minimum(half * np.exp(0.25 * g.normal(size=n)), 0.8 * stems.half)
    shade = np.minimum(dark * g.uniform(0.35, 0.8, n), stems.dark)
    return Twigs(points, np.minimum(counts, entry), widths, np.minimum(shade, 1))


def draw_twigs(layer: NDArray[np.uint8], frame: Frame, twigs: Twigs, sign: int) -> None:
    """Draw ``twigs`` into ``layer`` uint8 (y, x); ``sign`` -1 mirrors them for a left eye."""
    places = frame.to_pixels(twigs.points * (sign, 1.0))
    fixed = np.round(places * 16).astype(np.int32)
    width = 2 * twigs.half * frame.field.radius
    # Under a pixel a vessel covers less of it, and it fades towards its end; a few shades do.
    full = twigs.dark * np.minimum(width, 1)
    for begin, end, left in ((0.7, 1.0, 0.5), (0.4, 0.7, 0.75), (0.0, 0.4, 1.0)):
        first, last = (twigs.counts * begin).astype(int), (twigs.counts * end).astype(int) + 1
        shade = np.round(12 * left * full).astype(int)
        thick = np.maximum(np.round(width * (0.6 + 0.4 * left)).astype(int), 1)
        for key in sorted(set(zip(shade.tolist(), thick.tolist(), strict=True))):
            rows = np.flatnonzero((shade == key[0]) & (thick == key[1]) & (twigs.counts > 3))
            lines = [fixed[row, first[row] : last[row]] for row in rows]
            cv2.polylines(layer, lines, False, int(255 / 12 * key[0]), key[1], cv2.LINE_AA, 4)
