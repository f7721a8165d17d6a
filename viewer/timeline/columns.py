"""The columns of visits over time, an eye a row: painted, clicked, and gone through by arrows."""

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QEvent, QLineF, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.answers import Decision
from engine.pictures import Laterality
from viewer.panels.stage_paint import draw_stages
from viewer.theme import icons, tokens
from viewer.theme import type as lettering
from viewer.theme.theme import Theme
from viewer.timeline.face import Cell, Column
from viewer.timeline.spacing import Place, spaced

CELL = 172.0
"""From one column to the next at least, logical pixels: bar and words."""
_SIDE = 8.0
_BAR = 38.0
_SMALL = 30.0
_WORDS = _BAR + 8
_TOP, _FIRST, _BELOW = 4.0, 14.0, 4.0
"""From a row's top to its cell, from there to the first base line, and below the last one."""
_LINE, _CLOSE = 16.0, 14.0
"""From one base line to the next, and where a row has no room for that."""
_SIGN = 16.0
"""What the sign of a decision takes before its words."""
_DATES = 54.0
_LEADER = 14.0
_APART = 34.0
"""Between the line of time and the visits without a date."""
_ROW_LEAST = 86
_RING, _RING_GAP = 15.0, 6.0
_APART_WORDS = 10.0


class Columns(QWidget):
    """``columns`` in the visits' order, those without a day last; ``eyes`` are the rows."""

    chosen = Signal(int, object)
    """A visit, and the eye whose row was clicked; None where the visit as a whole is meant."""
    stepped = Signal(int)
    picture_stepped = Signal(int)
    end_wanted = Signal(bool)
    """The folder's last photograph, or its first."""
    date_wanted = Signal(int)
    """A double click on a visit's day."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.columns: tuple[Column, ...] = ()
        self.staged = True
        """Whether a pack tells stages; else there are small pictures alone."""
        self.eyes: tuple[Laterality | None, ...] = ()
        self.setAccessibleName("Visits")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def show_columns(self, columns: Sequence[Column], eyes: Sequence[Laterality | None]) -> None:
        """Show other visits."""
        self.columns, self.eyes = tuple(columns), tuple(eyes)
        self.setMinimumSize(self.minimumSizeHint())
        current = next((column for column in columns if column.current), None)
        place = self.current
        told = "" if current is None else f"Visit {place + 1} of {len(columns)}. {current.sentence}"
        if told != self.accessibleDescription():
            self.setAccessibleDescription(told)
        self.update()

    @property
    def current(self) -> int:
        """The place of the visit on the screen; -1 without one."""
        return next((i for i, column in enumerate(self.columns) if column.current), -1)

    @property
    def places(self) -> tuple[Place, ...]:
        """Where each column stands."""
        dated = [column.day for column in self.columns if column.day is not None]
        undated = len(self.columns) - len(dated)
        aside = undated * CELL + (_APART if undated and dated else 0.0)
        found = spaced(dated, self.width() - 2 * _SIDE - aside, CELL)
        right = found[-1].left + CELL + _APART if found else 0.0
        rest = tuple(
            Place(right + number * CELL, right + number * CELL) for number in range(undated)
        )
        return tuple(Place(_SIDE + each.left, _SIDE + each.true) for each in (*found, *rest))

    @property
    def is_pushed(self) -> bool:
        """Whether a column stands beside its day."""
        return any(place.is_pushed for place in self.places)

    def minimumSizeHint(self) -> QSize:
        """Room for every column and row."""
        undated = any(column.day is None for column in self.columns)
        wide = CELL * len(self.columns) + 2 * _SIDE + (_APART if undated else 0)
        cells = (cell for column in self.columns for cell in column.cells.values())
        lines = max((_count_lines(cell) for cell in cells), default=1)
        high = max(_ROW_LEAST, ceil(_TOP + _FIRST + (lines - 1) * _CLOSE + _BELOW))
        return QSize(int(wide), int(high * max(len(self.eyes), 1) + _DATES))

    def bar(self, number: int, eye: Laterality | None) -> QRectF:
        """Where the distribution of an eye at a visit is drawn."""
        box = self._box(number, eye)
        return QRectF(box.left(), box.top() + _SMALL + 4, _BAR, box.height() - _SMALL - 12)

    # ---- Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """LOOK 8 and 15.2."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.tokens.panel))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places = self.places
        for number, column in enumerate(self.columns):
            if column.current:
                self._paint_current(painter, places[number])
        self._paint_aside(painter, places)
        for number, column in enumerate(self.columns):
            self._paint_axis(painter, places[number], column)
            for eye in self.eyes:
                self._paint_cell(painter, number, eye, column.cells.get(eye, Cell()))
            if column.change and number:
                self._paint_change(painter, places[number], column.change)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.tokens.text1), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click opens the visit; on an eye of the one that is shown, its next photograph."""
        at = event.position().toPoint()
        number = self._column_at(at)
        # There a double click is about the day, and turns over no photograph.
        on_day = number == self.current and at.y() >= self.height() - _DATES
        if event.button() is Qt.MouseButton.LeftButton and number is not None and not on_day:
            self.chosen.emit(number, self._eye_at(at))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click on the day is about the day."""
        number = self._column_at(event.position().toPoint())
        if number is not None and event.position().y() >= self.height() - _DATES:
            self.date_wanted.emit(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over what can be clicked."""
        over = self._column_at(event.position().toPoint()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from visit to visit, Enter to the eye's next photograph.

        PgUp, PgDn, Home and End do here what they do on the picture.
        """
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current >= 0:
            self.chosen.emit(self.current, None)
        elif event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.stepped.emit(1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.picture_stepped.emit(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.end_wanted.emit(key == Qt.Key.Key_End)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """A tool tip tells the whole of what is under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            number = self._column_at(event.pos())
            if number is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self._told(number, event.pos()), self)
            return True
        return super().event(event)

    def _told(self, number: int, at: QPoint) -> str:
        column, eye = self.columns[number], self._eye_at(at)
        cell = column.cells.get(eye)
        if cell is None or at.y() >= self.height() - _DATES:
            return column.sentence
        more = " A click or Enter shows the next." if column.current and cell.more else ""
        return f"{eye or 'Eye not known'}, {column.words}. {cell.sentence}{more}"

    # ---- where things are

    @property
    def row_height(self) -> float:
        """Of an eye's row, logical pixels."""
        return (self.height() - _DATES) / max(len(self.eyes), 1)

    def _box(self, number: int, eye: Laterality | None) -> QRectF:
        top = self.eyes.index(eye) * self.row_height
        return QRectF(self.places[number].left, top + _TOP, CELL - 8, self.row_height - _TOP)

    def _column_at(self, at: QPoint) -> int | None:
        for number, place in enumerate(self.places):
            if place.left - 4 <= at.x() < place.left + CELL - 8:
                return number
        return None

    def _eye_at(self, at: QPoint) -> Laterality | None:
        row = int(at.y() / self.row_height) if self.row_height else 0
        return self.eyes[row] if 0 <= row < len(self.eyes) else None

    # ---- painting

    def _paint_current(self, painter: QPainter, place: Place) -> None:
        colours = self._theme.tokens
        card = QRectF(place.left - 6, 0, CELL - 4, self.height() - _LEADER)
        painter.fillRect(card, QColor(colours.control))
        painter.fillRect(QRectF(card.left(), 0, 3, card.height()), QColor(colours.text1))

    def _paint_aside(self, painter: QPainter, places: Sequence[Place]) -> None:
        """The line of time, and the line that parts visits without a date from it."""
        colours = self._theme.tokens
        dated = [p for p, column in zip(places, self.columns, strict=True) if column.day]
        painter.setPen(QPen(QColor(colours.line), 1))
        if dated:
            y = self.height() - 5.5
            painter.drawLine(QLineF(_SIDE, y, max(p.true for p in dated) + _BAR, y))
        if dated and len(dated) < len(places):
            x = places[len(dated)].left - _APART / 2 - 4
            painter.drawLine(QLineF(x, 6, x, self.height() - 6))

    def _paint_axis(self, painter: QPainter, place: Place, column: Column) -> None:
        colours = self._theme.tokens
        foot = self.height() - _DATES
        middle = place.left + _BAR / 2
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawLine(QLineF(middle, 0, middle, foot + 4))
        if column.day is not None:
            # From the column down to its day on the line of time.
            true = place.true + _BAR / 2
            painter.setPen(QPen(QColor(colours.edge), 1))
            y = self.height() - _LEADER
            painter.drawLine(QLineF(middle, y, true, self.height() - 6))
            painter.setBrush(QColor(colours.text1 if column.current else colours.edge))
            painter.drawEllipse(QPointF(true, self.height() - 5.5), 2.5, 2.5)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        strong = column.current
        painter.setFont(lettering.font(tokens.BODY_STRONG if strong else tokens.BODY))
        painter.setPen(QColor(colours.text1 if strong or column.day is None else colours.text2))
        painter.drawText(QPointF(place.left, foot + 17), column.words)
        painter.setFont(lettering.font(tokens.AXIS))
        painter.setPen(QColor(colours.text3))
        painter.drawText(QPointF(place.left, foot + 32), column.source)

    def _paint_cell(
        self, painter: QPainter, number: int, eye: Laterality | None, cell: Cell
    ) -> None:
        colours, box, bar = self._theme.tokens, self._box(number, eye), self.bar(number, eye)
        left, top = box.left() + _WORDS, box.top()
        if not cell.photographs:
            self._write(painter, left, top + _FIRST, cell.headline, tokens.SECOND, colours.text3)
            return
        small = QRectF(box.left(), top + 2, _BAR, _SMALL)
        self._paint_small(painter, small if self.staged else small.united(bar), cell)
        if self.staged:
            self._paint_bar(painter, bar, cell)
        waits = cell.stage is None or cell.hidden
        colour = colours.text2 if waits or cell.is_ungradable else colours.model
        self._write(painter, left, top + _FIRST, cell.headline, tokens.BODY_STRONG, colour)
        further = max(_count_lines(cell) - 1, 1)
        line_high = min(_LINE, (box.height() - _FIRST - _BELOW) / further)
        y = top + _FIRST + line_high
        for line in _first_lines(cell):
            self._write(painter, left, y, line, tokens.SECOND, colours.text2)
            y += line_high
        if cell.referable_words:
            answer = cell.referable
            refer = answer is not None and answer.decision is Decision.REFERABLE
            name, ink = ("flag", colours.refer) if refer else ("circle", colours.text2)
            ratio = self.devicePixelRatioF()
            painter.drawPixmap(QPointF(left, y - 11), icons.pixmap(name, ink, 13, ratio))
            for number, line in enumerate(referable_lines(cell)):
                across = left if number else left + _SIGN
                self._write(painter, across, y, line, tokens.SECOND, colours.text2)
                y += line_high
        if cell.region_words:
            self._write(painter, left, y, cell.region_words, tokens.SECOND, colours.text2)
            y += line_high
        if beside := _beside_headline(cell):
            self._paint_reader(painter, left + beside, top + _FIRST, cell)
        elif cell.reader is not None:
            self._paint_reader(painter, left, y, cell)

    def _paint_small(self, painter: QPainter, frame: QRectF, cell: Cell) -> None:
        painter.fillRect(frame, QColor(self._theme.tokens.ground))
        if cell.small is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            size = cell.small.size().scaled(
                frame.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio
            )
            inside = QRectF(QPointF(0, 0), size.toSizeF())
            inside.moveCenter(frame.center())
            painter.drawImage(inside, cell.small)

    def _paint_bar(self, painter: QPainter, bar: QRectF, cell: Cell) -> None:
        colours = self._theme.tokens
        if cell.is_ungradable and not cell.hidden:
            painter.fillRect(bar, QColor(colours.panel))
            pen = QPen(QColor(colours.edge), 1)
            pen.setDashPattern([4, 3])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5))
            drawn = icons.pixmap("ban", colours.text2, 16, self.devicePixelRatioF())
            painter.drawPixmap(bar.center() - QPointF(8, 8), drawn)
        elif cell.stage is not None and not cell.hidden:
            painter.fillRect(bar, QColor(colours.panel))
            draw_stages(painter, bar, cell.stage.stages, colours, upright=True)
        else:
            painter.fillRect(bar, QColor(colours.raised))
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_reader(self, painter: QPainter, left: float, y: float, cell: Cell) -> None:
        assert cell.reader is not None
        colour = QColor(self._theme.tokens.reader)
        ring = QRectF(left + 0.5, y - 12, _RING, _RING)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1.6))
        painter.drawEllipse(ring)
        painter.setFont(lettering.font(tokens.LABEL))
        grade = "–" if cell.reader.grade is None else str(cell.reader.grade)
        painter.drawText(ring, Qt.AlignmentFlag.AlignCenter, grade)
        painter.setFont(lettering.font(tokens.SECOND))
        painter.drawText(QPointF(left + _RING + _RING_GAP, y), cell.reader.words)

    def _paint_change(self, painter: QPainter, place: Place, change: str) -> None:
        colours = self._theme.tokens
        x = place.left - 10.5
        pen = QPen(QColor(colours.text2), 1)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLine(QLineF(x, 0, x, self.height() - _LEADER))
        painter.setFont(lettering.font(tokens.AXIS))
        wide = QFontMetricsF(painter.font()).horizontalAdvance(change)
        at = QPointF(max(x - wide - 6, 2), self.height() - _LEADER - 3)
        painter.fillRect(QRectF(at.x() - 2, at.y() - 11, wide + 4, 14), QColor(colours.panel))
        painter.drawText(at, change)

    def _write(
        self, painter: QPainter, x: float, y: float, words: str, use: tokens.Type, colour: str
    ) -> None:
        painter.setFont(lettering.font(use))
        painter.setPen(QColor(colour))
        room = CELL - 8 - _WORDS
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(QPointF(x, y), shown)


