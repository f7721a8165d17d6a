"""The Compare tab's own commands; those of a photograph's view act there as they do elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.command import Command, Do, May, Menu, Where

if TYPE_CHECKING:
    from viewer.compare.page import ComparePage
    from viewer.window import Window


SHARED = (
    *("fit", "actual-size", "zoom-in", "zoom-out", "pan-left", "pan-right", "pan-up", "pan-down"),
    *("heatmap", "red-free", "texts", "criterion", "opacity-down", "opacity-up", "hide-less"),
    *("hide-more", "reset-view", "previous-picture", "next-picture", "first-picture"),
    "last-picture",
    *(f"opacity-{digit}" for digit in range(1, 10)),
)
"""The commands of a photograph's view that act here too."""

MENU = ("fit", "actual-size", "heatmap", "red-free", "texts", "copy-picture")
"""Of them, what a right click offers."""


def comparing(window: Window) -> bool:
    """May while the Compare tab shows a photograph under heatmaps."""
    page = window.on_top.compared
    return page is not None and window.presenter.picture is not None and not page.sealed


def _page(window: Window) -> ComparePage:
    page = window.on_top.compared
    assert page is not None  # commands act only while it is shown
    return page


def _and(more: May) -> May:
    return lambda window: comparing(window) and more(window)


def _line(steps: int) -> Do:
    return lambda window: _page(window).step_line(steps)


COMPARE_COMMANDS: tuple[Command, ...] = (
    Command(
        "compare-criteria",
        "Criteria",
        (),
        "Compares the heatmaps of one pack by its criteria.",
        lambda window: _page(window).compare_packs(False),
        may=comparing,
        menu=Menu.COMPARED,
        where=Where.COMPARE,
        on=_and(lambda window: not _page(window).choice.by_packs),
        gap_before=True,
    ),
    Command(
        "compare-packs",
        "Packs",
        ("P",),
        "Compares two packs, or two checkpoints of a pack.",
        lambda window: _page(window).compare_packs(not _page(window).choice.by_packs),
        may=comparing,
        menu=Menu.COMPARED,
        where=Where.COMPARE,
        on=_and(lambda window: _page(window).choice.by_packs),
    ),
    Command(
        "compare-swipe",
        "Swipe",
        ("Shift+E",),
        "Lays two heatmaps into one view, parted by a line that is dragged.",
        lambda window: _page(window).show_swipe(not _page(window).choice.swiping),
        may=comparing,
        menu=Menu.COMPARED,
        where=Where.COMPARE,
        icon="arrows-left-right",
        on=_and(lambda window: _page(window).choice.swiping),
    ),
    Command(
        "compare-link",
        "Linked",
        ("L",),
        "Lets the views move together, or each by itself.",
        lambda window: _page(window).link(not _page(window).views_linked.on),
        may=_and(lambda window: not _page(window).choice.swiping),
        menu=Menu.COMPARED,
        where=Where.COMPARE,
        icon="link",
        on=_and(lambda window: _page(window).views_linked.on),
    ),
    Command(
        "compare-scale",
        "Same scale",
        (),
        "Shows two packs' heatmaps by one criterion on one scale; criteria have their own units.",
        lambda window: _page(window).scale_alike(not _page(window).laying.same_scale),
        may=_and(lambda window: _page(window).choice.can_be_scaled),
        menu=Menu.COMPARED,
        where=Where.COMPARE,
        icon="ruler-measure",
        on=_and(lambda window: _page(window).laying.same_scale),
    ),
    Command(
        "compare-photograph",
        "View of π of the photograph",
        (),
        "Shows or hides the view of π of the photograph.",
        lambda window: _page(window).show_photograph_criterion(
            not _page(window).choice.shows_photograph_criterion
        ),
        may=_and(lambda window: not _page(window).choice.by_packs),
        menu=Menu.COMPARED,
        where=Where.COMPARE,
        on=_and(lambda window: _page(window).choice.shows_photograph_criterion),
    ),
    Command(
        "compare-reveal",
        "Shown",
        ("Shift+R",),
        "Shows the share of the picture that is removed, and blacks out all else.",
        lambda window: _page(window).reveal(not _page(window).laying.revealed),
        may=comparing,
        menu=Menu.COMPARED,
        where=Where.COMPARE,
        icon="contrast-2",
        on=_and(lambda window: _page(window).laying.revealed),
    ),
    Command(
        "compare-use",
        "Use for reading",
        ("Shift+U",),
        "Reads with the criterion, or the pack, of the chosen view from now on.",
        lambda window: _page(window).use_for_reading(),
        may=_and(lambda window: _page(window).choice.chosen_source is not None),
        menu=Menu.COMPARED,
        where=Where.COMPARE,
    ),
    *(
        Command(
            f"compare-line-{way.lower()}",
            f"Line {way.lower()}",
            (f"Alt+{way}",),
            f"Moves the line between two heatmaps to the {way.lower()}.",
            _line(steps),
            may=_and(lambda window: _page(window).choice.swiping),
            where=Where.COMPARE,
            repeats=True,
        )
        for way, steps in (("Left", -1), ("Right", 1))
    ),
)
