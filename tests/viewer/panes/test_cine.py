"""Pictures one after the other."""

import numpy as np
import pytest
from slice_desk import SIZE, grid, state, volume
from view_desk import mr_facts, noise

from engine.pictures import FrameAxis
from viewer.panes.cine import Cine, later, plays_frames
from viewer.seen.hanging import Axis


def test_the_rate_is_held_between_one_and_thirty(qtbot) -> None:
    cine = Cine()
    for asked, held in ((0.1, 1), (12, 12), (99, 30)):
        cine.set_rate(asked)
        assert cine.rate == held


def test_fast_pictures_are_skipped_and_none_is_shown_late(qtbot) -> None:
    cine = Cine()
    gone = []
    cine.stepped.connect(gone.append)
    cine.start(picture_ms=5)
    qtbot.waitUntil(lambda: sum(gone) >= 30)
    cine.stop()
    # 200 pictures a second are painted at most 30 times: several go by each time.
    assert sum(gone) / len(gone) > 3


@pytest.mark.parametrize("axis", Axis)
def test_after_the_last_slice_comes_the_first(axis) -> None:
    shown = state(volume(np.zeros(SIZE[::-1], np.int16)), axis, 3)
    count = shown.plane.count
    numbers = {later(shown, further).plane.number for further in range(count)}
    assert numbers == set(range(1, count + 1))
    assert later(shown, count).plane.number == shown.plane.number
    assert later(shown, 1).plane.number == shown.plane.number % count + 1


def test_time_is_gone_through_by_frames_and_b_values_by_slices() -> None:
    values = np.zeros((4, *SIZE[::-1]), np.int16)
    for axis, frames in ((FrameAxis.TIME, True), (FrameAxis.B_VALUE, False)):
        shown = state(volume(values, grid(), frames=tuple("abcd"), frame_axis=axis), Axis.Z, 3)
        assert plays_frames(shown) is frames
        assert later(shown, 5).plane.frame == (1 if frames else 0)


def test_cine_goes_through_the_slices_and_stops(view, qtbot) -> None:
    view.cine.set_rate(30)
    number = view.active.state.plane.number
    view.toggle_cine()
    qtbot.waitUntil(lambda: view.active.state.plane.number != number)
    view.toggle_cine()
    assert not view.cine.is_running


def test_cine_of_time_goes_through_frames(view, qtbot) -> None:
    facts = mr_facts(
        frames=tuple("abcd"), frame_axis=FrameAxis.TIME, frame_ms=20.0, lies=grid(size=(9, 8, 1))
    )
    view.show_volume(noise((9, 8, 1), 4), facts)
    view.toggle_cine()
    qtbot.waitUntil(lambda: view.active.state.plane.frame > 0)
    view.show_volume(noise(), mr_facts())
    assert not view.cine.is_running
