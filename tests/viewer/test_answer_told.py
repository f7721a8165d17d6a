"""The answer beside a photograph, and asked for again."""

from dataclasses import replace

import pytest
from on_screen import words_of
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextLayout
from window_desk import FIRST, SECOND, Desk

from engine.answers import Criterion, Interval, Reason
from engine.telling import words
from viewer.photograph.standing import Standing


def test_the_answer_is_told_in_the_house_s_words(desk: Desk) -> None:
    desk.open_and_answer()
    said = words_of(desk.window.photographs.model_block).replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "Referable" in said
    assert "78 %" in said
    assert "66 to 87 %: 90 % interval of the calibration" in said
    assert "retinopathy-first 1.0.0" in said


@pytest.mark.usefixtures("qapp")
def test_no_line_ends_between_a_figure_and_its_per_cent() -> None:
    said = words.probability_words(0.78, Interval(0.66, 0.87))
    layout = QTextLayout(said)
    layout.beginLayout()
    lines = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(1)  # so that it ends wherever it may
        lines.append(said[line.textStart() : line.textStart() + line.textLength()])
    layout.endLayout()
    assert len(lines) > 2
    assert not any(each.startswith("%") for each in lines)


def test_an_interval_across_the_operating_point_is_called_close(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    desk.engine.give_answer(probability=0.38, low=0.2, high=0.5)
    said = words_of(desk.window.photographs.model_block)
    assert "Not referable" in said
    assert "close" in said


def test_an_ungradable_picture_gets_reasons_and_advice_and_no_number(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    reason = Reason("It is too dark.", "Take it again with more light.")
    desk.engine.give_answer(probability=None, reasons=(reason,))
    said = words_of(desk.window.photographs.pane)
    assert "Ungradable: retake or refer" in said
    assert "It is too dark." in said
    assert "Take it again with more light." in said
    assert "%" not in words_of(desk.window.photographs.model_block)
    assert not desk.window.photographs.heatmap_block.isVisible()


def test_the_next_picture_takes_the_refusal_away(desk: Desk) -> None:
    test_an_ungradable_picture_gets_reasons_and_advice_and_no_number(desk)
    desk.open_and_answer("better.png")
    assert "Ungradable" not in words_of(desk.window)


def test_warnings_of_the_answer_are_told(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    desk.engine.give_answer(warnings=("The graphics card was out of memory.",))
    assert "out of memory" in words_of(desk.window.photographs.model_block)


def test_without_a_pack_it_says_so_and_asks_nothing(early_desk: Desk) -> None:
    desk = early_desk
    broken = FIRST.__class__("x", "1", "X", "retinopathy", "f" * 64, "/x", False, "It is broken.")
    desk.engine.get_ready(broken)
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    assert desk.engine.count("ask") == 0
    assert "No pack is installed" in words_of(desk.window.photographs.model_block)


def test_the_research_sentence_stands_at_every_moment(desk: Desk) -> None:
    sentence = "Research use only. Not a medical device."
    assert sentence in words_of(desk.window)
    desk.open_and_answer()
    assert sentence in words_of(desk.window)


def test_another_criterion_makes_the_answer_stale_until_it_comes_anew(desk: Desk) -> None:
    desk.open_and_answer()
    desk.press(Qt.Key.Key_V)
    assert desk.engine.last("ask").what["criterion"] is Criterion.OMEGA
    assert "Stale" in words_of(desk.window.photographs.model_block)
    opacity = desk.window.photographs.pane.state.look.opacity
    assert opacity == pytest.approx(desk.window.preferences.settings.opacity / 2)
    desk.engine.give_answer()
    assert "Stale" not in words_of(desk.window.photographs.model_block)
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
