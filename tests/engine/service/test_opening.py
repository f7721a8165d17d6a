"""Series are opened: every slice at its place, once, and listed."""

import os
import threading
import zipfile
from pathlib import Path

import numpy as np
import pytest
from series_files import SPACING, STEP, values, write_series
from volume_desk import Desk, array, damage, tries

from engine.images.catalogue import list_pictures
from engine.images.load import load
from engine.listing import SeriesKind
from engine.pictures import RepairKind
from engine.service import memory
from engine.service.exchange import Exchange
from engine.service.messages import (
    Cancel,
    Failed,
    Gone,
    Part,
    Progress,
    Release,
    SlicesRead,
    Thumbnail,
    VolumeBegun,
    VolumeOpened,
)
from engine.service.requests import CANCELLED
from engine.task import Task

LEANING = (0.0, 2 * SPACING[1], STEP)


def test_a_series_opens_with_its_values_and_where_they_lie(desk: Desk, study: Path) -> None:
    truth = values()
    write_series(study, truth)
    opened = desk.opened(study)
    np.testing.assert_array_equal(array(opened), truth[None])
    assert array(opened).dtype == np.int16
    assert opened.facts.grid.size == (16, 12, 7)
    assert opened.facts.grid.spacing == (*SPACING, STEP)
    assert opened.facts.value_range == (truth.min(), truth.max())
    assert opened.facts.repairs == ()


@pytest.mark.parametrize("onward", [(0.0, 0.0, STEP), (0.0, 0.75 * SPACING[1], STEP)])
@pytest.mark.parametrize("left_out", [(), (3,)])
@pytest.mark.parametrize("damaged", [False, True])
def test_the_values_and_facts_are_those_of_the_command_line(
    desk: Desk,
    study: Path,
    tmp_path: Path,
    onward: tuple[float, ...],
    left_out: tuple[int, ...],
    damaged: bool,
) -> None:
    paths = write_series(study, values(slices=8), onward=onward, left_out=left_out)
    if damaged:
        damage(paths[5])
    (planned,) = list_pictures([study], tmp_path, Task()).planned.values()
    truth = load(planned, Task())
    opened = desk.opened(study)
    assert opened.facts == truth.facts
    np.testing.assert_array_equal(array(opened), truth.values)


def test_the_middle_slice_is_shown_first_and_each_is_told_once(desk: Desk, study: Path) -> None:
    write_series(study, values(slices=9))
    number = desk.open(desk.only(study).key, study)
    opened = desk.last_word(number)
    assert isinstance(opened, VolumeOpened)
    (begun,) = desk.told(number, VolumeBegun)
    assert isinstance(begun, VolumeBegun)
    assert begun.file == opened.file
    assert (0, 4) in begun.read
    assert begun.facts.content_hash == ""
    told = [*begun.read]
    for message in desk.told(number, SlicesRead):
        assert isinstance(message, SlicesRead)
        told += message.slices
    assert sorted(told) == [(0, z) for z in range(9)]
    assert desk.told(number, Progress)[-1] == Progress(
        number, "Reading slices", 9, 9, by_decoder=True
    )


def test_a_slice_is_shown_before_the_last_is_read(desk: Desk, study: Path, rules: Path) -> None:
    truth = values(slices=5)
    paths = write_series(study, truth, name=lambda z: f"{z}{'-slicehang' * (z == 0)}.dcm")
    number = desk.open(desk.only(study).key, study)
    begun = desk.until(number, VolumeBegun)
    assert isinstance(begun, VolumeBegun)
    np.testing.assert_array_equal(np.load(begun.file)[0, 2], truth[2])
    desk.service.take(Cancel(number))
    assert desk.last_word(number) == Gone(number, CANCELLED)
    assert Path(begun.file).exists()
    desk.release(begun.file)
    assert len(paths) == 5


