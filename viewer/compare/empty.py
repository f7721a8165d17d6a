"""What stands on the Compare tab where there is nothing to compare: what would be, and a door."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from viewer.panels.parts import Button, label
from viewer.theme.theme import Theme


class Empty(QWidget):
    """Says what is missing: a photograph, or a pack."""

    open_wanted = Signal()
    pack_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addStretch(1)
        middle = Qt.AlignmentFlag.AlignHCenter
        self._title = label("", "headline")
        self._detail = label("", "second")
        column.addWidget(self._title, 0, middle)
        column.addWidget(self._detail, 0, middle)
        self.open_button = Button(theme, "Open…", "folder-open", kind="primary")
        self.pack_button = Button(theme, "Add pack…", "package-import", kind="primary")
        self.open_button.clicked.connect(self.open_wanted)
        self.pack_button.clicked.connect(self.pack_wanted)
        column.addWidget(self.open_button, 0, middle)
        column.addWidget(self.pack_button, 0, middle)
        column.addStretch(1)

    def tell(
        self, *, no_picture: bool, known: bool, alone: bool = False, sealed: bool = False
    ) -> None:
        """Say what is missing; ``known`` is whether the packs on this computer are.

        ``alone`` is whether there is one pack without a second to compare it with, ``sealed``
        whether the model's word waits for the reader's.
        """
        if sealed:
            self._title.setText("Hidden until you sign")
            self._detail.setText(
                "You read first: what the model saw is shown once you have signed."
            )
        elif alone:
            self._title.setText("There is one pack alone")
            self._detail.setText("Add another one to compare the two.")
        elif no_picture:
            self._title.setText("No photograph to compare")
            self._detail.setText(
                "Here a photograph of the retina lies under several heatmaps.\n"
                "Two series of a CT or an MR are compared on the Read tab: with a right click on "
                "one at the left, Open beside."
            )
            self._detail.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        elif known:
            self._title.setText("No pack to compare with")
            self._detail.setText("A pack is a trained model; each draws its own heatmaps.")
        else:
            self._title.setText("The engine is starting")
            self._detail.setText("It tells which packs there are.")
        self.open_button.setVisible(no_picture)
        self.pack_button.setVisible(not no_picture and known and not sealed)
