"""Where a picture lies in its view: fitted, zoomed, dragged."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.geometry import apply
from viewer.seen.view_transform import MOST, ViewTransform

PICTURE, VIEW = (4288, 2848), (1400, 900)
FIT = ViewTransform.fitted(PICTURE, VIEW)


def test_a_fitted_picture_reaches_two_edges_of_the_view_and_no_further() -> None:
    corners = np.array([[-0.5, -0.5], [PICTURE[0] - 0.5, PICTURE[1] - 0.5]])
    (left, top), (right, bottom) = apply(FIT.to_screen, corners)
    assert (top, bottom) == pytest.approx((-0.5, VIEW[1] - 0.5))
    assert left > 0 and right < VIEW[0] - 1
    assert left + right == pytest.approx(VIEW[0] - 1)


@given(
    factor=st.floats(0.2, 40),
    x=st.floats(400, 1000),
    y=st.floats(300, 600),
)
def test_what_lies_under_the_pointer_stays_there_while_zooming(
    factor: float, x: float, y: float
) -> None:
    before = FIT.at_scale(0.7)
    after = before.zoomed(factor, (x, y))
    if after.scale == 1 or after.centre != pytest.approx(_unheld(before, after, (x, y))):
        return  # At 1:1 pixels snap; at the picture's edge the picture must not get lost.
    assert after.picture_at((x, y)) == pytest.approx(before.picture_at((x, y)), abs=1e-6)


def _unheld(before: ViewTransform, after: ViewTransform, at: tuple[float, float]):
    middle = ((VIEW[0] - 1) / 2, (VIEW[1] - 1) / 2)
    place = before.picture_at(at)
    return tuple(place[i] + (middle[i] - at[i]) / after.scale for i in (0, 1))


@given(
    moves=st.lists(
        st.tuples(st.floats(-5000, 5000), st.floats(-5000, 5000), st.floats(0.1, 10)), max_size=12
    )
)
def test_no_movement_loses_the_picture(moves: list[tuple[float, float, float]]) -> None:
    view = FIT
    for across, down, factor in moves:
        view = view.panned(across, down).zoomed(factor, (across % VIEW[0], down % VIEW[1]))
    middle = ((VIEW[0] - 1) / 2, (VIEW[1] - 1) / 2)
    assert view.pixel_at(middle) is not None
    assert 0.5 * FIT.fit_scale <= view.scale <= MOST


@given(across=st.floats(-300, 300), down=st.floats(-300, 300))
def test_at_one_to_one_every_pixel_has_a_device_pixel_of_its_own(
    across: float, down: float
) -> None:
    shift = FIT.at_scale(1.0).panned(across, down).to_screen[:2, 2]
    assert (shift == np.rint(shift)).all()


def test_a_drag_moves_the_picture_by_the_same_number_of_device_pixels() -> None:
    before = FIT.at_scale(2.3)
    after = before.panned(37, -12)
    assert after.to_screen[:2, 2] - before.to_screen[:2, 2] == pytest.approx([37, -12])


def test_a_fitted_picture_stays_fitted_when_the_window_grows() -> None:
    grown = FIT.resized((1800, 1000))
    assert grown == ViewTransform.fitted(PICTURE, (1800, 1000))


def test_a_zoomed_view_keeps_its_middle_when_the_window_grows() -> None:
    zoomed = FIT.at_scale(2.0).panned(100, 50)
    grown = zoomed.resized((1800, 1000))
    assert (grown.scale, grown.centre) == (zoomed.scale, zoomed.centre)


def test_a_pixel_covers_half_a_pixel_around_its_centre() -> None:
    view = FIT.at_scale(8.0)
    x, y = apply(view.to_screen, np.array([[2000.0, 1400.0]]))[0]
    assert view.pixel_at((x + 3.9, y - 3.9)) == (2000, 1400)
    assert view.pixel_at((x + 4.1, y)) == (2001, 1400)


def test_beside_the_picture_there_is_no_pixel() -> None:
    assert FIT.pixel_at((10, 450)) is None


def test_the_frame_is_the_pictures_outer_edge() -> None:
    view = ViewTransform.fitted((400, 300), (800, 700))
    assert view.frame == (0, 50, 800, 600)
    assert view.at_scale(1.0).frame == (200, 200, 400, 300)
