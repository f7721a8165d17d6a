"""The command box: every command by its words, with its key; Enter does it (LOOK 8)."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QKeyEvent,
    QPainter,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from viewer.panels.parts import label
from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.theme.theme import Theme

_WIDTH, _ROW, _ROWS = 560, 34, 12
_TOP = 72
_ENTRY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Entry:
    """One line: what ``chosen`` carries, the words, a sentence, the key, and why it may not now."""

    name: str
    words: str
    help: str
    key: str = ""
    why_not: str = ""

    @property
    def may(self) -> bool:
        """Whether it can be done now."""
        return not self.why_not


class CommandBox(QFrame):
    """Opens over ``window``; typing finds, Enter does, Escape or a click elsewhere closes."""

    chosen = Signal(str)
    """The entry's name."""

    def __init__(self, theme: Theme, window: QWidget, entries: Sequence[Entry]) -> None:
        super().__init__(window)
        self.setProperty("kind", "row")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Command box")
        self._entries = tuple(entries)
        self._before = window.focusWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        self._field = QLineEdit()
        self._field.setPlaceholderText("Find or run…")
        self._field.setAccessibleName("Find or run")
        self._field.setMinimumHeight(tokens.BUTTON)
        self._field.textChanged.connect(self._find)
        self._field.installEventFilter(self)
        column.addWidget(self._field)
        self._model = QStandardItemModel(self)
        self._list = QListView()
        self._list.setModel(self._model)
        self._list.setItemDelegate(_Line(theme, self))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName("Commands")
        self._list.clicked.connect(self._do)
        column.addWidget(self._list)
        self._nothing = label("", "second", wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(self._nothing, 1)
        self._find("")
        left = (window.width() - _WIDTH) // 2
        high = min(_ROWS * _ROW + 64, window.height() - _TOP - 40)
        self.setGeometry(QRect(left, _TOP, _WIDTH, high))
        self.show()
        self.raise_()
        self._field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move through the list while the field keeps the keys."""
        if event.type() is QEvent.Type.FocusOut:
            self.close()
        if event.type() is QEvent.Type.ShortcutOverride:
            # While the box is open every key is its own.
            event.accept()
            return True
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(event)
        return super().eventFilter(watched, event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give the keys back to where they were."""
        self._field.removeEventFilter(self)
        # What had them may have been deleted meanwhile, as rows are when an answer comes.
        if self._before is not None and isValid(self._before) and self._field.hasFocus():
            self._before.setFocus()
        super().closeEvent(event)

    def _press(self, event: QKeyEvent) -> bool:
        steps = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: 1 - _ROWS,
            Qt.Key.Key_PageDown: _ROWS - 1,
        }
        key = Qt.Key(event.key())
        if key is Qt.Key.Key_Escape:
            self.close()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._do(self._list.currentIndex())
        elif key in steps:
            row = self._list.currentIndex().row() + steps[key]
            self._go(min(max(row, 0), self._model.rowCount() - 1))
        else:
            return False
        return True

    def _find(self, typed: str) -> None:
        self._model.clear()
        for entry in found(self._entries, typed):
            item = QStandardItem(entry.words)
            item.setData(entry, _ENTRY)
            item.setToolTip(entry.help)
            if not entry.may:
                # Never disabled: arrows would stop at it for good. It is drawn faint, and said so.
                told = f"{entry.words}: {entry.why_not}"
                item.setData(told, Qt.ItemDataRole.AccessibleTextRole)
            self._model.appendRow(item)
        nothing = self._model.rowCount() == 0
        self._list.setHidden(nothing)
        self._nothing.setVisible(nothing)
        self._nothing.setText(f"No command has “{typed.strip()}” in its words." if nothing else "")
        self._go(0)

    def _go(self, row: int) -> None:
        self._list.setCurrentIndex(self._model.index(row, 0))

    def _do(self, index: QModelIndex) -> None:
        entry = index.data(_ENTRY)
        if isinstance(entry, Entry) and entry.may:
            self.close()
            self.chosen.emit(entry.name)


def found(entries: Sequence[Entry], typed: str) -> list[Entry]:
    """The entries that hold every typed word, those whose own words begin with them first."""
    wanted = typed.casefold().split()
    kept = [
        entry
        for entry in entries
        if all(word in f"{entry.words} {entry.help}".casefold() for word in wanted)
    ]

    def rank(entry: Entry) -> tuple[bool, bool, bool]:
        own = entry.words.casefold()
        begins = bool(wanted) and own.startswith(" ".join(wanted))
        return (not begins, not all(word in own for word in wanted), not entry.may)

    return sorted(kept, key=rank)


class _Line(QStyledItemDelegate):
    """Words at the left, what it does in hint colour after them, the key at the right."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(
        self,
        option: QStyleOptionViewItem,  # noqa: ARG002
        index: QModelIndex | QPersistentModelIndex,  # noqa: ARG002
    ) -> QSize:
        """One row."""
        return QSize(_WIDTH - 32, _ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """The line, faint where the command may not be done now."""
        entry: Entry = index.data(_ENTRY)
        colours = self._theme.tokens
        box: QRect = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(colours.control))
            painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), QColor(colours.text1))
        box = box.adjusted(12, 0, -12, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(lettering.font(tokens.SECOND))
        painter.setPen(QColor(colours.text2 if entry.may else colours.edge))
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, entry.key)
        room = painter.fontMetrics().horizontalAdvance(entry.key) + 16
        painter.setFont(lettering.font(tokens.BODY_STRONG if entry.may else tokens.BODY))
        painter.setPen(QColor(colours.text1 if entry.may else colours.edge))
        painter.drawText(box, middle, entry.words)
        taken = painter.fontMetrics().horizontalAdvance(entry.words) + 12
        painter.setFont(lettering.font(tokens.SECOND))
        painter.setPen(QColor(colours.text3 if entry.may else colours.edge))
        rest = box.adjusted(taken, 0, -room, 0)
        said = entry.why_not or entry.help
        elided = painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, rest.width())
        painter.drawText(rest, middle, elided)
        painter.restore()
