"""Keys and mouse as the person has them: in force at once, changed on their page."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from viewer.command import Command, key_words
from viewer.commands.actions import Actions, HeldKeys
from viewer.commands.keymap import Keymap
from viewer.commands.table import COMMANDS
from viewer.pages import Pages
from viewer.panels.command_box import CommandBox, Entry
from viewer.preferences import Preferences
from viewer.tools.buttons import Buttons, Deed, Gesture

if TYPE_CHECKING:
    from viewer.window import Window


class Habits(QObject):
    """``keymap`` and ``buttons`` are in force; both follow the settings."""

    changed = Signal()

    def __init__(
        self,
        window: "Window",
        preferences: Preferences,
        actions: Actions,
        held: HeldKeys,
        pages: Pages,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._preferences = preferences
        self._actions = actions
        self._held = held
        self._pages = pages
        self._read: tuple[object, object] | None = None
        pages.keys_chosen.connect(self._choose_keys)
        pages.mouse_chosen.connect(self._choose_mouse)
        pages.usual_keys_wanted.connect(lambda: preferences.change(keys={}, mouse={}))
        preferences.changed.connect(self._follow)
        self._follow()

    def show_page(self) -> None:
        """The table of keys and of the mouse."""
        self._pages.show_keys(self.keymap, self.buttons)

    def show_command_box(self) -> None:
        """Let the person find a command by its words."""
        box = CommandBox(self._window.theme, self._window, [self._entry(row) for row in COMMANDS])
        box.chosen.connect(lambda name: self._actions.by_name[name].trigger())

    def _follow(self) -> None:
        settings = self._preferences.settings
        if self._read == (settings.keys, settings.mouse):
            return
        self._read = settings.keys, settings.mouse
        self.keymap = Keymap(COMMANDS, settings.keys)
        self.buttons = Buttons.read(settings.mouse)
        self._actions.show_keymap(self.keymap)
        self._held.show_keymap(self.keymap)
        self._pages.show_keymap(self.keymap, self.buttons)
        self.changed.emit()

    def _entry(self, command: Command) -> Entry:
        keys = " or ".join(key_words(key) for key in self.keymap.keys(command))
        why_not = "" if self._actions.may(command) else "Not now"
        if command.let_go is not None:
            why_not = f"Hold {keys}"
        words = command.words if command.now is None else command.now(self._window)
        return Entry(command.name, words.rstrip("…"), command.help, keys, why_not)

    def _choose_keys(self, name: str, keys: tuple[str, ...]) -> None:
        command = next(command for command in COMMANDS if command.name == name)
        self._preferences.change(keys=self.keymap.with_keys(command, keys).chosen)

    def _choose_mouse(self, gesture: Gesture, deed: Deed) -> None:
        self._preferences.change(mouse=self.buttons.put(gesture, deed).written())
