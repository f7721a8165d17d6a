"""The commands about whether a heatmap is true: ask, and take the answer out of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.telling import truth_words
from viewer.command import Command, Menu, Where
from viewer.commands.compare import comparing
from viewer.commands.reading import with_photograph
from viewer.tabs import COMPARE

if TYPE_CHECKING:
    from viewer.window import Window


def _may_check(window: Window) -> bool:
    read = with_photograph(window) and window.presenter.heatmap is not None
    picture = window.presenter.picture
    if picture is None or window.photographs.reading.hides_model(picture.opened.content_hash):
        return False
    return read or comparing(window)


def _check(window: Window) -> None:
    window.tabs.show_tab(COMPARE)
    if window.on_top.compared is not None:
        window.on_top.compared.truth.begin()


def _may_export(window: Window) -> bool:
    page = window.on_top.compared
    return page is not None and comparing(window) and page.truth.checked is not None


def _export(window: Window) -> None:
    if window.on_top.compared is not None:
        window.on_top.compared.truth.export()


TRUTH_COMMANDS: tuple[Command, ...] = (
    Command(
        "truth",
        truth_words.TITLE,
        (),
        "Checks on the Compare tab how well the heatmaps follow what the network uses.",
        _check,
        may=_may_check,
        menu=Menu.HEATMAP,
        gap_before=True,
    ),
    Command(
        "truth-export",
        "Export truth check…",
        (),
        "Writes the curves, the table and their numbers to files.",
        _export,
        may=_may_export,
        menu=Menu.COMPARED,
        where=Where.COMPARE,
    ),
)
