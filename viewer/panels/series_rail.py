"""The left rail: small pictures of the series, chosen by a click, dragged onto a view."""

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPen, QTextOption
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from engine.listing import SeriesEntry
from engine.words import date_words, name_words
from viewer.panels.parts import label
from viewer.panels.series import SHOWN, SMALL, SeriesModel, count_words, entry_of
from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.theme.theme import Theme

WIDTH = 132
_PICTURE = QSize(112, 92)
_SIDE, _TITLE, _COUNT, _GAP, _PATIENT = 10, 30, 16, 12, 34


class SeriesRail(QWidget):
    """The series of what was opened, in order; a patient's name stands above their first."""

    chosen = Signal(str)
    """A key."""
    beside_wanted = Signal(str)
    """A key, to be shown at the right beside what is shown."""

    def __init__(self, theme: Theme, model: SeriesModel) -> None:
        super().__init__()
        self.setProperty("kind", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, tokens.PAD_TOP, 0, 0)
        column.setSpacing(6)
        heading = label("SERIES", "label")
        heading.setContentsMargins(_SIDE, 0, 0, 0)
        column.addWidget(heading)
        self.view = QListView()
        self.view.setProperty("kind", "rail")
        self.view.setModel(model)
        self._delegate = _Card(theme, self.view)
        self.view.setItemDelegate(self._delegate)
        self.view.setFrameShape(QListView.Shape.NoFrame)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setDragEnabled(True)
        self.view.setAccessibleName("Series")
        self.view.clicked.connect(lambda index: self.chosen.emit(entry_of(index).key))
        self.view.activated.connect(lambda index: self.chosen.emit(entry_of(index).key))
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._ask)
        column.addWidget(self.view, 1)
        theme.changed.connect(self.view.viewport().update)

    def show_names(self, names: bool) -> None:
        """Whether patients' names may be read here."""
        self._delegate.names = names
        self.view.viewport().update()

    def _ask(self, at: QPoint) -> None:
        index = self.view.indexAt(at)
        if index.isValid():
            key = entry_of(index).key
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction("Open", lambda: self.chosen.emit(key))
            menu.addAction("Open beside", lambda: self.beside_wanted.emit(key))
            menu.popup(self.view.viewport().mapToGlobal(at))


class _Card(QStyledItemDelegate):
    """A small picture, the title in two lines, the count; ringed while it is on the screen."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme = theme
        self.names = True

    def sizeHint(
        self,
        option: QStyleOptionViewItem,  # noqa: ARG002
        index: QModelIndex | QPersistentModelIndex,
    ) -> QSize:
        """A card, higher for the first of a patient."""
        head = _PATIENT if self._begins_patient(index) else 0
        return QSize(WIDTH, head + _PICTURE.height() + _TITLE + _COUNT + _GAP)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """The card."""
        colours = self._theme.tokens
        entry = entry_of(index)
        box: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        top = box.top()
        if self._begins_patient(index):
            self._patient(painter, entry, QRect(_SIDE, top, WIDTH - 2 * _SIDE, _PATIENT - 4))
            top += _PATIENT
        frame = QRect(QPointF(_SIDE, top).toPoint(), _PICTURE)
        painter.fillRect(frame, QColor(colours.ground))
        small = index.data(SMALL)
        if small is not None:
            size = small.size().scaled(_PICTURE, Qt.AspectRatioMode.KeepAspectRatio)
            middle = QRect(frame.topLeft(), size)
            middle.moveCenter(frame.center())
            painter.drawImage(middle, small)
        shown = bool(index.data(SHOWN))
        chosen = bool(option.state & QStyle.StateFlag.State_HasFocus)
        line = 2.0 if shown or chosen else 1.0
        painter.setPen(QPen(QColor(colours.text1 if shown or chosen else colours.line), line))
        inset = line / 2
        painter.drawRect(QRectF(frame).adjusted(inset, inset, -inset, -inset))
        self._words(painter, frame, entry.title, count_words(entry))
        painter.restore()

    def _words(self, painter: QPainter, frame: QRect, title: str, count: str) -> None:
        colours = self._theme.tokens
        painter.setFont(lettering.font(tokens.SMALL_STRONG))
        painter.setPen(QColor(colours.text1))
        box = QRectF(frame.left(), frame.bottom() + 4, frame.width(), _TITLE)
        wrap = QTextOption()
        wrap.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        taken = painter.boundingRect(box, title, wrap).intersected(box)
        painter.setClipRect(box)
        painter.drawText(box, title, wrap)
        painter.setClipping(False)
        painter.setFont(lettering.font(tokens.AXIS))
        painter.setPen(QColor(colours.text3))
        painter.drawText(QPointF(frame.left(), taken.bottom() + 12), count)

    def _patient(self, painter: QPainter, entry: SeriesEntry, box: QRect) -> None:
        colours = self._theme.tokens
        origin = entry.origin
        name = name_words(origin.patient_name) or origin.patient_id or "No name"
        painter.setFont(lettering.font(tokens.LABEL))
        painter.setPen(QColor(colours.text2))
        metrics = painter.fontMetrics()
        shown = name if self.names else "Name hidden"
        elided = metrics.elidedText(shown, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignTop, elided)
        painter.setFont(lettering.font(tokens.AXIS))
        painter.setPen(QColor(colours.text3))
        painter.drawText(box, Qt.AlignmentFlag.AlignBottom, date_words(origin.study_date))

    def _begins_patient(self, index: QModelIndex | QPersistentModelIndex) -> bool:
        entry = entry_of(index)
        if not (entry.origin.patient_name or entry.origin.patient_id or entry.origin.study_date):
            return False
        if index.row() == 0:
            return True
        before = entry_of(index.model().index(index.row() - 1, 0)).origin
        own = entry.origin
        return (before.patient_key, before.study_uid) != (own.patient_key, own.study_uid)
