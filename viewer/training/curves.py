"""Curves over rounds: error and A_z, painted, with words at the lines instead of a legend.

decided: painted here. pyqtgraph takes a third of a second to load, in the window's thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.theme.theme import Theme

_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 84, 46, 36
"""Logical pixels around the plot: figures, words at the lines, the title, rounds."""
_LINE = 16
"""What the figure takes where it has no room beside the title."""
_AFTER = 7
"""From a line's end to its words."""
_BAND = 0.28
"""Opacity of the interval's band."""


@dataclass(frozen=True)
class Line:
    """One line: its words, its points (round, value), dashed or not, and its band's two edges."""

    words: str
    points: tuple[tuple[float, float], ...]
    by_model: bool = True
    band: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True)
class Mark:
    """A round that is named on the plot."""

    at: float
    words: str


@dataclass(frozen=True)
class Plot:
    """What a plot shows: lines on rounds 0 to ``rounds`` and values from ``low`` to ``high``."""

    title: str
    figure: str
    lines: tuple[Line, ...]
    rounds: int
    low: float
    high: float
    marks: tuple[Mark, ...] = ()
    guess: float | None = None
    """A value that needs no learning, drawn as a thin line."""


class Curves(QWidget):
    """Paints one plot."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._name = name
        self._plot: Plot | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(300, 170))
        self.setAccessibleName(name)
        theme.changed.connect(self.update)

    def show_plot(self, plot: Plot) -> None:
        """Show other curves; what is painted is also said."""
        if plot == self._plot:
            return
        self._plot = plot
        told = [f"{line.words} {line.points[-1][1]:.3f}" for line in plot.lines if line.points]
        self.setAccessibleDescription(f"{plot.figure}. {', '.join(told)}")
        self.update()

    @property
    def plot(self) -> Plot | None:
        """What it shows."""
        return self._plot

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Title, grid, bands, lines, their words, and the named rounds."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = self._theme.tokens
        painter.fillRect(self.rect(), QColor(colours.panel))
        plot = self._plot
        title = self._name if plot is None else plot.title
        painter.setPen(QColor(colours.text1))
        painter.setFont(lettering.font(tokens.TITLE))
        painter.drawText(QPointF(16, 22), title)
        if plot is None:
            return
        painter.setFont(lettering.font(tokens.SECOND))
        painter.setPen(QColor(colours.text2))
        beside = self._beside(plot)
        painter.drawText(QPointF(16 + beside, 22) if beside else QPointF(16, 38), plot.figure)
        self._draw_grid(painter, plot)
        for line in plot.lines:
            self._draw_line(painter, plot, line)
        self._draw_words(painter, plot)
        for mark in plot.marks:
            self._draw_mark(painter, plot, mark)

    # ---- places

    def _beside(self, plot: Plot) -> int:
        """How far right of the title the figure stands; 0 where it must go below."""
        title = QFontMetrics(lettering.font(tokens.TITLE)).horizontalAdvance(plot.title) + 10
        figure = QFontMetrics(lettering.font(tokens.SECOND)).horizontalAdvance(plot.figure)
        return title if 16 + title + figure + 8 <= self.width() else 0

    def _box(self) -> QRectF:
        below = self._plot is not None and not self._beside(self._plot)
        top = _TOP + (_LINE if below else 0)
        return QRectF(self.rect()).adjusted(_LEFT, top, -_RIGHT, -_BOTTOM)

    def _at(self, plot: Plot, number: float, value: float) -> QPointF:
        box = self._box()
        held = min(max(value, plot.low), plot.high)
        up = (held - plot.low) / (plot.high - plot.low)
        return QPointF(
            box.left() + box.width() * number / max(plot.rounds, 1),
            box.bottom() - box.height() * up,
        )

    # ---- parts

    def _draw_grid(self, painter: QPainter, plot: Plot) -> None:
        colours, box = self._theme.tokens, self._box()
        painter.setFont(lettering.font(tokens.AXIS))
        marked = ticks(plot.low, plot.high, 4)
        for value in marked:
            y = self._at(plot, 0, value).y()
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            painter.setPen(QColor(colours.text3))
            box_of_figure = QRectF(0, y - 8, _LEFT - 8, 16)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box_of_figure, right, _figure(value, marked))
        last = -100.0
        for number in _rounds(plot.rounds):
            at = self._at(plot, number, plot.low)
            if at.x() - last < 24:
                continue
            last = at.x()
            painter.drawText(
                QRectF(at.x() - 20, box.bottom() + 4, 40, 14), Qt.AlignmentFlag.AlignHCenter,
                str(number),
            )  # fmt: skip
        painter.drawText(
            QRectF(box.left(), box.bottom() + 18, box.width(), 14),
            Qt.AlignmentFlag.AlignHCenter,
            "round",
        )
        if plot.guess is not None:
            y = self._at(plot, 0, plot.guess).y()
            painter.setPen(QPen(QColor(colours.text3), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))

    def _draw_line(self, painter: QPainter, plot: Plot, line: Line) -> None:
        colour = QColor(self._theme.tokens.model if line.by_model else self._theme.tokens.text2)
        if line.band:
            over = [self._at(plot, number, high) for number, _, high in line.band]
            under = [self._at(plot, number, low) for number, low, _ in reversed(line.band)]
            faint = QColor(colour)
            faint.setAlphaF(_BAND)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(faint)
            painter.drawPolygon(QPolygonF(over + under))
            if len(line.band) == 1:  # a band of one round has no width
                painter.setPen(QPen(faint, 6))
                painter.drawLine(over[0], under[0])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        style = Qt.PenStyle.SolidLine if line.by_model else Qt.PenStyle.DashLine
        painter.setPen(QPen(colour, 2, style))
        points = [self._at(plot, number, value) for number, value in line.points]
        if len(points) == 1:
            painter.setBrush(colour)
            painter.drawEllipse(points[0], 2.5, 2.5)
        else:
            painter.drawPolyline(QPolygonF(points))

    def words_at(self, plot: Plot) -> list[tuple[QRectF, str, str]]:
        """Where words stand, what they are and their colour: each line's behind its end, the
        guess's behind the plot, where no curve comes. Moved apart where they would touch.
        """
        colours = self._theme.tokens
        ends = [
            (self._at(plot, *line.points[-1]), line.words, line.by_model)
            for line in plot.lines
            if line.points
        ]
        wanted = [(end, words, colours.model if own else colours.text2) for end, words, own in ends]
        if plot.guess is not None:
            wanted.append((self._at(plot, plot.rounds, plot.guess), "a guess", colours.text3))
        metrics = QFontMetrics(lettering.font(tokens.SMALL_STRONG))
        placed: list[tuple[QRectF, str, str]] = []
        for end, words, colour in sorted(wanted, key=lambda each: each[0].y()):
            wide = metrics.horizontalAdvance(words)
            box = QRectF(end.x() + _AFTER, end.y() - 7, wide, 15)
            for other, _, _ in placed:
                if other.intersects(box):
                    box.moveTop(other.bottom())
            placed.append((box, words, colour))
        return placed

    def _draw_words(self, painter: QPainter, plot: Plot) -> None:
        painter.setFont(lettering.font(tokens.SMALL_STRONG))
        for box, words, colour in self.words_at(plot):
            painter.setPen(QColor(colour))
            painter.drawText(QPointF(box.left(), box.top() + 11), words)

    def _draw_mark(self, painter: QPainter, plot: Plot, mark: Mark) -> None:
        colours, box = self._theme.tokens, self._box()
        x = self._at(plot, mark.at, plot.low).x()
        painter.setPen(QPen(QColor(colours.text2), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
        painter.setFont(lettering.font(tokens.AXIS))
        painter.setPen(QColor(colours.text2))
        wide = painter.fontMetrics().horizontalAdvance(mark.words)
        fits = x + 5 + wide < self.width()
        # Above the plot: no curve and no band comes there.
        painter.drawText(QPointF(x + 5 if fits else x - 5 - wide, box.top() - 3), mark.words)


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round values between two, at most so many and one."""
    span = high - low
    for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0):
        if span / step <= most + 1e-9:
            first = -(-low // step)
            found = []
            while first * step <= high + 1e-9:
                found.append(round(first * step, 6))
                first += 1
            return found
    return [low, high]


def _rounds(rounds: int) -> Sequence[int]:
    step = next((each for each in (1, 2, 5, 10, 20, 50, 100) if rounds / each <= 8), 200)
    return [*range(0, rounds + 1, step)]


def _figure(value: float, marked: Sequence[float]) -> str:
    """As many decimals as all figures of the axis need."""
    return (
        f"{value:.1f}" if all(abs(each * 10 % 1 - 0.5) > 0.4 for each in marked) else f"{value:.2f}"
    )
