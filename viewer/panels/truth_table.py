"""The areas of a truth check as a table, and the other measures of the chosen row in words."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.answers import Criterion
from engine.telling import truth_words
from engine.truth_check import CriterionTruth, TruthCheck
from viewer.panels.parts import label
from viewer.theme import tokens

_ROW = 26
_HEADS = ("Criterion", "Deletion area", "Insertion area")


class AreaTable(QTableWidget):
    """A row for each heatmap and one for random order; a row chooses its measures."""

    criterion_chosen = Signal(object)
    """A ``Criterion``."""

    def __init__(self) -> None:
        super().__init__(0, len(_HEADS))
        self._criteria: tuple[Criterion, ...] = ()
        self.setProperty("kind", "list")
        self.setAccessibleName("Areas below the curves")
        self.setHorizontalHeaderLabels(_HEADS)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head.setSectionsClickable(False)
        head.setHighlightSections(False)
        middle = Qt.AlignmentFlag.AlignVCenter
        left, right = Qt.AlignmentFlag.AlignLeft | middle, Qt.AlignmentFlag.AlignRight | middle
        for column in range(len(_HEADS)):
            item = self.horizontalHeaderItem(column)
            if item is not None:
                item.setTextAlignment(right if column else left)
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.currentCellChanged.connect(self._choose)

    def show_check(self, check: TruthCheck, chosen: Criterion) -> None:
        """Fill the table; the truest by deletion is not put first: the order is the views'."""
        blocked = self.blockSignals(True)
        self._criteria = tuple(part.criterion for part in check.parts)
        rows = [truth_words.row(part, ()) for part in check.parts]
        rows.append(truth_words.random_row(check))
        self.setRowCount(len(rows))
        for number, row in enumerate(rows):
            for column, figure in enumerate(row):
                item = QTableWidgetItem(figure)
                if column:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                if number == len(rows) - 1:
                    item.setFlags(Qt.ItemFlag.ItemIsEnabled)
                self.setItem(number, column, item)
        self.blockSignals(blocked)
        self.show_chosen(chosen)
        self.setFixedHeight(_ROW * (len(rows) + 1) + 2)

    def show_chosen(self, chosen: Criterion) -> None:
        """Mark a row without telling it back."""
        if chosen in self._criteria:
            blocked = self.blockSignals(True)
            self.selectRow(self._criteria.index(chosen))
            self.blockSignals(blocked)

    def _choose(self, row: int, *_: int) -> None:
        if 0 <= row < len(self._criteria):
            self.criterion_chosen.emit(self._criteria[row])


class Measures(QWidget):
    """Name and figure of each measure, and beneath what it would be at best."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Measures")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._rows = QWidget()
        self._column.addWidget(self._rows)

    def show_part(self, check: TruthCheck, part: CriterionTruth) -> None:
        """The measures of one heatmap of a check."""
        rows = QWidget()
        grid = QGridLayout(rows)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(tokens.GAP)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        self._fill(grid, truth_words.measures(check, part))
        self._column.replaceWidget(self._rows, rows)
        self._rows.hide()
        self._rows.deleteLater()
        self._rows = rows

    def _fill(self, grid: QGridLayout, measures: Sequence[truth_words.Measure]) -> None:
        for number, measure in enumerate(measures):
            name, figure = label(measure.name), label(measure.figure, "strong")
            meaning = label(measure.meaning, "hint", wrap=True)
            figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            figure.setAccessibleName(f"{measure.name}: {measure.figure}. {measure.meaning}")
            grid.addWidget(name, 3 * number, 0)
            grid.addWidget(figure, 3 * number, 1)
            grid.addWidget(meaning, 3 * number + 1, 0, 1, 2)
            grid.setRowMinimumHeight(3 * number + 2, tokens.GAP)
