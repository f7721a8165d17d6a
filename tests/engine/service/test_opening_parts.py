"""A part of a series, too much of it, and slices laid straight."""

from pathlib import Path

import numpy as np
import pytest
from series_files import STEP, values, write_series
from volume_desk import Desk, array

from engine.pictures import RepairKind
from engine.service import memory
from engine.service.messages import (
    Part,
    Refused,
    TooMuch,
    VolumeBegun,
    VolumeOpened,
)


def test_a_part_is_read_and_says_so(desk: Desk, study: Path) -> None:
    truth = values(slices=9)
    write_series(study, truth)
    opened = desk.opened(study, part=Part(3, (2, 10, 1, 12, 1, 9)))
    np.testing.assert_array_equal(array(opened)[0], truth[1:9:3, 1:12, 2:10])
    assert opened.facts.grid.spacing[2] == 3 * STEP
    assert [repair.kind for repair in opened.facts.repairs] == [RepairKind.REDUCED]


@pytest.mark.parametrize("of_disk", [False, True])
def test_what_does_not_fit_is_a_choice_that_says_where_and_the_part_fits(
    desk: Desk, study: Path, session: Path, monkeypatch: pytest.MonkeyPatch, of_disk: bool
) -> None:
    truth = values(slices=10)
    write_series(study, truth)
    size = 12 * 16 * 2
    monkeypatch.setattr(memory, "room", lambda _: memory.Room(4 * size, of_disk))
    number = desk.open(desk.only(study).key, study)
    disk = str(session.parent) if of_disk else ""
    assert desk.last_word(number) == TooMuch(number, 10 * size, 4 * size, 3, disk)
    opened = desk.opened(study, part=Part(3))
    np.testing.assert_array_equal(array(opened)[0], truth[::3])


def test_where_no_step_fits_none_is_offered(
    desk: Desk, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_series(study, values())
    monkeypatch.setattr(memory, "room", lambda _: memory.Room(-5, of_disk=False))
    word = desk.last_word(desk.open(desk.only(study).key, study))
    assert isinstance(word, TooMuch)
    assert (word.free, word.step) == (0, 0)


def test_an_oblique_series_is_laid_along_the_patient_s_axes(desk: Desk, study: Path) -> None:
    turn = np.radians(20)
    down, onward = (0, np.cos(turn), np.sin(turn)), (0, -np.sin(turn), np.cos(turn))
    truth = np.full((9, 12, 16), 300, np.int16)
    write_series(
        study, truth, orientation=(1, 0, 0, *down), onward=[STEP * each for each in onward]
    )
    number = desk.open(desk.only(study).key, study, straight=True)
    opened = desk.last_word(number)
    assert isinstance(opened, VolumeOpened), opened
    assert desk.told(number, VolumeBegun) == []
    assert [repair.kind for repair in opened.facts.repairs] == [RepairKind.STRAIGHTENED]
    affine = opened.facts.grid.affine
    assert affine is not None
    np.testing.assert_allclose(affine[:3, :3], np.diag(opened.facts.grid.spacing), atol=1e-9)
    laid = array(opened)[0]
    assert laid.shape == opened.facts.grid.size[::-1]
    assert set(np.unique(laid[np.isfinite(laid)])) == {300}
    assert opened.facts.value_range == (300, 300)
    assert (laid == 300).sum() > laid.size / 4


def test_what_is_missing_in_one_frame_is_blank_in_that_frame_alone_when_laid_straight(
    desk: Desk, study: Path
) -> None:
    down, onward = (0.0, 0.8, 0.6), (0.0, -0.6 * STEP, 0.8 * STEP)
    truth = np.full((9, 12, 16), 300, np.int16)
    for frame, echo in enumerate((10.0, 20.0)):
        write_series(
            study,
            truth,
            orientation=(1, 0, 0, *down),
            onward=onward,
            name=lambda z, f=frame: f"{f}-{z}.dcm",
            left_out=(4,) if frame else (),
            EchoTime=echo,
        )
    laid = array(desk.opened(study, straight=True))
    assert set(np.unique(laid[np.isfinite(laid)])) == {300}
    assert (laid[0] == 300).sum() > 1.2 * (laid[1] == 300).sum() > 1000


def test_a_part_that_holds_only_missing_slices_is_refused(desk: Desk, study: Path) -> None:
    write_series(study, values(slices=8), left_out=(2,))
    part = Part(1, (0, 16, 0, 12, 2, 3))
    refused = desk.last_word(desk.open(desk.only(study).key, study, part=part))
    assert isinstance(refused, Refused)
    assert "missing" in refused.why


def test_a_series_that_lies_straight_is_not_resampled(desk: Desk, study: Path) -> None:
    truth = values()
    write_series(study, truth)
    opened = desk.opened(study, straight=True)
    np.testing.assert_array_equal(array(opened)[0], truth)
    assert opened.facts.repairs == ()
