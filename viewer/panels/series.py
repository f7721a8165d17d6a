"""The series of what was opened as one model: the rail and the list to choose from show it."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QModelIndex, QObject, Qt
from PySide6.QtGui import QImage, QStandardItem, QStandardItemModel

from engine.listing import SeriesEntry, SeriesKind, nameless
from engine.telling.words import date_words, frames_words

ENTRY = Qt.ItemDataRole.UserRole
SMALL = Qt.ItemDataRole.UserRole + 1
"""The small picture, a ``QImage``."""
SHOWN = Qt.ItemDataRole.UserRole + 2
"""Whether the series is on the screen."""

MIME = "application/x-lesionlens-series"


class SeriesModel(QStandardItemModel):
    """One item an entry; a patient's name stands above the first of its series, where wanted."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._items: dict[str, QStandardItem] = {}
        self._names = True

    def show_entries(self, entries: Iterable[SeriesEntry]) -> None:
        """List other series."""
        self.clear()
        self._items = {}
        for entry in entries:
            item = QStandardItem()
            item.setEditable(False)
            self._tell(item, entry)
            self._items[entry.key] = item
            self.appendRow(item)

    def show_names(self, names: bool) -> None:
        """Whether patients' names may be read in what is told of a series."""
        self._names = names
        for item in self._items.values():
            self._tell(item, item.data(ENTRY))

    def _tell(self, item: QStandardItem, entry: SeriesEntry) -> None:
        item.setData(entry, ENTRY)
        told = entry if self._names else nameless(entry)
        item.setText(told.title)
        item.setToolTip("\n".join((told.title, detail_words(told), *told.facts.warnings)))
        item.setData(f"{told.title}, {count_words(told)}", Qt.ItemDataRole.AccessibleTextRole)

    def show_thumbnail(self, key: str, pixels: NDArray[np.uint8]) -> None:
        """A small picture came: uint8 (y, x, 3)."""
        item = self._items.get(key)
        if item is not None:
            kept = np.ascontiguousarray(pixels)
            height, width = kept.shape[:2]
            image = QImage(kept.data, width, height, 3 * width, QImage.Format.Format_RGB888)
            item.setData(image.copy(), SMALL)

    def show_shown(self, keys: Iterable[str]) -> None:
        """Mark the series that are on the screen."""
        shown = set(keys)
        for key, item in self._items.items():
            item.setData(key in shown, SHOWN)

    def mimeTypes(self) -> list[str]:
        """A series is dragged by its key."""
        return [MIME]

    def mimeData(self, indexes: Iterable[QModelIndex]) -> QMimeData:
        """The key of the dragged series."""
        data = QMimeData()
        for index in indexes:
            data.setData(MIME, entry_of(index).key.encode())
        return data


def entry_of(index: Any) -> SeriesEntry:
    """The entry at a place of the model."""
    entry: SeriesEntry = index.data(ENTRY)
    return entry


def count_words(entry: SeriesEntry) -> str:
    """How many pictures a series is made of."""
    if entry.kind is SeriesKind.PHOTOGRAPH:
        return "photograph"
    return "1 picture" if entry.pictures == 1 else f"{entry.pictures} pictures"


def detail_words(entry: SeriesEntry) -> str:
    """Modality, size, spacing and date in a line."""
    facts, origin = entry.facts, entry.origin
    x, y, _ = facts.grid.size
    spacing = facts.grid.spacing[2]
    parts = (
        facts.modality or "",
        f"{x} × {y}",
        count_words(entry),
        f"every {spacing:.3g} mm" if spacing is not None and facts.grid.size[2] > 1 else "",
        frames_words(facts),
        date_words(origin.study_date),
    )
    return " · ".join(part for part in parts if part)
