"""The window while its engine is killed at every stage of a request."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from window_desk import eye_pixels, theme_of

from engine.answers import Criterion
from engine.settings import Loaded, Settings
from viewer.client.engine import EngineClient
from viewer.photograph.standing import Standing
from viewer.window import Window

FAKE = Path(__file__).parents[1] / "engine" / "service" / "fake_engine.py"
CONTROL_KEY = Qt.KeyboardModifier.ControlModifier


@dataclass
class Fragile:
    """A shown window with an engine that holds still at a stage, so that it can be killed there."""

    window: Window
    client: EngineClient
    control: Path
    folder: Path
    qtbot: Any

    def until(self, holds: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(holds()), timeout=20_000)

    def until_answered(self) -> None:
        self.until(lambda: self.window.presenter.standing is Standing.ANSWERED)

    def picture(self, name: str) -> Path:
        path = self.folder / name
        cv2.imwrite(str(path), eye_pixels()[..., ::-1])
        return path

    def kill_at(self, stage: str) -> None:
        self.until((self.control / f"held-{stage}").exists)
        os.kill(self.client.process_number, signal.SIGKILL)

    def rows(self) -> str:
        found = self.window.rows.findChildren(QLabel)
        return "\n".join(one.text() for one in found if one.isVisibleTo(self.window.rows))


@pytest.fixture
def fragile(qtbot: Any, tmp_path: Path, qapp: QApplication) -> Iterator[Fragile]:
    control, scratch = tmp_path / "control", tmp_path / "scratch"
    control.mkdir()
    scratch.mkdir()
    client = EngineClient(command=(sys.executable, "-P", str(FAKE), str(control)))
    window = Window(theme_of(qapp), client, Loaded(Settings()), scratch)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield Fragile(window, client, control, tmp_path, qtbot)
    window.close()
    window.deleteLater()


def _goes_on(fragile: Fragile) -> None:
    """The window is there, has said so, and the next question is answered."""
    window = fragile.window
    fragile.until(lambda: "was started again" in fragile.rows())
    assert window.isVisible()
    fragile.until_answered()
    fragile.qtbot.keyClick(window.photographs.pane, Qt.Key.Key_V)
    fragile.until_answered()
    assert window.presenter.answer is not None
    assert window.presenter.answer.criterion is Criterion.OMEGA


@pytest.mark.parametrize("stage", ["hello", "ready", "open", "answer", "write"])
def test_an_engine_killed_on_the_way_to_an_answer_is_said_and_the_next_question_works(
    fragile: Fragile, stage: str
) -> None:
    (fragile.control / f"hold-{stage}").touch()
    fragile.client.start()
    fragile.window.open(fragile.picture("eye.png"))
    fragile.kill_at(stage)
    _goes_on(fragile)
    assert "eye.png" in fragile.window.windowTitle()


def test_an_engine_killed_while_it_draws_writes_the_picture_after_all(
    fragile: Fragile, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = fragile.folder / "annotated.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(to), ""))
    fragile.window.open(fragile.picture("eye.png"))
    fragile.until_answered()
    (fragile.control / "hold-draw").touch()
    fragile.qtbot.keyClick(fragile.window.photographs.pane, Qt.Key.Key_E, CONTROL_KEY)
    fragile.kill_at("draw")
    fragile.until(lambda: "Saved as annotated.png." in fragile.rows())
    assert to.is_file()
    _goes_on(fragile)


def test_an_engine_killed_while_it_checks_a_pack_is_said_and_the_next_question_works(
    fragile: Fragile,
) -> None:
    fragile.window.open(fragile.picture("eye.png"))
    fragile.until_answered()
    (fragile.control / "hold-install").touch()
    fragile.window.presenter.install_pack(fragile.folder / "better.llpack")
    fragile.kill_at("install")
    _goes_on(fragile)


def test_an_engine_killed_while_another_picture_loads_keeps_the_one_on_the_screen(
    fragile: Fragile,
) -> None:
    fragile.window.open(fragile.picture("first.png"))
    fragile.until_answered()
    (fragile.control / "hold-open").touch()
    # Another content, so that it has to be read.
    second = fragile.picture("second.png")
    cv2.imwrite(str(second), 255 - eye_pixels())
    fragile.window.open(second)
    fragile.kill_at("open")
    assert "first.png" in fragile.window.windowTitle()
    fragile.until(lambda: "second.png" in fragile.window.windowTitle())
    _goes_on(fragile)
