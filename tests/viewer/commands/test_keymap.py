"""Keys that a person chose: in force, kept, refused by name where they clash."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from shiboken6 import delete, isValid
from window_desk import Desk

from viewer.command import Command, Where
from viewer.commands.keymap import Keymap, is_key
from viewer.commands.keys import KeyField, KeysPage, pressed
from viewer.commands.table import COMMANDS
from viewer.panels.chooser import Chooser
from viewer.panels.command_box import CommandBox, Entry, found
from viewer.tools.buttons import Deed, Gesture


def _command(name: str, key: str, where: Where = Where.PICTURE, held: bool = False) -> Command:
    let_go = (lambda window: None) if held else None
    return Command(
        name, name.title(), (key,), "Does.", lambda window: None, where=where, let_go=let_go
    )


FIT, ZOOM = _command("fit", "F"), _command("zoom", "Z")
LUNG = _command("lung", "2", Where.VOLUME)
FAINT = _command("faint", "2", Where.PHOTOGRAPH)
HIDE = _command("hide", "S", held=True)
TABLE = (FIT, ZOOM, LUNG, FAINT, HIDE)


def test_the_shipped_table_holds_no_clash() -> None:
    keymap = Keymap(COMMANDS)
    for command in COMMANDS:
        for key in command.keys:
            assert keymap.owner(key, command) is None, command.name


def test_a_chosen_key_is_in_force_and_the_old_one_is_not() -> None:
    keymap = Keymap(TABLE, {"fit": ("Ctrl+Shift+F",)})
    assert keymap.keys(FIT) == ("Ctrl+Shift+F",)
    assert keymap.owner("F", ZOOM) is None


def test_a_clash_is_named() -> None:
    assert Keymap(TABLE).owner("f", ZOOM) is FIT


def test_the_same_key_may_serve_photographs_and_volumes() -> None:
    keymap = Keymap(TABLE)
    assert keymap.owner("2", LUNG) is None
    assert keymap.owner("2", FIT) is not None


def test_choices_that_clash_or_are_no_keys_give_way_to_the_table() -> None:
    keymap = Keymap(TABLE, {"zoom": ("F",), "fit": ("Nonsense",), "gone": ("X",)})
    assert (keymap.keys(ZOOM), keymap.keys(FIT), keymap.chosen) == (("Z",), ("F",), {})


def test_two_commands_may_exchange_their_keys() -> None:
    keymap = Keymap(TABLE, {"zoom": ("F",), "fit": ("Z",)})
    assert (keymap.keys(ZOOM), keymap.keys(FIT)) == (("F",), ("Z",))


def test_the_tables_own_key_is_no_choice() -> None:
    keymap = Keymap(TABLE).with_keys(FIT, ("U",))
    assert keymap.chosen == {"fit": ("U",)}
    assert keymap.with_keys(FIT, ("F",)).chosen == {}


def test_a_held_command_takes_no_modifiers() -> None:
    assert is_key("H", HIDE)
    assert not is_key("Ctrl+H", HIDE)


@pytest.mark.parametrize(
    ("key", "modifiers", "text", "name"),
    [
        (Qt.Key.Key_M, Qt.KeyboardModifier.NoModifier, "m", "M"),
        (Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier, "M", "Shift+M"),
        (Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier, "?", "?"),
        (Qt.Key.Key_Plus, Qt.KeyboardModifier.KeypadModifier, "+", "+"),
        (Qt.Key.Key_F5, Qt.KeyboardModifier.ControlModifier, "", "Ctrl+F5"),
    ],
)
def test_a_pressed_key_has_the_tables_name(
    key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str, name: str
) -> None:
    assert pressed(QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text)) == name


def _field(desk: Desk, command: str) -> KeyField:
    page = desk.window.findChild(KeysPage)
    assert page is not None
    return next(
        field
        for field in page.findChildren(KeyField)
        if field.accessibleName() == f"Key of {command}"
    )


def test_a_key_chosen_on_the_page_acts_at_once_and_is_kept(desk: Desk) -> None:
    desk.open_and_answer()
    desk.press(Qt.Key.Key_F1)
    field = _field(desk, "Texts")
    desk.click(field)
    desk.qtbot.keyClick(field, Qt.Key.Key_U)
    assert field.text() == "U"
    assert desk.window.preferences.settings.keys == {"texts": ("U",)}
    desk.window.findChild(KeysPage).close()
    desk.window.activateWindow()
    desk.window.photographs.pane.setFocus()
    assert desk.window.on_top.texts
    desk.qtbot.keyClick(desk.window.photographs.pane, Qt.Key.Key_O)
    assert desk.window.on_top.texts
    desk.qtbot.keyClick(desk.window.photographs.pane, Qt.Key.Key_U)
    assert not desk.window.on_top.texts


def test_a_key_that_another_command_has_is_refused_by_its_name(desk: Desk) -> None:
    desk.open_and_answer()
    desk.press(Qt.Key.Key_F1)
    field = _field(desk, "Texts")
    desk.click(field)
    desk.qtbot.keyClick(field, Qt.Key.Key_F)
    page = desk.window.findChild(KeysPage)
    assert "“F” is the key of “Fit”" in page._clash.text()
    assert desk.window.preferences.settings.keys == {}
    desk.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "O"
    assert not page._clash.isVisible()


def test_usual_keys_takes_every_choice_back(desk: Desk) -> None:
    desk.open_and_answer()
    desk.window.preferences.change(keys={"texts": ("U",)})
    desk.press(Qt.Key.Key_F1)
    assert _field(desk, "Texts").text() == "U"
    desk.window.findChild(KeysPage).usual_wanted.emit()
    assert _field(desk, "Texts").text() == "O"


def test_a_second_press_of_the_same_page_opens_no_second_one(desk: Desk) -> None:
    desk.open_and_answer()
    desk.press(Qt.Key.Key_F1)
    desk.window.habits.show_page()
    assert len(desk.window.findChildren(KeysPage)) == 1


def test_a_movement_of_the_mouse_is_given_another_deed_and_keeps_it(desk: Desk) -> None:
    desk.press(Qt.Key.Key_F1)
    page = desk.window.findChild(KeysPage)
    chooser = next(
        chooser for chooser in page.findChildren(Chooser) if chooser.accessibleName() == "Left drag"
    )
    chooser.setFocus()
    desk.qtbot.keyClicks(chooser, "Slices")
    chooser.activated.emit(chooser.currentIndex())
    assert desk.window.habits.buttons.deed(Gesture.LEFT) is Deed.SLICE
    assert desk.window.preferences.settings.mouse == {"left": "slice"}
    page.usual_wanted.emit()
    assert desk.window.habits.buttons.deed(Gesture.LEFT) is Deed.TOOL
    assert chooser.currentText() == "Tool in hand"


def test_what_the_mouse_does_is_written_out(desk: Desk) -> None:
    desk.press(Qt.Key.Key_F1)
    page = desk.window.findChild(KeysPage)
    page.findChild(QLineEdit).setText("drag")
    QApplication.processEvents()
    for chooser in filter(Chooser.isVisible, page.findChildren(Chooser)):
        texts = [chooser.itemText(n) for n in range(chooser.count())]
        needed = max(map(chooser.fontMetrics().horizontalAdvance, texts))
        assert chooser.width() >= needed + 40


def test_a_search_shows_no_heading_without_a_command(desk: Desk) -> None:
    desk.press(Qt.Key.Key_F1)
    page = desk.window.findChild(KeysPage)
    page.findChild(QLineEdit).setText("crosshair tool")
    seen = {words.text() for words in page.findChildren(QLabel) if words.isVisible()}
    assert "On a volume" in seen
    assert not seen & {"Anywhere", "On any picture", "On a photograph", "Mouse on a volume"}


def _box(desk: Desk) -> tuple[CommandBox, QLineEdit]:
    desk.press(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    box = desk.window.findChild(CommandBox)
    assert box is not None
    return box, box.findChild(QLineEdit)


def test_the_command_box_does_what_was_typed(desk: Desk) -> None:
    desk.open_and_answer()
    _, field = _box(desk)
    desk.qtbot.keyClicks(field, "texts")
    desk.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert not desk.window.on_top.texts
    assert desk.window.photographs.pane.hasFocus()


def test_letters_typed_into_the_box_are_no_commands(desk: Desk) -> None:
    desk.open_and_answer()
    _, field = _box(desk)
    desk.qtbot.keyClicks(field, "o")
    assert desk.window.on_top.texts
    assert field.text() == "o"
    desk.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert desk.window.photographs.pane.hasFocus()


def test_the_box_closes_though_what_had_the_keys_is_gone(desk: Desk) -> None:
    desk.open_and_answer()
    had = QLineEdit(desk.window.photographs.pane)
    had.show()
    had.setFocus()
    _, field = _box(desk)
    delete(had)
    desk.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not isValid(field) or not field.isVisible()


def test_the_box_says_that_nothing_was_found(desk: Desk) -> None:
    box, field = _box(desk)
    desk.qtbot.keyClicks(field, "qqq")
    said = [each.text() for each in box.findChildren(QLabel) if each.isVisible()]
    assert said == ["No command has “qqq” in its words."]
    desk.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.isVisible()
    field.clear()
    assert not any(each.isVisible() for each in box.findChildren(QLabel))
    assert box._list.isVisible()


def test_every_command_is_in_the_box(desk: Desk) -> None:
    box, _ = _box(desk)
    listed = {box._model.item(row).text() for row in range(box._model.rowCount())}
    assert listed == {command.words.rstrip("…") for command in COMMANDS}


def test_own_words_come_before_words_of_the_sentence() -> None:
    entries = (
        Entry("a", "Reset view", "Goes back to the whole picture."),
        Entry("b", "Picture, copy", "Copies."),
        Entry("c", "Copy picture", "Copies."),
    )
    assert [entry.name for entry in found(entries, "picture")] == ["b", "c", "a"]
    assert [entry.name for entry in found(entries, "copy pict")] == ["c", "b"]


def test_what_may_not_be_done_now_is_not_done(desk: Desk, qtbot: Callable[..., object]) -> None:
    _, field = _box(desk)
    desk.qtbot.keyClicks(field, "fit")
    desk.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert desk.window.findChild(CommandBox).isVisible()


def test_arrows_go_past_what_may_not_be_done_now(desk: Desk) -> None:
    desk.open_and_answer()
    box, field = _box(desk)
    desk.qtbot.keyClicks(field, "line")
    reached = []
    for _ in range(box._model.rowCount()):
        reached.append(box._list.currentIndex().row())
        desk.qtbot.keyClick(field, Qt.Key.Key_Down)
    assert reached == list(range(box._model.rowCount()))
    listed = [box._model.item(row).text() for row in reached]
    assert listed.index("Line left") < listed.index("Lasso")  # the first two may not be done
    for _ in range(len(listed) - 1 - listed.index("Lasso")):
        desk.qtbot.keyClick(field, Qt.Key.Key_Up)
    desk.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert desk.window.actions_.by_name["tool-lasso"].isChecked()


@pytest.mark.parametrize("tab", ["read", "compare", "train"])
def test_every_enabled_command_acts_by_its_keys_on_each_tab(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tab: str
) -> None:
    for name in ("a.png", "c.png"):
        desk.picture(name)
    desk.open_and_answer("b.png")
    desk.qtbot.waitUntil(lambda: desk.place() == "2 of 3")
    desk.window.tabs.show_tab(tab)
    actions = desk.window.actions_
    acted: list[str] = []
    monkeypatch.setattr(actions, "_do", lambda command: acted.append(command.name))
    enabled = [
        (command.name, key)
        for command in COMMANDS
        if command.name in actions.by_name and actions.by_name[command.name].isEnabled()
        for key in command.keys
    ]
    assert ("quit", "Ctrl+Q") in enabled
    assert (("last-picture", "End") in enabled) is (tab != "train")
    deaf = []
    for name, key in enabled:
        acted.clear()
        pressed_ = QKeySequence.fromString(key)[0]
        desk.press(pressed_.key(), pressed_.keyboardModifiers())
        if acted != [name]:
            deaf.append((name, key, *acted))
    assert deaf == []


def test_the_first_and_the_last_picture_are_gone_to_while_comparing(desk: Desk) -> None:
    for name in ("a.png", "c.png", "d.png"):
        desk.picture(name)
    desk.open_and_answer("b.png")
    desk.qtbot.waitUntil(lambda: desk.place() == "2 of 4")
    desk.window.tabs.show_tab("compare")
    for key, name in ((Qt.Key.Key_End, "d.png"), (Qt.Key.Key_Home, "a.png")):
        desk.press(key)
        desk.engine.give_picture(content=name[0])
        assert desk.window.presenter.picture.path.name == name
        assert desk.window.on_top.compared is not None  # the tab stays


def test_larger_goes_on_while_its_key_is_held_as_smaller_does() -> None:
    repeating = {command.name for command in COMMANDS if command.repeats}
    assert {"zoom-in", "zoom-out"} <= repeating
    assert "actual-size" not in repeating
