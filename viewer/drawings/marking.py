"""The hand's side of drawings: what lies on a slice, what it measures, which one is chosen.

One for all views. Tools and layers come here with the view's state; what they draw goes to the
store, under the content hash of the picture.
"""

import secrets
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.drawings import Arrow, Drawing, Ellipse, Outline, Probe, Rectangle
from engine.measured import Figures, NotMeasured, Place, Region
from engine.measures import MISSING_FRAME, in_disc_diameters, measure, slice_values
from engine.records.readings import Reading
from engine.telling.measure_words import YOU, figure_lines
from viewer.drawings.store import Drawings
from viewer.seen.cut import reached
from viewer.seen.slice_state import ShownVolume, SliceState

THIS_SLICE = "values of this slice alone"
STILL_READ = "values are still being read"
_KEPT = 256
"""Figures that are not measured anew for every frame."""


class Marking(QObject):
    """What is drawn on the volumes that are shown."""

    changed = Signal()
    """Something is drawn, chosen or measured otherwise: paint anew."""

    def __init__(self, drawings: Drawings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.drawings = drawings
        self.is_unfinished = False
        """Whether a tool waits for another point: then no press is about what is there already."""
        self._chosen = ("", "")
        self._held: tuple[str, Drawing] | None = None
        self._unsettled: dict[int, tuple[NDArray[Any], str]] = {}
        self._figures: dict[tuple[str, int, Drawing], Figures | None] = {}
        self.disc_diameters: dict[str, float] = {}
        """Of photographs by their subject, in pixels: what their lengths are told in."""
        drawings.changed.connect(self._on_changed)

    # ---- whose drawings

    def subject(self, volume: ShownVolume) -> str:
        """The name under which a volume's drawings are kept: its hash, once that is known."""
        if volume.facts.content_hash:
            return volume.facts.content_hash
        # By identity: a volume that is still being read gets other facts, but the same values.
        found = self._unsettled.get(id(volume.values))
        if found is None:
            found = volume.values, self.drawings.unsettled()
            self._unsettled[id(volume.values)] = found
        return found[1]

    def show(self, volume: ShownVolume) -> None:
        """A volume is shown: fetch what was drawn on it."""
        self.drawings.show(self.subject(volume))

    def settle(self, begun: ShownVolume, opened: ShownVolume) -> None:
        """A volume that was still being read is whole: what was drawn on it meanwhile is kept."""
        found = self._unsettled.pop(id(begun.values), None)
        if found is not None:
            if self._chosen[0] == found[1]:
                self._chosen = opened.facts.content_hash, self._chosen[1]
            self.drawings.settle(found[1], opened.facts.content_hash)

    def forget(self, begun: ShownVolume) -> None:
        """A volume will never be whole: it was cancelled or refused."""
        self._unsettled.pop(id(begun.values), None)

    # ---- what lies where

    def all_of(self, volume: ShownVolume) -> tuple[Drawing, ...]:
        """All drawings on a volume, one in the hand as the hand holds it."""
        subject = self.subject(volume)
        drawn = self.drawings.of(subject)
        if self._held is None or self._held[0] != subject:
            return drawn
        held = self._held[1]
        return tuple(held if other.id == held.id else other for other in drawn)

    def on(self, state: SliceState) -> tuple[Drawing, ...]:
        """Those that lie on the slice and the frame that a view shows."""
        plane = state.plane
        return tuple(
            drawing
            for drawing in self.all_of(state.volume)
            if (drawing.axis, drawing.slice, drawing.frame)
            == (plane.axis, plane.index, plane.frame)
        )

    def slices(self, state: SliceState) -> tuple[int, ...]:
        """The indices of all slices along the view's axis that something was drawn on."""
        plane = state.plane
        return tuple(
            sorted(
                {
                    drawing.slice
                    for drawing in self.all_of(state.volume)
                    if (drawing.axis, drawing.frame) == (plane.axis, plane.frame)
                }
            )
        )

    def lines(self, state: SliceState, drawing: Drawing) -> tuple[str, ...]:
        """The words that stand beside a drawing."""
        if isinstance(drawing, Arrow):
            return (drawing.text,) if drawing.text else ()
        figures = self.figures(state.volume, drawing)
        if figures is None:
            return ()
        diameter = self.disc_diameters.get(self.subject(state.volume), 0.0)
        told = in_disc_diameters(figures, diameter) if diameter > 0 else figures
        words = figure_lines(told, state.facts.unit)
        if told is not figures:
            # In pixels as well: another disc would be another measure.
            words = (words[0], figure_lines(figures)[0].removesuffix(YOU).rstrip(), *words[1:])
        if isinstance(drawing, Outline) and drawing.text:
            words = (f"{drawing.text} {YOU}", *words)
        if isinstance(figures, Region | Place):
            if not _is_read(state.volume, drawing):
                return (*words, STILL_READ) if isinstance(figures, Region) else (STILL_READ,)
            if len(reached(state.plane, state.display.slab)) > 1:
                # A slab shows other values than those that are told.
                return (*words, THIS_SLICE)
        return words

    def figures(self, volume: ShownVolume, drawing: Drawing) -> Figures | None:
        """What a drawing measures; kept, since it is asked at every frame."""
        read = _is_read(volume, drawing)
        key = (self.subject(volume), int(read), drawing)
        if key not in self._figures:
            if len(self._figures) >= _KEPT:
                self._figures.clear()
            facts = volume.facts
            if drawing.frame in facts.blank_frames:
                return None if isinstance(drawing, Arrow) else NotMeasured(MISSING_FRAME)
            values = slice_values(volume.values[drawing.frame], drawing) if read else None
            self._figures[key] = measure(
                drawing, facts.grid, values, facts.padding, facts.interpolated
            )
        return self._figures[key]

    # ---- the chosen one, and the one in the hand

    def is_chosen(self, volume: ShownVolume, drawing: Drawing) -> bool:
        """Whether this is the drawing that Del would take away."""
        return self._chosen == (self.subject(volume), drawing.id)

    @property
    def has_chosen(self) -> bool:
        """Whether there is a chosen drawing."""
        subject, name = self._chosen
        return any(drawing.id == name for drawing in self.drawings.of(subject))

    def choose(self, volume: ShownVolume, drawing: Drawing | None) -> None:
        """Choose a drawing, or none."""
        chosen = ("", "") if drawing is None else (self.subject(volume), drawing.id)
        if chosen != self._chosen:
            self._chosen = chosen
            self.changed.emit()

    def hold(self, volume: ShownVolume, drawing: Drawing | None) -> None:
        """Show a drawing as a hand has it now, without keeping it; None lets go.

        Nobody is told: at every movement of a hand only its own view is painted anew.
        """
        self._held = None if drawing is None else (self.subject(volume), drawing)

    # ---- what a reader does

    def add(self, volume: ShownVolume, drawing: Drawing) -> None:
        """Keep a new drawing, and choose it."""
        self._chosen = self.subject(volume), drawing.id
        self.drawings.add(self.subject(volume), drawing)

    def change(self, volume: ShownVolume, drawing: Drawing) -> None:
        """Keep what was moved or given another text."""
        self.drawings.change(self.subject(volume), drawing)

    def remove(self, volume: ShownVolume, drawing: Drawing) -> None:
        """Take a drawing away."""
        self.drawings.remove(self.subject(volume), drawing.id)

    def remove_chosen(self) -> bool:
        """Take the chosen drawing away; whether there was one."""
        there = self.has_chosen
        if there:
            self.drawings.remove(*self._chosen)
        self._chosen = ("", "")
        return there

    def reading(self, volume: ShownVolume) -> Reading:
        """What an undo and a redo would do on a volume."""
        return self.drawings.reading(self.subject(volume))

    def undo(self, volume: ShownVolume) -> None:
        """Take back what was done last on a volume."""
        self.drawings.undo(self.subject(volume))

    def redo(self, volume: ShownVolume) -> None:
        """Do again what was undone last on a volume."""
        self.drawings.redo(self.subject(volume))

    def _on_changed(self, _subject: str) -> None:
        self.changed.emit()


def new_id() -> str:
    """A name for a drawing that no other has."""
    return secrets.token_hex(8)


def _is_read(volume: ShownVolume, drawing: Drawing) -> bool:
    """Whether all slices that a drawing takes values from are there."""
    if volume.read is None or not isinstance(drawing, Ellipse | Rectangle | Outline | Probe):
        return True
    depths = [point[2] for point in drawing.points]
    first = max(int(np.floor(min(depths) + 0.5)), 0)
    last = min(int(np.floor(max(depths) + 0.5)), volume.read.shape[1] - 1)
    return bool(volume.read[drawing.frame, first : last + 1].all())
