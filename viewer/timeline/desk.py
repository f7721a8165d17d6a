"""The timeline in the window: a patient's visits under the pictures, gone through and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QBoxLayout

from engine.pictures import Laterality
from engine.records.regions import placed
from viewer.layers.around import Around
from viewer.panes.photograph import PhotographPane
from viewer.photograph.readings import Picture
from viewer.timeline.aligned import Aligned
from viewer.timeline.answers import VisitAnswers
from viewer.timeline.block import ChangeBlock
from viewer.timeline.changes import VisitChanges
from viewer.timeline.dating import Dating
from viewer.timeline.marks import ChangeMark, ChangeMarksLayer
from viewer.timeline.pane import HEIGHT, TimelinePane
from viewer.timeline.patient import NOBODY, PatientVisits
from viewer.timeline.row import JOB, ReadingRow
from viewer.timeline.stepping import Stepping
from viewer.timeline.story import HOW, NO_EYE, Story
from viewer.tools.tool import SliceView

if TYPE_CHECKING:
    from viewer.window import Window

_STAGE_LEAST = 200
_KEYS = ("timeline", "step-visits", "previous-visit", "next-visit", "both-eyes", "link-eyes")


class TimelineDesk(QObject):
    """Made when it is first opened; ``pane`` and ``block`` are shown while it is open."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._presenter = presenter = window.presenter
        self._desk = desk = window.photographs
        self.is_open = False
        self.marked = True
        self._keys_stay = False
        eyes = desk.both.eyes
        self.visits = PatientVisits(window.client, desk.store, presenter.readings, eyes, self)
        self.answers = VisitAnswers(
            window.client, presenter, desk.stages, eyes.told,
            lambda content: placed(desk.store.reading(content).done), self,
        )  # fmt: skip
        self.changes = VisitChanges(window.client, self.answers, self)
        self.aligned: Aligned = Aligned(
            self.changes, desk.view.panes, desk.both.link, self.visits.order_of,
            lambda path: self.story.photograph_words(path), self,
        )  # fmt: skip
        self.story = Story(window, self.visits, self.answers, self.changes)
        self._row = ReadingRow(presenter.jobs, self.answers.resume)
        self.pane = TimelinePane(window.theme)
        self.block = ChangeBlock(window.theme)
        first, second = desk.view.panes
        self.layers = (
            ChangeMarksLayer(self._marks_shown, lambda view: self._around(first, view)),
            # Regions, disc and fovea are on the first alone.
            ChangeMarksLayer(self._marks_shown, lambda _: Around(second.word_boxes())),
        )
        self.stepping: Stepping = Stepping(self._step_on, lambda: self.go_to(0), self)
        self.dating: Dating = Dating(window, self.pane, self.visits, lambda: self.place, self)
        self._late = QTimer(self, singleShot=True, interval=0)
        self._build()
        self._connect()

    def _build(self) -> None:
        window, desk = self._window, self._desk
        window.read_page.foot.addWidget(self.pane)
        window.read_page.foot.setStretchFactor(0, 1)
        window.read_page.foot.setStretchFactor(1, 0)
        # The stage holds pages that are not shown, and would ask for their height as well.
        stage = window.read_page.foot.widget(0)
        if stage is not None:
            stage.setMinimumHeight(_STAGE_LEAST)
        self.pane.hide()
        panel = desk.both.block.parentWidget()
        column = panel.layout() if panel is not None else None
        if isinstance(column, QBoxLayout):
            column.insertWidget(column.indexOf(desk.both.block) + 1, self.block)
        self.block.hide()
        for pane, layer in zip(desk.view.panes, self.layers, strict=True):
            # Its frames may cross a number, which stays legible.
            pane.lay_beneath(layer)
            pane.installEventFilter(self)
        desk.regions.keep_off.append(self.layers[0].around)
        desk.regions.frames.append(self.layers[0].frames)
        self.pane.columns.installEventFilter(self)
        for name in _KEYS:
            self.pane.addAction(window.actions_.by_name[name])

    def _connect(self) -> None:
        window, presenter, pane = self._window, self._presenter, self.pane
        pane.columns.chosen.connect(self.go_to)
        pane.columns.stepped.connect(self.step)
        pane.columns.picture_stepped.connect(window.on_top.step)
        pane.columns.end_wanted.connect(presenter.walk.go_to_end)
        pane.played.connect(self.play)
        self.stepping.changed.connect(pane.show_playing)
        pane.aligned.connect(self.align)
        pane.read_on.connect(self.answers.resume)
        pane.one_patient.connect(self.visits.say_one_patient)
        self.block.reread.connect(self.answers.reread)
        self.block.switched.connect(self._mark)
        self._late.timeout.connect(self.show)
        presenter.picture_changed.connect(self._on_picture)
        presenter.standing_changed.connect(self._on_standing)
        presenter.lost_changed.connect(self.stop)
        presenter.packs_changed.connect(self._on_packs)
        self._desk.stages.packs_changed.connect(self._on_packs)
        presenter.preferences.changed.connect(self._soon)
        self._desk.both.other.opened.connect(self._on_fellow)
        self._desk.both.eyes.changed.connect(self._on_eyes)
        self._desk.reading.changed.connect(self._soon)
        self._desk.store.changed.connect(self._soon)
        self._desk.reading.veil_changed.connect(self._soon)
        self.visits.changed.connect(self._on_visits)
        for news in (self.answers.changed, self.changes.changed, self.aligned.changed):
            news.connect(self._soon)
        window.rows.cancelled.connect(self._on_cancelled)
        window.tabs.changed.connect(self._on_standing)

    # ---- what the commands do

    def turn(self) -> None:
        """Open the timeline, or close it."""
        self.is_open = not self.is_open
        if self.is_open:
            self.answers.stopped = False
            self._on_picture()
            self._on_fellow()
        else:
            self.stop()
            self.answers.want(())
            self.changes.want(())
            self._row.end()
            self.aligned.forget()
            self._window.strip.show_patient("")
            self.show()
        self._on_standing()
        if self.is_open:
            sizes = self._window.read_page.foot.sizes()
            whole = sum(sizes)
            self._window.read_page.foot.setSizes([max(whole - HEIGHT, _STAGE_LEAST), HEIGHT])
            self.show()
            self.pane.bring_into_sight()
        else:
            self._desk.view.setFocus()

    @property
    def can_step(self) -> bool:
        """Whether there is another visit to go to."""
        return self.is_open and len(self.visits.visits) > 1

    @property
    def place(self) -> int | None:
        """Which visit is on the screen."""
        shown = self._presenter.picture
        return None if shown is None else self.visits.place_of(shown.path)

    def step(self, by: int) -> None:
        """Some visits on; not beyond either end."""
        place, count = self.place, len(self.visits.visits)
        if place is not None and count:
            to = min(max(place + by, 0), count - 1)
            if to != place:
                self.go_to(to)

    def go_to(self, place: int, eye: Laterality | None = None) -> None:
        """Open a visit's photographs; of one eye the one that was shown, unless one is named.

        At the visit on the screen it is the next photograph of the eye that is shown.
        """
        shown, both = self._presenter.picture, self._desk.both
        if shown is None or not 0 <= place < len(self.visits.visits):
            return
        own = self.story.eye_of(shown.path)
        pair = both.is_on and own is not None
        path = self.story.chosen(place, own if pair or eye is None else eye)
        path = path or next(iter(self.story.paths_of(place)), None)
        if path == shown.path and eye in (own, None) and not (pair and both.view.active):
            path = self.story.after(path)
        if path is not None and path != shown.path:
            self._keys_stay = self.pane.columns.hasFocus()
            walk = self._presenter.walk
            if path in walk.paths:
                walk.go_to(path)
            else:
                self._presenter.open(path)
        if pair and eye is not None:
            both.activate(eye)

    def play(self) -> None:
        """Go from visit to visit, from the first where this is the last; and again: stop."""
        if self.stepping.is_on or self.can_step:
            self.stepping.turn()

    def stop(self) -> None:
        """Stay at this visit."""
        self.dating.forget()
        self.stepping.stop()

    def align(self, on: bool) -> None:
        """Keep the eye where it was on the screen, or show photographs whole."""
        self.pane.align.setChecked(on)
        self.aligned.set_on(on)

    # ---- what happens

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The back and forward buttons of a mouse."""
        if self.is_open and event.type() in (
            QEvent.Type.MouseButtonPress,
            QEvent.Type.MouseButtonDblClick,
        ):
            ways = {Qt.MouseButton.BackButton: -1, Qt.MouseButton.ForwardButton: 1}
            by = ways.get(event.button()) if isinstance(event, QMouseEvent) else None
            if by is not None:
                self.step(by)
                return True
        return super().eventFilter(watched, event)

    def _step_on(self) -> bool:
        place = self.place
        if not self.can_step or place is None or place + 1 >= len(self.visits.visits):
            return False
        if not self._presenter.opening:
            self.step(1)
        return True

    def _on_picture(self) -> None:
        if self._keys_stay and self.is_open and self._presenter.picture is not None:
            # The window gives them to another photograph; arrows are to go on here.
            self._keys_stay = False
            self.pane.columns.setFocus()
        self._show_visit()
        if self.is_open and self._presenter.picture is not None:
            self.pane.bring_into_sight()
            self.dating.go_on()

    def _show_visit(self) -> None:
        shown = self._presenter.picture
        if self.is_open and shown is not None:
            self.visits.look_at(shown.path)
            self._settle(0, shown)
            self._want()
            self.show()

    def _on_fellow(self) -> None:
        fellow = self._desk.both.other.picture
        if self.is_open and fellow is not None:
            self._settle(1, fellow)
            self._soon()

    def _settle(self, place: int, picture: Picture) -> None:
        if self.visits.place_of(picture.path) is not None:
            eye = self.story.eye_of(picture.path)
            self.visits.saw(picture.path)
            self.aligned.settle(place, eye, picture.path, picture.opened.content_hash)

    def _on_visits(self) -> None:
        if self.visits.patient is NOBODY:
            # Nothing of another patient's eye lies where the last one's did.
            self.aligned.forget()
        self._on_eyes()
        if self.is_open:
            self.pane.bring_into_sight()

    def _on_eyes(self) -> None:
        """Columns may be of other eyes now, and stay where a hand left them."""
        if self.is_open:
            self._show_visit()
            self._on_fellow()

    def _on_packs(self) -> None:
        if self.is_open:
            self._want()
            self._soon()

    def _on_standing(self) -> None:
        presenter, window = self._presenter, self._window
        shows = presenter.picture is not None and not window.shows_volume
        shows = shows and window.volumes.page is None
        self.pane.setVisible(self.is_open and shows)
        if not (shows and window.tabs.reading):
            self.stop()
        self._soon()

    def _on_cancelled(self, number: int) -> None:
        if number == JOB:
            self.answers.stop()
            self._row.end()

    def _mark(self, marked: bool) -> None:
        self.marked = marked
        self._soon()

    def _around(self, pane: PhotographPane, view: SliceView) -> Around:
        """What stands on the first view beside what is new and gone."""
        drawn = self._desk.regions.around(view)
        return Around([*pane.word_boxes(), *drawn.boxes], drawn.lines)

    def _marks_shown(self) -> bool:
        return self.is_open and self.marked and self._presenter.visible

    # ---- what is asked, and shown

    def _want(self) -> None:
        """Ask about the visit on the screen first, then about those beside it."""
        place = self.place
        if place is None:
            self.answers.want(())
            self.changes.want(())
            return
        self.answers.want(self.story.order(place))
        self.changes.want(self.story.pairs(place))
        for path in self.story.paths_of(place):
            self.answers.ask_anew(path)

    def _soon(self) -> None:
        """Show it once, however much is news at the same time."""
        if self.is_open:
            self._late.start()

    def show(self) -> None:
        """All as it stands now."""
        if not self.is_open:
            for layer in self.layers:
                layer.marks = ()
            self.block.hide()
            self._redraw()
            return
        place, story, pane = self.place, self.story, self.pane
        if self._desk.both.other.picture is None:
            self.aligned.leave(1)
        if place is not None:
            self.answers.want(story.order(place))
            self.changes.want(story.pairs(place))
        empty = story.empty_words(place)
        pane.show_empty(empty)
        pane.show_staged(story.no_stages)
        eyes = story.eyes
        pane.columns.show_columns(story.columns(place), eyes)
        pane.legend.show_stages(story.legend(), readers=story.has_readers)
        several = len(self.visits.visits) > 1
        for part in (pane.play, pane.align, pane.aligned_label):
            part.setVisible(several)
        pane.date.setVisible(place is not None and pane.day.isHidden())
        pane.whole_folder.setVisible(self.visits.patient.untold > 0)
        pane.more.setVisible(self.answers.stopped or story.has_faults)
        pane.show_said(self._said(place))
        self._show_change(place)
        self._show_marks()
        self._row.show(self.story, stopped=self.answers.stopped)
        self._window.strip.show_patient(self.story.count_words if self.is_open else "")
        self._window.actions_.refresh()

    def _said(self, place: int | None) -> str:
        told = []
        done, total = self.story.progress
        if self.answers.stopped:
            told.append(f"Stopped by you: {done} of {total} photographs are read.")
        if self.aligned.is_on and len(self.visits.visits) > 1:
            told += [self.aligned.words, self.aligned.doubt]
        if self.pane.columns.is_pushed:
            told.append("Visits close in time stand apart; a line leads to each one's true day.")
        if place is not None and len(self.visits.visits) == 1:
            told.append(f"This is the only visit that was found. {HOW}")
        if None in self.story.eyes and not self._desk.both.eyes.is_looking:
            told.append(NO_EYE)
        told += [*self.visits.patient.notes, *self.story.faults(place)]
        return " ".join(words for words in told if words)

    def _show_change(self, place: int | None) -> None:
        face = None if place is None else self.story.change_face(place)
        self.block.setVisible(face is not None and self.pane.isVisibleTo(self._window))
        if face is not None:
            self.block.show_face(face)

    def _show_marks(self) -> None:
        pictures = (self._presenter.picture, self._desk.both.other.picture)
        for layer, picture in zip(self.layers, pictures, strict=True):
            marks: tuple[ChangeMark, ...] = ()
            if picture is not None:
                marks = self.story.marks(picture.path)
            layer.marks = marks
        self._redraw()

    def _redraw(self) -> None:
        for pane in self._desk.view.panes:
            pane.update()