def _first_lines(cell: Cell) -> tuple[str, ...]:
    return (*cell.lines, *((f"photograph {cell.more}",) if cell.more else ()))


def _count_lines(cell: Cell) -> int:
    """How many lines a cell's words take."""
    answer = len(referable_lines(cell)) if cell.referable_words else 0
    own = cell.reader is not None and not _beside_headline(cell)
    return 1 + len(_first_lines(cell)) + answer + bool(cell.region_words) + own


def _beside_headline(cell: Cell) -> float:
    """How far from the headline's start the reader's word begins; 0 where it has no room there."""
    if cell.reader is None:
        return 0.0
    metrics = QFontMetricsF(lettering.font(tokens.BODY_STRONG))
    begin = metrics.horizontalAdvance(cell.headline) + _APART_WORDS
    own = QFontMetricsF(lettering.font(tokens.SECOND)).horizontalAdvance(cell.reader.words)
    return begin if begin + _RING + _RING_GAP + own <= CELL - 8 - _WORDS else 0.0


def referable_lines(cell: Cell) -> tuple[str, ...]:
    """The probability of a visit with its interval: on one line, or two where one has no room."""
    whole = cell.referable_words
    metrics = QFontMetricsF(lettering.font(tokens.SECOND))
    fits = metrics.horizontalAdvance(whole) <= CELL - 8 - _WORDS - _SIGN
    return (whole,) if fits else cell.referable_parts
