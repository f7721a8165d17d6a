"""What the engine can do with a picture, as a table that a message is looked up in.

Heavy rooms are imported where they are used: the greeting comes first, and pictures are shown
before torch is there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from engine.answers import Criterion, Heatmap, Look, PackSummary, RetinopathyAnswer
from engine.pictures import Photograph
from engine.service.messages import Ready
from engine.task import Task

if TYPE_CHECKING:
    from engine.packs.pack import Pack

Question = Callable[
    [Photograph, str, Criterion, str, Task], tuple[RetinopathyAnswer, Heatmap | None]
]
"""Photograph, pack's name, criterion, device setting and task, to answer and heatmap."""


@dataclass(frozen=True)
class Abilities:
    """The calls behind the messages. All may raise ``Refusal``; questions also ``Cancelled``."""

    prepare: Callable[[], Ready]
    questions: Mapping[str, Question]
    draw: Callable[
        [Photograph, RetinopathyAnswer | None, Heatmap | None, Look, Path],
        None,
    ]
    install: Callable[[Path], PackSummary]
    list_packs: Callable[[], tuple[PackSummary, ...]]


def _prepare() -> Ready:
    """Import what answers need, and tell what is here."""
    from engine.networks.device import choose, devices

    device = choose("automatic")
    return Ready(device.name, device.reason, tuple(devices()), _list_packs())


def _retinopathy(
    photograph: Photograph, pack: str, criterion: Criterion, device: str, task: Task
) -> tuple[RetinopathyAnswer, Heatmap | None]:
    from engine.packs import store
    from engine.questions import retinopathy

    folder = store.find(pack, "retinopathy")
    return retinopathy.answer(photograph, _pack(folder), criterion, device, task)


@lru_cache(maxsize=2)
def _pack(folder: Path) -> "Pack":
    """A checked pack; its folder never changes once it is installed."""
    from engine.packs.pack import load

    return load(folder)


def _draw(
    photograph: Photograph,
    answer: RetinopathyAnswer | None,
    heatmap: Heatmap | None,
    look: Look,
    to: Path,
) -> None:
    from engine.reports import annotated

    annotated.save(to, annotated.draw(photograph, answer, heatmap, look))


def _install(path: Path) -> PackSummary:
    from engine.packs import store

    installed = store.install(path)
    return next(pack for pack in store.list_packs() if pack.sha256 == installed.sha256)


def _list_packs() -> tuple[PackSummary, ...]:
    from engine.packs import store

    return store.list_packs()


SHIPPED = Abilities(_prepare, {"retinopathy": _retinopathy}, _draw, _install, _list_packs)
