"""What is said over a slice that is not there stands free of other words, and is never cut."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSizeF
from slice_desk import SIZE, state, volume

from engine.pictures import FrameAxis
from viewer.layers.blank_note import note_lines
from viewer.layers.corners import place_corners
from viewer.layers.slice_words import SliceWords, blank_words
from viewer.seen.cut import Held, cut
from viewer.seen.presets import sampled

NOTE = "Hatched: there is no picture there"


@pytest.mark.parametrize("width", [120.0, 180.0, 260.0, 900.0])
def test_a_note_is_folded_in_a_narrow_view_and_stands_clear_of_the_corner(qtbot, width) -> None:
    size = QSizeF(width, 400.0)
    corners = place_corners(size, SliceWords(top_left=("Coronal 257 / 512", "maximum of 3 slices")))
    taken = [line.box for line in corners.lines]
    lines = note_lines(size, NOTE, taken)
    assert " ".join(words for words, _ in lines) == NOTE
    for _, box in lines:
        assert QRectF(0, 0, width, 400).contains(box)
        assert not any(box.intersects(other) for other in taken)
    assert (len(lines) == 1) is (width > 200)


def test_a_frame_of_a_film_that_was_not_read_is_hatched_and_makes_no_window(qtbot) -> None:
    film = np.zeros((2, 1, *SIZE[1::-1]), np.int16)
    film[1] = 300
    told = {"frames": ("1", "2"), "frame_axis": FrameAxis.IMAGE, "blank_frames": (0,)}
    shown = volume(film, **told)
    plane = state(shown).plane
    blank = cut(shown, plane)
    assert blank.whole is Held.MISSING
    assert blank_words(blank) == "There is no picture here"
    assert cut(shown, plane.at_frame(1)).whole is Held.THERE
    assert not sampled(shown, 0).size
    assert (sampled(shown, 1) == 300).all()
