"""The field in which the reader says on which day the visit on the screen was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject

from viewer.notices import Notice
from viewer.photograph import dates
from viewer.timeline.pane import TimelinePane
from viewer.timeline.patient import PatientVisits

if TYPE_CHECKING:
    from viewer.window import Window


class Dating(QObject):
    """``place`` tells which visit is on the screen."""

    def __init__(
        self,
        window: Window,
        pane: TimelinePane,
        visits: PatientVisits,
        place: Callable[[], int | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._pane = pane
        self._visits = visits
        self._place = place
        self._waits = False
        pane.dated.connect(self.edit)
        pane.date_said.connect(self._keep)
        pane.day.installEventFilter(self)

    def edit(self) -> None:
        """Show the field; where another visit is being opened, once that is there."""
        place = self._place()
        self._waits = self._window.presenter.opening
        if place is not None and not self._waits:
            self._pane.edit_day(self._visits.visits[place].date)

    def go_on(self) -> None:
        """The visit that was being opened is there."""
        if self._waits:
            self.edit()

    def forget(self) -> None:
        """Nothing is waited for any more."""
        self._waits = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whoever goes elsewhere has not said a day."""
        if event.type() is QEvent.Type.FocusOut:
            self._pane.end_day()
        return super().eventFilter(watched, event)

    def _keep(self, typed: str) -> None:
        place = self._place()
        day = dates.read(typed)
        if typed and (day is None or day > date.today()):
            what = f"“{typed}” is no day that is understood."
            if day is not None:
                what = f"{dates.words_of(day)} is still to come."
            self._window.tell(Notice("date", what, dates.FORMS, "alert-circle", passing=True))
            return
        self._pane.end_day()
        if place is not None:
            self._visits.say_date(place, "" if day is None else day.isoformat())
