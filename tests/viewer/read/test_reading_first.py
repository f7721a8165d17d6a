"""Reading first: the model's word waits for the signature, and whether it was seen is kept."""

import csv
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from reading_desk import kept, sign, turn_reading_first
from window_desk import Desk, open_desk

from engine.records.audit import verify
from engine.records.readings_table import write
from engine.records.store import open_records
from viewer.panels.pages import SettingsPage


def test_reading_first_hides_the_model_s_word_until_it_is_signed(desk: Desk) -> None:
    turn_reading_first(desk)
    desk.open_and_answer()
    photographs, presenter = desk.window.photographs, desk.window.presenter
    assert presenter.answer is None
    assert photographs.pane.state.heatmap is None
    assert "Hidden until you sign." in photographs.model_block._why.text()
    assert not photographs.heatmap_block.isVisible()
    assert not photographs.refusal.isVisible()
    sign(desk)
    assert presenter.answer is not None
    assert photographs.pane.state.heatmap is not None
    assert photographs.heatmap_block.isVisible()
    (signed,) = kept(desk).signed
    assert signed.mode == "reading first"
    assert signed.model is not None
    assert not signed.model.seen


def test_back_on_a_signed_photograph_its_heatmap_is_there_again(desk: Desk) -> None:
    turn_reading_first(desk)
    desk.window.open(*(desk.picture(name) for name in ("one.png", "two.png")))
    desk.engine.give_picture(content="a")
    desk.engine.give_answer()
    sign(desk)
    pane = desk.window.photographs.pane
    assert pane.state.heatmap is not None
    desk.press(Qt.Key.Key_PageDown)
    desk.engine.give_picture(content="b")
    desk.engine.give_answer()
    assert pane.state.heatmap is None
    desk.press(Qt.Key.Key_PageUp)
    assert desk.window.presenter.answer is not None
    assert pane.state.heatmap is not None
    assert pane.state.captions.criterion is desk.window.presenter.criterion


def test_reading_first_hides_what_was_seen_already_and_assisted_shows_it_again(desk: Desk) -> None:
    desk.open_and_answer()
    assert desk.window.presenter.answer is not None
    for there in (False, True):
        turn_reading_first(desk)
        assert (desk.window.presenter.answer is not None) is there
        assert (desk.window.photographs.pane.state.heatmap is not None) is there


def test_what_was_seen_before_reading_first_is_signed_as_seen(desk: Desk) -> None:
    desk.open_and_answer()
    turn_reading_first(desk)
    sign(desk)
    (signed,) = kept(desk).signed
    assert signed.mode == "reading first"
    assert signed.model_shown
    assert signed.model is not None
    assert signed.model.seen


def test_what_was_seen_in_an_earlier_session_is_signed_as_seen_and_the_rest_is_not(
    qtbot: Any, tmp_path: Path, qapp: QApplication
) -> None:
    (tmp_path / "before").mkdir()
    (tmp_path / "after").mkdir()
    with open_desk(qtbot, tmp_path / "before", qapp) as desk:
        desk.open_and_answer("seen.png")
    with open_desk(qtbot, tmp_path / "after", qapp) as desk:
        turn_reading_first(desk)
        for content in ("c", "d"):
            desk.window.open(desk.picture(f"{content}.png"))
            desk.engine.give_picture(content=content)
            desk.engine.give_answer()
            qtbot.waitUntil(
                lambda desk=desk, content=content: (
                    kept(desk, content).model_shown == (content == "c")
                )
            )
            sign(desk)
    write(tmp_path / "out.csv")
    rows = csv.DictReader((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines())
    told = [(row["picture"], row["mode"], row["model_seen"]) for row in rows]
    assert told == [("c.png", "reading first", "yes"), ("d.png", "reading first", "no")]
    # Looked at in two sessions, and written once; what is signed shows the other's.
    assert verify().first_broken is None
    with open_records() as records:
        assert [event.subject[0] for event in records.of_kind("model shown")] == ["c", "d"]


def test_a_letter_in_the_rail_is_the_model_s_word_too(desk: Desk) -> None:
    desk.window.open(*(desk.picture(name) for name in ("one.png", "two.png")))
    desk.engine.give_picture(content="a")
    desk.engine.give_answer()
    engine = desk.engine
    desk.qtbot.waitUntil(lambda: engine.count("open ahead") > 0)
    engine.give_picture(engine.last("open ahead"), content="b")
    desk.qtbot.waitUntil(lambda: engine.count("ask ahead") > 0)
    assert not kept(desk, "b").model_shown
    engine.give_answer(engine.last("ask ahead"))
    desk.qtbot.waitUntil(lambda: kept(desk, "b").model_shown)


def test_that_the_model_was_seen_is_no_act_to_undo_and_not_said_to_be_saved(desk: Desk) -> None:
    desk.open_and_answer()
    assert kept(desk).model_shown
    assert not desk.window.actions_.by_name["undo"].isEnabled()
    store = desk.window.photographs.store
    said: list[str] = []
    store.saved.connect(said.append)
    desk.qtbot.waitUntil(lambda: verify().events == 1)
    QApplication.processEvents()
    assert said == []


def test_the_settings_page_puts_reading_first(desk: Desk) -> None:
    desk.open_and_answer()
    desk.window.pages.show_settings()
    page = desk.window.findChild(SettingsPage)
    page.mode.setCurrentIndex(1)
    page.mode.activated.emit(1)
    assert desk.window.preferences.settings.reading == "reading first"
    assert desk.window.presenter.answer is None
