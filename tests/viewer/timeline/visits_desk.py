"""A patient of several visits in a window whose engine answers when the test lets it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from window_desk import Asked, Desk, a_region, an_answer

from engine.answers import Criterion, Interval, Landmarks, PackReference, PackSummary
from engine.eyes.which import Source
from engine.pictures import Laterality
from engine.service.messages import (
    AnsweredStage,
    LandmarksFound,
    Opened,
    Thumbnail,
    VisitsCompared,
    VisitsFound,
)
from engine.stage_answers import StageAnswer, StageShare
from engine.visits.change import SAME, Alignment, Fate, RegionChange, StageChange, VisitChange
from engine.visits.visit import DateSource, Patient, Seen, Visit
from viewer.timeline.desk import TimelineDesk

R, L = Laterality.RIGHT, Laterality.LEFT
STAGES = PackSummary(
    "stages-first", "1.0.0", "Stages", "stage", "d" * 64, "/packs/stages", True
)  # fmt: skip
GRADES = ("none", "mild", "moderate", "severe", "proliferative")
DAYS = ("2021-04-04", "2022-09-19", "2023-06-07", "2024-03-12")
MOVED = (30.0, -12.0)
"""Pixels by which each visit's photograph lies beside the one before."""


def a_stage(likeliest: int, version: str = "1.0.0", seal: str = "d" * 64) -> StageAnswer:
    """Six tenths on one stage, the rest on the others."""
    shares = tuple(
        StageShare(name, float(grade), 0.6 if grade == likeliest else 0.1)
        for grade, name in enumerate(GRADES)
    )
    expected = sum(share.grade * share.probability for share in shares)
    return StageAnswer(
        "stage", "ICDR", shares, expected, Interval(expected - 0.4, expected + 0.3), (),
        PackReference("stages-first", version, seal), Criterion.PI, None, None, None, "processor",
    )  # fmt: skip


def ungradable_stage() -> StageAnswer:
    """The pack refused the photograph."""
    told = a_stage(0)
    return StageAnswer(
        told.question, told.scale, (), None, None, (), told.pack, told.criterion, None, None, None,
        told.device,
    )  # fmt: skip


