"""Pictures made ready for a training: what is left out, and how much is held in memory."""

import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.task import Task
from engine.training import normalised


def test_a_picture_without_an_eye_is_left_out_and_named(
    in_this_process: None, drawn_folder: Path, tmp_path: Path
) -> None:
    black = tmp_path / "black.png"
    Image.fromarray(np.zeros((90, 90, 3), np.uint8)).save(black)
    flat = tmp_path / "flat.png"
    Image.fromarray(np.full((90, 90, 3), 128, np.uint8)).save(flat)
    values, unfit = normalised.photographs_that_can(
        [next(drawn_folder.rglob("*.png")), black, flat], 112, tmp_path / "n.npy", Task()
    )
    assert values[0].any()
    assert not values[1:].any()
    assert list(unfit) == [1, 2]
    assert unfit[2].endswith("No round field of a fundus camera was found, and it has no colour.")


def test_pictures_are_written_as_they_come_and_not_held_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alive: list[weakref.ref[np.ndarray]] = []
    most = 0

    def made(_make: object, items: list[int]) -> Iterator[np.ndarray]:
        nonlocal most
        for item in items:
            picture = np.full((3, 2, 2), item, np.int8)
            alive.append(weakref.ref(picture))
            most = max(most, sum(each() is not None for each in alive))
            yield picture

    monkeypatch.setattr(normalised, "_spread", made)
    (tmp_path / ".n.npy.0badcafe").touch()  # a killed run's
    found = normalised.phantoms(range(9), 112, tmp_path / "n.npy", Task()).values
    assert found[:, 2, 1, 0].tolist() == list(range(9))
    assert most <= 3
    assert [path.name for path in tmp_path.iterdir()] == ["n.npy"]
