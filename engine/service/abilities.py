"""What the engine can do with a picture, as a table that a message is looked up in.

Heavy rooms are imported where they are used: the greeting comes first, and pictures are shown
before torch is there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from engine.answers import (
    Criterion,
    Heatmap,
    JointAnswer,
    Look,
    Mark,
    PackSummary,
    RetinopathyAnswer,
)
from engine.errors import Refusal
from engine.pictures import Photograph
from engine.records.forms import SignedReading
from engine.service.messages import AskStage, AskTogether, CheckTruth, Ready
from engine.stage_answers import StageAnswer
from engine.task import Task
from engine.truth_check import RemovalOrder, TruthCheck

Question = Callable[
    [Photograph, str, str, Criterion, str, Task], tuple[RetinopathyAnswer, Heatmap | None]
]
"""Photograph, pack's name, checkpoint, criterion, device and task, to answer and heatmap."""

JointQuestion = Callable[
    [Sequence[Photograph | Refusal], AskTogether, Task],
    tuple[JointAnswer, tuple[Heatmap | None, ...]],
]
"""Photographs of one patient, or why one cannot be read, to answer and a heatmap for each."""


def _stage(
    photograph: Photograph, asked: AskStage, task: Task
) -> tuple[StageAnswer, Heatmap | None]:
    from engine.packs import store
    from engine.packs.pack import load
    from engine.questions import stage

    task.progress("Checking the pack", 0, 0)
    pack = load(store.find(asked.pack, stage.QUESTION))
    return stage.answer(photograph, pack, asked.criterion, asked.device, task, asked.stage)


def _check_truth(
    photograph: Photograph, asked: CheckTruth, task: Task
) -> tuple[TruthCheck, tuple[RemovalOrder, ...]]:
    from engine.faithfulness.overlap import Outlines
    from engine.packs import store
    from engine.packs.pack import load
    from engine.questions import truth

    task.progress("Checking the pack", 0, 0)
    pack = load(store.find(asked.pack, "retinopathy"))
    marked = Outlines(asked.lesions) if asked.lesions else None
    return truth.check(
        photograph, pack, asked.criteria, asked.device, task, marked, asked.checkpoint
    )


@contextmanager
def _saving(to: Path) -> Iterator[None]:
    """Refuse in words where the file cannot be written."""
    try:
        yield
    except OSError as error:
        raise Refusal(
            f"“{to.name}” was not saved.",
            f"The folder cannot be written to: {error.strerror or 'no reason is known'}.",
            "Save it in another folder.",
        ) from error


def _draw_truth(check: TruthCheck, to: Path) -> None:
    from engine.reports import truth_figure

    with _saving(to):
        truth_figure.save(to, check)


@dataclass(frozen=True)
class Abilities:
    """The calls behind the messages. All may raise ``Refusal``; questions also ``Cancelled``."""

    prepare: Callable[[], Ready]
    questions: Mapping[str, Question]
    draw: Callable[
        [
            Photograph,
            RetinopathyAnswer | None,
            Heatmap | None,
            Look,
            Sequence[Mark],
            Path,
            StageAnswer | None,
            SignedReading | None,
        ],
        None,
    ]
    install: Callable[[Path], PackSummary]
    list_packs: Callable[[], tuple[PackSummary, ...]]
    together: Mapping[str, JointQuestion] = field(default_factory=dict)
    check_truth: Callable[
        [Photograph, CheckTruth, Task], tuple[TruthCheck, tuple[RemovalOrder, ...]]
    ] = _check_truth
    draw_truth: Callable[[TruthCheck, Path], None] = _draw_truth
    stage: Callable[[Photograph, AskStage, Task], tuple[StageAnswer, Heatmap | None]] = _stage


def _prepare() -> Ready:
    """Import what answers need, and tell what is here."""
    # Also what the first question would import: it is waited for.
    import safetensors.torch  # noqa: F401
    import scipy.special  # noqa: F401

    from engine.criteria import interface  # noqa: F401
    from engine.networks import registry  # noqa: F401
    from engine.networks.device import choose, devices
    from engine.preparation import disturbances, gradability  # noqa: F401
    from engine.questions import retinopathy  # noqa: F401

    device = choose("automatic")
    return Ready(device.name, device.reason, tuple(devices()), _list_packs())


def _retinopathy(
    photograph: Photograph,
    pack: str,
    checkpoint: str,
    criterion: Criterion,
    device: str,
    task: Task,
) -> tuple[RetinopathyAnswer, Heatmap | None]:
    from engine.packs import store
    from engine.packs.pack import load
    from engine.questions import retinopathy

    task.progress("Checking the pack", 0, 0)
    checked = load(store.find(pack, "retinopathy"))
    return retinopathy.answer(photograph, checked, criterion, device, task, checkpoint)


def _together(
    pictures: Sequence[Photograph | Refusal], asked: AskTogether, task: Task
) -> tuple[JointAnswer, tuple[Heatmap | None, ...]]:
    from engine.learning import context
    from engine.packs import store
    from engine.packs.pack import load
    from engine.questions import together

    known = None
    if asked.context:
        table = Path(asked.context)
        names = [Path(picture.path).name for picture in asked.pictures]
        known = context.of_pictures(context.read(table, context.NAMES), names, table.name)
    task.progress("Checking the pack", 0, 0)
    checked = load(store.find(asked.pack, "retinopathy"))
    how = (asked.together, asked.criterion, asked.device)
    return together.answer(pictures, checked, *how, task, known)


def _draw(
    photograph: Photograph,
    answer: RetinopathyAnswer | None,
    heatmap: Heatmap | None,
    look: Look,
    marks: Sequence[Mark],
    to: Path,
    stage: StageAnswer | None,
    reading: SignedReading | None,
) -> None:
    from engine.reports import annotated

    picture = annotated.draw(photograph, answer, heatmap, look, marks, stage, reading)
    with _saving(to):
        annotated.save(to, picture)


def _install(path: Path) -> PackSummary:
    from engine.packs import store

    installed = store.install(path)
    return next(pack for pack in store.list_packs() if pack.sha256 == installed.sha256)


def _list_packs() -> tuple[PackSummary, ...]:
    from engine.packs import store

    return store.list_packs()


SHIPPED = Abilities(
    _prepare,
    {"retinopathy": _retinopathy},
    _draw,
    _install,
    _list_packs,
    {"retinopathy": _together},
)
