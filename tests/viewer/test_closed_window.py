"""A window that was closed and destroyed leaves nothing behind."""

import gc
import threading
from pathlib import Path
from typing import Any
from weakref import ref

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from window_desk import a_region, a_series, open_desk

from viewer.seen.frame import Composer
from viewer.seen.slice_frame import SliceComposer
from viewer.window import Window

HELD = (Window, Composer, SliceComposer)


def _use_all_of_it(qtbot: Any, folder: Path, qapp: QApplication) -> "ref[Window]":
    """Have a window make every page and read a photograph and a volume, then end it."""
    with open_desk(qtbot, folder, qapp) as desk:
        window = desk.window
        window.open(folder)
        desk.engine.give_listing(a_series())
        desk.engine.give_volume()
        desk.open_and_answer()
        desk.engine.give_regions(a_region(300, 200))
        window.turn_timeline()
        for tab in ("compare", "train", "read"):
            window.tabs.show_tab(tab)
        window.grab()
        return ref(window)


def test_a_closed_window_leaves_no_thread_and_no_part_of_it_behind(
    qtbot: Any, tmp_path: Path, qapp: QApplication
) -> None:
    gc.collect()
    before = set(threading.enumerate())
    parts_before = _held()
    window = _use_all_of_it(qtbot, tmp_path, qapp)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert window() is None
    assert _held() == parts_before
    qtbot.waitUntil(lambda: set(threading.enumerate()) <= before)


def _held() -> int:
    # Not isinstance: of some of torch's objects it asks an attribute that warns of being old.
    return sum(issubclass(type(each), HELD) for each in gc.get_objects())
