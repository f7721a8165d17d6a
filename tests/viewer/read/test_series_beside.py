"""Two series of one space or of none: side by side, one after the other, and laid straight."""

from dataclasses import replace

import numpy as np
import pytest
from series_desk import ONE, TWO, open_series, pane_of
from window_desk import Desk, a_series

from engine.pictures import FrameAxis, grid_of
from viewer.seen.arrangement import Layout


def test_two_series_stand_side_by_side_linked_where_they_share_space(desk: Desk) -> None:
    shared = [
        replace(entry, facts=replace(entry.facts, frame_of_reference="1.2.3"))
        for entry in (ONE, TWO)
    ]
    open_series(desk, *shared)
    volumes = desk.window.volumes
    volumes.choose("one")
    desk.engine.give_volume(entry=shared[0])
    volumes.choose_beside("two")
    desk.engine.give_volume(entry=shared[1])
    view = volumes.view
    assert view.arrangement.layout is Layout.BESIDE
    pane_of(desk).step(3)
    one, other = (view.volume(side) is not None for side in (0, 1))
    assert one
    assert other
    states = [view.panes[side, 2].state for side in (0, 1)]
    assert states[0].cross == pytest.approx(states[1].cross)
    assert "patient position" in states[1].link


def test_two_patients_side_by_side_are_called_out(desk: Desk) -> None:
    other = a_series("other", "1 Head", patient="Other^Person")
    open_series(desk, ONE, other)
    volumes = desk.window.volumes
    volumes.choose("one")
    desk.engine.give_volume(entry=ONE)
    volumes.choose_beside("other")
    desk.engine.give_volume(entry=other)
    for side in (0, 1):
        assert volumes.view.panes[side, 2].state.link.startswith("Two patients")


def test_a_series_laid_straight_keeps_place_and_frame(desk: Desk) -> None:
    diffusion = a_series("dwi", "Diffusion", frames=("b 50", "b 400"), frame_axis=FrameAxis.B_VALUE)
    open_series(desk, diffusion)
    view = desk.window.volumes.view
    view.set_frame(1)
    view.go_to((10.0, 12.0, 4.0))
    desk.window.volumes.straighten()
    finer = replace(
        diffusion,
        facts=replace(diffusion.facts, grid=grid_of(np.diag([0.5, 0.5, 2.5, 1.0]), (128, 96, 40))),
    )
    desk.engine.give_volume(entry=finer)
    state = view.active.state
    assert state.plane.frame == 1
    assert state.cross == pytest.approx((20.0, 24.0, 8.0))


def test_another_series_of_the_same_space_opens_at_the_crosshair(desk: Desk) -> None:
    tra = a_series("tra", "2 T2 tra", frame_of_reference="1.2")
    dwi = a_series("dwi", "3 DWI", size=(32, 24, 10), frame_of_reference="1.2")
    far = a_series("far", "4 Elsewhere", frame_of_reference="1.3")
    open_series(desk, tra, dwi, far)
    volumes = desk.window.volumes
    volumes.choose("tra")
    desk.engine.give_volume(entry=tra)
    volumes.choose_beside("far")
    desk.engine.give_volume(entry=tra)
    volumes.view.go_to((7.0, 8.0, 2.0))
    volumes.choose("dwi")
    desk.engine.give_volume(entry=dwi)
    for side in (0, 1):
        assert volumes.view.panes[side, 2].state.cross == pytest.approx((7.0, 8.0, 2.0))
    volumes.choose("far")
    desk.engine.give_volume(entry=far)
    assert volumes.view.panes[0, 2].state.cross == (32.0, 24.0, 10.0)
