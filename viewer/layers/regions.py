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

from engine.geometry import tag_corner
from engine.records.regions import Verdict
from engine.region_words import looks_words
from viewer.layers.over_text import draw_line, width_of
from viewer.regions import Listed, RegionList
from viewer.regions_drawn import DrawnRegions
from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.tools.tool import Hand, SliceView, Tool

_WIDTH, _CHOSEN_WIDTH = 1.4, 2.2
_UNDER = 2.0
_UNDER_ALPHA = 0.67
_DASH, _GAP = 4.0, 2.6
TAG = 17.0
_BESIDE = 4.0
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


class RegionsLayer:
    """One for one photograph's view; ``shown`` tells whether the heatmap is."""

    def __init__(
        self,
        regions: RegionList,
        on_it: DrawnRegions,
        shown: Callable[[], bool],
        pane: QWidget,
    ) -> None:
        self._regions = regions
        self._on_it = on_it
        self._shown = shown
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
        tags = self._tags(view, rows)
        for row, box in reversed(tags):
            _draw_tag(painter, box, row, alpha=self._strength(row))
        for at, words in self._names(tags):
            draw_line(painter, at, words)
        painter.restore()

    def grab(self, view: SliceView, hand: Hand) -> Tool | None:
        """A press on a tag chooses its region."""
        at = QPointF(*((side + 0.5) / view.ratio for side in hand.at))
        for row, box in self._tags(view, self._visible(view)):
            if box.contains(at):
                return _Pick(lambda row=row: self.picked(row))  # type: ignore[misc]
        return None

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

    def _tags(self, view: SliceView, rows: Sequence[Listed]) -> list[tuple[Listed, QRectF]]:
        """The tags that do not cover a stronger one's; the chosen and the pointed one's always.

        Each on its own outline and within the view; none where no corner of the outline is seen.
        """
        chosen = self._regions.chosen
        called = (0 if chosen is None else chosen.number, self._on_it.pointed)
        width, height = (side / view.ratio for side in view.state.plane.view)
        first = [row for row in rows if row.number in called]
        found: list[tuple[Listed, QRectF]] = []
        for row in [*first, *(row for row in rows if row not in first)]:
            corner = tag_corner(_placed(view, row), (width, height), TAG)
            if corner is None:
                continue
            tag = QRectF(*corner, TAG, TAG)
            if row.number in called or not any(tag.intersects(other) for _, other in found):
                found.append((row, tag))
        return found

    def _names(
        self, tags: Sequence[tuple[Listed, QRectF]]
    ) -> list[tuple[tuple[float, float], str]]:
        """The lesions' kinds beside their tags where nothing else stands; the chosen one's always,
        with how sure it is.
        """
        chosen = self._regions.chosen
        called = (0 if chosen is None else chosen.number, self._on_it.pointed)
        taken = [box for _, box in tags]
        found = []
        for row, box in tags:
            if not row.region.kind:
                continue
            is_called = row.number in called
            words = looks_words(row.region) if is_called else row.region.kind
            room = QRectF(box.right() + _BESIDE, box.top(), width_of(words), TAG)
            if is_called or not any(room.intersects(other) for other in taken):
                taken.append(room)
                found.append(((room.left(), box.bottom() - _BESIDE), words))
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
