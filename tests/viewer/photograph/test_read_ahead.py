"""Photographs read and asked ahead, with an engine that answers when the test says so."""

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from window_desk import FIRST, SECOND, Asked, Desk

from engine.service.messages import Opened, PictureFile
from viewer.photograph import readings
from viewer.photograph.standing import Standing


def _folder(desk: Desk, count: int = 5) -> list[Path]:
    return [desk.picture(f"{number}.png") for number in range(1, count + 1)]


def _begin(desk: Desk, at: int = 1, count: int = 5) -> None:
    """A folder's photograph on the screen and answered, without a rail; none is far enough."""
    desk.window.preferences.change(rail=False)
    paths = _folder(desk, count)
    desk.window.presenter.ahead._quiet.setInterval(1_000_000)
    desk.window.open(paths[at - 1])
    desk.engine.give_picture()
    desk.engine.give_answer()
    desk.qtbot.waitUntil(lambda: desk.place() == f"{at} of {count}")


def _shown(desk: Desk) -> str:
    picture = desk.window.presenter.picture
    return "" if picture is None else picture.path.name


def _named(asked: Asked) -> str:
    picture: PictureFile | None = asked.what.get("picture")
    return Path(picture.path).name if picture is not None else str(asked.what["path"].name)


def test_page_down_shows_a_photograph_that_was_read_ahead_at_once(desk: Desk) -> None:
    _begin(desk)
    assert _named(desk.engine.last("open ahead")) == "2.png"
    desk.engine.give_picture(desk.engine.last("open ahead"))
    desk.press(Qt.Key.Key_PageDown)
    assert _shown(desk) == "2.png"
    assert "2.png" in desk.window.windowTitle()
    assert QApplication.focusWidget() is desk.window.photographs.pane


def test_its_answer_and_heatmap_are_there_with_it(desk: Desk) -> None:
    _begin(desk)
    desk.engine.give_picture(desk.engine.last("open ahead"))
    asked = desk.engine.last("ask ahead")
    assert _named(asked) == "2.png"
    desk.engine.give_answer(asked, probability=0.97, low=0.9, high=0.99)
    desk.press(Qt.Key.Key_PageDown)
    presenter = desk.window.presenter
    assert presenter.standing is Standing.ANSWERED
    assert presenter.answer is not None
    assert presenter.answer.probability == 0.97
    heatmap = desk.window.photographs.pane.state.heatmap
    assert heatmap is not None
    assert desk.engine.count("ask") == 1


def test_a_step_onto_a_photograph_that_is_being_read_waits_for_that_reading(desk: Desk) -> None:
    _begin(desk)
    asked = desk.engine.last("open ahead")
    desk.press(Qt.Key.Key_PageDown)
    assert desk.engine.last("open").id == asked.id
    desk.engine.give_picture(desk.engine.last("open"))
    assert _shown(desk) == "2.png"


def test_a_question_that_is_being_asked_ahead_is_waited_for(desk: Desk) -> None:
    _begin(desk)
    desk.engine.give_picture(desk.engine.last("open ahead"))
    asked = desk.engine.last("ask ahead")
    desk.press(Qt.Key.Key_PageDown)
    assert desk.window.presenter.standing is Standing.ASKING
    assert desk.engine.last("ask").id == asked.id
    desk.engine.give_answer(desk.engine.last("ask"))
    assert desk.window.presenter.standing is Standing.ANSWERED


def test_nothing_is_asked_ahead_while_a_person_waits_for_an_answer(desk: Desk) -> None:
    _begin(desk)
    desk.press(Qt.Key.Key_V)
    desk.engine.give_picture(desk.engine.last("open ahead"))
    assert desk.engine.count("ask ahead") == 0
    desk.engine.give_answer()
    assert desk.engine.count("ask ahead") == 1


def test_what_gave_way_to_a_person_s_question_is_asked_again_and_is_no_row(desk: Desk) -> None:
    _begin(desk)
    desk.engine.give_picture(desk.engine.last("open ahead"))
    asked = desk.engine.last("ask ahead")
    desk.press(Qt.Key.Key_V)
    desk.engine.go(asked, "A newer question took its place.")
    assert desk.words() == ""
    desk.engine.give_answer()
    again = desk.engine.last("ask ahead")
    assert again.id != asked.id
    assert again.what["criterion"] is desk.window.presenter.criterion


def test_going_back_reads_further_back(desk: Desk) -> None:
    _begin(desk, at=4)
    desk.engine.give_picture(desk.engine.last("open ahead"))
    desk.press(Qt.Key.Key_PageUp)
    desk.engine.give_picture(desk.engine.last("open"))
    desk.engine.give_answer()
    assert _shown(desk) == "3.png"
    assert _named(desk.engine.last("open ahead")) == "2.png"


def test_a_file_that_cannot_be_read_ahead_is_told_when_it_is_opened(desk: Desk) -> None:
    _begin(desk)
    asked = desk.engine.last("open ahead")
    desk.engine.refuse(asked, "“2.png” is damaged.", "It ends early.", "Copy it again.")
    assert desk.words() == ""
    assert all(_named(one) != "2.png" for one in desk.engine.said.asked if one.id > asked.id)
    desk.press(Qt.Key.Key_PageDown)
    desk.engine.refuse(desk.engine.last("open"), "“2.png” is damaged.", "It ends.", "Copy it.")
    assert "is damaged" in desk.window.read_page.bare.accessibleDescription()
    assert _shown(desk) == ""


