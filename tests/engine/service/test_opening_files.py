"""A volume in one file is opened, whole and in part."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nibabel import Nifti1Image
from series_files import values
from volume_desk import Desk

from engine.images.catalogue import list_pictures
from engine.images.content import content_of, with_content
from engine.images.load import load
from engine.images.part import extent_of, reduced
from engine.service import memory
from engine.service.messages import (
    Cancel,
    Gone,
    Part,
    Progress,
    Thumbnail,
    TooMuch,
    VolumeOpened,
)
from engine.service.requests import CANCELLED
from engine.task import Task


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return tmp_path / "Doe Jane"


def array(opened: VolumeOpened) -> Any:
    return np.load(opened.file)


def test_a_volume_file_opens_whole(desk: Desk, study: Path) -> None:
    truth = values().astype(np.float32) / 3
    study.mkdir()
    # NIfTI's axes are x, y, z toward the right, the front and the head.
    image = Nifti1Image(truth.transpose(2, 1, 0), np.diag([-0.5, -0.5, 2.0, 1]))
    image.to_filename(study / "T1.nii.gz")
    opened = desk.opened(study)
    np.testing.assert_array_equal(array(opened)[0], truth)
    assert opened.facts.grid.orientation == "LPS"
    part = desk.opened(study, part=Part(2, (3, 9, 0, 12, 1, 7)))
    np.testing.assert_array_equal(array(part)[0], truth[1:7:2, :, 3:9])


def nifti(folder: Path, truth: Any, name: str = "T1.nii", shear: float = 0) -> None:
    """A file with the values (z, y, x)."""
    folder.mkdir()
    affine = np.diag([-0.5, -0.5, 2.0, 1])
    affine[1, 2] = shear
    Nifti1Image(truth.transpose(2, 1, 0), affine).to_filename(folder / name)


@pytest.mark.parametrize("name", ["T1.nii", "T1.nii.gz"])
@pytest.mark.parametrize("shear", [0, 1.5])
def test_a_part_of_a_file_has_the_values_facts_and_hash_of_the_whole_s_cut(
    desk: Desk, study: Path, tmp_path: Path, name: str, shear: float
) -> None:
    nifti(study, values(), name, shear)
    (planned,) = list_pictures([study], tmp_path, Task()).planned.values()
    whole = load(planned, Task())
    opened = desk.opened(study, part=Part(2, (3, 9, 0, 12, 1, 7)))
    cut = whole.values[:, 1:7:2, :12, 3:9]
    np.testing.assert_array_equal(array(opened), cut)
    facts = reduced(whole.facts, extent_of(whole.facts.grid.size, 2, (3, 9, 0, 12, 1, 7)))
    contents = [content_of(picture) for frame in cut for picture in frame]
    assert opened.facts == with_content(facts, cut.dtype.name, cut.shape, contents)


def test_how_far_a_file_is_read_is_told(desk: Desk, study: Path) -> None:
    nifti(study, values(slices=9), "T1.nii.gz")
    number = desk.open(desk.only(study).key, study, part=Part(3))
    assert isinstance(desk.last_word(number), VolumeOpened)
    told = desk.told(number, Progress)
    assert [(each.done, each.total) for each in told] == [(0, 0), *((at, 7) for at in range(7))]
    assert all(each.by_decoder for each in told)


def test_a_file_that_is_cancelled_midway_is_gone_and_leaves_nothing(
    desk: Desk, study: Path, rules: Path, session: Path
) -> None:
    nifti(study, values(slices=9), "T1-filehang.nii")
    number = desk.open(desk.only(study).key, study)
    while not (rules / "files").exists():
        os.sched_yield()
    desk.service.take(Cancel(number))
    assert desk.last_word(number) == Gone(number, CANCELLED)
    assert list(session.glob("*.npy")) == []


def test_the_small_picture_of_a_file_is_its_middle_slice(desk: Desk, study: Path) -> None:
    truth = np.zeros((9, 12, 16), np.int16)
    truth[4, :, 8:] = 300
    nifti(study, truth)
    small = desk.draw(desk.only(study).key, study)
    assert isinstance(small, Thumbnail), small
    assert set(np.unique(np.load(small.file)[:, -9:])) == {255}


@pytest.mark.parametrize("name", ["T1.nii", "T1.nii.gz"])
def test_a_file_that_does_not_fit_is_read_in_part(
    desk: Desk, study: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    truth = values(slices=10)
    nifti(study, truth, name)
    size = 12 * 16 * 2
    monkeypatch.setattr(memory, "room", lambda _: memory.Room(7 * size, of_disk=False))
    number = desk.open(desk.only(study).key, study)
    # A slice as it is stored, and its copies.
    assert desk.last_word(number) == TooMuch(number, 13 * size, 7 * size, 3, fixed=3 * size)
    np.testing.assert_array_equal(array(desk.opened(study, part=Part(3)))[0], truth[::3])


def test_a_sheared_file_of_which_no_part_fits_says_so(
    desk: Desk, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nifti(study, values(slices=10), shear=1.5)
    monkeypatch.setattr(memory, "room", lambda _: memory.Room(8 * 12 * 16 * 2, of_disk=False))
    word = desk.last_word(desk.open(desk.only(study).key, study))
    assert isinstance(word, TooMuch)
    assert word.step == 0
    assert word.needed > word.fixed > word.free
