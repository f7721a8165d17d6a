"""What is dragged over the window."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QApplication
from window_desk import Desk


def test_of_many_dragged_files_only_the_first_is_looked_at(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(desk.folder / f"{number}.jpg")) for number in range(9)])
    looked: list[Path] = []
    monkeypatch.setattr(Path, "is_file", lambda path: bool(looked.append(path)))
    enter = QDragEnterEvent(
        QPoint(300, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(desk.window, enter)
    assert enter.isAccepted()
    assert looked == [desk.folder / "0.jpg" / "manifest.json"]
