"""A slice's view driven by mouse, wheel and keys."""

from math import ceil

import numpy as np
import pytest
from hand_desk import (
    ALT,
    CONTROL,
    LEFT,
    MIDDLE,
    RIGHT,
    SHIFT,
    click,
    double_click,
    drag,
    mouse,
    press,
    release,
    shot,
    wheel,
)
from PySide6.QtCore import QEvent, QSizeF
from slice_desk import SIZE, state, volume

from engine.pictures import FrameAxis, Grid
from viewer.layers.slice_rail import number_at
from viewer.panes.slice_pane import SlicePane
from viewer.tools.buttons import Buttons, Deed, Gesture
from viewer.tools.moving import Pan
from viewer.tools.windowing import RegionWindow


def _voxel(pane: SlicePane, at: tuple[int, int]) -> np.ndarray:
    ratio = pane.ratio
    return pane.state.plane.to_voxel(np.array([[side * ratio - 0.5 for side in at]]))[0]


def test_the_wheel_goes_through_the_slices_and_with_shift_by_ten(pane) -> None:
    number = pane.state.plane.number
    wheel(pane, -1)
    assert pane.state.plane.number == number + 1
    wheel(pane, 3)
    assert pane.state.plane.number == number - 2
    wheel(pane, -1, SHIFT)
    assert pane.state.plane.number == number + 8
    wheel(pane, -1, SHIFT)
    assert pane.state.plane.number == SIZE[2]


def test_ctrl_and_the_wheel_zoom_at_the_pointer(pane) -> None:
    before, scale = _voxel(pane, (230, 180)), pane.state.plane.scale
    wheel(pane, 2, CONTROL, (230, 180))
    plane = pane.state.plane
    assert plane.scale == pytest.approx(scale * 1.25**2)
    now = _voxel(pane, (230, 180))
    assert np.abs(plane.to_device(np.array([now])) - plane.to_device(before[None])).max() <= 0.5


def test_alt_and_the_wheel_ask_for_another_opacity(pane, qtbot) -> None:
    with qtbot.waitSignal(pane.opacity_stepped) as asked:
        wheel(pane, 1, ALT)
    assert asked.args == [1]


def test_the_right_drag_windows_across_width_and_up_brighter(pane) -> None:
    before = pane.state.display.window
    drag(pane, (300, 250), (340, 250), RIGHT)
    wider = pane.state.display.window
    assert wider.width > before.width and wider.centre == before.centre
    drag(pane, (300, 250), (300, 210), RIGHT)
    assert pane.state.display.window.centre < wider.centre
    assert pane.state.display.window.width == wider.width


def test_a_window_is_never_narrower_than_one_value(pane) -> None:
    drag(pane, (690, 250), (5, 250), RIGHT)
    assert pane.state.display.window.width == 1


def test_the_middle_drag_moves_the_slice_with_the_hand(pane) -> None:
    wheel(pane, 4, CONTROL)
    before = _voxel(pane, (300, 250))
    drag(pane, (300, 250), (340, 230), MIDDLE)
    np.testing.assert_allclose(_voxel(pane, (340, 230)), before, atol=1e-6)


def test_ctrl_with_the_left_button_zooms(pane) -> None:
    scale = pane.state.plane.scale
    drag(pane, (300, 250), (300, 200), LEFT, CONTROL)
    assert pane.state.plane.scale > scale


def test_left_and_right_together_zoom_and_undo_what_the_left_began(pane) -> None:
    before = pane.state
    press(pane, (300, 250))
    press(pane, (300, 250), RIGHT, held=LEFT | RIGHT)
    mouse(pane, QEvent.Type.MouseMove, (300, 200), held=LEFT | RIGHT)
    assert pane.state.plane.scale > before.plane.scale
    assert pane.state.cross == before.cross


def test_the_crosshair_goes_where_the_left_button_presses_and_follows(pane) -> None:
    drag(pane, (300, 250), (360, 220))
    wanted = _voxel(pane, (360, 220))
    np.testing.assert_allclose(pane.state.cross, wanted, atol=1e-6)
    assert pane.state.cross[2] == pane.state.plane.index


