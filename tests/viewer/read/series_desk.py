"""A window on a folder of series."""

from pathlib import Path

from window_desk import Desk, a_series

from engine.listing import SeriesEntry
from viewer.panes.slice_pane import SlicePane

FOLDER = Path("/data/study")
ONE = a_series("one", "2 Lung")
TWO = a_series("two", "3 Soft tissue")


def open_series(desk: Desk, *entries: SeriesEntry) -> None:
    """A folder with these series; one alone is opened."""
    desk.window.open(FOLDER)
    desk.engine.give_listing(*entries)
    if len(entries) == 1:
        desk.engine.give_volume(entry=entries[0])


def pane_of(desk: Desk) -> SlicePane:
    return desk.window.volumes.view.active
