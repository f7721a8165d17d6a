"""What must be known of every answer of a pack: one line, and its sentences once unfolded."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from viewer.panels.parts import Button, label
from viewer.panels.said import SaidEach
from viewer.theme.theme import Theme


class Limits(QWidget):
    """Which pack answers, and beside it how many limits it has; a press tells or folds them."""

    unfold_wanted = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._unfolded = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(6)
        self.made_by = label("", "hint", wrap=True)
        self.button = Button(theme, "", "chevron-right", kind="plain", small=True)
        self.button.clicked.connect(lambda: self.unfold_wanted.emit(not self._unfolded))
        row.addWidget(self.made_by, 1)
        row.addWidget(self.button)
        column.addLayout(row)
        self.sentences = SaidEach(theme, "", "second")
        column.addWidget(self.sentences)
        self.show_limits("", (), unfolded=False)

    def show_limits(self, made_by: str, limits: Sequence[str], *, unfolded: bool) -> None:
        """Show the pack, with what holds for all its answers or how many sentences that are."""
        self._unfolded = unfolded
        self.made_by.setText(made_by)
        count = "1 limit" if len(limits) == 1 else f"{len(limits)} limits"
        self.button.setText(f" {count}")
        self.button.show_icon("chevron-down" if unfolded else "chevron-right")
        self.button.setVisible(bool(limits))
        deed = "Fold" if unfolded else "Show"
        self.button.setAccessibleName(f"{deed} {count} of this pack")
        self.button.setToolTip(f"{deed} what must be known of every answer of this pack")
        self.sentences.say(limits if unfolded else ())
