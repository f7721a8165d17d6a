"""Which views a volume has: series dropped on them, layouts, one alone, and the keys."""

from hand_desk import double_click, wheel
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton
from slice_desk import SIZE, grid
from view_desk import AXIAL, CORONAL, SAGITTAL, mr_facts, noise, seats_seen

from viewer.panels.series import MIME
from viewer.panes.drop_hint import DropHint
from viewer.panes.volume_view import VolumeView
from viewer.seen.arrangement import Layout


def _drag_series(view: VolumeView, x: int, y: int) -> list[tuple[str, int]]:
    """Drag a series of the rail to a place of the views and drop it; what is told of it."""
    data, told = QMimeData(), []
    data.setData(MIME, b"key")
    view.dropped.connect(lambda key, side: told.append((key, side)))
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
    for at, kind in ((QPoint(x, y), QDragEnterEvent), (QPoint(x, y), QDragMoveEvent)):
        QApplication.sendEvent(view, kind(at, copy, data, left, none))
    QApplication.sendEvent(view, QDropEvent(QPointF(x, y), copy, data, left, none))
    return told


def test_a_series_dropped_on_the_right_half_opens_beside_the_one_that_is_shown(view) -> None:
    assert _drag_series(view, 900, 300) == [("key", 1)]
    assert _drag_series(view, 100, 300)[-1] == ("key", 0)
    view.set_layout(Layout.THREE)
    assert _drag_series(view, 900, 600)[-1] == ("key", 1)


def test_with_two_series_a_drop_goes_to_the_view_under_it(view) -> None:
    view.show_volume(noise(), mr_facts(), side=1)
    view.set_layout(Layout.BESIDE)
    assert _drag_series(view, 100, 300) == [("key", 0)]
    assert _drag_series(view, 900, 300)[-1] == ("key", 1)
    # One view alone is that of its series, whichever half.
    view.next_view()
    view.maximise()
    assert _drag_series(view, 100, 300)[-1] == ("key", 1)


def test_where_a_dragged_series_would_open_is_told_until_it_is_dropped_or_gone(view) -> None:
    data = QMimeData()
    data.setData(MIME, b"key")
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
    hint = view.findChild(DropHint)
    QApplication.sendEvent(view, QDragEnterEvent(QPoint(900, 300), copy, data, left, none))
    QApplication.sendEvent(view, QDragMoveEvent(QPoint(900, 300), copy, data, left, none))
    assert hint.isVisible() and hint.x() == view.width() // 2
    QApplication.sendEvent(view, QDragMoveEvent(QPoint(100, 300), copy, data, left, none))
    assert hint.geometry() == view.rect()
    QApplication.sendEvent(view, QDragLeaveEvent())
    assert not hint.isVisible()
    _drag_series(view, 900, 300)
    assert not hint.isVisible()


def test_a_volume_opens_in_its_middle_in_one_view(view) -> None:
    assert seats_seen(view) == [AXIAL]
    assert view.active.state.plane.index == SIZE[2] // 2
    assert view.active.state.plane.is_fitted


def test_the_layouts_are_gone_through(view) -> None:
    assert view.layouts == (Layout.ONE, Layout.THREE)
    view.next_layout()
    assert sorted(seats_seen(view)) == sorted([AXIAL, CORONAL, SAGITTAL])
    view.next_layout()
    assert seats_seen(view) == [AXIAL]


def test_a_single_slice_has_no_planes_to_go_through(view) -> None:
    view.set_layout(Layout.THREE)
    view.show_volume(noise((60, 50, 1)), mr_facts(lies=grid(size=(60, 50, 1))))
    assert view.layouts == (Layout.ONE,)
    assert seats_seen(view) == [AXIAL]


def test_a_double_click_shows_one_plane_alone_and_brings_all_back(view) -> None:
    view.set_layout(Layout.THREE)
    pane = view.panes[CORONAL]
    double_click(pane, (60, 60))
    assert seats_seen(view) == [CORONAL]
    assert pane.size() == view.size()
    double_click(pane, (60, 60))
    assert len(seats_seen(view)) == 3


def test_a_double_click_leaves_the_crosshair_where_it_was(view) -> None:
    view.set_layout(Layout.THREE)
    before = {seat: view.panes[seat].state for seat in (AXIAL, CORONAL, SAGITTAL)}
    double_click(view.panes[CORONAL], (90, 150))
    for seat, state in before.items():
        assert view.panes[seat].state.cross == state.cross
        assert view.panes[seat].state.plane.index == state.plane.index


def test_the_keys_go_to_what_is_seen_when_the_view_that_had_them_goes(view, qtbot) -> None:
    QPushButton("next in line for the keyboard", view).show()
    with qtbot.waitActive(view):
        view.activateWindow()
    view.set_layout(Layout.THREE)
    view.panes[SAGITTAL].setFocus()
    view.set_layout(Layout.ONE)
    assert view.panes[AXIAL].hasFocus()


def test_an_arrangement_that_was_kept_comes_back(view) -> None:
    view.set_layout(Layout.THREE)
    view.show_crosshair(False)
    view.show_texts(False)
    kept = view.arrangement
    view.set_layout(Layout.ONE)
    view.show_texts(True)
    view.arrange(kept)
    assert len(seats_seen(view)) == 3
    assert not view.active.state.crosshair
    assert not view.active.state.texts


def test_the_view_that_was_touched_last_is_the_active_one(view, qtbot) -> None:
    view.set_layout(Layout.THREE)
    with qtbot.waitSignal(view.changed):
        wheel(view.panes[SAGITTAL], 1, at=(50, 50))
    assert view.active is view.panes[SAGITTAL]
    view.next_view()
    assert view.active is view.panes[AXIAL]
