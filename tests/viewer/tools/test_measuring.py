"""A hand measures a drawn volume whose truth is known, on an oblique grid with uneven spacing."""

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from drawing_desk import DrawingDesk, largest, rod_on
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from engine.drawings import (
    Angle,
    Arrow,
    Bidirectional,
    Distance,
    Drawing,
    Ellipse,
    Probe,
    Rectangle,
)
from engine.measures import GAP, MISSING
from engine.phantoms.volume import PhantomVolume
from engine.pictures import Grid
from viewer.layers.drawing_words import boxes_of

KINDS: tuple[type[Drawing], ...] = (
    Distance, Angle, Ellipse, Rectangle, Bidirectional, Probe, Arrow
)  # fmt: skip


def figure(words: str) -> float:
    found = re.search(r"\d+\.\d", words)
    assert found is not None, words
    return float(found.group())


@pytest.mark.parametrize("axis", [2, 1, 0])
@pytest.mark.parametrize("turns", [0, 1])
def test_the_label_tells_a_rods_true_length_in_all_three_planes(
    desk: DrawingDesk, phantom: PhantomVolume, axis: int, turns: int
) -> None:
    rod = rod_on(phantom, axis)
    desk.look_at(rod.start, rod.end, axis=axis, zoom=1.0)
    desk.pane.turn(turns)
    desk.pane.flip(left_right=True)
    desk.take(Distance)
    desk.drag(*desk.seen(rod.start, rod.end))
    assert figure(desk.words[0]) == pytest.approx(rod.length, abs=0.051)
    assert desk.words[0].endswith(" mm (you)")


