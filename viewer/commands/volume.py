"""The commands that act on volumes: rows of the one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.command import Bar, Command, Menu, Where
from viewer.commands.drawing import DRAWING_COMMANDS, MOVING_COMMANDS
from viewer.seen.display import COLOURS, Sampling

if TYPE_CHECKING:
    from viewer.window import Window

_FASTER = 1.25


def with_volume(window: Window) -> bool:
    """May while a volume is shown."""
    shown = window.shows_volume and window.tabs.reading
    return shown and window.volumes.view.active.has_state


def _with_two(window: Window) -> bool:
    return with_volume(window) and all(map(window.volumes.view.has_volume, (0, 1)))


def _with_frames(window: Window) -> bool:
    return with_volume(window) and len(window.volumes.view.active.state.facts.frames) > 1


def _can_straighten(window: Window) -> bool:
    shown = window.volumes.shown if with_volume(window) else None
    if shown is None or not shown.whole:
        return False
    return shown.facts.grid.rows is not None and shown.facts.grid.size[2] > 1


def _tool(name: str, words: str, key: str, help_: str, icon: str) -> Command:
    return Command(
        f"tool-{name}",
        words,
        (key,) if key else (),
        help_,
        lambda window: window.volumes.take_tool(name),
        may=with_volume,
        menu=Menu.TOOLS,
        where=Where.VOLUME,
        icon=icon,
        bar=Bar.VIEWS if icon else Bar.NONE,
        on=lambda window: window.volumes.tool_name == name,
    )


def _preset(digit: int) -> Command:
    def may(window: Window) -> bool:
        return with_volume(window) and window.volumes.view.has_preset(digit)

    which = "the header's, and again: its next" if digit == 9 else f"preset {digit}"
    return Command(
        f"preset-{digit}",
        f"Window preset {digit}",
        (str(digit),),
        f"Shows values in a fixed window: {which}.",
        lambda window: window.volumes.view.choose_preset(digit),
        may=may,
        where=Where.VOLUME,
    )


def _step(name: str, words: str, key: str, help_: str, slices: int) -> Command:
    return Command(
        name,
        words,
        (key,),
        help_,
        lambda window: window.volumes.view.active.step(slices),
        may=with_volume,
        where=Where.VOLUME,
        repeats=True,
    )


def _next_colours(window: Window) -> None:
    view = window.volumes.view
    if view.display is not None:
        at = COLOURS.index(view.display.colours)
        view.set_colours(COLOURS[(at + 1) % len(COLOURS)])


def _next_sampling(window: Window) -> None:
    view = window.volumes.view
    if view.display is not None:
        kinds = list(Sampling)
        view.set_sampling(kinds[(kinds.index(view.display.sampling) + 1) % len(kinds)])


def _next_frame(window: Window, by: int) -> None:
    view = window.volumes.view
    plane, facts = view.active.state.plane, view.active.state.facts
    view.set_frame((plane.frame + by) % len(facts.frames), view.active_side)


VOLUME_COMMANDS: tuple[Command, ...] = (
    Command(
        "layout",
        "Layout",
        ("E",),
        "Goes on to the next layout: one view, three planes, side by side.",
        lambda window: window.volumes.view.next_layout(),
        may=lambda window: with_volume(window) and len(window.volumes.view.layouts) > 1,
        menu=Menu.VIEWS,
        where=Where.VOLUME,
        icon="layout-grid",
        bar=Bar.TOOLS,
        gap_before=True,
    ),
    Command(
        "one-to-one",
        "Zoom 100 %",
        ("Ctrl+0",),
        "Shows one voxel on one screen pixel.",
        lambda window: window.volumes.view.active.actual_size(),
        may=with_volume,
        menu=Menu.ZOOM,
        where=Where.VOLUME,
    ),
    Command(
        "maximise",
        "View to whole area and back",
        ("F",),
        "Shows the active view alone, and again: all views.",
        lambda window: window.volumes.view.maximise(),
        may=with_volume,
        menu=Menu.VIEWS,
        where=Where.VOLUME,
    ),
    Command(
        "crosshair",
        "Crosshair",
        ("X",),
        "Draws the lines at which the planes meet, or not.",
        lambda window: window.volumes.view.show_crosshair(
            not window.volumes.view.arrangement.crosshair
        ),
        may=with_volume,
        menu=Menu.OVERLAY,
        where=Where.VOLUME,
        icon="crosshair",
        bar=Bar.TOOLS,
        on=lambda window: window.volumes.view.arrangement.crosshair,
    ),
    Command(
        "straight",
        "Straight planes",
        (),
        "Lays an oblique series along the patient's own axes, and again: as it was acquired.",
        lambda window: window.volumes.straighten(),
        may=_can_straighten,
        menu=Menu.VIEWS,
        where=Where.VOLUME,
        on=lambda window: window.volumes.shown is not None and window.volumes.shown.wanted.straight,
    ),
    Command(
        "link",
        "Link views",
        ("L",),
        "Lets one series follow the other, or not.",
        lambda window: window.volumes.view.set_linked(not window.volumes.view.is_linked),
        may=_with_two,
        menu=Menu.VIEWS,
        where=Where.VOLUME,
        on=lambda window: window.volumes.view.is_linked,
    ),
    Command(
        "link-here",
        "Link here",
        ("Shift+L",),
        "Takes what both series show now for the same place.",
        lambda window: window.volumes.view.link_here(),
        may=_with_two,
        menu=Menu.VIEWS,
        where=Where.VOLUME,
    ),
    Command(
        "close-beside",
        "Close the second series",
        (),
        "Takes the series at the right away.",
        lambda window: window.volumes.close_beside(),
        may=_with_two,
        menu=Menu.VIEWS,
        where=Where.VOLUME,
    ),
    Command(
        "cine",
        "Cine",
        ("Space",),
        "Shows pictures one after the other, and again: stops.",
        lambda window: window.volumes.view.toggle_cine(),
        may=with_volume,
        menu=Menu.CINE,
        where=Where.VOLUME,
        icon="player-play",
        bar=Bar.TOOLS,
        on=lambda window: window.volumes.view.cine.is_running,
        gap_before=True,
    ),
    Command(
        "cine-faster",
        "Cine faster",
        (">",),
        "Shows more pictures a second, at most 30.",
        lambda window: window.volumes.view.cine.set_rate(window.volumes.view.cine.rate * _FASTER),
        may=with_volume,
        where=Where.VOLUME,
        menu=Menu.CINE,
        repeats=True,
    ),
    Command(
        "cine-slower",
        "Cine slower",
        ("<",),
        "Shows fewer pictures a second, at least 1.",
        lambda window: window.volumes.view.cine.set_rate(window.volumes.view.cine.rate / _FASTER),
        may=with_volume,
        where=Where.VOLUME,
        menu=Menu.CINE,
        repeats=True,
    ),
    Command(
        "frame-next",
        "Next frame",
        ("Ctrl+PgDown",),
        "Shows the next time, b-value or echo.",
        lambda window: _next_frame(window, 1),
        may=_with_frames,
        menu=Menu.CINE,
        where=Where.VOLUME,
        repeats=True,
    ),
    Command(
        "frame-previous",
        "Previous frame",
        ("Ctrl+PgUp",),
        "Shows the time, b-value or echo before.",
        lambda window: _next_frame(window, -1),
        may=_with_frames,
        menu=Menu.CINE,
        where=Where.VOLUME,
        repeats=True,
    ),
    Command(
        "invert",
        "Invert",
        ("I",),
        "Makes dark bright, and bright dark.",
        lambda window: window.volumes.view.invert(),
        may=with_volume,
        menu=Menu.IMAGE,
        where=Where.VOLUME,
        icon="contrast-2",
        bar=Bar.TOOLS,
        on=lambda window: (
            window.volumes.view.display is not None and window.volumes.view.display.inverted
        ),
        gap_before=True,
    ),
    Command(
        "colour-map",
        "Next colour map",
        ("Shift+V",),
        f"Goes through the colour maps: {', '.join(COLOURS)}.",
        _next_colours,
        may=with_volume,
        menu=Menu.IMAGE,
        where=Where.VOLUME,
    ),
    Command(
        "sampling",
        "Next interpolation",
        ("Shift+I",),
        "Shows voxels as squares above 400 %, always smooth, or always as squares.",
        _next_sampling,
        may=with_volume,
        menu=Menu.IMAGE,
        where=Where.VOLUME,
    ),
    Command(
        "turn",
        "Turn",
        ("Shift+R",),
        "Turns the active view clockwise by a right angle.",
        lambda window: window.volumes.view.active.turn(1),
        may=with_volume,
        menu=Menu.IMAGE,
        where=Where.VOLUME,
    ),
    Command(
        "flip",
        "Flip left to right",
        ("Shift+F",),
        "Mirrors the active view; the letters follow.",
        lambda window: window.volumes.view.active.flip(left_right=True),
        may=with_volume,
        menu=Menu.IMAGE,
        where=Where.VOLUME,
    ),
    Command(
        "flip-down",
        "Flip top to bottom",
        (),
        "Mirrors the active view top to bottom; the letters follow.",
        lambda window: window.volumes.view.active.flip(left_right=False),
        may=with_volume,
        menu=Menu.IMAGE,
        where=Where.VOLUME,
    ),
    _tool("crosshair", "Crosshair tool", "Q", "A click moves all planes there.", "click"),
    *MOVING_COMMANDS,
    _tool(
        "window",
        "Window and level",
        "W",
        "A drag across changes the width, up and down the level.",
        "contrast",
    ),
    _tool(
        "region-window",
        "Window from a region",
        "Shift+W",
        "A drag round a region shows what it holds.",
        "",
    ),
    _tool("scroll", "Slices", "", "A drag goes through the slices.", ""),
    _tool("probe", "Probe", "P", "The corner tells the value at the pointer.", ""),
    *DRAWING_COMMANDS,
    *(_preset(digit) for digit in (1, 2, 3, 4, 5, 6, 9)),
    _step("slice-up", "Previous slice", "Up", "Goes back by one slice.", -1),
    _step("slice-down", "Next slice", "Down", "Goes on by one slice.", 1),
    _step("slices-up", "Ten slices back", "Shift+Up", "Goes back by ten slices.", -10),
    _step("slices-down", "Ten slices on", "Shift+Down", "Goes on by ten slices.", 10),
    Command(
        "first-slice",
        "First slice",
        ("Home",),
        "Goes to the first slice.",
        lambda window: window.volumes.view.active.first(),
        may=with_volume,
        where=Where.VOLUME,
    ),
    Command(
        "last-slice",
        "Last slice",
        ("End",),
        "Goes to the last slice.",
        lambda window: window.volumes.view.active.last(),
        may=with_volume,
        where=Where.VOLUME,
    ),
    Command(
        "next-view",
        "Next view",
        ("F6",),
        "Gives the keys to the next view.",
        lambda window: window.volumes.view.next_view(1),
        may=with_volume,
        where=Where.VOLUME,
    ),
    Command(
        "previous-view",
        "Previous view",
        ("Shift+F6",),
        "Gives the keys to the view before.",
        lambda window: window.volumes.view.next_view(-1),
        may=with_volume,
        where=Where.VOLUME,
    ),
    Command(
        "hide-drawings",
        "Hide drawings while held",
        ("S",),
        "Hides drawings and overlays for as long as the key is held.",
        lambda window: window.volumes.view.hold_hidden(True),
        may=with_volume,
        where=Where.VOLUME,
        let_go=lambda window: window.volumes.view.hold_hidden(False),
    ),
    Command(
        "hold-range",
        "Full range while held",
        ("G",),
        "Shows the whole range of values for as long as the key is held.",
        lambda window: window.volumes.view.hold_plain(True),
        may=with_volume,
        where=Where.VOLUME,
        let_go=lambda window: window.volumes.view.hold_plain(False),
    ),
)
