"""The Compare tab: asked once each, linked, swiped, blacked out, and what leaves it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from window_desk import DRAWING, FIRST, SECOND, Desk

from engine import own_mark
from engine.answers import Criterion, Reason
from engine.service.messages import Progress
from viewer.compare.export import figure_of
from viewer.compare.page import ComparePage

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
MARKED = (500, 250)
"""A picture position in the desk's maps."""


@pytest.fixture
def compare(desk: Desk) -> Iterator[Desk]:
    """The tab on top, pi taken over from the Read tab, omega being asked."""
    desk.open_and_answer()
    desk.press(Qt.Key.Key_3, CONTROL)
    yield desk


def page(desk: Desk) -> ComparePage:
    shown = desk.window.on_top.compared
    assert shown is not None
    return shown


def answer_all(desk: Desk, **changes: Any) -> None:
    """Everything that is asked is answered."""
    done = desk.engine.said.asked[-1].id - 1
    while desk.engine.last("ask").id > done:
        asked = desk.engine.last("ask")
        done = asked.id
        desk.engine.give_answer(asked, **changes)


def view(desk: Desk, name: str) -> Any:
    return next(each for each in page(desk).shown if each.words == name)


def colour(pane: Any, at: tuple[int, int]) -> tuple[int, int, int]:
    """Red, green and blue on the screen where the picture position is."""
    x, y = on_screen(pane, at)
    shown = pane.grab().toImage().pixelColor(x, y)
    return shown.red(), shown.green(), shown.blue()


def on_screen(pane: Any, at: tuple[int, int]) -> tuple[int, int]:
    x, y = pane.state.view.to_screen[:2, 2] + np.array(at) * pane.state.view.scale
    return round(x), round(y)


def wheel(pane: Any, at: QPoint) -> None:
    none = Qt.MouseButton.NoButton
    QApplication.sendEvent(
        pane,
        QWheelEvent(
            QPointF(at), pane.mapToGlobal(QPointF(at)), QPoint(), QPoint(0, 360), none,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        ),
    )  # fmt: skip


def asked_criteria(desk: Desk) -> list[Criterion]:
    return [asked.what["criterion"] for asked in desk.engine.said.asked if asked.kind == "ask"]


def test_the_bare_picture_comes_first_and_every_criterion_after_it(compare: Desk) -> None:
    assert [each.words for each in page(compare).shown[:4]] == ["Picture", "ω", "π", "LRP"]
    bare = page(compare).shown[0].pane
    assert bare.state.heatmap is None
    assert colour(bare, MARKED) == (190, 90, 40)


def test_each_answer_is_asked_once_and_the_read_tabs_own_is_taken_over(compare: Desk) -> None:
    answer_all(compare)
    compare.press(Qt.Key.Key_2, CONTROL)
    compare.press(Qt.Key.Key_3, CONTROL)
    found = asked_criteria(compare)
    assert sorted(found) == sorted(set(found))
    assert {Criterion.PI, Criterion.OMEGA, Criterion.RELEVANCE} <= set(found)
    assert all(each.given for each in page(compare).shown[1:])


def test_one_question_is_at_the_engine_at_a_time(compare: Desk) -> None:
    assert asked_criteria(compare) == [Criterion.PI, Criterion.OMEGA]
    compare.engine.give_answer()
    assert asked_criteria(compare)[2:] == [Criterion.RELEVANCE]


def test_a_map_is_shown_as_soon_as_it_comes(compare: Desk) -> None:
    compare.engine.give_answer()
    red, _, blue = colour(view(compare, "ω").pane, MARKED)
    assert blue > red
    assert view(compare, "LRP").given is None


def test_relevance_is_shown_on_red_free(compare: Desk) -> None:
    answer_all(compare)
    pane = view(compare, "LRP").pane
    assert len(set(colour(pane, (300, 350)))) == 1
    red, green, blue = colour(pane, (500, 450))
    assert red > green > blue


def test_a_view_says_how_far_its_answer_is_and_cancel_stops_it(compare: Desk) -> None:
    asked = compare.engine.last("ask")
    compare.engine.progressed.emit(Progress(asked.id, "Asking the network", 1, 2))
    card = view(compare, "ω").card
    compare.qtbot.waitUntil(lambda: "Asking the network, 1 of 2" in card.words())
    card.cancel_wanted.emit()
    assert compare.engine.said.cancelled == [asked.id]
    assert "Stopping" in card.words()
    compare.engine.go(asked, "It was cancelled.")
    assert "Cancelled by you" in card.words()
    assert asked_criteria(compare)[2:] == [Criterion.RELEVANCE]


