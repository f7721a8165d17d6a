"""What the files draw over their slices, as it is seen."""

from dataclasses import replace

import numpy as np
import pytest
from slice_desk import SIZE, state, volume

from engine.pictures import Overprint, packed
from viewer.layers.overprint import OverprintLayer
from viewer.panes.slice_pane import SlicePane
from viewer.seen.hanging import Axis

BITS = np.zeros(SIZE[1::-1], np.bool_)
BITS[10:12, 40:44] = True
SLICE = 6


@pytest.fixture
def pane(qtbot):
    shown = volume(
        np.full(SIZE[::-1], 500, np.int16),
        value_range=(0.0, 1000.0),
        overprints=(Overprint(0, SLICE, packed(BITS)),),
    )
    made = SlicePane()
    made.resize(600, 500)
    made.set_layers((OverprintLayer(),))
    qtbot.addWidget(made)
    made.show_state(state(shown, Axis.Z, SLICE, view=(600, 500)))
    with qtbot.waitExposed(made):
        made.show()
    return made


def lightness(pane: SlicePane, *voxels: tuple[float, float, float]) -> list[int]:
    """How light the view is at voxels; the ground is a middle grey."""
    image = pane.grab().toImage()
    places = pane.place(np.array(voxels, float))
    return [image.pixelColor(int(x), int(y)).lightness() for x, y in places]


MARKED = [(x, y, SLICE) for x in (40, 43) for y in (10, 11)]
BARE = [(38, 10, SLICE), (45, 11, SLICE), (41, 8, SLICE), (42, 13, SLICE), (10, 40, SLICE)]


def test_it_is_white_on_the_pixels_that_the_file_marks_and_nowhere_else(pane) -> None:
    assert min(lightness(pane, *MARKED)) > 220
    assert all(100 < each < 160 for each in lightness(pane, *BARE))


def test_it_follows_turning_and_mirroring_and_stays_whole_in_a_small_view(pane) -> None:
    pane.turn(1)
    pane.flip(left_right=True)
    assert min(lightness(pane, *MARKED)) > 220
    assert all(100 < each < 160 for each in lightness(pane, *BARE))
    pane.resize(60, 40)
    assert max(lightness(pane, *MARKED)) > 220


def test_it_is_hidden_while_drawings_are(pane) -> None:
    pane.show_state(replace(pane.state, bare=True))
    assert all(100 < each < 160 for each in lightness(pane, *MARKED))


def test_another_slice_or_plane_has_none(pane) -> None:
    pane.step(1)
    assert all(100 < each < 160 for each in lightness(pane, *MARKED))
    shown = pane.state.volume
    pane.show_state(state(shown, Axis.X, 41, view=(600, 500)))
    assert lightness(pane, (41, 10, SLICE))[0] < 160
