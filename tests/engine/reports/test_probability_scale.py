"""The scale of a probability: estimate, interval and operating point at their places."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageColor

from engine.answers import Decision, Interval
from engine.reports import ink
from engine.reports.probability_scale import HEIGHT, draw_scale
from engine.reports.sheet import Sheet
from engine.reports.signs import decision_sign

BAR_ROW = 62
"""A row of the bar, 31 logical pixels below the scale's top."""


def scale(probability: float, interval: Interval, operating_point: float) -> NDArray[np.uint8]:
    """A scale from x = 40 to x = 1040 at two pixels to a logical one: a per cent is 10 pixels."""
    image = Image.new("RGB", (1080, round(2 * HEIGHT) + 8), ink.PANEL)
    draw_scale(Sheet(image, 2.0), (20, 0), 500, probability, interval, operating_point)
    return np.asarray(image)


def columns_of(row: NDArray[np.uint8], colour: str) -> NDArray[np.intp]:
    return np.flatnonzero((row == ImageColor.getrgb(colour)).all(axis=-1))


def test_the_estimate_lies_at_its_probability() -> None:
    row = scale(0.78, Interval(0.66, 0.87), 0.41)[BAR_ROW]
    found = columns_of(row, ink.MODEL)
    middle = found[np.abs(found - 820) < 12]
    assert abs(middle.mean() + 0.5 - (40 + 780)) <= 1
    assert len(middle) == pytest.approx(2 * 3.6, abs=1)


def test_the_interval_is_a_band_from_its_low_to_its_high_end() -> None:
    row = scale(0.78, Interval(0.66, 0.87), 0.41)[BAR_ROW]
    band = columns_of(row, ink.mix(ink.MODEL, ink.CONTROL, 0.42))
    assert abs(band.min() - (40 + 660)) <= 2
    assert abs(band.max() - (40 + 870)) <= 2


@pytest.mark.parametrize("operating_point", [0.05, 0.41, 0.97])
def test_the_operating_point_is_marked_on_the_same_scale(operating_point: float) -> None:
    pixels = scale(0.5, Interval(0.45, 0.55), operating_point)
    mark = columns_of(pixels[36], ink.TEXT1)
    assert abs(mark.mean() - (40 + 1000 * operating_point)) <= 2


def test_only_the_side_beyond_the_operating_point_is_hatched() -> None:
    row = scale(0.1, Interval(0.05, 0.15), 0.41)[BAR_ROW]
    plain = ImageColor.getrgb(ink.CONTROL)
    before, beyond = row[40 + 200 : 40 + 400], row[40 + 425 : 40 + 1000]
    assert (before == plain).all()
    assert 0.2 < (beyond != plain).any(axis=-1).mean() < 0.8


def test_the_three_decisions_have_three_signs_of_the_same_size() -> None:
    signs = {d: np.asarray(decision_sign(d, 48)).astype(int) for d in Decision}
    assert {sign.shape for sign in signs.values()} == {(48, 48)}
    ring, barred = signs[Decision.NOT_REFERABLE], signs[Decision.UNGRADABLE]
    assert ring[24, 24] == 0
    assert barred[24, 24] == 255
    assert np.array_equal(barred[24, :8], ring[24, :8])
    flag = signs[Decision.REFERABLE]
    # Its pole stands at the left, from the cloth down.
    assert flag[40, 10] == 255
    assert flag[40, 16:].max() == 0
