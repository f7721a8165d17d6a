"""A sentence with its icon, and several, each with its own."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from viewer.panels.parts import label
from viewer.theme import icons
from viewer.theme.theme import Theme


class Said(QWidget):
    """A sentence, or more, with its icon; not there while there is nothing to say.

    Without an ``icon`` it has the point of a list.
    """

    def __init__(self, theme: Theme, icon: str, kind: str = "body") -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = icon
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        self._icon = label("" if icon else "•", kind)
        across.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self.words = label("", kind, wrap=True)
        across.addWidget(self.words, 1)
        if icon:
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


class SaidEach(QWidget):
    """Sentences beneath each other, each with the icon; not there while there are none."""

    def __init__(self, theme: Theme, icon: str, kind: str = "body") -> None:
        super().__init__()
        self._made = (theme, icon, kind)
        self._rows: list[Said] = []
        self.told: tuple[str, ...] = ()
        """What it says."""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.say(())

    def say(self, sentences: Sequence[str]) -> None:
        """Say these in place of those before."""
        self.told = tuple(sentences)
        while len(self._rows) < len(sentences):
            self._rows.append(Said(*self._made))
            self._column.addWidget(self._rows[-1])
        for at, row in enumerate(self._rows):
            row.say(self.told[at] if at < len(sentences) else "")
        self.setVisible(bool(sentences))
