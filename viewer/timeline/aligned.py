"""Views that keep the eye where it was on the screen while one goes from visit to visit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import degrees
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.geometry import Affine, apply
from engine.pictures import Laterality
from engine.visits.change import Alignment
from viewer.panes.mirror import MirrorLink
from viewer.panes.photograph import PhotographPane
from viewer.seen.view_transform import ViewTransform
from viewer.timeline.changes import Pair, VisitChanges

_TURNED = 1.0
"""Degrees from which on it is said that one photograph is turned against the other."""


@dataclass(frozen=True)
class _Looked:
    """Where a hand left a photograph."""

    path: Path
    content: str
    view: ViewTransform


class Aligned(QObject):
    """Lays each photograph's view where the visit's before lay; ``words`` say by what."""

    changed = Signal()

    def __init__(
        self,
        changes: VisitChanges,
        panes: Sequence[PhotographPane],
        link: MirrorLink,
        order: Callable[[Path], int | None],
        name: Callable[[Path], str],
        parent: QObject,
    ) -> None:
        """``order`` tells a photograph's place in time, None where it has none.

        ``name`` is what a photograph is called in words.
        """
        super().__init__(parent)
        self._changes = changes
        self._panes = panes
        self._link = link
        self._order = order
        self._name = name
        self.is_on = True
        self._words: dict[int, str] = {}
        self._doubts: dict[int, str] = {}
        self._last: dict[Laterality | None, _Looked] = {}
        self._settled: dict[int, tuple[Laterality | None, Path, str]] = {}
        self._waiting: dict[int, tuple[Pair, _Looked, ViewTransform]] = {}
        self._laid: dict[int, Pair] = {}
        changes.aligned.connect(self._on_aligned)
        for place, pane in enumerate(panes):
            pane.view_changed.connect(lambda place=place: self._on_view(place))

    @property
    def words(self) -> str:
        """How the views are aligned, or why they are not; both eyes' where they differ."""
        return self._told(self._words)

    @property
    def doubt(self) -> str:
        """What speaks against it."""
        return self._told(self._doubts)

    def _told(self, said: dict[int, str]) -> str:
        """Once where both views say the same; else by the eye."""
        eyes = {place: eye for place, (eye, _, _) in self._settled.items()}
        told = {eyes[place]: words for place, words in said.items() if words and place in eyes}
        if len(set(told.values())) < 2:
            return next(iter(told.values()), "")
        return " ".join(f"{eye or 'Eye not known'}: {words}" for eye, words in told.items())

    def set_on(self, on: bool) -> None:
        """Align the views, or show each photograph whole."""
        self.is_on = on
        settled, self._settled = self._settled, {}
        for place, (eye, path, content) in settled.items():
            if not on:
                self._show(place, self._fitted(place))
                self._words[place] = self._doubts[place] = ""
                self._settled[place] = (eye, path, content)
            else:
                self.settle(place, eye, path, content)
        self.changed.emit()

    def forget(self) -> None:
        """Another patient, or nothing is aligned any more."""
        self._last.clear()
        self._settled.clear()
        self._waiting.clear()
        self._laid.clear()
        self._words.clear()
        self._doubts.clear()
        self.changed.emit()

    def leave(self, place: int) -> None:
        """A view shows no photograph any more, and nothing is said of it."""
        for kept in (self._settled, self._waiting, self._laid, self._words, self._doubts):
            kept.pop(place, None)

    def settle(self, place: int, eye: Laterality | None, path: Path, content: str) -> None:
        """A view shows this photograph now, whole; lay it where the last one of the eye lay."""
        if self._settled.get(place) == (eye, path, content):
            return
        if place == 0:
            # Its fellow goes with it, and is not where a hand left it.
            self._settled.pop(1, None)
        self._settled[place] = (eye, path, content)
        self._words[place] = self._doubts[place] = ""
        self._waiting.pop(place, None)
        self._laid.pop(place, None)
        last, view = self._last.get(eye), self._panes[place].state.view
        if view is None:
            return
        if not self.is_on or last is None:
            self._last[eye] = _Looked(path, content, view)
        elif last.content == content:
            self._show(place, last.view)
        else:
            self._lay(place, last, path)
        self.changed.emit()

    # ---- inside

    def _lay(self, place: int, last: _Looked, path: Path) -> None:
        before, now = self._order(last.path), self._order(path)
        view = self._panes[place].state.view
        if before is None or now is None or before == now or view is None:
            if before != now:
                self._words[place] = "Not aligned: the order of the visits is not known."
            return
        pair = Pair(last.path, path) if before < now else Pair(path, last.path)
        known = self._changes.alignment(pair)
        if known is None:
            self._waiting[place] = (pair, last, view)
            self._words[place] = "Aligning…"
            self._changes.align(pair, place)
        else:
            self._take(place, pair, last, known)

    def _take(self, place: int, pair: Pair, last: _Looked, known: Alignment | str) -> None:
        if isinstance(known, str):
            # The last one that could be aligned stays what the next is aligned with.
            self._words[place] = f"Not aligned with {self._name(last.path)}: {known}"
            return
        matrix = np.array(known.matrix)
        if pair.later == last.path:
            matrix = np.linalg.inv(matrix)
        view = self._panes[place].state.view
        if view is None:
            return
        eye, path, content = self._settled[place]
        shown = carried(last.view, matrix, view)
        self._show(place, shown)
        self._last[eye] = _Looked(path, content, shown)
        self._words[place] = f"With {self._name(last.path)}: {_said(known, matrix)}"
        self._doubts[place] = known.doubt
        self._laid[place] = pair

    def _show(self, place: int, view: ViewTransform) -> None:
        self._link.place(place, view)

    def _fitted(self, place: int) -> ViewTransform:
        view = self._panes[place].state.view
        assert view is not None
        return ViewTransform.fitted(view.picture, view.view)

    def _on_aligned(self, pair: Pair) -> None:
        for place, (wanted, last, before) in tuple(self._waiting.items()):
            if wanted != pair:
                continue
            del self._waiting[place]
            known = self._changes.alignment(pair)
            moved = self._panes[place].state.view != before
            if known is None or moved or place not in self._settled:
                # Whoever has moved the view meanwhile wants it where it is.
                self._words[place] = ""
            else:
                self._take(place, pair, last, known)
            self.changed.emit()
        again = self._changes.alignment(pair)
        for place, laid in self._laid.items():
            # The reader has placed disc or fovea since. The view stays where it is.
            if laid == pair and isinstance(again, Alignment):
                self._doubts[place] = again.doubt
                self.changed.emit()

    def _on_view(self, place: int) -> None:
        """A hand moved a view: the next visit is shown there."""
        for which, pane in enumerate(self._panes):
            volume, settled = pane.slice.volume, self._settled.get(which)
            if settled is not None and (volume is None or volume.facts.content_hash != settled[2]):
                return  # between two photographs views move by themselves
        settled, view = self._settled.get(place), self._panes[place].state.view
        if settled is None or view is None:
            return
        eye, path, content = settled
        last = self._last.get(eye)
        if last is None or last.content == content:
            self._last[eye] = _Looked(path, content, view)


def carried(view: ViewTransform, matrix: Affine, other: ViewTransform) -> ViewTransform:
    """The view of ``other``'s picture in which the eye lies where it does in ``view``.

    ``matrix`` maps pixels of ``view``'s picture to those of the other, 3x3. Views neither turn nor
    shear: the middle of the view stays, and the size of the eye.
    """
    centre = apply(matrix, np.array([view.centre]))[0]
    larger = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    scale = view.scale / larger
    x, y = centre.tolist()
    return ViewTransform(other.picture, other.view, scale, (x, y)).panned(0, 0)


def turned(matrix: Affine) -> float:
    """By how many degrees a matrix turns."""
    (a, b), (c, d) = matrix[:2, :2].tolist()
    return degrees(float(np.arctan2(c - b, a + d)))


def _said(known: Alignment, matrix: Affine) -> str:
    words = known.how[:1].lower() + known.how[1:].rstrip(".")
    if known.error is not None:
        words += f", within {max(known.error, 0.01):.2f} disc diameters"
    angle = turned(matrix)
    if abs(angle) >= _TURNED:
        words += f"; turned by {abs(angle):.0f}°"
    return f"{words}."
