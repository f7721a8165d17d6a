"""Views that move together: where one of them looks, all look."""

from PySide6.QtCore import QObject

from viewer.compare.pane import ComparePane
from viewer.seen.frame import Tone
from viewer.seen.view_transform import ViewTransform


class Linked(QObject):
    """``panes`` are all views, shown or not; while it is not ``on`` each moves by itself."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.panes: list[ComparePane] = []
        self.on = True

    def add(self, pane: ComparePane) -> None:
        """A further view, which looks where the others look."""
        if self.panes and self.on and self.panes[0].state.view is not None:
            pane.follow(self.panes[0].state.view, self.panes[0].state.tone)
        self.panes.append(pane)
        pane.set_marks(linked=self.on)
        pane.moved.connect(lambda view, tone: self._move(pane, view, tone))

    def link(self, on: bool, one: ComparePane) -> None:
        """Move together from now on, to where ``one`` looks; or each by itself."""
        self.on = on
        for pane in self.panes:
            pane.set_marks(linked=on)
        if on:
            self.look_as(one)

    def look_as(self, one: ComparePane) -> None:
        """Let all others look where ``one`` does."""
        if one.state.view is not None:
            self._lead(one, one.state.view, one.state.tone)

    def point(self, over: ComparePane, at: tuple[float, float] | None) -> None:
        """Mark the photograph's (x, y) under the pointer of ``over`` in the others."""
        for pane in self.panes:
            pane.set_marks(at=None if pane is over else at)

    def _move(self, moved: ComparePane, view: ViewTransform, tone: Tone) -> None:
        if self.on:
            self._lead(moved, view, tone)

    def _lead(self, one: ComparePane, view: ViewTransform, tone: Tone) -> None:
        for pane in self.panes:
            if pane is not one:
                pane.follow(view, tone)
