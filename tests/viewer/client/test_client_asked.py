"""The window's side of the engine is asked, and what it shows is let go."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from told import Told, ask, name

from engine.answers import Criterion, Look, Together
from engine.service.messages import PictureFile
from viewer.client.engine import EngineClient, EngineState


def test_a_photograph_is_mapped_read_only(told: Told, photo: Path) -> None:
    opened = told.last_word(told.client.open(photo))
    pixels = told.client.mapped(opened.file)
    with Image.open(photo) as truth:
        np.testing.assert_array_equal(pixels, np.asarray(truth))
    with pytest.raises(ValueError, match="read-only"):
        pixels[0, 0] = 0


def test_the_chip_says_starting_then_ready(told: Told) -> None:
    told.client.start()
    told.ready()
    assert told.states == [
        (EngineState.STARTING, "Engine starting"),
        (EngineState.READY, "Engine ready"),
    ]


def test_a_question_is_answered(told: Told, photo: Path) -> None:
    answered = told.last_word(ask(told, photo, "good"))
    assert answered.answer.pack.name == "good"
    assert told.client.mapped(answered.heatmap.file).shape == (3, 4)


def test_two_eyes_are_answered_together_and_let_go(told: Told, photo: Path) -> None:
    other = photo.with_name("other.png")
    Image.new("RGB", (9, 6), "red").save(other)
    number = told.client.ask_together(
        pane="pair",
        together=Together.PAIR,
        pictures=[PictureFile(str(photo)), PictureFile(str(other))],
        pack="good",
        criterion=Criterion.PI,
        device="processor",
    )
    word = told.last_word(number)
    assert word.answer.together is Together.PAIR
    files = [heatmap.file for heatmap in word.heatmaps]
    assert [told.client.mapped(file).shape for file in files] == [(3, 4), (3, 4)]
    for file in files:
        told.client.release(file)
    told.until(lambda: not any(Path(file).exists() for file in files))


def test_a_pack_is_installed(told: Told) -> None:
    word = told.last_word(told.client.install_pack(Path("/somewhere/better.llpack")))
    assert word.installed == "better.llpack"


def test_a_heatmap_is_drawn_though_it_was_released_meanwhile(
    told: Told, photo: Path, tmp_path: Path
) -> None:
    answered = told.last_word(ask(told, photo, "good"))
    to = tmp_path / "drawn.png"
    number = told.client.draw(
        picture=PictureFile(str(photo)),
        answer=answered.answer,
        heatmap=answered.heatmap,
        look=Look(0.5, 0.1, "azure"),
        to=to,
    )
    told.client.release(answered.heatmap.file)
    assert name(told.last_word(number)) == "Drawn"
    assert to.read_text() == f"{photo.name} {np.arange(12).sum():.1f}"
    told.until(lambda: not Path(answered.heatmap.file).exists())


def test_a_name_that_is_no_text_is_refused_after_the_call(told: Told, tmp_path: Path) -> None:
    number = told.client.open(tmp_path / os.fsdecode(b"eye\xff.jpg"))
    assert told.last_words == []
    assert "no text" in told.last_word(number).why


def test_a_stray_engine_in_the_cache_folder_is_not_run(
    qtbot: Any, photo: Path, cache_folder: Path, tmp_path: Path
) -> None:
    stray = cache_folder / "engine" / "service"
    stray.mkdir(parents=True)
    for folder in (stray.parent, stray):
        (folder / "__init__.py").write_text(f"open({str(tmp_path / 'sprung')!r}, 'a')")
    told = Told(EngineClient(), qtbot)
    assert name(told.last_word(told.client.open(photo))) == "Opened"
    told.client.close()
    assert not (tmp_path / "sprung").exists()