def test_what_was_cancelled_can_be_asked_again(compare: Desk) -> None:
    asked = compare.engine.last("ask")
    view(compare, "ω").card.cancel_wanted.emit()
    compare.engine.go(asked, "It was cancelled.")
    answer_all(compare)
    view(compare, "ω").card.again_wanted.emit()
    answer_all(compare)
    assert view(compare, "ω").given
    assert view(compare, "ω").card.words() == ""


def test_a_refusal_stands_in_its_own_view(compare: Desk) -> None:
    compare.engine.give_answer()
    compare.engine.refuse(compare.engine.last("ask"), "Not made.", "It is not known.", "Choose.")
    assert view(compare, "LRP").card.words() == "Not made. It is not known. Choose."
    assert view(compare, "ω").given


def test_an_answer_about_another_content_is_told_and_not_asked_for_ever(compare: Desk) -> None:
    readings, shown = compare.window.presenter.readings, compare.window.presenter.picture
    assert shown is not None
    readings.learn(shown.path, "e" * 64)
    compare.engine.give_answer()
    assert "another content" in view(compare, "ω").card.words()
    assert asked_criteria(compare).count(Criterion.OMEGA) == 1


def test_an_ungradable_photograph_says_so_in_every_view(desk: Desk) -> None:
    desk.window.open(desk.picture())
    desk.engine.give_picture()
    reason = Reason("It is too dark.", "Take it again.")
    desk.engine.give_answer(probability=None, reasons=(reason,))
    desk.press(Qt.Key.Key_3, CONTROL)
    answer_all(desk, probability=None, reasons=(reason,))
    said = [each.card.words() for each in page(desk).shown[1:]]
    assert all("Ungradable" in each and "It is too dark." in each for each in said)


def test_away_from_the_tab_nothing_more_is_asked(compare: Desk) -> None:
    asked = compare.engine.last("ask")
    compare.press(Qt.Key.Key_2, CONTROL)
    compare.engine.give_answer(asked)
    assert len(asked_criteria(compare)) == 2
    compare.press(Qt.Key.Key_3, CONTROL)
    assert view(compare, "ω").given
    assert asked_criteria(compare)[2:] == [Criterion.RELEVANCE]


def test_another_pictures_question_ends_what_is_asked_of_this_one(compare: Desk) -> None:
    asked = compare.engine.last("ask")
    compare.window.presenter.open(compare.picture("other.png"))
    compare.engine.give_picture(content="d")
    assert compare.engine.said.cancelled == [asked.id]


def test_another_picture_is_compared_anew(compare: Desk) -> None:
    answer_all(compare)
    compare.window.presenter.open(compare.picture("other.png"))
    compare.engine.give_picture(content="d")
    assert view(compare, "ω").given is None
    asked = len(asked_criteria(compare))
    assert asked_criteria(compare)[-1] is Criterion.PI
    answer_all(compare)
    assert asked_criteria(compare)[asked:][:2] == [Criterion.OMEGA, Criterion.RELEVANCE]
    assert all(each.given for each in page(compare).shown[1:])


def test_pi_of_the_photograph_has_a_view_where_there_is_room_or_it_is_wanted(
    compare: Desk,
) -> None:
    grid = page(compare).grid
    grid.resize(1280, 700)
    compare.qtbot.waitUntil(lambda: page(compare).shown[-1].words == "π photo")
    grid.resize(1280, 300)
    compare.qtbot.waitUntil(lambda: page(compare).shown[-1].words == "LRP")
    compare.window.actions_.by_name["compare-photograph"].trigger()
    assert page(compare).shown[-1].words == "π photo"


def test_every_view_that_there_is_room_for_is_there_from_the_first_look_on(desk: Desk) -> None:
    desk.window.resize(1728, 972)
    desk.open_and_answer()
    desk.press(Qt.Key.Key_3, CONTROL)
    desk.qtbot.waitUntil(lambda: page(desk).shown[-1].words == "π photo")
    assert all(each.isVisible() for each in page(desk).shown)


# ---- linked views


