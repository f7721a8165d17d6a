"""Names of curves, against many points along each curve."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.curve_names import HEIGHT, NamePlace, name_places, width

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]
NAMES = ("lesions", "ω", "π", "at random")
X = np.linspace(0, 1, 50)
CHECKS = {
    "apart": [(X, np.exp(-20 * X)), (X, np.exp(-4 * X)), (X, np.exp(-2 * X)), (X, 1 - X)],
    "all at the top": [
        (X, 0.99 - 0.2 * X**4 - 0.05 * np.exp(-9 * X) * np.sin(90 * X)),
        (X, 1 - 0.2 * X**6),
        (X, 1 - 0.2 * X**2),
        (X, 1 - 0.2 * X**3),
    ],
    "one on the other": [*[(X, np.minimum(1, 0.8 + 100 * X))] * 3, (X, 1 - 0.2 * (1 - X) ** 4)],
}


@pytest.mark.parametrize("lines", CHECKS.values(), ids=CHECKS)
def test_names_are_whole_near_their_lines_and_on_none(lines: list[Curve]) -> None:
    places = name_places(NAMES, lines)
    fine = np.linspace(0, 1, 5001)
    for name, place, line in zip(NAMES, places, lines, strict=True):
        wide = width(name)
        assert place.y == pytest.approx(np.interp(place.x, *line), abs=0.01)
        assert place.reach[1] - place.reach[0] < 4 * HEIGHT
        assert place.x + wide <= 1
        assert 0 <= place.base <= 1 - HEIGHT
        for x, y in lines:
            own = np.interp(fine, x, y)[(fine > place.x) & (fine < place.x + wide)]
            assert not ((own > place.base + 0.005) & (own < place.base + HEIGHT - 0.005)).any()
    for (name, one), (beside, other) in combinations(zip(NAMES, places, strict=True), 2):
        apart = one.x + width(name) <= other.x or other.x + width(beside) <= one.x
        (bottom, top), (lowest, highest) = one.reach, other.reach
        assert apart or top <= lowest or highest <= bottom


@pytest.mark.parametrize("apart", [0.1, 0.12, 0.14])
def test_between_two_curves_a_name_is_nearer_to_its_own_or_led_to(apart: float) -> None:
    falling = np.exp(-3 * X)
    lines = [(X, low + (0.95 - low) * falling) for low in 0.1 + apart * np.arange(3)]
    lines.append((X, 1 - 0.6 * X**3))
    for number, place in enumerate(name_places(NAMES, lines)):
        others = [line for each, line in enumerate(lines) if each != number]
        inside = (place.x <= X) & (place.x + width(NAMES[number]) >= X)
        # A name is lower than its place where the plot is high: it is drawn from this edge on.
        gaps = [np.abs(y[inside] - place.edge).min() for _, y in others]
        assert place.leader is not None or abs(place.edge - place.y) < 0.5 * min(gaps)
        if number != 1:  # which has a line on either side
            far = place.base if place.below else place.base + HEIGHT
            assert all(np.abs(y[inside] - far).min() > 0.04 for _, y in others)


@pytest.mark.parametrize(
    ("base", "leader"),
    [(0.5, (0.4, 0.5)), (0.43, (0.4, 0.43)), (0.41, None), (0.3, None), (0.2, (0.4, 0.2 + HEIGHT))],
)
def test_what_is_far_from_its_line_is_led_to(
    base: float, leader: tuple[float, float] | None
) -> None:
    assert NamePlace(0.5, base, 0.4).leader == leader
