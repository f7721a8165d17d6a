"""The two bars at the top: name, menus and engine above, tools for the picture beneath."""

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QMenuBar,
    QToolButton,
    QWidget,
)
from shiboken6 import isValid

from viewer.panels import parts
from viewer.panels.chooser import Chooser
from viewer.panels.parts import ToolButton, label
from viewer.theme import icons, tokens
from viewer.theme.theme import Theme

_BESIDE = Qt.ToolButtonStyle.ToolButtonTextBesideIcon


class _ChipWords(parts.Line):
    """As wide as its words where there is room, else short: a menu without room would be gone."""

    def sizeHint(self) -> QSize:
        """Of the whole words."""
        wide = self.fontMetrics().horizontalAdvance(self.whole)
        return QSize(wide + 1, super().sizeHint().height())

    def show_words(self, words: str) -> None:
        """Other words, which may want more room, or less."""
        super().show_words(words)
        self.updateGeometry()

    def _cut(self) -> None:
        super()._cut()
        _, _, later = self.whole.partition(" ")
        if later and self.text() != self.whole:  # "Round 12" says more than "Training, roun…"
            short = later[0].upper() + later[1:]
            elide = Qt.TextElideMode.ElideRight
            self.setText(self.fontMetrics().elidedText(short, elide, self.width()))


class EngineChip(QWidget):
    """What the engine is doing, in words."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "chip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        across = QHBoxLayout(self)
        across.setContentsMargins(6, 0, 7, 0)
        across.setSpacing(5)
        self._icon = label("")
        self._words = _ChipWords("chip-words")
        across.addWidget(self._icon)
        across.addWidget(self._words)
        self.setFixedHeight(tokens.CHIP + 2)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def show_words(self, words: str, tip: str = "") -> None:
        """Say another state."""
        self._words.show_words(words)
        self._words.setToolTip("\n".join(part for part in (words, tip) if part))
        self.setToolTip(tip)
        self.setAccessibleName(words)
        self.setAccessibleDescription(tip)

    def words(self) -> str:
        """What it says, also where it is cut."""
        return self._words.whole

    def _draw_icon(self) -> None:
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(icons.pixmap("cpu", self._theme.tokens.text2, 15, ratio))


_CORNER = 5
"""Logical pixels of the corner of a tool that stands for more, and from its edges."""
_FIRST = 100
"""The stretch of what takes the free room before all else."""
_WINDOW_WIDEST = 300
"""Logical pixels of the box with the window where there is room for all its words."""


class TopBar(QWidget):
    """Mark, name, menus, tabs, engine chip, and the buttons of the house."""

    def __init__(
        self,
        theme: Theme,
        menus: QMenuBar,
        tabs: list[ToolButton],
        chip: EngineChip,
        buttons: list[ToolButton],
    ) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(tokens.TOP_BAR)
        self.setMinimumWidth(1)
        across = self._across = QHBoxLayout(self)
        across.setContentsMargins(tokens.PAD_SIDE, 0, 10, 0)
        across.setSpacing(4)
        self._mark = label("")
        across.addWidget(self._mark)
        self._name = label("LesionLens", "name")
        across.addWidget(self._name)
        across.addSpacing(10)
        across.addWidget(menus, 0, Qt.AlignmentFlag.AlignVCenter)
        across.addSpacing(14)
        for tab in tabs:
            across.addWidget(tab)
        across.addStretch(1)
        across.addWidget(chip)
        across.addSpacing(6)
        for button in buttons:
            across.addWidget(button)
        theme.changed.connect(self._draw_mark)
        self._draw_mark()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the bar is too narrow for the name, the mark stays."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """The engine's chip may say more or less than before."""
        if event.type() is QEvent.Type.LayoutRequest and isValid(self):
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        across, name = self._across, self._name.sizeHint().width() + self._across.spacing()
        named = across.sizeHint().width() + (name if self._name.isHidden() else 0)
        self._name.setVisible(named <= self.width())

    def _draw_mark(self) -> None:
        ratio = self.devicePixelRatioF()
        self._mark.setPixmap(icons.pixmap("mark", self._theme.tokens.text1, 24, ratio))