def test_zooming_one_view_zooms_all_to_the_same_pixel(compare: Desk) -> None:
    panes = [each.pane for each in page(compare).shown]
    at = QPoint(*on_screen(panes[1], MARKED))
    wheel(panes[1], at)
    assert panes[1].zoom > 1.5 * panes[1].state.view.fit_scale
    for pane in panes:
        assert pane.state.view == panes[1].state.view
        assert on_screen(pane, MARKED) == on_screen(panes[1], MARKED)


def test_dragging_one_view_moves_all_and_l_lets_each_go_by_itself(compare: Desk) -> None:
    panes = [each.pane for each in page(compare).shown]
    wheel(panes[0], QPoint(50, 50))
    compare.press(Qt.Key.Key_L)
    still = panes[1].state.view
    left = Qt.MouseButton.LeftButton
    compare.qtbot.mousePress(panes[2], left, pos=QPoint(100, 100))
    compare.qtbot.mouseMove(panes[2], QPoint(140, 120))
    compare.qtbot.mouseRelease(panes[2], left, pos=QPoint(140, 120))
    assert panes[2].state.view != still
    assert panes[1].state.view == still
    compare.press(Qt.Key.Key_L)
    assert panes[1].state.view == panes[2].state.view


def test_the_strip_tells_every_value_under_the_pointer(compare: Desk) -> None:
    answer_all(compare)
    pane = page(compare).shown[0].pane
    x, y = on_screen(pane, MARKED)
    compare.qtbot.mouseMove(pane, QPoint(x - 3, y))
    compare.qtbot.mouseMove(pane, QPoint(x, y))
    said = compare.window.strip.pointer
    compare.qtbot.waitUntil(lambda: "ω 1.00   π 1.00   LRP +1.00" in said.text())
    assert view(compare, "π").pane.marks.at is not None
    assert pane.marks.at is None


def test_s_held_hides_all_heatmaps_and_g_held_shows_all_red_free(compare: Desk) -> None:
    answer_all(compare)
    panes = [each.pane for each in page(compare).shown]
    assert QApplication.focusWidget() is panes[0]
    compare.qtbot.keyPress(panes[0], Qt.Key.Key_S)
    assert {colour(pane, MARKED) for pane in panes} == {(190, 90, 40)}
    compare.qtbot.keyRelease(panes[0], Qt.Key.Key_S)
    assert colour(panes[1], MARKED) != (190, 90, 40)
    compare.qtbot.keyPress(panes[1], Qt.Key.Key_G)
    assert {colour(pane, (300, 350)) for pane in panes} == {(90, 90, 90)}
    compare.qtbot.keyRelease(panes[1], Qt.Key.Key_G)
    assert colour(panes[1], (300, 350)) == (190, 90, 40)


# ---- for reading


def test_the_view_in_use_is_marked_and_another_can_be_used_for_reading(compare: Desk) -> None:
    answer_all(compare)
    assert [each.words for each in page(compare).shown if each.header.in_use.isVisible()] == ["π"]
    compare.qtbot.mouseClick(view(compare, "ω").pane, Qt.MouseButton.LeftButton)
    use = page(compare).bar.use
    assert use.text().strip() == "Use ω for reading"
    compare.click(use)
    assert compare.window.presenter.answer.criterion is Criterion.OMEGA
    assert asked_criteria(compare).count(Criterion.OMEGA) == 1
    assert view(compare, "ω").header.in_use.isVisible()
    assert not use.isVisible()


# ---- packs


@pytest.fixture
def packs(compare: Desk) -> Iterator[Desk]:
    """Two packs beside the bare picture, both answered."""
    answer_all(compare)
    compare.engine.get_ready(FIRST, SECOND)
    compare.press(Qt.Key.Key_P)
    answer_all(compare)
    yield compare


def test_packs_are_compared_by_the_criterion_in_force_each_with_its_probability(
    packs: Desk,
) -> None:
    shown = page(packs).shown
    assert [each.source.pack if each.source else None for each in shown] == [None, FIRST, SECOND]
    assert packs.engine.last("ask").what["pack"] == SECOND.path
    assert packs.engine.last("ask").what["criterion"] is Criterion.PI
    assert "78" in shown[2].header.hint.text() and "66 to 87" in shown[2].header.hint.text()


