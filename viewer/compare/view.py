"""A view of the Compare tab with its header: what it shows, and whether the Read tab uses it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from viewer.compare.answers import Answers, Given, Outcome
from viewer.compare.card import Card
from viewer.compare.pane import ComparePane
from viewer.compare.sources import SIGNS, Source
from viewer.panels.chooser import Chooser
from viewer.panels.parts import label
from viewer.theme.theme import Theme

HEAD = 36
"""The header's height, logical pixels."""


class Header(QWidget):
    """A sign, a name, and at the right a hint and the mark of what is in use; or a chooser."""

    chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEAD)
        self._across = across = QHBoxLayout(self)
        across.setContentsMargins(10, 0, 8, 0)
        across.setSpacing(8)
        self.sign = label("", "title")
        self.chooser = Chooser(theme, "What this view shows")
        self.chooser.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.chooser.activated.connect(self.chosen)
        self.name = label("", "second")
        self.hint = label("", "hint")
        self.in_use = label("In use", "chip")
        self.in_use.setToolTip("The Read tab shows this.")
        across.addWidget(self.sign)
        across.addWidget(self.chooser, 2)
        across.addWidget(self.name)
        across.addStretch(1)
        across.addWidget(self.hint)
        across.addWidget(self.in_use)
        self.chooser.hide()
        self.in_use.hide()

    def tell(self, sign: str, name: str, hint: str, *, in_use: bool) -> None:
        """Say what is shown."""
        for part, words in ((self.sign, sign), (self.name, name), (self.hint, hint)):
            part.setText(words)
            part.setVisible(bool(words))
        self.in_use.setVisible(in_use)

    def offer(self, names: Sequence[str], number: int) -> None:
        """Let a person choose, in place of the sign."""
        shown = [self.chooser.itemText(each) for each in range(self.chooser.count())]
        if shown != list(names):
            self.chooser.clear()
            self.chooser.addItems(list(names))
        self.chooser.setCurrentIndex(number)
        self.chooser.setToolTip(names[number] if 0 <= number < len(names) else "")
        self.chooser.show()
        self.sign.hide()

    def fit(self) -> tuple[str, ...]:
        """Where a chooser leaves no room for all words, take those of the map out, and give them.

        They stand over the picture then: two packs' names must not be cut until they are alike.
        """
        told = (self.name, self.hint)
        for part in told:
            part.setVisible(bool(part.text()))
        # The chooser's own hint is for a few letters.
        wanted = self.chooser.whole_width
        # Without it the stretch beside it takes a third of the room, and cuts the name.
        self.chooser.setMinimumWidth(0)
        if self.chooser.isHidden():
            return ()
        apart: tuple[str, ...] = ()
        if wanted > self._room():
            apart = tuple(part.text() for part in told if part.text())
            for part in told:
                part.hide()
        self.chooser.setMinimumWidth(min(wanted, self._room()))
        return apart

    def _room(self) -> int:
        """What the other words leave the chooser."""
        self._across.invalidate()
        others = self._across.sizeHint().width() - self.chooser.sizeHint().width()
        return max(self.width() - others, 0)

    def said(self) -> list[QLabel]:
        """Its labels, as they stand from left to right."""
        return [self.sign, self.name, self.hint, self.in_use]


class View(QWidget):
    """``source`` is None for the bare picture."""

    def __init__(self, theme: Theme, answers: Answers) -> None:
        super().__init__()
        self.source: Source | None = None
        self.outcome: Outcome | None = None
        self.header = Header(theme)
        self.pane = ComparePane()
        self.card = Card(theme, self.pane)
        self.card.cancel_wanted.connect(lambda: self._for_source(answers.cancel))
        self.card.again_wanted.connect(lambda: self._for_source(answers.ask_again))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.pane, 1)

    def fit(self) -> None:
        """Put the header's words where there is room for them."""
        self.pane.set_marks(apart=self.header.fit())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room for words."""
        super().resizeEvent(event)
        self.fit()

    def _for_source(self, do: Callable[[Source], object]) -> None:
        if self.source is not None:
            do(self.source)

    @property
    def given(self) -> Given | None:
        """The answer, if there is one."""
        return self.outcome if isinstance(self.outcome, Given) else None

    @property
    def words(self) -> str:
        """What is shown, in words."""
        return "Picture" if self.source is None else SIGNS[self.source.criterion][0]
