"""The model's regions over a photograph: dashed azure outlines with numbered tags (LOOK 6).

Each outline is drawn once for a scale and laid as a picture from then on: strokes of long paths
would take Qt several milliseconds a frame.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEasingCurve, QLineF, QPointF, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from engine import tags
from engine.records.regions import Verdict
from engine.telling.region_words import looks_words
from viewer.layers.around import Around
from viewer.layers.over_text import draw_line, width_of
from viewer.regions.drawn import DrawnRegions
from viewer.regions.shown import Listed, RegionList
from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.tools.tool import Hand, SliceView, Tool

_WIDTH, _CHOSEN_WIDTH = 1.4, 2.2
_UNDER = 2.0
_UNDER_ALPHA = 0.67
_DASH, _GAP = 4.0, 2.6
_RISE = 4.0
_TAG_INK = "#0B0D10"
_FADED = 0.45
"""Of what the reader rejected, and of a list that is being made anew."""
_PULSE_MS = 400
_PULSE_MORE = 5.0
_MOST_PIXELS = 4_000_000
"""Of an outline's own picture: beyond it, at a large zoom, the lines are drawn themselves."""


@dataclass(frozen=True, eq=False)
class _Drawn:
    """An outline as a picture, and where its corner lies from the picture's origin, logical."""

    image: QImage
    corner: tuple[float, float]


@dataclass(frozen=True, eq=False)
class _Told:
    """A region's tag, its words, and where their base line begins; None where they have no room."""

    row: Listed
    box: QRectF
    words: str
    words_at: tuple[float, float] | None


