"""The reader's block: everything drawn on the volume, with its figures; a click goes there."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from engine.drawings import Drawing
from engine.telling.measure_words import YOU
from viewer.panels.parts import Block, label
from viewer.theme.theme import Theme
from viewer.tools.measuring import NAMES

_ROW = 22
_MOST = 9


@dataclass(frozen=True)
class Drawn:
    """A drawing, its plane, slice and frame in words, none on a photograph, and its words.

    ``mean`` is that of the values in a region, in words, empty where there is none.
    """

    drawing: Drawing
    where: str
    lines: tuple[str, ...]
    mean: str = ""


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

    def show_drawings(self, drawings: Sequence[Drawn], note: str) -> None:
        """List drawings by slice and figure; ``note`` says what there is beside them."""
        self._list.clear()
        for drawn in drawings:
            name = NAMES[type(drawn.drawing)]
            figure = drawn.lines[0].removesuffix(YOU).rstrip() if drawn.lines else ""
            told = ", ".join(part for part in (figure, drawn.mean) if part)
            parts = (f"{name}, {drawn.where}" if drawn.where else name, told)
            item = QListWidgetItem(": ".join(part for part in parts if part))
            item.setData(Qt.ItemDataRole.UserRole, drawn.drawing)
            item.setToolTip("\n".join((parts[0], *drawn.lines)))
            self._list.addItem(item)
        self._list.setVisible(bool(drawings))
        self._list.setFixedHeight(min(max(len(drawings), 1), _MOST) * _ROW + 6)
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
