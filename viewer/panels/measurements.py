"""The reader's block: everything drawn on the volume, with its figures; a click goes there."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from engine.drawings import Drawing
from viewer.panels.parts import Block, label
from viewer.theme.theme import Theme
from viewer.tools.measuring import NAMES

_ROW = 22
_MOST = 9


class MeasurementsBlock(Block):
    """What the reader drew, and whether it is saved."""

    chosen = Signal(object)
    """A ``Drawing``."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Reader", by_reader=True)
        self.body.addWidget(label("READER (YOU)", "reader-label"))
        self._list = QListWidget()
        self._list.setProperty("kind", "list")
        self._list.setAccessibleName("Your drawings")
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemActivated.connect(self._choose)
        self._list.itemClicked.connect(self._choose)
        self.body.addWidget(self._list)
        self._note = label("", "hint", wrap=True)
        self.body.addWidget(self._note)
        self.show_drawings([], "")

    def show_drawings(
        self, drawings: list[tuple[Drawing, tuple[str, ...]]], unreadable: str
    ) -> None:
        """List drawings with the lines that stand beside them."""
        self._list.clear()
        for drawing, lines in drawings:
            words = ", ".join((NAMES[type(drawing)], *lines))
            item = QListWidgetItem(words)
            item.setData(Qt.ItemDataRole.UserRole, drawing)
            item.setToolTip("\n".join((NAMES[type(drawing)], *lines)))
            self._list.addItem(item)
        self._list.setVisible(bool(drawings))
        self._list.setFixedHeight(min(max(len(drawings), 1), _MOST) * _ROW + 6)
        self._note.setText(unreadable or ("" if drawings else "Nothing is drawn yet."))
        self._note.setVisible(bool(self._note.text()))

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
