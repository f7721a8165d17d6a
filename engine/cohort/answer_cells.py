"""How a question is asked about many photographs, and how its answer stands in a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from engine.answers import Criterion, Decision, Heatmap, Interval, Reason
from engine.cohort.asking import Asker
from engine.cohort.results import Columns
from engine.findings.landmarks import with_caution
from engine.packs.pack import Pack
from engine.pictures import Photograph
from engine.questions import retinopathy, stage
from engine.table_cells import as_text, columns_beside
from engine.task import Task


@dataclass(frozen=True, eq=False)
class Cells:
    """An answer's cells by column, with its heatmap, warnings and reasons."""

    answer: Mapping[str, str]
    heatmap: Heatmap | None = None
    warnings: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


class Asked(Protocol):
    """A question with its pack, ready to be asked often.

    ``outcomes`` are what rows are counted by, in the order in which it is told; ``notes`` hold for
    every answer.
    """

    question: str
    pack: Pack
    columns: Columns
    outcomes: tuple[str, ...]
    notes: tuple[str, ...]

    def of(self, photograph: Photograph, criterion: Criterion | None, task: Task) -> Cells:
        """Ask about one; without a criterion no heatmap. Raises ``Refusal`` and ``Cancelled``."""


class Retinopathy:
    """Is it referable, and how many lesions of each kind are there, where the pack draws them?

    Where heatmaps are drawn by another criterion, nothing is counted. Raises ``Refusal`` where the
    pack can be asked nothing at all.
    """

    def __init__(self, pack: Pack, device: str) -> None:
        self.question = retinopathy.QUESTION
        self.pack = pack
        self.columns = Columns(
            ("probability", "low", "high", "decision", *_kinds(pack)), "decision"
        )
        self.outcomes = tuple(map(str, Decision))
        self.notes = retinopathy.notes(pack.manifest)
        self._asker = Asker(pack, device)

    def of(self, photograph: Photograph, criterion: Criterion | None, task: Task) -> Cells:
        """See ``Asked``."""
        asked = self._asker.ask(photograph, criterion, task)
        answer = with_caution(photograph, asked.answer)
        cells = {"decision": str(answer.decision)}
        if answer.probability is not None and answer.interval is not None:
            cells |= {"probability": f"{answer.probability:.6f}", **_ends(answer.interval)}
        cells |= {kind: str(count) for kind, count in answer.lesions}
        heatmap = asked.heatmap if criterion else None
        return Cells(cells, heatmap, answer.warnings, answer.reasons)


class Stage:
    """Which stage is it? A column for each of the pack's, by its name. Raises as above."""

    def __init__(self, pack: Pack, device: str) -> None:
        from engine.networks import device as devices

        part = stage.check_question(pack)
        devices.choose(device)
        pack.network()
        self.question = stage.QUESTION
        self.pack = pack
        own = ("expected_stage", "low", "high", "stage")
        self._shares = columns_beside(part.names, Columns(own, "stage").all)
        self.columns = Columns((*own, *self._shares), "stage")
        self.outcomes = (*map(as_text, part.names), str(Decision.UNGRADABLE))
        self.notes = stage.notes(pack, part)
        self._device = device

    def of(self, photograph: Photograph, criterion: Criterion | None, task: Task) -> Cells:
        """See ``Asked``."""
        answer, heatmap = stage.answer(
            photograph, self.pack, criterion, self._device, task,
            with_map=criterion is not None,
        )  # fmt: skip
        place = answer.likeliest
        said = str(Decision.UNGRADABLE) if place is None else as_text(answer.stages[place].name)
        cells = {"stage": said}
        if answer.expected_stage is not None and answer.interval is not None:
            cells |= {"expected_stage": f"{answer.expected_stage:.6f}", **_ends(answer.interval)}
        shares = [f"{share.probability:.6f}" for share in answer.stages]
        cells |= dict(zip(self._shares, shares, strict=False))  # ungradable: there are none
        return Cells(cells, heatmap, answer.warnings, answer.reasons)


def asked(question: str, pack: Pack, device: str) -> Asked:
    """The question of this name, ready. Raises ``Refusal`` where the pack cannot be asked."""
    return Stage(pack, device) if question == stage.QUESTION else Retinopathy(pack, device)


def _kinds(pack: Pack) -> tuple[str, ...]:
    """A column for each kind of lesion that the pack draws."""
    if Criterion.LESIONS not in pack.criteria:
        return ()
    from engine.networks.lesion_network import KINDS

    return KINDS


def _ends(interval: Interval) -> dict[str, str]:
    return {"low": f"{interval.low:.6f}", "high": f"{interval.high:.6f}"}
