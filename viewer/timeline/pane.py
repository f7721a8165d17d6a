"""The pane under the pictures: the patient's visits as columns, with what is said of them."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.stage_answers import StageShare
from engine.telling import stage_words
from viewer.panels.parts import Button, Line, label
from viewer.panels.switch import Switch
from viewer.photograph import dates
from viewer.theme import icons, tokens
from viewer.theme import type as lettering
from viewer.theme.ladder import digit_ink, step_colours
from viewer.theme.theme import Theme
from viewer.timeline.columns import Columns
from viewer.timeline.eye_names import EyeNames

HEIGHT = 340
LEAST = 180
WHOLE = (
    "Each column is the model's whole distribution, not only its best guess; "
    "in brackets 90\N{NARROW NO-BREAK SPACE}% intervals."
)
_NARROW = 900
_LEGEND = 26
_KEY = 16
_FIELD = 150


class TimelinePane(QWidget):
    """Tells what a person wants; what is shown it is told."""

    played = Signal()
    aligned = Signal(bool)
    read_on = Signal()
    one_patient = Signal()
    """The reader says that all photographs of the folder are this patient's."""
    date_said = Signal(str)
    """What a reader typed as the day of the visit on the screen."""
    dated = Signal()
    """The field for the day is wanted for the visit on the screen."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Timeline")
        self.setMinimumHeight(LEAST)
        self.columns = Columns(theme)
        self.legend = Legend(theme)
        self.title = label("Stages over time", "title")
        self.whole = Line("hint")
        self._whole, self._words = WHOLE, ""
        self.said = label("", "hint", wrap=True)
        self.said.setContentsMargins(14, 0, 12, 0)
        self.empty = label("", "second", wrap=True)
        self.play = Button(theme, "Step through", "player-play", small=True)
        self.align = Switch(theme, "Aligned views")
        self.align.setChecked(True)
        self.aligned_label = label("Aligned", "second")
        self.more = Button(theme, "Read the rest", "refresh", small=True)
        self.whole_folder = Button(theme, "All of one patient", "eye", small=True)
        self.date = Button(theme, "Set date…", "pencil", small=True)
        self.day = QLineEdit()
        self._build()
        self._connect()
        self.setFocusProxy(self.columns)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(14, 0, 12, 0)
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.whole, 1)
        self.day.setFixedWidth(_FIELD)
        self.day.setPlaceholderText("2024-03-12")
        self.day.setAccessibleName("Date of this visit")
        self.day.setToolTip(f"{dates.FORMS} Leave it empty to take your word back.")
        self.day.hide()
        self.play.setToolTip("Opens one visit after the other, and again: stops (Space)")
        self.align.setToolTip("Keeps the eye where it was on the screen from visit to visit")
        for part in (
            self.more,
            self.whole_folder,
            self.align,
            self.aligned_label,
            self.day,
            self.date,
            self.play,
        ):
            head.addWidget(part)
        self.whole_folder.setToolTip("Says that all photographs of this folder are one patient's")
        for button in (self.more, self.whole_folder, self.date, self.play):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        column.addLayout(head)
        column.addWidget(self.said)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.columns)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setAccessibleName("Visits over time")
        self._scroll = scroll
        self._bare = QWidget()
        inside = QVBoxLayout(self._bare)
        inside.setContentsMargins(14, 8, 14, 8)
        inside.addWidget(self.empty)
        inside.addStretch()
        self._filled = QWidget()
        across = QHBoxLayout(self._filled)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(EyeNames(self._theme, self.columns))
        across.addWidget(scroll, 1)
        self._body = QStackedWidget()
        self._body.addWidget(self._filled)
        self._body.addWidget(self._bare)
        column.addWidget(self._body, 1)
        column.addWidget(self.legend)

    def _connect(self) -> None:
        self.play.clicked.connect(lambda: self.played.emit())
        self.align.clicked.connect(self.aligned)
        self.more.clicked.connect(lambda: self.read_on.emit())
        self.whole_folder.clicked.connect(lambda: self.one_patient.emit())
        self.date.clicked.connect(lambda: self.dated.emit())
        self.columns.date_wanted.connect(lambda _: self.dated.emit())
        self.day.returnPressed.connect(self._keep_day)

    # ---- what is shown

    def show_said(self, words: str) -> None:
        """The line beneath the title."""
        self._words = words
        self._lay_words()

    def show_staged(self, nothing: str) -> None:
        """Why no pack tells stages; empty where one does."""
        self.columns.staged = staged = not nothing
        self.title.setText("Stages over time" if staged else "Visits over time")
        self._whole = WHOLE if staged else nothing
        self._lay_words()

    def show_empty(self, words: str) -> None:
        """Words in place of columns; without words the columns."""
        self.empty.setText(words)
        self._body.setCurrentWidget(self._bare if words else self._filled)
        self.legend.setVisible(not words)

    def show_playing(self, playing: bool) -> None:
        """Whether it steps from visit to visit by itself."""
        self.play.setText(" Stop" if playing else " Step through")
        self.play.setAccessibleName("Stop" if playing else "Step through")
        self.play.setIcon(self._theme.icon("player-pause" if playing else "player-play"))

    def bring_into_sight(self) -> None:
        """The visit on the screen is seen."""
        number = self.columns.current
        if number >= 0:
            at = self.columns.places[number].left
            self._scroll.ensureVisible(int(at), 0, 0, 0)
            self._scroll.ensureVisible(int(at + 150), 0, 20, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the title's line has no room, its words go down."""
        super().resizeEvent(event)
        self._lay_words()

    def _lay_words(self) -> None:
        narrow = self.width() < _NARROW
        # An empty line keeps the buttons at the right.
        self.whole.show_words("" if narrow else self._whole)
        words = f"{self._whole} {self._words}" if narrow else self._words
        self.said.setText(words.strip())
        self.said.setVisible(bool(words.strip()))

    def edit_day(self, day: str) -> None:
        """Let the reader type the day of the visit on the screen."""
        self.day.setText(day)
        self.day.show()
        self.date.hide()
        self.day.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.day.selectAll()

    def end_day(self) -> None:
        """The field goes."""
        had = self.day.hasFocus()
        self.day.hide()
        self.date.show()
        if had:
            self.columns.setFocus()

    def _keep_day(self) -> None:
        self.date_said.emit(self.day.text().strip())

    def sizeHint(self) -> QSize:
        """340 high, until a hand drags its edge."""
        return QSize(640, HEIGHT)


