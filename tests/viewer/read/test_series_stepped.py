"""Going through the series of a folder, whatever stands among them."""

from dataclasses import replace

from PySide6.QtCore import QRect, Qt
from series_desk import ONE, TWO, open_series, pane_of
from window_desk import Desk, a_photograph, a_series

from engine.listing import Origin
from engine.service.messages import Part
from viewer.panels.series import SHOWN
from viewer.volumes.studies import Side, Wanted

LAST = a_series("last", "9 Last")
EYE = a_photograph("capture")


def rows_in_sight(desk: Desk, row: int) -> QRect:
    view = desk.window.volumes.rail.view
    return view.visualRect(view.model().index(row, 0)).intersected(view.viewport().rect())


def heads(desk: Desk) -> list[bool]:
    """Over which cards somebody's name, or none, is told."""
    view = desk.window.volumes.rail.view
    delegate = view.itemDelegate()
    return [
        delegate._begins_patient(view.model().index(row, 0))
        for row in range(view.model().rowCount())
    ]


def test_a_colour_capture_among_series_is_no_dead_end(desk: Desk) -> None:
    open_series(desk, ONE, EYE, TWO)
    desk.window.volumes.choose("one")
    desk.engine.give_volume(entry=ONE)
    desk.press(Qt.Key.Key_Right)
    desk.engine.give_picture()
    assert not desk.window.shows_volume
    assert desk.place() == "2 of 3"
    model = desk.window.volumes.model
    assert [bool(model.index(row, 0).data(SHOWN)) for row in range(3)] == [False, True, False]
    desk.press(Qt.Key.Key_Right)
    assert desk.engine.last("volume").what["series"].key == "two"
    desk.engine.give_volume(entry=TWO)
    assert desk.place() == "3 of 3"
    desk.press(Qt.Key.Key_Left)
    assert desk.engine.last("open").what["path"].name == "capture.jpg"


def test_a_damaged_series_is_stepped_over(desk: Desk) -> None:
    open_series(desk, ONE, TWO, LAST)
    desk.window.volumes.choose("one")
    desk.engine.give_volume(entry=ONE)
    desk.press(Qt.Key.Key_Right)
    desk.engine.refuse(desk.engine.last("volume"), "“two” is damaged.", "It is cut.", "Copy it.")
    assert desk.place() == "1 of 3"
    desk.press(Qt.Key.Key_Right)
    assert desk.engine.last("volume").what["series"].key == "last"


def test_the_rail_keeps_what_is_shown_in_sight_and_the_list_proposes_it(desk: Desk) -> None:
    entries = [a_series(f"s{number}", f"{number} Series") for number in range(30)]
    open_series(desk, *entries)
    desk.window.volumes.choose("s0")
    desk.engine.give_volume(entry=entries[0])
    assert rows_in_sight(desk, 25).isEmpty()
    desk.window.volumes.choose("s25")
    desk.engine.give_volume(entry=entries[25])
    desk.qtbot.waitUntil(lambda: not rows_in_sight(desk, 25).isEmpty())
    desk.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert desk.window.volumes.list.view.currentIndex().row() == 25


def test_a_file_without_a_patient_does_not_stand_under_anothers_name(desk: Desk) -> None:
    bare = [replace(a_series(key, key), origin=Origin("/data")) for key in ("a.nii", "b.nii")]
    open_series(desk, ONE, TWO, *bare)
    assert heads(desk) == [True, False, True, False]
    open_series(desk, *bare)
    assert heads(desk) == [False, False]


def test_the_title_names_the_series_of_the_view_that_keys_act_on(desk: Desk) -> None:
    open_series(desk, ONE, TWO)
    desk.window.volumes.choose("one")
    desk.engine.give_volume(entry=ONE)
    desk.window.volumes.studies.open(Wanted(TWO, Side.RIGHT, Part()))
    desk.engine.give_volume(entry=TWO)
    right = desk.window.volumes.view.panes[1, 2]
    desk.qtbot.mouseClick(right, Qt.MouseButton.LeftButton, pos=right.rect().center())
    assert pane_of(desk) is right
    assert desk.window.windowTitle() == "3 Soft tissue – LesionLens"
