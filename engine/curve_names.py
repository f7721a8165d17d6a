"""Where the names of curves stand in a plot: near their lines, on none of them, and apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HEIGHT = 0.09
"""Of a name, in parts of a plot, with the air around it."""
_AIR, LETTER = 0.04, 0.018
_STEPS = 100
_FIRST = 5
"""Of the steps, where a name may begin: before it curves often rise or fall together."""
_LEVELS = np.linspace(0, 1 - HEIGHT, 47)
_NEAR = 0.02
"""Decided: a name so near to its line needs nothing that leads to it."""
_CROWDED = 0.06
"""Decided: with another line nearer than this a name could be taken for that one's."""


@dataclass(frozen=True)
class NamePlace:
    """``x`` is where a name begins and ``base`` its lower edge; ``y`` is the line's at ``x``."""

    x: float
    base: float
    y: float

    @property
    def below(self) -> bool:
        """Whether its line is above it: then it hangs from its upper edge, and is drawn there."""
        return self.base < self.y

    @property
    def edge(self) -> float:
        """That of its edges which is towards its line, and at which it is drawn."""
        return self.base + HEIGHT if self.below else self.base

    @property
    def reach(self) -> tuple[float, float]:
        """The lowest and the highest of the name and what leads to it."""
        return min(self.base, self.y), max(self.base + HEIGHT, self.y)

    @property
    def leader(self) -> tuple[float, float] | None:
        """From where to where up the plot a stroke leads from the line; None where it is near."""
        return None if abs(self.edge - self.y) <= _NEAR else (self.y, self.edge)


def width(name: str, letter: float = LETTER) -> float:
    """How wide a name is at most, in parts of a plot."""
    return _AIR + letter * len(name)


def name_places(
    names: Sequence[str],
    lines: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]],
    letter: float = LETTER,
) -> list[NamePlace]:
    """A place for each line's name: clear of all lines and names, and near to its own line.

    Lines are (x, y), x ascending from 0 to 1, y from 0 to 1; ``letter`` is how wide one is, in
    parts of the plot. Of places as near as each other, the one where the line is furthest from the
    others, and the name from them.
    """
    grid = np.linspace(0, 1, _STEPS + 1)
    y = np.array([np.interp(grid, *line) for line in lines])
    # From each step to the next a line takes all between the two.
    low, high = np.minimum(y[:, :-1], y[:, 1:]), np.maximum(y[:, :-1], y[:, 1:])
    base = _LEVELS[:, None]
    runs_through = ((low[:, None] < base + HEIGHT) & (high[:, None] > base)).any(axis=0)
    places: list[NamePlace] = []
    for number, name in enumerate(names):
        wide = width(name, letter)
        along = round(_STEPS * wide)
        windows = np.lib.stride_tricks.sliding_window_view(runs_through[:, _FIRST:], along, axis=1)
        bare = ~windows.any(axis=2)
        at = np.arange(_FIRST, _FIRST + bare.shape[1])
        left, own, others = grid[at], y[number, at], np.delete(y, number, axis=0)[:, at]
        edge = np.where(base >= own, base, base + HEIGHT)
        lowest, highest = np.minimum(own, base), np.maximum(own, base + HEIGHT)
        clear = bare.copy()
        for other, place in zip(names, places, strict=False):
            bottom, top = place.reach
            beside = (left < place.x + width(other, letter)) & (left + wide > place.x)
            clear &= ~(beside & (lowest < top) & (highest > bottom))
        between = (others[:, None] - own) * (others[:, None] - edge) < 0
        apart = np.abs(others - own).min(axis=0) if len(others) else np.zeros(len(at))
        beside_it = np.lib.stride_tricks.sliding_window_view(
            np.delete(y, number, axis=0)[:, _FIRST:-1], along, axis=1
        )[:, None]
        gaps = np.maximum(beside_it - base[..., None] - HEIGHT, base[..., None] - beside_it)
        nearest = gaps.min(axis=(0, 3), initial=_CROWDED)
        score = 0.2 * np.minimum(apart, 0.2) - np.abs(edge - own) - 0.1 * between.sum(axis=0)
        score -= 0.8 * (_CROWDED - np.maximum(nearest, 0))
        allowed = clear if clear.any() else bare
        best = np.where(allowed, score, -np.inf).argmax()
        level, column = np.unravel_index(best, score.shape)
        places.append(NamePlace(float(left[column]), float(_LEVELS[level]), float(own[column])))
    return places
