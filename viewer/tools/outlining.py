"""Tools that draw closed lines: the lasso by one drag, the polygon corner by corner."""

from dataclasses import dataclass

import cv2
import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from engine.drawings import Outline, Point, plane_axes
from viewer.drawings.marking import Marking, new_id
from viewer.seen.slice_state import ShownVolume
from viewer.theme import tokens
from viewer.tools.measuring import edit_text
from viewer.tools.pan_zoom import CLICK_REACH
from viewer.tools.picking import pick
from viewer.tools.shapes import held_within
from viewer.tools.tool import Hand, SliceView, Tool

_LEAST = 4.0
"""Logical pixels: a smaller shape is a slip of the hand."""
_PLAIN = 0.6
"""Logical pixels by which a lasso's line may be off the hand's, once it is kept."""
_CLOSING = 8.0
"""Logical pixels: a click so near the first corner closes a polygon."""


@dataclass
class _Begun:
    """What was begun, on which slice: its corners, and the place under the hand."""

    volume: ShownVolume
    slice: tuple[int, int, int]
    points: list[Point]
    loose: Point

    def is_on(self, view: SliceView) -> bool:
        """Whether a view shows the slice that it was begun on."""
        return view.state.volume.values is self.volume.values and self.slice == _slice(view)


class _Closed(Tool):
    """What both have: points that are gathered, shown while they are, and kept as an outline."""

    def __init__(self, marking: Marking) -> None:
        self._marking = marking
        self._begun: _Begun | None = None

    def cancel(self, view: SliceView) -> bool:
        """Drop what was begun."""
        begun = self._begun
        self._drop()
        view.refresh()
        return begun is not None

    def cursor(self, view: SliceView, hand: Hand) -> Qt.CursorShape:  # noqa: ARG002
        """A cross."""
        return Qt.CursorShape.CrossCursor

    def paint(self, painter: QPainter, view: SliceView) -> None:
        """The line as far as it goes."""
        begun = self._begun
        if begun is None or not begun.is_on(view):
            return
        placed = view.place(np.array([*begun.points, begun.loose]))
        line = QPolygonF([QPointF(x, y) for x, y in placed.tolist()])
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((tokens.OVER_HALO, 4.0), (tokens.OVER_READER, 2.0)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawPolyline(line)
        painter.restore()

    def _begin(self, view: SliceView, hand: Hand) -> bool:
        """Begin at the hand; whether it is on the picture."""
        self._drop()
        self._marking.choose(view.state.volume, None)
        if view.state.plane.voxel_at(hand.at) is None:
            return False
        point = _point(view, hand)
        self._begun = _Begun(view.state.volume, _slice(view), [point], point)
        self._marking.is_unfinished = True
        return True

    def _drop(self) -> None:
        self._begun = None
        self._marking.is_unfinished = False

    def _keep(self, view: SliceView, points: list[Point]) -> None:
        begun = self._begun
        self._drop()
        view.refresh()
        if begun is None or len(points) < Outline.COUNT:
            return
        if np.ptp(view.place(np.array(points)), axis=0).min() < _LEAST:
            return
        axis, _, frame = begun.slice
        made = Outline(id=new_id(), points=tuple(points), axis=axis, frame=frame)
        self._marking.add(begun.volume, made)


class Lasso(_Closed):
    """A drag draws the line; letting go closes it."""

    name = "Lasso"

    def press(self, view: SliceView, hand: Hand) -> None:
        """Begin."""
        self._begin(view, hand)

    def move(self, view: SliceView, hand: Hand) -> None:
        """The line follows the hand."""
        begun = self._begun
        if begun is None or not hand.pressed or not begun.is_on(view):
            return
        point = _point(view, hand)
        if point != begun.points[-1]:
            begun.points.append(point)
        begun.loose = point
        view.refresh()

    def release(self, view: SliceView, hand: Hand) -> None:  # noqa: ARG002
        """Close it."""
        begun = self._begun
        if begun is not None and begun.is_on(view):
            self._keep(view, _plainer(view, begun.points))
        else:
            self.cancel(view)

    def double_click(self, view: SliceView, hand: Hand) -> bool:
        """On an outline it is about its name."""
        self._drop()
        found = pick(self._marking, view, hand.at)
        return found is not None and edit_text(self._marking, view, found.drawing)


class Polygon(_Closed):
    """Clicks set corners; a double click, or one at the first corner, closes it."""

    name = "Polygon"

    def press(self, view: SliceView, hand: Hand) -> None:
        """Begin, set a corner, or close."""
        begun = self._begun
        if begun is None or not begun.is_on(view):
            self._begin(view, hand)
        elif len(begun.points) >= Outline.COUNT and self._is_first(view, begun, hand):
            self._keep(view, begun.points)
        else:
            begun.loose = _point(view, hand)
            if self._is_apart(view, begun):
                begun.points.append(begun.loose)
        view.refresh()

    def move(self, view: SliceView, hand: Hand) -> None:
        """The next corner goes with the hand."""
        if self._begun is not None and self._begun.is_on(view):
            self._begun.loose = _point(view, hand)
            view.refresh()

    def double_click(self, view: SliceView, hand: Hand) -> bool:
        """Close it; where nothing was begun it may be about an outline's name."""
        begun = self._begun
        if begun is not None and begun.is_on(view) and len(begun.points) >= Outline.COUNT:
            self._keep(view, begun.points)
            return True
        if begun is not None and len(begun.points) > 1:
            return True
        self._drop()
        found = pick(self._marking, view, hand.at)
        return found is not None and edit_text(self._marking, view, found.drawing)

    def _is_first(self, view: SliceView, begun: _Begun, hand: Hand) -> bool:
        first = view.place(np.array(begun.points[:1]))[0]
        at = (np.array(hand.at) + 0.5) / view.ratio
        return bool(np.abs(first - at).max() <= _CLOSING)

    def _is_apart(self, view: SliceView, begun: _Begun) -> bool:
        placed = view.place(np.array([begun.points[-1], begun.loose]))
        return bool(np.abs(np.diff(placed, axis=0)).max() >= CLICK_REACH / 2)


def _slice(view: SliceView) -> tuple[int, int, int]:
    plane = view.state.plane
    return int(plane.axis), plane.index, plane.frame


def _point(view: SliceView, hand: Hand) -> Point:
    plane = view.state.plane
    x, y, z = plane.to_voxel(np.array([hand.at]))[0].tolist()
    return held_within((x, y, z), view.state.facts.grid, plane.axis)


def _plainer(view: SliceView, points: list[Point]) -> list[Point]:
    """The same line by fewer points, none off by more than a hand is."""
    if len(points) < Outline.COUNT:
        return points
    placed = view.place(np.array(points)).astype(np.float32)
    kept = np.asarray(cv2.approxPolyDP(placed[:, None], _PLAIN, True))[:, 0]
    columns, rows = plane_axes(_slice(view)[0])
    found: list[Point] = []
    device = kept.astype(np.float64) * view.ratio - 0.5
    for at, voxel in zip(device, view.state.plane.to_voxel(device), strict=True):
        assert len(at) == 2
        point = [float(side) for side in points[0]]
        point[columns], point[rows] = float(voxel[columns]), float(voxel[rows])
        found.append(
            held_within((point[0], point[1], point[2]), view.state.facts.grid, _slice(view)[0])
        )
    most = Outline.MOST
    return found if len(found) <= most else found[:: len(found) // most + 1]
