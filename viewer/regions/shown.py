"""The regions of the heatmap that is shown, and what the reader says of them, without widgets.

The engine cuts the map; places are told here, anew when the reader moves disc or fovea. One
question is under way at a time: of a slider's many values the last one is asked next.
"""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.answers import LESION_THRESHOLD, Position
from engine.drawings import Outline, with_text
from engine.geometry import Circle
from engine.records.regions import (
    RegionJudged,
    RegionSeen,
    RegionTagged,
    Verdict,
    judged,
    tag_of,
)
from engine.service.messages import (
    Failed,
    Gone,
    MapFile,
    Refused,
    RegionFound,
    RegionsFound,
)
from engine.telling.positions import position
from viewer.client.engine import EngineClient
from viewer.drawings.marking import new_id
from viewer.drawings.store import Drawings
from viewer.eyes.marks import EyeMarks
from viewer.notices import our_fault
from viewer.photograph.presenter import Presenter
from viewer.photograph.stage_kept import StageEvidence
from viewer.photograph.standing import Standing
from viewer.regions.lines import Lines, joined, lines_of

_SAME = 1.5
"""Network pixels by which the strongest place of one region may differ between two maps."""
LEAST_THRESHOLD, MOST_THRESHOLD = 0.02, 0.98


@dataclass(frozen=True, eq=False)
class Listed:
    """A row: the model's region, where it lies, and what the reader says of it.

    ``outline`` holds closed lines (n, 2) in picture pixels. ``copy`` is the name of the reader's
    drawing of it, empty without one.
    """

    number: int
    region: RegionFound
    outline: Lines
    seen: RegionSeen
    position: Position
    verdict: Verdict = Verdict.OPEN
    tag: str = ""
    copy: str = ""


@dataclass(frozen=True, eq=False)
class _Cut:
    """What the engine cut from which map."""

    found: RegionsFound
    outlines: tuple[Lines, ...]
    map_file: str
    reach: float
    pack: str
    criterion: str
    of: str = ""


