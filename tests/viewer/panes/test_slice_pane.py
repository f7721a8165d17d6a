"""A slice's view driven by mouse and wheel."""

from dataclasses import replace
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
    hover,
    mouse,
    press,
    release,
    shot,
    wheel,
)
from PySide6.QtCore import QEvent, QRectF, QSizeF, Qt
from PySide6.QtTest import QTest
from scaled import printed_at
from slice_desk import SIZE, state, volume

from engine.pictures import FrameAxis, GreyWindow, Grid, Repair, RepairKind
from viewer.layers.around import Around
from viewer.layers.slice_rail import number_at
from viewer.panes.slice_pane import SlicePane
from viewer.panes.typed_value import TypedValue
from viewer.seen.display import Projection, Slab
from viewer.seen.hanging import Axis
from viewer.tools.buttons import Buttons, Deed, Gesture
from viewer.tools.moving import Pan
from viewer.tools.windowing import RegionWindow


@pytest.fixture
def pane(qtbot) -> SlicePane:
    pane = SlicePane()
    qtbot.addWidget(pane)
    pane.resize(700, 500)
    z, _, x = np.indices(SIZE[::-1])
    values = (x + 100 * (z % 3)).astype(np.int16)
    pane.show_state(state(volume(values, value_range=(-1000.0, 1000.0)), Axis.Z, 10))
    with qtbot.waitExposed(pane):
        pane.show()
    return pane


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


def test_the_pointer_reads_the_value_the_position_and_the_voxel(pane, qtbot) -> None:
    found = []
    pane.probed.connect(found.append)
    x, y = np.rint(pane.place(np.array([[30.0, 20.0, 10.0]]))[0]).astype(int)
    hover(pane, (x, y))
    probe = found[-1]
    assert probe.voxel == (30, 20, 10)
    assert probe.value == 30 + 100
    # The place itself, as a drawn point tells it, not the middle of its voxel.
    place = pane.state.plane.to_patient(np.array([[x, y]]) * pane.ratio - 0.5)[0]
    np.testing.assert_allclose(probe.position, place)
    assert not np.allclose(place, (-30 + 15, 12 + 16, 400 + 30))
    assert probe.lines()[0] == "130 HU" and probe.lines()[2] == "voxel 30, 20, 10"
    hover(pane, (2, 2))
    assert found[-1] is None


def test_in_a_slab_the_pointer_reads_what_is_shown_and_no_single_voxel(pane) -> None:
    found = []
    pane.probed.connect(found.append)
    x, y = np.rint(pane.place(np.array([[30.0, 20.0, 10.0]]))[0]).astype(int)
    slab = replace(pane.state.display, slab=Slab(Projection.MAXIMUM, 9.0))
    pane.show_state(replace(pane.state, display=slab))
    hover(pane, (x, y))
    lines = found[-1].lines()
    assert lines[0] == "maximum 230 HU"
    assert len(lines) == 2 and "voxel" not in " ".join(lines)


def test_a_pointer_that_keeps_still_reads_the_slice_that_comes_under_it(pane) -> None:
    found = []
    pane.probed.connect(found.append)
    x, y = np.rint(pane.place(np.array([[30.0, 20.0, 10.0]]))[0]).astype(int)
    hover(pane, (x, y))
    pane.first()
    shot(pane)
    assert found[-1].voxel == (30, 20, SIZE[2] - 1)


def _field(pane: SlicePane) -> TypedValue | None:
    return pane.findChild(TypedValue)


def test_a_click_on_the_window_lets_one_type_it(pane, qtbot) -> None:
    shot(pane)
    click(pane, (20, pane.height() - 10 - 16 - 6))
    field = _field(pane)
    assert field is not None
    field.selectAll()
    QTest.keyClicks(field, "W 1500 L -600")
    QTest.keyClick(field, Qt.Key.Key_Return)
    window = pane.state.display.window
    assert (window.width, window.centre) == (1500, -600)


def test_what_is_no_window_is_not_taken_and_escape_drops_it(pane) -> None:
    shot(pane)
    before = pane.state.display
    click(pane, (20, pane.height() - 10 - 16 - 6))
    field = _field(pane)
    assert field is not None
    for typed in ("lung", "0 40", "5"):
        field.selectAll()
        QTest.keyClicks(field, typed)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert field.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not field.isVisible()
    assert pane.state.display == before


def test_a_click_on_the_zoom_lets_one_type_it(pane) -> None:
    shot(pane)
    click(pane, (20, pane.height() - 10 - 6))
    field = _field(pane)
    assert field is not None
    field.selectAll()
    QTest.keyClicks(field, "250 %")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert pane.state.plane.zoom == pytest.approx(2.5)


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


