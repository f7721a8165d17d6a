"""Three planes of a volume: one point, one window, each painted where it says."""

import numpy as np
import pytest
from hand_desk import RIGHT, drag, shot, wheel
from PySide6.QtWidgets import QApplication
from scaled import printed_at
from view_desk import AXIAL, CORONAL, SAGITTAL, place_of

from engine.pictures import GreyWindow
from viewer.bench.frames import PaintCount
from viewer.seen.arrangement import Layout


def test_a_click_in_one_plane_moves_all_three(view) -> None:
    view.set_layout(Layout.THREE)
    axial = view.panes[AXIAL]
    at = place_of(axial, (21.0, 33.0, 10.0))
    drag(axial, at, at)
    cross = axial.state.cross
    assert np.abs(np.array(cross) - (21, 33, 10)).max() < 0.5
    assert view.panes[CORONAL].state.plane.index == 33
    assert view.panes[SAGITTAL].state.plane.index == 21
    sagittal = view.panes[SAGITTAL]
    drag(sagittal, place_of(sagittal, (21, 12, 4)), place_of(sagittal, (21, 12, 4)))
    assert axial.state.plane.index == 4
    assert view.panes[CORONAL].state.plane.index == 12


def test_scrolling_one_plane_moves_its_line_in_the_others(view) -> None:
    view.set_layout(Layout.THREE)
    wheel(view.panes[AXIAL], -3)
    index = view.panes[AXIAL].state.plane.index
    assert view.panes[CORONAL].state.cross[2] == index


def test_the_crosshair_is_drawn_through_the_point_and_leaves_it_bare(view) -> None:
    view.set_layout(Layout.THREE)
    view.set_window(GreyWindow(9000, 1))
    pane = view.panes[AXIAL]
    with_lines = shot(pane).astype(int)
    view.show_crosshair(False)
    drawn = (np.abs(with_lines - shot(pane)) > 100).any(axis=2)
    x, y = place_of(pane, pane.state.cross)
    line = drawn[y - 2 : y + 3].any(axis=0)
    assert line[x - 60 : x - 20].all()
    assert not line[x - 15 : x + 16].any()


def test_a_window_belongs_to_the_volume_and_not_to_a_view(view) -> None:
    view.set_layout(Layout.THREE)
    drag(view.panes[AXIAL], (300, 300), (340, 300), RIGHT)
    window = view.panes[AXIAL].state.display.window
    assert view.panes[CORONAL].state.display.window == window


def test_what_one_plane_alone_does_paints_no_other(view, qtbot) -> None:
    view.set_layout(Layout.THREE)
    QApplication.processEvents()
    painted = PaintCount(view.panes[CORONAL])
    view.panes[AXIAL].zoom_by(1.5)
    axial = PaintCount(view.panes[AXIAL])
    qtbot.waitUntil(lambda: axial.events > 0)
    assert painted.events == 0
    wheel(view.panes[AXIAL], 1)
    qtbot.waitUntil(lambda: painted.events > 0)


_THREE_AT_ANOTHER_RATIO = """
import numpy as np
from PySide6.QtWidgets import QApplication
application = QApplication([])
from hand_desk import shot
from scaled import printed_at
from slice_desk import SIZE, grid
from engine.pictures import GreyWindow, VolumeFacts
from viewer.seen.arrangement import Layout
from viewer.panes.volume_view import VolumeView
view = VolumeView()
view.resize(903, 702)
values = np.zeros((1, *SIZE[::-1]), np.int16)
voxel = (33, 21, 11)
values[0, voxel[2], voxel[1], voxel[0]] = 1000
view.show_volume(values, VolumeFacts(grid(), "MR", value_range=(0.0, 1000.0)))
view.set_window(GreyWindow(500, 1000))
view.set_layout(Layout.THREE)
view.show_crosshair(False)
view.show_texts(False)
view.go_to(voxel)
view.show()
application.processEvents()
whole = shot(view)[..., 1].astype(float)
for pane in view.panes.values():
    if pane.isVisible():
        wanted = pane.state.plane.to_device(np.array([voxel], float))[0]
        wanted = wanted + np.array([pane.x(), pane.y()]) * pane.ratio
        x, y = np.rint(wanted).astype(int)
        reach = 25
        part = whole[y - reach : y + reach + 1, x - reach : x + reach + 1]
        rows, columns = np.indices(part.shape) - reach
        spot = [(part * along).sum() / part.sum() for along in (columns, rows)]
        print(pane.ratio, *(np.array([x, y]) + spot - wanted))
"""


@pytest.mark.parametrize("ratio", ["1", "1.25", "1.5"])
def test_a_voxel_is_painted_in_all_three_planes_where_they_say_at_every_scaling(ratio) -> None:
    told = printed_at(ratio, _THREE_AT_ANOTHER_RATIO)
    rows = np.array([line.split() for line in told.splitlines()], float)
    assert rows.shape == (3, 3)
    np.testing.assert_allclose(rows[:, 0], float(ratio))
    assert np.abs(rows[:, 1:]).max() <= 0.5
