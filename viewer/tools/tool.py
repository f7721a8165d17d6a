"""What a tool is: how it is told of a hand's movements on a slice, and what it may do there.

A tool in hand works in every view; it is told which one each time, and keeps what it began until
``release`` or ``cancel``.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from viewer.layers.around import Around
from viewer.seen.cut import Cut
from viewer.seen.slice_state import SliceState


@dataclass(frozen=True)
class Hand:
    """One movement of a hand: the device position, whether it presses, and the keys held."""

    at: tuple[float, float]
    pressed: bool = False
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier


class SliceView(Protocol):
    """The view that a tool works in."""

    @property
    def state(self) -> SliceState:
        """What the view shows now."""

    @property
    def ratio(self) -> float:
        """Device pixels per logical pixel."""

    @property
    def cut(self) -> Cut:
        """The values that are shown, before they become colours."""

    def change(self, state: SliceState) -> None:
        """Show this instead; views that are linked follow."""

    def refresh(self) -> None:
        """Paint the tool and the layers anew."""

    def place(self, voxels: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where voxels (n, 3) lie in the view, (n, 2) in the logical pixels that painters use."""


def widget_of(view: SliceView) -> QWidget | None:
    """The widget that a view is or belongs to, for a field over the picture."""
    if isinstance(view, QWidget):
        return view
    widget = getattr(view, "widget", None)
    return widget if isinstance(widget, QWidget) else None


class Layer(Protocol):
    """Something that lies on a slice."""

    def paint(self, painter: QPainter, view: SliceView) -> None:
        """Draw over the picture, in logical pixels."""

    def grab(self, view: SliceView, hand: Hand) -> "Tool | None":
        """What takes over a left press here, before the tool in hand gets it; mostly None."""


class SliceLayer(Layer, Protocol):
    """A layer on a volume's slice, over which a crosshair may lie."""

    def around(self, view: SliceView) -> Around:
        """Where its words stand, for what is to keep off them."""


class Tool:
    """A tool that does nothing; real ones override what they need."""

    name = ""
    """The word on its button."""

    def press(self, view: SliceView, hand: Hand) -> None:
        """The button goes down."""

    def move(self, view: SliceView, hand: Hand) -> None:
        """The pointer moves, with the button down or, while this is the tool in hand, above."""

    def release(self, view: SliceView, hand: Hand) -> None:
        """The button goes up."""

    def double_click(self, view: SliceView, hand: Hand) -> bool:  # noqa: ARG002
        """Whether a double click meant the tool; else it means the view."""
        return False

    def cancel(self, view: SliceView) -> bool:  # noqa: ARG002
        """Drop what was begun; whether there was anything."""
        return False

    def cursor(self, view: SliceView, hand: Hand) -> Qt.CursorShape:  # noqa: ARG002
        """The pointer's shape here."""
        return Qt.CursorShape.ArrowCursor

    def paint(self, painter: QPainter, view: SliceView) -> None:
        """Draw what is unfinished, in logical pixels."""

    def around(self, view: SliceView) -> Around:  # noqa: ARG002
        """Where the words of what is unfinished stand, for what is to keep off them."""
        return Around()
