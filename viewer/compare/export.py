"""A comparison leaves the window: the views as they are seen, with legends and the strip."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from engine import own_mark
from engine.telling.words import STRIP, origin_words
from viewer.compare.heads import score
from viewer.compare.laying import removed_words
from viewer.compare.paint import Marks, draw_marks
from viewer.compare.pane import ComparePane, draw_black
from viewer.compare.removed import Removed
from viewer.compare.sources import Source
from viewer.compare.swipe import SwipePane, draw_sides
from viewer.files import png
from viewer.notices import COPIED, Notice, saved
from viewer.panes.state import PaneState
from viewer.seen.frame import Composer
from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.worker import Worker

if TYPE_CHECKING:
    from viewer.compare.page import ComparePage
    from viewer.read.doors import Doors

FINER = 2.0
"""An exported figure's pixels for each of the screen's logical ones."""
_HEAD = 32


@dataclass(frozen=True, eq=False)
class Shot:
    """One view as it was: of two parts where a line parted it. Sizes are logical pixels."""

    heads: tuple[str, ...]
    size: tuple[int, int]
    states: tuple[PaneState, ...]
    marks: Marks
    removed: tuple[Removed | None, ...]
    line: float = 0.5
    ratio: float = 1.0

    @classmethod
    def of(cls, pane: ComparePane, head: str) -> "Shot":
        """A view of its own."""
        size = (pane.width(), pane.height())
        ratio = pane.devicePixelRatioF()
        return cls(
            (head,), size, (_nameless(pane.state),), _still(pane.marks), (pane.removed,), 0.5, ratio
        )

    @classmethod
    def of_sides(cls, pane: SwipePane, heads: tuple[str, ...]) -> "Shot":
        """A view with a line in it."""
        size = (pane.width(), pane.height())
        states = (_nameless(pane.state), _nameless(pane.right))
        removed = (pane.removed, pane.right_removed)
        ratio = pane.devicePixelRatioF()
        return cls(heads, size, states, _still(pane.marks), removed, pane.line, ratio)


@dataclass(frozen=True, eq=False)
class Figure:
    """Views of one size in so many columns, and what stands in the strip beneath."""

    shots: tuple[Shot, ...]
    across: int
    notes: tuple[str, ...] = ()


class Exports(QObject):
    """Draws and writes beside the window's thread."""

    noticed = Signal(object)
    _drawn = Signal(object, object, bool)

    def __init__(self, page: "ComparePage") -> None:
        super().__init__(page)
        self._page = page
        self._worker = Worker("comparison")
        self._drawn.connect(self._say)

    def save(self, doors: "Doors") -> None:
        """To a file that the person chooses; what is seen now is what is written."""
        figure, picture = figure_of(self._page), self._page.laying.picture
        of = f"{picture.path.stem} " if picture is not None else ""
        to = doors.choose_file_for(f"{of}comparison.png")
        if to is not None:
            self._worker.start(lambda: self._write(figure, to))

    def copy(self) -> None:
        """To the clipboard."""
        figure = figure_of(self._page)
        self._worker.start(lambda: self._drawn.emit(None, draw(figure), True))

    def _write(self, figure: Figure, to: Path) -> None:
        self._drawn.emit(to, None, png.written(draw(figure), to))

    def _say(self, to: Path | None, image: QImage | None, done: bool) -> None:
        if to is None and image is not None:
            QGuiApplication.clipboard().setImage(image)
            self.noticed.emit(COPIED)
        elif to is not None and done:
            self.noticed.emit(saved(to))
        elif to is not None:
            why = "The folder could not be written. Choose another one."
            title = f"{to.name} was not written."
            self.noticed.emit(Notice("export", title, why, "alert-circle"))


def figure_of(page: "ComparePage") -> Figure:
    """What is seen now."""
    choice, laying, swipe = page.choice, page.laying, page.swipe.pane
    shots: tuple[Shot, ...]
    if choice.swiping:
        across = 1
        shots = (Shot.of_sides(swipe, tuple(_head(page, side) for side in choice.sides)),)
    else:
        across = page.grid.across
        shots = tuple(Shot.of(view.pane, _head(page, view.source)) for view in page.shown)
    asked = [source for source in choice.wanted if page.given(source) is not None]
    removed = removed_words(laying.share, revealed=laying.revealed)
    content = "" if laying.picture is None else laying.picture.opened.content_hash
    notes = (*_notes(asked, removed), origin_words("Photograph", content))
    return Figure(shots, across, tuple(filter(None, notes)))


