"""The commands about a mask over a series: rows of the one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.command import Command, Menu, Where

if TYPE_CHECKING:
    from viewer.window import Window


def _shows_whole(window: Window) -> bool:
    shown = window.volumes.shown if window.shows_volume and window.tabs.reading else None
    return shown is not None and shown.whole


def shows_mask(window: Window) -> bool:
    """May while a mask lies over the active series."""
    return _shows_whole(window) and window.volumes.masks.mask is not None


def _lay(window: Window) -> None:
    path = window.doors.choose_mask()
    if path is not None:
        window.volumes.masks.lay_file(path)


MASK_COMMANDS: tuple[Command, ...] = (
    Command(
        "lay-mask",
        "Lay a mask over this series…",
        (),
        "Lays a file of labels on the same grid over the series: NIfTI, NRRD or MetaImage.",
        _lay,
        may=_shows_whole,
        menu=Menu.OVERLAY,
        where=Where.VOLUME,
        gap_before=True,
    ),
    Command(
        "take-mask-off",
        "Take the mask off",
        (),
        "Takes the mask off the series.",
        lambda window: window.volumes.masks.take_off(),
        may=shows_mask,
        menu=Menu.OVERLAY,
        where=Where.VOLUME,
    ),
)
