"""Views that keep the eye where it was on the screen."""

import numpy as np
import pytest

from viewer.seen.view_transform import ViewTransform
from viewer.timeline.aligned import carried, turned


def test_what_lay_under_a_place_of_the_screen_lies_there_in_the_next_photograph() -> None:
    view = ViewTransform((1000, 800), (640, 480), 2.0, (400.0, 300.0))
    other = ViewTransform.fitted((1500, 1200), (640, 480))
    # The next camera sees everything 1.5 times as large, and 30 and 20 pixels aside.
    matrix = np.array([[1.5, 0, 30], [0, 1.5, 20], [0, 0, 1.0]])
    shown = carried(view, matrix, other)
    for place in ((400.0, 300.0), (350.0, 260.0), (520.0, 390.0)):
        before = view.to_screen @ (*place, 1)
        after = shown.to_screen @ (matrix @ (*place, 1))
        assert after == pytest.approx(before, abs=1e-6)


def test_a_turn_is_told_in_degrees() -> None:
    angle = np.radians(5)
    turn = np.array([[np.cos(angle), -np.sin(angle), 9], [np.sin(angle), np.cos(angle), 4]])
    assert turned(np.vstack([1.2 * turn, [0, 0, 1]])) == pytest.approx(5)
