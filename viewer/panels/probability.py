"""The probability bar: estimate, interval and operating point on one scale from 0 to 100."""

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.answers import RetinopathyAnswer
from engine.telling import words
from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.theme.theme import Theme

_SIDE = 10
_MARK_WORDS = 16
_MARK = 7
_BAR = 18
_TICK = 4
_FIGURES = 15
_ESTIMATE = 3.6
_BAND = 0.42
_STALE = 0.5


class ProbabilityBar(QWidget):
    """Draws an answer's numbers; its tool tip and description are the full sentence."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._answer: RetinopathyAnswer | None = None
        self._stale = False
        self.setAccessibleName("Probability of referable retinopathy")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_MARK_WORDS + _MARK + _BAR + _TICK + _FIGURES)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """As wide as the panel."""
        return QSize(300, self.height())

    def show_answer(self, answer: RetinopathyAnswer | None, *, stale: bool = False) -> None:
        """Draw another answer; at half strength while it is stale."""
        self._answer = answer
        self._stale = stale
        sentence = "" if answer is None else words.probability_sentence(answer)
        self.setToolTip(sentence)
        self.setAccessibleDescription(sentence)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """LOOK 8."""
        answer = self._answer
        if answer is None or answer.probability is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._stale:
            painter.setOpacity(_STALE)
        bar = QRectF(_SIDE, _MARK_WORDS + _MARK, self.width() - 2 * _SIDE, _BAR)
        self._draw_ground(painter, bar, answer.operating_point)
        self._draw_scale(painter, bar)
        if answer.interval is not None:
            self._draw_interval(painter, bar, answer.interval.low, answer.interval.high)
        colour = QColor(self._theme.tokens.model)
        x = bar.left() + answer.probability * bar.width()
        painter.fillRect(QRectF(x - _ESTIMATE / 2, bar.top(), _ESTIMATE, bar.height()), colour)
        self._draw_operating_point(painter, bar, answer.operating_point)

    def _draw_ground(self, painter: QPainter, bar: QRectF, operating_point: float) -> None:
        colours = self._theme.tokens
        painter.fillRect(bar, QColor(colours.control))
        beyond = QRectF(bar)
        beyond.setLeft(bar.left() + operating_point * bar.width())
        painter.save()
        painter.setClipRect(beyond)
        painter.setPen(QPen(QColor(colours.edge), 1))
        step = 5.0
        x = bar.left() - bar.height()
        while x < bar.right():
            painter.drawLine(QPointF(x, bar.bottom()), QPointF(x + bar.height(), bar.top()))
            x += step
        painter.restore()

    def _draw_scale(self, painter: QPainter, bar: QRectF) -> None:
        colours = self._theme.tokens
        painter.setFont(lettering.font(tokens.AXIS))
        for tenth in range(11):
            x = bar.left() + tenth / 10 * bar.width()
            painter.setPen(QPen(QColor(colours.edge), 1))
            painter.drawLine(QLineF(x, bar.bottom(), x, bar.bottom() + _TICK))
            if tenth % 2 == 0:
                painter.setPen(QColor(colours.text3))
                figure = "100 %" if tenth == 10 else str(10 * tenth)
                box = QRectF(x - 30, bar.bottom() + _TICK, 60, _FIGURES)
                where = Qt.AlignmentFlag.AlignHCenter
                if tenth == 10:
                    box = QRectF(self.width() - 60, bar.bottom() + _TICK, 60, _FIGURES)
                    where = Qt.AlignmentFlag.AlignRight
                painter.drawText(box, where | Qt.AlignmentFlag.AlignBottom, figure)

    def _draw_interval(self, painter: QPainter, bar: QRectF, low: float, high: float) -> None:
        colour = QColor(self._theme.tokens.model)
        left, right = bar.left() + low * bar.width(), bar.left() + high * bar.width()
        faint = QColor(colour)
        faint.setAlphaF(_BAND)
        painter.fillRect(QRectF(left, bar.top(), right - left, bar.height()), faint)
        painter.setPen(QPen(colour, 1))
        for x in (left, right):
            painter.drawLine(QLineF(x, bar.top(), x, bar.bottom()))

    def _draw_operating_point(self, painter: QPainter, bar: QRectF, at: float) -> None:
        ink = QColor(self._theme.tokens.text1)
        x = bar.left() + at * bar.width()
        painter.setPen(QPen(ink, 1.4))
        painter.drawLine(QLineF(x, bar.top() - 2, x, bar.bottom() + 1))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(ink))
        top = bar.top() - _MARK + 1
        painter.drawPolygon(
            QPolygonF([QPointF(x - 4.5, top), QPointF(x + 4.5, top), QPointF(x, top + _MARK)])
        )
        text = f"Operating point {words.percent(at)}"
        painter.setFont(lettering.font(tokens.OVERLAY))
        painter.setPen(QColor(self._theme.tokens.text2))
        wide = painter.fontMetrics().horizontalAdvance(text)
        left = min(max(x - wide / 2, 0.0), self.width() - wide)
        box = QRectF(left, 0, wide + 2, _MARK_WORDS - 1)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, text)
