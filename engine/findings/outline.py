"""The edge of a set of pixels as closed lines along the pixels' own edges."""

import numpy as np
from numpy.typing import NDArray

Corner = tuple[int, int]


def outline(cells: NDArray[np.bool_]) -> tuple[NDArray[np.float64], ...]:
    """Closed lines (n, 2) in x and y round ``cells`` (y, x), the longest first.

    Pixel i covers [i - 1/2, i + 1/2]; the last corner is not the first once more. Walked with the
    pixels at the right hand, so that lines round holes turn the other way. Pixels that touch at a
    corner alone belong together but are walked round one by one.
    """
    padded = np.pad(cells, 1)
    steps: dict[Corner, list[Corner]] = {}
    # Each side that a pixel shares with no other one, (y, x) of its corners, clockwise.
    for shift, axis, start, end in (
        (1, 0, (0, 0), (0, 1)),  # above: to the right
        (-1, 1, (0, 1), (1, 1)),  # right: down
        (-1, 0, (1, 1), (1, 0)),  # below: to the left
        (1, 1, (1, 0), (0, 0)),  # left: up
    ):
        bare = padded & ~np.roll(padded, shift, axis)
        for y, x in np.argwhere(bare).tolist():
            begin = (y + start[0], x + start[1])
            steps.setdefault(begin, []).append((y + end[0], x + end[1]))
    lines = []
    while steps:
        lines.append(_corners(_walk(steps)))
    return tuple(sorted(lines, key=_length, reverse=True))


def _length(line: NDArray[np.float64]) -> float:
    return float(np.abs(np.diff(line, axis=0, append=line[:1])).sum())


def _walk(steps: dict[Corner, list[Corner]]) -> list[Corner]:
    """One closed line, taken out of ``steps``."""
    start = at = next(iter(steps))
    heading = (0, 0)
    walked: list[Corner] = []
    while not walked or at != start:
        walked.append(at)
        y, x = at
        # Where two pixels touch at a corner: turn right, round the same pixel.
        turns = {_turn(heading, (to[0] - y, to[1] - x)): to for to in steps[at]}
        at = turns[max(turns)]
        heading = (at[0] - y, at[1] - x)
        steps[(y, x)].remove(at)
        if not steps[(y, x)]:
            del steps[(y, x)]
    return walked


def _turn(heading: Corner, step: Corner) -> int:
    """Positive for a turn to the right hand: (y, x) steps, y down."""
    return heading[1] * step[0] - heading[0] * step[1]


def _corners(walked: list[Corner]) -> NDArray[np.float64]:
    """The points at which the line turns, as (x, y) with pixel centres at whole numbers."""
    points = np.array(walked)
    before, after = np.roll(points, 1, axis=0), np.roll(points, -1, axis=0)
    bends = np.any(points - before != after - points, axis=1)
    corners: NDArray[np.float64] = points[bends][:, ::-1] - 1.5
    return corners
