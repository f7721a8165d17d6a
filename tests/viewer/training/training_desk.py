"""What is done to the Train tab's page, and what is on it."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.runs import Check, FoundClass
from viewer.training.page import TrainingPage
from viewer.training.watch import Watcher

TWO = (FoundClass("normal", 40, False), FoundClass("disease", 30, True))


def watch(page: TrainingPage, folder: Path) -> None:
    """As the timer would, in this thread."""
    page._room._watcher = Watcher(folder)
    page._room.seen.emit(page._room._watcher.look())


def found(**more: object) -> Check:
    return Check(**{"folder": "/data/eyes", "classes": TWO, "pictures": 70, "referable": 30,
                    "patients": 50, **more})  # type: ignore[arg-type]  # fmt: skip


def click(button) -> None:
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
