"""Slices are named by the numbers that the window counts them by."""

import numpy as np
import pytest

from engine.errors import Refusal
from engine.images.unread import Unread, with_unread
from engine.pictures import FrameAxis, Grid, VolumeFacts, counted_down, grid_of, slice_numbers

CUT = Refusal("“a.dcm” is damaged.", "It ends early.", "Copy it again.")
HEADWARD = grid_of(np.eye(4), (4, 4, 20))


def test_from_the_head_the_front_and_the_patients_right() -> None:
    axial, sagittal, coronal = "LPS", "PIR", "LIP"
    assert counted_down(axial, 2)
    assert counted_down(sagittal, 2)
    assert not counted_down(coronal, 2)
    assert not counted_down(None, 2)
    assert slice_numbers([2, 3, 7], 12, down=True) == [5, 9, 10]
    assert slice_numbers([2, 3, 7], 12, down=False) == [3, 4, 8]


@pytest.mark.parametrize(
    ("grid", "told"), [(HEADWARD, "Slices 13 to 14"), (Grid((4, 4, 20)), "Slices 7 to 8")]
)
def test_slices_that_cannot_be_read_are_named_so(grid: Grid, told: str) -> None:
    facts = with_unread(VolumeFacts(grid), [Unread(0, 6, CUT), Unread(0, 7, CUT)])
    assert facts.repairs[0].detail.startswith(f"{told} of 20 could not be read")
    assert facts.grid.missing == (6, 7)


def test_a_blank_frame_of_a_film_is_known_as_blank() -> None:
    film = VolumeFacts(Grid((4, 4, 1)), frames=("1", "2", "3"), frame_axis=FrameAxis.TIME)
    facts = with_unread(film, [Unread(1, 0, CUT)])
    assert facts.blank_frames == (1,)
    assert facts.repairs[0].detail.startswith("Frame 2 of 3 could not be read")
