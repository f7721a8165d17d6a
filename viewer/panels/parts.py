"""The small parts that panels are built of: labels, buttons, blocks."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QStyle,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.theme.theme import Theme


def label(text: str, kind: str = "", *, wrap: bool = False) -> QLabel:
    """Words of one kind of the style sheet; never rich text, so that names stay names."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if wrap:
        # A word longer than the place is cut; by itself it would widen the place.
        made.setMinimumWidth(1)
    if kind:
        made.setProperty("kind", kind)
    return made


class Line(QLabel):
    """One line, or ``most``, cut where there is no room; all of it in the tool tip and for screen
    readers.
    """

    def __init__(self, kind: str, most: int = 1) -> None:
        super().__init__()
        self.setProperty("kind", kind)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setMinimumWidth(1)
        self._words = ""
        self._most = most

    def show_words(self, words: str) -> None:
        """Other words."""
        if words != self._words:
            self._words = words
            self.setToolTip(words)
            self.setAccessibleDescription(words)
            self._cut()

    @property
    def whole(self) -> str:
        """All of its words."""
        return self._words

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        room, metrics = self.width(), self.fontMetrics()
        lines: list[str] = []
        left = self._words.split(" ")
        while left and len(lines) < self._most - 1:
            fit = len(left)
            while fit > 1 and metrics.horizontalAdvance(" ".join(left[:fit])) > room:
                fit -= 1
            lines.append(" ".join(left[:fit]))
            left = left[fit:]
        lines += [" ".join(left)] * bool(left)
        elide = Qt.TextElideMode.ElideRight
        self.setText("\n".join(metrics.elidedText(line, elide, room) for line in lines))


def tight_column(widget: QWidget) -> QVBoxLayout:
    """A widget's parts one beneath the other, without gaps."""
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at, and have it looked at again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Button(QPushButton):
    """A button whose icon follows the theme. ``kind`` is "", "primary" or "plain"."""

    def __init__(
        self, theme: Theme, words: str, icon: str = "", *, kind: str = "", small: bool = False
    ) -> None:
        super().__init__(f" {words}" if icon and words else words)
        self._theme = theme
        self._icon_name = icon
        self._primary = kind == "primary"
        self.setIconSize(QSize(tokens.ICON, tokens.ICON))
        self.setAccessibleName(words.rstrip("…"))
        if kind:
            self.setProperty("kind", kind)
        if small:
            self.setProperty("size", "small")
        self._draw_icon()
        theme.changed.connect(self._draw_icon)

    def show_primary(self, primary: bool) -> None:
        """Whether it is the one to press next."""
        if primary != self._primary:
            self._primary = primary
            restyle(self, "kind", "primary" if primary else "")
            self._draw_icon()

    def show_icon(self, name: str) -> None:
        """Another icon."""
        if name != self._icon_name:
            self._icon_name = name
            self._draw_icon()

    def _draw_icon(self) -> None:
        if self._icon_name:
            drawn = self._theme.icon_on_primary if self._primary else self._theme.icon
            self.setIcon(drawn(self._icon_name))


class Panel(QScrollArea):
    """The column of blocks at the right, ``inside``; where the window is narrow it gives way."""

    def __init__(self, name: str, inside: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setMinimumWidth(tokens.PANEL_LEAST)
        self.setMaximumWidth(tokens.PANEL_WIDTH)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)
        self.setWidget(inside)

    def sizeHint(self) -> QSize:
        """As wide as it may be, whatever is inside."""
        return QSize(tokens.PANEL_WIDTH, super().sizeHint().height())


class ToolButton(QToolButton):
    """A tool, with the key that it has drawn in a small frame at its right.

    It is not there where its command is not, or while it is ``folded`` into a menu.
    """

    _ROOM = 26

    def __init__(self, theme: Theme, key: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._key = key
        self.folded = False

    def show_command(self) -> None:
        """Look again whether it is there."""
        self.setVisible(self.defaultAction().isVisible() and not self.folded)

    def sizeHint(self) -> QSize:
        """Room for the key."""
        hint = super().sizeHint()
        return QSize(hint.width() + (self._ROOM if self._key else 0), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, its content moved to the left of the key."""
        if not self._key:
            super().paintEvent(event)
            return
        painter = QStylePainter(self)
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        beside = self.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        words, picture = option.text if beside else "", QIcon(option.icon)
        option.text, option.icon = "", QIcon()
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        colours = self._theme.tokens
        enabled = self.isEnabled()
        middle = self.height() // 2
        mode = QIcon.Mode.Normal if enabled else QIcon.Mode.Disabled
        size = tokens.ICON
        picture.paint(painter, QRect(10, middle - size // 2, size, size), mode=mode)
        painter.setPen(QColor(colours.text1 if enabled else colours.edge))
        painter.setFont(self.font())
        box = QRect(10 + size, 0, self.width(), self.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.width() - 27.5, middle - 8.5, 17, 17)
        painter.setPen(QColor(colours.edge if enabled else colours.line))
        painter.drawRoundedRect(frame, 3, 3)
        painter.setPen(QColor(colours.text2 if enabled else colours.edge))
        painter.setFont(lettering.font(tokens.AXIS))
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, self._key)


class Block(QFrame):
    """One block of the right panel, with its author's bar at its left where it has one."""

    def __init__(
        self, theme: Theme, name: str, *, by_model: bool = False, by_reader: bool = False
    ) -> None:
        super().__init__()
        self._theme = theme
        self._by_model = by_model
        self._by_reader = by_reader
        self.setProperty("kind", "block")
        self.setAccessibleName(name)
        self.body = QVBoxLayout(self)
        side, top = tokens.PAD_SIDE, tokens.PAD_TOP
        self.body.setContentsMargins(side, top, side, top)
        self.body.setSpacing(tokens.GAP)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The author's bar."""
        super().paintEvent(event)
        if self._by_model or self._by_reader:
            painter = QPainter(self)
            colours = self._theme.tokens
            colour = QColor(colours.model if self._by_model else colours.reader)
            painter.fillRect(0, 0, tokens.AUTHOR_BAR, self.height() - 1, colour)
