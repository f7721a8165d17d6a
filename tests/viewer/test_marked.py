"""A reader's drawings as outlines."""

import numpy as np
import pytest

from engine.drawings import Arrow, Distance, Ellipse, Outline, Rectangle
from viewer.compare.marked import outlines


def area(line: tuple[tuple[float, float], ...]) -> float:
    x, y = np.array(line).T
    return float(abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2)


def test_a_box_and_an_ellipse_go_round_their_area() -> None:
    ends = ((40.0, 10.0, 0.0), (10.0, 30.0, 0.0))
    box, ellipse = outlines([Rectangle(id="a", points=ends), Ellipse(id="b", points=ends)])
    assert area(box) == 600
    assert area(ellipse) == pytest.approx(np.pi * 15 * 10, rel=0.005)
    assert np.mean(ellipse, axis=0) == pytest.approx((25, 20))


def test_an_outline_is_the_line_that_was_drawn() -> None:
    points = ((1.0, 2.0, 0.0), (9.0, 2.0, 0.0), (5.0, 8.5, 0.0))
    assert outlines([Outline(id="a", points=points)]) == (((1, 2), (9, 2), (5, 8.5)),)


def test_a_length_and_an_arrow_mark_nothing() -> None:
    ends = ((40.0, 10.0, 0.0), (10.0, 30.0, 0.0))
    assert outlines([Distance(id="a", points=ends), Arrow(id="b", points=ends)]) == ()
