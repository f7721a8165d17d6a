"""What is said of pictures that cannot be read, and which slices count as missing."""

import pytest

from engine.errors import Refusal
from engine.images.unread import Unread, with_unread
from engine.pictures import FrameAxis, Grid, RepairKind, VolumeFacts


def unread(frame: int, z: int, name: str = "IM1.dcm") -> Unread:
    return Unread(frame, z, Refusal(f"“{name}” is damaged.", "It ends early.", "Copy it again."))


STACK = VolumeFacts(Grid((4, 4, 20), missing=(2,)))
FILM = VolumeFacts(Grid((4, 4, 1)), frames=("1", "2", "3", "4"), frame_axis=FrameAxis.TIME)


def test_where_all_is_read_nothing_is_said() -> None:
    assert with_unread(STACK, []) == STACK


def test_the_slices_are_missing_and_named_by_number_not_by_file() -> None:
    facts = with_unread(STACK, [unread(0, 7), unread(0, 6), unread(0, 11)])
    assert facts.grid.missing == (2, 6, 7, 11)
    (repair,) = facts.repairs
    assert repair.kind is RepairKind.MISSING_SLICES
    assert repair.detail == (
        "Slices 7 to 8 and 12 of 20 could not be read and are left blank: nothing is shown or "
        "measured there. It ends early."
    )


def test_one_slice_is_told_as_one() -> None:
    (repair,) = with_unread(STACK, [unread(0, 6)]).repairs
    assert repair.detail.startswith("Slice 7 of 20 could not be read and is left blank:")


def test_a_warning_names_the_files_three_of_them_at_most() -> None:
    facts = with_unread(STACK, [unread(0, z, f"IM{z}.dcm") for z in range(5, 10)])
    assert facts.warnings[0] == "“IM5.dcm” is damaged. It ends early."
    assert len(facts.warnings) == 4
    assert facts.warnings[3] == "2 more pictures of this series could not be read."


def test_a_frame_of_a_film_is_told_and_no_slice_is_missing() -> None:
    facts = with_unread(FILM, [unread(3, 0), unread(2, 0)])
    assert facts.grid.missing == ()
    assert facts.repairs[0].detail.startswith("Frames 3 to 4 of 4 could not be read")


def test_a_slice_that_is_blank_in_one_frame_of_several_counts_as_missing() -> None:
    stack = VolumeFacts(Grid((4, 4, 20)), frames=("0", "1000"), frame_axis=FrameAxis.B_VALUE)
    facts = with_unread(stack, [unread(1, 4)])
    assert facts.grid.missing == (4,)
    assert "Slice 5 of 20 (frame 2 of 2)" in facts.repairs[0].detail


def test_where_nothing_can_be_read_it_is_refused() -> None:
    with pytest.raises(Refusal, match=r"None of its 4 pictures.*It ends early"):
        with_unread(FILM, [unread(frame, 0) for frame in range(4)])


def test_a_single_picture_is_refused_in_its_own_words() -> None:
    with pytest.raises(Refusal, match=r"“IM1.dcm” is damaged"):
        with_unread(VolumeFacts(Grid((4, 4, 1))), [unread(0, 0)])
