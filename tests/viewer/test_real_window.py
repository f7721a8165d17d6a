"""The window with its real engine: opened, moved, cancelled, broken, killed, and gone on with."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from window_desk import theme_of

from engine.settings import Loaded, Settings
from viewer.client.engine import EngineClient, EngineState
from viewer.panels.rows import JobRow
from viewer.photograph.standing import Standing
from viewer.window import Window

LONG = 60_000
LEFT = Qt.MouseButton.LeftButton


@dataclass
class Real:
    """A shown window with a real engine behind it."""

    window: Window
    client: EngineClient
    qtbot: Any

    def until(self, holds: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(holds()), timeout=LONG)

    def until_answered(self) -> None:
        self.until(lambda: self.window.presenter.standing is Standing.ANSWERED)

    def rows(self) -> str:
        found = self.window.rows.findChildren(QLabel)
        return "\n".join(one.text() for one in found if one.isVisibleTo(self.window.rows))

    def shown(self) -> np.ndarray[Any, Any]:
        """What the picture's area looks like, int (y, x, 4)."""
        image = self.window.photographs.pane.grab().toImage()
        pixels = np.frombuffer(image.constBits(), np.uint8)
        return pixels.reshape(image.height(), image.width(), 4).astype(int)


@pytest.fixture
def real(qtbot: Any, tmp_path: Path, qapp: QApplication) -> Iterator[Real]:
    from engine.packs import store

    if not [pack for pack in store.list_packs() if not pack.fault]:
        pytest.skip("No pack ships with this checkout.")
    client = EngineClient()
    states: list[EngineState] = []
    client.state_changed.connect(lambda state, _: states.append(state))
    window = Window(theme_of(qapp), client, Loaded(Settings()), tmp_path)
    window.resize(1280, 800)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    client.start()
    yield Real(window, client, qtbot)
    number = client.process_number
    window.close()
    assert client.process_number == 0
    assert not number or not _lives(number)
    window.deleteLater()


@pytest.fixture
def eye(tmp_path: Path) -> Path:
    from engine.phantoms import eye_files

    path = tmp_path / "eye.png"
    eye_files.write(path, 7)
    return path


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_photograph_is_explained_and_moved_about(real: Real, eye: Path) -> None:
    window = real.window
    window.open(eye)
    real.until(lambda: window.presenter.picture is not None)
    real.until_answered()
    answer = window.presenter.answer
    assert answer is not None
    assert answer.probability is not None
    with_map = real.shown()

    # Opacity by hand: the picture changes while the hand moves.
    slider = window.photographs.heatmap_block.opacity
    real.qtbot.mousePress(slider, LEFT, pos=QPoint(slider.width() // 2, 14))
    real.qtbot.mouseMove(slider, QPoint(slider.width() - 1, 14))
    assert window.photographs.pane.state.look.opacity == 1.0
    assert np.abs(real.shown() - with_map).max() > 10
    real.qtbot.mouseRelease(slider, LEFT)

    # S held, then G held, on the picture.
    pane = window.photographs.pane
    real.qtbot.mouseClick(pane, LEFT)
    pane.setFocus()
    before = real.shown()
    real.qtbot.keyPress(pane, Qt.Key.Key_S)
    bare = real.shown()
    assert np.abs(bare - before).max() > 10
    real.qtbot.keyRelease(pane, Qt.Key.Key_S)
    real.qtbot.waitUntil(lambda: not pane.state.hidden)
    np.testing.assert_array_equal(real.shown(), before)
    real.qtbot.keyPress(pane, Qt.Key.Key_S)
    real.qtbot.keyPress(pane, Qt.Key.Key_G)
    middle = real.shown()[200:400, 200:400, :3]
    assert np.ptp(middle, axis=2).max() <= 1
    real.qtbot.keyRelease(pane, Qt.Key.Key_G)
    real.qtbot.keyRelease(pane, Qt.Key.Key_S)
    real.qtbot.waitUntil(lambda: not (pane.state.hidden or pane.state.red_free))
    np.testing.assert_array_equal(real.shown(), before)


def test_a_broken_file_is_a_sentence_and_the_next_one_opens(real: Real, eye: Path) -> None:
    broken = eye.with_name("broken é.png")
    broken.write_bytes(eye.read_bytes()[:5000])
    real.window.open(broken)
    bare = real.window.read_page.bare
    real.until(lambda: "damaged" in bare.accessibleDescription())
    assert "broken é.png" in bare.accessibleDescription()
    assert real.rows() == ""
    assert real.window.presenter.picture is None
    real.window.open(eye)
    real.until_answered()


def test_a_killed_engine_is_said_and_the_next_question_works(real: Real, eye: Path) -> None:
    real.window.open(eye)
    real.until_answered()
    before = real.window.presenter.answer
    os.kill(real.client.process_number, signal.SIGKILL)
    real.until(lambda: "was started again" in real.rows())
    assert real.window.photographs.pane.isVisible()
    real.window.photographs.pane.setFocus()
    real.qtbot.keyClick(real.window.photographs.pane, Qt.Key.Key_V)
    real.until_answered()
    answer = real.window.presenter.answer
    assert answer is not None
    assert before is not None
    assert answer.criterion != before.criterion


def test_an_engine_killed_over_a_question_answers_it_after_all(real: Real, eye: Path) -> None:
    real.window.open(eye)
    real.until(lambda: real.window.presenter.asking)
    os.kill(real.client.process_number, signal.SIGKILL)
    real.until_answered()
    assert "was started again" in real.rows()


def test_a_cancelled_question_is_over_and_can_be_asked_again(real: Real, eye: Path) -> None:
    real.window.open(eye)
    real.until(lambda: real.window.presenter.asking)
    # Held still, so that there is time to press the button however fast the machine is.
    number = real.client.process_number
    os.kill(number, signal.SIGSTOP)
    row = next(
        row for row in real.window.rows.findChildren(JobRow) if "Reading" in row.title.text()
    )
    real.until(row.isVisible)
    real.qtbot.mouseClick(row.findChild(QPushButton), LEFT)
    assert "Stopping" in real.rows()
    real.until(lambda: "cancelled by you" in real.rows())
    assert not real.window.presenter.asking
    again = next(
        button
        for button in real.window.rows.findChildren(QPushButton)
        if button.accessibleName() == "Run again"
    )
    real.qtbot.mouseClick(again, LEFT)
    real.until_answered()


def test_the_annotated_picture_is_written_by_the_engine(
    real: Real, eye: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtWidgets import QFileDialog

    to = eye.with_name("annotated.png")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(to), ""))
    real.window.open(eye)
    real.until_answered()
    real.qtbot.keyClick(
        real.window.photographs.pane, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier
    )
    real.until(lambda: "Saved as annotated.png." in real.rows())
    written = cv2.imread(str(to))
    assert written is not None
    assert written.shape[0] >= 600
