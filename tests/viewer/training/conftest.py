"""The Train tab's page without the rest of the window, and without a process."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication
from window_desk import theme_of

from viewer.notices import Notice
from viewer.training.page import TrainingPage
from viewer.training.room import TrainingRoom


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What processes were begun with; none is."""
    begun: list[list[str]] = []

    def run(room: TrainingRoom, arguments: list[str], *_: object) -> None:
        begun.append(list(arguments))

    def set_off(room: TrainingRoom, folder: Path, arguments: list[str]) -> None:
        begun.append(list(arguments))
        folder.mkdir(parents=True, exist_ok=True)
        room.watch(folder)
        room.begun.emit()

    monkeypatch.setattr(TrainingRoom, "_run", run)
    monkeypatch.setattr(TrainingRoom, "_set_off", set_off)
    return begun


class Presenter:
    """Takes packs."""

    def __init__(self) -> None:
        self.installed: list[tuple[Path, bool]] = []
        self.packs = (SimpleNamespace(path="/packs/clinic"),)
        self.chosen: list[str] = []

    def install_pack(self, path: Path, *, use: bool = True) -> None:
        self.installed.append((path, use))

    def choose_pack(self, pack: SimpleNamespace) -> None:
        self.chosen.append(pack.path)


@pytest.fixture
def page(qtbot) -> TrainingPage:
    """The page without the rest of the window."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    notices: list[Notice] = []
    window = SimpleNamespace(
        theme=theme_of(application), presenter=Presenter(), tell=notices.append, notices=notices
    )
    room = TrainingRoom(application)
    made = TrainingPage(window, room)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1280, 700)
    made.show()
    yield made
    room.close()
    room._worker.wait()
    room.deleteLater()
