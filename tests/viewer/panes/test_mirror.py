"""Mirrored pan and linked zoom, against where a thing and its mirror image are seen."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QHBoxLayout, QWidget

from viewer.panes.mirror import Mirror, MirrorLink
from viewer.panes.photograph import PhotographPane
from viewer.seen.view_transform import ViewTransform

SIZE, VIEW = (900, 600), (640, 700)


def on_screen(view: ViewTransform, at: tuple[float, float]) -> tuple[float, float]:
    x, y, _ = view.to_screen @ np.array([*at, 1.0])
    return float(x), float(y)


@given(
    st.floats(1.2, 8), st.floats(0.2, 0.8), st.floats(0.2, 0.8), st.floats(0, 1), st.floats(0, 1)
)
def test_what_one_view_shows_the_other_shows_mirrored(
    zoom: float, x: float, y: float, at_x: float, at_y: float
) -> None:
    right = ViewTransform.fitted(SIZE, VIEW)
    right = right.at_scale(right.scale * zoom)
    right = right.panned((0.5 - x) * 900 * right.scale, (0.5 - y) * 600 * right.scale)
    left = Mirror().followed(right, ViewTransform.fitted(SIZE, VIEW))
    # A thing in the right eye, and the same in the left one: mirrored at the picture's middle.
    thing = (at_x * 899, at_y * 599)
    image = (899 - thing[0], thing[1])
    seen, mirrored = on_screen(right, thing), on_screen(left, image)
    assert left.scale == pytest.approx(right.scale, rel=1e-12)
    assert seen[0] + mirrored[0] == pytest.approx(VIEW[0] - 1, abs=1e-6)
    assert seen[1] == pytest.approx(mirrored[1], abs=1e-6)


def test_pictures_of_other_sizes_keep_the_same_part_of_their_width() -> None:
    right = ViewTransform.fitted(SIZE, VIEW).at_scale(3.0).panned(300, 0)
    left = Mirror().followed(right, ViewTransform.fitted((1800, 1200), VIEW))
    assert left.scale * 1800 == pytest.approx(right.scale * 900)
    assert (left.centre[0] + 0.5) / 1800 + (right.centre[0] + 0.5) / 900 == pytest.approx(1)


def test_a_mirror_s_back_undoes_it() -> None:
    one = ViewTransform.fitted(SIZE, VIEW).at_scale(2.0).panned(100, 40)
    other = ViewTransform.fitted(SIZE, VIEW).at_scale(3.0).panned(-20, 60)
    mirror = Mirror.between(one, other)
    for leader, follower, way in ((one, other, mirror), (other, one, mirror.back)):
        followed = way.followed(leader, follower)
        assert followed.scale == pytest.approx(follower.scale)
        assert followed.centre == pytest.approx(follower.centre)


@pytest.fixture
def eyes(qtbot: Any) -> Iterator[tuple[PhotographPane, PhotographPane, MirrorLink]]:
    both = QWidget()
    row = QHBoxLayout(both)
    row.setSpacing(0)
    row.setContentsMargins(0, 0, 0, 0)
    right, left = PhotographPane(both), PhotographPane(both)
    for pane in (right, left):
        row.addWidget(pane)
    both.resize(1000, 500)
    qtbot.addWidget(both)
    with qtbot.waitExposed(both):
        both.show()
    for pane in (right, left):
        pane.show_photograph(np.zeros((600, 900, 3), np.uint8), "eye")
    yield right, left, MirrorLink(right, left, both)


def test_either_eye_leads_toward_the_nose(
    eyes: tuple[PhotographPane, PhotographPane, MirrorLink],
) -> None:
    right, left, _ = eyes
    right.zoom_by(4)
    right.pan_by(-40, 10)
    assert right.state.view is not None
    assert left.state.view is not None
    # The view of a right eye goes right, to the nose; that of a left one goes left.
    assert right.state.view.centre[0] > 449.5 > left.state.view.centre[0]
    left.pan_by(-40, -10)
    assert right.state.view.centre == pytest.approx((449.5, 299.5), abs=1e-6)
    assert left.state.view.centre == pytest.approx((449.5, 299.5), abs=1e-6)


def test_parted_views_stay_and_linked_anew_keep_their_place_to_each_other(
    eyes: tuple[PhotographPane, PhotographPane, MirrorLink],
) -> None:
    right, left, link = eyes
    right.zoom_by(4)
    link.set_linked(False)
    left.pan_by(60, 0)
    assert right.state.view is not None
    assert left.state.view is not None
    shift = left.state.view.centre[0] - 449.5
    assert shift < 0
    assert right.state.view.centre[0] == pytest.approx(449.5)
    link.set_linked(True)
    right.pan_by(-20, 0)
    moved = right.state.view.centre[0] - 449.5
    assert left.state.view.centre[0] == pytest.approx(449.5 + shift - moved)
    link.align()
    assert left.state.view.centre[0] == pytest.approx(449.5 - moved)


def test_a_view_that_is_whole_leaves_the_other_whole(
    eyes: tuple[PhotographPane, PhotographPane, MirrorLink],
) -> None:
    right, left, _ = eyes
    right.zoom_by(4)
    right.reset()
    assert left.state.view is not None
    assert left.state.view.is_fitted
