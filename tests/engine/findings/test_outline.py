"""The lines round a region."""

import numpy as np

from engine.findings.outline import outline


def test_pieces_that_touch_at_a_corner_are_walked_round_one_by_one() -> None:
    cells = np.eye(2, dtype=np.bool_)
    assert [len(line) for line in outline(cells)] == [4, 4]


def test_the_longest_line_is_the_first() -> None:
    cells = np.ones((14, 14), np.bool_)
    for place in range(2, 8):  # a hole like stairs: short, with many corners
        cells[place, place : place + 2] = False
    lengths = [np.abs(np.diff(line, axis=0, append=line[:1])).sum() for line in outline(cells)]
    assert lengths[0] == 4 * 14 > lengths[1]


def test_a_hole_has_a_line_of_its_own() -> None:
    cells = np.ones((3, 3), np.bool_)
    cells[1, 1] = False
    around, hole = (set(map(tuple, line.tolist())) for line in outline(cells))
    corners = [(-0.5, -0.5), (2.5, -0.5), (2.5, 2.5), (-0.5, 2.5)]
    inner = [(0.5, 0.5), (1.5, 0.5), (1.5, 1.5), (0.5, 1.5)]
    assert {frozenset(around), frozenset(hole)} == {frozenset(corners), frozenset(inner)}
