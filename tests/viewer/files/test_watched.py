"""What others put into a folder is told, and the window waits for no disk."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QFileSystemWatcher, QObject
from pytestqt.qtbot import QtBot
from window_desk import Desk

from viewer.files import watched
from viewer.files.watched import Watched


@pytest.fixture
def parent(qtbot: QtBot) -> Iterator[QObject]:
    assert qtbot is not None
    kept = QObject()
    yield kept
    kept.deleteLater()


def test_the_windows_thread_asks_no_disk(
    parent: QObject, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = set()
    for name in ("is_dir", "iterdir", "stat"):
        ask = getattr(Path, name)

        def told(path: Path, *, ask: object = ask, **how: bool) -> object:
            if tmp_path in (path, path.parent):
                asking.add(threading.current_thread())
            return ask(path, **how)  # type: ignore[operator]

        monkeypatch.setattr(Path, name, told)
    tables = Watched(parent, ending=".csv")
    tables.follow(tmp_path, tmp_path / "missing")
    qtbot.waitUntil(lambda: not tables.is_looking)
    assert asking
    assert threading.current_thread() not in asking


def test_what_changes_between_the_look_and_the_watch_is_told(
    parent: QObject, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "visits.csv"
    table.write_text("image,eye\n")
    look = watched._state

    def and_change(folders: tuple[Path, ...], ending: str) -> object:
        found = look(folders, ending)
        table.write_text("image,eye\nIM1,OD\n")
        return found

    monkeypatch.setattr(watched, "_state", and_change)
    tables = Watched(parent, ending=".csv")
    with qtbot.waitSignal(tables.changed):
        tables.follow(tmp_path)


def test_a_closed_window_watches_nothing(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    watching = (
        desk.window.presenter.offered.folder,
        desk.window.photographs.both.eyes.tables,
    )
    assert all(each.folders for each in watching)
    desk.window.close()
    assert not any(each.folders or each.findChildren(QFileSystemWatcher) for each in watching)
