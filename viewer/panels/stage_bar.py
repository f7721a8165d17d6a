"""The stage bar: the whole distribution over stages, each part under hand and key."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QToolTip

from engine.stage_answers import StageAnswer
from engine.telling import stage_words
from viewer.panels.stage_paint import draw_stages, stage_at
from viewer.theme.theme import Theme

_MARGIN = 3
"""Above and below: room for the frame round the chosen part."""
_BAR = 18
_KEY_HELP = "Click, or press Enter, for its heatmap."


class StageBar(QAbstractSlider):
    """Draws an answer's stages; ``value`` is the part that the keyboard is on.

    Hovering a part, or going to it by the arrows, tells its share; a click or Enter wants its
    heatmap.
    """

    explained = Signal(int)
    """The place of the stage whose heatmap is wanted, or wanted no more."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._answer: StageAnswer | None = None
        self._chosen: int | None = None
        self.setAccessibleName("Stages, by the model")
        # A click leaves the keys to the picture: S, F and the arrows go on working.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_BAR + 2 * _MARGIN)
        self.setMouseTracking(True)
        self.setSingleStep(1)
        self.setPageStep(1)
        self.valueChanged.connect(self._describe)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """As wide as the panel."""
        return QSize(300, self.height())

    def show_answer(self, answer: StageAnswer | None, chosen: int | None = None) -> None:
        """Draw another answer, or the ground of one; ``chosen`` is explained by the heatmap."""
        another = self._answer is not answer
        self._answer, self._chosen = answer, chosen
        if answer is not None and another:
            self.setRange(0, max(len(answer.stages) - 1, 0))
            self.setValue(answer.likeliest or 0)
        self._describe()
        self.update()

    @property
    def bar(self) -> QRectF:
        """Where the parts are drawn."""
        return QRectF(0, _MARGIN, self.width(), _BAR)

    def part_words(self, place: int) -> str:
        """What hovering a part tells: its share, and how to see its heatmap."""
        if self._answer is None:
            return ""
        told = stage_words.share_words(self._answer.scale, self._answer.stages, place)
        shown = "Its heatmap is shown; click again for that of Referable."
        return f"{told}. {shown if place == self._chosen else _KEY_HELP}"

    # ---- Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """LOOK 8."""
        answer, painter = self._answer, QPainter(self)
        if answer is None or not answer.stages:
            painter.fillRect(self.bar, QColor(self._theme.tokens.control))
            return
        # The part that the keyboard is on is framed as if it were chosen.
        chosen = self.value() if self.hasFocus() else self._chosen
        draw_stages(painter, self.bar, answer.stages, self._theme.tokens, chosen=chosen)

    def event(self, event: QEvent) -> bool:
        """A tool tip for the part under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            place = self._place(QPointF(event.pos()))
            if place is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.part_words(place), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a part wants its heatmap."""
        place = self._place(event.position())
        if event.button() is Qt.MouseButton.LeftButton and place is not None:
            self.setValue(place)
            self.explained.emit(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over what can be clicked."""
        over = self._place(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Nothing is dragged."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The panel scrolls."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from part to part; Enter and Space want the heatmap of one."""
        wanted = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if wanted and self._answer is not None and self._answer.stages:
            self.explained.emit(self.value())
        elif not wanted:
            super().keyPressEvent(event)

    # ---- inside

    def _place(self, at: QPointF) -> int | None:
        if self._answer is None:
            return None
        at = QPointF(at.x(), self.bar.center().y())
        return stage_at(self._answer.stages, self.bar, at)

    def _describe(self) -> None:
        answer = self._answer
        if answer is None or not answer.stages:
            self.setAccessibleDescription("")
        else:
            at = stage_words.share_words(answer.scale, answer.stages, self.value())
            self.setAccessibleDescription(f"{at}. {stage_words.shares_sentence(answer)}")
        self.update()
