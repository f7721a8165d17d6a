"""What the benchmark browse accepts as photographs, and how it asks the window."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.bench import browse, window
from engine.errors import Refusal
from engine.task import Task


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browse, "SIZE", (9, 6))
    monkeypatch.setattr(browse, "PHOTOGRAPHS", 3)


def _photograph(folder: Path, name: str, brightness: int, size: tuple[int, int] = (9, 6)) -> None:
    pixels = np.full((size[1], size[0], 3), brightness, np.uint8)
    Image.fromarray(pixels).save(folder / name)


def test_without_a_folder_it_says_what_it_needs() -> None:
    with pytest.raises(Refusal, match="3 real ones of 9 × 6 pixels"):
        browse.run(Task(), None)


def test_too_few_are_counted_and_repeated_ones_count_once(tmp_path: Path) -> None:
    _photograph(tmp_path, "1.png", 10)
    _photograph(tmp_path, "2.png", 20)
    _photograph(tmp_path, "2 again.png", 20)
    _photograph(tmp_path, "large.png", 30, (10, 6))
    Image.fromarray(np.zeros((6, 9), np.uint8)).save(tmp_path / "1_EX.png")
    (tmp_path / "notes.jpg").write_text("no picture")
    with pytest.raises(Refusal, match="holds 2, and 1 that repeat them"):
        browse.run(Task(), tmp_path)


def test_as_many_as_it_takes_are_handed_to_the_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(window, "run", lambda name, _, *paths: asked.append((name, *paths)) or {})
    for number in range(5):
        _photograph(tmp_path, f"{number}.png", 10 * number)
    browse.run(Task(), tmp_path)
    assert asked == [("browse", *(str(tmp_path / f"{number}.png") for number in range(3)))]
