"""Opens the pages beside the work: settings, keys, a pack's card, about."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from viewer.panels.pack import card_of
from viewer.panels.pages import AboutPage, CardPage, KeysPage, SettingsPage
from viewer.presenter import Presenter
from viewer.theme.theme import Theme
from viewer.theme.tokens import ThemeName


class Pages(QObject):
    """Fills each page from the presenter, and leads what is chosen there back to it."""

    def __init__(self, window: QWidget, theme: Theme, presenter: Presenter) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._presenter = presenter

    def show_settings(self) -> None:
        """The page of settings."""
        presenter = self._presenter
        page = SettingsPage(
            self._window,
            self._theme,
            presenter.settings.device,
            presenter.devices,
            presenter.device_reason,
        )
        page.device_chosen.connect(presenter.choose_device)
        page.theme_chosen.connect(self.choose_theme)
        page.reset_wanted.connect(presenter.reset_settings)
        page.reset_wanted.connect(page.close)
        page.show()

    def show_keys(self) -> None:
        """The table of keys."""
        KeysPage(self._window, self._theme).show()

    def show_about(self) -> None:
        """Version, device and licence."""
        AboutPage(self._window, self._theme, self._presenter.device_reason).show()

    def show_card(self) -> None:
        """The card of the pack in force."""
        pack = self._presenter.pack
        if pack is not None:
            CardPage(self._window, self._theme, pack.title, card_of(pack)).show()

    def turn_theme(self) -> None:
        """From dark to light, or back."""
        dark = self._theme.tokens.name is ThemeName.DARK
        self.choose_theme(ThemeName.LIGHT if dark else ThemeName.DARK)

    def choose_theme(self, name: ThemeName) -> None:
        """Put a theme in force and keep it."""
        self._presenter.preferences.change(theme=name.value)
