"""The rows of the list of regions: number, small picture, place, size, share, the reader's word."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from engine.pictures import Laterality
from engine.records.regions import Verdict
from engine.telling import region_words
from engine.telling.words import percent
from viewer.regions.shown import Listed
from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.theme.theme import Theme

ROW, PICTURE = 54, 44
_NUMBER = 26
_BAR = 56
_VERDICTS = {Verdict.OPEN: "", Verdict.ACCEPTED: "accepted", Verdict.REJECTED: "rejected"}

Index = QModelIndex | QPersistentModelIndex


class RegionRows(QAbstractListModel):
    """The regions as rows; small pictures come later."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[Listed, ...] = ()
        self.eye: Laterality | None = None
        self.stale = False
        self._pictures: dict[int, QImage] = {}

    def show_rows(self, rows: Sequence[Listed], eye: Laterality | None, *, stale: bool) -> None:
        """Other rows, or the same ones told otherwise."""
        anew = len(rows) != len(self.rows)
        if anew:
            self.beginResetModel()
        self.rows, self.eye, self.stale = tuple(rows), eye, stale
        if anew:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def show_pictures(self, pictures: Mapping[int, QImage]) -> None:
        """The small pictures by the rows' numbers."""
        self._pictures = dict(pictures)
        if self.rows:
            self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: ARG002
        """How many there are."""
        return len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A row in words, and its small picture."""
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DecorationRole:
            return self._pictures.get(row.number)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return told(row, self.eye)
        return None


def told(row: Listed, eye: Laterality | None) -> str:
    """A whole row in words, for a tool tip and for those who do not see it."""
    place = row.position
    parts = (
        f"Region {row.number}",
        region_words.looks_words(row.region) if row.region.kind else "",
        region_words.share_words(row.region),
        region_words.place_words(place, eye),
        region_words.clock_words(place),
        region_words.size_words(place),
        "" if row.region.kind else region_words.tint_words(row.region.tint),
    )
    yours = ", ".join(word for word in (row.tag, _VERDICTS[row.verdict]) if word)
    words = ", ".join(part for part in parts if part)
    return f"{words}. You: {yours}." if yours else f"{words}."


class RegionRow(QStyledItemDelegate):
    """Paints one row."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        """One row."""
        return QSize(option.rect.width(), ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Number, picture, words, share."""
        model = index.model()
        assert isinstance(model, RegionRows)
        row, box = model.rows[index.row()], QRect(option.rect)
        colours = self._theme.tokens
        painter.save()
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(colours.control))
            painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), QColor(colours.text1))
        if model.stale or row.verdict is Verdict.REJECTED:
            painter.setOpacity(0.5)
        painter.setFont(lettering.font(tokens.SMALL_STRONG))
        painter.setPen(QColor(colours.text2))
        number = QRect(box.left() + 3, box.top(), _NUMBER, ROW)
        painter.drawText(number, Qt.AlignmentFlag.AlignCenter, str(row.number))
        frame = QRect(number.right() + 4, box.top() + (ROW - PICTURE) // 2, PICTURE, PICTURE)
        painter.fillRect(frame, QColor(colours.ground))
        small = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(small, QImage):
            size = small.size().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
            middle = QRect(frame.topLeft(), size)
            middle.moveCenter(frame.center())
            painter.drawImage(middle, small)
        left = frame.right() + 10
        painter.setFont(lettering.font(tokens.AXIS))
        wide = max(painter.fontMetrics().horizontalAdvance(percent(_weight(row))) + 2, _BAR)
        share = QRect(box.right() - wide - 8, box.top() + 2, wide, 17)
        # A chance has one scale as it is.
        most = 1.0 if row.region.kind else _weight(model.rows[0])
        self._paint_weight(painter, share, _weight(row), most)
        words = QRect(left, box.top() + 4, share.left() - left - 6, 16)
        self._paint_title(painter, words, row)
        detail = QRect(left, box.top() + 20, box.right() - 8 - left, 16)
        painter.setFont(lettering.font(tokens.SECOND))
        painter.setPen(QColor(colours.text2))
        _line(painter, detail, region_words.place_words(row.position, model.eye))
        parts = (
            region_words.clock_words(row.position),
            region_words.size_words(row.position),
            "" if row.region.kind else region_words.tint_words(row.region.tint),
        )
        painter.setPen(QColor(colours.text3))
        _line(painter, detail.translated(0, 15), ", ".join(part for part in parts if part))
        painter.restore()

    def _paint_weight(self, painter: QPainter, box: QRect, weight: float, most: float) -> None:
        colours = self._theme.tokens
        painter.setFont(lettering.font(tokens.AXIS))
        painter.setPen(QColor(colours.text1))
        words = percent(weight)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, words)
        # Above its words: below them stands the place, across the whole row.
        bar = QRectF(box.right() + 1 - _BAR, box.top(), _BAR, 3)
        painter.fillRect(bar, QColor(colours.control))
        bar.setWidth(bar.width() * weight / max(most, 1e-9))
        painter.fillRect(bar, QColor(colours.model))

    def _paint_title(self, painter: QPainter, box: QRect, row: Listed) -> None:
        """The region by its kind or number, then the reader's word in the reader's colour."""
        colours = self._theme.tokens
        painter.setFont(lettering.font(tokens.BODY_STRONG))
        painter.setPen(QColor(colours.text1))
        kind = row.region.kind
        name = f"{kind[:1].upper()}{kind[1:]}" if kind else f"Region {row.number}"
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        taken = painter.fontMetrics().horizontalAdvance(name) + 8
        yours = row.tag or _VERDICTS[row.verdict]
        if row.tag and row.verdict is Verdict.REJECTED:
            yours = f"{row.tag}, rejected"
        if not yours:
            return
        painter.setFont(lettering.font(tokens.AXIS))
        metrics = painter.fontMetrics()
        room = box.width() - taken - 14
        yours = metrics.elidedText(yours, Qt.TextElideMode.ElideRight, max(room, 0))
        chip = QRectF(box.left() + taken, box.top(), metrics.horizontalAdvance(yours) + 12, 16)
        painter.setPen(QPen(QColor(colours.reader), 1))
        painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, yours)


def _weight(row: Listed) -> float:
    """How sure the network is of a lesion that it drew, else the region's part of all evidence."""
    return row.region.peak if row.region.kind else row.region.share


def _line(painter: QPainter, box: QRect, words: str) -> None:
    cut = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cut)