@dataclass
class Visits:
    """``eyes`` are photographed at every day of ``days``; "" is a visit without a date."""

    desk: Desk
    days: tuple[str, ...] = DAYS
    eyes: tuple[Laterality, ...] = (R, L)
    twice: set[tuple[str, Laterality]] = field(default_factory=set)
    """The days on which an eye was photographed twice."""
    ungradable: set[str] = field(default_factory=set)
    answered: set[int] = field(default_factory=set)
    eyes_known: bool = True
    """Whether names and table tell the eyes."""
    tabled: Laterality | None = None
    """The eye that the table alone tells of every photograph."""
    disc: Laterality | None = None
    """The eye that where the disc lies tells of every photograph."""
    same: bool = False
    """Whether the engine finds that any two photographs are the same."""
    copies: bool = False
    """Whether all files hold one photograph."""
    first_fate: Fate = Fate.STAYED
    """What becomes of the first region of every photograph."""
    doubt: str = ""
    """What speaks against how one photograph is laid on the other."""
    silent: set[str] = field(default_factory=set)
    """Kinds of question that are not answered."""
    paths: list[Path] = field(default_factory=list)

    def name(self, day: str, eye: Laterality) -> str:
        # A name that tells the eye would make it known.
        side = eye if self.eyes_known else "ab"[eye is L]
        return f"{day or 'undated'}_{side}.png"

    def names(self, day: str, eye: Laterality) -> list[str]:
        name = self.name(day, eye)
        return [name, name.replace(".png", "_2.png")] if (day, eye) in self.twice else [name]

    @property
    def timeline(self) -> TimelineDesk:
        timeline = self.desk.window.timeline
        assert timeline is not None
        return timeline

    def open(self, place: int = -1, eye: Laterality = R, *, press: bool = True) -> None:
        """The photograph of a visit on the screen, and the timeline beneath it, all answered."""
        names = [name for d in self.days for e in self.eyes for name in self.names(d, e)]
        self.paths = [self.desk.picture(name) for name in names]
        self.desk.engine.get_ready(*self.packs)
        self.desk.window.open(self.path(place, eye))
        self.desk.qtbot.waitUntil(lambda: len(self.desk.window.presenter.walk.paths) > 1)
        self.reply()
        if press:
            self.desk.press(Qt.Key.Key_T)
            self.reply()

    packs: tuple[PackSummary, ...] = ()

    def path(self, place: int, eye: Laterality) -> Path:
        return self.desk.folder / self.name(self.days[place], eye)

    def content(self, path: Path) -> str:
        return f"{0 if self.copies else self.paths.index(path):064x}"

    @property
    def patient(self) -> Patient:
        visits = tuple(
            Visit(
                day,
                DateSource.TABLE if day else DateSource.NONE,
                tuple(
                    Seen(str(self.desk.folder / name), *self._word(eye))
                    for eye in self.eyes
                    for name in self.names(day, eye)
                ),
            )
            for day in self.days
        )
        return Patient("DEMO-0142", "the table's column", visits)

    def _word(self, eye: Laterality) -> tuple[Laterality | None, Source]:
        told = self.tabled if self.tabled is not None else eye if self.eyes_known else None
        return told, Source.NONE if told is None else Source.TABLE

    # -- the engine

    def reply(self) -> None:
        """Answer all that waits, and what is asked because of it."""
        engine = self.desk.engine
        idle = False
        while True:
            said = engine.said
            waiting = [
                asked
                for asked in said.asked
                if asked.id not in self.answered
                and asked.id not in said.cancelled
                and asked.kind not in self.silent
            ]
            if not waiting:
                if idle:
                    return
                self.desk.qtbot.wait(1)
            idle = not waiting
            for asked in waiting:
                self.answered.add(asked.id)
                self._answer(asked)

    def _answer(self, asked: Asked) -> None:
        engine, what = self.desk.engine, asked.what
        match asked.kind:
            case "open" | "open ahead":
                path = what["path"]
                file = engine._write(f"p{asked.id}", np.full((600, 900, 3), 90, np.uint8))
                engine.opened.emit(Opened(asked.id, file, path.name, self.content(path), None, ()))
            case "shrink":
                file = engine._write(f"s{asked.id}", np.full((92, 112, 3), 90, np.uint8))
                engine.thumbnail.emit(Thumbnail(asked.id, file, self.content(what["path"])))
            case "ask" | "ask ahead":
                if Path(what["picture"].path).name in self.ungradable:
                    engine.give_answer(asked, probability=None)
                else:
                    engine.give_answer(asked)
            case "ask stage" | "ask stage ahead":
                name = Path(what["picture"].path).name
                told = ungradable_stage() if name in self.ungradable else self.stage(name)
                engine.answered_stage.emit(AnsweredStage(asked.id, told, None))
            case "regions":
                engine.give_regions(a_region(300, 200), a_region(500, 300), asked=asked)
            case "ask together":
                engine.give_pair(an_answer(), an_answer())
            case "find visits":
                engine.visits_found.emit(VisitsFound(asked.id, self.patient))
            case "compare visits":
                every = [each for each in engine.said.asked if each.kind == asked.kind]
                panes = {each.what["pane"]: each.id for each in every}
                if panes[what["pane"]] == asked.id:
                    self._compare(asked.id, what)
                else:
                    engine.go(asked, "A newer question replaced it.")
            case "landmarks":
                found = Landmarks(laterality=self.disc)
                engine.landmarks_found.emit(LandmarksFound(asked.id, found))
            case "find eyes":
                pass
            case kind:
                raise AssertionError(kind)

    def stage(self, name: str) -> StageAnswer:
        """One stage worse at each visit; of an eye's second photograph of a day one better."""
        return a_stage(min(self._visit(name), 4) - name.endswith("_2.png"))

    def _visit(self, name: str) -> int:
        return next(i for i, day in enumerate(self.days) if name.startswith(day or "undated"))

    def _compare(self, number: int, what: dict[str, Any]) -> None:
        """One region new, one gone; the later photograph lies aside by ``MOVED``."""
        if self.same:
            told = VisitChange(None, (), None, (SAME,))
            self.desk.engine.visits_compared.emit(VisitsCompared(number, told, (), ()))
            return
        first, then = (Path(what[k].picture.path).name for k in ("earlier", "later"))
        visits = self._visit(then) - self._visit(first)
        x, y = (visits * side for side in MOVED)
        alignment = Alignment(
            ((1.0, 0.0, x), (0.0, 1.0, y), (0.0, 0.0, 1.0)),
            "Aligned on disc and fovea",
            0.04,
            self.doubt,
        )
        earlier, later = (a_region(300, 200), a_region(100, 100)), (a_region(330, 188),)
        later = (*later, a_region(600, 300))
        regions = (
            RegionChange(self.first_fate, 0, 0),
            RegionChange(Fate.GONE, 1, None),
            RegionChange(Fate.NEW, None, 1),
        )
        compared = what["earlier"].stage is not None and what["later"].stage is not None
        stage = None
        if compared:
            said = "81 % (70 to 89 %) that the stage rose."
            stage = StageChange(0.81, Interval(0.7, 0.89), 0.05, said)
        told = VisitChange(alignment, regions, stage)
        if what["earlier"].heatmap is None:
            told, earlier, later = VisitChange(alignment, (), stage), (), ()
        self.desk.engine.visits_compared.emit(VisitsCompared(number, told, earlier, later))


def shown(visits: Visits) -> str:
    """The name of the photograph on the screen."""
    picture = visits.desk.window.presenter.picture
    assert picture is not None
    return picture.path.name


def click_column(visits: Visits, number: int, eye: object = R) -> None:
    """A person clicks a visit, counted from 0, and the engine answers."""
    columns = visits.timeline.pane.columns
    at = columns.bar(number, eye).center().toPoint()  # type: ignore[arg-type]
    visits.desk.qtbot.mouseClick(columns, Qt.MouseButton.LeftButton, pos=at)
    visits.reply()
