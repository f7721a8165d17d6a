"""What a slice's view paints: letters, crosshair, the held base picture, a voxel at its place."""

from dataclasses import replace
from math import ceil

import numpy as np
import pytest
from hand_desk import (
    drag,
    release,
    shot,
)
from PySide6.QtCore import QRectF
from scaled import printed_at

from engine.pictures import GreyWindow
from viewer.layers.around import Around


def test_orientation_letters_stay_where_all_words_go(pane) -> None:
    def left_letter() -> int:
        middle = pane.height() // 2
        return int((shot(pane)[middle - 8 : middle + 8, 8:24] > 200).sum())

    pane.show_state(pane.state.windowed(5000, 1))
    with_words = shot(pane)
    letter = left_letter()
    assert letter > 0
    pane.show_state(replace(pane.state, texts=False))
    assert left_letter() == letter
    assert (shot(pane) > 200).sum() < (with_words > 200).sum()


_AT_ANOTHER_RATIO = """
from dataclasses import replace
import numpy as np
from PySide6.QtWidgets import QApplication
application = QApplication([])
from slice_desk import SIZE, state, volume
from hand_desk import shot
from viewer.seen.hanging import Axis, Laying
from viewer.panes.slice_pane import SlicePane
pane = SlicePane()
pane.resize(401, 301)
values = np.zeros(SIZE[::-1], np.int16)
voxel = (33, 21, 11)
values[voxel[2], voxel[1], voxel[0]] = 1000
shown = volume(values)
pane.show()
for axis in Axis:
    for turns in range(4):
        for mirrored in (False, True):
            each = state(shown, axis, voxel[axis], laying=Laying(turns, mirrored))
            pane.show_state(replace(each, texts=False))
            # Letters, rail and scale lie near the edges.
            edge = round(40 * pane.ratio)
            taken = shot(pane)[edge:-edge, edge:-edge, 1].astype(float)
            rows, columns = np.indices(taken.shape)
            spot = [(taken * part).sum() / taken.sum() + edge for part in (columns, rows)]
            wanted = pane.state.plane.to_device(np.array([voxel], float))[0]
            print(pane.ratio, *pane.state.plane.view, *(spot - wanted))
"""


@pytest.mark.parametrize("ratio", ["1", "1.25", "1.5"])
def test_a_voxel_is_painted_where_the_plane_says_at_every_scaling(ratio: str) -> None:
    told = printed_at(ratio, _AT_ANOTHER_RATIO)
    rows = np.array([line.split() for line in told.splitlines()], float)
    assert rows.shape == (24, 5)
    np.testing.assert_allclose(rows[:, 0], float(ratio))
    assert set(rows[:, 1]) == {ceil(401 * float(ratio))}
    assert np.abs(rows[:, 3:]).max() <= 0.5


def test_a_held_base_picture_shows_all_values_and_comes_back(pane) -> None:
    narrow = replace(pane.state, display=replace(pane.state.display, window=GreyWindow(0, 2)))
    pane.show_state(narrow)
    before = shot(pane)
    pane.show_state(replace(narrow, plain=True))
    assert pane.state.shown.window.width == 2000
    assert (shot(pane) != before).any()
    pane.show_state(replace(pane.state, plain=False))
    assert (shot(pane) == before).all()


def test_the_point_is_seen_while_the_crosshair_is_held_where_none_is_drawn(pane) -> None:
    before = shot(pane)
    drag(pane, (300, 250), (320, 260), let_go=False)
    line = shot(pane)[260, 40:200] != before[260, 40:200]
    assert line.any(axis=1).mean() > 0.9
    release(pane, (320, 260))
    assert (shot(pane)[260, 40:200] == before[260, 40:200]).all()


class _Words:
    """A layer with words where the crosshair would go through them."""

    def __init__(self, box: QRectF) -> None:
        self._box = box

    def paint(self, painter: object, view: object) -> None:
        """The words themselves are no matter here."""

    def around(self, _view: object) -> Around:
        return Around((self._box,))

    def grab(self, _view: object, _hand: object) -> None:
        return None


def test_the_crosshair_spares_the_words_of_what_was_measured(pane) -> None:
    plain = shot(pane).copy()
    pane.show_state(replace(pane.state, crosshair=True))
    x, y = pane.place(np.array([pane.state.cross]))[0]
    rows, columns = slice(int(y) - 8, int(y) + 8), slice(int(x) + 60, int(x) + 160)
    assert (shot(pane)[rows, columns] != plain[rows, columns]).any()
    pane.set_layers((_Words(QRectF(x + 60, y - 8, 100, 16)),))
    np.testing.assert_array_equal(shot(pane)[rows, columns], plain[rows, columns])
