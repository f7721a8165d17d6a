"""The page of keys and mouse: every command with its key, and how to give it another."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)

from viewer.command import Command, Where, key_words
from viewer.commands.keymap import Keymap, is_key
from viewer.commands.table import COMMANDS
from viewer.panels.chooser import Chooser
from viewer.panels.pages import Page
from viewer.panels.parts import Button, label, restyle
from viewer.theme.theme import Theme
from viewer.tools.buttons import Buttons, Deed, Gesture, choices

_NOTE = (
    "Single letters act while the picture has the focus; held keys undo themselves. "
    "Click a key to give the command another."
)
_GROUPS = (
    ("Anywhere", Where.WINDOW),
    ("On any picture", Where.PICTURE),
    ("On a photograph", Where.PHOTOGRAPH),
    ("On photographs that are read", Where.EYES),
    ("On the Compare tab", Where.COMPARE),
    ("On a volume", Where.VOLUME),
)
_MODIFIERS = frozenset(
    (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta)
)


class KeysPage(Page):
    """Every command with its key; a click on the key waits for another, Escape keeps the old."""

    keys_chosen = Signal(str, object)
    """A command's name, and its keys from now on (a tuple of Qt's portable text)."""
    mouse_chosen = Signal(object, object)
    """A ``Gesture``, and the ``Deed`` that it does from now on."""
    usual_wanted = Signal()
    """All keys and movements as the tables have them."""

    def __init__(self, window: QWidget, theme: Theme, keymap: Keymap, buttons: Buttons) -> None:
        super().__init__(window, theme, "Keys and mouse")
        self._keymap = keymap
        self._rows: list[_Row] = []
        self._groups: list[tuple[QLabel, Sequence[_Row | _MouseRow]]] = []
        self.column.addWidget(label(_NOTE, "second", wrap=True))
        find = QLineEdit()
        find.setPlaceholderText("Find a command or a key")
        find.setAccessibleName("Find a command or a key")
        find.setClearButtonEnabled(True)
        find.textChanged.connect(self._find)
        self.column.addWidget(find)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setAccessibleName("Table of keys")
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(2, 1)
        for title, where in _GROUPS:
            own = [command for command in COMMANDS if command.where is where]
            if own:
                heading = _heading(grid, title)
                rows = [_Row(theme, grid, command, self._take) for command in own]
                self._groups.append((heading, rows))
                self._rows += rows
        mouse = _heading(grid, "Mouse on a volume")
        self._mouse = _MouseTable(theme, grid, self.mouse_chosen.emit)
        self._groups.append((mouse, self._mouse.rows))
        grid.setRowStretch(grid.rowCount(), 1)
        area.setWidget(inside)
        self.column.addWidget(area, 1)
        self._clash = label("", "error", wrap=True)
        self._clash.setVisible(False)
        self.column.addWidget(self._clash)
        foot = QHBoxLayout()
        usual = Button(theme, "Usual keys", "zoom-reset")
        usual.setToolTip("Gives every command the key that it has at a first start")
        usual.clicked.connect(self.usual_wanted)
        foot.addWidget(usual)
        foot.addStretch()
        done = Button(theme, "Close", kind="primary")
        done.clicked.connect(self.close)
        foot.addWidget(done)
        self.column.addLayout(foot)
        self.resize(820, 660)
        self.show_keymap(keymap)
        self.show_buttons(buttons)

    def show_buttons(self, buttons: Buttons) -> None:
        """Write what the mouse does now."""
        self._mouse.show_buttons(buttons)

    def show_keymap(self, keymap: Keymap) -> None:
        """Write the keys that are in force."""
        self._keymap = keymap
        for row in self._rows:
            row.show_keys(keymap.keys(row.command))

    def _take(self, row: "_Row", key: str) -> bool:
        """Give a command another key, or say why not."""
        command = row.command
        if not key:
            self._say("")
        elif not is_key(key, command):
            self._say(f"“{command.words}” is held: it takes a single key without Ctrl, Alt, Shift.")
            return False
        elif (other := self._keymap.owner(key, command)) is not None:
            self._say(
                f"“{key_words(key)}” is the key of “{other.words.rstrip('…')}”. "
                "Press another, or Esc to keep the old one."
            )
            return False
        else:
            self._say("")
            self.keys_chosen.emit(command.name, (key,))
        return True

    def _say(self, sentence: str) -> None:
        self._clash.setText(sentence)
        self._clash.setVisible(bool(sentence))

    def _find(self, typed: str) -> None:
        wanted = typed.casefold().split()
        for heading, rows in self._groups:
            found = [all(word in row.text() for word in wanted) for row in rows]
            heading.setVisible(any(found))
            for row, visible in zip(rows, found, strict=True):
                row.set_visible(visible)


def _heading(grid: QGridLayout, title: str) -> QLabel:
    made = label(title, "title")
    grid.addWidget(made, grid.rowCount(), 0, 1, 3)
    return made


class _Row:
    """A key, the command's words, and what it does."""

    def __init__(
        self,
        theme: Theme,
        grid: QGridLayout,
        command: Command,
        take: Callable[["_Row", str], bool],
    ) -> None:
        self.command = command
        number = grid.rowCount()
        self.field = KeyField(theme, command, lambda key: take(self, key))
        words: QLabel = label(command.words.rstrip("…"))
        explained: QLabel = label(command.help, "second", wrap=True)
        self._widgets: tuple[QWidget, ...] = (self.field, words, explained)
        for column, widget in enumerate(self._widgets):
            grid.addWidget(widget, number, column)

    def show_keys(self, keys: tuple[str, ...]) -> None:
        """Write its keys."""
        self.field.show_keys(keys)

    def text(self) -> str:
        """What a search looks through."""
        return f"{self.field.text()} {self.command.words} {self.command.help}".casefold()

    def set_visible(self, visible: bool) -> None:
        """Show or hide the row."""
        for widget in self._widgets:
            widget.setVisible(visible)


