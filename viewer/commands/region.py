"""The commands for the regions the model looked at, and for disc and fovea: rows of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.records.regions import Verdict
from viewer.command import Command, Menu, Where
from viewer.commands.reading import with_photograph
from viewer.commands.volume import with_volume

if TYPE_CHECKING:
    from viewer.window import Window


def _with_regions(window: Window) -> bool:
    return with_photograph(window) and bool(window.photographs.regions.list.rows)


def _with_chosen(window: Window) -> bool:
    regions = window.photographs.regions.list
    return _with_regions(window) and regions.chosen is not None and not regions.is_stale


def _is_rejected(window: Window) -> bool:
    chosen = window.photographs.regions.list.chosen
    return chosen is not None and chosen.verdict is Verdict.REJECTED


def _with_placed(window: Window) -> bool:
    placed = window.photographs.regions.marks.placed
    return with_photograph(window) and (placed.disc, placed.fovea) != (None, None)


def _save(window: Window) -> None:
    if window.shows_volume:
        window.volumes.drawings.save(window.doors)
    else:
        window.photographs.save_regions(window.doors)


def _may_save(window: Window) -> bool:
    drawn = with_volume(window) and window.volumes.drawings.has_any
    return drawn or with_photograph(window)


SAVE_REGIONS = Command(
    "save-regions",
    "Save regions and drawings as JSON…",
    (),
    "Saves the model's regions with their places, and what you said and drew, as a JSON file.",
    _save,
    may=_may_save,
    menu=Menu.FILE,
    now=lambda window: f"Save {'' if window.shows_volume else 'regions and '}drawings as JSON…",
)

REGION_COMMANDS: tuple[Command, ...] = (
    Command(
        "next-region",
        "Next region",
        ("N",),
        "Goes to the next region the model looked at, the strongest first.",
        lambda window: window.photographs.regions.step(1),
        may=_with_regions,
        menu=Menu.OVERLAY,
        where=Where.PHOTOGRAPH,
        gap_before=True,
        repeats=True,
    ),
    Command(
        "previous-region",
        "Previous region",
        ("B",),
        "Goes to the region before.",
        lambda window: window.photographs.regions.step(-1),
        may=_with_regions,
        menu=Menu.OVERLAY,
        where=Where.PHOTOGRAPH,
        repeats=True,
    ),
    Command(
        "all-regions",
        "All regions on the picture",
        (),
        "Draws every region on the picture, or the strongest ten alone.",
        lambda window: window.photographs.regions.turn_all(),
        may=_with_regions,
        menu=Menu.OVERLAY,
        where=Where.PHOTOGRAPH,
        on=lambda window: window.preferences.settings.all_regions,
    ),
    Command(
        "accept-region",
        "Accept region",
        ("A",),
        "Copies the chosen region's outline as a drawing of yours; the model's stays.",
        lambda window: window.photographs.regions.list.accept(),
        may=_with_chosen,
        menu=Menu.EDIT,
        where=Where.PHOTOGRAPH,
        gap_before=True,
    ),
    Command(
        "reject-region",
        "Reject region",
        ("X",),
        "Says that the chosen region is no finding, and again: takes that back.",
        lambda window: window.photographs.regions.list.reject(),
        may=_with_chosen,
        menu=Menu.EDIT,
        where=Where.PHOTOGRAPH,
        on=_is_rejected,
    ),
    Command(
        "tag-region",
        "Name region…",
        ("Shift+N",),
        "Gives the chosen region a name of yours.",
        lambda window: window.photographs.regions.edit_tag(),
        may=_with_chosen,
        menu=Menu.EDIT,
        where=Where.PHOTOGRAPH,
    ),
    Command(
        "landmarks",
        "Disc and fovea",
        (),
        "Shows or hides where disc and fovea lie; both can be moved by hand.",
        lambda window: window.preferences.change(
            landmarks=not window.preferences.settings.landmarks
        ),
        may=with_photograph,
        menu=Menu.OVERLAY,
        where=Where.PHOTOGRAPH,
        on=lambda window: window.preferences.settings.landmarks,
    ),
    Command(
        "landmarks-as-found",
        "Disc and fovea as found",
        (),
        "Takes disc and fovea where the program found them, instead of where you placed them.",
        lambda window: window.photographs.regions.marks.as_found(),
        may=_with_placed,
        menu=Menu.EDIT,
        where=Where.PHOTOGRAPH,
    ),
)
