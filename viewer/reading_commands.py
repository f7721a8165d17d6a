"""The commands for what a reader says of photographs, in the table of ``commands``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.records.forms import ReadingMode
from viewer.command import Command, Menu, Where
from viewer.standing import Standing

if TYPE_CHECKING:
    from viewer.window import Window


def with_photograph(window: Window) -> bool:
    """May while a photograph is shown."""
    shown = window.presenter.standing is not Standing.NO_PICTURE
    return shown and window.tabs.reading and not window.shows_volume


def _save_readings(window: Window) -> None:
    to = window.doors.choose_readings()
    if to is not None:
        window.photographs.reading.save_table(to)


def _turn_mode(window: Window) -> None:
    first = window.photographs.reading.mode is ReadingMode.FIRST
    mode = ReadingMode.ASSISTED if first else ReadingMode.FIRST
    window.preferences.change(reading=mode.value)


READING_COMMANDS: tuple[Command, ...] = (
    Command(
        "sign",
        "Sign reading",
        ("Ctrl+Return", "Ctrl+Enter"),
        "Signs what you said of the photographs on the screen; later it can be amended.",
        lambda window: window.photographs.reading.sign(),
        may=lambda window: with_photograph(window) and window.photographs.reading.can_sign,
        menu=Menu.EDIT,
        gap_before=True,
    ),
    Command(
        "reading-form",
        "To the reading form",
        ("F6", "Shift+F6"),
        "Gives the keys to the reading form: Tab goes on, digits choose, Esc goes back.",
        lambda window: window.photographs.enter_form(),
        may=with_photograph,
        menu=Menu.EDIT,
        where=Where.PHOTOGRAPH,
    ),
    Command(
        "reading-first",
        "Reading first",
        (),
        "Hides the model's word, heatmap and list until you have signed; the record says so.",
        _turn_mode,
        menu=Menu.EDIT,
        on=lambda window: window.photographs.reading.mode is ReadingMode.FIRST,
    ),
    Command(
        "save-readings",
        "Save readings…",
        (),
        "Saves all signed readings of this computer as a CSV file, a row for each signature.",
        _save_readings,
        menu=Menu.FILE,
    ),
)
