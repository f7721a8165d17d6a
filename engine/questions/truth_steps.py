"""How far a truth check is, in pictures that the networks are asked about."""

from collections.abc import Sequence

from engine.answers import Criterion
from engine.task import Task

A_MAP, MOVED, PAINTED = 2, 6, 4
"""How many pictures a map takes as long as, about; of how many moved ones there is one; and how
many have something painted over.
"""


class Steps:
    """Tells how far it is, in pictures that the networks are asked about: alike in their time."""

    def __init__(self, task: Task, criteria: Sequence[Criterion], forgotten: int) -> None:
        from engine.faithfulness.curves import ASKED, ASKED_RANDOM, ORDERS

        self._task = task
        of_each = ASKED + PAINTED + A_MAP * (1 + MOVED + forgotten)
        self._total = 2 + ORDERS * ASKED_RANDOM + len(criteria) * of_each
        self._done = 0
        self.over(0)

    def over(self, steps: int) -> None:
        """So many more are over."""
        self._done += steps
        self._task.progress("Checking the heatmap", self._done, self._total)