def test_the_badge_counts_the_repairs_and_a_click_asks_for_them(pane, qtbot) -> None:
    badge = pane._badge
    assert not badge.isVisible()
    repairs = (Repair(RepairKind.TILT, "a"), Repair(RepairKind.UNITS, "b"))
    shown = pane.state.volume
    facts = replace(shown.facts, repairs=repairs)
    pane.show_state(replace(pane.state, volume=replace(shown, facts=facts)))
    assert badge.isVisible() and badge.text() == "Repairs: 2"
    assert badge.accessibleName() == "Repairs: 2"
    with qtbot.waitSignal(pane.repairs_asked):
        QTest.mouseClick(badge, LEFT)


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


def test_the_view_tells_itself_in_words(pane) -> None:
    words = pane.accessibleDescription()
    assert "Axial 10 / 20" in words
    assert "R at the left edge" in words


def test_orientation_letters_stay_where_all_words_go(pane) -> None:
    def left_letter() -> int:
        middle = pane.height() // 2
        return int((shot(pane)[middle - 8 : middle + 8, 8:24] > 200).sum())

    pane.show_state(pane.state.windowed(5000, 1))
    with_words = shot(pane)
    letter = left_letter()
    assert letter > 0
    pane.show_state(replace(pane.state, texts=False))
    assert left_letter() == letter
    assert (shot(pane) > 200).sum() < (with_words > 200).sum()


_AT_ANOTHER_RATIO = """
from dataclasses import replace
import numpy as np
from PySide6.QtWidgets import QApplication
application = QApplication([])
from slice_desk import SIZE, state, volume
from hand_desk import shot
from viewer.seen.hanging import Axis, Laying
from viewer.panes.slice_pane import SlicePane
pane = SlicePane()
pane.resize(401, 301)
values = np.zeros(SIZE[::-1], np.int16)
voxel = (33, 21, 11)
values[voxel[2], voxel[1], voxel[0]] = 1000
shown = volume(values)
pane.show()
for axis in Axis:
    for turns in range(4):
        for mirrored in (False, True):
            each = state(shown, axis, voxel[axis], laying=Laying(turns, mirrored))
            pane.show_state(replace(each, texts=False))
            # Letters, rail and scale lie near the edges.
            edge = round(40 * pane.ratio)
            taken = shot(pane)[edge:-edge, edge:-edge, 1].astype(float)
            rows, columns = np.indices(taken.shape)
            spot = [(taken * part).sum() / taken.sum() + edge for part in (columns, rows)]
            wanted = pane.state.plane.to_device(np.array([voxel], float))[0]
            print(pane.ratio, *pane.state.plane.view, *(spot - wanted))
"""


@pytest.mark.parametrize("ratio", ["1", "1.25", "1.5"])
def test_a_voxel_is_painted_where_the_plane_says_at_every_scaling(ratio: str) -> None:
    told = printed_at(ratio, _AT_ANOTHER_RATIO)
    rows = np.array([line.split() for line in told.splitlines()], float)
    assert rows.shape == (24, 5)
    np.testing.assert_allclose(rows[:, 0], float(ratio))
    assert set(rows[:, 1]) == {ceil(401 * float(ratio))}
    assert np.abs(rows[:, 3:]).max() <= 0.5


def test_a_held_base_picture_shows_all_values_and_comes_back(pane) -> None:
    narrow = replace(pane.state, display=replace(pane.state.display, window=GreyWindow(0, 2)))
    pane.show_state(narrow)
    before = shot(pane)
    pane.show_state(replace(narrow, plain=True))
    assert pane.state.shown.window.width == 2000
    assert (shot(pane) != before).any()
    pane.show_state(replace(pane.state, plain=False))
    assert (shot(pane) == before).all()


def test_the_point_is_seen_while_the_crosshair_is_held_where_none_is_drawn(pane) -> None:
    before = shot(pane)
    drag(pane, (300, 250), (320, 260), let_go=False)
    line = shot(pane)[260, 40:200] != before[260, 40:200]
    assert line.any(axis=1).mean() > 0.9
    release(pane, (320, 260))
    assert (shot(pane)[260, 40:200] == before[260, 40:200]).all()


class _Words:
    """A layer with words where the crosshair would go through them."""

    def __init__(self, box: QRectF) -> None:
        self._box = box

    def paint(self, painter: object, view: object) -> None:
        """The words themselves are no matter here."""

    def around(self, _view: object) -> Around:
        return Around((self._box,))

    def grab(self, _view: object, _hand: object) -> None:
        return None


def test_the_crosshair_spares_the_words_of_what_was_measured(pane) -> None:
    plain = shot(pane).copy()
    pane.show_state(replace(pane.state, crosshair=True))
    x, y = pane.place(np.array([pane.state.cross]))[0]
    rows, columns = slice(int(y) - 8, int(y) + 8), slice(int(x) + 60, int(x) + 160)
    assert (shot(pane)[rows, columns] != plain[rows, columns]).any()
    pane.set_layers((_Words(QRectF(x + 60, y - 8, 100, 16)),))
    np.testing.assert_array_equal(shot(pane)[rows, columns], plain[rows, columns])
