"""Photographs opened by choice, drop, walk and folder, driven by mouse and keys."""

from dataclasses import replace
from pathlib import Path

import pytest
from on_screen import button_of, words_of
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from stage_desk import STAGES
from window_desk import FIRST, SECOND, Desk, a_photograph

from engine import folders
from engine.answers import Landmarks
from engine.geometry import Circle
from engine.listing import RefusedFile
from engine.reports import annotated
from engine.service.messages import Packs
from engine.telling.cautions import NO_MACULA
from viewer.photograph.standing import Standing


def _drop(desk: Desk, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    at, nothing = QPoint(300, 300), Qt.KeyboardModifier.NoModifier
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(at, copy, data, left, nothing)
    QApplication.sendEvent(desk.window, enter)
    assert enter.isAccepted() is bool(paths)
    QApplication.sendEvent(desk.window, QDropEvent(QPointF(at), copy, data, left, nothing))


def test_an_eye_called_not_referable_without_a_fovea_is_cautioned(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    desk.engine.give_answer(probability=0.05)
    said = desk.window.photographs.model_block
    assert "fovea" not in words_of(said)
    desk.engine.give_landmarks(Landmarks(disc=Circle(300, 300, 40)))
    assert "No fovea was found." in words_of(said)
    desk.window.photographs.regions.marks.place(fovea=(500.0, 300.0))
    assert "fovea" not in words_of(said)
    desk.window.photographs.regions.marks.place(fovea=(200.0, 300.0))
    assert "The fovea lies near the edge" in words_of(said)
    desk.window.photographs.regions.marks.as_found()
    assert "No fovea was found." in words_of(said)
    desk.window.presenter.exports.copy()
    assert desk.engine.last("draw").what["answer"].warnings == (NO_MACULA,)
    desk.window.open(desk.picture("next.png"))
    desk.engine.give_picture(content="b")
    desk.engine.give_answer()
    desk.engine.give_landmarks(Landmarks())
    assert "fovea" not in words_of(said), "it is referable anyway"


def test_where_the_reader_placed_the_disc_it_is_not_said_that_no_fovea_was_found(
    desk: Desk,
) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    desk.engine.give_answer(probability=0.05)
    marks = desk.window.photographs.regions.marks
    marks.place(disc=Circle(300, 300, 40))
    desk.engine.give_landmarks(Landmarks(notes=("No optic disc was found.",)))
    said = desk.window.photographs.model_block
    assert marks.landmarks.disc is not None
    assert "No fovea was found." not in words_of(said), "without a disc it was not looked for"


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
    _drop(desk, desk.picture("one.png"), desk.picture("two.png"))
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
    _drop(desk, desk.folder)
    # The engine looks what a folder holds; photographs alone are gone through as before.
    desk.engine.give_listing(a_photograph("a"), a_photograph("b"))
    desk.qtbot.waitUntil(lambda: desk.engine.count("open") == 1)
    assert desk.engine.last("open").what["path"].name == "a.png"


def test_a_gif_in_a_folder_stays_told_while_its_photographs_are_shown(desk: Desk) -> None:
    desk.picture("a.png")
    desk.picture("b.png")
    _drop(desk, desk.folder)
    gif = RefusedFile(str(desk.folder / "c.gif"), "“c.gif” cannot be opened. It is a GIF picture.")
    desk.engine.give_listing(a_photograph("a"), a_photograph("b"), refused=[gif])
    desk.qtbot.waitUntil(lambda: desk.engine.count("open") == 1)
    desk.engine.give_picture()
    assert "1 file was not read." in desk.words() and "It is a GIF picture." in desk.words()
    desk.window.open(desk.picture("other.png"))
    assert "was not read" not in desk.words()


def test_the_pack_that_ships_is_asked_until_a_person_chooses_another(early_desk: Desk) -> None:
    early_desk.engine.get_ready(SECOND, FIRST)
    assert early_desk.window.presenter.pack == FIRST


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


def test_a_dropped_pack_is_installed(desk: Desk) -> None:
    _drop(desk, desk.folder / "new.llpack")
    assert desk.engine.last("install").what["path"].name == "new.llpack"
    assert desk.engine.count("open") == 0


def test_a_pack_that_is_only_added_leaves_the_one_in_force(desk: Desk) -> None:
    presenter = desk.window.presenter
    before = FIRST
    new = replace(before, path="/packs/new", name="new", title="New")
    for use in (False, True):
        presenter.install_pack(Path("/packs/new"), use=use)
        asked = desk.engine.last("install")
        desk.engine.packs_changed.emit(Packs(asked.id, "new", (before, new)))
        assert presenter.packs == (before, new)
        assert presenter.pack == (new if use else before)


def test_a_pack_that_was_added_from_outside_is_in_the_list_without_a_restart(desk: Desk) -> None:
    desk.open_and_answer()
    desk.qtbot.waitUntil(lambda: not desk.window.presenter.offered.folder.is_looking)
    # As "packs import" does it, where no pack was ever added before.
    folders.made(folders.packs())
    staged = folders.packs() / ".install-1"
    staged.mkdir()
    staged.rename(folders.packs() / "retinopathy-other@2.1.0")
    desk.qtbot.waitUntil(lambda: desk.engine.count("list packs") == 1)
    asked = desk.engine.last("list packs")
    desk.engine.packs_changed.emit(Packs(asked.id, "", (FIRST, SECOND)))
    chooser = desk.window.photographs.pack_block.chooser
    assert [chooser.itemText(at) for at in range(chooser.count())] == [
        "retinopathy-first 1.0.0", "retinopathy-other 2.1.0"
    ]  # fmt: skip
    # Added is not used: that is a person's word.
    assert desk.window.presenter.pack == FIRST
    assert desk.engine.count("ask") == 1


def test_the_pack_that_was_chosen_is_asked_again_once_it_is_back_and_each_change_is_told(
    desk: Desk,
) -> None:
    presenter = desk.window.presenter
    desk.engine.packs_changed.emit(Packs(0, "", (FIRST, SECOND)))
    presenter.choose_pack(SECOND)
    desk.open_and_answer()
    for there, asked, told in (
        ((FIRST,), FIRST, "The pack retinopathy-other 2.1.0 cannot be asked any more."),
        ((FIRST, SECOND), SECOND, "retinopathy-other 2.1.0 is asked from now on."),
        ((FIRST, replace(SECOND, fault="Damaged.")), FIRST, "cannot be asked any more."),
    ):
        desk.engine.packs_changed.emit(Packs(0, "", there))
        assert presenter.pack == asked
        assert told in desk.words()
        # What is shown is of the other pack, and nobody asked for a new answer.
        assert (presenter.standing is Standing.ANSWERED) is (asked == SECOND)
        assert desk.engine.count("ask") == 1


def test_a_drop_of_words_is_left_alone(desk: Desk) -> None:
    _drop(desk)
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


def test_the_welcome_page_lets_a_folder_be_chosen(
    early_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        QFileDialog, "getExistingDirectory", lambda *_: str(early_desk.picture("a.png").parent)
    )
    early_desk.click(early_desk.window._welcome.folder_button)
    assert early_desk.engine.last("find").what["paths"] == (early_desk.folder,)


def test_a_dropped_folder_that_may_not_be_read_is_left_to_be_refused_in_words(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", refused)
    _drop(desk, desk.folder / "locked")
    assert desk.engine.last("find").what["paths"] == (desk.folder / "locked",)


def test_the_welcome_page_lists_the_packs_for_stages_too(early_desk: Desk) -> None:
    early_desk.engine.get_ready(FIRST, STAGES)
    words = [each.text() for each in early_desk.window._welcome.findChildren(QLabel)]
    for pack in (FIRST, STAGES):
        assert f"{pack.name} {pack.version} · eye photographs" in words


def test_the_welcome_page_opens_what_was_opened_last(early_desk: Desk) -> None:
    button = early_desk.window._welcome.recent_button
    assert not button.isVisible()
    paths = tuple(str(early_desk.picture(name)) for name in ("last.png", "older.png"))
    early_desk.window.preferences.change(recent=paths)
    assert button.text() == " Open last.png again"
    early_desk.click(button)
    assert early_desk.engine.last("open").what["path"] == early_desk.folder / "last.png"


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


def test_a_picture_waits_for_the_packs_of_an_engine_that_is_starting(early_desk: Desk) -> None:
    desk = early_desk
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    assert desk.window.presenter.standing is Standing.ASKING
    assert desk.engine.count("ask") == 0
    desk.engine.get_ready()
    assert desk.engine.last("ask").what["pack"] == FIRST.path
