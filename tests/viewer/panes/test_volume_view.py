"""Volumes in their views, driven by mouse and by the window's commands."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hand_desk import RIGHT, double_click, drag, mouse, shot, wheel
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton
from slice_desk import SIZE, grid

from engine.listing import Origin
from engine.pictures import FrameAxis, GreyWindow, Grid, VolumeFacts, grid_of
from engine.space import affine_of, to_patient, to_voxel
from viewer.bench.frames import PaintCount
from viewer.panels.series import MIME
from viewer.panes.drop_hint import DropHint
from viewer.panes.volume_view import VolumeView
from viewer.seen.arrangement import Layout
from viewer.seen.display import Projection, Sampling, Slab
from viewer.seen.hanging import Axis
from viewer.seen.presets import LUNG
from viewer.seen.volume_overlay import VolumeOverlay

AXIAL, CORONAL, SAGITTAL, OTHER = (0, Axis.Z), (0, Axis.Y), (0, Axis.X), (1, Axis.Z)


def _facts(**more) -> VolumeFacts:
    told = {"modality": "MR", "value_range": (0.0, 1000.0), "frame_of_reference": "1.2"}
    return VolumeFacts(more.pop("lies", grid()), **{**told, **more})


def _values(size=SIZE, frames: int = 1) -> np.ndarray:
    values = np.random.default_rng(5).integers(0, 1000, (frames, *size[::-1]))
    return values.astype(np.int16)


@pytest.fixture
def view(qtbot) -> VolumeView:
    view = VolumeView()
    qtbot.addWidget(view)
    view.resize(1000, 700)
    view.show_volume(_values(), _facts())
    with qtbot.waitExposed(view):
        view.show()
    return view


def _seen(view: VolumeView) -> list:
    return [seat for seat, pane in view.panes.items() if pane.isVisible()]


def _at(pane, voxel) -> tuple[int, int]:
    x, y = np.rint(pane.place(np.array([voxel], float))[0]).astype(int).tolist()
    return x, y


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
    view.show_volume(_values(), _facts(), side=1)
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


# ---- layouts


def test_a_volume_opens_in_its_middle_in_one_view(view) -> None:
    assert _seen(view) == [AXIAL]
    assert view.active.state.plane.index == SIZE[2] // 2
    assert view.active.state.plane.is_fitted


def test_the_layouts_are_gone_through(view) -> None:
    assert view.layouts == (Layout.ONE, Layout.THREE)
    view.next_layout()
    assert sorted(_seen(view)) == sorted([AXIAL, CORONAL, SAGITTAL])
    view.next_layout()
    assert _seen(view) == [AXIAL]


def test_a_single_slice_has_no_planes_to_go_through(view) -> None:
    view.set_layout(Layout.THREE)
    view.show_volume(_values((60, 50, 1)), _facts(lies=grid(size=(60, 50, 1))))
    assert view.layouts == (Layout.ONE,)
    assert _seen(view) == [AXIAL]


def test_a_double_click_shows_one_plane_alone_and_brings_all_back(view) -> None:
    view.set_layout(Layout.THREE)
    pane = view.panes[CORONAL]
    double_click(pane, (60, 60))
    assert _seen(view) == [CORONAL]
    assert pane.size() == view.size()
    double_click(pane, (60, 60))
    assert len(_seen(view)) == 3


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
    assert len(_seen(view)) == 3
    assert not view.active.state.crosshair
    assert not view.active.state.texts


def test_the_view_that_was_touched_last_is_the_active_one(view, qtbot) -> None:
    view.set_layout(Layout.THREE)
    with qtbot.waitSignal(view.changed):
        wheel(view.panes[SAGITTAL], 1, at=(50, 50))
    assert view.active is view.panes[SAGITTAL]
    view.next_view()
    assert view.active is view.panes[AXIAL]


# ---- three planes


def test_a_click_in_one_plane_moves_all_three(view) -> None:
    view.set_layout(Layout.THREE)
    axial = view.panes[AXIAL]
    at = _at(axial, (21.0, 33.0, 10.0))
    drag(axial, at, at)
    cross = axial.state.cross
    assert np.abs(np.array(cross) - (21, 33, 10)).max() < 0.5
    assert view.panes[CORONAL].state.plane.index == 33
    assert view.panes[SAGITTAL].state.plane.index == 21
    sagittal = view.panes[SAGITTAL]
    drag(sagittal, _at(sagittal, (21, 12, 4)), _at(sagittal, (21, 12, 4)))
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
    x, y = _at(pane, pane.state.cross)
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


# ---- values


def test_presets_colours_sampling_and_slab_are_set_by_command(view) -> None:
    assert view.choose_preset(1)
    assert view.display.window == GreyWindow(500, 1000, "Full range")
    assert not view.choose_preset(7)
    view.invert()
    view.set_colours("viridis")
    view.set_sampling(Sampling.SMOOTH)
    view.set_slab(Slab(Projection.MEAN, 9.0))
    shown = view.display
    assert shown.inverted and shown.colours == "viridis"
    assert shown.sampling is Sampling.SMOOTH and shown.slab.thickness == 9
    first = view.panes[AXIAL].state.display
    view.reset()
    assert view.display != first
    assert view.display.window.name == "Middle 98 %"


def test_reset_brings_zoom_turn_and_window_back(view) -> None:
    before = view.active.state
    view.active.zoom_by(3)
    view.active.turn(1)
    view.active.flip(left_right=True)
    view.invert()
    assert view.active.state.plane.letters != before.plane.letters
    view.reset()
    assert view.active.state.plane == before.plane
    assert view.active.state.display == before.display


def test_frames_are_chosen_for_all_planes_of_a_volume(view) -> None:
    values = _values(frames=3)
    facts = _facts(frames=("b 50", "b 400", "b 800"), frame_axis=FrameAxis.B_VALUE)
    view.show_volume(values, facts)
    view.set_layout(Layout.THREE)
    view.set_frame(2)
    for seat in (AXIAL, CORONAL, SAGITTAL):
        assert view.panes[seat].state.plane.frame == 2
    view.set_frame(99)
    assert view.active.state.plane.frame == 2


def _framed(view: VolumeView, axis: FrameAxis) -> None:
    values = _values(frames=2)
    values[1] //= 10
    names = ("one", "two")
    view.show_volume(values, _facts(modality="MR", unit=None, frames=names, frame_axis=axis))


def test_a_preset_that_is_computed_follows_the_frame(view) -> None:
    _framed(view, FrameAxis.B_VALUE)
    before = view.display.window
    view.set_frame(1)
    after = view.display.window
    assert (before.name, after.name) == ("Middle 98 %", "Middle 98 %")
    assert after.width == pytest.approx(before.width / 10, rel=0.05)
    view.choose_preset(2)
    assert view.display.window == after
    view.reset()
    assert view.display.window == after
    view.set_frame(0)
    assert view.display.window == before


def test_a_window_set_by_hand_stays_with_another_frame(view) -> None:
    _framed(view, FrameAxis.B_VALUE)
    view.set_window(GreyWindow(5, 10))
    view.set_frame(1)
    assert view.display.window == GreyWindow(5, 10)


def test_in_time_the_window_stays_and_says_whose_it_is(view) -> None:
    _framed(view, FrameAxis.TIME)
    before = view.display.window
    view.set_frame(1)
    assert view.display.window == replace(before, name="Middle 98 % of frame 1")


def test_a_field_opens_in_the_range_of_all_its_components(view) -> None:
    values = np.zeros((3, *SIZE[::-1]), np.float32)
    values[1], values[2] = -3, 2
    facts = _facts(modality=None, unit=None, frames=("1", "2", "3"), value_range=(-3.0, 2.0))
    view.show_volume(values, replace(facts, frame_axis=FrameAxis.COMPONENT))
    assert view.display.window == GreyWindow(-0.5, 5.0, "Full range")


def test_an_overlay_is_hidden_while_its_key_is_held(view) -> None:
    mask = np.zeros(SIZE[::-1], np.uint8)
    mask[5:15, 10:40, 10:50] = 1
    bare = shot(view.active)
    view.set_overlay(VolumeOverlay(mask, 1, "Mask"))
    tinted = shot(view.active)
    assert (tinted != bare).any()
    view.hold_hidden(True)
    middle = (slice(300, 400), slice(300, 600))
    assert (shot(view.active)[middle] == bare[middle]).all()
    view.hold_hidden(False)
    assert (shot(view.active) == tinted).all()


# ---- still being read


def test_a_volume_shows_while_it_is_read_and_then_chooses_its_window_anew(view) -> None:
    values = np.full((1, *SIZE[::-1]), -1000, np.int16)
    facts = replace(_facts(modality="CT", unit="HU"), value_range=None)
    view.begin(values, facts, ())
    assert view.volume().is_blank
    first = view.active.state.display.window
    values[0, 10] = 40
    view.slices_read([(0, 10)])
    assert view.volume().is_read(0, 10) and not view.volume().is_read(0, 11)
    assert view.panes[CORONAL].state.volume is view.volume()
    values[:] = -1000
    values[:, :, 10:40, 12:48] = -800
    view.slices_read([(0, z) for z in range(SIZE[2])])
    view.complete(replace(facts, value_range=(-1000.0, -800.0), content_hash="abc"))
    assert view.volume().facts.content_hash == "abc"
    assert view.display.window == LUNG != first


def test_the_first_slice_that_comes_chooses_the_window(view) -> None:
    values = np.full((1, *SIZE[::-1]), -800, np.int16)
    facts = replace(_facts(modality="CT", unit="HU"), value_range=None)
    view.begin(values, facts, ())
    assert view.display.window != LUNG
    view.slices_read([(0, 10)])
    assert view.display.window == LUNG


def test_a_window_that_the_reader_set_while_loading_stays(view) -> None:
    facts = replace(_facts(modality="CT", unit="HU"), value_range=None)
    view.begin(np.zeros((1, *SIZE[::-1]), np.int16), facts, [(0, 10)])
    view.set_window(GreyWindow(1, 2))
    view.slices_read([(0, 3)])
    view.complete(facts)
    assert view.display.window == GreyWindow(1, 2)


def test_slices_that_come_during_a_drag_stay(view) -> None:
    values = np.zeros((1, *SIZE[::-1]), np.int16)
    view.begin(values, _facts(), [(0, 10)])
    pane = view.panes[AXIAL]
    drag(pane, (300, 300), (320, 300), RIGHT, let_go=False)
    view.slices_read([(0, 3)])
    mouse(pane, QEvent.Type.MouseMove, (340, 300), held=RIGHT)
    assert view.volume().is_read(0, 3)
    assert pane.drop_tool()
    assert view.volume().is_read(0, 3)


def test_another_volume_during_a_drag_is_shown_as_it_opens(view) -> None:
    values = _values(frames=3)
    view.show_volume(values, _facts(frames=tuple("abc"), frame_axis=FrameAxis.ECHO))
    view.set_layout(Layout.THREE)
    view.set_frame(2)
    for seat in (AXIAL, CORONAL):
        drag(view.panes[seat], (100, 100), (130, 100), RIGHT, let_go=False)
    view.show_volume(_values() * 2, _facts(value_range=(0.0, 2000.0)))
    for seat in (AXIAL, CORONAL, SAGITTAL):
        state = view.panes[seat].state
        assert state.plane.frame == 0
        assert state.display == view.display
        assert state.display.window.name == "Middle 98 %"
    shot(view)


def test_a_cleared_view_keeps_no_hold_of_the_values(view) -> None:
    import gc
    import weakref

    values = _values()
    held = weakref.ref(values)
    view.show_volume(values, _facts())
    view.set_layout(Layout.THREE)
    shot(view)
    del values
    view.clear()
    gc.collect()
    assert held() is None
    assert not view.has_volume()
    view.choose_preset(1)
    view.toggle_cine()
    view.next_layout()
    view.reset()


# ---- cine


def test_cine_goes_through_the_slices_and_stops(view, qtbot) -> None:
    view.cine.set_rate(30)
    number = view.active.state.plane.number
    view.toggle_cine()
    qtbot.waitUntil(lambda: view.active.state.plane.number != number)
    view.toggle_cine()
    assert not view.cine.is_running


def test_cine_of_time_goes_through_frames(view, qtbot) -> None:
    facts = _facts(
        frames=tuple("abcd"), frame_axis=FrameAxis.TIME, frame_ms=20.0, lies=grid(size=(9, 8, 1))
    )
    view.show_volume(_values((9, 8, 1), 4), facts)
    view.toggle_cine()
    qtbot.waitUntil(lambda: view.active.state.plane.frame > 0)
    view.show_volume(_values(), _facts())
    assert not view.cine.is_running


# ---- two volumes


def _beside(view: VolumeView, facts: VolumeFacts) -> None:
    view.show_volume(_values(facts.grid.size), facts, Origin(), side=1)
    view.set_layout(Layout.BESIDE)


def _patient(pane) -> np.ndarray:
    state = pane.state
    return to_patient(state.facts.grid.affine, np.array([state.cross]))[0]


def test_two_volumes_of_one_space_show_the_same_place_and_say_so(view) -> None:
    lies = grid("LPS", (1.0, 1.0, 5.0), (40, 50, 14), (-35, 10, 395))
    _beside(view, _facts(lies=lies))
    left, right = view.panes[AXIAL], view.panes[OTHER]
    assert left.state.link == right.state.link == "Linked by patient position"
    wheel(left, -2)
    np.testing.assert_allclose(_patient(left), _patient(right))
    drag(right, (200, 300), (220, 280))
    np.testing.assert_allclose(_patient(left), _patient(right))
    nearest = to_voxel(lies.affine, _patient(left)[None])[0, 2]
    assert right.state.plane.index == round(nearest)


def test_volumes_that_share_nothing_are_linked_by_hand_alone(view) -> None:
    _beside(view, _facts(frame_of_reference="7", lies=grid(origin=(0, 0, 0))))
    left, right = view.panes[AXIAL], view.panes[OTHER]
    assert left.state.link == "Not linked"
    index = right.state.plane.index
    wheel(left, -2)
    assert right.state.plane.index == index
    view.link_here()
    assert left.state.link == right.state.link == "Linked by your offset"
    wheel(left, 1)
    assert right.state.plane.index == index + 1
    view.set_linked(False)
    assert right.state.link == "Not linked"
    wheel(left, 1)
    assert right.state.plane.index == index + 1


def test_beyond_the_other_series_the_view_says_so(view) -> None:
    lies = grid("LPS", origin=(-30.0, 12.0, 430.0), size=(60, 50, 5))
    _beside(view, _facts(lies=lies))
    view.panes[AXIAL].last()
    right = view.panes[OTHER]
    assert right.state.link == "Linked by patient position, beyond this series"
    assert view.panes[AXIAL].state.link == "Linked by patient position"


def test_the_same_plane_is_as_large_in_both(view) -> None:
    _beside(view, _facts(lies=grid("LPS", (1.0, 1.0, 5.0), (40, 50, 14), (-35, 10, 395))))
    left, right = view.panes[AXIAL], view.panes[OTHER]
    left.zoom_by(2.5)
    assert right.state.plane.scale == left.state.plane.scale


def test_the_second_volume_goes_and_so_does_its_view(view) -> None:
    _beside(view, _facts())
    view.clear(1)
    assert _seen(view) == [AXIAL]
    assert view.active.state.link == ""
    assert view.layouts == (Layout.ONE, Layout.THREE)


def _series(folder: Path) -> tuple[np.ndarray, Grid, str]:
    """A real series by its headers alone; values do not matter here."""
    import pydicom

    slices = [pydicom.dcmread(path, stop_before_pixels=True) for path in folder.glob("*.dcm")]
    across, down = np.split(np.array(slices[0].ImageOrientationPatient, float), 2)
    normal = np.cross(across, down)
    slices.sort(key=lambda each: float(np.dot(each.ImagePositionPatient, normal)))
    first, last = (np.array(slices[at].ImagePositionPatient, float) for at in (0, -1))
    step = float(np.linalg.norm(last - first)) / (len(slices) - 1)
    pitch = [float(side) for side in slices[0].PixelSpacing]
    directions = np.stack([across, down, normal], axis=1)
    affine = affine_of(directions, (pitch[1], pitch[0], step), first)
    size = (int(slices[0].Columns), int(slices[0].Rows), len(slices))
    values = np.zeros((1, *size[::-1]), np.int16)
    return values, grid_of(affine, size), str(slices[0].FrameOfReferenceUID)


def test_a_crosshair_on_the_real_prostate_shows_one_point_in_axial_and_coronal(
    view, shared
) -> None:
    folder = shared("data/radiology/mr_t2")
    for side, name in enumerate(("prostatex0000_t2_tse_tra", "prostatex0000_t2_tse_cor_jpegls")):
        values, lies, frame = _series(folder / name)
        view.show_volume(values, _facts(lies=lies, frame_of_reference=frame), side=side)
    view.set_layout(Layout.BESIDE)
    left, right = view.panes[AXIAL], view.panes[OTHER]
    assert left.state.plane.name == "Axial" and right.state.plane.name == "Coronal"
    for at in ((250, 350), (230, 330), (270, 370)):
        drag(left, at, at)
        np.testing.assert_allclose(_patient(left), _patient(right), atol=1e-6)
        # And where it is drawn is where the patient's point lies on that slice.
        plane = right.state.plane
        drawn = plane.to_device(to_voxel(plane.grid.affine, _patient(left)[None]))
        np.testing.assert_allclose(plane.to_device(np.array([right.state.cross])), drawn, atol=1e-6)
        normal = right.state.cross[2] - right.state.plane.index
        assert abs(normal) <= 0.5


_THREE_AT_ANOTHER_RATIO = """
import numpy as np
from PySide6.QtWidgets import QApplication
application = QApplication([])
from hand_desk import shot
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
    here = Path(__file__).parents[1]
    paths = os.pathsep.join([str(here), str(here.parents[1])])
    told = subprocess.run(
        [sys.executable, "-c", _THREE_AT_ANOTHER_RATIO],
        env=dict(os.environ, QT_SCALE_FACTOR=ratio, QT_QPA_PLATFORM="offscreen", PYTHONPATH=paths),
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    rows = np.array([line.split() for line in told.splitlines()], float)
    assert rows.shape == (3, 3)
    np.testing.assert_allclose(rows[:, 0], float(ratio))
    assert np.abs(rows[:, 1:]).max() <= 0.5
