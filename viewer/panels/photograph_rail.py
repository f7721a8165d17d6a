"""The left rail of photographs: small ones, with the model's letter and the reader's signature."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyleOptionViewItem

from engine.answers import Decision
from engine.telling.words import decision_words
from viewer.panels.rail import (
    PICTURE,
    SIDE,
    WIDTH,
    Card,
    Rail,
    RailView,
    draw_chosen,
    draw_focus,
    draw_framed,
)
from viewer.photograph.reading_words import Signature
from viewer.theme import icons, tokens
from viewer.theme import type as lettering
from viewer.theme.theme import Theme

LETTERS = {Decision.REFERABLE: "R", Decision.NOT_REFERABLE: "N", Decision.UNGRADABLE: "U"}
MOST_SMALL = 400
"""Small pictures that are kept, 0.1 MB each, those seen last."""
_BESIDE = 4
"""So many above and below what is seen are made as well."""
_TOP, _WORDS, _GAP = 5, 20, 7
_BADGE, _INSET, _ICON = 18, 4, 24
_SIGNS = {Signature.SIGNED: "check", Signature.AMENDED: "pencil"}
_SIGN = 14

Letter = Callable[[Path], Decision | None]
"""What a photograph's letter stands for; None where there is none, or none may be seen."""

Signed = Callable[[Path], Signature | None]
"""How the reader's word on a photograph stands; None where it was never signed."""

Index = QModelIndex | QPersistentModelIndex


