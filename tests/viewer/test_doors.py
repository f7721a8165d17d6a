"""What is dragged over the window."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QToolButton
from window_desk import Desk

from viewer.theme.tokens import ThemeName


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


@pytest.mark.parametrize("theme", ThemeName)
def test_qt_s_own_file_dialog_has_icons_that_are_seen_and_plain_words(
    desk: Desk, theme: ThemeName
) -> None:
    desk.window.theme.use(theme)
    dialog = QFileDialog(desk.window, "Save", str(desk.folder))
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.open()
    desk.qtbot.waitUntil(lambda: any(seen.text() == "Folder:" for seen in labels(dialog)))
    buttons = [each for each in dialog.findChildren(QToolButton) if each.isEnabled()]
    assert len(buttons) >= 4
    ground = QColor(desk.window.theme.tokens.window).lightness()
    for button in buttons:
        image = button.icon().pixmap(16, 16).toImage()
        drawn = [image.pixelColor(x, y) for x in range(16) for y in range(16)]
        lights = [colour.lightness() for colour in drawn if colour.alpha() > 100]
        assert sum(abs(light - ground) > 60 for light in lights) >= 5, button.objectName()
    dialog.close()
    desk.window.theme.use(ThemeName.DARK)


def labels(dialog: QFileDialog) -> list[QLabel]:
    return dialog.findChildren(QLabel)