def test_what_was_under_way_when_the_engine_ended_waits_until_it_is_opened(desk: Desk) -> None:
    _begin(desk)
    desk.engine.give_picture(desk.engine.last("open ahead"))
    asked = desk.engine.last("ask ahead")
    desk.engine.restarted.emit("The engine stopped.")
    desk.engine.go(asked, "It was cancelled.")
    desk.engine.get_ready()
    assert desk.engine.last("ask ahead").id == asked.id
    desk.press(Qt.Key.Key_PageDown)
    assert _named(desk.engine.last("ask")) == "2.png"


def test_every_array_is_released_once_and_few_are_held(desk: Desk) -> None:
    _begin(desk, count=8)
    engine = desk.engine
    given: set[int] = {engine.last("open").id, engine.last("ask").id}

    def give_all() -> None:
        while waiting := [one for one in engine.said.asked if one.id not in given]:
            one = waiting[0]
            given.add(one.id)
            if one.kind.startswith("open"):
                engine.give_picture(one)
            elif one.kind.startswith("ask"):
                engine.give_answer(one)
            else:
                engine.give_thumbnail(one)

    for _ in range(7):
        give_all()
        desk.press(Qt.Key.Key_PageDown)
    give_all()
    assert _shown(desk) == "8.png"
    released = Counter(Path(file).stem for file in engine.said.released)
    assert max(released.values()) == 1
    lent = sum(one.kind.startswith("open") for one in engine.said.asked)
    assert lent - sum(name.startswith("picture") for name in released) == 2  # shown, and before


def test_what_finds_no_room_is_let_go_and_not_read_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings, "ROOM", 1000)
    _begin(desk)
    asked = desk.engine.last("open ahead")
    desk.engine.give_picture(asked)
    assert any(f"picture-{asked.id}" in file for file in desk.engine.said.released)
    again = [one for one in desk.engine.said.asked if one.id > asked.id and one.kind != "shrink"]
    assert "2.png" not in [_named(one) for one in again if one.kind == "open ahead"]


def test_another_pack_s_answer_is_not_shown_for_the_one_in_force(desk: Desk) -> None:
    desk.engine.get_ready(FIRST, SECOND)
    _begin(desk)
    desk.engine.give_picture(desk.engine.last("open ahead"))
    desk.engine.give_answer(desk.engine.last("ask ahead"))
    desk.window.presenter.choose_pack(SECOND)
    desk.engine.give_answer()
    desk.press(Qt.Key.Key_PageDown)
    assert desk.window.presenter.answer is None
    assert desk.engine.last("ask").what["pack"] == SECOND.path


def test_a_criterion_that_was_asked_before_is_shown_without_asking(desk: Desk) -> None:
    _begin(desk)
    desk.press(Qt.Key.Key_V)
    desk.engine.give_answer()
    asked = desk.engine.count("ask")
    desk.window.presenter.choose_criterion(desk.window.presenter.criterion.PI)
    assert desk.engine.count("ask") == asked
    assert desk.window.presenter.standing is Standing.ANSWERED


def test_a_file_that_changed_since_it_was_read_ahead_is_shown_as_it_is_now(desk: Desk) -> None:
    _begin(desk)
    desk.engine.give_picture(desk.engine.last("open ahead"))
    desk.engine.give_answer(desk.engine.last("ask ahead"))
    desk.press(Qt.Key.Key_PageDown)
    looked = desk.engine.last("open")
    assert _named(looked) == "2.png"
    desk.engine.give_picture(looked, content="d")
    presenter = desk.window.presenter
    assert presenter.picture is not None
    assert presenter.picture.opened.content_hash == "d" * 64
    assert presenter.answer is None
    assert desk.engine.last("ask").what["picture"].content_hash == "d" * 64


def test_a_file_that_is_the_same_costs_nothing_but_the_look(desk: Desk) -> None:
    _begin(desk)
    desk.engine.give_picture(desk.engine.last("open ahead"))
    desk.press(Qt.Key.Key_PageDown)
    before = desk.window.presenter.picture
    looked = desk.engine.last("open")
    desk.engine.opened.emit(Opened(looked.id, "/lent/again.npy", "2.png", "c" * 64, None, ()))
    assert desk.window.presenter.picture is before
    assert "/lent/again.npy" in desk.engine.said.released


def test_a_file_that_is_gone_is_not_told_as_one_that_is_not_shown(desk: Desk) -> None:
    _begin(desk)
    desk.engine.give_picture(desk.engine.last("open ahead"))
    desk.press(Qt.Key.Key_PageDown)
    looked = desk.engine.last("open")
    desk.engine.refuse(looked, "“2.png” cannot be opened.", "There is no such file.", "Look.")
    assert desk.window.presenter.picture is not None
    assert "The photograph is shown as it was read before." in desk.words()
    assert "There is no such file." in desk.words()
    assert "cannot be opened" not in desk.words()


def test_an_idle_engine_goes_on_through_the_folder(desk: Desk) -> None:
    _begin(desk, count=6)
    desk.engine.give_picture(desk.engine.last("open ahead"))
    desk.engine.give_answer(desk.engine.last("ask ahead"))
    desk.engine.give_picture(desk.engine.last("open ahead"))
    desk.engine.give_answer(desk.engine.last("ask ahead"))
    assert {_named(one) for one in desk.engine.said.asked if one.kind == "ask ahead"} == {
        "2.png",
        "3.png",
    }
    desk.window.presenter.ahead._quiet.setInterval(0)
    desk.window.presenter.ahead.rest()
    desk.qtbot.waitUntil(lambda: desk.engine.count("shrink") == 1)
    desk.engine.give_thumbnail(desk.engine.last("shrink"))
    assert _named(desk.engine.last("ask ahead")) == "4.png"