class PhotographModel(QAbstractListModel):
    """One row a photograph. Thumbnails of rows that were never seen are never there."""

    PATH = Qt.ItemDataRole.UserRole
    SMALL = Qt.ItemDataRole.UserRole + 1
    SHOWN = Qt.ItemDataRole.UserRole + 2
    LETTER = Qt.ItemDataRole.UserRole + 3
    LOST = Qt.ItemDataRole.UserRole + 4
    """Whether no small picture can be made."""
    SIGNATURE = Qt.ItemDataRole.UserRole + 5

    def __init__(self, letter: Letter, signed: Signed, parent: QObject) -> None:
        super().__init__(parent)
        self.paths: tuple[Path, ...] = ()
        self._rows: dict[Path, int] = {}
        self._letter = letter
        self._signed = signed
        self._small: OrderedDict[Path, QImage | None] = OrderedDict()
        self._shown: Path | None = None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """All photographs that can be gone to."""
        return 0 if parent.isValid() else len(self.paths)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A row's path, picture, marks and words."""
        path = self.paths[index.row()]
        match role:
            case self.PATH:
                return path
            case self.SMALL:
                return self._small.get(path)
            case self.LOST:
                return path in self._small and self._small[path] is None
            case self.SHOWN:
                return path == self._shown
            case self.LETTER:
                return self._letter(path)
            case self.SIGNATURE:
                return self._signed(path)
            case Qt.ItemDataRole.DisplayRole:
                return path.name
            case Qt.ItemDataRole.ToolTipRole:
                marks = (self._decision_words(path), self._signed_words(path))
                return "\n".join(filter(None, (path.name, *marks)))
            case Qt.ItemDataRole.AccessibleTextRole:
                place = f"{index.row() + 1} of {len(self.paths)}"
                shown = "shown" if path == self._shown else ""
                marks = (self._decision_words(path), self._signed_words(path))
                said = (path.name, place, *marks, shown)
                return ", ".join(filter(None, said))
        return None

    def show_paths(self, paths: Sequence[Path]) -> None:
        """Other photographs, in order."""
        if tuple(paths) != self.paths:
            self.beginResetModel()
            self.paths = tuple(paths)
            self._rows = {path: row for row, path in enumerate(self.paths)}
            self.endResetModel()

    def show_thumbnail(self, path: Path, pixels: NDArray[np.uint8] | None) -> None:
        """A small picture came, uint8 (y, x, 3); None where there will be none."""
        image = None
        if pixels is not None:
            kept = np.ascontiguousarray(pixels)
            height, width = kept.shape[:2]
            image = QImage(kept.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
        self._small[path] = image
        self._small.move_to_end(path)
        if len(self._small) > MOST_SMALL:
            self._small.popitem(last=False)
        self.refresh(path)

    def forget(self, path: Path) -> None:
        """Its small picture is not there any more."""
        self._small.pop(path, None)
        self.refresh(path)

    def lacking(self, first: int, last: int) -> list[Path]:
        """The photographs of these rows, both included, whose small picture is not there."""
        paths = self.paths[max(first, 0) : last + 1]
        for path in paths:
            if path in self._small:
                self._small.move_to_end(path)
        return [path for path in paths if path not in self._small]

    def show_shown(self, path: Path | None) -> None:
        """Mark the photograph that is on the screen."""
        before, self._shown = self._shown, path
        for changed in {before, path} - {None}:
            self.refresh(changed)

    def index_of(self, path: Path) -> QModelIndex:
        """Where a photograph stands; not valid if it is not among them."""
        row = self._rows.get(path)
        return QModelIndex() if row is None else self.index(row, 0)

    def refresh(self, path: Path | None = None) -> None:
        """Something about a photograph is another now, or about all of them."""
        if path is None:
            if self.paths:
                self.dataChanged.emit(self.index(0, 0), self.index(len(self.paths) - 1, 0))
        elif (index := self.index_of(path)).isValid():
            self.dataChanged.emit(index, index)

    def _decision_words(self, path: Path) -> str:
        decision = self._letter(path)
        return "" if decision is None else decision_words(decision)

    def _signed_words(self, path: Path) -> str:
        signature = self._signed(path)
        return "" if signature is None else f"Your reading: {signature.lower()}"


class PhotographRail(Rail):
    """The photographs that can be gone to. Only what is seen is drawn, and asked for."""

    chosen = Signal(object)
    """A path."""
    stepped = Signal(int)
    """1 for the next one, -1 for the one before."""
    end_wanted = Signal(bool)
    """The last one, or else the first."""
    thumbnails_wanted = Signal(object)
    """A list of paths, the first wanted most."""

    def __init__(self, theme: Theme, model: PhotographModel) -> None:
        view = _View(model)
        super().__init__(theme, "PHOTOGRAPHS", view)
        self._model = model
        self._card = _PhotographCard(theme, view)
        view.setItemDelegate(self._card)
        view.setUniformItemSizes(True)
        view.clicked.connect(lambda index: self.chosen.emit(index.data(model.PATH)))
        view.activated.connect(lambda index: self.chosen.emit(index.data(model.PATH)))
        view.stepped.connect(self.stepped)
        view.end_wanted.connect(self.end_wanted)
        view.viewport().installEventFilter(self)
        view.verticalScrollBar().valueChanged.connect(self.look)
        model.modelReset.connect(self.look)
        self._late = QTimer(self, interval=0, singleShot=True)
        self._late.timeout.connect(self._ask)

    def show_shown(self, path: Path | None) -> None:
        """Mark the photograph on the screen, and have it and its neighbours in sight."""
        self._model.show_shown(path)
        index = QModelIndex() if path is None else self._model.index_of(path)
        if index.isValid():
            for row in (index.row() + 1, index.row() - 1, index.row()):
                if 0 <= row < len(self._model.paths):
                    self.view.scrollTo(self._model.index(row, 0))
            self.view.setCurrentIndex(index)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Another size shows other rows."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self.look()
        return super().eventFilter(watched, event)

    def look(self) -> None:
        """Look soon for small pictures that are not there."""
        self._late.start()

    def _ask(self) -> None:
        """Ask for what is seen first, then for what is just out of sight."""
        if not self.view.isVisible():
            return
        first = self.view.indexAt(QPoint(SIDE, 0)).row()
        last = self.view.indexAt(QPoint(SIDE, self.view.viewport().height() - 1)).row()
        first, last = max(first, 0), last if last >= 0 else len(self._model.paths) - 1
        seen = self._model.lacking(first, last)
        around = self._model.lacking(first - _BESIDE, last + _BESIDE)
        self.thumbnails_wanted.emit([*seen, *(path for path in around if path not in seen)])


class _View(RailView):
    """PgUp, PgDn, Home and End do here what they do on the picture."""

    stepped = Signal(int)
    end_wanted = Signal(bool)

    def __init__(self, model: PhotographModel) -> None:
        super().__init__("Photographs", model)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to another photograph."""
        match event.key():
            case Qt.Key.Key_PageDown:
                self.stepped.emit(1)
            case Qt.Key.Key_PageUp:
                self.stepped.emit(-1)
            case Qt.Key.Key_Home | Qt.Key.Key_End:
                self.end_wanted.emit(event.key() == Qt.Key.Key_End)
            case _:
                super().keyPressEvent(event)


class _PhotographCard(Card):
    """A small picture with its marks, the file's name beneath."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        """The same for all."""
        return QSize(WIDTH, _TOP + PICTURE.height() + _WORDS + _GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The card."""
        colours, box = self.theme.tokens, option.rect
        model = PhotographModel
        painter.save()
        frame = QRect(QPoint(SIDE, box.top() + _TOP), PICTURE)
        shown = bool(index.data(model.SHOWN))
        if shown:
            draw_chosen(painter, colours, box)
        draw_framed(painter, colours, frame, index.data(model.SMALL), shown=shown)
        if index.data(model.LOST):
            icon = icons.pixmap(
                "alert-circle", colours.text3, _ICON, painter.device().devicePixelRatioF()
            )
            painter.drawPixmap(frame.center() - QPoint(_ICON, _ICON) / 2, icon)
        decision = index.data(model.LETTER)
        if decision is not None:
            self._letter(painter, frame, decision)
        signature = index.data(model.SIGNATURE)
        if signature is not None:
            self._sign(painter, frame, signature)
        painter.setFont(lettering.font(tokens.SMALL_STRONG if shown else tokens.SECOND))
        painter.setPen(QColor(colours.text1 if shown else colours.text2))
        name = painter.fontMetrics().elidedText(
            index.data(), Qt.TextElideMode.ElideMiddle, frame.width()
        )
        words = QRect(frame.left(), frame.bottom() + 3, frame.width(), _WORDS - 3)
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        if option.state & QStyle.StateFlag.State_HasFocus:
            draw_focus(painter, colours, box)
        painter.restore()

    def _letter(self, painter: QPainter, frame: QRect, decision: Decision) -> None:
        """The letter repeats the word; its ground tells the three apart without reading."""
        colours = self.theme.tokens
        ground, ink, edge = {
            Decision.REFERABLE: (colours.refer, colours.panel, colours.refer),
            Decision.NOT_REFERABLE: (colours.panel, colours.text1, colours.edge),
            Decision.UNGRADABLE: (colours.text2, colours.panel, colours.text2),
        }[decision]
        box = QRectF(frame.right() - _INSET - _BADGE + 1, frame.top() + _INSET, _BADGE, _BADGE)
        _draw_badge(painter, box, ground, edge)
        painter.setFont(lettering.font(tokens.SMALL_STRONG))
        painter.setPen(QColor(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, LETTERS[decision])

    def _sign(self, painter: QPainter, frame: QRect, signature: Signature) -> None:
        """The reader's hue, in the other corner: filled where all that was said is signed."""
        colours = self.theme.tokens
        signed = signature == Signature.SIGNED  # Qt hands it back as plain text
        ground, ink = (colours.reader, colours.panel) if signed else (colours.panel, colours.reader)
        box = QRectF(frame.left() + _INSET, frame.top() + _INSET, _BADGE, _BADGE)
        _draw_badge(painter, box, ground, colours.reader)
        ratio = painter.device().devicePixelRatioF()
        icon = icons.pixmap(_SIGNS[signature], ink, _SIGN, ratio)
        inset = (_BADGE - _SIGN) / 2
        painter.drawPixmap(box.topLeft() + QPointF(inset, inset), icon)


def _draw_badge(painter: QPainter, box: QRectF, ground: str, edge: str) -> None:
    """A small square on a dark rim, so that it stands out from any photograph."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 170))
    painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), 4, 4)
    painter.setPen(QPen(QColor(edge), 1))
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
