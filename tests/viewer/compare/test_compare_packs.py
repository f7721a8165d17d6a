"""Packs that are compared, and the view that is used for reading."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from compare_desk import CONTROL, answer_all, asked_criteria, page, view
from on_screen import words_of
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from window_desk import DRAWING, FIRST, SECOND, Desk

from engine.answers import Criterion
from viewer.compare.export import figure_of


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
    assert "There is one pack alone" in words_of(page(compare))
