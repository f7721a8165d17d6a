"""The steps of a training at the page's top: which are done, which is under way."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from viewer.panels.parts import Line, label, restyle
from viewer.theme import icons, tokens
from viewer.theme import type as lettering
from viewer.theme.theme import Theme

DATA, PLAN, RUN, SHIP, DONE = range(5)
_NAMES = ("Data check", "Plan", "Run", "Ship")
_SHARES = (4, 5, 5, 4)
"""Of the room: in the least window "300 rounds, sparse" and "Round 281 of 300" are whole."""


class Steps(QWidget):
    """Four steps; each with a line of what it holds now."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(60)
        self.across = QHBoxLayout(self)
        self.across.setContentsMargins(16, 0, 12, 0)
        self.across.setSpacing(12)
        self._steps = [_Step(theme, number, name) for number, name in enumerate(_NAMES)]
        for step, share in zip(self._steps, _SHARES, strict=True):
            self.across.addWidget(step, share)

    def show_step(self, now: int, words: tuple[str, str, str, str]) -> None:
        """Steps before ``now`` are done."""
        for number, step in enumerate(self._steps):
            step.show_state(number < now, number == now, words[number])


class _Step(QWidget):
    def __init__(self, theme: Theme, number: int, name: str) -> None:
        super().__init__()
        self._name = name
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        self._ring = _Ring(theme, number + 1)
        across.addWidget(self._ring)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch()
        self._title = label(name, "strong")
        self._second = Line("hint", most=2)
        self._second.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        words.addWidget(self._title)
        words.addWidget(self._second)
        words.addStretch()
        across.addLayout(words, 1)

    def show_state(self, done: bool, now: bool, words: str) -> None:
        self._ring.show_state(done, now)
        restyle(self._title, "kind", "strong" if done or now else "hint")
        self._second.show_words(words)
        self._second.setVisible(bool(words))  # a title alone stands in the middle
        state = "done" if done else "now" if now else "later"
        self.setAccessibleName(f"{self._name}, {state}")


class _Ring(QWidget):
    def __init__(self, theme: Theme, number: int) -> None:
        super().__init__()
        self._theme = theme
        self._number = number
        self._done = self._now = False
        self.setFixedSize(30, 30)
        theme.changed.connect(self.update)

    def show_state(self, done: bool, now: bool) -> None:
        self._done, self._now = done, now
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """A full ring with a tick, a strong ring with the number, or a faint one."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = self._theme.tokens
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        if self._done:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.primary))
            painter.drawEllipse(box)
            tick = icons.pixmap("check", colours.on_primary, 18, self.devicePixelRatioF())
            painter.drawPixmap(6, 6, tick)
            return
        painter.setPen(QPen(QColor(colours.text1 if self._now else colours.edge), 2))
        painter.drawEllipse(box)
        painter.setFont(lettering.font(tokens.BODY_STRONG))
        painter.setPen(QColor(colours.text1 if self._now else colours.text3))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self._number))