class RegionsLayer:
    """One for one photograph's view; ``shown`` tells whether the heatmap is.

    ``around`` is what numbers and words keep off.
    """

    def __init__(
        self,
        regions: RegionList,
        on_it: DrawnRegions,
        shown: Callable[[], bool],
        pane: QWidget,
        around: Callable[[SliceView], Around] = lambda _: Around(),
    ) -> None:
        self._regions = regions
        self._on_it = on_it
        self._shown = shown
        self._around = around
        self._refresh = pane.update
        self._drawn: dict[tuple[int, bool], _Drawn] = {}
        self._scale = (0.0, 0.0)
        self._pulsing = 0
        self._pulse = QVariantAnimation(pane)  # it ends with the view that it paints
        self._pulse.setDuration(_PULSE_MS)
        self._pulse.setStartValue(1.0)
        self._pulse.setEndValue(0.0)
        self._pulse.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._pulse.valueChanged.connect(lambda _: pane.update())
        self._pulse.finished.connect(self._end_pulse)
        self.picked: Callable[[Listed], object] = lambda _: None
        """Told of a region whose tag was pressed."""
        regions.cut_changed.connect(self._forget)

    def pulse(self, number: int) -> None:
        """Let an outline swell once."""
        self._pulsing = number
        self._pulse.stop()
        self._pulse.start()

    def _end_pulse(self) -> None:
        self._pulsing = 0
        self._refresh()

    def _forget(self) -> None:
        self._drawn.clear()
        self._refresh()

    # ---- a layer

    def paint(self, painter: QPainter, view: SliceView) -> None:
        """Outlines, then the tags of those that have room."""
        rows = self._visible(view)
        if not rows:
            return
        chosen = self._regions.chosen
        number = 0 if chosen is None else chosen.number
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row in reversed(rows):
            self._paint_outline(painter, view, row, chosen=row.number == number)
        told = self._told(view, rows)
        for each in reversed(told):
            _draw_tag(painter, each.box, each.row, alpha=self._strength(each.row))
        for each in told:
            if each.words_at is not None:
                draw_line(painter, each.words_at, each.words)
        painter.restore()

    def grab(self, view: SliceView, hand: Hand) -> Tool | None:
        """A press on a tag chooses its region."""
        at = QPointF(*((side + 0.5) / view.ratio for side in hand.at))
        for each in self._told(view, self._visible(view)):
            if each.box.contains(at):
                return _Pick(lambda row=each.row: self.picked(row))  # type: ignore[misc]
        return None

    def lines(self, view: SliceView) -> list[NDArray[np.float64]]:
        """The outlines that are drawn, each closed, (n, 2), for what is to keep off them."""
        return [line for row in self._visible(view) for line in _placed(view, row)]

    # ---- inside

    def _visible(self, view: SliceView) -> Sequence[Listed]:
        """The regions that are shown and lie at least partly in the view, most evidence first."""
        if view.state.bare or not self._shown():
            return ()
        width, height = (side / view.ratio for side in view.state.plane.view)
        seen = QRectF(0, 0, width, height)
        return [row for row in self._on_it.rows if _box(view, row).intersects(seen)]

    def _strength(self, row: Listed) -> float:
        faded = row.verdict is Verdict.REJECTED or self._regions.is_stale
        return _FADED if faded else 1.0

    def _paint_outline(
        self, painter: QPainter, view: SliceView, row: Listed, *, chosen: bool
    ) -> None:
        scale = (view.state.plane.scale, view.ratio)
        if scale != self._scale:
            self._drawn.clear()
            self._scale = scale
        painter.setOpacity(self._strength(row))
        box = _box(view, row)
        if box.width() * box.height() * view.ratio**2 > _MOST_PIXELS:
            painter.setOpacity(self._strength(row))
            _draw_lines(painter, _placed(view, row), chosen=chosen, most=QRectF(painter.window()))
        else:
            drawn = self._drawn.get((row.number, chosen))
            if drawn is None:
                drawn = _as_picture(view, row, chosen=chosen)
                self._drawn[row.number, chosen] = drawn
            origin = view.place(np.zeros((1, 3)))[0]
            at = origin + drawn.corner
            x, y = (round(side * view.ratio) / view.ratio for side in at.tolist())
            painter.drawImage(QPointF(x, y), drawn.image)
        if row.number == self._pulsing:
            part = float(self._pulse.currentValue() or 0.0)
            pen = QPen(QColor(tokens.OVER_MODEL), _CHOSEN_WIDTH + _PULSE_MORE * part)
            painter.setOpacity(part)
            painter.setPen(pen)
            for line in _placed(view, row):
                painter.drawPolyline([QPointF(x, y) for x, y in [*line.tolist(), line[0].tolist()]])
        painter.setOpacity(1.0)

    def _told(self, view: SliceView, rows: Sequence[Listed]) -> list[_Told]:
        """The tags and words that have room; those of the chosen and the pointed one always."""
        chosen = self._regions.chosen
        called = (0 if chosen is None else chosen.number, self._on_it.pointed)
        words = [_words(row, called=row.number in called) for row in rows]
        wanted = [
            tags.Wanted(
                _placed(view, row),
                width_of(told) if view.state.texts and told else 0.0,
                called=row.number in called,
            )
            for row, told in zip(rows, words, strict=True)
        ]
        width, height = (side / view.ratio for side in view.state.plane.view)
        around = self._around(view)
        taken = [(box.left(), box.top(), box.right(), box.bottom()) for box in around.boxes]
        found = []
        for stood in tags.stand(wanted, (width, height), taken, around.lines):
            at = stood.words
            below = None if at is None else (at[0], at[1] + tags.SIDE - _RISE)
            box = QRectF(*stood.tag, tags.SIDE, tags.SIDE)
            found.append(_Told(rows[stood.at], box, words[stood.at], below))
        return found


class _Pick(Tool):
    """A press that chooses."""

    def __init__(self, do: Callable[[], object]) -> None:
        self._do = do

    def press(self, view: SliceView, hand: Hand) -> None:  # noqa: ARG002
        """Choose it."""
        self._do()

    def cursor(self, view: SliceView, hand: Hand) -> Qt.CursorShape:  # noqa: ARG002
        """A hand that points."""
        return Qt.CursorShape.PointingHandCursor


def _words(row: Listed, *, called: bool) -> str:
    """The lesion's kind, if the map tells one; how sure it is, too, where the reader asks."""
    if not row.region.kind:
        return ""
    return looks_words(row.region) if called else row.region.kind


def _box(view: SliceView, row: Listed) -> QRectF:
    left, top, right, bottom = row.region.box
    placed = view.place(np.array([[left, top, 0.0], [right, bottom, 0.0]]))
    return QRectF(QPointF(*placed[0].tolist()), QPointF(*placed[1].tolist()))


