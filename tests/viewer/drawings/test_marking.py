"""Drawings on volumes that are still being read, and on several volumes at once."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.drawings import Distance, Ellipse, Probe
from engine.measured import NotMeasured, Place, Region
from engine.pictures import GreyWindow, Grid, VolumeFacts
from viewer.drawings.marking import STILL_READ, Marking
from viewer.drawings.store import Drawings
from viewer.seen.display import Display
from viewer.seen.plane import Axis, Plane
from viewer.seen.slice_state import ShownVolume, SliceState

GRID = Grid((20, 16, 8), (1.0, 1.0, 2.0))
LINE = Distance(id="1", points=((2, 2, 3), (9, 2, 3)))
REGION = Ellipse(id="2", points=((2, 2, 3), (9, 9, 3)))
ACROSS = Ellipse(id="3", points=((2, 5, 1), (9, 5, 6)), axis=1)


def volume(read: int | None = None, content: str = "") -> ShownVolume:
    """Of ones; ``read`` slices of its eight are there."""
    there = None if read is None else (np.arange(8) < read)[None]
    facts = VolumeFacts(GRID, unit="HU", content_hash=content)
    return ShownVolume(np.ones((1, 8, 16, 20), np.int16), facts, read=there)


def state(shown: ShownVolume, axis: Axis = Axis.Z, index: int = 3) -> SliceState:
    plane = Plane.fitted(GRID, axis, index, (400, 400))
    return SliceState(shown, plane, Display(GreyWindow(0, 100)), (0.0, 0.0, 0.0))


@pytest.fixture
def marking(tmp_path: Path, qapp) -> Iterator[Marking]:
    made = Marking(Drawings(tmp_path))
    yield made
    made.drawings.close()


def test_drawings_stay_on_a_volume_from_its_first_slice_to_its_last(
    marking: Marking, qtbot
) -> None:
    begun = volume(read=1)
    marking.show(begun)
    marking.add(begun, LINE)
    later = begun.with_slices(((0, 1), (0, 2)))
    assert marking.all_of(later) == (LINE,)
    whole = replace(volume(content="a" * 64))
    with qtbot.waitSignal(marking.drawings.saved):
        marking.settle(later, whole)
    assert marking.all_of(whole) == (LINE,)
    assert marking.is_chosen(whole, LINE)


def test_a_volume_that_never_came_leaves_nothing(marking: Marking) -> None:
    begun = volume(read=1)
    marking.add(begun, LINE)
    marking.forget(begun)
    assert marking.all_of(begun) == ()


def test_two_volumes_that_are_read_at_once_do_not_share(marking: Marking) -> None:
    one, other = volume(read=1), volume(read=1)
    marking.add(one, LINE)
    assert marking.all_of(other) == ()


def test_values_are_told_once_all_their_slices_are_there(marking: Marking) -> None:
    begun = volume(read=3)
    for drawing, shown in ((REGION, state(begun)), (ACROSS, state(begun, Axis.Y, 5))):
        marking.add(begun, drawing)
        assert marking.lines(shown, drawing)[-1] == STILL_READ
        figures = marking.figures(begun, drawing)
        assert isinstance(figures, Region)
        assert figures.statistics is None
    on = begun.with_slices(((0, 3),))
    assert "mean 1 HU, SD 0 HU" in marking.lines(state(on), REGION)
    assert marking.lines(state(on, Axis.Y, 5), ACROSS)[-1] == STILL_READ
    point = Probe(id="4", points=((3, 3, 6),))
    assert marking.lines(state(begun, index=6), point) == (STILL_READ,)
    told = marking.figures(volume(content="b" * 64), point)
    assert isinstance(told, Place)
    assert told.value == 1


def test_a_length_is_told_before_its_slice_is_there(marking: Marking) -> None:
    assert marking.lines(state(volume(read=1)), LINE) == ("7.0 mm (you)",)


def test_nothing_is_measured_on_a_frame_that_could_not_be_read(marking: Marking) -> None:
    facts = VolumeFacts(Grid((40, 40, 1)), frames=("1", "2"), blank_frames=(1,))
    film = ShownVolume(np.zeros((2, 1, 40, 40), np.int16), facts)
    shape = Ellipse(id="e", points=((5, 5, 0), (15, 15, 0)))
    assert isinstance(marking.figures(film, shape), Region)
    blank = marking.figures(film, Ellipse(id="f", points=shape.points, frame=1))
    assert blank == NotMeasured("It lies on a picture that could not be read.")
