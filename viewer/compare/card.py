"""What stands over a view without a map: that it is being made, or why there is none."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from engine.answers import Decision
from engine.telling.words import REFUSED, decision_words
from viewer.compare.answers import Given, NotGiven, Outcome, Waiting
from viewer.panels.parts import Button, label
from viewer.theme.theme import Theme

_AFTER_MS = 200
_WIDEST, _SIDE = 380, 12


class Card(QFrame):
    """Lies over the lower half of ``picture``, which stays to be seen."""

    cancel_wanted = Signal()
    again_wanted = Signal()

    def __init__(self, theme: Theme, picture: QWidget) -> None:
        super().__init__(picture)
        self._around = picture
        self._report = ""
        self.setProperty("kind", "dialog")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(5)
        self._title = label("", "strong", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._detail = label("", "second", wrap=True)
        for part in (self._title, self._bar, self._detail):
            column.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(6)
        self._cancel = Button(theme, "Cancel", "x", small=True)
        self._again = Button(theme, "Try again", "refresh", small=True)
        self._copy = Button(theme, "Copy report", "copy", small=True)
        self._cancel.clicked.connect(self.cancel_wanted)
        self._again.clicked.connect(self.again_wanted)
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._report))
        for button in (self._cancel, self._again, self._copy):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_AFTER_MS)
        self._late.timeout.connect(self._reveal)
        picture.installEventFilter(self)
        self.hide()

    def show_outcome(self, outcome: Outcome | None) -> None:
        """Say how it stands; nothing where there is a map, or none is wanted."""
        match outcome:
            case Waiting():
                self._wait(outcome)
                return
            case NotGiven(what, why, advice, report):
                self._say(what, " ".join(part for part in (why, advice) if part), report)
            case Given(answer, heatmap) if heatmap is None:
                refused = answer.decision is Decision.UNGRADABLE
                what = decision_words(answer.decision) if refused else "No heatmap was made."
                why = " ".join(f"{reason.why} {reason.advice}" for reason in answer.reasons)
                self._say(what, f"{REFUSED} {why}" if refused else why, "", again=False)
            case _:
                self._late.stop()
                self.hide()
                return
        self._late.stop()
        self._reveal()

    def words(self) -> str:
        """What it says, empty while it is not there."""
        parts = (self._title.text(), self._detail.text())
        return " ".join(part for part in parts if part) if self.isVisibleTo(self._around) else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the picture's size."""
        if event.type() is QEvent.Type.Resize and self.isVisibleTo(self._around):
            self._place()
        return super().eventFilter(watched, event)

    def _wait(self, waiting: Waiting) -> None:
        counted = f", {waiting.done} of {waiting.total}" if waiting.total > 1 else ""
        self._title.setText("Stopping" if waiting.stopping else f"{waiting.what}{counted}")
        self._bar.setRange(0, waiting.total)
        self._bar.setValue(waiting.done)
        self._detail.setText("")
        self._show_parts(cancel=not waiting.stopping, bar=True)
        if self.isHidden() and not self._late.isActive():
            self._late.start()
        elif not self.isHidden():
            self._place()

    def _say(self, what: str, detail: str, report: str, *, again: bool = True) -> None:
        self._report = report
        self._title.setText(what)
        self._detail.setText(detail)
        self._show_parts(again=again, copy=bool(report))

    def _show_parts(
        self, *, cancel: bool = False, again: bool = False, copy: bool = False, bar: bool = False
    ) -> None:
        self._bar.setVisible(bar)
        self._cancel.setVisible(cancel)
        self._again.setVisible(again)
        self._copy.setVisible(copy)
        self._detail.setVisible(bool(self._detail.text()))
        self.setAccessibleName(f"{self._title.text()} {self._detail.text()}".strip())

    def _reveal(self) -> None:
        self.show()
        self._place()
        self.raise_()

    def _place(self) -> None:
        area = self._around.rect()
        wide = min(_WIDEST, area.width() - 2 * _SIDE)
        layout = self.layout()
        if layout is None:
            return
        layout.activate()
        high = (
            layout.heightForWidth(wide)
            if layout.hasHeightForWidth()
            else layout.sizeHint().height()
        )
        high = min(high, area.height() - 2 * _SIDE)
        self.setGeometry((area.width() - wide) // 2, (area.height() - high) // 2, wide, high)
