"""Whatever goes wrong while a series is opened costs no other slice."""

import os
from pathlib import Path

import numpy as np
import pytest
from series_files import values, write_series
from volume_desk import Desk, array, damage, tries

from engine.pictures import RepairKind
from engine.service import sharing
from engine.service.messages import (
    Cancel,
    Gone,
    Refused,
    VolumeOpened,
)
from engine.service.requests import CANCELLED


def test_a_damaged_slice_is_blank_and_named_and_the_others_are_shown(
    desk: Desk, study: Path
) -> None:
    truth = values(slices=6)
    paths = write_series(study, truth)
    damage(paths[4])
    opened = desk.opened(study)
    assert opened.facts.grid.missing == (4,)
    assert paths[4].name in opened.facts.warnings[-1]
    np.testing.assert_array_equal(
        np.delete(array(opened)[0], 4, axis=0), np.delete(truth, 4, axis=0)
    )


def test_a_slice_that_kills_its_decoder_is_blank_and_named_and_the_others_are_shown(
    desk: Desk, study: Path, rules: Path
) -> None:
    truth = values(slices=12)
    write_series(study, truth, name=lambda z: f"{z}{'-slicecrash' * (z == 8)}.dcm")
    opened = desk.opened(study)
    whole = array(opened)[0]
    np.testing.assert_array_equal(np.delete(whole, 8, axis=0), np.delete(truth, 8, axis=0))
    np.testing.assert_array_equal(whole[8], -1024)
    assert opened.facts.grid.missing == (8,)
    (repair,) = opened.facts.repairs
    assert repair.kind is RepairKind.MISSING_SLICES
    assert "Slice 4 of 12 could not be read" in repair.detail  # counted from the head
    assert "slicecrash" not in repair.detail
    assert "“8-slicecrash.dcm”" in opened.facts.warnings[-1]
    again = [name for _, name in tries(rules, "slice")].count("8-slicecrash.dcm")
    assert again in (2, 3)  # in a chunk with others, then twice alone


def test_a_slice_that_hangs_is_stopped_and_the_others_are_shown(
    desk: Desk, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "SECONDS", 0.7)
    write_series(study, values(slices=5), name=lambda z: f"{z}{'-slicehang' * (z == 1)}.dcm")
    opened = desk.opened(study)
    assert opened.facts.grid.missing == (1,)
    assert "longer than" in opened.facts.repairs[0].detail


def test_a_drive_that_does_not_answer_is_not_waited_for_file_by_file(
    desk: Desk, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "SECONDS", 0.3)
    write_series(study, values(slices=30), name=lambda z: f"{z}-slicehang.dcm")
    refused = desk.last_word(desk.open(desk.only(study).key, study))
    assert isinstance(refused, Refused)
    assert "took too long" in refused.why


def test_a_fault_of_our_own_in_one_slice_costs_no_other_and_tells_no_name(
    desk: Desk, study: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_series(study, values(slices=5), name=lambda z: f"{z}{'-sliceraise' * (z == 1)}.dcm")
    opened = desk.opened(study)
    assert opened.facts.grid.missing == (1,)
    assert "our fault" in opened.facts.repairs[0].detail
    assert "ValueError" in caplog.text
    assert "Doe" not in caplog.text
    assert "sliceraise" not in caplog.text


def test_a_series_of_which_nothing_can_be_read_is_refused_and_leaves_nothing(
    desk: Desk, study: Path, session: Path
) -> None:
    write_series(study, values(slices=3), name=lambda z: f"{z}-sliceraise.dcm")
    refused = desk.last_word(desk.open(desk.only(study).key, study))
    assert isinstance(refused, Refused)
    assert "None of its 3 pictures" in refused.why
    assert list(session.glob("*.npy")) == []


def test_a_full_disk_is_said_and_leaves_nothing(
    desk: Desk, study: Path, rules: Path, session: Path
) -> None:
    write_series(study, values())
    (rules / "disk-is-full").touch()
    refused = desk.last_word(desk.open(desk.only(study).key, study))
    assert isinstance(refused, Refused)
    assert "disk" in refused.why
    assert list(session.glob("*.npy")) == []


def test_files_that_changed_since_they_were_listed_are_refused(desk: Desk, study: Path) -> None:
    paths = write_series(study, values())
    key = desk.only(study).key
    os.utime(paths[2], ns=(1, 1))
    refused = desk.last_word(desk.open(key, study))
    assert isinstance(refused, Refused)
    assert refused.what == f"“{paths[2].name}” has changed since it was listed."
    assert isinstance(desk.last_word(desk.open(desk.only(study).key, study)), VolumeOpened)


def test_a_series_that_is_gone_is_refused(desk: Desk, study: Path) -> None:
    paths = write_series(study, values())
    key = desk.only(study).key
    paths[0].unlink()
    assert isinstance(desk.last_word(desk.open(key, study)), Refused)


def test_a_cancelled_volume_is_gone_at_once_and_leaves_nothing(
    desk: Desk, study: Path, rules: Path, session: Path
) -> None:
    write_series(study, values(slices=20), name=lambda z: f"{z}-slicehang.dcm")
    number = desk.open(desk.only(study).key, study)
    while not (rules / "slices").exists():
        os.sched_yield()
    desk.service.take(Cancel(number))
    assert desk.last_word(number) == Gone(number, CANCELLED)
    assert list(session.glob("*.npy")) == []


def test_a_series_that_the_engine_does_not_know_any_more_is_listed_anew(
    desk: Desk, study: Path
) -> None:
    truth = values()
    write_series(study, truth)
    key = desk.only(study).key
    desk.service._catalogues._listed.clear()
    opened = desk.last_word(desk.open(key, study))
    assert isinstance(opened, VolumeOpened)
    np.testing.assert_array_equal(array(opened)[0], truth)
