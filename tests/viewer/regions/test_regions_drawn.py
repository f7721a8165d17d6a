"""How many regions lie on the picture, how the rest are reached, and names half typed."""

import numpy as np
import pytest
from hand_desk import drag, release
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QEnterEvent, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication
from region_desk import LANDMARKS, picture_at, regions
from window_desk import Desk, a_region

from engine.drawings import Distance
from viewer.layers.drawing_words import boxes_of
from viewer.layers.drawings import DrawingsLayer

SIDE, COUNT = 24, 14


def _at(number: int) -> tuple[float, float]:
    """The middle of a region: two lines of seven, far apart."""
    column, row = (number - 1) % 7, (number - 1) // 7
    return 280 + 50.0 * column, 200 + 180.0 * row


@pytest.fixture
def many(desk: Desk) -> Desk:
    """A photograph with fourteen regions, the strongest first."""
    desk.open_and_answer()
    desk.engine.give_landmarks(LANDMARKS)
    found = []
    for number in range(1, COUNT + 1):
        x, y = _at(number)
        found.append(a_region(x - SIDE / 2, y - SIDE / 2, SIDE, 0.1 - 0.005 * number))
    desk.engine.give_regions(*found)
    return desk


def outlined(desk: Desk) -> list[int]:
    """The regions on whose outlines the model's own colour is painted."""
    pane = desk.window.photographs.pane
    seen = pane.grab().toImage()
    return [number for number in range(1, COUNT + 1) if _has_ink(desk, seen, *_at(number))]


def _has_ink(desk: Desk, seen: QImage, x: float, y: float) -> bool:
    low = picture_at(desk, x - 14, y - 14)
    high = picture_at(desk, x + 14, y + 14)
    ratio = seen.devicePixelRatio()
    return any(
        _is_ink(seen.pixelColor(round(across * ratio), round(down * ratio)))
        for across in range(low.x(), high.x())
        for down in range(low.y(), high.y())
    )


def _is_ink(seen: QColor) -> bool:
    """A line between two rows of pixels is smoothed: neither has the whole of its blue."""
    return seen.blue() - seen.red() > 60