def _placed(view: SliceView, row: Listed) -> list[NDArray[np.float64]]:
    """The outline's lines in the view's logical pixels."""
    return [view.place(np.column_stack([line, np.zeros(len(line))])) for line in row.outline]


def _as_picture(view: SliceView, row: Listed, *, chosen: bool) -> _Drawn:
    lines = _placed(view, row)
    points = np.concatenate(lines)
    margin = _CHOSEN_WIDTH + _UNDER
    low = np.floor((points.min(axis=0) - margin) * view.ratio) / view.ratio
    size = np.ceil((points.max(axis=0) + margin - low) * view.ratio).astype(int)
    image = QImage(int(size[0]), int(size[1]), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(view.ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _draw_lines(painter, [line - low for line in lines], chosen=chosen)
    painter.end()
    origin = view.place(np.zeros((1, 3)))[0]
    x, y = (low - origin).tolist()
    return _Drawn(image, (x, y))


def _draw_lines(
    painter: QPainter,
    lines: Sequence[NDArray[np.float64]],
    *,
    chosen: bool,
    most: QRectF | None = None,
) -> None:
    """The model's line over its black one: dashed, or solid where it is chosen."""
    width = _CHOSEN_WIDTH if chosen else _WIDTH
    under = QColor(tokens.OVER_HALO)
    under.setAlphaF(_UNDER_ALPHA)
    for line in lines:
        sides = _sides(np.concatenate([line, line[:1]]))
        parts = sides if chosen else dashes(np.concatenate([line, line[:1]]))
        for colour, thick, drawn in (
            (under, width + _UNDER, sides),
            (QColor(tokens.OVER_MODEL), width, parts),
        ):
            pen = QPen(colour, thick)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap if not chosen else Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            if most is not None:
                drawn = _near(drawn, most)
            painter.drawLines([QLineF(*side) for side in drawn.reshape(-1, 4).tolist()])


def _sides(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sides of a line (n, 2) as (n - 1, 2, 2): from, to."""
    sides: NDArray[np.float64] = np.stack([line[:-1], line[1:]], axis=1)
    return sides


def _near(sides: NDArray[np.float64], within: QRectF) -> NDArray[np.float64]:
    low, high = sides.min(axis=1), sides.max(axis=1)
    seen = (high[:, 0] >= within.left()) & (low[:, 0] <= within.right())
    seen &= (high[:, 1] >= within.top()) & (low[:, 1] <= within.bottom())
    near: NDArray[np.float64] = sides[seen]
    return near


def dashes(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """The dashes of a line (n, 2) as sides (m, 2, 2), bent where the line bends; whole ones."""
    steps = np.linalg.norm(np.diff(line, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    length = float(along[-1])
    if length <= 0:
        return np.empty((0, 2, 2))
    count = max(round(length / (_DASH + _GAP)), 1)
    period = length / count
    starts = np.arange(count) * period
    ends = starts + period * _DASH / (_DASH + _GAP)
    cuts = np.unique(np.concatenate([along, starts, ends]))
    middles = (cuts[:-1] + cuts[1:]) / 2
    inked = middles % period < period * _DASH / (_DASH + _GAP)
    places = np.stack([np.interp(cuts, along, line[:, axis]) for axis in (0, 1)], axis=1)
    inked_sides: NDArray[np.float64] = _sides(places)[inked]
    return inked_sides


def _draw_tag(painter: QPainter, box: QRectF, row: Listed, *, alpha: float) -> None:
    """The number on the model's ground; without the ground where the reader rejected it."""
    rejected = row.verdict is Verdict.REJECTED
    painter.setOpacity(1.0 if rejected else alpha)
    painter.setPen(QPen(QColor(tokens.OVER_HALO), 1))
    painter.setBrush(QColor(tokens.OVER_HALO if rejected else tokens.OVER_MODEL))
    painter.drawRoundedRect(box, 3, 3)
    painter.setFont(lettering.font(tokens.LABEL))
    painter.setPen(QColor(tokens.OVER_MODEL if rejected else _TAG_INK))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(row.number))
    painter.setOpacity(1.0)
