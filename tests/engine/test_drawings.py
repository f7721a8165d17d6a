"""Drawings keep what they are on their way through JSON, and refuse what they cannot be."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import drawings
from engine.drawings import (
    Angle,
    Arrow,
    Bidirectional,
    Distance,
    Drawing,
    Ellipse,
    Probe,
    Rectangle,
)

KINDS = (Distance, Angle, Ellipse, Rectangle, Bidirectional, Probe, Arrow)
PLACES = st.floats(-1e4, 1e4)


@st.composite
def any_drawing(draw: st.DrawFn) -> drawings.Drawing:
    kind, axis = draw(st.sampled_from(KINDS)), draw(st.sampled_from((0, 1, 2)))
    depth = float(draw(st.integers(0, 500)))
    points = []
    for _ in range(kind.COUNT):
        point = [draw(PLACES) for _ in range(3)]
        point[axis] = depth
        points.append((point[0], point[1], point[2]))
    frame, text = draw(st.integers(0, 9)), draw(st.text(max_size=drawings.TEXT_MOST))
    return kind(id="1", points=tuple(points), axis=axis, frame=frame, text=text)


@given(any_drawing())
def test_a_drawing_comes_back_from_json_as_it_was(drawing: drawings.Drawing) -> None:
    assert msgspec.convert(json.loads(json.dumps(drawings.to_json(drawing))), Drawing) == drawing


def test_a_drawing_of_another_plane_in_every_point_is_refused() -> None:
    with pytest.raises(ValueError, match="one plane"):
        Distance(id="1", points=((0, 0, 1), (5, 5, 2)))


def test_a_point_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        Probe(id="1", points=((float("nan"), 0, 0),))


@pytest.mark.parametrize(
    "plain",
    [
        {"kind": "angle", "id": "1", "points": [[0, 0, 0], [1, 1, 0]]},
        {"kind": "spiral", "id": "1", "points": [[0, 0, 0]]},
        {"kind": "probe", "id": "1", "points": [[0, 0, 0]], "axis": 3},
        {"kind": "probe", "id": "1", "points": [[0, 0]]},
        {"kind": "probe", "id": "1", "points": [[0, 0, 0]], "text": "x" * 201},
        {"points": [[0, 0, 0]]},
        None,
    ],
)
def test_what_is_no_drawing_is_told_by_one_error(plain: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(plain, Drawing)


@pytest.mark.parametrize(("axis", "slice_index"), [(0, 3), (1, 4), (2, 5)])
def test_a_drawing_knows_the_slice_that_it_lies_on(axis: int, slice_index: int) -> None:
    assert Probe(id="1", points=((3, 4, 5),), axis=axis).slice == slice_index
