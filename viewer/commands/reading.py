"""The commands for what a reader says of photographs, in the table of ``commands``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.pictures import Laterality
from engine.records.forms import ReadingMode
from viewer.command import Bar, Command, Menu, Where
from viewer.photograph.standing import Standing

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


def _go_to_unsigned(window: Window) -> None:
    window.read_page.seeking.begin()


def _among_photographs(window: Window) -> bool:
    """Also where one stands that cannot be shown."""
    return window.tabs.reading and not window.shows_volume and window.presenter.shown.place[1] > 1


def seeks(window: Window) -> bool:
    """May while a photograph without a signature is sought."""
    return _among_photographs(window) and window.read_page.seeking.is_on


def _reads_first(window: Window) -> bool:
    return window.preferences.settings.reading == ReadingMode.FIRST.value


def _turn_mode(window: Window) -> None:
    mode = ReadingMode.ASSISTED if _reads_first(window) else ReadingMode.FIRST
    window.preferences.change(reading=mode.value)


def _with_pair(window: Window) -> bool:
    return with_photograph(window) and window.photographs.both.has_pair


SAVE_READINGS = Command(
    "save-readings",
    "Save readings…",
    (),
    "Saves all signed readings of this computer as a CSV file, a row for each signature.",
    _save_readings,
    menu=Menu.FILE,
)

READING_COMMANDS: tuple[Command, ...] = (
    Command(
        "both-eyes",
        "Both eyes",
        ("E",),
        "Shows the patient's other eye beside this one, OD at the left, and again: one eye.",
        lambda window: window.photographs.both.turn(),
        may=with_photograph,
        menu=Menu.EYES,
        where=Where.EYES,
        icon="layout-columns",
        bar=Bar.VIEWS,
        on=lambda window: window.photographs.both.is_on,
        gap_before=True,
    ),
    Command(
        "link-eyes",
        "Link eyes",
        ("L",),
        "Zooms both eyes alike and moves both toward the nose together, or each by itself.",
        lambda window: window.photographs.both.link.set_linked(
            not window.photographs.both.link.linked
        ),
        may=_with_pair,
        menu=Menu.EYES,
        where=Where.EYES,
        icon="link",
        bar=Bar.VIEWS,
        on=lambda window: _with_pair(window) and window.photographs.both.link.linked,
    ),
    Command(
        "other-eye",
        "To the other eye",
        ("Ctrl+F6",),
        "Gives the keys and the form to the other eye.",
        lambda window: window.photographs.both.activate_other(),
        may=_with_pair,
        menu=Menu.EYES,
    ),
    Command(
        "right-eye",
        "This is the right eye",
        (),
        "Corrects which eye the photograph shows; the other beside it is then the left.",
        lambda window: window.photographs.both.say_eye(Laterality.RIGHT),
        may=with_photograph,
        menu=Menu.TOOLS,
        where=Where.EYES,
        gap_before=True,
    ),
    Command(
        "left-eye",
        "This is the left eye",
        (),
        "Corrects which eye the photograph shows; the other beside it is then the right.",
        lambda window: window.photographs.both.say_eye(Laterality.LEFT),
        may=with_photograph,
        menu=Menu.TOOLS,
        where=Where.EYES,
    ),
    Command(
        "choose-other-eye",
        "Choose the other eye…",
        (),
        "Lets you say which file shows the patient's other eye; it is remembered.",
        lambda window: window.choose_other_eye(),
        may=with_photograph,
        menu=Menu.TOOLS,
        where=Where.EYES,
    ),
    Command(
        "not-a-pair",
        "Not a pair",
        (),
        "Says that the two photographs on the screen do not belong together; it is remembered.",
        lambda window: window.photographs.both.part(),
        may=_with_pair,
        menu=Menu.TOOLS,
        where=Where.EYES,
    ),
    Command(
        "sign",
        "Sign reading",
        ("Ctrl+Enter", "Ctrl+Return"),
        "Signs what you said of the photographs on the screen; later it can be amended.",
        lambda window: window.photographs.reading.sign(),
        may=lambda window: with_photograph(window) and window.photographs.reading.can_sign,
        menu=Menu.EDIT,
        gap_before=True,
    ),
    Command(
        "next-unsigned",
        "Next without your signature",
        ("Ctrl+U",),
        "Opens the next photograph of the folder of which you signed no reading.",
        _go_to_unsigned,
        may=_among_photographs,
        menu=Menu.EDIT,
        where=Where.PICTURE,
    ),
    Command(
        "reading-form",
        "To the reading form",
        ("F6",),
        "Gives the keys to the reading form: Tab goes on, digits choose, Esc goes back.",
        lambda window: window.photographs.enter_form(),
        may=with_photograph,
        menu=Menu.EDIT,
        where=Where.EYES,
    ),
    Command(
        "reading-first",
        "Reading first",
        (),
        "Hides the model's word, heatmap and list until you have signed; the record says so.",
        _turn_mode,
        menu=Menu.EDIT,
        on=_reads_first,
    ),
)
