"""The drawn eye's disc, fovea and regions, and where a hand finds them in the window."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from window_desk import Desk, a_region

from engine.answers import Landmarks
from engine.geometry import Circle
from engine.pictures import Laterality
from viewer.read.regions import RegionDesk

LANDMARKS = Landmarks(Circle(650, 300, 40), 1, (450, 310), 1, Laterality.RIGHT)
STRONG = a_region(400, 150, 60, 0.4)
WEAK = a_region(250, 330, 30, 0.1)


@pytest.fixture
def listed(desk: Desk) -> Desk:
    """A photograph with an answer, its disc and fovea, and two regions."""
    desk.open_and_answer()
    desk.engine.give_landmarks(LANDMARKS)
    desk.engine.give_regions(STRONG, WEAK)
    return desk


def regions(desk: Desk) -> RegionDesk:
    return desk.window.photographs.regions


def picture_at(desk: Desk, x: float, y: float) -> QPoint:
    """Where a photograph's place is painted."""
    pane = desk.window.photographs.pane
    assert pane.slice.update(pane.state, pane.devicePixelRatioF())
    across, down = pane.slice.place(np.array([[x, y, 0.0]]))[0]
    return QPoint(round(across), round(down))
