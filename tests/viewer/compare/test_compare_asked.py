"""The Compare tab asks for each map once, and shows it, its refusal or how far it is."""

from compare_desk import CONTROL, MARKED, answer_all, asked_criteria, colour, page, view
from on_screen import words_of
from PySide6.QtCore import Qt
from window_desk import Desk

from engine.answers import Criterion, Reason
from engine.service.messages import Progress


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


def test_without_a_photograph_the_tab_says_what_would_be_here(desk: Desk) -> None:
    desk.press(Qt.Key.Key_3, CONTROL)
    said = words_of(page(desk))
    assert "No photograph to compare" in said
    # Two series are compared elsewhere: who looks for that here is told where.
    assert "Open beside" in said
    assert desk.engine.count("ask") == 0


def test_who_reads_first_compares_nothing_before_signing(desk: Desk) -> None:
    desk.window.preferences.change(reading="reading first")
    desk.open_and_answer()
    desk.press(Qt.Key.Key_3, CONTROL)
    assert "Hidden until you sign" in words_of(page(desk))
    assert asked_criteria(desk) == [Criterion.PI]
    desk.window.preferences.change(reading="assisted")
    desk.qtbot.waitUntil(lambda: page(desk).stack.currentWidget() is page(desk).grid)
