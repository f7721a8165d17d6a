"""Rows that float over the foot of the work area: work under way, and what happened."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from viewer.notices import Job, Notice
from viewer.panels.parts import Button, label
from viewer.theme import icons
from viewer.theme.theme import Theme

_JOB_AFTER_MS = 200
_PASSING_MS = 4000
_MOST = 4
_WIDEST, _LEAST = 720, 320
_SIDES = 24
_FOOT = 86
"""What the words in the corners and the legend take at the foot of every view in the area."""


class _Row(QFrame):
    """An icon, words in two lines, buttons."""

    def __init__(self, theme: Theme, icon: str) -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = icon
        self.setProperty("kind", "row")
        across = QHBoxLayout(self)
        across.setContentsMargins(12, 9, 9, 9)
        across.setSpacing(12)
        self._icon = QLabel()
        across.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self.words = QVBoxLayout()
        self.words.setSpacing(4)
        self.title = label("", "strong", wrap=True)
        self.detail = label("", "second", wrap=True)
        self.words.addWidget(self.title)
        self.words.addWidget(self.detail)
        across.addLayout(self.words, 1)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(6)
        across.addLayout(self.buttons)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def _draw_icon(self) -> None:
        colour = self._theme.tokens.text1
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(icons.pixmap(self._icon_name, colour, 20, ratio))


class JobRow(_Row):
    """Work under way, with Cancel."""

    cancelled = Signal(int)

    def __init__(self, theme: Theme, job: Job) -> None:
        super().__init__(theme, "eye")
        self._id = job.id
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self.words.insertWidget(1, self._bar)
        self._cancel = Button(theme, "Cancel", "x", small=True)
        self._cancel.clicked.connect(lambda: self.cancelled.emit(self._id))
        self.buttons.addWidget(self._cancel)
        self.show_job(job)

    def show_job(self, job: Job) -> None:
        """How far it is."""
        self.title.setText(job.title)
        self.setAccessibleName(job.title)
        self._bar.setRange(0, job.total)
        self._bar.setValue(job.done)
        self._bar.setAccessibleName(f"Progress of: {job.title}")
        counted = f", {job.done} of {job.total}" if job.total > 1 else ""
        self.detail.setText("Stopping" if job.stopping else (job.what or "Waiting") + counted)
        self._cancel.setEnabled(not job.stopping)


class NoticeRow(_Row):
    """Something that happened; stays until it is closed, unless it is or becomes a passing one."""

    closed = Signal(str)

    def __init__(self, theme: Theme, notice: Notice) -> None:
        super().__init__(theme, notice.icon)
        self.topic = notice.topic
        self.title.setText(notice.title)
        self.detail.setText(notice.detail)
        self.detail.setVisible(bool(notice.detail))
        self.setAccessibleName(f"{notice.title} {notice.detail}")
        if notice.action is not None:
            do = notice.action.do
            button = Button(theme, notice.action.words, notice.action.icon, small=True)
            button.clicked.connect(lambda: self.closed.emit(self.topic))
            button.clicked.connect(lambda: do())
            self.buttons.addWidget(button)
        if notice.report:
            report = notice.report
            button = Button(theme, "Copy report", "copy", small=True)
            button.clicked.connect(lambda: QGuiApplication.clipboard().setText(report))
            self.buttons.addWidget(button)
        close = Button(theme, "", "x", kind="plain", small=True)
        close.setAccessibleName("Close this row")
        close.setToolTip("Close")
        close.clicked.connect(lambda: self.closed.emit(self.topic))
        self.buttons.addWidget(close)
        for button in self.findChildren(Button):
            # A click leaves the keyboard where it is: with the row its focus would go astray.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if notice.passing:
            self.pass_by()

    def pass_by(self) -> None:
        """Leave in a while: long enough to be read."""
        QTimer.singleShot(_PASSING_MS, self, lambda: self.closed.emit(self.topic))


class Rows(QWidget):
    """All rows, newest at the foot, over the middle of ``area`` without moving what is beneath."""

    cancelled = Signal(int)

    def __init__(self, theme: Theme, area: QWidget) -> None:
        super().__init__(area)
        self._theme = theme
        self._around = area
        self._jobs: dict[int, JobRow] = {}
        self._notices: dict[str, NoticeRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.setAccessibleName("Work in progress and messages")
        area.installEventFilter(self)
        self.hide()

    def move_to(self, area: QWidget) -> None:
        """Lie over another area: that of the tab on top."""
        self._around.removeEventFilter(self)
        self._around = area
        area.installEventFilter(self)
        self.setParent(area)
        self._place()

    def show_job(self, job: Job) -> None:
        """Show work, from 200 ms on, or how far it is."""
        row = self._jobs.get(job.id)
        if row is not None:
            row.show_job(job)
            return
        row = JobRow(self._theme, job)
        row.cancelled.connect(self.cancelled)
        row.hide()
        self._jobs[job.id] = row
        self._column.addWidget(row)
        QTimer.singleShot(_JOB_AFTER_MS, row, lambda: self._reveal(row))

    def end_job(self, number: int) -> None:
        """Take the row of finished work away."""
        row = self._jobs.pop(number, None)
        if row is not None:
            self._remove(row)

    def show_notice(self, notice: Notice) -> None:
        """Show what happened, in place of the last row of the same topic."""
        self.close_notice(notice.topic)
        while len(self._notices) >= _MOST:
            self.close_notice(next(iter(self._notices)))
        row = NoticeRow(self._theme, notice)
        row.closed.connect(self.close_notice)
        self._notices[notice.topic] = row
        self._column.addWidget(row)
        self._reveal(row)

    def let_pass(self, topic: str) -> None:
        """A row says what is over: it leaves in a while."""
        if (row := self._notices.get(topic)) is not None:
            row.pass_by()

    def close_notice(self, topic: str) -> None:
        """Take a row away."""
        row = self._notices.pop(topic, None)
        if row is not None:
            self._remove(row)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the area's size."""
        if event.type() is QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _reveal(self, row: QWidget) -> None:
        row.show()
        self._place()

    def _remove(self, row: QWidget) -> None:
        row.hide()
        self._column.removeWidget(row)
        row.deleteLater()
        self._place()

    def _place(self) -> None:
        rows = [*self._jobs.values(), *self._notices.values()]
        self.setVisible(any(not row.isHidden() for row in rows))
        area = self._around
        wide = max(min(area.width() - 2 * _SIDES, _WIDEST), _LEAST)
        self._column.activate()
        high = self._column.heightForWidth(wide)
        high = high if high > 0 else self.sizeHint().height()
        self.setGeometry((area.width() - wide) // 2, area.height() - high - _FOOT, wide, high)
        self.raise_()
