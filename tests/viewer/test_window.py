"""The window driven by mouse and keys, with an engine that answers when the test says so."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QToolButton, QWidget
from window_desk import FIRST, SECOND, Asked, Desk, a_photograph, a_region, an_answer

from engine import folders
from engine import settings as kept
from engine.answers import Criterion, Landmarks, Reason
from engine.geometry import Circle
from engine.reports import annotated
from engine.service.messages import Packs
from engine.telling.cautions import NO_MACULA
from viewer.files import clipboard
from viewer.panels.rows import JobRow, NoticeRow
from viewer.panels.slider import ValueSlider
from viewer.photograph.standing import Standing
from viewer.theme.tokens import ThemeName


def _button(within: QWidget, name: str) -> QPushButton:
    found = [
        button
        for button in within.findChildren(QPushButton)
        if button.accessibleName() == name and button.isVisible()
    ]
    assert found, f"no button {name}"
    return found[0]


def _tool(desk: Desk, name: str) -> QToolButton:
    return next(
        tool
        for tool in desk.window.findChildren(QToolButton)
        if tool.accessibleName() == name and tool.isVisible()
    )


def _said(within: QWidget) -> str:
    return "\n".join(label.text() for label in within.findChildren(QLabel) if label.isVisible())


def _drop(desk: Desk, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    at, nothing = QPoint(300, 300), Qt.KeyboardModifier.NoModifier
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(at, copy, data, left, nothing)
    QApplication.sendEvent(desk.window, enter)
    assert enter.isAccepted() is bool(paths)
    QApplication.sendEvent(desk.window, QDropEvent(QPointF(at), copy, data, left, nothing))


# ---- opening


def test_an_eye_called_not_referable_without_a_fovea_is_cautioned(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    desk.engine.give_answer(probability=0.05)
    said = desk.window.photographs.model_block
    assert "fovea" not in _said(said)
    desk.engine.give_landmarks(Landmarks(disc=Circle(300, 300, 40)))
    assert "No fovea was found." in _said(said)
    desk.window.photographs.regions.marks.place(fovea=(200.0, 300.0))
    assert "fovea" not in _said(said)
    desk.window.photographs.regions.marks.as_found()
    assert "No fovea was found." in _said(said)
    desk.window.presenter.exports.copy()
    assert desk.engine.last("draw").what["answer"].warnings == (NO_MACULA,)
    desk.window.open(desk.picture("next.png"))
    desk.engine.give_picture(content="b")
    desk.engine.give_answer()
    desk.engine.give_landmarks(Landmarks())
    assert "fovea" not in _said(said), "it is referable anyway"


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
    assert "No fovea was found." not in _said(said), "without a disc it was not looked for"


def test_a_chosen_photograph_is_asked_for_and_shown(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.picture("an eye, é.png")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    desk.click(_button(desk.window, "Open picture"))
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
    for name in ("eye.png", "eye_MA.png", "eye_EX.png", "alone_EX.png"):
        desk.picture(name)
    desk.window.open(desk.folder / "eye.png")
    desk.engine.give_picture()
    desk.qtbot.waitUntil(lambda: desk.place() == "2 of 2")


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
        assert "What." in desk.words()
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
    assert "Referable" in _said(desk.window.photographs.model_block)


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


# ---- the answer


def test_the_answer_is_told_in_the_house_s_words(desk: Desk) -> None:
    desk.open_and_answer()
    said = _said(desk.window.photographs.model_block).replace("\N{THIN SPACE}", " ")
    assert "Referable" in said
    assert "78 %" in said
    assert "66 to 87 %: 90 % interval of the calibration" in said
    assert "retinopathy-first 1.0.0" in said


def test_an_interval_across_the_operating_point_is_called_close(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    desk.engine.give_answer(probability=0.38, low=0.2, high=0.5)
    said = _said(desk.window.photographs.model_block)
    assert "Not referable" in said
    assert "close" in said


def test_an_ungradable_picture_gets_reasons_and_advice_and_no_number(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    reason = Reason("It is too dark.", "Take it again with more light.")
    desk.engine.give_answer(probability=None, reasons=(reason,))
    said = _said(desk.window.photographs.pane)
    assert "Ungradable: retake or refer" in said
    assert "It is too dark." in said
    assert "Take it again with more light." in said
    assert "%" not in _said(desk.window.photographs.model_block)
    assert not desk.window.photographs.heatmap_block.isVisible()


def test_the_next_picture_takes_the_refusal_away(desk: Desk) -> None:
    test_an_ungradable_picture_gets_reasons_and_advice_and_no_number(desk)
    desk.open_and_answer("better.png")
    assert "Ungradable" not in _said(desk.window)


def test_warnings_of_the_answer_are_told(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    desk.engine.give_answer(warnings=("The graphics card was out of memory.",))
    assert "out of memory" in _said(desk.window.photographs.model_block)


def test_without_a_pack_it_says_so_and_asks_nothing(early_desk: Desk) -> None:
    desk = early_desk
    broken = FIRST.__class__("x", "1", "X", "retinopathy", "f" * 64, "/x", False, "It is broken.")
    desk.engine.get_ready(broken)
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    assert desk.engine.count("ask") == 0
    assert "No pack is installed" in _said(desk.window.photographs.model_block)


def test_the_research_sentence_stands_at_every_moment(desk: Desk) -> None:
    sentence = "Research use only. Not a medical device."
    assert sentence in _said(desk.window)
    desk.open_and_answer()
    assert sentence in _said(desk.window)


# ---- asking again


def test_another_criterion_makes_the_answer_stale_until_it_comes_anew(desk: Desk) -> None:
    desk.open_and_answer()
    desk.press(Qt.Key.Key_V)
    assert desk.engine.last("ask").what["criterion"] is Criterion.OMEGA
    assert "Stale" in _said(desk.window.photographs.model_block)
    opacity = desk.window.photographs.pane.state.look.opacity
    assert opacity == pytest.approx(desk.window.preferences.settings.opacity / 2)
    desk.engine.give_answer()
    assert "Stale" not in _said(desk.window.photographs.model_block)
    assert desk.window.photographs.pane.state.look.opacity == pytest.approx(2 * opacity)


def test_a_pack_of_the_users_under_a_name_that_ships_is_told_from_it(desk: Desk) -> None:
    ships = replace(FIRST, shipped=True)
    own = replace(FIRST, shipped=False, sha256="b" * 64, path="own")
    desk.engine.get_ready(own, ships)
    chooser = desk.window.photographs.pack_block.chooser
    plain = "retinopathy-first 1.0.0"
    assert [chooser.itemText(at) for at in (0, 1)] == [f"{plain}, yours, bbbbbbbb", plain]


def test_another_pack_is_asked(desk: Desk) -> None:
    desk.engine.get_ready(FIRST, SECOND)
    desk.open_and_answer()
    chooser = desk.window.photographs.pack_block.chooser
    chooser.setFocus()
    desk.press(Qt.Key.Key_Down)
    assert desk.engine.last("ask").what["pack"] == SECOND.path
    assert desk.window.presenter.standing is Standing.STALE
    desk.engine.give_answer()
    assert desk.window.presenter.standing is Standing.ANSWERED


def test_a_stale_picture_is_not_exported_and_it_says_why(desk: Desk) -> None:
    desk.open_and_answer()
    desk.press(Qt.Key.Key_V)
    desk.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert desk.engine.count("draw") == 0
    assert "from before the last change" in desk.words()


def test_a_picture_without_its_answer_is_not_copied(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    desk.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert desk.engine.count("draw") == 0
    assert "wait for its answer" in desk.words()


# ---- leaving with a picture


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


# ---- keys on the picture


def test_s_hides_the_heatmap_for_as_long_as_it_is_held(desk: Desk) -> None:
    desk.open_and_answer()
    pane = desk.window.photographs.pane
    desk.qtbot.keyPress(pane, Qt.Key.Key_S)
    assert pane.state.hidden
    desk.qtbot.keyRelease(pane, Qt.Key.Key_S)
    assert not pane.state.hidden


def test_s_hides_the_refusal_for_as_long_as_it_is_held(desk: Desk) -> None:
    test_an_ungradable_picture_gets_reasons_and_advice_and_no_number(desk)
    pane, card = desk.window.photographs.pane, desk.window.photographs.refusal
    before = pane.grab().toImage()
    desk.qtbot.keyPress(pane, Qt.Key.Key_S)
    assert not card.isVisible()
    middle = pane.grab().toImage().pixelColor(pane.rect().center())
    assert (middle.red(), middle.green(), middle.blue()) == (190, 90, 40)  # not dimmed
    desk.window.photographs.show_standing()
    assert not card.isVisible()
    desk.qtbot.keyRelease(pane, Qt.Key.Key_S)
    assert card.isVisible()
    assert pane.grab().toImage() == before


def test_s_hides_the_refusal_from_its_own_button_too(desk: Desk) -> None:
    test_an_ungradable_picture_gets_reasons_and_advice_and_no_number(desk)
    card = desk.window.photographs.refusal
    button = _button(card, "Use another picture")
    button.setFocus()
    desk.qtbot.keyPress(button, Qt.Key.Key_S)
    assert not card.isVisible()
    assert QApplication.focusWidget() is desk.window.photographs.pane
    desk.qtbot.keyRelease(QApplication.focusWidget(), Qt.Key.Key_S)
    assert card.isVisible()


def test_a_held_key_undoes_itself_when_the_focus_goes(desk: Desk) -> None:
    desk.open_and_answer()
    pane = desk.window.photographs.pane
    desk.qtbot.keyPress(pane, Qt.Key.Key_G)
    assert pane.state.red_free
    desk.window.photographs.heatmap_block.opacity.setFocus()
    assert not pane.state.red_free


def test_single_letters_do_nothing_while_a_control_has_the_focus(desk: Desk) -> None:
    desk.open_and_answer()
    slider = desk.window.photographs.heatmap_block.opacity
    slider.setFocus()
    desk.qtbot.keyPress(slider, Qt.Key.Key_S)
    assert not desk.window.photographs.pane.state.hidden
    desk.press(Qt.Key.Key_V)
    assert desk.engine.count("ask") == 1


def test_shift_s_keeps_the_heatmap_hidden(desk: Desk) -> None:
    desk.open_and_answer()
    desk.press(Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    assert not desk.window.photographs.pane.state.look.visible
    assert not desk.window.photographs.heatmap_block.switch.isChecked()
    desk.press(Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    assert desk.window.photographs.pane.state.look.visible


def test_shift_g_keeps_red_free_and_g_shows_colour_meanwhile(desk: Desk) -> None:
    desk.open_and_answer()
    pane = desk.window.photographs.pane
    desk.press(Qt.Key.Key_G, Qt.KeyboardModifier.ShiftModifier)
    assert pane.state.red_free
    desk.qtbot.keyPress(pane, Qt.Key.Key_G)
    assert not pane.state.red_free
    desk.qtbot.keyRelease(pane, Qt.Key.Key_G)
    assert pane.state.red_free


@pytest.mark.parametrize(
    ("key", "field", "expected"),
    [
        (Qt.Key.Key_BracketLeft, "opacity", 0.67),
        (Qt.Key.Key_BracketRight, "opacity", 0.77),
        (Qt.Key.Key_Comma, "threshold", 0.05),
        (Qt.Key.Key_Period, "threshold", 0.15),
        (Qt.Key.Key_3, "opacity", 0.3),
    ],
)
def test_keys_change_the_look(desk: Desk, key: Qt.Key, field: str, expected: float) -> None:
    desk.open_and_answer()
    desk.press(key)
    assert getattr(desk.window.photographs.pane.state.look, field) == pytest.approx(expected)


def test_o_takes_the_texts_away(desk: Desk) -> None:
    desk.open_and_answer()
    desk.press(Qt.Key.Key_O)
    assert not desk.window.photographs.pane.state.texts


def test_r_goes_back_to_the_usual_view(desk: Desk) -> None:
    desk.open_and_answer()
    whole = desk.window.photographs.pane.zoom
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_1):
        desk.press(key)
    desk.press(Qt.Key.Key_G, Qt.KeyboardModifier.ShiftModifier)
    assert desk.window.photographs.pane.zoom > whole
    desk.press(Qt.Key.Key_R)
    assert desk.window.photographs.pane.zoom == pytest.approx(whole)
    assert desk.window.photographs.pane.state.look.opacity == pytest.approx(0.72)
    assert not desk.window.photographs.pane.state.red_free


@pytest.mark.parametrize(
    ("key", "across", "down"),
    [
        (Qt.Key.Key_Left, 64, 0),
        (Qt.Key.Key_Right, -64, 0),
        (Qt.Key.Key_Up, 0, 64),
        (Qt.Key.Key_Down, 0, -64),
    ],
)
def test_ctrl_and_an_arrow_key_move_over_the_picture(
    desk: Desk, key: Qt.Key, across: int, down: int
) -> None:
    desk.open_and_answer()
    view = desk.window.photographs.pane.state.view
    assert view is not None
    desk.press(key, Qt.KeyboardModifier.ControlModifier)
    moved = desk.window.photographs.pane.state.view
    assert moved is not None
    assert moved.to_screen[:2, 2] - view.to_screen[:2, 2] == pytest.approx((across, down))
    assert desk.engine.count("open") == 1


def test_the_key_table_opens_and_blocks_nothing(desk: Desk) -> None:
    desk.press(Qt.Key.Key_F1)
    page = next(w for w in QApplication.topLevelWidgets() if w.windowTitle() == "Keys and mouse")
    assert "Hide heatmap while held" in _said(page)
    assert not page.isModal()
    page.close()


def test_the_strip_tells_the_pixel_and_its_evidence_and_forgets_them(desk: Desk) -> None:
    desk.open_and_answer()
    pane, strip = desk.window.photographs.pane, desk.window.strip
    # The picture's middle: in the drawn disk, and in the fake map's lit square.
    desk.qtbot.mouseMove(pane, QPoint(0, 0))
    desk.qtbot.mouseMove(pane, pane.rect().center())
    assert "R 190  G 90  B 40" in strip.pointer.text()
    assert "evidence" in strip.pointer.text()
    desk.window.open(desk.picture("next.png"))
    desk.engine.give_picture()
    assert strip.pointer.text() == ""


# ---- the mouse on the controls


def test_a_drag_on_opacity_acts_while_it_moves(desk: Desk) -> None:
    desk.open_and_answer()
    slider = desk.window.photographs.heatmap_block.opacity
    middle = slider.height() // 2
    left = Qt.MouseButton.LeftButton
    desk.qtbot.mousePress(slider, left, pos=QPoint(slider.width() // 2, middle))
    assert desk.window.photographs.pane.state.look.opacity == pytest.approx(0.5, abs=0.02)
    desk.qtbot.mouseMove(slider, QPoint(slider.width() - 1, middle))
    assert desk.window.photographs.pane.state.look.opacity == 1.0
    desk.qtbot.mouseRelease(slider, left)
    desk.qtbot.mouseDClick(slider, left)
    assert desk.window.photographs.pane.state.look.opacity == pytest.approx(0.72)


def test_digits_type_a_value_into_a_slider(desk: Desk) -> None:
    desk.open_and_answer()
    slider = desk.window.photographs.heatmap_block.threshold
    slider.setFocus()
    for key in (Qt.Key.Key_3, Qt.Key.Key_5):
        desk.press(key)
    assert desk.window.photographs.pane.state.look.threshold == pytest.approx(0.35)


def test_shift_makes_a_slider_s_arrow_ten_times_as_long(desk: Desk) -> None:
    desk.open_and_answer()
    slider = desk.window.photographs.heatmap_block.opacity
    slider.setFocus()
    desk.press(Qt.Key.Key_Right)
    assert slider.value() == 73
    desk.press(Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert slider.value() == 63


def _wheel_up(desk: Desk, over: QWidget) -> None:
    at = QPointF(over.mapTo(desk.window, over.rect().center()))
    QTest.wheelEvent(desk.window.windowHandle(), at, QPoint(0, 120))


def test_the_wheel_over_a_slider_with_the_focus_steps_by_one(desk: Desk) -> None:
    desk.open_and_answer()
    slider = desk.window.photographs.heatmap_block.opacity
    slider.setFocus()
    _wheel_up(desk, slider)
    assert slider.value() == 73


@pytest.mark.parametrize("name", ["Opacity", "Hide below", "Regions begin at"])
def test_the_wheel_over_a_slider_without_the_focus_scrolls_the_panel(desk: Desk, name: str) -> None:
    desk.window.resize(1280, 620)
    desk.open_and_answer()
    desk.engine.give_regions(*(a_region(100 + 40 * at, 200) for at in range(9)))
    panel = desk.window.read_page.side
    scrolled = panel.verticalScrollBar()
    desk.qtbot.waitUntil(lambda: scrolled.maximum() > 0)
    QApplication.processEvents()  # all is in its place
    sliders = panel.findChildren(ValueSlider)
    slider = next(each for each in sliders if each.accessibleName() == name)
    scrolled.setValue(scrolled.maximum())
    panel.ensureWidgetVisible(slider)
    value, place = slider.value(), scrolled.value()
    _wheel_up(desk, slider)
    assert slider.value() == value
    assert scrolled.value() < place


def test_a_raised_two_is_no_digit_of_a_slider(desk: Desk) -> None:
    slider = ValueSlider(desk.window.theme, "Opacity", 100, 70, str)
    desk.qtbot.addWidget(slider)
    desk.qtbot.keyClick(slider, Qt.Key.Key_4)
    raised = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_twosuperior, Qt.KeyboardModifier.NoModifier, "²"
    )
    slider.keyPressEvent(raised)
    desk.qtbot.keyClick(slider, Qt.Key.Key_Return)
    assert slider.value() == 4


def test_the_switch_hides_the_heatmap(desk: Desk) -> None:
    desk.open_and_answer()
    desk.click(desk.window.photographs.heatmap_block.switch)
    assert not desk.window.photographs.pane.state.look.visible


def test_the_theme_turns_and_is_kept(desk: Desk) -> None:
    desk.click(_tool(desk, "Light or dark"))
    assert desk.window.theme.tokens.name is ThemeName.LIGHT
    desk.window.close()
    assert kept.load().settings.theme == "light"
    desk.click(_tool_of_closed(desk))


def _tool_of_closed(desk: Desk) -> QToolButton:
    """The theme button once more, so that the next test begins in the dark."""
    desk.window.show()
    return _tool(desk, "Light or dark")


# ---- work, refusals, failures


def test_work_can_be_cancelled_and_says_so_at_once(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    asked = desk.engine.last("ask")
    row = next(r for r in desk.window.rows.findChildren(JobRow) if "Reading" in r.title.text())
    desk.qtbot.waitUntil(row.isVisible)
    desk.click(_button(row, "Cancel"))
    assert "Stopping" in _said(row)
    assert desk.engine.said.cancelled == [asked.id]
    desk.engine.go(asked, "cancelled")
    assert "cancelled by you" in desk.words()
    assert "Nothing was written." in desk.words()
    desk.click(_button(desk.window.rows, "Run again"))
    assert desk.engine.count("ask") == 2


def test_a_refused_file_is_told_in_its_three_sentences_and_no_other_is_shown(desk: Desk) -> None:
    desk.open_and_answer("good.png")
    desk.window.open(desk.folder / "broken.jpg")
    desk.engine.refuse(
        desk.engine.last("open"), "broken.jpg is no picture.", "It is text.", "Choose another."
    )
    for sentence in ("broken.jpg is no picture.", "It is text.", "Choose another."):
        assert sentence in desk.words()
    assert desk.window.windowTitle() == "LesionLens"
    assert desk.window.presenter.standing is Standing.NO_PICTURE
    desk.click(_button(desk.window.rows, "Close this row"))
    assert desk.words() == ""


def test_a_failure_gives_its_report_to_the_clipboard(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.fail(desk.engine.last("open"), "KeyError at decoder.py:12")
    assert "our fault" in desk.words()
    desk.click(_button(desk.window.rows, "Copy report"))
    assert QGuiApplication.clipboard().text() == "KeyError at decoder.py:12"


def test_an_engine_that_was_started_again_is_a_row_and_no_box(desk: Desk) -> None:
    desk.open_and_answer()
    desk.engine.restarted.emit("The engine stopped at 14:05 and was started again.")
    assert "was started again" in desk.words()
    assert desk.window.findChild(NoticeRow) is not None
    assert QApplication.activeModalWidget() is None


def test_an_answer_that_could_not_be_made_can_be_asked_for_again(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    desk.engine.refuse(desk.engine.last("ask"), "It was not answered.", "Why.", "Do.")
    desk.click(_button(desk.window.photographs.model_block, "Ask again"))
    assert desk.engine.count("ask") == 2


def test_a_stale_answer_whose_question_was_cancelled_can_be_recomputed(desk: Desk) -> None:
    desk.open_and_answer()
    desk.press(Qt.Key.Key_V)
    desk.engine.go(desk.engine.last("ask"), "cancelled")
    desk.click(_button(desk.window.photographs.model_block, "Recompute"))
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
    assert _button(desk.window.photographs.model_block, "Ask again").isEnabled()


# ---- access, and the end


def test_every_control_has_an_accessible_name(desk: Desk) -> None:
    desk.open_and_answer()
    nameless = [
        widget
        for widget in desk.window.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.isVisible()
        and not widget.accessibleName()
        and not widget.objectName().startswith("qt_")
    ]
    assert nameless == []


def test_tab_goes_through_the_panel_and_shows_where_it_is(desk: Desk) -> None:
    desk.open_and_answer()
    desk.window.photographs.heatmap_block.opacity.setFocus()
    desk.press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is desk.window.photographs.heatmap_block.threshold
    assert desk.window.ring.isVisible()
    desk.click(desk.window.photographs.heatmap_block.switch)
    assert not desk.window.ring.isVisible()


def test_closing_ends_the_engine_and_keeps_the_window_s_place(desk: Desk) -> None:
    desk.window.close()
    assert desk.engine.said.closed
    assert kept.load().settings.geometry


def _clipped(window: QWidget) -> list[str]:
    return [
        f"{widget.text()}: {widget.sizeHint().width()} in {widget.width()}"
        for kind in (QLabel, QPushButton, QToolButton)
        for widget in window.findChildren(kind)
        if widget.isVisible() and _least_width(widget) > widget.width() + 1
    ]


def _least_width(widget: QWidget) -> int:
    """Without which something is cut off: a label that is broken over lines needs its words."""
    if isinstance(widget, QLabel) and widget.wordWrap():
        metrics = widget.fontMetrics()
        return max(map(metrics.horizontalAdvance, widget.text().split(" ")), default=0)
    return widget.sizeHint().width()


def test_nothing_is_clipped_on_a_screen_of_1280_by_720(desk: Desk) -> None:
    desk.window.resize(1280, 720)
    desk.qtbot.waitUntil(lambda: _clipped(desk.window) == [])
    desk.open_and_answer("a photograph with quite a long name, right eye, second visit.png")
    desk.qtbot.waitUntil(lambda: _clipped(desk.window) == [])
    assert desk.window.width() == 1280
    assert not desk.window.read_page.side.verticalScrollBar().isVisible()


def test_nothing_is_cut_off_in_half_of_a_screen_or_on_one_of_1600_at_150_per_cent(
    desk: Desk,
) -> None:
    window = desk.window

    def fits() -> bool:
        side = window.read_page.side
        inside = side.widget().minimumSizeHint().width() <= side.viewport().width()
        return window.width() == 960 and _clipped(window) == [] and inside

    for name in ("7_left.png", "7_right.png"):
        desk.picture(name)
    desk.open_and_answer("7_right.png")
    hands = [window.actions_.by_name[f"tool-{name}"] for name in ("pan", "arrow")]
    shown = [button for button in window.read_page.tools._hands if button.defaultAction() in hands]
    desk.qtbot.waitUntil(lambda: all(button.isVisible() for button in shown))
    window.resize(960, 600)
    desk.qtbot.waitUntil(fits)
    assert window.height() == 600
    assert [button.isVisible() for button in shown] == [True, False]
    more = _tool(desk, "More tools")
    assert hands[1] in more.menu().actions()
    desk.press(Qt.Key.Key_F6)  # the form is unfolded
    desk.qtbot.waitUntil(fits)
    desk.press(Qt.Key.Key_1)
    desk.qtbot.waitUntil(lambda: "draft saved" in _said(window.photographs.reading.block))
    desk.qtbot.waitUntil(fits)
    desk.press(Qt.Key.Key_Escape)
    desk.press(Qt.Key.Key_E)
    desk.engine.give_picture(content="b")
    desk.engine.give_pair(
        an_answer(probability=0.996, low=0.991, high=0.999),
        an_answer(probability=0.4, low=0.31, high=0.52),
    )
    desk.qtbot.waitUntil(fits)
    for tab in ("compare", "train"):
        window.tabs.show_tab(tab)
        desk.qtbot.waitUntil(fits)
    window.tabs.show_tab("read")
    window.resize(1280, 800)
    desk.qtbot.waitUntil(lambda: all(button.isVisible() for button in shown))
    assert not more.isVisible()


def test_a_new_engine_that_cannot_make_itself_ready_is_said(early_desk: Desk) -> None:
    desk = early_desk
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    desk.engine.fail(Asked(0, "", {}), "ImportError at abilities.py:3")
    assert "cannot make itself ready" in desk.words()
    assert "has not answered" in _said(desk.window.photographs.model_block)


def test_the_ring_survives_the_end_of_what_it_was_on(desk: Desk) -> None:
    desk.open_and_answer()
    desk.engine.restarted.emit("The engine was started again.")
    close = _button(desk.window.rows, "Close this row")
    close.setFocus(Qt.FocusReason.TabFocusReason)
    assert desk.window.ring.isVisible()
    desk.press(Qt.Key.Key_Space)
    desk.qtbot.waitUntil(lambda: desk.window.findChild(NoticeRow) is None)
    desk.window.resize(1300, 810)
    assert desk.words() == ""


def test_a_phantom_eye_is_drawn_and_opened(desk: Desk) -> None:
    desk.click(_button(desk.window, "Try the phantom eye"))
    desk.qtbot.waitUntil(lambda: desk.engine.count("open") == 1, timeout=60_000)
    assert desk.engine.last("open").what["path"].is_file()


def test_a_phantom_that_comes_late_does_not_take_the_place_of_a_photograph(desk: Desk) -> None:
    desk.click(_button(desk.window, "Try the phantom eye"))
    desk.window.open(desk.picture("chosen.png"))
    phantom = desk.window._phantom
    with desk.qtbot.waitSignal(phantom.made, timeout=60_000) as made:
        pass
    assert Path(made.args[0]).is_file()
    assert desk.engine.count("open") == 1
    desk.engine.give_picture()
    assert "chosen.png" in desk.window.windowTitle()


def test_a_click_on_a_control_leaves_the_keys_to_the_picture(desk: Desk) -> None:
    desk.open_and_answer()
    desk.click(desk.window.photographs.heatmap_block.opacity)
    assert QApplication.focusWidget() is desk.window.photographs.pane


def test_what_was_hidden_on_one_eye_is_not_hidden_on_the_next(desk: Desk) -> None:
    desk.open_and_answer("one.png")
    desk.press(Qt.Key.Key_Period)
    raised = desk.window.preferences.settings.threshold
    desk.open_and_answer("two.png")
    assert desk.window.preferences.settings.threshold < raised


def test_a_refusal_leaves_with_the_next_picture(desk: Desk) -> None:
    desk.open_and_answer("one.png")
    desk.window.open(desk.folder / "broken.jpg")
    desk.engine.refuse(desk.engine.last("open"), "It is damaged.", "It ends early.", "Copy it.")
    assert "It is damaged." in desk.words()
    desk.open_and_answer("two.png")
    assert "It is damaged." not in desk.words()
