"""The theme in force: its tokens, and the news that they changed."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from viewer.theme import icons, stylesheet, tokens
from viewer.theme import type as lettering
from viewer.theme.tokens import THEMES, ThemeName, Tokens


class Theme(QObject):
    """Dark or light. Widgets that draw themselves keep it and repaint at ``changed``."""

    changed = Signal()

    def __init__(
        self, application: QApplication, name: ThemeName = ThemeName.DARK, *, dressed: bool = True
    ) -> None:
        """``dressed`` False leaves the style sheet to ``dress``.

        A window is built in half the time without one: Qt lays it on every widget anew each time
        that a part is put into a larger part.
        """
        super().__init__(application)
        self._dressed = dressed
        self._application = application
        self.tokens: Tokens = THEMES[name]
        application.setStyle("Fusion")
        lettering.load()
        application.setWindowIcon(icons.of_program())
        application.setFont(lettering.font(tokens.BODY))
        self._apply()

    def dress(self) -> None:
        """Put the style sheet in force: the window is built."""
        self._dressed = True
        self._apply()

    def use(self, name: ThemeName) -> None:
        """Put another theme in force."""
        if name is not self.tokens.name:
            self.tokens = THEMES[name]
            self._apply()
            self.changed.emit()

    def icon(self, name: str) -> QIcon:
        """An icon in the colour of second text; the sun is the moon where it is light."""
        if name == "sun" and self.tokens.name is ThemeName.LIGHT:
            name = "moon"
        return icons.icon(name, self.tokens.text2, self.tokens.edge)

    def icon_on_primary(self, name: str) -> QIcon:
        """An icon for the one main button."""
        return icons.icon(name, self.tokens.on_primary, self.tokens.edge)

    def _apply(self) -> None:
        self._application.setPalette(_palette(self.tokens))
        if self._dressed:
            self._application.setStyleSheet(stylesheet.sheet(self.tokens))


def _palette(theme: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, theme.window),
        (role.Base, theme.panel),
        (role.AlternateBase, theme.raised),
        (role.Button, theme.raised),
        (role.WindowText, theme.text1),
        (role.Text, theme.text1),
        (role.ButtonText, theme.text1),
        (role.ToolTipBase, theme.raised),
        (role.ToolTipText, theme.text1),
        (role.PlaceholderText, theme.text3),
        (role.Highlight, theme.text1),
        (role.HighlightedText, theme.window),
        (role.Accent, theme.text1),
        (role.Link, theme.text1),
    ):
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.edge))
    return palette
