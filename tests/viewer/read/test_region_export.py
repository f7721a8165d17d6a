"""Regions and drawings as JSON, and which eye goes along with a picture that leaves the window."""

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from region_desk import regions
from window_desk import FIRST, Desk

from engine.geometry import Circle
from engine.pictures import Laterality


@pytest.fixture
def to(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the dialog says that the file goes."""
    path = desk.folder / "seen"

    def choose(*_: Any) -> tuple[str, str]:
        return str(path), "JSON (*.json)"

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    return path.with_suffix(".json")


def written(desk: Desk, to: Path) -> dict[str, Any]:
    desk.window.actions_.by_name["save-regions"].trigger()
    desk.qtbot.waitUntil(to.exists)
    told: dict[str, Any] = json.loads(to.read_text(encoding="utf-8"))
    return told


def test_the_file_tells_answer_regions_and_landmarks_as_analyse_does(
    listed: Desk, to: Path
) -> None:
    told = written(listed, to)
    assert told["probability"] == 0.78 and told["pack"]["sha256"] == FIRST.sha256
    first, second = told["regions"]["regions"]
    assert (first["number"], first["share"], first["box"]) == (1, 0.4, [400, 150, 460, 210])
    assert first["outline"] == [[[400, 150], [460, 150], [460, 210], [400, 210]]]
    assert second["share"] == 0.1
    assert told["regions"]["left_out"]["specks"] == 3
    # From (430, 180) to the fovea at (450, 310), in diameters of 80 pixels.
    away = (20**2 + 130**2) ** 0.5 / 80
    assert first["position"]["from_fovea"]["disc_diameters"] == pytest.approx(away)
    assert told["landmarks"]["disc"] == {"x": 650, "y": 300, "radius": 40}


def test_what_the_reader_said_and_drew_stands_apart(listed: Desk, to: Path) -> None:
    listed.press(Qt.Key.Key_N)
    listed.press(Qt.Key.Key_A)
    listed.press(Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    listed.qtbot.keyClicks(regions(listed).block.tag, "Drusen")
    regions(listed).marks.place(disc=Circle(600, 300, 50))
    reader = written(listed, to)["reader"]
    assert reader["regions"] == [{"number": 1, "verdict": "accepted", "name": "Drusen"}]
    (drawing,) = reader["drawings"]
    assert drawing["kind"] == "outline" and [400, 150, 0] in drawing["points"]
    assert (reader["disc"]["x"], reader["fovea"]) == (600, None)


def test_a_word_that_must_wait_for_a_signature_is_not_in_the_file(listed: Desk, to: Path) -> None:
    listed.window.preferences.change(reading="reading first")
    listed.window.presenter.look_behind_veil()
    told = written(listed, to)
    assert "probability" not in told and told["regions"] is None


def test_a_copied_picture_carries_the_eye_that_the_screen_names(listed: Desk) -> None:
    listed.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert listed.engine.last("draw").what["eye"] is Laterality.RIGHT
    listed.window.photographs.both.say_eye(Laterality.LEFT)
    listed.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert listed.engine.last("draw").what["eye"] is Laterality.LEFT