def test_the_tool_in_hand_is_the_left_buttons(pane) -> None:
    pane.set_tool(Pan())
    wheel(pane, 4, CONTROL)
    before, cross = _voxel(pane, (300, 250)), pane.state.cross
    drag(pane, (300, 250), (320, 260))
    np.testing.assert_allclose(_voxel(pane, (320, 260)), before, atol=1e-6)
    assert pane.state.cross == cross


def test_the_left_drag_may_scroll_as_in_other_programs(pane) -> None:
    pane.set_buttons(Buttons().put(Gesture.LEFT, Deed.SLICE))
    number = pane.state.plane.number
    drag(pane, (300, 250), (300, 280))
    assert pane.state.plane.number > number


def test_a_short_right_click_asks_for_the_menu_and_a_drag_does_not(pane, qtbot) -> None:
    with qtbot.waitSignal(pane.menu_asked):
        click(pane, (300, 250), RIGHT)
    with qtbot.assertNotEmitted(pane.menu_asked):
        drag(pane, (300, 250), (320, 250), RIGHT)


def test_a_double_click_asks_for_this_view_alone(pane, qtbot) -> None:
    with qtbot.waitSignal(pane.maximise_asked):
        double_click(pane, (300, 250))


def test_the_rail_at_the_right_edge_is_dragged_through_the_slices(pane) -> None:
    x = pane.width() - 5
    drag(pane, (x, 60), (x, 400))
    assert pane.state.plane.number == number_at(QSizeF(pane.size()), 400, SIZE[2])
    drag(pane, (x, 400), (x, 470))
    assert pane.state.plane.number == SIZE[2]
    assert pane.state.plane.index == 0


def test_a_region_sets_the_window_to_what_it_holds(pane) -> None:
    pane.set_tool(RegionWindow())
    ends = pane.place(np.array([[9.6, 5.0, 10.0], [50.4, 45.0, 10.0]]))
    (x0, y0), (x1, y1) = np.rint(ends).astype(int).tolist()
    drag(pane, (x0, y0), (x1, y1))
    window = pane.state.display.window
    # Values across the region are 110 to 150.
    assert window.centre == pytest.approx(130, abs=1)
    assert 36 <= window.width <= 41
    assert window.name == "Region"


def test_escape_drops_a_drag(pane) -> None:
    before = pane.state.display
    drag(pane, (300, 250), (380, 250), RIGHT, let_go=False)
    assert pane.state.display != before
    assert pane.drop_tool()
    assert pane.state.display == before
    release(pane, (380, 250), RIGHT)


def test_home_and_end_are_the_first_and_the_last_slice(pane) -> None:
    pane.first()
    assert pane.state.plane.number == 1
    pane.last()
    assert pane.state.plane.number == SIZE[2]


def test_a_single_slice_of_many_frames_is_gone_through_by_frames(pane) -> None:
    values = np.zeros((7, 1, 8, 9), np.uint8)
    shown = volume(values, Grid((9, 8, 1)), frames=tuple("1234567"), frame_axis=FrameAxis.TIME)
    pane.show_state(state(shown))
    wheel(pane, -2)
    assert pane.state.plane.frame == 2
    pane.last()
    assert pane.state.plane.frame == 6


def test_a_fitted_slice_stays_fitted_when_the_view_grows(pane) -> None:
    pane.resize(500, 600)
    assert pane.state.plane.is_fitted
    assert pane.state.plane.view == (ceil(500 * pane.ratio), ceil(600 * pane.ratio))


def test_an_emptied_view_is_black_and_takes_every_gesture(pane) -> None:
    pane.show_state(None)
    assert not shot(pane).any()
    wheel(pane, 1)
    drag(pane, (100, 100), (150, 150))
    drag(pane, (100, 100), (150, 150), RIGHT)
    pane.step(1)
    pane.zoom_by(2)
    assert not pane.drop_tool()
    assert not pane.has_state
