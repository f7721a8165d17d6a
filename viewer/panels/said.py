"""A sentence with its icon."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from viewer.panels.parts import label
from viewer.theme import icons
from viewer.theme.theme import Theme


class Said(QWidget):
    """A sentence, or more, with its icon; not there while there is nothing to say."""

    def __init__(self, theme: Theme, icon: str, kind: str = "body") -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = icon
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        self._icon = label("")
        across.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self.words = label("", kind, wrap=True)
        across.addWidget(self.words, 1)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def say(self, words: str) -> None:
        """Say it."""
        self.words.setText(words)
        self.setAccessibleName(words)
        self.setVisible(bool(words))

    def _draw_icon(self) -> None:
        colour, ratio = self._theme.tokens.text1, self.devicePixelRatioF()
        self._icon.setPixmap(icons.pixmap(self._icon_name, colour, 16, ratio))