def test_a_mouse_on_whole_pixels_is_right_to_half_a_pixel_at_either_end(
    desk: DrawingDesk, phantom: PhantomVolume, qtbot
) -> None:
    rod = rod_on(phantom, 2)
    desk.look_at(rod.start, rod.end, axis=2, zoom=1.4)
    desk.take(Distance)
    start, end = (at.toPoint() for at in desk.seen(rod.start, rod.end))
    qtbot.mouseClick(desk.pane, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(desk.pane, end)
    qtbot.mouseClick(desk.pane, Qt.MouseButton.LeftButton, pos=end)
    pixel = 1 / desk.scale
    assert figure(desk.words[0]) == pytest.approx(rod.length, abs=0.05 + 2**0.5 * pixel)


def test_clicks_draw_as_a_drag_does_and_the_line_follows_between_them(
    desk: DrawingDesk, phantom: PhantomVolume
) -> None:
    rod = rod_on(phantom, 1)
    desk.look_at(rod.start, rod.end, axis=1, zoom=1.0)
    desk.take(Distance)
    start, end = desk.seen(rod.start, rod.end)
    desk.click(start)
    before = desk.pane.grab().toImage()
    desk.move(end)
    assert desk.pane.grab().toImage() != before
    assert desk.drawn == ()
    desk.click(end)
    assert figure(desk.words[0]) == pytest.approx(rod.length, abs=0.051)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_an_angle_between_two_rods_ends_is_true(
    desk: DrawingDesk, phantom: PhantomVolume, axis: int
) -> None:
    """The corner of a triangle of two ends of a rod and a third place on its slice, in mm."""
    rod = rod_on(phantom, axis)
    grid = phantom.volume.facts.grid
    assert grid.affine is not None
    columns = [other for other in (0, 1, 2) if other != axis]
    across, down = (grid.affine[:3, column] for column in columns)
    third = np.array(rod.start) + 9 * across + 4 * down
    u, v = np.subtract(rod.end, rod.start), third - rod.start
    truth = np.degrees(np.arccos(u @ v / np.linalg.norm(u) / np.linalg.norm(v)))
    desk.look_at(rod.start, rod.end, axis=axis, zoom=1.0)
    desk.take(Angle)
    end, vertex, other = desk.seen(rod.end, rod.start, tuple(third.tolist()))
    desk.drag(end, vertex)
    assert desk.drawn == ()
    desk.click(other)
    assert figure(desk.words[0]) == pytest.approx(truth, abs=0.051)
    assert desk.words[0].endswith("° (you)")


def test_a_circle_within_a_ball_tells_its_area_and_the_balls_value(
    desk: DrawingDesk, phantom: PhantomVolume
) -> None:
    ball = largest(phantom)
    desk.look_at(ball.centre, axis=2, zoom=3.0)
    desk.take(Ellipse)
    (middle,) = desk.seen(ball.centre)
    reach = 0.45 * ball.radius * desk.scale
    # The hand goes further down than across; Shift makes a circle of it.
    corner = middle - QPointF(reach, reach)
    desk.drag(corner, corner + QPointF(1.2 * reach, 2 * reach), Qt.KeyboardModifier.ShiftModifier)
    assert figure(desk.words[0]) == pytest.approx(np.pi * (0.45 * ball.radius) ** 2, rel=0.01)
    assert "mm²" in desk.words[0]
    assert desk.words[1] == f"mean {ball.value} HU, SD 0 HU"
    assert desk.words[2] == f"min {ball.value} HU, max {ball.value} HU"


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_box_tells_its_area_in_square_millimetres(desk: DrawingDesk, axis: int) -> None:
    desk.go(axis, 30)
    desk.take(Rectangle)
    pixel = 1 / desk.scale
    desk.drag(QPointF(200, 200), QPointF(400, 300))
    assert figure(desk.words[0]) == pytest.approx(200 * 100 * pixel**2, abs=0.06)


def test_two_diameters_are_drawn_with_one_drag_the_longer_first(
    desk: DrawingDesk, phantom: PhantomVolume
) -> None:
    ball = largest(phantom)
    desk.look_at(ball.centre, axis=1, zoom=3.0)
    desk.take(Bidirectional)
    (middle,) = desk.seen(ball.centre)
    reach = QPointF(ball.radius * desk.scale, 0)
    desk.drag(middle - reach, middle + reach)
    diameter = 2 * ball.radius
    assert desk.words == (f"{diameter:.1f} × {diameter * 2 / 3:.1f} mm (you)",)
    # An end of the short one is dragged out to the ball's edge, and the other.
    for way in (-1, 1):
        start = middle + QPointF(0, way * reach.x() * 2 / 3)
        desk.drag(start, middle + QPointF(0, way * reach.x()))
    assert desk.words == (f"{diameter:.1f} × {diameter:.1f} mm (you)",)


def test_a_point_tells_value_patient_position_and_voxel(
    desk: DrawingDesk, phantom: PhantomVolume
) -> None:
    ball = phantom.balls[0]
    desk.look_at(ball.centre, axis=2, zoom=2.0)
    desk.take(Probe)
    x, y, _ = np.rint(desk.voxels(ball.centre)[0]).astype(int).tolist()
    z = desk.pane.state.plane.index
    desk.click(desk.at((x, y, z))[0])
    assert desk.words[0] == f"{ball.value} HU (you)"
    assert desk.words[2] == f"voxel {x}, {y}, {z}"
    told = [float(word.replace("−", "-")) for word in re.findall(r"[−\d.]+\.\d", desk.words[1])]
    affine = phantom.volume.facts.grid.affine
    assert affine is not None
    assert told == pytest.approx((affine @ (x, y, z, 1))[:3], abs=0.051)


def test_an_arrow_gets_its_text_where_it_stands_and_letters_are_no_commands(
    desk: DrawingDesk, qtbot
) -> None:
    desk.go(2, 30)
    desk.take(Arrow)
    desk.drag(QPointF(300, 300), QPointF(400, 340))
    assert desk.drawn == ()
    entry = desk.pane.findChild(QLineEdit)
    qtbot.keyClicks(entry, "mass, biopsied")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert desk.words == ("mass, biopsied",)
    (arrow,) = desk.drawn
    tip, tail = desk.at(*arrow.points)
    assert (tip - QPointF(300, 300)).manhattanLength() < 1e-6
    assert (tail - QPointF(400, 340)).manhattanLength() < 1e-6


def test_esc_in_the_text_drops_the_arrow(desk: DrawingDesk, qtbot) -> None:
    desk.go(2, 30)
    desk.take(Arrow)
    desk.drag(QPointF(300, 300), QPointF(400, 340))
    qtbot.keyClick(desk.pane.findChild(QLineEdit), Qt.Key.Key_Escape)
    assert desk.drawn == ()


def test_a_press_beside_the_text_keeps_what_was_typed(desk: DrawingDesk, qtbot) -> None:
    desk.go(2, 30)
    desk.take(Arrow)
    desk.drag(QPointF(300, 300), QPointF(400, 340))
    entry = desk.pane.findChild(QLineEdit)
    qtbot.keyClicks(entry, "here")
    entry.clearFocus()
    assert desk.words == ("here",)


# ---- what is not measured


def test_without_spacing_there_are_pixels_and_no_millimetres(
    desk_on: Callable[..., DrawingDesk], phantom: PhantomVolume
) -> None:
    size = phantom.volume.facts.grid.size
    desk = desk_on(Grid(size))
    desk.take(Distance)
    desk.drag(*desk.at((10, 10, 0), (40, 50, 0)))
    assert desk.words == ("50.0 px (you)", "scale not known")


def test_the_detectors_spacing_is_about(
    desk_on: Callable[..., DrawingDesk], phantom: PhantomVolume
) -> None:
    desk = desk_on(Grid(phantom.volume.facts.grid.size, (0.2, 0.2, None), approximate=True))
    desk.take(Distance)
    desk.drag(*desk.at((10, 10, 0), (40, 50, 0)))
    assert desk.words == ("≈ 10.0 mm (you)",)


def test_across_an_unknown_gap_it_says_why_it_does_not_measure(
    desk_on: Callable[..., DrawingDesk], phantom: PhantomVolume
) -> None:
    desk = desk_on(Grid(phantom.volume.facts.grid.size, (0.5, 0.5, None)))
    desk.go(1, 20)
    desk.take(Distance)
    desk.drag(*desk.at((10, 20, 5), (40, 20, 30)))
    assert desk.words == ("Not measured (you)", GAP)


def test_across_missing_slices_it_says_why_it_does_not_measure(
    desk_on: Callable[..., DrawingDesk], phantom: PhantomVolume
) -> None:
    desk = desk_on(replace(phantom.volume.facts.grid, missing=(17, 18)))
    desk.go(1, 20)
    desk.take(Distance)
    desk.drag(*desk.at((10, 20, 5), (40, 20, 30)))
    assert desk.words == ("Not measured (you)", MISSING)


# ---- what a hand may do in between


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not Probe])
def test_esc_drops_what_is_unfinished(desk: DrawingDesk, kind: type[Drawing]) -> None:
    desk.take(kind)
    bare = desk.pane.grab().toImage()
    desk.click(QPointF(300, 300))
    desk.move(QPointF(350, 330))
    assert desk.pane.drop_tool()
    assert not desk.pane.drop_tool()
    desk.move(QPointF(300, 300))
    desk.move(QPointF(350, 330))
    assert desk.drawn == ()
    assert desk.drawings.unsaved == 0
    desk.pane.leaveEvent(QEvent(QEvent.Type.Leave))
    assert desk.pane.grab().toImage() == bare


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not Probe])
def test_a_slip_of_the_hand_draws_nothing(desk: DrawingDesk, kind: type[Drawing]) -> None:
    desk.take(kind)
    for _ in range(4):
        desk.click(QPointF(300, 300))
    desk.pane.drop_tool()
    assert desk.drawn == ()