def test_a_checkpoint_is_asked_for_by_its_name(compare: Desk) -> None:
    from dataclasses import replace

    answer_all(compare)
    compare.engine.get_ready(replace(FIRST, checkpoints=("step-100", "step-200")))
    compare.press(Qt.Key.Key_P)
    assert compare.engine.last("ask").what["checkpoint"] == "step-100"
    answer_all(compare)
    page(compare).shown[2].header.chosen.emit(2)
    assert compare.engine.last("ask").what["checkpoint"] == "step-200"


def test_two_packs_can_have_the_same_scale_and_then_say_so(packs: Desk) -> None:
    packs.window.actions_.by_name["compare-scale"].trigger()
    assert all(each.pane.marks.shared for each in page(packs).shown[1:])
    packs.press(Qt.Key.Key_P)
    assert not any(each.pane.marks.shared for each in page(packs).shown)


@pytest.fixture
def unlike(early_desk: Desk) -> Iterator[Desk]:
    """A pack that draws lesions and one that has π, each by its usual criterion."""
    early_desk.engine.get_ready(DRAWING, FIRST)
    early_desk.open_and_answer()
    early_desk.press(Qt.Key.Key_3, CONTROL)
    answer_all(early_desk)
    early_desk.press(Qt.Key.Key_P)
    answer_all(early_desk)
    yield early_desk


def test_packs_that_differ_in_criterion_name_theirs(unlike: Desk) -> None:
    heads = [each.header.name for each in page(unlike).shown[1:]]
    assert [name.text() for name in heads] == ["Lesions", "π"]
    assert all(name.isVisible() for name in heads)
    assert [shot.heads[0].split("   ")[1] for shot in figure_of(page(unlike)).shots[1:]] == [
        "Lesions",
        "π",
    ]


@pytest.mark.parametrize("view", [1, 2])
def test_a_header_names_its_pack_whole_and_where_it_is_narrow_tells_the_rest_over_the_picture(
    unlike: Desk, view: int
) -> None:
    shown = page(unlike).shown[view]
    head = shown.header
    letters = head.chooser.fontMetrics().horizontalAdvance(head.chooser.currentText())
    told = []
    for wide in range(320, 901, 20):
        shown.resize(wide, 400)
        QApplication.processEvents()
        told.append(apart := shown.pane.marks.apart)
        assert head.name.isVisible() == head.hint.isVisible() == (not apart)
        assert head.chooser.width() >= head.chooser.whole_width > letters + 30
    assert (told[0], told[-1]) == ((head.name.text(), head.hint.text()), ())
    assert all(shot.marks.apart == () for shot in figure_of(page(unlike)).shots)


def test_packs_of_one_criterion_do_not_repeat_it(packs: Desk) -> None:
    assert not any(each.header.name.isVisible() for each in page(packs).shown[1:])


def test_maps_in_different_units_are_never_said_to_have_the_same_scale(unlike: Desk) -> None:
    scale = unlike.window.actions_.by_name["compare-scale"]
    assert not scale.isEnabled()
    page(unlike).scale_alike(True)
    assert not any(each.pane.marks.shared for each in page(unlike).shown)


def test_one_pack_alone_says_that_another_is_needed(compare: Desk) -> None:
    compare.press(Qt.Key.Key_P)
    said = [label.text() for label in page(compare).findChildren(QLabel) if label.isVisible()]
    assert "There is one pack alone" in said


# ---- the line between two maps


@pytest.fixture
def swipe(compare: Desk) -> Iterator[Desk]:
    """The bare picture left of the line, pi right of it."""
    answer_all(compare)
    compare.press(Qt.Key.Key_E, SHIFT)
    page(compare).swipe.left.chosen.emit(0)
    yield compare


def test_left_and_right_of_the_line_lie_two_maps(swipe: Desk) -> None:
    pane = page(swipe).swipe.pane
    x, _ = on_screen(pane, MARKED)
    pane.move_line((x + 40) / pane.width())
    assert colour(pane, MARKED) == (190, 90, 40)
    pane.move_line((x - 40) / pane.width())
    red, _, blue = colour(pane, MARKED)
    assert blue > red


