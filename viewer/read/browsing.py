"""The rail of photographs, kept to what can be gone to, what is known, and what may be told."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QBoxLayout, QWidget

from engine.answers import Decision
from viewer.panels.photograph_rail import PhotographModel, PhotographRail
from viewer.photograph.presenter import Presenter
from viewer.photograph.reading_words import Signature
from viewer.theme.theme import Theme


class Browsing(QObject):
    """Makes the rail when it is first wanted: one photograph alone needs none.

    ``hides`` tells of the hash of a photograph's content whether the model's word on it must not
    be seen yet; ``shows`` is told of the hash that a letter is on the screen. ``signed`` tells how
    the reader's word on it stands.
    """

    def __init__(
        self,
        theme: Theme,
        presenter: Presenter,
        hides: Callable[[str], bool],
        shows: Callable[[str], None],
        signed: Callable[[str], Signature | None],
    ) -> None:
        super().__init__(presenter)
        self._theme = theme
        self._presenter = presenter
        self._hides = hides
        self._shows = shows
        self._signed = signed
        self._model = PhotographModel(self._letter, self._signature, self)
        self._room: QBoxLayout | None = None
        self._after: QWidget | None = None
        self.rail: PhotographRail | None = None
        presenter.walk.changed.connect(lambda: self._model.show_paths(presenter.walk.paths))
        presenter.picture_changed.connect(self._show_shown)
        presenter.lost_changed.connect(self._show_shown)
        presenter.packs_changed.connect(self.refresh)
        presenter.readings.changed.connect(self._model.refresh)
        presenter.readings.replaced.connect(self._renew)
        presenter.ahead.thumbnail_came.connect(self._model.show_thumbnail)

    @property
    def is_wanted(self) -> bool:
        """Whether there is more than one photograph to go to."""
        return len(self._presenter.walk.paths) > 1

    def stand_in(self, room: QBoxLayout, after: QWidget) -> None:
        """Stand at the beginning of ``room``; Tab comes here from ``after``."""
        self._room, self._after = room, after

    def set_visible(self, visible: bool) -> None:
        """Show or hide the rail."""
        if self.rail is None and visible and self._room is not None and self._after:
            self.rail = self._made()
            self._room.insertWidget(0, self.rail)
            QWidget.setTabOrder(self._after, self.rail.view)
        if self.rail is not None and visible is self.rail.isHidden():
            self.rail.setVisible(visible)
            self._show_shown()

    def refresh(self) -> None:
        """Other marks may be seen now."""
        self._model.refresh()

    def _renew(self, path: Path) -> None:
        """A file holds another photograph: the small picture of the one before must not stay."""
        self._model.forget(path)
        if self.rail is not None:
            self.rail.look()

    def _made(self) -> PhotographRail:
        walk = self._presenter.walk
        rail = PhotographRail(self._theme, self._model)
        rail.hide()
        rail.chosen.connect(walk.go_to)
        rail.stepped.connect(walk.step)
        rail.end_wanted.connect(walk.go_to_end)
        rail.thumbnails_wanted.connect(self._presenter.ahead.want_thumbnails)
        return rail

    def _show_shown(self) -> None:
        shown = self._presenter.picture
        if self.rail is not None:
            self.rail.show_shown(self._presenter.shown.lost if shown is None else shown.path)

    def _letter(self, path: Path) -> Decision | None:
        pack, file = self._presenter.pack, self._presenter.readings.file(path)
        if pack is None or file is None or self._hides(file.content_hash):
            return None
        decision = self._presenter.readings.decision(path, pack.sha256)
        if decision is not None:
            self._shows(file.content_hash)
        return decision

    def _signature(self, path: Path) -> Signature | None:
        file = self._presenter.readings.file(path)
        return None if file is None else self._signed(file.content_hash)
