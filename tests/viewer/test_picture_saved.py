"""A photograph leaves the window: saved, or by the clipboard."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog
from window_desk import Desk

from viewer.files import clipboard


def test_ctrl_e_saves_what_is_shown(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    to = desk.folder / "out"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(to), ""))
    desk.open_and_answer()
    desk.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    asked = desk.engine.last("draw")
    assert asked.what["to"] == to.with_suffix(".png")
    assert asked.what["answer"] is desk.window.presenter.answer
    desk.engine.finish_drawing(asked)
    assert "out.png" in desk.words()


def test_that_a_picture_was_saved_passes_by_itself(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.panels.rows._PASSING_MS", 50)
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *_: (str(desk.folder / "out.png"), "")
    )
    desk.open_and_answer()
    desk.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    desk.engine.finish_drawing(desk.engine.last("draw"))
    assert "out.png" in desk.words()
    desk.qtbot.waitUntil(lambda: desk.words() == "", timeout=3000)


def test_a_picture_that_comes_while_a_name_is_chosen_is_not_saved_by_that_name(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open_and_answer("before.png")

    def choose(*_: object) -> tuple[str, str]:
        desk.window.open(desk.picture("after.png"))
        desk.engine.give_picture(content="d")
        desk.engine.give_answer()
        return str(desk.folder / "before annotated.png"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    desk.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert desk.engine.count("draw") == 0
    assert "go back to before.png" in desk.words()


def _finish_copying(desk: Desk) -> Path:
    desk.open_and_answer()
    desk.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    asked = desk.engine.last("draw")
    desk.engine.finish_drawing(asked)
    to: Path = asked.what["to"]
    return to


def test_ctrl_c_copies_the_annotated_picture_and_says_so_when_it_is_there(desk: Desk) -> None:
    QGuiApplication.clipboard().clear()
    to = _finish_copying(desk)
    desk.qtbot.waitUntil(lambda: "on the clipboard" in desk.words())
    assert QGuiApplication.clipboard().image().width() == 900
    assert not to.exists()


def test_a_picture_is_not_decoded_for_the_clipboard_on_the_window_s_thread(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []

    def read(path: str) -> QImage:
        threads.append(threading.get_ident())
        return QImage(path)

    monkeypatch.setattr(clipboard, "QImage", read)
    _finish_copying(desk)
    desk.qtbot.waitUntil(lambda: "on the clipboard" in desk.words())
    assert threads
    assert threading.get_ident() not in threads


def test_a_copy_that_cannot_be_read_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clipboard, "QImage", lambda _: QImage())
    _finish_copying(desk)
    desk.qtbot.waitUntil(lambda: "could not be put on the clipboard" in desk.words())
