"""Which of the three signs make a drawn eye severe: the 4-2-1 rule (ICDR, Wilkinson et al. 2003).

Any one suffices: more than 20 haemorrhages in each of four quadrants, veins beaded in at least two,
or intraretinal microvascular abnormalities in at least one.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from engine.phantoms.vessels import Vessel

Quadrant = tuple[int, int]
"""1 or -1 to the right and down from the field's centre, of a right eye."""
QUADRANTS: tuple[Quadrant, ...] = ((-1, -1), (1, -1), (-1, 1), (1, 1))

_BEADS = 4  # points of a beaded vein for one of the tree's: its beads are shorter than two of these
_THICK = 0.0045  # half width in field radii: thinner veins show no beads


@dataclass(frozen=True)
class Signs:
    """The signs of one eye: too many haemorrhages or not, and where the other two are."""

    bleeding: bool = False
    beaded: tuple[Quadrant, ...] = ()
    abnormal: tuple[Quadrant, ...] = ()

    @property
    def severe(self) -> bool:
        """Whether they make a grade 3."""
        return self.bleeding or len(self.beaded) >= 2 or len(self.abnormal) >= 1


def draw_signs(generator: Generator, severity: int, beading: bool) -> Signs:
    """Draw the signs of ``severity`` 0 to 4: at least one of a severe eye, none below it.

    Two proliferative eyes in five were severe before. ``beading`` is false where the vessels are
    those of a photograph.
    """
    g = generator
    if severity < 3 or (severity == 4 and g.random() > 0.4):
        return Signs()
    while True:
        bleeding, beaded, abnormal = g.random(3) < (0.6, 0.35, 0.5)
        signs = Signs(
            bool(bleeding),
            _some(g, 2) if beaded and beading else (),
            _some(g, 1) if abnormal else (),
        )
        if signs.severe:
            return signs


def _some(generator: Generator, least: int) -> tuple[Quadrant, ...]:
    chosen = generator.choice(4, generator.integers(least, 5), replace=False)
    return tuple(QUADRANTS[k] for k in chosen.tolist())


def bead(generator: Generator, tree: list[Vessel], quadrants: tuple[Quadrant, ...]) -> list[Vessel]:
    """The same tree, its thicker veins like strings of beads in ``quadrants``."""
    if not quadrants:
        return tree
    return [
        vessel
        if vessel.artery or vessel.half.max() < _THICK
        else _beaded(generator, vessel, quadrants)
        for vessel in tree
    ]


def _beaded(generator: Generator, vessel: Vessel, quadrants: tuple[Quadrant, ...]) -> Vessel:
    count = len(vessel.path)
    fine = np.linspace(0, count - 1, _BEADS * count)
    path = np.stack([np.interp(fine, np.arange(count), line) for line in vessel.path.T], axis=1)
    half = np.interp(fine, np.arange(count), vessel.half)
    x, y = path.T
    inside = np.zeros(len(path), np.bool_)
    for right, down in quadrants:
        inside |= (right * x > 0) & (down * y > 0)
    run = np.concatenate([[0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    # Beads are a few vein widths apart, never quite evenly.
    pitch = generator.uniform(0.045, 0.075)
    uneven = 0.8 * np.sin(run / 0.21 + generator.uniform(0, 6))
    beads = np.sin(2 * np.pi * run / pitch + uneven)
    swing = generator.uniform(0.3, 0.55)
    return replace(vessel, path=path, half=half * np.where(inside, 1 + swing * beads, 1))
