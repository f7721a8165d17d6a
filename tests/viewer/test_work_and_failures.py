"""Work that is cancelled, refused, or fails, as the window tells it."""

import pytest
from on_screen import button_of, words_of
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from window_desk import Desk

from engine.listing import RefusedFile
from viewer.panels.rows import JobRow, NoticeRow
from viewer.photograph.standing import Standing
from viewer.tabs import COMPARE, READ


def test_work_can_be_cancelled_and_says_so_at_once(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    asked = desk.engine.last("ask")
    row = next(r for r in desk.window.rows.findChildren(JobRow) if "Reading" in r.title.text())
    desk.qtbot.waitUntil(row.isVisible)
    desk.click(button_of(row, "Cancel"))
    assert "Stopping" in words_of(row)
    assert desk.engine.said.cancelled == [asked.id]
    desk.engine.go(asked, "cancelled")
    assert "cancelled by you" in desk.words()
    assert "Nothing was written." in desk.words()
    desk.click(button_of(desk.window.rows, "Run again"))
    assert desk.engine.count("ask") == 2


def test_a_refused_file_is_told_in_its_three_sentences_and_no_other_is_shown(desk: Desk) -> None:
    desk.open_and_answer("good.png")
    desk.window.open(desk.folder / "broken.jpg")
    desk.engine.refuse(
        desk.engine.last("open"), "broken.jpg is no picture.", "It is text.", "Choose another."
    )
    bare = desk.window.read_page.bare
    assert bare.accessibleDescription() == "broken.jpg is no picture. It is text. Choose another."
    assert desk.window.windowTitle() == "LesionLens"
    assert desk.window.presenter.standing is Standing.NO_PICTURE
    assert desk.words() == ""


def test_a_file_refused_while_another_tab_is_on_top_is_told_there_until_it_is_seen(
    desk: Desk,
) -> None:
    desk.open_and_answer("good.png")
    desk.window.open(desk.folder / "broken.jpg")
    desk.window.tabs.show_tab(COMPARE)
    desk.engine.refuse(desk.engine.last("open"), "It is no picture.", "It is text.", "Do.")
    assert "It is no picture." in desk.words()
    desk.window.tabs.show_tab(READ)
    assert desk.words() == ""
    assert "It is no picture." in desk.window.read_page.bare.accessibleDescription()


def test_what_was_refused_is_told_no_longer_once_something_else_is_opened(desk: Desk) -> None:
    desk.open_and_answer("good.png")
    desk.window.open(desk.folder / "letter.pdf")
    reason = "“letter.pdf” cannot be opened. It is a PDF document."
    refused = RefusedFile(str(desk.folder / "letter.pdf"), reason)
    desk.engine.give_listing(refused=(refused,))
    assert reason in desk.words()
    assert desk.window.windowTitle() == "good.png – LesionLens"
    desk.window.open(desk.folder / "series")
    assert reason not in desk.words()


def test_a_refusal_in_a_photographs_place_stays_where_a_file_holds_no_picture(desk: Desk) -> None:
    desk.picture("good.png")
    desk.window.open(desk.folder / "broken.jpg")
    desk.engine.refuse(desk.engine.last("open"), "It is no picture.", "It is text.", "Do.")
    desk.window.open(desk.folder / "letter.pdf")
    refused = RefusedFile(str(desk.folder / "letter.pdf"), "It is a PDF document.")
    desk.engine.give_listing(refused=(refused,))
    assert desk.window.read_page.bare.isVisible()
    rows = desk.window.rows
    assert rows.isAncestorOf(desk.window.read_page.stage.childAt(rows.geometry().center()))
    desk.qtbot.waitUntil(lambda: len(desk.window.presenter.walk.paths) == 2)
    desk.press(Qt.Key.Key_PageDown)
    assert desk.engine.last("open").what["path"] == desk.folder / "good.png"


def test_a_pack_that_is_refused_is_not_told_in_a_lost_photographs_place(desk: Desk) -> None:
    desk.window.open(desk.folder / "broken.jpg")
    desk.engine.refuse(desk.engine.last("open"), "It is no picture.", "It is text.", "Do.")
    desk.window.presenter.install_pack(desk.folder / "bad.llpack")
    desk.engine.refuse(desk.engine.last("install"), "It is no pack.", "It is text.", "Do.")
    assert "It is no pack." in desk.words()
    assert "It is no picture." in desk.window.read_page.bare.accessibleDescription()


def test_a_failure_gives_its_report_to_the_clipboard(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.fail(desk.engine.last("open"), "KeyError at decoder.py:12")
    assert "our fault" in desk.words()
    desk.click(button_of(desk.window.rows, "Copy report"))
    assert QGuiApplication.clipboard().text() == "KeyError at decoder.py:12"


def test_an_engine_that_was_started_again_is_a_row_and_no_box(desk: Desk) -> None:
    desk.open_and_answer()
    desk.engine.restarted.emit("The engine stopped at 14:05 and was started again.")
    assert "was started again" in desk.words()
    assert desk.window.findChild(NoticeRow) is not None
    assert QApplication.activeModalWidget() is None


def test_the_row_of_a_restarted_engine_leaves_once_the_engine_works_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.panels.rows._PASSING_MS", 1)
    desk.open_and_answer()
    desk.engine.restarted.emit("The engine stopped at 14:05 and was started again.")
    desk.qtbot.wait(20)
    assert "was started again" in desk.words()
    desk.engine.settled.emit()
    desk.qtbot.waitUntil(lambda: "was started again" not in desk.words())


def test_an_answer_that_could_not_be_made_can_be_asked_for_again(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    desk.engine.refuse(desk.engine.last("ask"), "It was not answered.", "Why.", "Do.")
    desk.click(button_of(desk.window.photographs.model_block, "Ask again"))
    assert desk.engine.count("ask") == 2


def test_a_stale_answer_whose_question_was_cancelled_can_be_recomputed(desk: Desk) -> None:
    desk.open_and_answer()
    desk.press(Qt.Key.Key_V)
    desk.engine.go(desk.engine.last("ask"), "cancelled")
    desk.click(button_of(desk.window.photographs.model_block, "Recompute"))
    assert desk.engine.count("ask") == 3


@pytest.mark.parametrize("end", ["cancelled", "given up"])
def test_a_restarted_engine_is_not_asked_what_was_cancelled_or_given_up(
    desk: Desk, end: str
) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    asked = desk.engine.last("ask")
    if end == "cancelled":
        desk.window.presenter.cancel(asked.id)
        desk.engine.go(asked, "It was cancelled.")
    else:
        desk.engine.refuse(asked, "It was not answered.", "It crashed twice.", "Do.")
    desk.engine.restarted.emit("The engine was started again.")
    desk.engine.get_ready()
    assert desk.engine.count("ask") == 1
    assert button_of(desk.window.photographs.model_block, "Ask again").isEnabled()