def test_what_was_let_go_just_now_counts_as_room_for_the_next(
    desk: Desk, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_series(study, values(slices=5), name=lambda z: f"{z}{'-slicehang' * (z == 0)}.dcm")
    number = desk.open(desk.only(study).key, study)
    begun = desk.until(number, VolumeBegun)
    desk.service.take(Cancel(number))
    desk.last_word(number)
    asked, delete, room, left = threading.Event(), Exchange._delete, memory.room, []

    def delete_late(arrays: Exchange, file: Path) -> None:
        asked.wait(0.2)
        delete(arrays, file)

    def look(folder: Path) -> memory.Room:
        left.append(Path(begun.file).exists())
        asked.set()
        return room(folder)

    monkeypatch.setattr(Exchange, "_delete", delete_late)
    monkeypatch.setattr(memory, "room", look)
    desk.service.take(Release(begun.file))
    again = desk.open(desk.only(study).key, study)
    assert asked.wait(20)
    desk.service.take(Cancel(again))
    assert left == [False]


@pytest.mark.skipif(os.cpu_count() == 1, reason="One core is one decoder.")
def test_slices_are_read_by_several_decoders(desk: Desk, study: Path, rules: Path) -> None:
    write_series(study, values(slices=40))
    desk.opened(study)
    assert len({decoder for decoder, _ in tries(rules, "slice")}) > 1
    assert len(tries(rules, "slice")) == 40


def test_several_images_at_a_place_are_frames_of_one_array(desk: Desk, study: Path) -> None:
    truth = np.stack([values(seed=1), values(seed=2)])
    for frame, echo in enumerate((10.0, 20.0)):
        write_series(study, truth[frame], name=lambda z, f=frame: f"{f}-{z}.dcm", EchoTime=echo)
    opened = desk.opened(study)
    np.testing.assert_array_equal(array(opened), truth)
    assert len(opened.facts.frames) == 2


def test_a_leaning_series_is_laid_straight_before_it_is_shown(desk: Desk, study: Path) -> None:
    truth = np.repeat(values(slices=1, rows=40, columns=40), 5, axis=0)
    # Each slice lies two pixels further back than the one below it.
    write_series(study, truth, onward=LEANING)
    number = desk.open(desk.only(study).key, study)
    opened = desk.last_word(number)
    assert isinstance(opened, VolumeOpened), opened
    assert desk.told(number, VolumeBegun) == desk.told(number, SlicesRead) == []
    assert RepairKind.TILT in [repair.kind for repair in opened.facts.repairs]
    laid = array(opened)[0]
    assert laid.shape == (5, 48, 40)
    for z in range(5):
        np.testing.assert_allclose(laid[z, 2 * z : 2 * z + 40], truth[z], atol=0.1)
        assert np.isnan(laid[z]).sum() == 8 * 40  # what was never acquired is no air


def test_a_missing_slice_is_blank_and_named(desk: Desk, study: Path) -> None:
    truth = values(slices=8)
    write_series(study, truth, left_out=(2,))
    opened = desk.opened(study)
    assert opened.facts.grid.missing == (2,)
    whole = array(opened)[0]
    np.testing.assert_array_equal(np.delete(whole, 2, axis=0), np.delete(truth, 2, axis=0))
    np.testing.assert_array_equal(whole[2], -1024)


def test_a_volume_that_is_at_hand_is_not_read_again(desk: Desk, study: Path, rules: Path) -> None:
    write_series(study, values())
    first = desk.opened(study)
    desk.service.take(Release(first.file))
    second = desk.opened(study)
    assert second.file == first.file
    assert second.facts == first.facts
    assert len(tries(rules, "slice")) == 7
    assert desk.opened(study, part=Part(2)).file != first.file


def test_a_small_picture_has_square_pixels_and_is_drawn_once(
    desk: Desk, study: Path, rules: Path
) -> None:
    truth = np.zeros((3, 10, 10), np.int16)
    truth[1, :, 5:] = 400
    write_series(study, truth, PixelSpacing=[1.0, 0.5], WindowCenter=200, WindowWidth=400)
    key = desk.only(study).key
    first = desk.draw(key, study)
    assert isinstance(first, Thumbnail)
    small = np.load(first.file)
    assert small.dtype == np.uint8
    assert small.shape == (184, 92, 3)
    np.testing.assert_array_equal(small[:, :40], 0)
    np.testing.assert_array_equal(small[:, 52:], 255)
    second = desk.draw(key, study)
    assert isinstance(second, Thumbnail)
    assert second.file == first.file
    assert len(tries(rules, "slice")) == 1


def test_the_small_picture_of_an_open_volume_is_drawn_from_its_array(
    desk: Desk, study: Path, rules: Path
) -> None:
    write_series(study, values())
    opened = desk.opened(study)
    before = len(tries(rules, "slice"))
    (entry,) = desk.find(study).entries
    assert isinstance(desk.draw(entry.key, study), Thumbnail)
    assert len(tries(rules, "slice")) == before
    desk.service.take(Release(opened.file))
    assert Path(opened.file).exists()


def test_a_header_that_kills_its_decoder_hides_no_other_file(desk: Desk, study: Path) -> None:
    truth = values(slices=9)
    paths = write_series(study, truth, name=lambda z: f"{z}{'-headercrash' * (z == 8)}.dcm")
    listing = desk.find(study)
    assert [entry.pictures for entry in listing.entries] == [8]
    (refused,) = listing.refused
    assert refused.path == str(paths[8])
    assert "crashed the decoder" in refused.reason


def test_a_fault_of_our_own_in_one_header_hides_no_other_file(desk: Desk, study: Path) -> None:
    write_series(study, values(slices=9), name=lambda z: f"{z}{'-headerraise' * (z == 8)}.dcm")
    listing = desk.find(study)
    assert [entry.pictures for entry in listing.entries] == [8]
    assert "our fault" in listing.refused[0].reason


def test_series_in_an_archive_open(desk: Desk, study: Path, tmp_path: Path) -> None:
    truth = values()
    with zipfile.ZipFile(tmp_path / "study.zip", "w") as archive:
        for path in write_series(study, truth):
            archive.write(path, path.name)
    np.testing.assert_array_equal(array(desk.opened(tmp_path / "study.zip"))[0], truth)


def test_a_photograph_is_listed_as_one_and_drawn_small(desk: Desk, photo: Path) -> None:
    entry = desk.only(photo)
    assert entry.kind is SeriesKind.PHOTOGRAPH
    small = desk.draw(entry.key, photo)
    assert isinstance(small, Thumbnail), small
    assert np.load(small.file).shape == (149, 224, 3)


@pytest.mark.skipif(os.name == "nt", reason="Names are always text there.")
def test_a_file_whose_name_is_no_text_is_refused_and_hides_no_other(
    desk: Desk, study: Path
) -> None:
    paths = write_series(study, values())
    paths[0].rename(study / os.fsdecode(b"M\xfcller.dcm"))
    listing = desk.find(study)
    assert [entry.pictures for entry in listing.entries] == [6]
    assert "no text" in listing.refused[0].reason


def test_what_is_not_there_is_said(desk: Desk, tmp_path: Path) -> None:
    listing = desk.find(tmp_path / "nothing")
    assert listing.entries == ()
    assert len(listing.refused) == 1


def test_no_failure_of_ours_was_told(desk: Desk, study: Path) -> None:
    write_series(study, values())
    desk.opened(study)
    assert not any(isinstance(each, Failed) for each in desk.said)
