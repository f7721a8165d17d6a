"""Single keys on a photograph."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from on_screen import button_of, words_of
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from window_desk import FIRST, SECOND, Desk

from engine.answers import Reason
from viewer.commands import actions
from viewer.commands.actions import _UP_MS


def _refuse(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    desk.engine.give_answer(probability=None, reasons=(Reason("It is dark.", "Use more light."),))


def test_s_hides_the_heatmap_for_as_long_as_it_is_held(desk: Desk) -> None:
    desk.open_and_answer()
    pane = desk.window.photographs.pane
    desk.qtbot.keyPress(pane, Qt.Key.Key_S)
    assert pane.state.hidden
    desk.qtbot.keyRelease(pane, Qt.Key.Key_S)
    desk.qtbot.waitUntil(lambda: not pane.state.hidden)


def test_a_held_s_does_not_flicker_where_its_repeats_look_like_the_hand_s_own(desk: Desk) -> None:
    """As X11 sends them: up and down at once, and Qt calls neither a repeat."""
    desk.open_and_answer()
    pane = desk.window.photographs.pane
    desk.qtbot.keyPress(pane, Qt.Key.Key_S)
    for _ in range(5):
        desk.qtbot.keyRelease(pane, Qt.Key.Key_S)
        assert pane.state.hidden
        desk.qtbot.keyPress(pane, Qt.Key.Key_S)
        desk.qtbot.wait(2 * _UP_MS)  # what the key's going up had begun would be over
        assert pane.state.hidden
    desk.qtbot.keyRelease(pane, Qt.Key.Key_S)
    desk.qtbot.waitUntil(lambda: not pane.state.hidden)


def test_each_time_a_held_key_seems_to_go_up_it_has_all_the_time_to_come_down_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Callable[[], None]] = []
    timer = SimpleNamespace(singleShot=lambda _ms, _context, over: begun.append(over))
    desk.open_and_answer()
    monkeypatch.setattr(actions, "QTimer", timer)
    pane = desk.window.photographs.pane
    for _ in range(2):
        desk.qtbot.keyPress(pane, Qt.Key.Key_S)
        desk.qtbot.keyRelease(pane, Qt.Key.Key_S)
    first, second = begun
    first()
    assert pane.state.hidden
    second()
    assert not pane.state.hidden


def test_s_hides_the_refusal_for_as_long_as_it_is_held(desk: Desk) -> None:
    _refuse(desk)
    pane, card = desk.window.photographs.pane, desk.window.photographs.refusal
    before = pane.grab().toImage()
    desk.qtbot.keyPress(pane, Qt.Key.Key_S)
    assert not card.isVisible()
    middle = pane.grab().toImage().pixelColor(pane.rect().center())
    assert (middle.red(), middle.green(), middle.blue()) == (190, 90, 40)  # not dimmed
    desk.window.photographs.show_standing()
    assert not card.isVisible()
    desk.qtbot.keyRelease(pane, Qt.Key.Key_S)
    desk.qtbot.waitUntil(card.isVisible)
    assert pane.grab().toImage() == before


def test_s_hides_the_refusal_from_its_own_button_too(desk: Desk) -> None:
    _refuse(desk)
    card = desk.window.photographs.refusal
    button = button_of(card, "Use another picture")
    button.setFocus()
    desk.qtbot.keyPress(button, Qt.Key.Key_S)
    assert not card.isVisible()
    assert QApplication.focusWidget() is desk.window.photographs.pane
    desk.qtbot.keyRelease(QApplication.focusWidget(), Qt.Key.Key_S)
    desk.qtbot.waitUntil(card.isVisible)


def test_a_held_key_undoes_itself_when_the_focus_goes(desk: Desk) -> None:
    desk.open_and_answer()
    pane = desk.window.photographs.pane
    desk.qtbot.keyPress(pane, Qt.Key.Key_G)
    assert pane.state.red_free
    desk.window.photographs.heatmap_block.opacity.setFocus()
    assert not pane.state.red_free


def test_letters_still_act_on_the_picture_once_a_pack_was_chosen_by_mouse(desk: Desk) -> None:
    desk.engine.get_ready(FIRST, SECOND)
    desk.open_and_answer()
    photographs = desk.window.photographs
    chooser = photographs.pack_block.chooser
    desk.qtbot.mouseClick(chooser, Qt.MouseButton.LeftButton)
    desk.qtbot.waitUntil(chooser.view().isVisible)
    other = chooser.findText(SECOND.name, Qt.MatchFlag.MatchStartsWith)
    chooser.view().setCurrentIndex(chooser.model().index(other, 0))
    desk.qtbot.keyClick(chooser.view(), Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: not chooser.view().isVisible())
    assert desk.window.presenter.pack == SECOND
    assert QApplication.focusWidget() is photographs.pane


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
    desk.qtbot.waitUntil(lambda: pane.state.red_free)


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
    assert "Hide heatmap while held" in words_of(page)
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
