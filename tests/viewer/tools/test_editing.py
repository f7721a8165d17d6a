"""Drawings are chosen, moved by a handle or whole, removed, and undone, by mouse."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from drawing_desk import DrawingDesk
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QLineEdit

from engine.drawings import Arrow, Distance, Ellipse, Rectangle
from engine.measured import Length
from engine.measures import measure
from viewer.tools.drawing_menu import menu_items
from viewer.tools.pointing import Crosshair

A, B = QPointF(250, 250), QPointF(400, 320)


@pytest.fixture
def lined(desk: DrawingDesk) -> DrawingDesk:
    """A line from A to B, with the crosshair in hand."""
    desk.go(2, 30)
    desk.take(Distance)
    desk.drag(A, B)
    desk.pane.set_tool(Crosshair())
    return desk


def ends(desk: DrawingDesk) -> list[tuple[float, float]]:
    (line,) = desk.drawn
    return [(round(at.x(), 3), round(at.y(), 3)) for at in desk.at(*line.points)]


@pytest.mark.parametrize("off", [QPointF(0, 0), QPointF(7, 7), QPointF(-7, 7)])
def test_a_handle_goes_with_the_hand_whatever_tool_is_in_it(
    lined: DrawingDesk, off: QPointF
) -> None:
    before = lined.pane.state.cross
    lined.drag(B + off, QPointF(420, 250) + off)
    assert ends(lined) == [(250, 250), (420, 250)]
    assert lined.pane.state.cross == before


def test_beyond_16_px_and_off_the_line_the_tool_in_hand_has_the_press(lined: DrawingDesk) -> None:
    lined.drag(B + QPointF(9, 9), QPointF(420, 250))
    assert ends(lined) == [(250, 250), (400, 320)]


def test_on_the_line_the_whole_is_moved_and_keeps_its_length(lined: DrawingDesk) -> None:
    (line,) = lined.drawn
    grid = lined.volume.facts.grid
    before = measure(line, grid)
    middle = (A + B) / 2
    lined.drag(middle, middle + QPointF(31, -17))
    assert ends(lined) == [(281, 233), (431, 303)]
    (moved,) = lined.drawn
    after = measure(moved, grid)
    assert isinstance(before, Length)
    assert isinstance(after, Length)
    assert after.value == pytest.approx(before.value)


def test_the_whole_stays_on_the_picture(lined: DrawingDesk) -> None:
    middle = (A + B) / 2
    lined.drag(middle, middle + QPointF(-5000, 0))
    (line,) = lined.drawn
    across = lined.pane.state.plane.axes[0]
    sides = [point[across] for point in line.points]
    size = lined.volume.facts.grid.size[across]
    assert min(sides) == pytest.approx(-0.5) or max(sides) == pytest.approx(size - 0.5)


def test_a_click_chooses_and_moves_nothing(lined: DrawingDesk) -> None:
    lined.marking.choose(lined.volume, None)
    events = lined.drawings.unsaved
    lined.press(A)
    lined.move(A + QPointF(2, 1), pressed=True)
    lined.release(A + QPointF(2, 1))
    assert lined.marking.is_chosen(lined.volume, lined.drawn[0])
    assert ends(lined) == [(250, 250), (400, 320)]
    assert lined.drawings.unsaved <= events


def test_a_press_beside_all_chooses_none(lined: DrawingDesk) -> None:
    assert lined.marking.has_chosen
    lined.click(QPointF(500, 500))
    assert not lined.marking.has_chosen


def test_only_the_release_is_written_and_one_undo_takes_the_drag_back(
    lined: DrawingDesk, qtbot
) -> None:
    if lined.drawings.unsaved:
        with qtbot.waitSignal(lined.drawings.saved):
            pass
    lined.press(B)
    for step in range(1, 9):
        lined.move(B + QPointF(5 * step, 0), pressed=True)
    assert lined.drawings.unsaved == 0
    assert ends(lined)[1] == (440, 320)
    lined.release(B + QPointF(40, 0))
    assert lined.drawings.unsaved == 1
    lined.marking.undo(lined.volume)
    assert ends(lined)[1] == (400, 320)
    lined.marking.redo(lined.volume)
    assert ends(lined)[1] == (440, 320)


def test_while_it_is_dragged_its_own_view_shows_it_and_no_other_is_painted(
    lined: DrawingDesk,
) -> None:
    told: list[None] = []
    lined.press(B)
    lined.marking.changed.connect(lambda: told.append(None))
    before = lined.pane.grab().toImage()
    lined.move(B + QPointF(60, 0), pressed=True)
    assert lined.pane.grab().toImage() != before
    assert told == []
    lined.release(B + QPointF(60, 0))
    assert told == [None]


def test_esc_in_a_drag_puts_it_back(lined: DrawingDesk) -> None:
    lined.press(B)
    lined.move(B + QPointF(60, 0), pressed=True)
    assert lined.pane.drop_tool()
    lined.release(B + QPointF(60, 0))
    assert ends(lined) == [(250, 250), (400, 320)]


def test_the_chosen_one_is_removed_and_comes_back_by_undo(lined: DrawingDesk) -> None:
    lined.click(A)
    assert lined.marking.remove_chosen()
    assert lined.drawn == ()
    assert not lined.marking.remove_chosen()
    lined.marking.undo(lined.volume)
    assert ends(lined) == [(250, 250), (400, 320)]


def test_a_drawing_is_not_taken_hold_of_from_another_slice(lined: DrawingDesk) -> None:
    lined.pane.step(1)
    lined.drag(B, QPointF(420, 250))
    lined.pane.step(-1)
    assert ends(lined) == [(250, 250), (400, 320)]


def test_a_tool_that_waits_for_its_next_point_gets_the_press_on_another_drawing(
    lined: DrawingDesk,
) -> None:
    lined.take(Distance)
    lined.click(QPointF(300, 450))
    lined.click(A)
    assert len(lined.drawn) == 2
    assert ends_of(lined, 1) == [(300, 450), (250, 250)]


def ends_of(desk: DrawingDesk, number: int) -> list[tuple[float, float]]:
    points = desk.drawn[number].points
    return [(round(at.x(), 3), round(at.y(), 3)) for at in desk.at(*points)]


def test_where_two_cross_the_chosen_one_is_taken(lined: DrawingDesk) -> None:
    lined.take(Distance)
    lined.drag(QPointF(325, 200), QPointF(325, 380))
    lined.pane.set_tool(Crosshair())
    crossing = (A + B) / 2
    lined.click(A)
    lined.drag(crossing, crossing + QPointF(0, 30))
    assert ends_of(lined, 0) == [(250, 280), (400, 350)]


@pytest.mark.parametrize("kind", [Ellipse, Rectangle])
def test_a_region_is_taken_at_its_edge_and_not_inside(
    desk: DrawingDesk, kind: type[Ellipse]
) -> None:
    desk.go(2, 30)
    desk.take(kind)
    desk.drag(QPointF(250, 250), QPointF(350, 330))
    desk.pane.set_tool(Crosshair())
    desk.drag(QPointF(300, 290), QPointF(310, 290))
    assert ends(desk) == [(250, 250), (350, 330)]
    # The middle of the right side is a handle, which moves that side alone.
    desk.drag(QPointF(350, 290), QPointF(370, 299))
    assert ends(desk) == [(250, 250), (370, 330)]


# ---- the menu


def test_the_menu_of_a_line_removes_it(lined: DrawingDesk) -> None:
    at = lined.device(A)
    (item,) = menu_items(lined.marking, lined.pane, at)
    assert item.words == "Remove length"
    item.do()
    assert lined.drawn == ()
    assert menu_items(lined.marking, lined.pane, at) == ()


def test_the_menu_of_an_arrow_changes_its_text(desk: DrawingDesk, qtbot) -> None:
    desk.go(2, 30)
    desk.take(Arrow)
    desk.drag(QPointF(300, 300), QPointF(400, 340))
    qtbot.keyClick(desk.pane.findChild(QLineEdit), Qt.Key.Key_Return)
    edit, _ = menu_items(desk.marking, desk.pane, desk.device(QPointF(300, 300)))
    assert edit.words == "Edit text…"
    edit.do()
    entry = next(found for found in desk.pane.findChildren(QLineEdit) if found.isVisible())
    qtbot.keyClicks(entry, "old scar")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert desk.words == ("old scar",)


def test_the_menu_of_a_region_sets_the_window_to_what_it_holds(desk: DrawingDesk) -> None:
    values = np.random.default_rng(1).normal(40, 10, desk.volume.values.shape).astype(np.int16)
    desk.volume = replace(desk.volume, values=values)
    desk.go(2, 30)
    desk.take(Rectangle)
    desk.drag(QPointF(200, 200), QPointF(400, 400))
    window, _ = menu_items(desk.marking, desk.pane, desk.device(QPointF(200, 200)))
    assert window.words == "Window from box"
    window.do()
    set_to = desk.pane.state.display.window
    assert set_to.centre == pytest.approx(40, abs=2)
    assert set_to.width == pytest.approx(2 * 2.33 * 10, rel=0.1)


DELETED = """
import sys, tempfile
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtWidgets import QApplication
application = QApplication([])
from contextlib import contextmanager
from drawing_desk import DrawingDesk
from engine.drawings import Arrow
from engine.phantoms.volume import draw_volume
class Bot:
    def addWidget(self, widget): pass
    @contextmanager
    def waitExposed(self, widget): yield
drawn = draw_volume(5).volume
desk = DrawingDesk(Bot(), Path(tempfile.mkdtemp()), drawn.values, drawn.facts)
desk.pane.activateWindow()
application.processEvents()
desk.take(Arrow)
desk.drag(QPointF(300, 300), QPointF(400, 340))
desk.pane.deleteLater()
QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
desk.close()
print("over")
"""


def test_a_view_may_go_while_a_text_is_typed() -> None:
    command = [sys.executable, "-c", DELETED, str(Path(__file__).parents[1])]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert run.stdout.split() == ["over"], run.stderr
