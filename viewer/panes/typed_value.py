"""A value typed where it is told: a small field over the picture."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from shiboken6 import isValid

from viewer.layers.corners import Typed, TypedBoxes
from viewer.tools.windowing import least_width

if TYPE_CHECKING:
    from viewer.panes.slice_pane import SlicePane

_HIGH = 26
_NUMBER = re.compile(r"[-+]?(?:\d+[.,]?\d*|[.,]\d+)(?:e[-+]?\d+)?", re.IGNORECASE)

Take = Callable[[tuple[float, ...]], bool]
"""Takes the numbers that were typed; False if it cannot."""


class TypedValue(QLineEdit):
    """Enter takes what was typed, Esc and leaving drop it."""

    def __init__(self, parent: QWidget, box: QRectF, words: str, name: str, take: Take) -> None:
        super().__init__(words, parent)
        self._pane, self._take = parent, take
        self.setAccessibleName(name)
        self.setToolTip(name)
        wide = max(round(box.width()) + 24, 96)
        self.setGeometry(round(box.left()) - 6, round(box.center().y()) - _HIGH // 2, wide, _HIGH)
        self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take it, drop it, or go on typing."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # What cannot be taken stays, marked, to be typed again.
            if self._take(numbers(self.text())):
                self._end()
            else:
                self.selectAll()
        elif event.key() == Qt.Key.Key_Escape:
            self._end()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Another place was chosen."""
        super().focusOutEvent(event)
        # With its window gone the pane may be gone before it.
        if self.isVisible() and isValid(self._pane):
            self._end()

    def _end(self) -> None:
        self.hide()
        self.deleteLater()
        self._pane.setFocus(Qt.FocusReason.OtherFocusReason)


def type_value(pane: "SlicePane", kind: Typed, boxes: TypedBoxes) -> None:
    """Let one type a window or a zoom where it is told."""
    state = pane.state
    if kind is Typed.WINDOW and boxes.window is not None:
        window = state.shown.window
        words = f"{window.width:g} {window.centre:g}"

        def take_window(typed: tuple[float, ...]) -> bool:
            fits = len(typed) == 2 and typed[0] >= least_width(state)
            if fits:
                pane.change(pane.state.windowed(typed[1], typed[0]))
            return fits

        TypedValue(pane, boxes.window, words, "Width and level, such as 1500 −600", take_window)
    elif kind is Typed.ZOOM and boxes.zoom is not None:

        def take_zoom(typed: tuple[float, ...]) -> bool:
            fits = len(typed) == 1 and typed[0] > 0
            if fits:
                plane = pane.state.plane
                scale = typed[0] / 100 / min(plane.pitch)
                pane.change(pane.state.at_plane(plane.at_scale(scale)))
            return fits

        words = f"{100 * state.plane.zoom:.0f}"
        TypedValue(pane, boxes.zoom, words, "Zoom in per cent", take_zoom)


def numbers(words: str) -> tuple[float, ...]:
    """The numbers among some words: "W 1500 L −600" has two."""
    plain = words.replace("\N{MINUS SIGN}", "-")
    return tuple(float(found.replace(",", ".")) for found in _NUMBER.findall(plain))
