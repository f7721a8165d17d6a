"""An upright ellipse is found among points of which not all lie on it."""

import numpy as np
import pytest

from engine.preparation.ellipse import Ellipse, Points, fit_ellipse


def on(ellipse: Ellipse, angles: Points) -> Points:
    return np.column_stack(
        [
            ellipse.x + ellipse.across * np.cos(angles),
            ellipse.y + ellipse.down * np.sin(angles),
        ]
    )


@pytest.mark.parametrize("stretch", [0.6, 0.9, 1.0, 1.3, 1.9])
def test_an_ellipse_is_found_though_a_third_of_the_points_lie_elsewhere(stretch: float) -> None:
    rng = np.random.default_rng(3)
    drawn = Ellipse(812.5, 430.25, 300 * stretch, 300)
    points = on(drawn, rng.uniform(0, 2 * np.pi, 600)) + rng.normal(0, 0.3, (600, 2))
    strangers = rng.uniform(0, 1500, (300, 2))
    found = fit_ellipse(rng.permutation(np.concatenate([points, strangers])))
    assert found is not None
    assert (found.x, found.y) == pytest.approx((drawn.x, drawn.y), abs=0.5)
    assert (found.across, found.down) == pytest.approx((drawn.across, drawn.down), abs=0.5)


def test_how_far_a_point_lies_outside_is_told_in_pixels_of_the_circle_that_it_was() -> None:
    drawn = Ellipse(10, 20, 80, 20)
    points = np.array([[90.0, 20], [10, 40], [50, 20], [10, 60]])
    assert drawn.mean_radius == pytest.approx(40)
    assert drawn.residuals(points) == pytest.approx([0, 0, -20, 40])


def test_a_few_points_or_a_line_are_no_ellipse() -> None:
    drawn = Ellipse(50, 50, 40, 30)
    assert fit_ellipse(on(drawn, np.linspace(0, 6, 12))) is None
    line = np.column_stack([np.arange(100.0), 3 * np.arange(100.0) + 5])
    assert fit_ellipse(line) is None
