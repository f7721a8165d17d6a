"""What a network looked at after its rounds: which rounds are kept, drawn and shown."""

import os
import threading
from pathlib import Path

import numpy as np
import pytest
import run_folders
from training_desk import watch

from engine import runs
from viewer.theme import tokens
from viewer.theme.tokens import ThemeName
from viewer.training import looks
from viewer.training.watch import Watcher, columns_of


def test_the_newest_look_is_not_called_now_rounds_later(page, tmp_path: Path) -> None:
    folder = run_folders.write(tmp_path, [0.6, 0.7, 0.7, 0.7])
    for number in (3, 4):
        (folder / runs.LOOKS / f"{number:05d}.npy").unlink()
    with run_folders.worked_at(folder):
        watch(page, folder)
        assert page.run_block.state.text() == "Running"
        assert page.looks.heads() == ["picture", "round 1", "2"]


@pytest.mark.parametrize("theme", ThemeName)
def test_the_newest_round_has_a_frame_in_both_themes(
    page, tmp_path: Path, theme: ThemeName
) -> None:
    page._theme.use(theme)
    watch(page, run_folders.write(tmp_path, [0.6, 0.7]))
    seen = page.looks.grab().toImage()
    side = page.looks._side(2)
    right = looks._SIDE + 3 * (side + looks._GAP) - looks._GAP
    ratio, middle = seen.devicePixelRatio(), looks._HEAD + side / 2
    along = [
        seen.pixelColor(int(x * ratio), int(middle * ratio)).name().upper()
        for x in np.arange(right - 2, right + 2, 0.5)
    ]
    assert tokens.OVER_TEXT.upper() in along
    assert page._theme.tokens.text1.upper() in along


def test_rounds_between_the_first_and_the_newest_are_spread() -> None:
    assert columns_of((1, 2, 3)) == (1, 2, 3)
    chosen = columns_of(tuple(range(1, 41)))
    assert len(chosen) == 5
    assert (chosen[0], chosen[-1]) == (1, 40)


def test_the_newest_round_is_the_last_column(page, tmp_path: Path) -> None:
    folder = run_folders.write(tmp_path / "run", [0.6] * 9)
    watched = Watcher(folder).look()
    assert watched.columns[-1] == 9
    assert [len(row) for row in watched.looks] == [len(watched.columns)] * 2


def test_of_a_long_training_no_more_looks_are_kept_than_are_shown(tmp_path: Path) -> None:
    watcher = Watcher(tmp_path / "run")
    for rounds in range(1, 20):
        run_folders.write(tmp_path / "run", [0.6] * rounds)
        shown = watcher.look()
        assert len(watcher._drawn) == len(shown.columns) == min(rounds, 5)


def test_a_look_that_was_taken_again_is_drawn_again(tmp_path: Path) -> None:
    folder = run_folders.write(tmp_path / "run", [0.6])
    watcher = Watcher(folder)
    ((before,), _) = watcher.look().looks
    assert watcher.look().looks[0][0] is before
    look = folder / runs.LOOKS / "00001.npy"
    np.save(look, np.load(look)[:, ::-1])
    os.utime(look, ns=(0, 0))
    assert watcher.look().looks[0][0] != before


def test_numbers_are_drawn_beside_the_windows_thread(
    page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = run_folders.write(tmp_path / "run", [0.6])
    threads = []
    real = Watcher.look

    def look(watcher: Watcher) -> object:
        threads.append(threading.current_thread())
        return real(watcher)

    monkeypatch.setattr(Watcher, "look", look)
    page._room.watch(folder)
    page._room._worker.wait()
    assert threads
    assert threading.main_thread() not in threads
    assert np.load(folder / runs.LOOKS / "pictures.npy").shape == (2, 48, 48, 3)
