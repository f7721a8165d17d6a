"""A window whose engine answers only when the test says so, with all that it is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import pytest
from given_answers import (
    DRAWING,
    FIRST,
    SECOND,
    a_photograph,
    a_region,
    a_series,
    an_answer,
    eye_pixels,
)
from given_engine import Asked, FakeEngine
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from engine.settings import Loaded, Settings
from viewer.theme.theme import Theme
from viewer.window import Window

__all__ = [
    "DRAWING",
    "FIRST",
    "SECOND",
    "Asked",
    "Desk",
    "FakeEngine",
    "a_photograph",
    "a_region",
    "a_series",
    "an_answer",
    "desk",
    "early_desk",
    "eye_pixels",
    "open_desk",
    "theme_of",
]


@dataclass
class Desk:
    """A shown window, its engine, and the hands on it."""

    window: Window
    engine: FakeEngine
    qtbot: Any
    folder: Path

    def picture(self, name: str = "eye.png") -> Path:
        path = self.folder / name
        cv2.imwrite(str(path), eye_pixels()[..., ::-1])
        return path

    def open_and_answer(self, name: str = "eye.png") -> None:
        """A photograph on the screen, answered, with the keys on it."""
        self.window.open(self.picture(name))
        self.engine.give_picture()
        self.engine.give_answer()

    def press(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        """A key at whatever has the focus."""
        held = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            held |= modifier
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key, held)

    def click(self, widget: Any) -> None:
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def place(self) -> str:
        """Which picture of how many the tool bar says is shown."""
        from PySide6.QtWidgets import QLabel

        labels = self.window.findChildren(QLabel)
        return next(
            (label.text() for label in labels if " of " in label.text() and label.isVisible()), ""
        )

    def words(self) -> str:
        """All words of the rows at the foot."""
        from PySide6.QtWidgets import QLabel

        labels = self.window.rows.findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.isVisibleTo(self.window.rows))


@pytest.fixture
def desk(qtbot: Any, tmp_path: Path, qapp: QApplication) -> Iterator[Desk]:
    """An active window whose engine is ready."""
    with open_desk(qtbot, tmp_path, qapp) as made:
        yield made


@pytest.fixture
def early_desk(qtbot: Any, tmp_path: Path, qapp: QApplication) -> Iterator[Desk]:
    """An active window whose engine is still starting."""
    with open_desk(qtbot, tmp_path, qapp, begin=lambda _: None) as made:
        yield made


@contextmanager
def open_desk(
    qtbot: Any,
    tmp_path: Path,
    qapp: QApplication,
    begin: Callable[[FakeEngine], None] = FakeEngine.get_ready,
) -> Iterator[Desk]:
    """A window on the screen; when left it is closed, and destroyed with the next event."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    engine = FakeEngine(tmp_path)
    window = Window(theme_of(qapp), engine, Loaded(Settings()), scratch)
    window.resize(1280, 800)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    engine.start()
    begin(engine)
    yield Desk(window, engine, qtbot, tmp_path)
    window.close()
    window.deleteLater()


@cache
def theme_of(application: QApplication) -> Theme:
    """One for all tests."""
    return Theme(application)
