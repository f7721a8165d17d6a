"""The table of commands made into Qt's actions: menus, buttons, keys and held keys."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar, QWidget

from viewer.command import SUBMENUS, Bar, Command, Menu, Where, key_words
from viewer.commands.keymap import Keymap
from viewer.commands.table import COMMANDS
from viewer.panels.parts import ToolButton
from viewer.theme import tokens
from viewer.theme.theme import Theme

if TYPE_CHECKING:
    from viewer.window import Window


class Actions(QObject):
    """One action a command, kept in step with when it may and whether it is on."""

    def __init__(self, window: "Window", theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self.by_name: dict[str, QAction] = {}
        self._doing = 0
        self._there: frozenset[Where] = frozenset()
        self._submenus: tuple[QMenu, ...] = ()
        for command in COMMANDS:
            if command.let_go is None:
                self.by_name[command.name] = self._action(command)
        theme.changed.connect(self._draw_icons)
        self.show_keymap(Keymap(COMMANDS))
        self._draw_icons()

    def act_in(self, owners: Mapping[Where, QWidget]) -> None:
        """Let the commands of these places act: they are there from now on, and not before."""
        self._there |= owners.keys()
        for command in COMMANDS:
            if command.where in owners and command.name in self.by_name:
                owners[command.where].addAction(self.by_name[command.name])

    def may(self, command: Command) -> bool:
        """Whether a command may act now; never where what it acts on was not made yet."""
        return command.where in self._there and command.may(self._window)

    def show_keymap(self, keymap: Keymap) -> None:
        """Put other keys in force."""
        for command in COMMANDS:
            action = self.by_name.get(command.name)
            if action is not None:
                keys = keymap.keys(command)
                action.setShortcuts([QKeySequence.fromString(key) for key in keys])
                tip = f" ({key_words(keys[0])})" if keys else ""
                # The name first: where the bar is narrow, the button shows its icon alone.
                action.setToolTip(f"{command.words.rstrip('…')}{tip}\n{command.help}")

    def refresh(self) -> None:
        """Look again when each command may, and whether it is on."""
        if self._doing:
            return
        elsewhere = self._elsewhere
        for command in COMMANDS:
            action = self.by_name.get(command.name)
            if action is None:
                continue
            action.setEnabled(self.may(command))
            # What is for volumes alone is not even told while a photograph is shown.
            action.setVisible(command.where not in elsewhere)
            if command.on is not None and command.where in self._there:
                action.setChecked(command.on(self._window))
            if command.now is not None and command.where in self._there:
                action.setText(command.now(self._window))
        for menu in self._submenus:
            inside = [action for action in menu.actions() if not action.isSeparator()]
            menu.menuAction().setVisible(any(action.isVisible() for action in inside))
            menu.menuAction().setEnabled(any(action.isEnabled() for action in inside))

    def _draw_icons(self) -> None:
        # Not at each refresh: an action whose icon is set tells all who show it, the same or not.
        for command in COMMANDS:
            if command.icon and command.name in self.by_name:
                self.by_name[command.name].setIcon(self._theme.icon(command.icon))

    @property
    def _elsewhere(self) -> set[Where]:
        volume = self._window.shows_volume
        elsewhere = {Where.PHOTOGRAPH, Where.EYES} if volume else {Where.VOLUME}
        return elsewhere | {Where.COMPARE if self._window.on_top.compared is None else Where.EYES}

    def menu_bar(self, recent: QMenu) -> QMenuBar:
        """File, Edit, View, Tools and Help; ``recent`` stands beneath "Open"."""
        bar = QMenuBar()
        bar.setNativeMenuBar(False)
        menus: dict[Menu, QMenu] = {}
        for which in (Menu.FILE, Menu.EDIT, Menu.VIEW, Menu.TOOLS, Menu.HELP):
            menus[which] = bar.addMenu(f"&{which.value}")
        for command in COMMANDS:
            if command.menu in SUBMENUS and command.menu not in menus:
                # It stands where the first of its commands would.
                menus[command.menu] = menus[Menu.VIEW].addMenu(command.menu.value)
            elif command.gap_before and command.menu in menus:
                menus[command.menu].addSeparator()
            if command.menu in menus:
                menus[command.menu].addAction(self.by_name[command.name])
            if command.name == "open":
                menus[Menu.FILE].addMenu(recent)
        keys = MenuKeys(bar)
        for which, menu in menus.items():
            menu.setAccessibleName(which.value)
        for widget in (bar, recent, *menus.values()):
            widget.installEventFilter(keys)
        self._submenus = tuple(menus[which] for which in SUBMENUS)
        return bar

    def buttons(self, bar: Bar) -> list[ToolButton]:
        """The commands of a bar as buttons: icon and word on tools, icon alone at the top."""
        return [self._button(command, bar) for command in COMMANDS if command.bar is bar]

    def button(self, name: str) -> ToolButton:
        """A further button of a command, for a bar that is not the window's own."""
        command = next(command for command in COMMANDS if command.name == name)
        return self._button(command, Bar.NONE)

    def _action(self, command: Command) -> QAction:
        action = QAction(command.words, self._window)
        # A space keeps icon and word apart, which Qt sets closer than the eye likes.
        action.setIconText(f" {command.words}")
        action.setCheckable(command.on is not None)
        action.setAutoRepeat(command.repeats)
        action.setShortcutContext(
            Qt.ShortcutContext.WindowShortcut
            if command.where is Where.WINDOW
            else Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        action.triggered.connect(lambda: self._do(command))
        return action

    def _do(self, command: Command) -> None:
        # What it changes calls for a look many times over: one, when all is done, is enough.
        self._doing += 1
        try:
            command.do(self._window)
        finally:
            self._doing -= 1
            self.refresh()

    def _button(self, command: Command, bar: Bar) -> ToolButton:
        button = ToolButton(self._theme, _key_shown(command))
        action = self.by_name[command.name]
        button.setDefaultAction(action)
        if bar is not Bar.NONE:
            action.changed.connect(button.show_command)
            if not action.isVisible():
                button.hide()  # it was told before there was a button
        button.setIconSize(QSize(tokens.ICON, tokens.ICON))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(command.words.rstrip("…"))
        if command.now is not None:
            action.changed.connect(lambda: button.setAccessibleName(action.text()))
        button.setAccessibleDescription(command.help)
        if bar in (Bar.TOP, Bar.STEP, Bar.HANDS, Bar.VIEWS):
            button.setProperty("kind", "icon")
        elif bar is Bar.TABS:
            button.setProperty("kind", "tab")
        else:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return button


def _key_shown(command: Command) -> str:
    """The single key that a tool shows, by the held command beside it where there is one."""
    held = {"heatmap": "S", "red-free": "G", "layout": "E", "crosshair": "X", "compare-link": "L"}
    return held.get(command.name, "")


class MenuKeys(QObject):
    """Leaves keys to the menu that is open: arrows go from menu to menu, not from picture to
    picture.
    """

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let no shortcut take a key from a menu, or from the bar that it hands arrows to."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and QApplication.activePopupWidget() is not None
        ):
            event.accept()
            return True
        return super().eventFilter(watched, event)


