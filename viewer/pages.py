"""Opens the pages beside the work: settings, keys, a pack's card, about."""

from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from engine.answers import PackSummary
from engine.listing import RefusedFile
from engine.pictures import Repair
from engine.records.forms import ReadingMode
from viewer.commands.keymap import Keymap
from viewer.commands.keys import KeysPage
from viewer.panels.pack import card_of
from viewer.panels.pages import (
    AboutPage,
    CardPage,
    NotReadPage,
    Page,
    RepairsPage,
    SettingsPage,
)
from viewer.photograph.presenter import Presenter
from viewer.theme.theme import Theme
from viewer.theme.tokens import ThemeName
from viewer.tools.buttons import Buttons

_Made = TypeVar("_Made", bound=Page)


class Pages(QObject):
    """Fills each page from the presenter, and leads what is chosen there back to it.

    A page that is asked for again comes to the front.
    """

    keys_chosen = Signal(str, object)
    """A command's name and its keys from now on."""
    mouse_chosen = Signal(object, object)
    """A ``Gesture`` and the ``Deed`` that it does from now on."""
    usual_keys_wanted = Signal()

    def __init__(self, window: QWidget, theme: Theme, presenter: Presenter) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._presenter = presenter

    def show_settings(self) -> None:
        """The page of settings."""
        if self._front(SettingsPage) is not None:
            return
        presenter = self._presenter
        page = SettingsPage(
            self._window,
            self._theme,
            presenter.settings.device,
            presenter.devices,
            presenter.device_reason,
            ReadingMode(presenter.settings.reading),
        )
        page.mode_chosen.connect(
            lambda mode: presenter.preferences.change(reading=ReadingMode(mode).value)
        )
        page.device_chosen.connect(presenter.choose_device)
        page.theme_chosen.connect(self.choose_theme)
        page.reset_wanted.connect(presenter.reset_settings)
        page.reset_wanted.connect(page.close)
        page.show()

    def show_keys(self, keymap: Keymap, buttons: Buttons) -> None:
        """The table of keys and of the mouse."""
        if self._front(KeysPage) is not None:
            return
        page = KeysPage(self._window, self._theme, keymap, buttons)
        page.keys_chosen.connect(self.keys_chosen)
        page.mouse_chosen.connect(self.mouse_chosen)
        page.usual_wanted.connect(self.usual_keys_wanted)
        page.show()

    def show_keymap(self, keymap: Keymap, buttons: Buttons) -> None:
        """Write what keys and mouse do now on their page, if it is open."""
        for page in self._window.findChildren(KeysPage):
            page.show_keymap(keymap)
            page.show_buttons(buttons)

    def show_about(self) -> None:
        """Version, device and licence."""
        if self._front(AboutPage) is None:
            AboutPage(self._window, self._theme, self._presenter.device_reason).show()

    def show_card(self) -> None:
        """The card of the pack in force."""
        self.show_card_of(self._presenter.pack)

    def show_card_of(self, pack: PackSummary | None) -> None:
        """The card of a pack."""
        if pack is None:
            return
        # Another pack may be in force since: a card is made anew.
        if (old := self._front(CardPage)) is not None:
            old.close()
        CardPage(self._window, self._theme, pack.title, card_of(pack)).show()

    def show_repairs(self, title: str, repairs: tuple[Repair, ...]) -> None:
        """What was mended in a series' geometry on loading."""
        if (old := self._front(RepairsPage)) is not None:
            old.close()
        RepairsPage(self._window, self._theme, title, repairs).show()

    def show_not_read(self, files: tuple[RefusedFile, ...]) -> None:
        """Every file of what was opened that was not read, and why."""
        if (old := self._front(NotReadPage)) is not None:
            old.close()
        NotReadPage(self._window, self._theme, files).show()

    def turn_theme(self) -> None:
        """From dark to light, or back."""
        dark = self._theme.tokens.name is ThemeName.DARK
        self.choose_theme(ThemeName.LIGHT if dark else ThemeName.DARK)

    def choose_theme(self, name: ThemeName) -> None:
        """Put a theme in force and keep it."""
        self._presenter.preferences.change(theme=name.value)

    def _front(self, kind: type[_Made]) -> _Made | None:
        """The open page of this kind, brought to the front; None if there is none."""
        for page in self._window.findChildren(kind):
            if page.isVisible():
                page.raise_()
                page.activateWindow()
                return page
        return None
