"""The timeline as it is told: which photographs stand for a visit, and what is said of each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.pictures import Laterality
from engine.stage_answers import StageShare
from engine.visits.change import SAME, Fate
from viewer.photograph import dates
from viewer.photograph.stages import NO_PACK
from viewer.timeline.answers import VisitAnswers
from viewer.timeline.block import ChangeFace, EyeChange, counts_words
from viewer.timeline.changes import Compared, Pair, VisitChanges
from viewer.timeline.face import HIDDEN, Cell, Column, Reader
from viewer.timeline.marks import ChangeMark, marks_of
from viewer.timeline.packs import Packs, change_words
from viewer.timeline.patient import PatientVisits, path_of
from viewer.timeline.told import Part

if TYPE_CHECKING:
    from viewer.window import Window

_EYES = (Laterality.RIGHT, Laterality.LEFT)
_DOING = {
    Part.SMALL: "Opening",
    Part.REFERABLE: "Reading",
    Part.STAGE: "Stage of",
    Part.REGIONS: "Regions of",
}
_NOT_COMPARED = (
    "not compared. Say which eye it is (Tools, This is the right eye or left eye), at the visit "
    "before, too."
)
NO_EYE = (
    "Neither file, table nor disc tells which eye the row Eye not known is of: say it (Tools, This "
    "is the right eye or left eye)."
)
HOW = (
    "Photographs of one patient become visits here: DICOM files in one folder, or photographs "
    "with a table visits.csv beside them that has the columns image, patient, date and eye, or "
    "whose names differ in eye and date alone (2024-03-12_OD.png); dates can also be set by hand."
)


class Story:
    """Makes columns, changes and words of what is known; holds nothing itself."""

    def __init__(
        self, window: Window, visits: PatientVisits, answers: VisitAnswers, changes: VisitChanges
    ) -> None:
        self._window = window
        self._visits = visits
        self._answers = answers
        self._changes = changes

    # ---- which photographs

    @property
    def eyes(self) -> tuple[Laterality | None, ...]:
        """The rows: eyes of which there is a photograph, and the unknown where there is one."""
        seen = {self._visits.eye_of(s) for v in self._visits.visits for s in v.photographs}
        return tuple(eye for eye in (*_EYES, None) if eye in seen)

    def eye_of(self, path: Path) -> Laterality | None:
        """Which eye a photograph shows."""
        for visit in self._visits.visits:
            for seen in visit.photographs:
                if path_of(seen) == path:
                    return self._visits.eye_of(seen)
        return None

    def chosen(self, place: int, eye: Laterality | None) -> Path | None:
        """The photograph that stands for an eye at a visit: the one on the screen.

        Decided: where none is, of those that can be graded the one that was there last, so that a
        reader chooses what a later visit is compared with; else the first.
        """
        paths = self._visits.photographs(place, eye)
        if len(paths) < 2:
            return next(iter(paths), None)
        pictures = (self._window.presenter.picture, self._window.photographs.both.other.picture)
        shown = [picture.path for picture in pictures if picture is not None]
        if seen := [path for path in paths if path in shown]:
            return seen[0]
        graded = [path for path in paths if not self._is_ungradable(path)]
        return max(graded or paths, key=self._visits.when_seen)

    def after(self, path: Path) -> Path:
        """The next photograph of the same eye at the same visit, round and round."""
        own = self._alike(path)
        return own[(own.index(path) + 1) % len(own)] if path in own else path

    def _alike(self, path: Path) -> tuple[Path, ...]:
        """All photographs of the same eye at the same visit."""
        place = self._visits.place_of(path)
        return () if place is None else self._visits.photographs(place, self.eye_of(path))

    def photograph_words(self, path: Path) -> str:
        """Its day, "7 Jun 2023"; with which one it is where the eye has several of that day."""
        place, own = self._visits.place_of(path), self._alike(path)
        day = "" if place is None else dates.visit_words(self._visits.visits[place])
        return f"photograph {own.index(path) + 1} of {len(own)} of {day}" if own[1:] else day

    def paths_of(self, place: int) -> tuple[Path, ...]:
        """The photographs that stand for a visit."""
        found = (self.chosen(place, eye) for eye in (*_EYES, None))
        return tuple(path for path in found if path is not None)

    def order(self, place: int) -> tuple[Path, ...]:
        """All photographs that stand for visits, those of the nearest visits first."""
        places = sorted(range(len(self._visits.visits)), key=lambda each: abs(each - place))
        return tuple(path for each in places for path in self.paths_of(each))

    def before(self, place: int, eye: Laterality | None) -> int | None:
        """The visit before with a photograph of this eye; None where the order is not known."""
        visits = self._visits.visits
        if dates.day_of(visits[place]) is None or eye is None:
            return None
        earlier = (each for each in range(place - 1, -1, -1) if self.chosen(each, eye) is not None)
        return next(earlier, None)

    def pair(self, place: int, eye: Laterality | None) -> Pair | None:
        """The photographs of an eye at a visit and at the one before."""
        now, before = self.chosen(place, eye), self.before(place, eye)
        then = None if before is None else self.chosen(before, eye)
        return None if now is None or then is None else Pair(then, now)

    def pairs(self, place: int) -> tuple[Pair, ...]:
        """All that is compared, the visit on the screen first; nothing with an ungradable one."""
        places = sorted(range(len(self._visits.visits)), key=lambda each: abs(each - place))
        eyes = self.eyes
        found = (self.pair(each, eye) for each in places for eye in eyes)
        return tuple(
            pair
            for pair in found
            if pair is not None
            and not self._is_ungradable(pair.earlier)
            and not self._is_ungradable(pair.later)
        )

    def _is_ungradable(self, path: Path) -> bool:
        told = self._answers.told(path)
        return Cell(1, stage=told.stage, referable=told.referable).is_ungradable

    # ---- columns

    def columns(self, place: int | None) -> tuple[Column, ...]:
        """One for each visit."""
        packs = [self._packs(each) for each in range(len(self._visits.visits))]
        eyes, made = self.eyes, []
        for number, visit in enumerate(self._visits.visits):
            made.append(
                Column(
                    dates.day_of(visit),
                    dates.source_words(visit.source),
                    {eye: self._cell(number, eye) for eye in eyes},
                    number == place,
                    change_words(packs[:number], packs[number]),
                )
            )
        return tuple(made)

    def _cell(self, place: int, eye: Laterality | None) -> Cell:
        path = self.chosen(place, eye)
        if path is None:
            return Cell()
        told, compared = self._answers.told(path), self._compared(place, eye)
        hidden = self._is_hidden(path)
        if not hidden and (told.stage or told.referable):
            self._window.photographs.store.tell_shown(self._content(path))
        waiting = self._answers.waiting_for
        change = None if compared is None else compared.change
        own = self._visits.photographs(place, eye)
        return Cell(
            photographs=len(own),
            number=own.index(path) + 1,
            small=self._answers.small(path),
            hidden=hidden,
            busy=waiting is not None and waiting[1] == path,
            stage=told.stage,
            referable=told.referable,
            regions=told.regions,
            new=0 if change is None else change.count(Fate.NEW),
            grown=0 if change is None else change.count(Fate.GROWN),
            gone=0 if change is None else change.count(Fate.GONE),
            reader=self._reader(path),
            fault=self._answers.fault(path),
        )

    def _content(self, path: Path) -> str:
        file = self._window.presenter.readings.file(path)
        return "" if file is None else file.content_hash

    def _is_hidden(self, path: Path) -> bool:
        content = self._content(path)
        return bool(content) and self._window.photographs.reading.veils(content)

    def _reader(self, path: Path) -> Reader | None:
        content = self._content(path)
        reading = self._window.photographs.store.reading(content)
        form = reading.form
        if form.grade is None and not form.is_ungradable:
            return None
        return Reader(None if form.is_ungradable else form.grade, reading.is_signed)

    @property
    def has_readers(self) -> bool:
        """Whether the reader said anything of a photograph."""
        return any(self._reader(path) is not None for path in self._all)

    @property
    def _all(self) -> tuple[Path, ...]:
        return tuple(p for each in range(len(self._visits.visits)) for p in self.paths_of(each))

    def legend(self) -> tuple[StageShare, ...]:
        """The stages of the newest answer."""
        for path in reversed(self._all):
            told = self._answers.told(path)
            if told.stage is not None and told.stage.stages and not self._is_hidden(path):
                return told.stage.stages
        return ()

    def _packs(self, place: int) -> Packs:
        """The packs that answered about a visit: the stage's, and that of Referable."""
        for path in self.paths_of(place):
            told = self._answers.told(path)
            answers = (told.stage, told.referable)
            if any(answers):
                stage, referable = (
                    None if a is None else (a.pack.name, a.pack.version, a.pack.sha256)
                    for a in answers
                )
                return stage, referable
        return None, None

    # ---- what changed

    def _compared(self, place: int, eye: Laterality | None) -> Compared | None:
        pair = self.pair(place, eye)
        return None if pair is None else self._changes.compared(pair)

    def marks(self, path: Path) -> tuple[ChangeMark, ...]:
        """What is new and gone on the photograph of a visit."""
        place, eye = self._visits.place_of(path), self.eye_of(path)
        pair = None if place is None else self.pair(place, eye)
        if pair is None or pair.later != path:
            return ()
        compared = self._changes.compared(pair)
        if compared is None or self._is_hidden(path) or self._is_hidden(pair.earlier):
            return ()
        alignment = None if compared.change is None else compared.change.alignment
        return marks_of(compared, None if alignment is None else np.array(alignment.matrix))

    def change_face(self, place: int) -> ChangeFace | None:
        """What changed in each eye; None where there is but one visit."""
        visits = self._visits.visits
        if len(visits) < 2:
            return None
        eyes = [eye for eye in self.eyes if eye and self.chosen(place, eye) is not None]
        before = [self.before(place, eye) for eye in eyes]
        days = {dates.visit_words(visits[each]) for each in before if each is not None}
        since = days.pop() if len(days) == 1 else "the visit before" if days else ""
        told = tuple(self._eye_change(place, eye) for eye in eyes)
        if self.chosen(place, None) is not None:
            told += (EyeChange("Eye not known", _NOT_COMPARED),)
        outdated = {self._visits.place_of(path) for path in self._answers.outdated}
        pack = self._pack_words(place, [each for each in before if each is not None])
        if outdated and not pack:
            pack = "Some visits were read by another pack. Re-read them to compare like with like."
        marked = any(self.marks(path) for path in self.paths_of(place))
        return ChangeFace(since, told, pack, len(outdated), marked)

    def _eye_change(self, place: int, eye: Laterality) -> EyeChange:
        visits = self._visits.visits
        before = self.before(place, eye)
        if dates.day_of(visits[place]) is None:
            return EyeChange(eye, "this visit has no date, so none is known to be before it.")
        pair = self.pair(place, eye)
        if before is None or pair is None:
            return EyeChange(eye, "this is the first visit with a photograph of it.")
        day = dates.visit_words(visits[before])
        if self._is_hidden(pair.earlier) or self._is_hidden(pair.later):
            return EyeChange(eye, f"{HIDDEN[:1].lower()}{HIDDEN[1:]}.")
        if self._is_ungradable(pair.later):
            return EyeChange(eye, "no comparison. This picture is ungradable.")
        if self._is_ungradable(pair.earlier):
            return EyeChange(eye, f"no comparison. The picture of {day} was ungradable.")
        compared = self._changes.compared(pair)
        if compared is None:
            stopped = self._answers.stopped
            return EyeChange(eye, "not compared: you stopped it." if stopped else "comparing…")
        change = compared.change
        if change is None:
            return EyeChange(eye, f"no comparison. {compared.fault}")
        if SAME in change.notes:
            words = f"{SAME[:1].lower()}{SAME[1:]}"
            return EyeChange(eye, words, notes=tuple(filter(None, (self._which(pair),))))
        said = "the stage was not compared." if change.stage is None else change.stage.said
        doubt = "" if change.alignment is None else change.alignment.doubt
        notes = tuple(filter(None, (self._which(pair), *change.notes, doubt)))
        return EyeChange(eye, said, counts_words(change), notes)

    def _which(self, pair: Pair) -> str:
        """Which photographs are compared, where a day has several of the eye."""
        if len(self._alike(pair.earlier)) < 2 and len(self._alike(pair.later)) < 2:
            return ""
        later, earlier = (self.photograph_words(path) for path in (pair.later, pair.earlier))
        return f"Compared: {later} with {earlier}."

    def _pack_words(self, place: int, before: list[int]) -> str:
        """Which pack answered then and which now, if two; or beside which was signed."""
        for each in before:
            change = change_words([self._packs(each)], self._packs(place))
            if change:
                told = change.removeprefix("pack ").replace("→", "to")
                return (
                    f"The pack changed between these visits ({told}). Re-read the old pictures to "
                    "compare like with like."
                )
        return self._signed_words((*before, place))

    def _signed_words(self, places: tuple[int, ...]) -> str:
        pack = self._window.presenter.pack
        for place in places:
            for path in self.paths_of(place):
                signed = self._window.photographs.store.reading(self._content(path)).signed
                model = signed[-1].model if signed else None
                if model is not None and pack is not None and model.sha256 != pack.sha256:
                    day = dates.visit_words(self._visits.visits[place])
                    return (
                        f"The reading of {day} was signed beside {model.pack} {model.version}; "
                        f"what is shown here is by {pack.name} {pack.version}."
                    )
        return ""

    # ---- words

    @property
    def name(self) -> str:
        """The patient, unless names are hidden."""
        hidden = self._window.preferences.settings.hide_names
        return "" if hidden else self._visits.patient.name

    @property
    def count_words(self) -> str:
        """As in "DEMO-0142 · 4 visits, 7 pictures"; empty before it is known."""
        visits = len(self._visits.visits)
        if not visits:
            return ""
        pictures = len(self._visits.paths)
        told = f"{visits} visit{'s' * (visits != 1)}, {pictures} picture{'s' * (pictures != 1)}"
        return f"{self.name} · {told}" if self.name else told

    @property
    def progress(self) -> tuple[int, int]:
        """How many photographs are read, of how many."""
        paths = self._all
        return sum(self._answers.is_read(path) for path in paths), len(paths)

    @property
    def doing(self) -> str:
        """What is asked at this moment."""
        waiting = self._answers.waiting_for
        return "" if waiting is None else f"{_DOING[waiting[0]]} {waiting[1].name}"

    @property
    def no_stages(self) -> str:
        """Why no pack is asked about stages; empty where one is, or before that is known."""
        presenter = self._window.presenter
        if self._answers.stage_pack is not None or not presenter.packs_known:
            return ""
        is_off = presenter.settings.stage_pack == NO_PACK
        why = "chosen" if is_off else "installed"
        return f"No stage pack is {why}, so there are no stages here."

    @property
    def has_faults(self) -> bool:
        """Whether something could not be read."""
        return any(self._answers.fault(path) for path in self._all)

    def faults(self, place: int | None) -> tuple[str, ...]:
        """What could not be read of the visit on the screen."""
        if place is None:
            return ()
        found = (self._answers.fault(path) for path in self.paths_of(place))
        return tuple(dict.fromkeys(fault for fault in found if fault))

    def empty_words(self, place: int | None) -> str:
        """What stands in place of columns; empty where there are columns."""
        if self._visits.finding and place is None:
            return "Looking for the patient's visits."
        if self._visits.fault:
            return self._visits.fault
        if place is None:
            return HOW
        return ""