class Tools(QWidget):
    """A bar over a page, its tools side by side in ``_across``."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(tokens.TOOL_BAR)
        # Its words give way to the window, not the window to its words.
        self.setMinimumWidth(1)
        self._across = QHBoxLayout(self)
        self._across.setContentsMargins(10, 0, 10, 0)
        self._across.setSpacing(4)


class ToolBar(Tools):
    """Open and what changes the view at the left; which picture, and what leaves the window."""

    def __init__(
        self,
        theme: Theme,
        recent: QMenu,
        left: list[ToolButton],
        hands: list[ToolButton],
        views: list[ToolButton],
        step: list[ToolButton],
        right: list[ToolButton],
    ) -> None:
        super().__init__()
        across = self._across
        opener, *others = left
        across.addWidget(opener)
        tip = "Pictures that were opened before"
        across.addWidget(_MenuButton(theme, " Recent", "history", "Recent pictures", tip, recent))
        across.addWidget(Line(theme))
        for button in hands:
            across.addWidget(button)
        self._hands = hands
        self._folded = QMenu("More tools", self)
        self._more = _MoreTools(theme, self._folded)
        self._more.hide()
        for button in hands:
            button.defaultAction().changed.connect(self._more.show_held)
        across.addWidget(self._more)
        for button in views:
            across.addWidget(button)
        self.window_chooser = Chooser(theme, "Window")
        self.window_chooser.setMinimumContentsLength(20)
        across.addWidget(self.window_chooser, _FIRST)
        for button in others:
            across.addWidget(button)
        across.addStretch(1)
        self._place = label("", "second")
        self._step = QWidget()
        among = QHBoxLayout(self._step)
        among.setContentsMargins(0, 0, 6, 0)
        among.setSpacing(2)
        back, forth = step
        for part in (back, self._place, forth):
            among.addWidget(part)
        across.addWidget(self._step)
        for button in right:
            across.addWidget(button)
        self._fitted = (0, 0)
        self._worded = [
            each for each in self.findChildren(QToolButton) if each.toolButtonStyle() is _BESIDE
        ]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Other tools may be there than before."""
        if (
            event.type() is QEvent.Type.LayoutRequest
            and isValid(self)
            and self._taken != self._fitted
        ):
            self._fit()
        return super().event(event)

    @property
    def _taken(self) -> tuple[int, int]:
        """The room that there is, and that is wanted."""
        return self.width(), self._across.sizeHint().width()

    def _fit(self) -> None:
        """Where the bar is too narrow for words, icons stay; then the last of the tools that a hand
        takes go into a menu.
        """
        self._fold(0)
        worded = [button for button in self._worded if button.isVisibleTo(self)]
        for style in (_BESIDE, Qt.ToolButtonStyle.ToolButtonIconOnly):
            for button in worded:
                button.setToolButtonStyle(style)
            if self._fits:
                break
        # The beginning of the window's name tells which it is.
        for widest in (_WINDOW_WIDEST, _WINDOW_WIDEST // 2):
            self.window_chooser.setMaximumWidth(widest)
            if self._fits:
                break
        for count in range(1, len(self._hands)):
            if self._fits:
                break
            self._fold(count)
        self._fitted = self._taken
        self._across.activate()  # in its own event it would not do so by itself

    @property
    def _fits(self) -> bool:
        room, wanted = self._taken
        return wanted <= room

    def _fold(self, count: int) -> None:
        there = [hand for hand in self._hands if hand.defaultAction().isVisible()]
        folded = there[-count:] if count else []
        for hand in self._hands:
            hand.folded = hand in folded
            hand.show_command()
        self._folded.clear()
        self._folded.addActions([hand.defaultAction() for hand in folded])
        self._more.show_held()
        self._more.setVisible(bool(folded))

    def show_place(self, number: int, total: int, kind: str) -> None:
        """Say which picture or series (``kind``) of how many is shown; nothing of one alone."""
        self._step.setVisible(total > 1 and number > 0)
        self._place.setText(f"{number} of {total}")
        self._place.setAccessibleName(f"{kind} {number} of {total}")


class _MenuButton(QToolButton):
    """A tool that opens a menu."""

    def __init__(
        self, theme: Theme, words: str, icon: str, name: str, tip: str, menu: QMenu
    ) -> None:
        super().__init__()
        self._theme = theme
        self._icon = icon
        self.setText(words)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMenu(menu)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def _draw_icon(self) -> None:
        self.setIcon(self._theme.icon(self._icon))


class _MoreTools(_MenuButton):
    """The tools for which there is no room; that in hand, if it is one of them, is seen here."""

    _TIP = "The tools for which the window is too narrow"

    def __init__(self, theme: Theme, menu: QMenu) -> None:
        super().__init__(theme, "", "chevron-down", "More tools", self._TIP, menu)
        menu.aboutToHide.connect(self.show_held)  # a press of its own switches nothing

    def show_held(self) -> None:
        """Look again which of the menu's tools is in hand."""
        held = next((tool for tool in self.menu().actions() if tool.isChecked()), None)
        self.setCheckable(held is not None)
        self.setChecked(held is not None)
        self.setToolTip(self._TIP if held is None else f"{held.text()}. {self._TIP}")
        self.setAccessibleDescription("" if held is None else f"{held.text()} is in hand")
        if held is None:
            self._draw_icon()
        else:
            self.setIcon(held.icon())

    def paintEvent(self, event: QPaintEvent) -> None:
        """In the place of the arrow a corner tells that there are more."""
        super().paintEvent(event)
        if self.isChecked():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.tokens.text2))
            right, bottom = self.width() - _CORNER, self.height() - _CORNER
            corner = ((right, bottom), (right - _CORNER, bottom), (right, bottom - _CORNER))
            painter.drawPolygon([QPoint(*each) for each in corner])


class Line(QFrame):
    """A parting line between groups of tools."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(17, 24)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """One pixel."""
        QPainter(self).fillRect(8, 0, 1, self.height(), QColor(self._theme.tokens.line))