def test_a_double_click_at_one_place_is_meant_for_the_view(desk: DrawingDesk, qtbot) -> None:
    desk.take(Distance)
    desk.click(QPointF(300, 300))
    with qtbot.waitSignal(desk.pane.maximise_asked):
        desk.mouse(QEvent.Type.MouseButtonDblClick, QPointF(300, 300), Qt.MouseButton.LeftButton)
    desk.release(QPointF(300, 300))
    assert desk.drawn == ()
    assert not desk.pane.drop_tool()


def test_a_quick_second_click_elsewhere_sets_the_second_point(desk: DrawingDesk) -> None:
    desk.take(Distance)
    desk.click(QPointF(300, 300))
    desk.mouse(QEvent.Type.MouseButtonDblClick, QPointF(306, 300), Qt.MouseButton.LeftButton)
    desk.release(QPointF(306, 300))
    assert len(desk.drawn) == 1


def test_another_slice_in_between_begins_anew(desk: DrawingDesk) -> None:
    desk.take(Distance)
    desk.go(2, 20)
    desk.click(QPointF(300, 300))
    desk.pane.step(1)
    desk.drag(QPointF(200, 200), QPointF(260, 200))
    (drawn,) = desk.drawn
    assert drawn.slice == desk.pane.state.plane.index


