"""The commands about how a picture is seen: its place and size, the heatmap, red-free, the words.

``commands`` joins this table with the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.command import Bar, Command, Menu, Where
from viewer.commands.compare import comparing
from viewer.commands.mask import shows_mask
from viewer.commands.reading import with_photograph
from viewer.commands.volume import with_volume

if TYPE_CHECKING:
    from viewer.window import Window


def with_view(window: Window) -> bool:
    """May while a photograph is shown, on whichever tab."""
    return with_photograph(window) or comparing(window)


def with_picture(window: Window) -> bool:
    """May while a photograph or a volume is shown."""
    return with_view(window) or with_volume(window)


def with_heatmap(window: Window) -> bool:
    """May while there is a heatmap, or several are compared."""
    read = with_photograph(window) and window.presenter.heatmap is not None
    return read or comparing(window)


def _with_tint(window: Window) -> bool:
    """May while there is a heatmap or a mask: both are laid on alike."""
    return with_heatmap(window) or shows_mask(window)


_OPACITY_STEP = 0.05
_THRESHOLD_STEP = 0.05
_ZOOM_STEP = 1.25
_PAN_STEP = 64
"""Logical pixels."""


_TOWARD = {"Left": "to the left", "Right": "to the right", "Up": "upwards", "Down": "downwards"}


def _preset(digit: int) -> Command:
    # Decided: a digit is that many tenths of opacity, the one rule that needs no learning.
    return Command(
        f"opacity-{digit}",
        f"Opacity {digit}0 %",
        (str(digit),),
        f"Lays the heatmap over the picture at {digit} tenths of full opacity.",
        lambda window: window.preferences.set_look(opacity=digit / 10),
        may=with_heatmap,
        where=Where.PHOTOGRAPH,
    )


def _pan(way: str, across: int, down: int) -> Command:
    return Command(
        f"pan-{way.lower()}",
        f"Move {way.lower()}",
        (f"Ctrl+{way}",),
        f"Moves the view {_TOWARD[way]} over the picture.",
        # The view goes one way, so the picture goes the other.
        lambda window: window.on_top.viewed.pane.pan_by(-across * _PAN_STEP, -down * _PAN_STEP),
        may=with_view,
        where=Where.PHOTOGRAPH,
        repeats=True,
    )


VIEW_COMMANDS: tuple[Command, ...] = (
    Command(
        "fit",
        "Fit",
        ("F",),
        "Shows the whole picture, and again: back to where it was.",
        lambda window: window.on_top.viewed.pane.fit(),
        may=with_view,
        menu=Menu.ZOOM,
        where=Where.PHOTOGRAPH,
        icon="maximize",
        bar=Bar.TOOLS,
    ),
    Command(
        "actual-size",
        "Actual size",
        ("Ctrl+0",),
        "Shows one photograph pixel on one screen pixel.",
        lambda window: window.on_top.viewed.pane.actual_size(),
        may=with_view,
        menu=Menu.ZOOM,
        where=Where.PHOTOGRAPH,
        icon="zoom-in",
        bar=Bar.TOOLS,
    ),
    Command(
        "zoom-in",
        "Zoom in",
        ("+", "="),
        "Shows the picture larger.",
        lambda window: window.on_top.zoom(_ZOOM_STEP),
        may=with_picture,
        menu=Menu.ZOOM,
        where=Where.PICTURE,
        repeats=True,
    ),
    Command(
        "zoom-out",
        "Zoom out",
        ("-",),
        "Shows the picture smaller.",
        lambda window: window.on_top.zoom(1 / _ZOOM_STEP),
        may=with_picture,
        menu=Menu.ZOOM,
        where=Where.PICTURE,
        repeats=True,
    ),
    *(
        _pan(way, across, down)
        for way, across, down in (("Left", -1, 0), ("Right", 1, 0), ("Up", 0, -1), ("Down", 0, 1))
    ),
    Command(
        "hide-heatmap",
        "Hide heatmap while held",
        ("S",),
        "Hides what lies over the photograph for as long as the key is held.",
        lambda window: window.on_top.viewed.hold_hidden(True),
        may=with_view,
        where=Where.PHOTOGRAPH,
        let_go=lambda window: window.on_top.viewed.hold_hidden(False),
    ),
    Command(
        "heatmap",
        "Heatmap",
        ("Shift+S",),
        "Shows or hides the heatmap and keeps it so.",
        lambda window: window.presenter.show_heatmap(not window.presenter.visible),
        may=with_heatmap,
        menu=Menu.HEATMAP,
        where=Where.PHOTOGRAPH,
        icon="eye",
        bar=Bar.TOOLS,
        on=lambda window: window.presenter.visible,
        gap_before=True,
    ),
    Command(
        "hold-red-free",
        "Red-free while held",
        ("G",),
        "Shows the picture's green channel in grey for as long as the key is held.",
        lambda window: window.on_top.viewed.hold_red_free(True),
        may=with_view,
        where=Where.PHOTOGRAPH,
        let_go=lambda window: window.on_top.viewed.hold_red_free(False),
    ),
    Command(
        "red-free",
        "Red-free",
        ("Shift+G",),
        "Shows the picture's green channel in grey and keeps it so.",
        lambda window: window.on_top.viewed.keep_red_free(not window.on_top.viewed.red_free),
        may=with_view,
        menu=Menu.VIEW,
        where=Where.PHOTOGRAPH,
        icon="color-filter",
        bar=Bar.TOOLS,
        on=lambda window: window.on_top.viewed.red_free,
    ),
    Command(
        "texts",
        "Texts",
        ("O",),
        "Shows or hides the words over the picture.",
        lambda window: window.on_top.show_texts(not window.on_top.texts),
        may=with_picture,
        menu=Menu.OVERLAY,
        where=Where.PICTURE,
        icon="text-caption",
        bar=Bar.TOOLS,
        on=lambda window: window.on_top.texts,
    ),
    Command(
        "criterion",
        "Next criterion",
        ("V",),
        "Draws the heatmap by the next criterion that the pack has: π, ω and so on.",
        lambda window: window.on_top.viewed.next_criterion(),
        may=with_view,
        menu=Menu.HEATMAP,
        where=Where.PHOTOGRAPH,
        gap_before=True,
    ),
    Command(
        "opacity-down",
        "Opacity down",
        ("[",),
        "Makes the heatmap, or a mask, fainter.",
        lambda window: window.preferences.step_opacity(-_OPACITY_STEP),
        may=_with_tint,
        menu=Menu.HEATMAP,
        where=Where.PICTURE,
        repeats=True,
    ),
    Command(
        "opacity-up",
        "Opacity up",
        ("]",),
        "Makes the heatmap, or a mask, stronger.",
        lambda window: window.preferences.step_opacity(_OPACITY_STEP),
        may=_with_tint,
        menu=Menu.HEATMAP,
        where=Where.PICTURE,
        repeats=True,
    ),
    Command(
        "hide-less",
        "Hide less",
        (",",),
        "Hides less of the weak evidence.",
        lambda window: window.preferences.step_threshold(-_THRESHOLD_STEP),
        may=with_heatmap,
        menu=Menu.HEATMAP,
        where=Where.PHOTOGRAPH,
        repeats=True,
    ),
    Command(
        "hide-more",
        "Hide more",
        (".",),
        "Hides more of the weak evidence.",
        lambda window: window.preferences.step_threshold(_THRESHOLD_STEP),
        may=with_heatmap,
        menu=Menu.HEATMAP,
        where=Where.PHOTOGRAPH,
        repeats=True,
    ),
    *(_preset(digit) for digit in range(1, 10)),
    Command(
        "reset-view",
        "Reset view",
        ("R",),
        "Goes back to the whole picture as it was shown at first.",
        lambda window: window.on_top.reset_view(),
        may=with_picture,
        menu=Menu.ZOOM,
        where=Where.PICTURE,
        icon="zoom-reset",
        gap_before=True,
    ),
)
