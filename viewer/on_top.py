"""What is on top, and so what the commands act on: the photograph, the volume or the comparison."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from viewer.tabs import COMPARE

if TYPE_CHECKING:
    from viewer.compare.page import ComparePage
    from viewer.read.drawings import DrawingDesk
    from viewer.read.form import ReadingDesk
    from viewer.read.photograph import PhotographDesk
    from viewer.window import Window


class OnTop:
    """Each command once, whichever of the three it then reaches."""

    def __init__(self, window: Window) -> None:
        self._window = window

    @property
    def compared(self) -> ComparePage | None:
        """The Compare tab's page while it is on top."""
        tabs = self._window.tabs
        return cast("ComparePage", tabs.page(COMPARE)) if tabs.shown == COMPARE else None

    @property
    def viewed(self) -> PhotographDesk | ComparePage:
        """What shows the photograph on the tab that is on top."""
        return self.compared or self._window.photographs

    @property
    def _in_series(self) -> bool:
        """Whether what is read was chosen from the list of series, be it a photograph of it."""
        window = self._window
        if window.shows_volume or not (window.tabs.reading and window.found):
            return window.shows_volume
        at = window.volumes.studies.at
        return at is not None and Path(at.path).absolute() == window.presenter.walk.at

    @property
    def place(self) -> tuple[int, int]:
        """Which picture or series of how many is shown, counted from 1."""
        window = self._window
        return window.volumes.studies.place if self._in_series else window.presenter.shown.place

    @property
    def reader(self) -> DrawingDesk | ReadingDesk:
        """Whose acts are undone and redone: those on the volume, or on the photograph."""
        window = self._window
        return window.volumes.drawings if window.shows_volume else window.photographs.reading

    def step(self, by: int) -> None:
        """The next picture or series, or the one before."""
        window = self._window
        if self._in_series:
            window.volumes.step(by)
        else:
            window.presenter.walk.step(window.photographs.both.step_over(by))

    def zoom(self, factor: float) -> None:
        """Zoom about the middle of the picture."""
        window = self._window
        shown = window.volumes.view.active if window.shows_volume else self.viewed
        shown.zoom_by(factor)

    @property
    def texts(self) -> bool:
        """Whether words stand over the picture."""
        if self._window.shows_volume:
            return self._window.volumes.view.arrangement.texts
        return self.viewed.texts

    def show_texts(self, texts: bool) -> None:
        """Show or hide the words over the picture."""
        window = self._window
        shown = window.volumes.view if window.shows_volume else self.viewed
        shown.show_texts(texts)

    def reset_view(self) -> None:
        """The picture as it was shown at first."""
        window = self._window
        shown = window.volumes.view if window.shows_volume else self.viewed
        shown.reset()

    def escape(self) -> None:
        """End a search, or drop what was begun and give the keys back to the picture."""
        window = self._window
        if window.tabs.reading and window.read_page.seeking.stop():
            return
        if window.volumes.page is not None:
            window.volumes.escape()
        else:
            if window.tabs.reading:
                window.photographs.escape()
            self.viewed.pane.setFocus()

    def save_picture(self) -> None:
        """Let the person choose where the annotated picture goes."""
        window = self._window
        if self.compared is not None:
            self.compared.exports.save(window.doors)
        elif window.shows_volume:
            window.read_page.exports.save(window.doors)
        else:
            window.doors.choose_export()

    def copy_picture(self) -> None:
        """The annotated picture to the clipboard."""
        window = self._window
        if self.compared is not None:
            self.compared.exports.copy()
        elif window.shows_volume:
            window.read_page.exports.copy()
        else:
            window.presenter.exports.copy()
