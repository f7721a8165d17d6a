"""The window's side of series: listed, shown while they are read, asked for again after a crash."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from series_files import values, write_series
from told import Told, kill, name

from engine.service.messages import Part, SeriesFile


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "Doe Jane"
    write_series(folder, values(slices=9))
    return folder


def series(told: Told, study: Path) -> SeriesFile:
    (entry,) = told.last_word(told.client.find([study])).listing.entries
    return SeriesFile((str(study),), entry.key)


def test_a_series_is_found_and_opened(told: Told, study: Path) -> None:
    number = told.client.open_volume(series(told, study))
    opened = told.last_word(number)
    np.testing.assert_array_equal(told.client.mapped(opened.file)[0], values(slices=9))
    (begun,) = told.begun_volumes
    assert begun.id == number
    assert begun.file == opened.file
    read = [*begun.read, *(each for message in told.slices for each in message.slices)]
    assert sorted(read) == [(0, z) for z in range(9)]


def test_a_volume_that_was_told_twice_is_released_once(told: Told, study: Path) -> None:
    opened = told.last_word(told.client.open_volume(series(told, study), Part(2)))
    other = told.last_word(told.client.open_volume(series(told, study), Part(3)))
    told.client.release(opened.file)
    # Kept by the engine, and lent again; only then does nobody hold it.
    again = told.last_word(told.client.open_volume(series(told, study), Part(2)))
    assert again.file == opened.file
    kill(told)
    told.until(lambda: told.restarts)
    for file in (again.file, other.file):
        assert Path(file).exists()
        told.client.release(file)
        assert not Path(file).exists()


def test_a_small_picture_comes_as_an_array(told: Told, study: Path) -> None:
    drawn = told.last_word(told.client.draw_thumbnail(series(told, study)))
    small = told.client.mapped(drawn.file)
    assert small.dtype == np.uint8
    assert small.shape[2] == 3
    told.client.release(drawn.file)


def test_what_is_too_large_is_told_with_the_step_that_fits(
    told: Told, study: Path, control: Path
) -> None:
    (control / "room").write_text(str(3 * 12 * 16 * 2))
    word = told.last_word(told.client.open_volume(series(told, study)))
    assert name(word) == "TooMuch"
    assert word.step == 3


@pytest.mark.parametrize("stage", ["header", "slice", "straighten"])
def test_an_engine_killed_at_any_stage_is_asked_once_more_for_what_it_was_reading(
    told: Told, tmp_path: Path, control: Path, stage: str
) -> None:
    study = tmp_path / "oblique"
    truth = np.full((9, 12, 16), 300, np.int16)
    write_series(study, truth, orientation=(1, 0, 0, 0, 0.8, 0.6), onward=(0, -1.5, 2.0))
    (control / f"hold-{stage}").touch()
    finding = told.client.find([study])
    if stage != "header":
        (entry,) = told.last_word(finding).listing.entries
        opening = told.client.open_volume(SeriesFile((str(study),), entry.key), straight=True)
    told.until((control / f"held-{stage}").exists)
    kill(told)
    (entry,) = told.last_word(finding).listing.entries
    if stage == "header":
        opening = told.client.open_volume(SeriesFile((str(study),), entry.key), straight=True)
    opened = told.last_word(opening)
    assert name(opened) == "VolumeOpened", opened
    laid = told.client.mapped(opened.file)
    assert set(np.unique(laid[np.isfinite(laid)])) == {300} and np.isnan(laid).any()
    assert len(told.restarts) == 1
    left = [path for path in Path(opened.file).parent.iterdir() if path.is_file()]
    assert left == [Path(opened.file)]


def test_a_volume_that_was_shown_half_read_is_begun_anew_after_a_crash(
    told: Told, tmp_path: Path, control: Path
) -> None:
    study = tmp_path / "study"
    truth = values(slices=5)
    write_series(study, truth, name=lambda z: f"{z}{'-slicewait' * (z == 0)}.dcm")
    number = told.client.open_volume(series(told, study))
    told.until(lambda: told.begun_volumes)
    kill(told)
    told.until(lambda: told.restarts)
    (control / "go").touch()
    opened = told.last_word(number)
    first, second = told.begun_volumes
    assert second.file == opened.file
    assert first.file != second.file
    np.testing.assert_array_equal(told.client.mapped(first.file)[0, 2], truth[2])
    np.testing.assert_array_equal(told.client.mapped(opened.file)[0], truth)
    told.client.release(first.file)
    assert not Path(first.file).exists()
    assert Path(second.file).exists()


def test_a_half_read_volume_that_is_cancelled_goes_when_it_is_released(
    told: Told, tmp_path: Path, await_end: Callable[[int], None]
) -> None:
    study = tmp_path / "study"
    write_series(study, values(slices=5), name=lambda z: f"{z}{'-slicehang' * (z == 0)}.dcm")
    number = told.client.open_volume(series(told, study))
    told.until(lambda: told.begun_volumes)
    engine = told.client.process_number
    told.client.cancel(number)
    assert name(told.last_word(number)) == "Gone"
    (begun,) = told.begun_volumes
    assert Path(begun.file).exists()
    told.client.release(begun.file)
    told.until(lambda: not Path(begun.file).exists())
    assert told.client.process_number == engine


def test_another_series_is_listed_and_opened_while_one_does_not_come(
    told: Told, study: Path, tmp_path: Path
) -> None:
    slow = tmp_path / "slow"
    write_series(slow, values(slices=5), name=lambda z: f"{z}-slicehang.dcm")
    first = told.client.open_volume(series(told, slow))
    second = told.client.open_volume(series(told, study))
    assert name(told.last_word(second)) == "VolumeOpened"
    told.client.cancel(first)
    assert name(told.last_word(first)) == "Gone"
    assert [begun.id for begun in told.begun_volumes] == [second]