def _head(page: "ComparePage", source: Source | None) -> str:
    """What stands above a view; a pack with what it says."""
    said = score(page.given(source)) if page.choice.by_packs else ""
    parts = (page.choice.words(source), page.choice.criterion_words(source), said)
    return "   ".join(part for part in parts if part)


def _notes(sources: Sequence[Source], removed: str) -> tuple[str, ...]:
    """What the strip says: whose maps they are, and how much of the picture is gone."""
    packs = tuple(dict.fromkeys(source.pack_words for source in sources))
    return (*packs, removed) if removed else packs


def draw(figure: Figure) -> QImage:
    """The figure at twice the screen's logical size: heads, views, and the strip.

    No file name stands on it; the strip tells the photograph by its content.
    """
    width, height = figure.shots[0].size
    down = -(-len(figure.shots) // figure.across)
    whole = QSizeF(figure.across * (width + 1) - 1, down * (_HEAD + height + 1) - 1 + tokens.STRIP)
    image = QImage((whole * FINER).toSize(), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(FINER)
    image.fill(QColor(tokens.DARK.ground))
    painter = QPainter(image)
    for number, shot in enumerate(figure.shots):
        row, column = divmod(number, figure.across)
        corner = QPoint(column * (width + 1), row * (_HEAD + height + 1))
        _draw_heads(painter, corner, shot)
        painter.drawImage(corner + QPoint(0, _HEAD), draw_shot(shot))
    _draw_strip(painter, whole, figure.notes)
    painter.end()
    image.setText(own_mark.KEY, own_mark.TEXT)
    return image


def draw_shot(shot: Shot) -> QImage:
    """One view, drawn anew at the figure's own size."""
    states = tuple(_finer(state, shot) for state in shot.states)
    size = QSizeF(*shot.size)
    view = states[0].view
    image = QImage((size * FINER).toSize(), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(FINER)
    image.fill(QColor(tokens.DARK.ground))
    painter = QPainter(image)
    if view is not None:
        pixels = Composer().compose(states[0].scene, view)
        height, wide = pixels.shape[:2]
        frame = QImage(pixels.data, wide, height, wide * 4, QImage.Format.Format_RGB32)
        frame.setDevicePixelRatio(FINER)
        painter.drawImage(0, 0, frame)
    black = [(each, None if each is None else each.image()) for each in shot.removed]
    if len(states) == 2:
        marks = (shot.marks, replace(shot.marks, legend_at_left=False))
        sides = (states[0], states[1])
        draw_sides(painter, size, sides, marks, (black[0], black[1]), Composer(), shot.line, FINER)
        x = shot.line * size.width()
        painter.fillRect(QRect(round(x) - 1, 0, 2, shot.size[1]), QColor(tokens.OVER_TEXT))
    else:
        draw_black(painter, states[0], *black[0], FINER)
        draw_marks(painter, size, states[0], shot.marks, FINER)
    painter.end()
    return image


def _finer(state: PaneState, shot: Shot) -> PaneState:
    """The same place at the figure's own pixels."""
    view = state.view
    if view is None:
        return state
    size = (round(shot.size[0] * FINER), round(shot.size[1] * FINER))
    return replace(state, view=replace(view, view=size, scale=view.scale * FINER / shot.ratio))


def _nameless(state: PaneState) -> PaneState:
    # An export carries no name: who needs one writes it on.
    return replace(state, captions=replace(state.captions, name=""))


def _still(marks: Marks) -> Marks:
    return replace(marks, at=None, chosen=False, lead=False, apart=())


def _draw_heads(painter: QPainter, corner: QPoint, shot: Shot) -> None:
    width = shot.size[0] // len(shot.heads)
    painter.setFont(lettering.font(tokens.TITLE))
    for number, words in enumerate(shot.heads):
        box = QRect(corner.x() + number * width, corner.y(), width, _HEAD)
        painter.fillRect(box, QColor(tokens.DARK.panel))
        painter.setPen(QColor(tokens.DARK.text1))
        painter.drawText(box.adjusted(10, 0, -10, 0), Qt.AlignmentFlag.AlignVCenter, words)


def _draw_strip(painter: QPainter, whole: QSizeF, notes: tuple[str, ...]) -> None:
    top = round(whole.height()) - tokens.STRIP
    box = QRect(0, top, round(whole.width()), tokens.STRIP)
    painter.fillRect(box, QColor(tokens.DARK.text1))
    painter.setPen(QColor(tokens.DARK.window))
    painter.setFont(lettering.font(tokens.BODY_STRONG))
    line = "   ·   ".join((STRIP, *notes))
    painter.drawText(box.adjusted(12, 0, -12, 0), Qt.AlignmentFlag.AlignVCenter, line)
