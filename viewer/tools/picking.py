"""Which drawing lies under a hand, and which of its handles."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.drawings import Drawing
from viewer.drawings.marking import Marking
from viewer.tools.shapes import handles, outlines
from viewer.tools.tool import SliceView

HANDLE_REACH = 8.0
"""A handle is 8 px wide and 16 px to the hand; all logical pixels."""
_LINE_REACH = 5.0


@dataclass(frozen=True)
class Picked:
    """A drawing and the number of its handle, None where the hand is on a line."""

    drawing: Drawing
    handle: int | None


def pick(marking: Marking, view: SliceView, at: tuple[float, float]) -> Picked | None:
    """What lies under a device position: the chosen drawing first, then the newest."""
    state = view.state
    if state.bare:
        return None
    # Qt counts from a pixel's corner, not from its centre.
    hand = (np.array(at) + 0.5) / view.ratio
    there = list(reversed(marking.on(state)))
    there.sort(key=lambda drawing: not marking.is_chosen(state.volume, drawing))
    for drawing in there:
        away = np.abs(view.place(np.array(handles(drawing))) - hand).max(axis=1)
        if away.min() <= HANDLE_REACH:
            return Picked(drawing, int(away.argmin()))
    for drawing in there:
        if any(_away(view.place(line), hand) <= _LINE_REACH for line in outlines(drawing)):
            return Picked(drawing, None)
    return None


def _away(line: NDArray[np.float64], hand: NDArray[np.float64]) -> float:
    """How far a hand is from a line of points (n, 2)."""
    starts, ways = line[:-1], np.diff(line, axis=0)
    lengths = np.maximum((ways**2).sum(axis=1), 1e-12)
    along = np.clip(((hand - starts) * ways).sum(axis=1) / lengths, 0, 1)
    return float(np.linalg.norm(starts + along[:, None] * ways - hand, axis=1).min())