def hover(desk: Desk, row: int) -> None:
    """The pointer goes over a row; as an event, for offscreen a pointer does not move."""
    block = regions(desk).block
    index = block.model.index(row)
    block.list.scrollTo(index)
    at = QPointF(block.list.visualRect(index).center())
    port = block.list.viewport()
    QApplication.sendEvent(port, QEnterEvent(at, at, port.mapToGlobal(at)))
    none = Qt.MouseButton.NoButton
    move = QMouseEvent(
        QEvent.Type.MouseMove, at, port.mapToGlobal(at), none, none, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(port, move)


def test_the_ten_strongest_lie_on_the_picture_and_the_list_says_so(many: Desk) -> None:
    assert outlined(many) == list(range(1, 11))
    block = regions(many).block
    assert block._drawn.text() == "10 of 14 on the picture; N goes on."
    assert block.model.rowCount() == COUNT


def test_the_chosen_one_is_drawn_wherever_it_stands_in_the_list(many: Desk) -> None:
    many.press(Qt.Key.Key_B)
    assert outlined(many) == [*range(1, 11), 14]
    many.press(Qt.Key.Key_N)
    assert outlined(many) == list(range(1, 11))


def test_a_row_under_the_pointer_is_drawn_while_it_is_there(many: Desk) -> None:
    hover(many, 11)
    assert regions(many).on_picture.pointed == 12
    assert outlined(many) == [*range(1, 11), 12]
    QApplication.sendEvent(regions(many).block.list, QEvent(QEvent.Type.Leave))
    assert outlined(many) == list(range(1, 11))


def test_a_row_that_a_wheel_brings_to_a_pointer_whose_leaving_is_not_told_is_not_drawn(
    many: Desk,
) -> None:
    listed = regions(many).block.list
    listed.entered.emit(listed.model().index(11, 0))
    assert outlined(many) == list(range(1, 11))


def test_the_row_under_the_pointer_is_forgotten_with_its_regions(many: Desk) -> None:
    hover(many, 11)
    regions(many).list.set_threshold(regions(many).list.threshold + 0.01)
    many.engine.give_regions(
        *(a_region(*_at(number), SIDE, 0.05) for number in range(1, COUNT + 1))
    )
    assert regions(many).on_picture.pointed == 0
    hover(many, 11)
    many.window.open(many.picture("other.png"))
    many.engine.give_picture(content="d")
    assert regions(many).on_picture.pointed == 0


def test_the_written_picture_has_no_region_that_the_pointer_alone_calls(many: Desk) -> None:
    hover(many, 11)
    many.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    marks = many.engine.last("draw").what["marks"]
    assert [mark.number for mark in marks] == list(range(1, 11))


def test_all_are_drawn_by_a_press_and_the_strongest_again_by_another(many: Desk) -> None:
    block = regions(many).block
    many.click(block.all)
    assert outlined(many) == list(range(1, COUNT + 1))
    assert block._drawn.text() == "All 14 on the picture."
    many.window.actions_.by_name["all-regions"].trigger()
    assert outlined(many) == list(range(1, 11))


def test_the_written_picture_has_the_regions_that_the_screen_has(many: Desk) -> None:
    many.press(Qt.Key.Key_B)
    many.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    marks = many.engine.last("draw").what["marks"]
    assert [mark.number for mark in marks] == [*range(1, 11), 14]


def test_few_regions_are_all_drawn_and_nothing_is_said_of_it(desk: Desk) -> None:
    desk.open_and_answer()
    desk.engine.give_regions(a_region(400, 150, 60, 0.4))
    assert not regions(desk).block.all.isVisible()
    assert not regions(desk).block._drawn.isVisible()


def test_a_step_brings_the_list_and_the_reader_s_buttons_into_a_low_window(many: Desk) -> None:
    many.window.resize(1280, 800)
    many.qtbot.wait(1)
    many.press(Qt.Key.Key_N)
    block, side = regions(many).block, many.window.read_page.side
    for part in (block.list, block.accept, block.tag):
        top = part.mapTo(side.viewport(), QPoint()).y()
        assert top >= 0 and top + part.height() <= side.viewport().height()


def typed(desk: Desk, words: str) -> None:
    """Half a name for the first region, without Enter."""
    desk.press(Qt.Key.Key_N)
    desk.press(Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    desk.qtbot.keyClicks(regions(desk).block.tag, words)


def names(desk: Desk) -> list[str]:
    return [row.tag for row in regions(desk).list.rows if row.tag]


def test_a_name_half_typed_stays_with_its_region_when_a_menu_goes_on_to_the_next(
    many: Desk,
) -> None:
    typed(many, "Drus")
    many.window.actions_.by_name["next-region"].trigger()
    assert regions(many).list.rows[0].tag == "Drus"
    assert names(many) == ["Drus"]
    assert regions(many).block.tag.text() == ""


def test_a_name_half_typed_stays_while_a_new_answer_is_made(many: Desk) -> None:
    typed(many, "Drus")
    before = many.window.presenter.criterion
    many.window.photographs.next_criterion()
    many.engine.give_answer()
    many.engine.give_regions(a_region(400, 150, 60, 0.4))
    many.window.presenter.choose_criterion(before)
    many.engine.give_answer()
    x, y = _at(1)
    many.engine.give_regions(a_region(x - SIDE / 2, y - SIDE / 2, SIDE, 0.1))
    assert names(many) == ["Drus"]


def test_a_name_half_typed_is_the_old_photograph_s_when_another_comes(many: Desk) -> None:
    typed(many, "Drus")
    many.window.open(many.picture("other.png"))
    many.engine.give_picture(content="d")
    tags = [act.tag for act in many.window.photographs.store.reading("c" * 64).done]
    assert tags == ["Drus"]
    assert many.window.photographs.store.reading("d" * 64).done == ()


def test_a_name_half_typed_is_kept_when_the_window_closes(many: Desk) -> None:
    typed(many, "Drus")
    many.window.photographs.close()
    assert names(many) == ["Drus"]


@pytest.mark.parametrize("name", ["disc", "fovea"])
def test_what_the_reader_measured_is_not_written_over_disc_and_fovea(many: Desk, name: str) -> None:
    pane, desk = many.window.photographs.pane, regions(many)
    pane.grab()  # so that the view is what is painted
    view = pane.slice
    boxes = desk._marks_layer.around(view).boxes
    word = boxes[-2:][name == "fovea"]
    line = [(word.left() - away, word.center().y()) for away in (80, 14)]
    points = view.state.plane.to_voxel(np.array(line) * view.ratio)
    ends = tuple((float(x), float(y), 0.0) for x, y, *_ in points)
    many.window.photographs.store.add("c" * 64, Distance(id="a", points=ends))
    (measured,) = desk._drawn_layer.around(view).boxes
    assert not any(measured.intersects(box) for box in boxes)
    (alone,) = DrawingsLayer(desk.marking).around(view).boxes
    assert alone.intersects(word)


@pytest.mark.parametrize("name", ["disc", "fovea"])
def test_nor_is_it_while_the_mouse_is_held(many: Desk, name: str) -> None:
    pane, desk = many.window.photographs.pane, regions(many)
    desk.take_tool("distance")
    pane.grab()  # so that the view is what is painted
    view, tool = pane.slice, desk.tools["distance"]
    boxes = desk._marks_layer.around(view).boxes
    word = boxes[-2:][name == "fovea"]
    start, end = ((word.left() - away, word.center().y()) for away in (80, 14))
    drag(pane, start, end, let_go=False)
    (measured,) = tool.around(view).boxes
    assert not any(measured.intersects(box) for box in boxes)
    (alone,) = boxes_of(view, tool._told(view))
    assert alone.intersects(word)
    shown = desk._outlines._visible(view)
    tags = [told.box for told in desk._outlines._told(view, shown)]
    assert tags
    assert not any(measured.intersects(tag) for tag in tags)
    release(pane, end)
    assert not tool.around(view).boxes
    assert desk._drawn_layer.around(view).boxes == [measured]


def test_a_number_keeps_off_what_the_reader_measured(many: Desk) -> None:
    pane, desk = many.window.photographs.pane, regions(many)
    x, y = _at(4)
    line = Distance(id="a", points=((x - 30, y - SIDE / 2, 0.0), (x + 10, y - SIDE / 2, 0.0)))
    many.window.photographs.store.add("c" * 64, line)
    pane.grab()  # so that the view is what is painted
    (measured,) = desk._drawn_layer.around(pane.slice).boxes
    shown = desk._outlines._visible(pane.slice)
    tags = [told.box for told in desk._outlines._told(pane.slice, shown)]
    assert tags
    assert not any(measured.intersects(tag) for tag in tags)
