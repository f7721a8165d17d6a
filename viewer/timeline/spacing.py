"""Where visits stand on a line of time: to true scale, and apart where they would overlap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Place:
    """``left`` is where a column begins, ``true`` where its day lies, both in logical pixels."""

    left: float
    true: float

    @property
    def is_pushed(self) -> bool:
        """Whether the column stands beside its day."""
        return abs(self.left - self.true) > 0.5


def spaced(days: Sequence[date], width: float, cell: float) -> tuple[Place, ...]:
    """Columns of ``cell`` width for ``days`` in their order, within ``width``.

    Between the first day and the last, time is to scale. Columns that would overlap are moved as
    little as can be, in squares, and keep their order. A ``width`` too narrow for all is exceeded.
    """
    if not days:
        return ()
    span = max(width, cell * len(days)) - cell
    whole = (days[-1] - days[0]).days
    true = [span * (day - days[0]).days / whole if whole else 0.0 for day in days]
    # Without the room of those before, columns only need to stay in order: pools of equal places.
    pools: list[tuple[float, int]] = []
    for number, at in enumerate(true):
        total, count = at - number * cell, 1
        while pools and pools[-1][0] / pools[-1][1] >= total / count:
            more, others = pools.pop()
            total, count = total + more, count + others
        pools.append((total, count))
    free = span - cell * (len(days) - 1)
    lefts: list[float] = []
    for total, count in pools:
        at = min(max(total / count, 0.0), free)
        lefts += [at + number * cell for number in range(len(lefts), len(lefts) + count)]
    return tuple(Place(left, at) for left, at in zip(lefts, true, strict=True))
