"""A reader at the form: digits into its fields, and what was kept."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from window_desk import Desk

from engine.records.readings import Reading

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
TAB, ENTER = Qt.Key.Key_Tab, Qt.Key.Key_Return


def read(desk: Desk, *digits: str) -> None:
    """From the picture into the form, a digit a field."""
    desk.press(Qt.Key.Key_F6)
    for digit in digits:
        desk.qtbot.keyClicks(QApplication.focusWidget(), digit)
        desk.press(TAB)


def sign(desk: Desk) -> None:
    """A moderate stage without oedema, referred."""
    read(desk, "1", "2", "1", "3")
    desk.press(ENTER, CONTROL)


def kept(desk: Desk, content: str = "c") -> Reading:
    return desk.window.photographs.store.reading(content * 64)


def turn_reading_first(desk: Desk) -> None:
    desk.window.actions_.by_name["reading-first"].trigger()
