"""Which movement of the mouse does what on a slice: one table, which settings may change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from PySide6.QtCore import Qt


class Gesture(StrEnum):
    """What a hand can do with a mouse; the words stand in the settings."""

    LEFT = "Left drag"
    MIDDLE = "Middle drag"
    RIGHT = "Right drag"
    BOTH = "Left and right drag"
    CONTROL_LEFT = "Ctrl + left drag"
    SHIFT_LEFT = "Shift + left drag"
    WHEEL = "Wheel"
    CONTROL_WHEEL = "Ctrl + wheel"
    SHIFT_WHEEL = "Shift + wheel"
    ALT_WHEEL = "Alt + wheel"
    DOUBLE_CLICK = "Double click"
    RIGHT_CLICK = "Right click"


class Deed(StrEnum):
    """What a gesture can do; the words stand in the settings."""

    TOOL = "Tool in hand"
    CROSSHAIR = "Crosshair"
    PAN = "Pan"
    ZOOM = "Zoom"
    WINDOW = "Window and level"
    SLICE = "Slices"
    TEN_SLICES = "Slices by ten"
    OPACITY = "Opacity"
    MAXIMISE = "Whole area and back"
    MENU = "Menu"
    NOTHING = "Nothing"


DRAGS = (Deed.TOOL, Deed.CROSSHAIR, Deed.PAN, Deed.ZOOM, Deed.WINDOW, Deed.SLICE, Deed.NOTHING)
TURNS = (Deed.SLICE, Deed.TEN_SLICES, Deed.ZOOM, Deed.OPACITY, Deed.NOTHING)
CLICKS = (Deed.MAXIMISE, Deed.MENU, Deed.NOTHING)

_DEFAULT = {
    Gesture.LEFT: Deed.TOOL,
    Gesture.MIDDLE: Deed.PAN,
    Gesture.RIGHT: Deed.WINDOW,
    Gesture.BOTH: Deed.ZOOM,
    Gesture.CONTROL_LEFT: Deed.ZOOM,
    Gesture.SHIFT_LEFT: Deed.TOOL,
    Gesture.WHEEL: Deed.SLICE,
    Gesture.CONTROL_WHEEL: Deed.ZOOM,
    Gesture.SHIFT_WHEEL: Deed.TEN_SLICES,
    Gesture.ALT_WHEEL: Deed.OPACITY,
    Gesture.DOUBLE_CLICK: Deed.MAXIMISE,
    Gesture.RIGHT_CLICK: Deed.MENU,
}
_WHEELS = (Gesture.WHEEL, Gesture.CONTROL_WHEEL, Gesture.SHIFT_WHEEL, Gesture.ALT_WHEEL)
_CLICKED = (Gesture.DOUBLE_CLICK, Gesture.RIGHT_CLICK)


def choices(gesture: Gesture) -> tuple[Deed, ...]:
    """What a gesture may be made to do."""
    if gesture in _WHEELS:
        return TURNS
    return CLICKS if gesture in _CLICKED else DRAGS


@dataclass(frozen=True)
class Buttons:
    """The table: a deed for every gesture, the defaults of LOOK 10 where nothing else is said."""

    changed: tuple[tuple[Gesture, Deed], ...] = field(default=())

    @classmethod
    def read(cls, words: Mapping[str, str]) -> "Buttons":
        """From settings, gesture to deed; what this version does not know is left out."""
        gestures = {gesture.name.lower(): gesture for gesture in Gesture}
        deeds = {deed.name.lower(): deed for deed in Deed}
        table = cls()
        for named, wanted in words.items():
            gesture, deed = gestures.get(named), deeds.get(wanted)
            if gesture is not None and deed is not None and deed in choices(gesture):
                table = table.put(gesture, deed)
        return table

    def written(self) -> dict[str, str]:
        """For settings: only what differs from the defaults."""
        return {gesture.name.lower(): deed.name.lower() for gesture, deed in self.changed}

    def deed(self, gesture: Gesture) -> Deed:
        """What a gesture does."""
        return dict(self.changed).get(gesture, _DEFAULT[gesture])

    def put(self, gesture: Gesture, deed: Deed) -> "Buttons":
        """With another deed for a gesture; raises ``ValueError`` where it cannot do that."""
        if deed not in choices(gesture):
            raise ValueError(f"{gesture} cannot do {deed}")
        table = dict(self.changed)
        table.pop(gesture, None)
        if deed is not _DEFAULT[gesture]:
            table[gesture] = deed
        return Buttons(tuple(sorted(table.items())))


def drag_gesture(
    button: Qt.MouseButton, held: Qt.MouseButton, keys: Qt.KeyboardModifier
) -> Gesture | None:
    """Which drag a press begins: ``button`` goes down while ``held``, itself among them, are."""
    both = Qt.MouseButton.LeftButton | Qt.MouseButton.RightButton
    if held & both == both:
        return Gesture.BOTH
    if button is Qt.MouseButton.LeftButton:
        if keys & Qt.KeyboardModifier.ControlModifier:
            return Gesture.CONTROL_LEFT
        if keys & Qt.KeyboardModifier.ShiftModifier:
            return Gesture.SHIFT_LEFT
        return Gesture.LEFT
    if button is Qt.MouseButton.MiddleButton:
        return Gesture.MIDDLE
    return Gesture.RIGHT if button is Qt.MouseButton.RightButton else None


def wheel_gesture(keys: Qt.KeyboardModifier) -> Gesture:
    """Which turn of the wheel this is."""
    if keys & Qt.KeyboardModifier.ControlModifier:
        return Gesture.CONTROL_WHEEL
    if keys & Qt.KeyboardModifier.ShiftModifier:
        return Gesture.SHIFT_WHEEL
    return Gesture.ALT_WHEEL if keys & Qt.KeyboardModifier.AltModifier else Gesture.WHEEL
