"""Keys and commands over a volume: windows, planes, tools, slabs, and what is not offered there."""

from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from series_desk import ONE, TWO, open_series, pane_of
from window_desk import Desk, a_series

from viewer.seen.arrangement import Layout
from viewer.seen.cut import reached
from viewer.seen.display import Projection


def test_digits_are_windows_on_a_volume_and_letters_reach_its_view(desk: Desk) -> None:
    open_series(desk, ONE)
    desk.press(Qt.Key.Key_4)
    assert desk.window.volumes.view.display.window.width == 1800
    desk.press(Qt.Key.Key_I)
    assert desk.window.volumes.view.display.inverted
    before = pane_of(desk).state.plane.index
    desk.press(Qt.Key.Key_Down)
    assert abs(pane_of(desk).state.plane.index - before) == 1


def test_held_keys_show_the_whole_range_and_go_back(desk: Desk) -> None:
    open_series(desk, ONE)
    pane = pane_of(desk)
    desk.qtbot.keyPress(pane, Qt.Key.Key_G)
    assert pane.state.plain
    desk.qtbot.keyRelease(pane, Qt.Key.Key_G)
    desk.qtbot.waitUntil(lambda: not pane.state.plain)


def test_what_is_for_photographs_is_not_offered_over_a_volume(desk: Desk) -> None:
    open_series(desk, ONE)
    actions = desk.window.actions_.by_name
    assert not actions["heatmap"].isVisible()
    assert actions["tool-window"].isVisible()
    desk.open_and_answer()
    assert actions["heatmap"].isVisible()
    assert not actions["tool-window"].isVisible()


def test_three_planes_come_back_for_the_same_kind_of_study(desk: Desk) -> None:
    open_series(desk, ONE)
    desk.press(Qt.Key.Key_E)
    assert desk.window.volumes.view.arrangement.layout is Layout.THREE
    other = a_series("head", "5 Head")
    head = replace(other, origin=replace(other.origin, body_part="HEAD"))
    open_series(desk, head)
    desk.window.volumes.view.set_layout(Layout.ONE)
    open_series(desk, TWO)
    assert desk.window.volumes.view.arrangement.layout is Layout.THREE


def test_escape_drops_the_tool(desk: Desk) -> None:
    open_series(desk, ONE)
    desk.press(Qt.Key.Key_M)
    assert desk.window.volumes.tool_name == "distance"
    desk.press(Qt.Key.Key_Escape)
    assert desk.window.volumes.tool_name == "crosshair"


def test_one_voxel_is_shown_on_one_screen_pixel_by_a_key(desk: Desk) -> None:
    open_series(desk, ONE)
    pane = pane_of(desk)
    assert pane.state.plane.is_fitted
    desk.press(Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert pane.state.plane.zoom == pytest.approx(1.0)


def test_alt_up_begins_a_slab_where_there_is_none(desk: Desk) -> None:
    open_series(desk, ONE)
    alt = Qt.KeyboardModifier.AltModifier
    desk.press(Qt.Key.Key_Down, alt)
    assert pane_of(desk).state.display.slab is None
    desk.press(Qt.Key.Key_Up, alt)
    slab = pane_of(desk).state.display.slab
    assert slab is not None and slab.projection is Projection.MAXIMUM


def test_each_press_takes_other_slices_into_a_slab_or_changes_nothing(desk: Desk) -> None:
    open_series(desk, ONE)
    actions = desk.window.actions_.by_name

    def after(name: str) -> int:
        actions[name].trigger()
        state = pane_of(desk).state
        return len(reached(state.plane, state.display.slab))

    start = after("slab-maximum")
    thinner = [after("slab-thinner") for _ in range(6)]
    assert start >= thinner[0] and thinner[-1] == 1
    # After many presses beyond the end one press is enough to come back.
    thicker = [1, *(after("slab-thicker") for _ in range(9))]
    count = pane_of(desk).state.plane.count
    assert all(later > sooner or later == count for sooner, later in pairwise(thicker))
    assert thicker[-1] == count
    assert after("slab-thinner") < count


def test_the_menu_calls_a_series_a_series(desk: Desk) -> None:
    actions = desk.window.actions_.by_name
    open_series(desk, ONE, TWO)
    desk.window.volumes.choose("one")
    desk.engine.give_volume(entry=ONE)
    assert actions["next-picture"].text() == "Next series"
    desk.open_and_answer()
    assert actions["next-picture"].text() == "Next picture"
