"""How far a truth check is, in pictures that the networks are asked about."""

from collections.abc import Sequence

from engine.answers import Criterion
from engine.task import Task

MOVED, PAINTED = 6, 4
"""Of how many moved pictures there is a map, and how many have something painted over."""


def of_a_map(criterion: Criterion) -> int:
    """How many pictures a map by ``criterion`` takes as long as, about."""
    return 9 if criterion is Criterion.RELEVANCE else 2


class Steps:
    """Tells how far it is, in pictures that the networks are asked about: alike in their time."""

    def __init__(self, task: Task, criteria: Sequence[Criterion], forgotten: int) -> None:
        from engine.faithfulness.curves import ASKED, ASKED_RANDOM, ORDERS

        self._task = task
        maps = sum(of_a_map(each) for each in criteria) * (1 + MOVED + forgotten)
        self._total = 2 + ORDERS * ASKED_RANDOM + len(criteria) * (ASKED + PAINTED) + maps
        self._done = 0
        self.over(0)

    def over(self, steps: int) -> None:
        """So many more are over."""
        self._done += steps
        self._task.progress("Checking the heatmap", self._done, self._total)
