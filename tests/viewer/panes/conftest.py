"""A volume's views and a slice's alone, on the screen."""

import numpy as np
import pytest
from slice_desk import SIZE, state, volume
from view_desk import mr_facts, noise

from viewer.panes.slice_pane import SlicePane
from viewer.panes.volume_view import VolumeView
from viewer.seen.hanging import Axis


@pytest.fixture
def view(qtbot) -> VolumeView:
    view = VolumeView()
    qtbot.addWidget(view)
    view.resize(1000, 700)
    view.show_volume(noise(), mr_facts())
    with qtbot.waitExposed(view):
        view.show()
    return view


@pytest.fixture
def pane(qtbot) -> SlicePane:
    pane = SlicePane()
    qtbot.addWidget(pane)
    pane.resize(700, 500)
    z, _, x = np.indices(SIZE[::-1])
    values = (x + 100 * (z % 3)).astype(np.int16)
    pane.show_state(state(volume(values, value_range=(-1000.0, 1000.0)), Axis.Z, 10))
    with qtbot.waitExposed(pane):
        pane.show()
    return pane
