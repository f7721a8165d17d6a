"""The left rail: small pictures of the series, chosen by a click, dragged onto a view."""

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QMenu, QStyle, QStyleOptionViewItem

from engine.listing import Origin, SeriesEntry
from engine.telling.words import date_words, name_words
from viewer.panels.rail import PICTURE, SIDE, WIDTH, Card, Rail, RailView, draw_focus, draw_framed
from viewer.panels.series import SHOWN, SMALL, SeriesModel, count_words, entry_of
from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.theme.theme import Theme

_TITLE, _COUNT, _GAP, _PATIENT = 30, 16, 12, 34


class SeriesRail(Rail):
    """The series of what was opened, in order; a patient's name stands above their first."""

    chosen = Signal(str)
    """A key."""
    beside_wanted = Signal(str)
    """A key, to be shown at the right beside what is shown."""
    mask_wanted = Signal(str)
    """A key, to be laid over what is shown."""

    def __init__(self, theme: Theme, model: SeriesModel) -> None:
        super().__init__(theme, "SERIES", RailView("Series", model))
        self._delegate = _Card(theme, self.view)
        self.view.setItemDelegate(self._delegate)
        self.view.setDragEnabled(True)
        model.dataChanged.connect(self._follow)
        self.view.clicked.connect(lambda index: self.chosen.emit(entry_of(index).key))
        self.view.activated.connect(lambda index: self.chosen.emit(entry_of(index).key))
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._ask)

    def show_names(self, names: bool) -> None:
        """Whether patients' names may be read here."""
        self._delegate.names = names
        self.view.viewport().update()

    def _follow(self, first: QModelIndex, _last: QModelIndex, roles: list[int]) -> None:
        """What is on the screen is in sight here, too."""
        if SHOWN in roles and first.data(SHOWN):
            self.view.scrollTo(first)

    def _ask(self, at: QPoint) -> None:
        index = self.view.indexAt(at)
        if index.isValid():
            key = entry_of(index).key
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction("Open", lambda: self.chosen.emit(key))
            menu.addAction("Open beside", lambda: self.beside_wanted.emit(key))
            menu.addAction("Lay over as a mask", lambda: self.mask_wanted.emit(key))
            menu.popup(self.view.viewport().mapToGlobal(at))


def title_lines(title: str, font: QFont, width: float) -> list[str]:
    """A title in one line or two that are ``width`` wide at most; what is cut ends in "…"."""
    metrics, right = QFontMetricsF(font), Qt.TextElideMode.ElideRight
    if metrics.horizontalAdvance(title) <= width:
        return [title]
    at = _first_line(title, font, width, QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    cut = metrics.horizontalAdvance(title[at:].strip()) > width
    if cut and metrics.horizontalAdvance(title[:at]) < width / 2:
        # A long name without a space after the series' number: else that has a line of its own.
        at = _first_line(title, font, width, QTextOption.WrapMode.WrapAnywhere)
    return [title[:at].rstrip(), metrics.elidedText(title[at:].lstrip(), right, width)]


def _first_line(title: str, font: QFont, width: float, wrap: QTextOption.WrapMode) -> int:
    """How many letters stand in the first line."""
    option, layout = QTextOption(), QTextLayout(title, font)
    option.setWrapMode(wrap)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(width)
    layout.endLayout()
    return line.textLength()


class _Card(Card):
    """A small picture, the title in two lines, the count; ringed while it is on the screen."""

    def __init__(self, theme: Theme, view: RailView) -> None:
        super().__init__(theme, view)
        self.names = True

    def sizeHint(
        self,
        option: QStyleOptionViewItem,  # noqa: ARG002
        index: QModelIndex | QPersistentModelIndex,
    ) -> QSize:
        """A card, higher for the first of a patient."""
        head = _PATIENT if self._begins_patient(index) else 0
        return QSize(WIDTH, head + PICTURE.height() + _TITLE + _COUNT + _GAP)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """The card."""
        colours = self.theme.tokens
        entry = entry_of(index)
        box: QRect = option.rect
        painter.save()
        top = box.top()
        if self._begins_patient(index):
            self._patient(painter, entry, QRect(SIDE, top, WIDTH - 2 * SIDE, _PATIENT - 4))
            top += _PATIENT
        frame = QRect(QPoint(SIDE, top), PICTURE)
        shown = bool(index.data(SHOWN))
        draw_framed(painter, colours, frame, index.data(SMALL), shown=shown)
        if option.state & QStyle.StateFlag.State_HasFocus:
            draw_focus(painter, colours, box)
        self._words(painter, frame, index.data(), count_words(entry))
        painter.restore()

    def _words(self, painter: QPainter, frame: QRect, title: str, count: str) -> None:
        colours = self.theme.tokens
        painter.setFont(lettering.font(tokens.SMALL_STRONG))
        painter.setPen(QColor(colours.text1))
        top, metrics = frame.bottom() + 4.0, painter.fontMetrics()
        for line in title_lines(title, painter.font(), frame.width()):
            painter.drawText(QPointF(frame.left(), top + metrics.ascent()), line)
            top += _TITLE / 2
        painter.setFont(lettering.font(tokens.AXIS))
        painter.setPen(QColor(colours.text3))
        painter.drawText(QPointF(frame.left(), top + 12), count)

    def _patient(self, painter: QPainter, entry: SeriesEntry, box: QRect) -> None:
        colours = self.theme.tokens
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
        own = entry_of(index).origin
        if index.row() == 0:
            return _has_patient(own)
        before = entry_of(index.model().index(index.row() - 1, 0)).origin
        if not _has_patient(own):
            return _has_patient(before)  # else it would stand under the other's name
        return (before.patient_key, before.study_uid) != (own.patient_key, own.study_uid)


def _has_patient(origin: Origin) -> bool:
    """Whether anything tells whose picture it is, or when it was taken."""
    return bool(origin.patient_name or origin.patient_id or origin.study_date)
