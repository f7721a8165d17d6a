"""One eye or both: two photographs' views side by side, OD at the left as one faces the patient."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from viewer.panels.parts import Button, label
from viewer.panes.photograph import PhotographPane
from viewer.theme import tokens
from viewer.theme.theme import Theme

_RING = 1.5
_ROOM = 2
_WORDS = 290
_FIRST = 100
"""The stretch of what takes the free room before all else."""
_SOON = 200
"""Milliseconds within which another photograph needs no word that it is being opened."""


class EyesView(QWidget):
    """``panes``: the first is always shown, the second beside it where both eyes are wanted.

    The active one has a ring. Where there is no other eye, words say why and a button looks for it.
    """

    activated = Signal(int)
    """The first view, 0, or the second, 1, was given the keys."""
    other_wanted = Signal()

    def __init__(self, theme: Theme, first: PhotographPane) -> None:
        super().__init__()
        self.panes = (first, PhotographPane())
        self.active = 0
        self._both = False
        self._empty = QWidget()
        self._why = label("", "second", wrap=True)
        self._choose = Button(theme, "Choose the other eye…", "photo", small=True)
        self._choose.clicked.connect(self.other_wanted)
        self._late = QTimer(self, singleShot=True, interval=_SOON)
        self._late.timeout.connect(lambda: self.panes[1].set_dimmed(True))
        self._build_empty()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        for widget in (*self.panes, self._empty):
            self._row.addWidget(widget, 1)
        for pane in self.panes:
            pane.installEventFilter(self)
        self.setFocusProxy(first)
        self.setAccessibleName("Photographs")
        self.arrange(both=False, first_at_left=True, why="")

    @property
    def both(self) -> bool:
        """Whether both eyes have their view."""
        return self._both

    def arrange(self, *, both: bool, first_at_left: bool, why: str) -> None:
        """Show one view or two; ``why`` there is no photograph for the second."""
        self._both = both
        first, second = self.panes
        order = (first, second, self._empty) if first_at_left else (second, self._empty, first)
        if [self._row.indexOf(widget) for widget in order] != [0, 1, 2]:
            for widget in order:
                self._row.removeWidget(widget)
            for widget in order:
                self._row.addWidget(widget, 1)
        room = _ROOM if both else 0
        least = tokens.PICTURE_LEAST // 2 - 2 * room if both else tokens.PICTURE_LEAST
        first.setMinimumWidth(least)
        second.setMinimumWidth(least)
        self._empty.setMinimumWidth(least)
        self._row.setContentsMargins(room, room, room, room)
        self._row.setSpacing(2 * room)
        self._why.setText(why)
        if not both or why:
            # Before it goes: a view that is hidden hands the keys to whatever comes next.
            self.activate(0)
        second.setVisible(both and not why)
        self._empty.setVisible(both and bool(why))
        self.update()

    def await_second(self, waiting: bool) -> None:
        """While the second photograph is being opened, the one of before is no fellow: it dims."""
        if not waiting:
            self._late.stop()
            self.panes[1].set_dimmed(False)
        elif not self._late.isActive():
            self._late.start()

    def activate(self, place: int) -> None:
        """Make a view the active one; the keys go there if they were on the other."""
        if self.panes[1 - place].hasFocus():
            self.panes[place].setFocus()
        if place != self.active:
            self.active = place
            self.setFocusProxy(self.panes[place])
            self.update()
            self.activated.emit(place)

    # ---- Qt's events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A view that gets the keys becomes the active one."""
        if event.type() is QEvent.Type.FocusIn and watched in self.panes:
            self.activate(self.panes.index(watched))
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The ground between the views, and the ring."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.DARK.ground))
        if self._both and not self._why.text():
            around = QRectF(self.panes[self.active].geometry())
            painter.setPen(QPen(QColor(tokens.DARK.text1), _RING))
            half = _RING / 2
            painter.drawRect(around.adjusted(-half, -half, half, half))

    def _build_empty(self) -> None:
        self._empty.setProperty("kind", "panel")
        self._empty.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self._empty)
        column.setSpacing(tokens.GAP)
        self._why.setMaximumWidth(_WORDS)
        self._why.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addStretch()
        for part in (self._why, self._choose):
            # A row of its own: words that wrap get their whole height in no layout that aligns.
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(part, _FIRST)
            row.addStretch(1)
            column.addLayout(row)
        column.addStretch()