class Legend(QWidget):
    """The ladder's colours with their stages, and the signs that lie on the picture."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._stages: tuple[StageShare, ...] = ()
        self._readers = False
        self.setFixedHeight(_LEGEND)
        self.setAccessibleName("Legend")
        theme.changed.connect(self.update)

    def show_stages(self, stages: Sequence[StageShare], *, readers: bool) -> None:
        """The stages of the pack that answers; whether a reader's word is among the columns."""
        self._stages, self._readers = tuple(stages), readers
        names = [stage_words.stage_words(stages, place) for place in range(len(stages))]
        self.setAccessibleDescription(", ".join(names))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Colours with digits, then their names."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, x = self._theme.tokens, 14.0
        codes = stage_words.codes(self._stages) if self._stages else ()
        inks = step_colours(self._stages, colours)
        for share, code, colour in zip(self._stages, codes, inks, strict=True):
            painter.setFont(lettering.font(tokens.LABEL))
            wide = max(_KEY, painter.fontMetrics().horizontalAdvance(code) + 6)
            box = QRectF(x, (_LEGEND - _KEY) / 2, wide, _KEY)
            painter.fillRect(box, colour)
            painter.setPen(digit_ink(colour))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, code)
            x = self._write(painter, box.right() + 5, _named(share), colours.text2) + 12
        if self._readers:
            x = self._sign(painter, x, "pencil", colours.reader, "stage read by you")
        wide = painter.fontMetrics().horizontalAdvance("referable") + 24
        if x + wide < self.width():
            self._sign(painter, x, "flag", colours.refer, "referable")

    def _sign(self, painter: QPainter, x: float, icon: str, colour: str, words: str) -> float:
        drawn = icons.pixmap(icon, colour, 13, self.devicePixelRatioF())
        painter.drawPixmap(int(x), (_LEGEND - 13) // 2, drawn)
        return self._write(painter, x + 18, words, self._theme.tokens.text2) + 12

    def _write(self, painter: QPainter, x: float, words: str, colour: str) -> float:
        painter.setFont(lettering.font(tokens.SECOND))
        painter.setPen(QColor(colour))
        wide = painter.fontMetrics().horizontalAdvance(words)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(x, 0, wide + 2, _LEGEND), middle, words)
        return x + wide


def _named(share: StageShare) -> str:
    name = share.name.strip()
    return name[:1].upper() + name[1:]