def test_a_press_beside_the_picture_begins_nothing_and_a_drag_beyond_it_ends_at_its_edge(
    desk: DrawingDesk,
) -> None:
    desk.take(Distance)
    left, top, right, _ = desk.pane.state.plane.box
    assert left > 10 or top > 10
    desk.drag(QPointF(2, 2), QPointF(300, 300))
    assert desk.drawn == ()
    desk.drag(QPointF(300, 300), QPointF(300, -200))
    (drawn,) = desk.drawn
    sides = [point[:2] for point in drawn.points]
    size = desk.volume.facts.grid.size
    assert all(-0.5 <= x <= size[0] - 0.5 and -0.5 <= y <= size[1] - 0.5 for x, y in sides)
    assert right > left


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_kept_saved_and_comes_back(
    desk: DrawingDesk, kind: type[Drawing], qtbot
) -> None:
    desk.take(kind)
    with qtbot.waitSignal(desk.drawings.saved):
        if kind is Probe:
            desk.click(QPointF(300, 300))
        else:
            desk.drag(QPointF(300, 300), QPointF(400, 340))
        if kind is Angle:
            desk.click(QPointF(300, 350))
        if kind is Arrow:
            qtbot.keyClick(desk.pane.findChild(QLineEdit), Qt.Key.Key_Return)
    (drawn,) = desk.drawn
    assert type(drawn) is kind
    assert drawn.axis == 2
    assert desk.marking.is_chosen(desk.volume, drawn)


def test_the_crosshair_spares_the_words_of_what_is_being_drawn(desk: DrawingDesk) -> None:
    desk.go(2, round(desk.pane.state.cross[2]))
    (cross,) = desk.at(desk.pane.state.cross)
    desk.take(Distance)
    start, end = cross + QPointF(60, -60), cross + QPointF(60, -15)
    desk.press(start)
    desk.move(end, pressed=True)
    seen = []
    for crosshair in (False, True):
        desk.pane.show_state(replace(desk.pane.state, crosshair=crosshair))
        seen.append(desk.pane.grab().toImage())
    desk.release(end)
    # Its words stand across the crosshair's line, while it is drawn and after.
    (words,) = desk.layer.around(desk.pane).boxes
    assert words.top() < cross.y() < words.bottom()
    box = words.toRect()
    assert seen[0].copy(box) == seen[1].copy(box)
    assert seen[0] != seen[1]


def test_words_keep_off_those_of_another_measure_before_the_mouse_lets_go_too(
    desk: DrawingDesk,
) -> None:
    tool = desk.take(Distance)
    desk.drag(QPointF(200, 300), QPointF(300, 300))
    (first,) = desk.layer.around(desk.pane).boxes
    # It ends so that its words would stand on those.
    start, end = QPointF(150, 380), QPointF(310, 318)
    desk.press(start)
    desk.move(end, pressed=True)
    (alone,) = boxes_of(desk.pane, tool._told(desk.pane))
    assert alone.intersects(first)
    (held,) = tool.around(desk.pane).boxes
    assert not held.intersects(first)
    desk.release(end)
    assert desk.layer.around(desk.pane).boxes == [first, held]
