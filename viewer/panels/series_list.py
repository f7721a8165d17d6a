"""The list to choose from, where what was opened holds several series: nothing is guessed."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from engine.telling.words import name_words
from viewer.panels.parts import Button, label
from viewer.panels.series import SMALL, SeriesModel, detail_words, entry_of
from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.theme.theme import Theme

_WIDE = 760
_ROW, _PICTURE = 56, 46


class SeriesList(QWidget):
    """Rows of series; Enter, a double click or the button opens the chosen one."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, model: SeriesModel) -> None:
        super().__init__()
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        around = QHBoxLayout(self)
        around.setContentsMargins(24, 28, 24, 28)
        middle = QWidget()
        middle.setMaximumWidth(_WIDE)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self._title = label("", "headline")
        column.addWidget(self._title)
        self._detail = label("", "second", wrap=True)
        column.addWidget(self._detail)
        row = QHBoxLayout()
        self._opener = Button(theme, "Open", "folder-open", kind="primary")
        self._opener.clicked.connect(self._open_current)
        row.addWidget(self._opener)
        row.addWidget(label("Enter or a double click opens it", "hint"))
        row.addStretch()
        column.addLayout(row)
        self.view = QListView()
        self.view.setProperty("kind", "list")
        self.view.setModel(model)
        self._delegate = _Row(theme, self.view)
        self.view.setItemDelegate(self._delegate)
        self.view.setAccessibleName("Series to choose from")
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.activated.connect(self._open)
        self.view.doubleClicked.connect(self._open)
        column.addWidget(self.view, 1)
        around.addStretch(1)
        around.addWidget(middle, 6)
        around.addStretch(1)
        theme.changed.connect(self.view.viewport().update)

    def begin(self, where: str, patients: int, shown: int = 0) -> None:
        """Ask for a choice among the series in ``where``; ``shown`` is the shown one's number."""
        count = self.view.model().rowCount()
        self._title.setText(f"{count} series in {where}" if where else f"{count} series")
        several = f"They are of {patients} patients. " if patients > 1 else ""
        self._detail.setText(f"{several}Choose the one to open; the others stay at the left.")
        at = self.view.model().index(max(shown - 1, 0), 0)
        self.view.setCurrentIndex(at)
        # In the middle, where no row of the window's lies over it.
        self.view.scrollTo(at, QListView.ScrollHint.PositionAtCenter)
        self.view.setFocus()

    def show_names(self, names: bool) -> None:
        """Whether patients' names may be read here."""
        self._delegate.names = names
        self.view.viewport().update()

    def _open_current(self) -> None:
        self._open(self.view.currentIndex())

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(entry_of(index).key)


class _Row(QStyledItemDelegate):
    """A small picture, the title, one line of detail, the patient at the right."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme = theme
        self.names = True

    def sizeHint(
        self,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,  # noqa: ARG002
    ) -> QSize:
        """One row."""
        return QSize(option.rect.width(), _ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """The row."""
        colours = self._theme.tokens
        entry = entry_of(index)
        box: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(colours.control))
            painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), QColor(colours.text1))
        frame = QRect(box.left() + 12, box.top() + (_ROW - _PICTURE) // 2, _PICTURE, _PICTURE)
        painter.fillRect(frame, QColor(colours.ground))
        small = index.data(SMALL)
        if small is not None:
            size = small.size().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
            middle = QRect(frame.topLeft(), size)
            middle.moveCenter(frame.center())
            painter.drawImage(middle, small)
        words = box.adjusted(frame.right() - box.left() + 14, 8, -12, -8)
        origin = entry.origin
        name = name_words(origin.patient_name) or origin.patient_id
        painter.setFont(lettering.font(tokens.SECOND))
        painter.setPen(QColor(colours.text2))
        name = painter.fontMetrics().elidedText(
            name if self.names or not name else "Name hidden", Qt.TextElideMode.ElideRight, 220
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, name)
        taken = painter.fontMetrics().horizontalAdvance(name) + 12
        painter.setPen(QColor(colours.text3))
        detail = painter.fontMetrics().elidedText(
            detail_words(entry), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignBottom, detail)
        painter.setFont(lettering.font(tokens.BODY_STRONG))
        painter.setPen(QColor(colours.text1))
        title = painter.fontMetrics().elidedText(
            index.data(), Qt.TextElideMode.ElideRight, words.width() - taken
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignTop, title)
        painter.restore()
