"""A volume that is still being read, that another follows, or that goes."""

from dataclasses import replace

import numpy as np
from hand_desk import RIGHT, drag, mouse, shot
from PySide6.QtCore import QEvent
from slice_desk import SIZE
from view_desk import AXIAL, CORONAL, SAGITTAL, mr_facts, noise

from engine.pictures import FrameAxis, GreyWindow
from viewer.seen.arrangement import Layout
from viewer.seen.presets import LUNG


def test_a_volume_shows_while_it_is_read_and_then_chooses_its_window_anew(view) -> None:
    values = np.full((1, *SIZE[::-1]), -1000, np.int16)
    facts = replace(mr_facts(modality="CT", unit="HU"), value_range=None)
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
    facts = replace(mr_facts(modality="CT", unit="HU"), value_range=None)
    view.begin(values, facts, ())
    assert view.display.window != LUNG
    view.slices_read([(0, 10)])
    assert view.display.window == LUNG


def test_a_window_that_the_reader_set_while_loading_stays(view) -> None:
    facts = replace(mr_facts(modality="CT", unit="HU"), value_range=None)
    view.begin(np.zeros((1, *SIZE[::-1]), np.int16), facts, [(0, 10)])
    view.set_window(GreyWindow(1, 2))
    view.slices_read([(0, 3)])
    view.complete(facts)
    assert view.display.window == GreyWindow(1, 2)


def test_slices_that_come_during_a_drag_stay(view) -> None:
    values = np.zeros((1, *SIZE[::-1]), np.int16)
    view.begin(values, mr_facts(), [(0, 10)])
    pane = view.panes[AXIAL]
    drag(pane, (300, 300), (320, 300), RIGHT, let_go=False)
    view.slices_read([(0, 3)])
    mouse(pane, QEvent.Type.MouseMove, (340, 300), held=RIGHT)
    assert view.volume().is_read(0, 3)
    assert pane.drop_tool()
    assert view.volume().is_read(0, 3)


def test_another_volume_during_a_drag_is_shown_as_it_opens(view) -> None:
    values = noise(frames=3)
    view.show_volume(values, mr_facts(frames=tuple("abc"), frame_axis=FrameAxis.ECHO))
    view.set_layout(Layout.THREE)
    view.set_frame(2)
    for seat in (AXIAL, CORONAL):
        drag(view.panes[seat], (100, 100), (130, 100), RIGHT, let_go=False)
    view.show_volume(noise() * 2, mr_facts(value_range=(0.0, 2000.0)))
    for seat in (AXIAL, CORONAL, SAGITTAL):
        state = view.panes[seat].state
        assert state.plane.frame == 0
        assert state.display == view.display
        assert state.display.window.name == "Middle 98 %"
    shot(view)


def test_a_cleared_view_keeps_no_hold_of_the_values(view) -> None:
    import gc
    import weakref

    values = noise()
    held = weakref.ref(values)
    view.show_volume(values, mr_facts())
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
