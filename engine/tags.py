"""Where regions' numbers and words stand on a picture: beside what they name, apart, and whole.

Decided, since a photograph may hold hundreds of regions: the numbers and words of what a reader
chose or points at stand first and always. Of the rest, the strongest first, a number stands where
it touches no other number and no words, rather where its words have room, too; its words stand
beside, right above or right below it, and only where they touch nothing at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIDE = 17.0
"""Of a tag, and how high its words are."""
_BESIDE = 4.0
"""Between a tag and its words."""
_APART = 3.0
"""Between a tag and its outline."""
_FAR = 12.0
"""The same where something runs nearer by."""
_FARTHER = tuple(_FAR + SIDE * step for step in range(1, 7))
"""The same of what was called, where nearer by something stands already."""
_LINES_OFF = 3
"""How far off its tag the words of what was called may stand."""
_CELL = 2.0
"""What is taken is held on a grid of this width: between things is up to so much room."""
_WAYS = np.array([(1.0, -1.0), (1.0, 1.0), (-1.0, -1.0), (-1.0, 1.0),
                  (0.0, -1.0), (0.0, 1.0), (1.0, 0.0), (-1.0, 0.0)])  # fmt: skip
"""From an outline to its tag: the upper and lower corners, right and left; then straight ways."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""


@dataclass(frozen=True, eq=False)
class Wanted:
    """A region's lines (n, 2), the longest first, and how wide its words are, 0 without any.

    ``called`` is what a reader chose or points at.
    """

    lines: Sequence[NDArray[np.float64]]
    wide: float = 0.0
    called: bool = False


@dataclass(frozen=True)
class Stood:
    """The upper left corners (x, y) of the tag of what stands ``at`` in those wanted, and of its
    words, None where they have no room.
    """

    at: int
    tag: tuple[float, float]
    words: tuple[float, float] | None


def stand(
    wanted: Sequence[Wanted],
    size: tuple[float, float],
    taken: Iterable[Box] = (),
    lines: Iterable[NDArray[np.float64]] = (),
) -> list[Stood]:
    """Where tags and words stand in a view of ``size`` (width, height); those without room do not.

    ``wanted`` are the strongest first, ``taken`` what else stands there, and ``lines`` (n, 2) what
    else runs there, each closed. All in one unit. Nothing
    covers a part of its own outline that lies in the view, unless the view leaves no other place.
    """
    ground = Ground(size)
    for box in taken:
        ground.take(box)
    ground.draw([*lines, *(line for each in wanted for line in each.lines)])
    order = sorted(range(len(wanted)), key=lambda at: not wanted[at].called)
    tags: dict[int, tuple[float, float]] = {}
    words: dict[int, tuple[float, float]] = {}
    for at in order:
        each = wanted[at]
        tag = _tag(ground, each, size)
        if tag is not None:
            tags[at] = tag
            ground.take((*tag, tag[0] + SIDE, tag[1] + SIDE))
            if each.called and each.wide:
                words[at] = _write(ground, tag, each.wide, size)
    for at, tag in tags.items():
        wide = wanted[at].wide
        if not wide or wanted[at].called:
            continue
        if (place := _bare(ground, tag, wide, size)) is not None:
            words[at] = place
            ground.take((*place, place[0] + wide, place[1] + SIDE))
    return [Stood(at, tag, words.get(at)) for at, tag in tags.items()]


def _tag(ground: "Ground", each: Wanted, size: tuple[float, float]) -> tuple[float, float] | None:
    """Off an end of an outline, rather where its words have room, too; None without any room."""
    aparts = (_APART, _FAR, *_FARTHER) if each.called else (_APART, _FAR)
    offered, square = _tags(each.lines, size, aparts), (SIDE, SIDE)
    if each.wide and not each.called:
        for place in offered:
            if ground.has_room(place, square) and _bare(ground, place, each.wide, size):
                return place
    return ground.best(offered, square, always=each.called)


def _bare(
    ground: "Ground", tag: tuple[float, float], wide: float, size: tuple[float, float]
) -> tuple[float, float] | None:
    """Where words touch nothing: at a side of their tag, right above it or below; None nowhere."""
    offered = [*_sides(tag, wide), *_off(tag, wide, size[0], 1)]
    return next((at for at in offered if ground.has_room(at, (wide, SIDE))), None)


def _write(
    ground: "Ground", tag: tuple[float, float], wide: float, size: tuple[float, float]
) -> tuple[float, float]:
    """The words of what was called, which stand in any case: by its tag, or a few lines off it."""
    held = [
        (_held(left, size[0] - wide), _held(top, size[1] - SIDE)) for left, top in _sides(tag, wide)
    ]
    box = (wide, SIDE)
    off = [at for lines in range(1, _LINES_OFF + 1) for at in _off(tag, wide, size[0], lines)]
    best = ground.best([*_sides(tag, wide), *off], box)
    best = best or ground.best(held, box, always=True) or held[0]
    ground.take((*best, best[0] + wide, best[1] + SIDE))
    return best


