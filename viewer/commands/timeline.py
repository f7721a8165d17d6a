"""The commands of a patient's timeline: rows of the one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.command import Bar, Command, Menu, Where
from viewer.commands.reading import with_photograph

if TYPE_CHECKING:
    from viewer.timeline.desk import TimelineDesk
    from viewer.window import Window


def _desk(window: Window) -> TimelineDesk:
    assert window.timeline is not None
    return window.timeline


def _is_open(window: Window) -> bool:
    return window.timeline is not None and window.timeline.is_open and with_photograph(window)


def _can_step(window: Window) -> bool:
    return _is_open(window) and _desk(window).can_step


def _has_visit(window: Window) -> bool:
    return _is_open(window) and _desk(window).place is not None


TIMELINE_COMMANDS: tuple[Command, ...] = (
    Command(
        "timeline",
        "Timeline",
        ("T",),
        "Shows the patient's visits in order under the pictures, and again: hides them.",
        lambda window: window.turn_timeline(),
        may=with_photograph,
        menu=Menu.VISITS,
        where=Where.EYES,
        icon="history",
        bar=Bar.VIEWS,
        on=_is_open,
    ),
    Command(
        "step-visits",
        "Step through visits",
        ("Space",),
        "Opens one visit after the other, and again: stops.",
        lambda window: _desk(window).play(),
        may=_can_step,
        menu=Menu.VISITS,
        where=Where.EYES,
        on=lambda window: _is_open(window) and _desk(window).stepping.is_on,
    ),
    Command(
        "previous-visit",
        "Previous visit",
        ("Alt+Left",),
        "Opens the visit before; the back button of a mouse does the same.",
        lambda window: _desk(window).step(-1),
        may=_can_step,
        menu=Menu.VISITS,
        where=Where.EYES,
    ),
    Command(
        "next-visit",
        "Next visit",
        ("Alt+Right",),
        "Opens the visit after; the forward button of a mouse does the same.",
        lambda window: _desk(window).step(1),
        may=_can_step,
        menu=Menu.VISITS,
        where=Where.EYES,
    ),
    Command(
        "align-visits",
        "Aligned visits",
        (),
        "Keeps the eye where it was on the screen from visit to visit, or shows each one whole.",
        lambda window: _desk(window).align(not _desk(window).aligned.is_on),
        may=_can_step,
        menu=Menu.VISITS,
        where=Where.EYES,
        on=lambda window: _is_open(window) and _desk(window).aligned.is_on,
    ),
    Command(
        "visit-date",
        "Set the visit's date…",
        (),
        "Lets you say on which day the photographs were taken; it is remembered.",
        lambda window: _desk(window).dating.edit(),
        may=_has_visit,
        menu=Menu.TOOLS,
        where=Where.EYES,
    ),
)
