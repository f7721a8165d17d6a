"""Drawing tools see a photograph where it is painted, at every zoom."""

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from viewer.panes.photograph_slice import PhotographSlice
from viewer.panes.state import PaneState
from viewer.seen.view_transform import ViewTransform

PIXELS = np.zeros((300, 500, 3), np.uint8)


@pytest.mark.parametrize("scale", [0.31, 1.0, 1.7, 12.0])
@pytest.mark.parametrize("ratio", [1.0, 1.5])
def test_a_point_lies_where_the_view_paints_its_pixel(qtbot, scale: float, ratio: float) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    view = ViewTransform((500, 300), (801, 640), scale, (231.3, 150.9))
    state = PaneState(pixels=PIXELS, view=view)
    shown = PhotographSlice(widget)
    shown.show(PIXELS, "c" * 64)
    assert shown.update(state, ratio)
    (placed,) = shown.place(np.array([[200.0, 120.0, 0.0]]))
    at = (placed[0] * ratio - 0.5, placed[1] * ratio - 0.5)
    assert view.picture_at(at) == pytest.approx((200.0, 120.0))
    (back,) = shown.state.plane.to_voxel(np.array([at]))
    assert tuple(back) == pytest.approx((200.0, 120.0, 0.0))


def test_what_is_drawn_belongs_to_the_photograph_s_content(qtbot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    shown = PhotographSlice(widget)
    shown.show(PIXELS, "c" * 64)
    assert shown.volume is not None
    assert shown.volume.facts.content_hash == "c" * 64
    assert shown.volume.facts.grid.spacing == (None, None, None)
