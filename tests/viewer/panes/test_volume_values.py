"""How a volume's values are shown: presets, colours, slabs, frames, and a mask on them."""

from dataclasses import replace

import numpy as np
import pytest
from hand_desk import shot
from slice_desk import SIZE
from view_desk import AXIAL, CORONAL, SAGITTAL, mr_facts, noise

from engine.pictures import FrameAxis, GreyWindow
from viewer.panes.volume_view import VolumeView
from viewer.seen.arrangement import Layout
from viewer.seen.display import Projection, Sampling, Slab
from viewer.seen.volume_overlay import VolumeOverlay


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
    values = noise(frames=3)
    facts = mr_facts(frames=("b 50", "b 400", "b 800"), frame_axis=FrameAxis.B_VALUE)
    view.show_volume(values, facts)
    view.set_layout(Layout.THREE)
    view.set_frame(2)
    for seat in (AXIAL, CORONAL, SAGITTAL):
        assert view.panes[seat].state.plane.frame == 2
    view.set_frame(99)
    assert view.active.state.plane.frame == 2


def _framed(view: VolumeView, axis: FrameAxis) -> None:
    values = noise(frames=2)
    values[1] //= 10
    names = ("one", "two")
    view.show_volume(values, mr_facts(modality="MR", unit=None, frames=names, frame_axis=axis))


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
    facts = mr_facts(modality=None, unit=None, frames=("1", "2", "3"), value_range=(-3.0, 2.0))
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
