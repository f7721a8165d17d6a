"""A listed series becomes a volume; what of it cannot be read is blank and said."""

import tracemalloc
from dataclasses import replace
from pathlib import Path

import ct_files
import numpy as np
import pydicom
import pytest
import volume_files as files
from PIL import Image
from pydicom.uid import RLELossless

from engine.errors import Cancelled, Refusal
from engine.images.catalogue import list_pictures
from engine.images.load import load, survey
from engine.images.plan import Planned
from engine.pictures import RepairKind
from engine.task import Task


def planned(path: Path) -> Planned:
    (found,) = list_pictures([path], path.parent, Task()).planned.values()
    return found


def test_a_series_lies_in_order_of_place_with_its_values(tmp_path: Path) -> None:
    ct_files.write(tmp_path / "ct", ct_files.values())
    volume = load(planned(tmp_path / "ct"), Task())
    assert np.array_equal(volume.frame(), ct_files.values())
    assert volume.facts.grid.spacing == pytest.approx(ct_files.SPACING)
    assert volume.facts.grid.affine is not None
    assert volume.facts.grid.affine[:3, 3] == pytest.approx(ct_files.ORIGIN)
    assert volume.facts.value_range == (-50, 159)
    assert volume.facts.unit == "HU"
    assert not volume.facts.repairs


def damaged(folder: Path, *slices: int) -> Planned:
    """A series of which these files turn bad after they were listed."""
    paths = ct_files.write(folder, ct_files.values())
    found = planned(folder)
    for number in slices:
        paths[number].write_bytes(paths[number].read_bytes()[:-20])
    return found


def test_a_slice_that_cannot_be_read_is_blank_and_said(tmp_path: Path) -> None:
    volume = load(damaged(tmp_path / "ct", 0, 1), Task())
    assert np.array_equal(volume.frame()[:3], ct_files.values()[:3])
    assert len(np.unique(volume.frame()[3:])) == 1
    assert volume.facts.grid.missing == (3, 4)
    (repair,) = volume.facts.repairs
    assert repair.kind is RepairKind.MISSING_SLICES
    assert "4" in repair.detail
    assert volume.facts.value_range == (-50, 75)


def test_a_blank_slice_takes_no_part_in_the_range(tmp_path: Path) -> None:
    values = ct_files.values(9) + 500
    ct_files.write(tmp_path / "ct", values)[4].unlink()
    found = planned(tmp_path / "ct")
    volume = load(found, Task())
    assert volume.facts.grid.missing == (4,)
    assert volume.values[0, 4].max() < 450
    assert volume.facts.value_range == (450, 827)
    assert survey(found, Task())[0] == volume.facts


def test_a_series_of_which_nothing_can_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal):
        load(damaged(tmp_path / "ct", *range(5)), Task())
    with pytest.raises(Refusal):
        survey(damaged(tmp_path / "again", *range(5)), Task())


def test_a_size_that_only_the_header_promises_costs_no_memory(tmp_path: Path) -> None:
    (path,) = ct_files.write(tmp_path / "ct", ct_files.values(1))
    dataset = pydicom.dcmread(path)
    dataset.compress(RLELossless)
    dataset.Rows = dataset.Columns = 20_000
    dataset.save_as(path)
    found = planned(tmp_path / "ct")

    tracemalloc.start()
    try:
        with pytest.raises(Refusal):
            survey(found, Task())
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert most < 20_000 * 20_000


@pytest.mark.parametrize("bad", [(), (2,)])
def test_a_survey_tells_the_same_as_loading(bad: tuple[int, ...], tmp_path: Path) -> None:
    found = damaged(tmp_path / "ct", *bad)
    facts, refused = survey(found, Task())
    assert facts == load(found, Task()).facts
    assert [Path(each.path).name for each in refused] == [f"{number:03d}.dcm" for number in bad]
    (tmp_path / "a.nii").write_bytes(files.nifti(files.ramp()))
    file = planned(tmp_path / "a.nii")
    assert survey(file, Task()) == (load(file, Task()).facts, ())


def test_the_hash_is_of_values_and_place(tmp_path: Path) -> None:
    values = files.ramp()
    moved = files.PLAIN.copy()
    moved[0, 3] += 1
    changed = values.copy()
    changed[0, 0, 0] += 1
    contents = {
        "a.nii": files.nifti(values),
        "b.nii": files.nifti(values, big=True),
        "c.nii": files.nifti(values, sform=moved),
        "d.nii": files.nifti(changed),
    }
    hashes = {}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        hashes[name] = load(planned(tmp_path / name), Task()).facts.content_hash
    assert hashes["a.nii"] == hashes["b.nii"]
    assert len(set(hashes.values())) == 3


def test_a_photograph_is_a_volume_of_one_colour_slice(tmp_path: Path) -> None:
    Image.new("RGB", (60, 40), (1, 2, 3)).save(tmp_path / "eye.png")
    volume = load(planned(tmp_path / "eye.png"), Task())
    assert volume.values.shape == (1, 1, 40, 60, 3)
    assert volume.facts.value_range == (1, 3)


def test_a_file_that_changed_since_it_was_listed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.nii").write_bytes(files.nifti(files.ramp()))
    found = planned(tmp_path / "a.nii")
    (tmp_path / "a.nii").write_bytes(files.nifti(files.ramp(3, 3, 3)))
    with pytest.raises(Refusal, match="changed"):
        load(found, Task())
    (tmp_path / "a.nii").unlink()
    with pytest.raises(Refusal, match="no such file"):
        load(found, Task())


def test_want_of_memory_is_said_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ct_files.write(tmp_path / "ct", ct_files.values())
    found = planned(tmp_path / "ct")

    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(np, "full", full)
    with pytest.raises(Refusal, match="memory"):
        load(found, Task())


def test_loading_can_be_cancelled(tmp_path: Path) -> None:
    ct_files.write(tmp_path / "ct", ct_files.values())
    found = planned(tmp_path / "ct")
    task = Task()
    task.cancel()
    with pytest.raises(Cancelled):
        load(found, task)


def test_reading_leaves_what_the_header_said(tmp_path: Path) -> None:
    ct_files.write(tmp_path / "ct", ct_files.values())
    found = planned(tmp_path / "ct")
    facts = load(found, Task()).facts
    assert replace(facts, value_range=None, content_hash="") == found.facts