def test_the_line_is_dragged_and_alt_with_arrows_moves_it(swipe: Desk) -> None:
    pane = page(swipe).swipe.pane
    left, middle = Qt.MouseButton.LeftButton, pane.height() // 2
    before = pane.state.view
    swipe.qtbot.mousePress(pane, left, pos=QPoint(pane.width() // 2 + 3, middle))
    swipe.qtbot.mouseMove(pane, QPoint(pane.width() // 4, middle))
    swipe.qtbot.mouseRelease(pane, left, pos=QPoint(pane.width() // 4, middle))
    assert pane.line == pytest.approx(0.25, abs=0.01)
    assert pane.state.view == before
    swipe.press(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert pane.line == pytest.approx(0.30, abs=0.01)


def test_a_whole_picture_stays_whole_from_one_layout_to_the_other(swipe: Desk) -> None:
    assert page(swipe).swipe.pane.state.view.is_fitted
    swipe.press(Qt.Key.Key_E, SHIFT)
    assert all(each.pane.state.view.is_fitted for each in page(swipe).shown)


# ---- removed


def test_the_strongest_evidence_is_blacked_out_first_and_the_bare_picture_stays(
    compare: Desk,
) -> None:
    answer_all(compare)
    page(compare).bar.removed.setValue(100)
    pane = view(compare, "π").pane
    compare.qtbot.waitUntil(lambda: pane.removed is not None)
    assert colour(pane, MARKED) == (0, 0, 0)
    assert colour(pane, (300, 350)) == (190, 90, 40)
    assert colour(page(compare).shown[0].pane, MARKED) == (190, 90, 40)


def test_what_was_removed_can_be_shown_alone(compare: Desk) -> None:
    answer_all(compare)
    pane = view(compare, "π").pane
    page(compare).bar.removed.setValue(100)
    compare.press(Qt.Key.Key_R, SHIFT)
    compare.qtbot.waitUntil(lambda: pane.removed is not None)
    assert colour(pane, MARKED) != (0, 0, 0)
    page(compare).bar.removed.setValue(0)
    assert colour(pane, MARKED) == (0, 0, 0)


# ---- what leaves the window


def test_the_figure_has_the_views_as_they_are_seen_and_the_strip(
    compare: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer_all(compare)
    to = tmp_path / "figure.png"
    proposed: list[str] = []

    def choose(_: object, __: object, usual: str, *___: object) -> tuple[str, str]:
        proposed.append(usual)
        return str(to), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    compare.press(Qt.Key.Key_E, CONTROL)
    shown = compare.window.presenter.picture.path
    assert proposed == [str(shown.with_name(f"{shown.stem} comparison.png"))]
    compare.qtbot.waitUntil(to.exists, timeout=10000)
    compare.qtbot.waitUntil(lambda: "Saved as figure.png" in compare.words())
    assert own_mark.is_on(to)
    drawn = cv2.imread(str(to))[..., ::-1].astype(int)
    pane = view(compare, "π").pane
    place = pane.mapTo(page(compare).grid, QPoint(*on_screen(pane, MARKED)))
    assert drawn.shape[1] == pytest.approx(2 * page(compare).grid.width(), abs=8)
    head = page(compare).shown[0].header.height()
    rows = place.y() // (head + pane.height())
    x, y = 2 * place.x(), 2 * (place.y() - (rows + 1) * (head - 32))
    assert np.abs(drawn[y, x] - colour(pane, MARKED)).max() <= 6
    assert (drawn[-6, -6] > 200).all()


def test_without_a_photograph_the_tab_says_what_would_be_here(desk: Desk) -> None:
    desk.press(Qt.Key.Key_3, CONTROL)
    said = [label.text() for label in page(desk).findChildren(QLabel) if label.isVisible()]
    assert "No photograph to compare" in said
    # Two series are compared elsewhere: who looks for that here is told where.
    assert any("Open beside" in words for words in said)
    assert desk.engine.count("ask") == 0


def test_who_reads_first_compares_nothing_before_signing(desk: Desk) -> None:
    desk.window.preferences.change(reading="reading first")
    desk.open_and_answer()
    desk.press(Qt.Key.Key_3, CONTROL)
    said = [label.text() for label in page(desk).findChildren(QLabel) if label.isVisible()]
    assert "Hidden until you sign" in said
    assert asked_criteria(desk) == [Criterion.PI]
    desk.window.preferences.change(reading="assisted")
    desk.qtbot.waitUntil(lambda: page(desk).stack.currentWidget() is page(desk).grid)
