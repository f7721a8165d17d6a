"""Many pictures, one after the other, one row each: progress, cancel, and no picture stops it."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from engine.errors import Cancelled, Refusal
from engine.task import Task

Item = TypeVar("Item")
Made = TypeVar("Made")

log = logging.getLogger(__name__)

OUR_FAULT = "Something went wrong with this picture, and it is our fault."


@dataclass(frozen=True)
class Row(Generic[Item, Made]):
    """What came of one item: ``made``, or None and the ``reason``."""

    item: Item
    made: Made | None
    reason: str = ""


def stream(
    items: Sequence[Item], make: Callable[[Item, Task], Made], what: str, task: Task
) -> Iterator[Row[Item, Made]]:
    """Make one item after the other, in their order; nothing is kept.

    ``make`` gets a task that is cancelled with this one and tells nothing. What it refuses, and
    what goes wrong in it, becomes the reason of that row. Raises ``Cancelled`` between two rows or
    within one.
    """
    step = task.quietly()
    for item in task.over(items, what, len(items)):
        try:
            made = make(item, step)
        except Cancelled:
            raise
        except Refusal as refusal:
            yield Row(item, None, refusal.reason)
        except Exception as fault:  # a night's work does not end at one picture
            log.warning("%s in one of many pictures", type(fault).__name__)
            yield Row(item, None, OUR_FAULT)
        else:
            yield Row(item, made)
