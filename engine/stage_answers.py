"""What a stage pack says about one photograph: a distribution, never only its likeliest stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.answers import Criterion, Interval, PackReference, Reason
from engine.geometry import Circle


class Head(StrEnum):
    """Which of a stage network's outputs speaks (METHODS L1); the word stands in JSON."""

    VISION = "vision"
    LSTM = "lstm"


@dataclass(frozen=True)
class StageShare:
    """The calibrated probability of one stage, 0 to 1. ``grade`` is its place on the scale."""

    name: str
    grade: float
    probability: float


@dataclass(frozen=True)
class HeadAnswer:
    """What one head says by itself: its distribution, and its expected stage on the scale."""

    head: Head
    stages: tuple[StageShare, ...]
    expected_stage: float

    @property
    def likeliest(self) -> int:
        """The place of its most probable stage."""
        return _likeliest(self.stages)


@dataclass(frozen=True)
class StageAnswer:
    """What a stage pack says about one photograph of an eye.

    ``stages`` are in the scale's order, of both heads together; empty when the photograph is
    ungradable, and then ``reasons`` tells why. ``expected_stage`` is their mean on the scale's own
    grades, ``interval`` the uncertainty of its calibration. ``explained`` is the place of the stage
    whose output the heatmap explains, None without one. ``logits`` (K,) are what the stages were
    calibrated from: two visits are compared under every draw of that calibration. ``assessed``,
    ``resolution``, ``warnings`` and ``notes`` are as in a ``RetinopathyAnswer``. Whether the eye is
    referable is that answer's to say, not this one's.
    """

    question: str
    scale: str
    stages: tuple[StageShare, ...]
    expected_stage: float | None
    interval: Interval | None
    heads: tuple[HeadAnswer, ...]
    pack: PackReference
    criterion: Criterion
    explained: int | None
    assessed: Circle | None
    resolution: float | None
    device: str
    logits: tuple[float, ...] = ()
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def likeliest(self) -> int | None:
        """The place of the most probable stage; None where there is none."""
        return _likeliest(self.stages) if self.stages else None

    @property
    def heads_agree(self) -> bool:
        """Whether both heads' most probable stage is the same."""
        return len({head.likeliest for head in self.heads}) <= 1


LADDER = 5
"""Steps of the colours in which stages are shown (LOOK 4)."""


def ladder_places(stages: Sequence[StageShare]) -> tuple[float, ...]:
    """Where each stage lies on the ladder of colours, 0 to 4: at the nearest grade.

    Decided: of two nearest grades the higher. Where grades are not on 0 to 4, or two stages would
    look alike, the stages are spread over the whole ladder.
    """
    last = LADDER - 1
    near = [int(stage.grade + 0.5) for stage in stages]
    if len(set(near)) == len(near) and near and near[0] >= 0 and near[-1] <= last:
        return tuple(map(float, near))
    return tuple(last * place / max(len(stages) - 1, 1) for place in range(len(stages)))


def grade_runs(grades: Sequence[float]) -> tuple[tuple[int, int], ...] | None:
    """The first and last whole grade of each stage, by where they lie on the scale; None if none.

    A stage that puts grades together lies at their mean, so that its end follows from its start.
    Decided: of several first starts, since 1 is the mean of 0 to 2 as well, the one whose stages
    cover the grades 0 to 4 whole; else the highest.
    """
    starts = range(int(grades[0]), -1, -1) if grades else ()
    fitting = [runs for start in starts if (runs := _runs_from(start, grades))]
    whole = (runs for runs in fitting if runs[0][0] == 0 and runs[-1][1] == LADDER - 1)
    return next(whole, fitting[0] if fitting else None)


def _runs_from(start: int, grades: Sequence[float]) -> tuple[tuple[int, int], ...] | None:
    found: list[tuple[int, int]] = []
    for mean in grades:
        end = 2 * mean - start
        if end != int(end) or end < start:
            return None
        found.append((start, int(end)))
        start = int(end) + 1
    return tuple(found)


def _likeliest(stages: tuple[StageShare, ...]) -> int:
    return max(range(len(stages)), key=lambda place: stages[place].probability)
