"""Zoom, tone and the wheel's small turns, as numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.seen.frame import Tone
from viewer.seen.view_transform import ViewTransform
from viewer.tools.pan_zoom import NOTCH, ZOOM_STEP, Drag, Grip, Notches, wheel_factor

VIEW = ViewTransform.fitted((4288, 2848), (1400, 900)).at_scale(1.5)


@given(st.lists(st.integers(-240, 240), max_size=20))
def test_a_trackpads_many_small_turns_zoom_as_much_as_one_large_one(turns: list[int]) -> None:
    product = 1.0
    for turn in turns:
        product *= wheel_factor(turn)
    assert product == pytest.approx(wheel_factor(sum(turns)))


def test_a_notch_zooms_by_a_quarter() -> None:
    assert wheel_factor(120) == ZOOM_STEP == 1.25


def test_a_zoom_drag_upwards_enlarges_around_where_it_began() -> None:
    start = (400.0, 300.0)
    view, tone = Drag(Grip.ZOOM, start, VIEW, Tone()).moved((400.0, 240.0))
    assert view.scale > VIEW.scale
    assert view.picture_at(start) == pytest.approx(VIEW.picture_at(start))
    assert tone == Tone()


def test_a_tone_drag_leaves_the_view_and_can_be_dragged_back() -> None:
    drag = Drag(Grip.TONE, (100.0, 100.0), VIEW, Tone())
    view, tone = drag.moved((180.0, 60.0))
    assert view == VIEW
    assert tone.contrast > 1 and tone.brightness > 0
    assert drag.moved((100.0, 100.0)) == (VIEW, Tone())


@given(st.floats(-4000, 4000), st.floats(-4000, 4000))
def test_contrast_and_brightness_stay_within_their_limits(x: float, y: float) -> None:
    _, tone = Drag(Grip.TONE, (0.0, 0.0), VIEW, Tone()).moved((x, y))
    assert 0.2 <= tone.contrast <= 5 and -1 <= tone.brightness <= 1


@given(st.lists(st.integers(0, 360), max_size=30))
def test_small_turns_one_way_make_as_many_notches_as_one_large_turn(turns: list[int]) -> None:
    for sign in (1, -1):
        notches = Notches()
        assert sum(notches.turned(sign * turn) for turn in turns) == sign * (sum(turns) // NOTCH)


def test_a_wheel_that_turns_back_begins_anew() -> None:
    notches = Notches()
    assert [notches.turned(turn) for turn in (100, -100, -20, 0)] == [0, 0, -1, 0]
