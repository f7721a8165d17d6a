"""What is dragged over the window, and what is chosen from its folders."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QToolButton,
    QTreeView,
)
from window_desk import Desk

from viewer.read.doors import _PICTURES, pack_in
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


def test_of_many_dropped_files_only_the_first_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Path] = []
    monkeypatch.setattr(Path, "is_file", lambda path: bool(looked.append(path)))
    paths = [tmp_path / str(number) for number in range(9)]
    assert pack_in(paths) is None
    assert looked == [tmp_path / "0" / "manifest.json"]
    assert pack_in([*paths, tmp_path / "a.llpack"]) == tmp_path / "a.llpack"


def test_a_dropped_folder_with_a_manifest_is_a_pack(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").touch()
    assert pack_in([tmp_path, tmp_path / "a.jpg"]) == tmp_path


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


@pytest.fixture
def opened(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[QFileDialog]:
    """The dialog that "Open" shows where the system has none."""
    (desk.folder / "letter.pdf").touch()
    (desk.folder / "EYE.JPG").touch()
    dialog = QFileDialog(desk.window, "Open", str(desk.folder), _PICTURES)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.open()
    desk.qtbot.waitUntil(lambda: any(seen.text() == "Folder:" for seen in labels(dialog)))
    yield dialog
    dialog.close()


def test_qt_s_own_file_dialog_shows_names_and_columns_whole(opened: QFileDialog) -> None:
    room = opened.screen().availableSize()
    assert opened.width() >= min(1000, 0.85 * room.width())
    assert opened.height() >= min(600, 0.85 * room.height())
    tree = opened.findChild(QTreeView)
    assert tree is not None
    assert tree.horizontalScrollBar().maximum() == 0
    for column in range(1, tree.header().count()):
        assert tree.columnWidth(column) >= tree.sizeHintForColumn(column)


def test_qt_s_own_file_dialog_shows_pictures_first_and_all_files_on_demand(
    desk: Desk, opened: QFileDialog
) -> None:
    kinds = opened.findChild(QComboBox, "fileTypeCombo")
    tree = opened.findChild(QTreeView)
    assert kinds is not None and tree is not None

    def names() -> set[str]:
        model, root = tree.model(), tree.rootIndex()
        return {model.index(row, 0, root).data() for row in range(model.rowCount(root))}

    assert kinds.currentText() == "Pictures"
    desk.qtbot.waitUntil(lambda: "EYE.JPG" in names())
    assert "letter.pdf" not in names()
    kinds.setCurrentIndex(kinds.count() - 1)
    kinds.activated.emit(kinds.currentIndex())
    assert kinds.currentText() == "All files"
    desk.qtbot.waitUntil(lambda: {"EYE.JPG", "letter.pdf"} <= names())


def test_the_boxes_of_qt_s_own_file_dialog_have_an_arrow(desk: Desk, opened: QFileDialog) -> None:
    ground = QColor(desk.window.theme.tokens.raised).lightness()
    for box in opened.findChildren(QComboBox):
        image = box.grab().toImage()
        right = range(image.width() - 26, image.width() - 6)
        inside = [(x, y) for x in right for y in range(8, image.height() - 8)]
        drawn = [image.pixelColor(*at).lightness() for at in inside]
        assert sum(abs(light - ground) > 60 for light in drawn) >= 8, box.objectName()


def test_an_export_is_proposed_beside_the_photograph_then_in_the_folder_used_last(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open_and_answer("eye.png")
    figures = desk.folder / "figures"
    figures.mkdir()
    proposed: list[Path] = []

    def choose(_: object, __: object, usual: str, *___: object) -> tuple[str, str]:
        proposed.append(Path(usual))
        return str(figures / "one.png"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    doors = desk.window.doors
    desk.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert doors.choose_readings() == figures / "one.png.csv"
    doors.choose_figure("a/b truth check.png")
    figures.rmdir()
    doors.choose_figure("eye truth check.png")
    assert proposed == [
        desk.folder / "eye annotated.png",
        figures / "readings.csv",
        figures / "a b truth check.png",
        desk.folder / "eye truth check.png",
    ]


def labels(dialog: QFileDialog) -> list[QLabel]:
    return dialog.findChildren(QLabel)