_UP_MS = 20
"""A key that comes down again so soon was never up: X11's auto-repeat, of which Qt 6.11 takes most
for the hand's own where the processor is busy. Measured: down again within 2 ms."""


class HeldKeys(QObject):
    """Held commands: down does, up undoes, and so does losing the focus or the window.

    Auto-repeat is ignored, and a key with Ctrl, Alt or Shift is another key.
    """

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._pictures: dict[QWidget, Where] = {}
        self._held: dict[int, Command] = {}
        self._rising: dict[int, object] = {}
        """Held keys that went up a moment ago, each with a mark of that moment."""
        self._commands: Mapping[tuple[Where, int], Command] = {}
        self.show_keymap(Keymap(COMMANDS))
        window.installEventFilter(self)

    def show_keymap(self, keymap: Keymap) -> None:
        """Put other keys in force."""
        self._let_all_go()
        self._commands = {
            (command.where, QKeySequence.fromString(key)[0].key().value): command  # type: ignore[index]
            for command in COMMANDS
            if command.let_go is not None
            for key in keymap.keys(command)
        }

    def add(self, picture: QWidget, where: Where) -> None:
        """Act in a view from now on, by what it shows."""
        self._pictures[picture] = where
        picture.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Catch the held keys before the picture sees them."""
        kind = event.type()
        if kind in (QEvent.Type.FocusOut, QEvent.Type.WindowDeactivate):
            self._let_all_go()
        elif isinstance(event, QKeyEvent) and isinstance(watched, QWidget):
            where = self._pictures.get(watched)
            if where is not None and kind is QEvent.Type.KeyPress:
                return self._down(event, self._commands.get((where, event.key())))
            if where is not None and kind is QEvent.Type.KeyRelease:
                return self._up(event)
        return super().eventFilter(watched, event)

    def _down(self, event: QKeyEvent, command: Command | None) -> bool:
        self._rising.pop(event.key(), None)
        if command is None or event.modifiers() != Qt.KeyboardModifier.NoModifier:
            return False
        if not event.isAutoRepeat() and event.key() not in self._held and command.may(self._window):
            self._held[event.key()] = command
            command.do(self._window)
        return True

    def _up(self, event: QKeyEvent) -> bool:
        if event.key() not in self._held:
            return False
        if not event.isAutoRepeat():
            key = event.key()
            moment = self._rising[key] = object()
            QTimer.singleShot(_UP_MS, self, lambda: self._let_go_if_up(key, moment))
        return True

    def _let_go_if_up(self, key: int, moment: object) -> None:
        if self._rising.get(key) is moment:  # it may have come down and gone up again since
            self._let_go(key)

    def _let_all_go(self) -> None:
        for key in tuple(self._held):
            self._let_go(key)

    def _let_go(self, key: int) -> None:
        self._rising.pop(key, None)
        command = self._held.pop(key, None)
        if command is not None and command.let_go is not None:
            command.let_go(self._window)
