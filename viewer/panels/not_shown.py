"""Where a file that was refused would stand: its name, why, and the way to another one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from viewer.notices import Notice
from viewer.panels.parts import Button, label
from viewer.theme.theme import Theme

_WIDE = 520


class NotShown(QWidget):
    """Has the keys of the picture that is not there; the rail is gone on with."""

    another_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("No photograph")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = label("", "title", wrap=True)
        self._why = label("", "body", wrap=True)
        for words in (self._title, self._why):
            words.setFixedWidth(_WIDE)
            column.addWidget(words)
        self.another = Button(theme, "Open picture…", "folder-open")
        self.another.clicked.connect(self.another_wanted)
        column.addWidget(self.another, 0, Qt.AlignmentFlag.AlignLeft)

    def say(self, notice: Notice) -> None:
        """What became of the file, in the words that were told of it."""
        self._title.setText(notice.title)
        self._why.setText(notice.detail)
        self.setAccessibleDescription(f"{notice.title} {notice.detail}")
