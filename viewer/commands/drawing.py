"""The commands that draw and measure, on volumes and photographs alike: rows of the one table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from viewer.command import Bar, Command, Menu, Where
from viewer.commands.reading import with_photograph

if TYPE_CHECKING:
    from viewer.drawings.marking import Marking
    from viewer.read.regions import RegionDesk
    from viewer.read.volumes import VolumeDesk
    from viewer.window import Window


def _with_picture(window: Window) -> bool:
    return _with_volume(window) or with_photograph(window)


def _with_volume(window: Window) -> bool:
    return window.shows_volume and window.volumes.view.active.has_state


def _desk(window: Window) -> VolumeDesk | RegionDesk:
    return window.volumes if window.shows_volume else window.photographs.regions


def _marking(window: Window) -> Marking:
    if window.shows_volume:
        return window.volumes.drawings.marking
    return window.photographs.regions.marking


def _tool(
    name: str, words: str, key: str, help_: str, icon: str, *, gap_before: bool = False
) -> Command:
    return Command(
        f"tool-{name}",
        words,
        (key,) if key else (),
        help_,
        lambda window: _desk(window).take_tool(name),
        may=_with_picture,
        menu=Menu.TOOLS,
        where=Where.PICTURE,
        icon=icon,
        bar=Bar.HANDS if icon else Bar.NONE,
        on=lambda window: _desk(window).tool_name == name,
        gap_before=gap_before,
    )


def _outlines(where: Where) -> tuple[Command, ...]:
    """Lasso and polygon; on volumes the tool bar has no room for them beside its own."""
    on_volume = where is Where.VOLUME
    rows = (
        _tool("lasso", "Lasso", "D", "A drag draws an outline.", "lasso"),
        _tool(
            "polygon", "Polygon", "Y", "Clicks draw an outline, a double click ends it.", "polygon"
        ),
    )
    return tuple(
        replace(
            row,
            name=f"{row.name}-on-volume" if on_volume else row.name,
            may=_with_volume if on_volume else with_photograph,
            where=where,
            icon="" if on_volume else row.icon,
            bar=Bar.NONE if on_volume else row.bar,
        )
        for row in rows
    )


MOVING_COMMANDS: tuple[Command, ...] = (
    _tool("pan", "Pan", "H", "A drag moves the picture.", "hand-stop"),
    _tool("zoom", "Zoom", "Z", "A drag up makes the picture larger.", "zoom-in"),
)

DRAWING_COMMANDS: tuple[Command, ...] = (
    _tool(
        "distance",
        "Length",
        "M",
        "Measures a length: in mm, or in pixels and disc diameters.",
        "ruler-measure",
        gap_before=True,
    ),
    _tool("angle", "Angle", "Shift+M", "Measures an angle by three points.", "angle"),
    _tool(
        "bidirectional",
        "Two diameters",
        "Shift+D",
        "Measures the longest diameter and one at a right angle to it.",
        "arrows-cross",
    ),
    *_outlines(Where.PHOTOGRAPH),
    *_outlines(Where.VOLUME),
    _tool("ellipse", "Ellipse", "Shift+J", "Measures area and values of an ellipse.", "oval"),
    _tool("rectangle", "Box", "J", "Measures area and values of a box.", "rectangle"),
    _tool("point-value", "Point value", "Shift+P", "Marks a point with its value.", "point"),
    _tool("arrow", "Arrow", "Shift+A", "Draws an arrow with a text.", "arrow-up-right"),
    Command(
        "remove-drawing",
        "Remove drawing",
        ("Del",),
        "Takes the chosen drawing away.",
        lambda window: _marking(window).remove_chosen(),
        may=lambda window: _with_picture(window) and _marking(window).has_chosen,
        menu=Menu.TOOLS,
        where=Where.PICTURE,
        gap_before=True,
    ),
)
