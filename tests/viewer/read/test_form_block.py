"""The reader's form by keyboard: Tab, digits, Backspace; what it tells and what it hides."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from window_desk import theme_of

from engine.pictures import Laterality
from engine.records.forms import Fault, Form, Oedema, Outcome, Quality
from viewer.panels.form import FormBlock, FormFace


class Hands:
    """A shown form and what it has told."""

    def __init__(self, block: FormBlock, qtbot: Any) -> None:
        self.block, self.qtbot = block, qtbot
        self.told: list[Form] = []
        block.changed.connect(self._take)

    def _take(self, form: Form) -> None:
        self.told.append(form)
        self.block.show_form(form, FormFace())

    def type(self, *keys: str | Qt.Key) -> None:
        for key in keys:
            widget = QApplication.focusWidget()
            if isinstance(key, str):
                self.qtbot.keyClicks(widget, key)
            else:
                self.qtbot.keyClick(widget, key)


@pytest.fixture
def hands(qtbot: Any, qapp: QApplication) -> Iterator[Hands]:
    block = FormBlock(theme_of(qapp))
    block.resize(384, 700)
    qtbot.addWidget(block)
    with qtbot.waitActive(block):
        block.show()
        block.activateWindow()
    block.fields.quality.setFocus()
    yield Hands(block, qtbot)


TAB = Qt.Key.Key_Tab


def test_tab_and_digits_alone_fill_the_form(hands: Hands) -> None:
    hands.type("1", TAB, "2", TAB, "1", TAB, "3", TAB, "seen twice", TAB)
    hands.block.keep_note()
    assert hands.told[-1] == Form(Quality.GOOD, None, 2, Oedema.NO, Outcome.REFER, "seen twice")


def test_an_ungradable_picture_asks_why_and_not_for_a_stage(hands: Hands) -> None:
    hands.type("3")
    assert not hands.block.fields.grade.isVisible()
    assert not hands.block.fields.oedema.isVisible()
    hands.type(TAB, "5", TAB, "5")
    assert hands.told[-1] == Form(Quality.UNGRADABLE, Fault.MEDIA, outcome=Outcome.RETAKE)


def test_a_good_picture_has_no_fault(hands: Hands) -> None:
    hands.type("2", TAB, "1")
    hands.block.fields.quality.choose(0)
    assert hands.told[-1].fault is None
    assert not hands.block.fields.fault.isVisible()


def test_a_digit_that_stands_for_nothing_does_nothing(hands: Hands) -> None:
    hands.type("7", "0")
    assert hands.told == []


def test_backspace_takes_a_choice_back_and_so_does_a_second_click(hands: Hands) -> None:
    hands.type("1", Qt.Key.Key_Backspace)
    assert hands.told[-1].quality is None
    for _ in range(2):
        hands.qtbot.mouseClick(hands.block.fields.grade.buttons[4], Qt.MouseButton.LeftButton)
    assert [form.grade for form in hands.told[-2:]] == [4, None]


def test_arrows_go_to_the_next_and_stop_at_the_end(hands: Hands) -> None:
    hands.type("1", *[Qt.Key.Key_Right] * 5)
    assert [form.quality for form in hands.told] == [
        Quality.GOOD, Quality.USABLE, Quality.UNGRADABLE
    ]  # fmt: skip


def test_what_is_shown_is_not_told_back(hands: Hands) -> None:
    hands.block.show_form(Form(Quality.GOOD, None, 3, note="x"), FormFace())
    assert hands.told == []
    assert hands.block.fields.note.toPlainText() == "x"


def test_a_note_is_told_once_after_a_pause(hands: Hands) -> None:
    hands.block.fields.note.setFocus()
    hands.type("one", " ", "two")
    hands.qtbot.waitUntil(lambda: bool(hands.told), timeout=2000)
    assert [form.note for form in hands.told] == ["one two"]


def test_who_hears_the_window_is_told_what_is_chosen(hands: Hands) -> None:
    hands.block.show_form(Form(grade=2), FormFace())
    assert hands.block.fields.grade.accessibleName() == "Retinopathy stage: 2, moderate"
    assert hands.block.fields.outcome.accessibleName() == "Outcome: not said"


def test_each_eye_of_a_pair_has_its_tab(hands: Hands) -> None:
    chosen: list[Laterality] = []
    hands.block.eye_chosen.connect(chosen.append)
    eyes = ((Laterality.RIGHT, ""), (Laterality.LEFT, "not read"))
    hands.block.show_form(Form(), FormFace(eyes=eyes, chosen=Laterality.RIGHT))
    tabs = hands.block.fields.tabs
    assert tabs[Laterality.LEFT].text() == "OS  left eye   not read"
    hands.qtbot.mouseClick(tabs[Laterality.LEFT], Qt.MouseButton.LeftButton)
    assert chosen == [Laterality.LEFT]