class _MouseRow:
    """A movement of the mouse, and a choice of what it does."""

    def __init__(
        self, theme: Theme, grid: QGridLayout, gesture: Gesture, choose: Callable[[Deed], object]
    ) -> None:
        self._gesture = gesture
        self._deeds = choices(gesture)
        self._name = label(gesture.value)
        self._chooser = Chooser(theme, gesture.value)
        self._chooser.addItems([deed.value for deed in self._deeds])
        self._chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._chooser.activated.connect(lambda number: choose(self._deeds[number]))
        row = grid.rowCount()
        grid.addWidget(self._name, row, 0)
        grid.addWidget(self._chooser, row, 1)

    def show_deed(self, deed: Deed) -> None:
        """Write what it does."""
        self._chooser.setCurrentIndex(self._deeds.index(deed))

    def text(self) -> str:
        """What a search looks through."""
        return f"{self._gesture.value} {self._chooser.currentText()} mouse".casefold()

    def set_visible(self, visible: bool) -> None:
        """Show or hide the row."""
        self._name.setVisible(visible)
        self._chooser.setVisible(visible)


class _MouseTable:
    """Every movement of the mouse on a volume."""

    def __init__(
        self, theme: Theme, grid: QGridLayout, chosen: Callable[[Gesture, Deed], object]
    ) -> None:
        self._by_gesture = {
            gesture: _MouseRow(theme, grid, gesture, partial(chosen, gesture))
            for gesture in Gesture
        }
        self.rows = tuple(self._by_gesture.values())

    def show_buttons(self, buttons: Buttons) -> None:
        """Write what each movement does."""
        for gesture, row in self._by_gesture.items():
            row.show_deed(buttons.deed(gesture))


class KeyField(QPushButton):
    """Shows keys; clicked, it waits for the next key and offers it to ``take``."""

    def __init__(self, theme: Theme, command: Command, take: Callable[[str], bool]) -> None:  # noqa: ARG002
        super().__init__()
        self._command = command
        self._take = take
        self._keys: tuple[str, ...] = ()
        self._waits = False
        self.setProperty("size", "small")
        self.setMinimumWidth(150)
        self.setAccessibleName(f"Key of {command.words.rstrip('…')}")
        self.clicked.connect(self._wait)

    def show_keys(self, keys: tuple[str, ...]) -> None:
        """Write the keys in force."""
        self._keys = keys
        self._stop()

    def event(self, event: QEvent) -> bool:
        """While it waits, Tab and every shortcut are keys like any other."""
        if self._waits and isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() is QEvent.Type.KeyPress:
                self._press(event)
                return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Elsewhere is enough of an answer: the old key stays."""
        if self._waits:
            self._take("")
            self._stop()
        super().focusOutEvent(event)

    def _press(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _MODIFIERS:
            return
        if key is Qt.Key.Key_Escape or self._take(pressed(event)):
            self._take("")
            self._stop()

    def _wait(self) -> None:
        self._waits = True
        self.setText("Press a key…")
        restyle(self, "kind", "primary")

    def _stop(self) -> None:
        self._waits = False
        held = " held" if self._command.let_go is not None else ""
        words = " or ".join(key_words(key) for key in self._keys)
        self.setText(words + held if words else "no key")
        restyle(self, "kind", "")


def pressed(event: QKeyEvent) -> str:
    """The key of an event in Qt's portable text; a sign that needs Shift is the sign alone."""
    key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    typed = event.text()
    if len(typed) == 1 and typed.isprintable() and not typed.isalnum() and typed != " ":
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    sequence = QKeySequence(key | modifiers.value)
    return sequence.toString(QKeySequence.SequenceFormat.PortableText)
