"""Drawn curves: where a line runs, how it is cut, and that it is named."""

import numpy as np
import pytest
from PIL import Image

from engine.reports.curves import SIZE, Line, draw

BLUE = (10, 95, 176)


def drawn(*lines: Line, x_end: float = 10.0) -> np.ndarray:
    picture = draw(lines, "A title", "false positives a picture", "sensitivity", x_end)
    assert isinstance(picture, Image.Image)
    assert picture.size == (2 * SIZE[0], 2 * SIZE[1])
    return np.asarray(picture).astype(int)


def line(x: list[float], y: list[float], name: str = "π") -> Line:
    return Line(name, np.array(x), np.array(y))


def chief(picture: np.ndarray) -> np.ndarray:
    """Where the chief line's colour is, rows and columns, the names beside it left out."""
    near = np.abs(picture - BLUE).sum(axis=2) < 30
    near[:, 2 * 570 :] = False
    return np.argwhere(near)


def test_a_line_runs_through_its_points() -> None:
    found = chief(drawn(line([0, 5, 10], [0, 1, 1])))
    # The axes run from 72 to 568 across and from 392 up to 44, drawn twice as large.
    corner = found[np.abs(found[:, 1] - 2 * 320).argmin()]
    assert abs(corner[0] - 2 * 44) <= 3
    start = found[found[:, 1].argmin()]
    assert abs(start - (2 * 392, 2 * 72)).max() <= 3
    middle = found[np.abs(found[:, 1] - 2 * 196).argmin()]
    assert abs(middle[0] - 2 * 218) <= 4


def test_a_curve_that_ends_early_goes_on_level_and_one_that_goes_on_is_cut() -> None:
    early = chief(drawn(line([0, 2], [0, 0.5])))
    long = chief(drawn(line([0, 20], [0, 1])))
    for found in (early, long):
        right = found[found[:, 1].argmax()]
        assert abs(right - (2 * 218, 2 * 568)).max() <= 3


def test_a_second_line_is_told_apart_by_its_dashes() -> None:
    picture = drawn(line([0, 10], [0.2, 0.2]), line([0, 10], [0.8, 0.8], "ω"))
    row = picture[round(2 * (392 - 0.8 * 348)), 2 * 80 : 2 * 560].sum(axis=1)
    dark = row < 200
    assert 10 < np.count_nonzero(dark[1:] != dark[:-1]) < 100
    first = picture[round(2 * (392 - 0.2 * 348)), 2 * 80 : 2 * 560]
    assert (np.abs(first - BLUE).sum(axis=1) < 30).all()


@pytest.mark.parametrize("end", [0.0, 0.5, 0.99])
def test_names_whose_lines_end_together_stand_under_each_other(end: float) -> None:
    lines = [line([0, 10], [0, end + 0.001 * number], "l") for number in range(5)]
    picture = drawn(*lines)
    beside = (picture[: 2 * 398, 2 * 572 :].sum(axis=2) < 500).any(axis=1)
    rises = np.flatnonzero(beside[1:] & ~beside[:-1])
    assert len(rises) == 5
    assert np.diff(rises).min() >= 2 * 14
