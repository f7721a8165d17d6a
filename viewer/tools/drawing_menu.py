"""What a right click on a drawing offers."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.drawings import Arrow, Ellipse, Outline, Rectangle
from engine.measures import slice_values, values_inside
from viewer.drawings.marking import Marking
from viewer.tools.measuring import NAMES, edit_text
from viewer.tools.picking import pick
from viewer.tools.tool import SliceView
from viewer.tools.windowing import least_width


@dataclass(frozen=True)
class MenuItem:
    """A row of a menu: its words, and what it does."""

    words: str
    do: Callable[[], object]


def menu_items(marking: Marking, view: SliceView, at: tuple[float, float]) -> tuple[MenuItem, ...]:
    """The rows about the drawing under a device position, none beside all; it is chosen."""
    picked = pick(marking, view, at)
    if picked is None:
        return ()
    drawing, volume = picked.drawing, view.state.volume
    marking.choose(volume, drawing)
    name = NAMES[type(drawing)].lower()
    items = [MenuItem(f"Remove {name}", lambda: marking.remove(volume, drawing))]
    if isinstance(drawing, Arrow | Outline):
        words = "Edit text…" if isinstance(drawing, Arrow) else "Name it…"
        items.insert(0, MenuItem(words, lambda: edit_text(marking, view, drawing)))
    if isinstance(drawing, Ellipse | Rectangle | Outline) and not view.state.facts.colour:
        items.insert(0, MenuItem(f"Window from {name}", lambda: window_from(view, drawing)))
    return tuple(items)


def window_from(view: SliceView, drawing: Ellipse | Rectangle | Outline) -> None:
    """The window that shows what a region holds: its middle 98 per cent."""
    state = view.state
    values = slice_values(state.volume.values[drawing.frame], drawing)
    if values is None:
        return
    inside = values_inside(drawing, values)
    held = np.isfinite(inside)
    if state.facts.padding is not None:
        held &= inside != state.facts.padding
    if held.any():
        low, high = (float(value) for value in np.percentile(inside[held], (1, 99)))
        width = max(high - low, least_width(state))
        view.change(state.windowed((low + high) / 2, width, "Region"))