def _tags(
    lines: Sequence[NDArray[np.float64]], size: tuple[float, float], aparts: Sequence[float]
) -> list[tuple[float, float]]:
    """The places of a tag, the best first: off the ends of the first line that is seen.

    Decided: not those of the box, which may lie on another region, or outside the eye. All of a
    line lies on one side of the line through its end across the way to the tag, and the tag on the
    other.
    """
    width, height = size
    for line in lines:
        x, y = line[:, 0], line[:, 1]
        seen = line[(x >= 0) & (x <= width) & (y >= 0) & (y <= height)]
        if not len(seen):
            continue
        ends = seen[(seen @ _WAYS.T).argmax(axis=0)]
        found = []
        for apart in aparts:
            off = np.where(_WAYS > 0, apart, np.where(_WAYS < 0, -apart - SIDE, -SIDE / 2))
            found += [(left, top) for left, top in (ends + off).tolist()]
        held = [(_held(left, width - SIDE), _held(top, height - SIDE)) for left, top in found]
        return [*found, *held]
    return []


def _sides(tag: tuple[float, float], wide: float) -> list[tuple[float, float]]:
    """At the right of a tag, at the left."""
    return [(tag[0] + SIDE + _BESIDE, tag[1]), (tag[0] - _BESIDE - wide, tag[1])]


def _off(
    tag: tuple[float, float], wide: float, width: float, lines: int
) -> list[tuple[float, float]]:
    """So many lines above a tag and below: begun with it, about its middle, ended with it."""
    away = SIDE + _BESIDE + (lines - 1) * SIDE
    lefts = (tag[0], tag[0] + (SIDE - wide) / 2, tag[0] + SIDE - wide)
    return [(_held(left, width - wide), tag[1] + down) for down in (-away, away) for left in lefts]


def _held(value: float, most: float) -> float:
    return max(min(value, most), 0.0)


class Ground:
    """Which parts of a view are taken by words, and which by outlines."""

    def __init__(self, size: tuple[float, float]) -> None:
        self._size = size
        shape = [int(side / _CELL) + 2 for side in (size[1], size[0])]
        self._taken = np.zeros(shape, np.bool_)
        self._drawn = np.zeros(shape, np.bool_)

    def take(self, box: Box) -> None:
        """Something stands here."""
        self._taken[self._cells(box)] = True

    def draw(self, lines: Sequence[NDArray[np.float64]]) -> None:
        """Closed lines run here, points (n, 2)."""
        if not lines:
            return
        starts = np.concatenate(lines)
        ways = np.concatenate([np.roll(line, -1, axis=0) for line in lines]) - starts
        # Of the sides that may be seen, points _CELL apart at most.
        low, high = np.minimum(starts, starts + ways), np.maximum(starts, starts + ways)
        near = ((high >= 0) & (low <= self._size)).all(axis=1)
        starts, ways = starts[near], ways[near]
        counts = (np.abs(ways).max(axis=1, initial=0) / _CELL).astype(np.intp) + 1
        sides = np.repeat(np.arange(len(counts)), counts)
        steps = np.arange(len(sides)) - np.repeat(np.cumsum(counts) - counts, counts)
        points = starts[sides] + ways[sides] * (steps / counts[sides])[:, None]
        cells = np.floor(points / _CELL).astype(np.intp)
        seen = ((cells >= 0) & (cells < self._drawn.shape[::-1])).all(axis=1)
        self._drawn[cells[seen, 1], cells[seen, 0]] = True

    def is_whole(self, box: Box) -> bool:
        """Whether all of it lies in the view."""
        left, top, right, bottom = box
        return left >= 0 and top >= 0 and right <= self._size[0] and bottom <= self._size[1]

    def is_free(self, box: Box) -> bool:
        """Whether it lies in the view and touches nothing that stands there."""
        return self.is_whole(box) and not self._taken[self._cells(box)].any()

    def is_bare(self, box: Box) -> bool:
        """Whether no outline runs through it."""
        # A line is known by points that lie _CELL apart at most.
        near = _CELL / 2
        left, top, right, bottom = box
        around = (left - near, top - near, right + near, bottom + near)
        return not self._drawn[self._cells(around)].any()

    def has_room(self, at: tuple[float, float], size: tuple[float, float]) -> bool:
        """Whether what begins at a place touches nothing at all there."""
        box = (*at, at[0] + size[0], at[1] + size[1])
        return self.is_free(box) and self.is_bare(box)

    def best(
        self,
        offered: Sequence[tuple[float, float]],
        size: tuple[float, float],
        *,
        always: bool = False,
    ) -> tuple[float, float] | None:
        """The first place that is free and bare, else the first that is free, else, ``always``,
        the first in the view.
        """
        free, whole = None, None
        for x, y in offered:
            box = (x, y, x + size[0], y + size[1])
            if self.is_free(box):
                if self.is_bare(box):
                    return x, y
                free = free or (x, y)
            elif always and whole is None and self.is_whole(box):
                whole = (x, y)
        return free or whole

    def _cells(self, box: Box) -> tuple[slice, slice]:
        left, top, right, bottom = box
        rows = slice(max(int(top // _CELL), 0), max(int(bottom // _CELL) + 1, 0))
        return rows, slice(max(int(left // _CELL), 0), max(int(right // _CELL) + 1, 0))
