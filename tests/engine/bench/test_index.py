"""The folder that is listed for the benchmark, and the figures that come of it."""

from pathlib import Path

import pytest
import SimpleITK
from pydicom import dcmread

from engine.bench import ct_folder, index
from engine.errors import Cancelled
from engine.images.catalogue import list_pictures
from engine.task import Task

SERIES, SLICES = 3, 4


def test_the_folder_holds_whole_series_for_both_readers(tmp_path: Path) -> None:
    folder, scratch = tmp_path / "folder", tmp_path / "scratch"
    scratch.mkdir()
    ct_folder.make(folder, SERIES, SLICES, Task())

    ours = list_pictures([folder], scratch, Task()).listing
    theirs = SimpleITK.ImageSeriesReader.GetGDCMSeriesIDs(str(folder))

    assert ours.refused == ()
    assert {entry.origin.series_uid for entry in ours.entries} == set(theirs)
    assert len(theirs) == SERIES
    for entry in ours.entries:
        assert entry.facts.grid.size == (64, 64, SLICES)
        assert entry.facts.grid.spacing == pytest.approx((5.625, 5.625, 2.5))
        assert entry.facts.repairs == ()


def test_headers_are_as_long_as_real_ones(tmp_path: Path) -> None:
    ct_folder.make(tmp_path / "folder", 1, 1, Task())
    (path,) = (tmp_path / "folder").iterdir()

    told = dcmread(path)

    assert len(told) > 100
    assert sum(element.VR == "SQ" for element in told) >= 4
    assert sum(element.tag.is_private for element in told) > 30


def test_the_figures_are_ratios_to_what_they_name() -> None:
    figures = index.run(Task(), series=SERIES, slices=SLICES, repeats=2)

    assert figures["index"] > 0
    # The names of the files cost one more listing for each series.
    assert figures["index_files"] < figures["index"]
    assert "GetGDCMSeriesIDs" in figures["index_reference"]
    assert "GetGDCMSeriesFileNames" in figures["index_files_reference"]


def test_it_can_be_stopped() -> None:
    task = Task(lambda *_: task.cancel())

    with pytest.raises(Cancelled):
        index.run(task, series=SERIES, slices=SLICES, repeats=1)
