"""What is known of a photograph of a visit, and what of it is still to be asked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from engine.answers import Decision, PackSummary, RetinopathyAnswer
from engine.stage_answers import StageAnswer
from viewer.photograph.readings import Question


class Part(Enum):
    """What is asked of a photograph, in this order."""

    SMALL = auto()
    REFERABLE = auto()
    STAGE = auto()
    REGIONS = auto()


@dataclass
class Told:
    """What is known of one content; ``question`` is the one whose map its regions are of."""

    referable: RetinopathyAnswer | None = None
    question: Question | None = None
    stage: StageAnswer | None = None
    regions: int | None = None
    given_up: dict[Part, str] = field(default_factory=dict)
    """Why there is no answer to a part, in sentences; empty words where none are needed."""

    def open(
        self, question: Question | None, stage: PackSummary | None, *, again: bool, mapped: bool
    ) -> Iterator[Part]:
        """What is still to be asked of ``question`` and the ``stage`` pack.

        With ``again`` also what other packs have answered; ``mapped`` is whether its map is there.
        """
        refused = self.referable is not None and self.referable.decision is Decision.UNGRADABLE
        seals = {
            Part.REFERABLE: (self.referable, question and question.sha256),
            # No stage is told of what cannot be graded.
            Part.STAGE: (self.stage, None if refused else stage and stage.sha256),
        }
        for part, (answer, seal) in seals.items():
            other = answer is not None and answer.pack.sha256 != seal
            if seal and part not in self.given_up and (answer is None or (again and other)):
                yield part
        wanted = self.regions is None and mapped and self.referable is not None
        if wanted and Part.REGIONS not in self.given_up:
            yield Part.REGIONS
