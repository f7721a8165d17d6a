"""Which gesture does what."""

import pytest
from PySide6.QtCore import Qt

from viewer.tools.buttons import Buttons, Deed, Gesture, choices, drag_gesture, wheel_gesture

LEFT, MIDDLE, RIGHT = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.RightButton,
)
NO_KEY = Qt.KeyboardModifier.NoModifier


def test_the_defaults_are_those_that_readers_know() -> None:
    table = Buttons()
    wanted = {
        Gesture.WHEEL: Deed.SLICE,
        Gesture.CONTROL_WHEEL: Deed.ZOOM,
        Gesture.SHIFT_WHEEL: Deed.TEN_SLICES,
        Gesture.ALT_WHEEL: Deed.OPACITY,
        Gesture.LEFT: Deed.TOOL,
        Gesture.MIDDLE: Deed.PAN,
        Gesture.RIGHT: Deed.WINDOW,
        Gesture.BOTH: Deed.ZOOM,
        Gesture.CONTROL_LEFT: Deed.ZOOM,
        Gesture.DOUBLE_CLICK: Deed.MAXIMISE,
        Gesture.RIGHT_CLICK: Deed.MENU,
    }
    for gesture, deed in wanted.items():
        assert table.deed(gesture) is deed
    assert all(table.deed(gesture) in choices(gesture) for gesture in Gesture)


def test_a_changed_table_is_written_and_read_again() -> None:
    table = Buttons().put(Gesture.LEFT, Deed.SLICE).put(Gesture.WHEEL, Deed.ZOOM)
    assert Buttons.read(table.written()) == table
    assert table.put(Gesture.LEFT, Deed.TOOL).put(Gesture.WHEEL, Deed.SLICE) == Buttons()
    assert Buttons().written() == {}


def test_a_gesture_cannot_do_what_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="Wheel"):
        Buttons().put(Gesture.WHEEL, Deed.MENU)


def test_settings_that_are_not_understood_are_left_out() -> None:
    words = {"left": "slice", "wheel": "menu", "knee": "pan", "middle": "dance"}
    assert Buttons.read(words) == Buttons().put(Gesture.LEFT, Deed.SLICE)


def test_buttons_and_keys_become_gestures() -> None:
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    assert drag_gesture(LEFT, LEFT, NO_KEY) is Gesture.LEFT
    assert drag_gesture(LEFT, LEFT, control) is Gesture.CONTROL_LEFT
    assert drag_gesture(LEFT, LEFT, shift) is Gesture.SHIFT_LEFT
    assert drag_gesture(MIDDLE, MIDDLE, NO_KEY) is Gesture.MIDDLE
    assert drag_gesture(RIGHT, LEFT | RIGHT, NO_KEY) is Gesture.BOTH
    assert drag_gesture(LEFT, LEFT | RIGHT, NO_KEY) is Gesture.BOTH
    assert drag_gesture(Qt.MouseButton.BackButton, Qt.MouseButton.BackButton, NO_KEY) is None
    assert wheel_gesture(Qt.KeyboardModifier.AltModifier) is Gesture.ALT_WHEEL
    assert wheel_gesture(NO_KEY) is Gesture.WHEEL
