"""What the timeline shows, in words and numbers: columns of visits, a cell for each eye."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtGui import QImage

from engine.answers import Decision, RetinopathyAnswer
from engine.pictures import Laterality
from engine.stage_answers import StageAnswer
from engine.telling import stage_words, words
from viewer.photograph import dates

HIDDEN = "Hidden until you sign"


@dataclass(frozen=True)
class Reader:
    """What the reader said of a photograph: ``grade`` None if it is ungradable."""

    grade: int | None
    signed: bool

    @property
    def words(self) -> str:
        """Beside the ring."""
        return "read" if self.signed else "draft"

    @property
    def sentence(self) -> str:
        """In full."""
        said = "ungradable" if self.grade is None else f"stage {self.grade}"
        return f"You: {said} ({'signed' if self.signed else 'not signed'})"


@dataclass(frozen=True)
class Cell:
    """One eye at one visit; ``photographs`` 0 where none was taken.

    Of several photographs of the eye all is of one, which is their ``number``, from 1.
    ``hidden`` is whether the model's word must wait for a signature; ``busy`` whether it is asked
    for at this moment. ``new``, ``grown`` and ``gone`` count regions since the visit before, as far
    as that is known. ``fault`` says in sentences what could not be done.
    """

    photographs: int = 0
    number: int = 1
    small: QImage | None = None
    hidden: bool = False
    busy: bool = False
    stage: StageAnswer | None = None
    referable: RetinopathyAnswer | None = None
    regions: int | None = None
    new: int = 0
    grown: int = 0
    gone: int = 0
    reader: Reader | None = None
    fault: str = ""

    @property
    def is_ungradable(self) -> bool:
        """Whether the model refused the photograph."""
        if self.stage is not None:
            return not self.stage.stages
        return self.referable is not None and self.referable.decision is Decision.UNGRADABLE

    @property
    def headline(self) -> str:
        """The likeliest stage, "Stage 2"; or what stands in its place."""
        if not self.photographs:
            return "Not photographed"
        if self.hidden:
            return "Hidden until"
        if self.is_ungradable:
            return "Ungradable:"
        if self.stage is not None and self.stage.likeliest is not None:
            code = stage_words.codes(self.stage.stages)[self.stage.likeliest]
            return f"Stage {code}"
        if self.fault:
            return "Not read"
        if self.referable is not None and not self.busy:
            return words.decision_words(self.referable.decision)
        return "Reading…" if self.busy else "Waiting"

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands beneath the headline, each a number with its interval."""
        if not self.photographs:
            return ()
        if self.hidden:
            return ("you sign",)
        if self.is_ungradable:
            return ("retake or refer",)
        told = []
        stage = self.stage
        if stage is not None and stage.expected_stage is not None and stage.interval is not None:
            interval = stage_words.ends_words(stage.interval)
            told += [f"Expected {stage.expected_stage:.1f}", f"({interval})"]
        return tuple(told)

    @property
    def referable_words(self) -> str:
        """The probability of the retinopathy pack, with its interval."""
        answer = self.referable
        if self.hidden or answer is None or answer.probability is None or answer.interval is None:
            return ""
        return words.probability_words(answer.probability, answer.interval)

    @property
    def referable_parts(self) -> tuple[str, ...]:
        """The same on two lines, for a column that is too narrow for one."""
        answer = self.referable
        if not self.referable_words or answer is None or answer.probability is None:
            return ()
        probability = words.percent(answer.probability)
        interval = self.referable_words.removeprefix(f"{probability} (").removesuffix(")")
        return probability, f"({interval.removeprefix(f'{probability} ')})"

    @property
    def region_words(self) -> str:
        """How many regions, and how many of them are new: "6 regions, 2 new"."""
        if self.hidden or self.regions is None:
            return ""
        told = "1 region" if self.regions == 1 else f"{self.regions} regions"
        return f"{told}, {self.new} new" if self.new else told

    @property
    def more(self) -> str:
        """Which of several photographs of the eye it is; empty where there is but one."""
        return f"{self.number} of {self.photographs}" if self.photographs > 1 else ""

    @property
    def sentence(self) -> str:
        """All of it, for those who do not see it."""
        if not self.photographs:
            return "not photographed"
        said = []
        if self.hidden:
            said.append(f"The model's word is {HIDDEN[:1].lower()}{HIDDEN[1:]}.")
        elif self.is_ungradable:
            said.append("Ungradable: retake or refer.")
        else:
            if self.stage is not None:
                said.append(stage_words.shares_sentence(self.stage))
            if self.referable is not None:
                said.append(words.probability_sentence(self.referable))
            if self.regions is not None:
                more = ((self.grown, "grown"), (self.gone, "gone"))
                told = [f"{count} {fate}" for count, fate in more if count]
                said.append(f"{', '.join([self.region_words, *told])}.")
            if self.stage is None and self.referable is None and not self.fault:
                said.append(f"{self.headline}.")
        if self.more:
            said.append(f"Photograph {self.more} of this eye.")
        if self.reader is not None:
            said.append(f"{self.reader.sentence}.")
        return " ".join((*said, *((self.fault,) if self.fault else ())))


@dataclass(frozen=True)
class Column:
    """One visit. ``day`` None where it is not known; ``source`` is whose word it is.

    ``change`` names both packs where they are others than at the visit before: "1.3.0 → 1.4.2".
    """

    day: date | None
    source: str
    cells: dict[Laterality | None, Cell]
    current: bool = False
    change: str = ""

    @property
    def words(self) -> str:
        """Its day."""
        return dates.words_of(self.day)

    @property
    def sentence(self) -> str:
        """All of it."""
        own = f"{self.words}{f' ({self.source})' if self.source else ''}."
        eyes = (f"{eye or 'Eye not known'}: {cell.sentence}" for eye, cell in self.cells.items())
        pack = f" The pack changed before it: {self.change}." if self.change else ""
        return f"{own} {' '.join(eyes)}{pack}"
