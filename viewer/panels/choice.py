"""A row of the reader's form: one of a few, chosen by a digit, an arrow or a click."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from viewer.panels.parts import label

_FORWARD = (Qt.Key.Key_Right, Qt.Key.Key_Down)
_BACK = (Qt.Key.Key_Left, Qt.Key.Key_Up)


@dataclass(frozen=True)
class Item:
    """One of the few: the value, its words on the button, and in full for those who hear it."""

    value: object
    words: str
    full: str = ""


class Choice(QWidget):
    """One stop for Tab. ``first`` is the first item's digit; Backspace takes the choice back."""

    chosen = Signal(object)
    """The value, None if it was taken back; only when a person chose."""

    def __init__(
        self, title: str, items: Sequence[Item], *, first: int = 1, columns: int = 0
    ) -> None:
        super().__init__()
        self._title = title
        self._items = tuple(items)
        self._first = first
        self._at: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(label(title, "strong"))
        head.addStretch()
        self._said = label("", "reader-word")
        self._keys = label(f"keys {first} to {first + len(items) - 1}", "hint")
        self._keys.hide()
        head.addWidget(self._keys)
        head.addWidget(self._said)
        column.addLayout(head)
        grid = QGridLayout()
        grid.setSpacing(6)
        self.buttons: list[QPushButton] = []
        wide = columns or len(items)
        for number, item in enumerate(items):
            button = self._button(number, item)
            grid.addWidget(button, number // wide, number % wide)
        for place in range(wide):
            grid.setColumnStretch(place, 1)
        column.addLayout(grid)
        self.show_value(None)

    @property
    def value(self) -> object | None:
        """What is chosen."""
        return None if self._at is None else self._items[self._at].value

    def show_value(self, value: object | None) -> None:
        """Put the choice there, without telling it back."""
        values = [item.value for item in self._items]
        self._at = values.index(value) if value in values else None
        for number, button in enumerate(self.buttons):
            button.setChecked(number == self._at)
        item = None if self._at is None else self._items[self._at]
        full = "" if item is None else item.full
        self._said.setText(full)
        words = "not said" if item is None else (item.full or item.words)
        self.setAccessibleName(f"{self._title}: {words}")

    def choose(self, number: int | None) -> None:
        """A person chose the item with this number, from 0; None takes the choice back."""
        value = None if number is None else self._items[number].value
        if value != self.value:
            self.show_value(value)
            self.chosen.emit(value)

    # ---- Qt's events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits, arrows, Backspace."""
        key, last = event.key(), len(self._items) - 1
        digit = event.text().isdecimal() and len(event.text()) == 1
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if plain and digit and 0 <= int(event.text()) - self._first <= last:
            self.choose(int(event.text()) - self._first)
        elif plain and key in _FORWARD + _BACK:
            # Decided: an arrow moves a choice and makes none. Who wants the next picture and
            # still stands in the form would say "routine recall" of this one.
            if self._at is not None:
                self.choose(min(max(self._at + (1 if key in _FORWARD else -1), 0), last))
        elif plain and key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.choose(None)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say which keys choose here."""
        self._keys.show()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """They choose elsewhere now."""
        self._keys.hide()
        super().focusOutEvent(event)

    # ---- inside

    def _button(self, number: int, item: Item) -> QPushButton:
        button = QPushButton(item.words)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setProperty("kind", "choice")
        button.setAccessibleName(f"{self._title}: {item.full or item.words}")
        button.setToolTip(f"{item.full or item.words}: key {self._first + number}")
        button.clicked.connect(lambda: self._click(number))
        self.buttons.append(button)
        return button

    def _click(self, number: int) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        # The chosen one again: taken back.
        self.buttons[number].setChecked(True)
        self.choose(None if number == self._at else number)