class RegionList(QObject):
    """The regions of the photograph on the screen; ``marks`` are its disc and fovea."""

    changed = Signal()
    """Other regions, other places, or the reader said something."""
    cut_changed = Signal()
    """Other regions: their outlines and small pictures are made anew."""
    chosen_changed = Signal()
    noticed = Signal(object)

    def __init__(
        self, presenter: Presenter, client: EngineClient, store: Drawings, marks: EyeMarks
    ) -> None:
        super().__init__(presenter)
        self.marks = marks
        self._presenter = presenter
        self._client = client
        self._store = store
        self._cut: _Cut | None = None
        self._rows: tuple[Listed, ...] = ()
        self._asking: tuple[int, _Wanted] | None = None
        self._wanted: _Wanted | None = None
        self._asked: _Wanted | None = None
        self._threshold: float | None = None
        self._chosen: RegionSeen | None = None
        self.subject = ""
        self.is_superseded = False
        """Whether the view shows a map that these regions were not cut from: that of both eyes."""
        self._evidence: StageEvidence | None = None
        self._evidence_threshold = LESION_THRESHOLD
        self.fault = ""
        """Why there is no list, in a sentence; empty if that needs no words."""
        presenter.picture_changed.connect(self._on_picture)
        presenter.standing_changed.connect(self._on_standing)
        presenter.packs_changed.connect(self._on_standing)
        client.regions_found.connect(self._on_regions)
        client.refused.connect(self._on_refused)
        client.failed.connect(self._on_failed)
        client.gone.connect(self._on_gone)
        store.changed.connect(self._on_said)
        marks.changed.connect(self._place_rows)

    # ---- what there is

    @property
    def rows(self) -> tuple[Listed, ...]:
        """The regions, most evidence first; none while the model's word is hidden."""
        return () if self.is_hidden else self._rows

    @property
    def is_hidden(self) -> bool:
        """Whether the model's word must wait for a signature, or another map is shown."""
        return self.is_superseded or self._presenter.standing is Standing.HIDDEN

    @property
    def found(self) -> RegionsFound | None:
        """What the engine said, None before it did."""
        return None if self._cut is None or self.is_hidden else self._cut.found

    @property
    def is_stale(self) -> bool:
        """Whether the list is of an answer that is being made anew."""
        return self._presenter.standing is Standing.STALE

    @property
    def pack_threshold(self) -> float:
        """The threshold of the pack that answered, or that is in force."""
        if self._evidence is not None:
            return self._evidence_threshold
        answer, packs = self._presenter.answer, self._presenter.packs
        if answer is not None:
            for pack in packs:
                if pack.sha256 == answer.pack.sha256:
                    return pack.lesion_threshold
        pack_in_force = self._presenter.pack
        return LESION_THRESHOLD if pack_in_force is None else pack_in_force.lesion_threshold

    @property
    def threshold(self) -> float:
        """From where on a pixel belongs to a region: the reader's, else the pack's."""
        return self.pack_threshold if self._threshold is None else self._threshold

    # ---- the chosen one

    @property
    def chosen(self) -> Listed | None:
        """The region that N and B go on from, and that A accepts."""
        seen, reach = self._chosen, self._reach
        if seen is None:
            return None
        return next((row for row in self.rows if row.seen.is_same(seen, reach)), None)

    def choose(self, row: Listed | None) -> None:
        """Choose a region, or none."""
        self._chosen = None if row is None else row.seen
        self.chosen_changed.emit()

    def step(self, by: int) -> Listed | None:
        """The next region, or the one before, round the ends; None if there is none."""
        rows = self.rows
        if not rows:
            return None
        now = self.chosen
        number = (0 if by > 0 else -1) if now is None else now.number - 1 + by
        row = rows[number % len(rows)]
        self.choose(row)
        return row

    # ---- what the reader says of one

    def accept(self) -> None:
        """Copy the chosen region's outline as the reader's own; the model's stays."""
        row = self.chosen
        if row is None or row.verdict is Verdict.ACCEPTED or self.is_stale:
            return
        points = tuple((float(x), float(y), 0.0) for x, y in joined(row.outline).tolist())
        drawing = Outline(id=new_id(), points=points[: Outline.MOST], text=row.tag)
        said = partial(RegionJudged, region=row.seen, verdict=Verdict.ACCEPTED, drawing=drawing)
        self._store.say(self.subject, said)

    def reject(self) -> None:
        """Say that the chosen region is no finding, and again: take that back."""
        row = self.chosen
        if row is None or self.is_stale:
            return
        verdict = Verdict.OPEN if row.verdict is Verdict.REJECTED else Verdict.REJECTED
        said = partial(RegionJudged, region=row.seen, verdict=verdict, removed=row.copy)
        self._store.say(self.subject, said)

    def tag(self, words: str, row: Listed | None = None, subject: str = "") -> None:
        """Give a region the reader's own name, an empty one takes it away; usually the chosen one.

        ``subject`` is the photograph of ``row``, which may be off the screen by now.
        """
        if row is None:
            row = None if self.is_stale else self.chosen
        if row is None or words == row.tag:
            return
        subject = subject or self.subject
        drawn = self._store.of(subject)
        copies = [with_text(drawing, words) for drawing in drawn if drawing.id == row.copy]
        copy = copies[0] if copies else None
        self._store.say(subject, lambda act: RegionTagged(act, row.seen, words, copy))

    # ---- what is asked

    def set_threshold(self, threshold: float) -> None:
        """Cut the map elsewhere; until the answer comes the old list stays."""
        self._threshold = min(max(threshold, LEAST_THRESHOLD), MOST_THRESHOLD)
        self.changed.emit()
        self._ask()

    def _on_picture(self) -> None:
        shown = self._presenter.picture
        self._forget_cut()
        self._evidence = None
        self._chosen, self._threshold = None, None
        self.subject = "" if shown is None else shown.opened.content_hash
        if shown is not None:
            self._store.show(self.subject)
        self.changed.emit()

    def _on_standing(self) -> None:
        presenter = self._presenter
        if presenter.picture is None and self.subject:
            self._on_picture()
        elif presenter.heatmap is None and self._cut is not None:
            self._forget_cut()
        self._ask()
        self.changed.emit()

    def follow(self, evidence: StageEvidence | None, threshold: float) -> None:
        """List the regions of a stage's heatmap while that is shown, from its pack's threshold on;
        None: those of Referable.
        """
        if evidence is self._evidence:
            return
        self._evidence, self._evidence_threshold = evidence, threshold
        if self._cut is not None and self._cut.of != (evidence.of if evidence else ""):
            self._forget_cut()
        self._ask()
        self.changed.emit()

    def _ask(self) -> None:
        presenter = self._presenter
        shown, answer, map_file = presenter.picture, presenter.answer, presenter.map_file
        if shown is None or answer is None or map_file is None or answer.assessed is None:
            self._wanted = None
            return
        self._wanted = _Wanted(
            map_file, answer.assessed, self.threshold, answer.pack.sha256, str(answer.criterion)
        )
        evidence = self._evidence
        if evidence is not None:
            pack = evidence.answer.pack.sha256
            self._wanted = replace(
                self._wanted, map_file=evidence.map_file, pack=pack, criterion=evidence.name,
                of=evidence.of,
            )  # fmt: skip
        if self._asking is not None or self._wanted == self._asked:
            return
        wanted = self._asked = self._wanted
        number = self._client.find_regions(
            picture=shown.file,
            heatmap=wanted.map_file,
            assessed=wanted.assessed,
            threshold=wanted.threshold,
        )
        self._asking = number, wanted

    # ---- what the engine says

    def _on_regions(self, message: RegionsFound) -> None:
        wanted = self._over(message.id)
        if wanted is None:
            return
        corners = np.empty((0, 2))
        if message.file:
            corners = self._client.mapped(message.file).astype(np.float64)
            self._client.release(message.file)
        evidence = self._evidence
        map_file = self._presenter.map_file if evidence is None else evidence.map_file
        if map_file is not None and map_file == wanted.map_file:
            self.fault = ""
            self._cut = _Cut(
                message,
                lines_of(message.regions, corners),
                wanted.map_file.file,
                _SAME * wanted.map_file.way_back[0][0],
                wanted.pack,
                wanted.criterion,
                wanted.of,
            )
            self._place_rows()
            self.cut_changed.emit()
        self._ask()

    def _on_refused(self, message: Refused) -> None:
        if self._over(message.id) is not None:
            self.fault = f"{message.why} {message.advice}"
            self.changed.emit()
            self._ask()

    def _on_failed(self, message: Failed) -> None:
        if self._over(message.id) is not None:
            detail = "The list of regions is not complete; the picture and its answer stay."
            self.noticed.emit(our_fault(message.report, detail))
            self._ask()

    def _on_gone(self, message: Gone) -> None:
        if self._over(message.id) is not None:
            self._asked = None
            self._ask()

    def _over(self, number: int) -> "_Wanted | None":
        if self._asking is None or self._asking[0] != number:
            return None
        wanted, self._asking = self._asking[1], None
        return wanted

    # ---- the rows

    @property
    def _reach(self) -> float:
        return 0.0 if self._cut is None else self._cut.reach

    def _forget_cut(self) -> None:
        self._cut, self._rows, self._asked, self.fault = None, (), None, ""
        self.cut_changed.emit()

    def _on_said(self, subject: str) -> None:
        if subject == self.subject:
            self._place_rows()

    def _place_rows(self) -> None:
        self._rows = () if self._cut is None else tuple(self._rows_of(self._cut))
        self.changed.emit()

    def _rows_of(self, cut: _Cut) -> list[Listed]:
        reading, landmarks = self._store.reading(self.subject), self.marks.landmarks
        there = {drawing.id for drawing in reading.drawings}
        rows = []
        for number, (region, lines) in enumerate(
            zip(cut.found.regions, cut.outlines, strict=True), 1
        ):
            told = number, region.share, region.summit, region.box
            seen = RegionSeen(cut.pack, cut.criterion, cut.found.threshold, *told)
            last = judged(reading.done, seen, cut.reach)
            verdict = Verdict.OPEN if last is None else last.verdict
            copy = last.drawing.id if last is not None and last.drawing is not None else ""
            if verdict is Verdict.ACCEPTED and copy not in there:
                # The copy was taken away: nothing of the reader's stands for it any more.
                verdict, copy = Verdict.OPEN, ""
            rows.append(
                Listed(
                    number,
                    region,
                    lines,
                    seen,
                    position(region.centre, region.extent, landmarks, outline=lines),
                    verdict,
                    tag_of(reading.done, seen, cut.reach),
                    copy,
                )
            )
        return rows


@dataclass(frozen=True)
class _Wanted:
    """What is to be cut: a map, within which area, and where."""

    map_file: MapFile
    assessed: Circle
    threshold: float
    pack: str
    criterion: str
    of: str = ""
