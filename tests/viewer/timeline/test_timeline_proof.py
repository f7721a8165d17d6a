"""A made-up patient of six visits in both eyes, read in the window by the real engine."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication
from window_desk import theme_of

from engine.phantoms import patient_files
from engine.pictures import Laterality
from engine.settings import Loaded, Settings
from engine.task import Task
from engine.visits.change import Fate
from viewer.client.engine import EngineClient
from viewer.timeline.desk import TimelineDesk
from viewer.window import Window

LONG = 300_000


@pytest.fixture
def window(qtbot: Any, tmp_path: Path, qapp: QApplication) -> Iterator[Window]:
    client = EngineClient()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    made = Window(theme_of(qapp), client, Loaded(Settings()), scratch)
    made.resize(1280, 800)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    client.start()
    yield made
    made.close()
    made.deleteLater()


@pytest.mark.proof
@pytest.mark.timeout(900)
def test_a_worsening_patient_is_told_aligned_and_marked_where_it_worsened(
    window: Window, qtbot: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "patient"
    patient_files.write(folder, 3, Task(), width=1000)
    rows = list(csv.DictReader((folder / "visits.csv").open()))
    days = sorted({date.fromisoformat(row["date"]) for row in rows})
    truth = json.loads((folder / "truth.json").read_text())["pictures"]
    eye = Laterality.RIGHT
    name = {day: f"{day.isoformat()}_OD.png" for day in days}

    window.open(folder / name[days[0]])
    qtbot.waitUntil(lambda: window.presenter.answer is not None, timeout=LONG)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_T)
    timeline = window.timeline
    assert timeline is not None
    qtbot.waitUntil(lambda: _is_done(timeline), timeout=LONG)
    columns = timeline.pane.columns.columns
    assert [column.day for column in columns] == days
    assert all(set(column.cells) == set(Laterality) for column in columns)

    pane = window.photographs.first
    pane.zoom_by(2, QPointF(pane.rect().center()))
    where = _on_screen(window, truth[name[days[0]]])
    scale = pane.zoom
    marked = held = 0
    for day in days[1:]:
        qtbot.keyClick(
            QApplication.focusWidget(), Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier
        )
        qtbot.waitUntil(lambda day=day: _shows(window, name[day]), timeout=LONG)  # type: ignore[misc]
        qtbot.waitUntil(lambda: "within" in timeline.aligned.words, timeout=LONG)
        told = truth[name[day]]
        moved = np.linalg.norm(_on_screen(window, told) - where, axis=1)
        assert moved.max() < 0.1 * 2 * told["disc"]["radius"] * scale
        qtbot.waitUntil(lambda: _is_done(timeline), timeout=LONG)
        qtbot.wait(20)
        for mark in timeline.layers[0].marks:
            if mark.fate is Fate.NEW:
                marked += 1
                held += any(_holds(mark.box, lesion) for lesion in told["new"])
    assert timeline.story.eye_of(folder / name[days[-1]]) is eye
    # A mark that holds none of the lesions that came is a false one.
    assert marked > 0
    assert held >= 0.8 * marked, f"{held} of {marked}"


def _is_done(timeline: TimelineDesk) -> bool:
    done, total = timeline.story.progress
    place = timeline.place
    if place is None or not total == 12 == done:
        return False
    return all(timeline.changes.compared(pair) is not None for pair in timeline.story.pairs(place))


def _shows(window: Window, name: str) -> bool:
    picture = window.presenter.picture
    return picture is not None and picture.path.name == name


def _on_screen(window: Window, told: dict[str, Any]) -> np.ndarray[Any, Any]:
    """Disc and fovea on the screen, device pixels."""
    view = window.photographs.first.state.view
    assert view is not None
    disc, fovea = told["disc"], told["fovea"]
    places = np.array([(disc["x"], disc["y"], 1.0), (fovea["x"], fovea["y"], 1.0)])
    return (places @ view.to_screen.T)[:, :2]


def _holds(box: tuple[float, float, float, float], lesion: dict[str, Any]) -> bool:
    left, top, right, bottom = box
    reach = lesion["radius"]
    across = left - reach <= lesion["x"] <= right + reach
    return across and top - reach <= lesion["y"] <= bottom + reach
