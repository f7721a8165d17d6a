"""Photographs opened by choice, drop, walk and folder, driven by mouse and keys."""

from pathlib import Path

import pytest
from hand_desk import drop
from on_screen import button_of, words_of
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from window_desk import Desk, a_photograph

from engine.listing import RefusedFile
from engine.reports import annotated
from viewer.photograph.standing import Standing


def test_a_chosen_photograph_is_asked_for_and_shown(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.picture("an eye, é.png")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    desk.click(button_of(desk.window, "Open picture"))
    assert desk.engine.last("open").what["path"] == path
    desk.engine.give_picture()
    assert desk.window.photographs.pane.isVisible()
    assert "an eye, é.png" in desk.window.windowTitle()
    assert QApplication.focusWidget() is desk.window.photographs.pane


def test_ctrl_o_opens_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.picture()
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    desk.press(Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert desk.engine.last("open").what["path"] == path


def test_a_drop_opens_the_first_and_the_others_can_be_gone_to(desk: Desk) -> None:
    assert drop(desk.window, desk.picture("one.png"), desk.picture("two.png"))
    assert desk.engine.count("open") == 1
    assert desk.engine.last("open").what["path"].name == "one.png"
    desk.engine.give_picture()
    assert desk.place() == "1 of 2"
    desk.press(Qt.Key.Key_Right)
    assert desk.engine.last("open").what["path"].name == "two.png"


def test_left_and_right_go_through_the_folder_as_a_person_counts(desk: Desk) -> None:
    for name in ("eye 10.png", "eye 2.png", "eye 1.png"):
        desk.picture(name)
    (desk.folder / "notes.txt").write_text("no picture")
    desk.window.open(desk.folder / "eye 2.png")
    desk.engine.give_picture()
    desk.qtbot.waitUntil(lambda: desk.place() == "2 of 3")
    desk.press(Qt.Key.Key_Right)
    assert desk.engine.last("open").what["path"].name == "eye 10.png"
    desk.engine.give_picture()
    desk.press(Qt.Key.Key_Right)
    assert desk.engine.count("open") == 2
    desk.press(Qt.Key.Key_PageUp)
    assert desk.engine.last("open").what["path"].name == "eye 2.png"


def test_masks_beside_their_photograph_are_not_counted(desk: Desk) -> None:
    for name in ("eye.png", "eye_MA.png", "EYE_ex.PNG", "eye_IRMA.png", "alone_EX.png"):
        desk.picture(name)
    desk.window.open(desk.folder / "eye.png")
    desk.engine.give_picture()
    desk.qtbot.waitUntil(lambda: desk.place() == "2 of 2")


def test_a_right_eyes_jpeg_is_no_mask_of_the_disc(desk: Desk) -> None:
    for name in ("12.jpg", "12_OD.jpg", "12_os.jpg", "14.jpg", "14_od.jpg", "14_OD.png"):
        desk.picture(name)
    desk.window.open(desk.folder / "12.jpg")
    desk.engine.give_picture()
    desk.qtbot.waitUntil(lambda: desk.place() == "1 of 5")


def test_an_annotated_picture_is_not_counted_whatever_it_is_called(desk: Desk) -> None:
    for name in ("eye.png", "other.png"):
        desk.picture(name)
    annotated.save(desk.folder / "seen.png", Image.new("RGB", (60, 40)))
    desk.window.open(desk.folder / "eye.png")
    desk.engine.give_picture()
    desk.qtbot.waitUntil(lambda: desk.place() == "1 of 2")


def test_a_broken_picture_on_the_way_does_not_stop_the_walk(desk: Desk) -> None:
    for number in (1, 2, 3):
        desk.picture(f"eye {number}.png")
    desk.window.open(desk.folder / "eye 1.png")
    desk.engine.give_picture()
    desk.qtbot.waitUntil(lambda: desk.place() == "1 of 3")
    desk.press(Qt.Key.Key_Right)
    desk.engine.refuse(desk.engine.last("open"), "It is broken.", "It ends early.", "Copy it.")
    desk.press(Qt.Key.Key_Right)
    assert desk.engine.last("open").what["path"].name == "eye 3.png"


def test_a_folder_opens_its_first_picture(desk: Desk) -> None:
    desk.picture("b.png")
    desk.picture("a.png")
    assert drop(desk.window, desk.folder)
    # The engine looks what a folder holds; photographs alone are gone through as before.
    desk.engine.give_listing(*(a_photograph(name, desk.folder) for name in "ab"))
    desk.qtbot.waitUntil(lambda: desk.engine.count("open") == 1)
    assert desk.engine.last("open").what["path"].name == "a.png"


def test_a_gif_in_a_folder_stays_told_while_its_photographs_are_shown(desk: Desk) -> None:
    desk.picture("a.png")
    desk.picture("b.png")
    assert drop(desk.window, desk.folder)
    gif = RefusedFile(str(desk.folder / "c.gif"), "“c.gif” cannot be opened. It is a GIF picture.")
    desk.engine.give_listing(*(a_photograph(name, desk.folder) for name in "ab"), refused=[gif])
    desk.qtbot.waitUntil(lambda: desk.engine.count("open") == 1)
    desk.engine.give_picture()
    assert "1 file was not read." in desk.words() and "It is a GIF picture." in desk.words()
    desk.window.open(desk.picture("other.png"))
    assert "was not read" not in desk.words()


@pytest.mark.parametrize("end", ["refused", "failed"])
def test_what_is_refused_takes_the_photograph_before_off_the_screen(desk: Desk, end: str) -> None:
    for name in ("1.png", "2.png", "3.png"):
        desk.picture(name)
    desk.window.presenter.walk.begin([desk.folder / "1.png"])
    desk.engine.give_picture()
    desk.engine.give_answer()
    desk.qtbot.waitUntil(lambda: desk.place() == "1 of 3")
    desk.press(Qt.Key.Key_Right)
    if end == "refused":
        desk.engine.refuse(desk.engine.last("open"), "What.", "Why.", "Do.")
        assert "What." in desk.window.read_page.bare.accessibleDescription()
    else:
        desk.engine.fail(desk.engine.last("open"), "KeyError at decoder.py:12")
        assert "our fault" in desk.words()
    window = desk.window
    assert window.presenter.standing is Standing.NO_PICTURE
    assert window.windowTitle() == "LesionLens"
    assert not window.photographs.view.isVisible()
    assert not window.photographs.reading.block.isVisible()
    assert not window.photographs.reading.can_sign
    assert not window.actions_.by_name["copy-picture"].isEnabled()
    assert desk.place() == "2 of 3"
    desk.press(Qt.Key.Key_PageDown)
    assert desk.engine.last("open").what["path"].name == "3.png"
    assert not window.photographs.view.isVisible()
    desk.engine.give_picture()
    assert window.photographs.view.isVisible()
    assert desk.place() == "3 of 3"


def test_a_folder_whose_first_file_is_broken_can_be_gone_through(desk: Desk) -> None:
    for name in ("1.png", "2.png"):
        desk.picture(name)
    desk.window.open(desk.folder / "1.png")
    desk.engine.refuse(desk.engine.last("open"), "What.", "Why.", "Do.")
    desk.qtbot.waitUntil(lambda: desk.place() == "1 of 2")
    assert not desk.window._welcome.isVisible()
    assert desk.window.browsing.rail is not None
    assert desk.window.browsing.rail.isVisible()
    desk.press(Qt.Key.Key_PageDown)
    desk.engine.give_picture()
    assert desk.window.windowTitle().startswith("2.png")


def test_what_was_cancelled_leaves_the_photograph_before_on_the_screen(desk: Desk) -> None:
    desk.open_and_answer("good.png")
    desk.window.open(desk.picture("slow.png"))
    asked = desk.engine.last("open")
    desk.window.presenter.cancel(asked.id)
    desk.engine.go(asked, "It was cancelled.")
    assert "good.png" in desk.window.windowTitle()
    assert desk.window.presenter.standing is Standing.ANSWERED


def test_a_drop_of_words_is_left_alone(desk: Desk) -> None:
    assert not drop(desk.window)
    assert desk.engine.count("open") == 0


def test_grey_shapes_stand_where_the_first_photograph_is_loading(desk: Desk) -> None:
    desk.window.open(desk.picture())
    pane = desk.window.photographs.pane
    assert pane.isVisible()
    desk.qtbot.waitUntil(lambda: pane.grab().toImage().pixelColor(pane.rect().center()).red() > 0)
    desk.engine.give_picture()
    assert pane.grab().toImage().pixelColor(pane.rect().center()).red() > 150


def test_a_first_file_that_is_refused_has_its_refusal_in_its_place(desk: Desk) -> None:
    desk.window.open(desk.folder / "broken.jpg")
    desk.engine.refuse(desk.engine.last("open"), "What.", "Why.", "Do.")
    assert not desk.window.photographs.pane.isVisible()
    bare = desk.window.read_page.bare
    assert bare.isVisible() and not desk.window._welcome.isVisible()
    assert bare.accessibleDescription() == "What. Why. Do."
    assert QApplication.focusWidget() is bare


def test_a_file_that_ended_without_a_word_is_named_in_its_place(desk: Desk) -> None:
    desk.window.open(desk.folder / "broken.jpg")
    desk.engine.refuse(desk.engine.last("open"), "What.", "Why.", "Do.")
    desk.window.open(desk.folder / "other.jpg")
    desk.engine.fail(desk.engine.last("open"), "KeyError at decoder.py:12")
    assert "other.jpg" in desk.window.read_page.bare.accessibleDescription()
    assert "Why." not in desk.window.read_page.bare.accessibleDescription()


def test_a_dropped_folder_that_may_not_be_read_is_left_to_be_refused_in_words(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", refused)
    assert drop(desk.window, desk.folder / "locked")
    assert desk.engine.last("find").what["paths"] == (desk.folder / "locked",)


def test_a_newer_choice_replaces_one_that_is_still_loading(desk: Desk) -> None:
    desk.window.open(desk.picture("slow.png"))
    slow = desk.engine.last("open")
    desk.window.open(desk.picture("quick.png"))
    desk.engine.give_picture()
    desk.engine.give_picture(slow)
    assert "quick.png" in desk.window.windowTitle()
    assert slow.id in desk.engine.said.cancelled
    assert any(f"picture-{slow.id}" in file for file in desk.engine.said.released)


def test_an_answer_to_the_picture_before_is_not_shown(desk: Desk) -> None:
    desk.window.open(desk.picture("before.png"))
    desk.engine.give_picture()
    before = desk.engine.last("ask")
    desk.window.open(desk.picture("after.png"))
    desk.engine.give_picture()
    desk.engine.give_answer(before, probability=0.05, low=0.02, high=0.1)
    assert desk.window.presenter.answer is None
    desk.engine.give_answer()
    assert "Referable" in words_of(desk.window.photographs.model_block)


def test_what_was_opened_stands_under_recent(desk: Desk) -> None:
    desk.open_and_answer("first.png")
    desk.open_and_answer("second.png")
    recent = desk.window.doors._recent
    recent.aboutToShow.emit()
    assert [action.text() for action in recent.actions()[:2]] == ["second.png", "first.png"]
    recent.actions()[1].trigger()
    assert desk.engine.last("open").what["path"].name == "first.png"
