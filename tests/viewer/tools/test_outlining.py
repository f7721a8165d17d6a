"""A hand draws closed lines: the lasso by a drag, the polygon by clicks."""

import numpy as np
import pytest
from drawing_desk import DrawingDesk
from PySide6.QtCore import QPointF, Qt

from engine.drawings import Outline
from viewer.tools.outlining import Lasso, Polygon

CORNERS = (QPointF(250, 200), QPointF(400, 210), QPointF(380, 350), QPointF(260, 330))


def outline(desk: DrawingDesk) -> Outline:
    (drawing,) = desk.drawn
    assert isinstance(drawing, Outline)
    return drawing


def seen(desk: DrawingDesk) -> np.ndarray:
    return desk.pane.place(np.array(outline(desk).points))


def stroke(desk: DrawingDesk, *at: QPointF) -> None:
    desk.press(at[0])
    for place in at[1:]:
        desk.move(place, pressed=True)
    desk.release(at[-1])


def circle(count: int = 60) -> list[QPointF]:
    turns = np.linspace(0, 2 * np.pi, count)
    return [QPointF(320 + 80 * np.cos(turn), 280 + 80 * np.sin(turn)) for turn in turns]


def test_a_lasso_is_the_line_of_the_hand(desk: DrawingDesk) -> None:
    desk.pane.set_tool(Lasso(desk.marking))
    stroke(desk, *circle())
    points = seen(desk)
    assert np.hypot(points[:, 0] - 320, points[:, 1] - 280) == pytest.approx(80, abs=1.5)


def test_a_lasso_keeps_fewer_points_than_the_hand_made_and_loses_no_shape(
    desk: DrawingDesk,
) -> None:
    desk.pane.set_tool(Lasso(desk.marking))
    stroke(desk, *circle(600))
    points = seen(desk)
    assert len(points) < 100
    x, y = points.T
    area = abs(float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())) / 2
    assert area == pytest.approx(np.pi * 80**2, rel=0.02)


def test_a_slip_of_the_hand_is_no_lasso(desk: DrawingDesk) -> None:
    desk.pane.set_tool(Lasso(desk.marking))
    stroke(desk, QPointF(300, 300), QPointF(301, 301), QPointF(302, 300))
    assert desk.drawn == ()


def test_clicks_set_a_polygon_s_corners_and_one_at_the_first_closes_it(desk: DrawingDesk) -> None:
    desk.pane.set_tool(Polygon(desk.marking))
    for corner in (*CORNERS, CORNERS[0]):
        desk.click(corner)
    expected = [(corner.x(), corner.y()) for corner in CORNERS]
    assert seen(desk) == pytest.approx(np.array(expected), abs=1.0)


def test_a_double_click_closes_a_polygon(desk: DrawingDesk, qtbot) -> None:
    desk.pane.set_tool(Polygon(desk.marking))
    for corner in CORNERS:
        desk.click(corner)
    qtbot.mouseDClick(desk.pane, Qt.MouseButton.LeftButton, pos=CORNERS[-1].toPoint())
    assert len(outline(desk).points) == 4


def test_escape_drops_a_polygon_that_was_begun(desk: DrawingDesk) -> None:
    desk.pane.set_tool(Polygon(desk.marking))
    for corner in CORNERS[:3]:
        desk.click(corner)
    assert desk.pane.drop_tool()
    desk.click(CORNERS[0])
    assert desk.drawn == ()


def test_a_handle_of_its_box_stretches_an_outline_from_the_side_opposite(
    desk: DrawingDesk,
) -> None:
    desk.pane.set_tool(Lasso(desk.marking))
    stroke(desk, *circle())
    before = seen(desk)
    right, middle = float(before[:, 0].max()), float(before[:, 1].mean())
    low, high = before[:, 1].min(), before[:, 1].max()
    middle = float(low + high) / 2
    stroke(desk, *(QPointF(right + step, middle) for step in (0, 40, 80)))
    after = seen(desk)
    assert after[:, 0].min() == pytest.approx(before[:, 0].min(), abs=0.5)
    assert np.ptp(after[:, 0]) == pytest.approx(np.ptp(before[:, 0]) + 80, abs=1.5)
    assert np.ptp(after[:, 1]) == pytest.approx(np.ptp(before[:, 1]), abs=0.5)
