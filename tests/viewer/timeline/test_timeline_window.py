"""The timeline in the window: opened, gone through, aligned, and read."""

from zlib import crc32

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication
from visits_desk import DAYS, MOVED, L, R, Visits, click_column, shown
from window_desk import DRAWING, FIRST

from engine.answers import Criterion
from engine.eyes.which import EyeFacts, Tabled
from engine.records.forms import Filled, Form, Quality
from viewer.timeline.told import Part


def test_t_shows_every_visit_of_both_eyes_with_stage_probability_and_regions(
    visits: Visits,
) -> None:
    visits.open()
    pane = visits.timeline.pane
    assert pane.isVisible()
    assert [column.words for column in pane.columns.columns] == [
        "4 Apr 2021", "19 Sep 2022", "7 Jun 2023", "12 Mar 2024",
    ]  # fmt: skip
    assert pane.columns.eyes == (R, L)
    cells = [column.cells[R] for column in pane.columns.columns]
    assert [cell.headline for cell in cells] == ["Stage 0", "Stage 1", "Stage 2", "Stage 3"]
    assert cells[0].lines == ("Expected 1.0", "(0.6 to 1.3)")
    assert cells[0].referable_words.startswith("78")
    assert cells[0].region_words == "2 regions"
    assert cells[3].region_words == "2 regions, 1 new"
    assert pane.columns.current == 3
    assert all(cell.small is not None for cell in cells)
    store = visits.desk.window.photographs.store
    content = visits.content(visits.path(3, R))
    store.say(content, lambda act: Filled(act, Form(quality=Quality.GOOD, grade=2)))
    visits.desk.qtbot.wait(5)
    reader = pane.columns.columns[3].cells[R].reader
    assert reader is not None
    assert (reader.grade, reader.words) == (2, "draft")
    strip = visits.desk.window.strip
    assert strip.patient.text() == "DEMO-0142 · 4 visits, 8 pictures"
    assert strip.patient.isVisible()
    visits.desk.press(Qt.Key.Key_T)
    assert not pane.isVisible()
    assert not strip.patient.isVisible()


def test_a_table_that_is_added_meanwhile_is_in_the_timeline_without_a_restart(
    visits: Visits,
) -> None:
    visits.open()
    desk, path = visits.desk, visits.path(3, R)
    eyes = desk.window.photographs.both.eyes
    desk.qtbot.waitUntil(lambda: not eyes.tables.is_looking)
    asked, found = desk.engine.count("find eyes"), desk.engine.count("find visits")
    table = path.with_name("visits.csv")
    table.write_text(f"image,patient,date\n{path.name},17,2024-03-12\n")
    desk.qtbot.waitUntil(lambda: desk.engine.count("find eyes") == asked + 1)
    tabled = Tabled(str(table), None, "17", "2024-03-12")
    desk.engine.give_eyes(EyeFacts(str(path), tabled=tabled))
    assert desk.engine.count("find visits") == found + 1
    assert desk.engine.last("find visits").what["path"] == path


def test_clicks_arrows_and_the_buttons_of_a_mouse_go_from_visit_to_visit(visits: Visits) -> None:
    visits.days = DAYS[1:]
    visits.open()
    columns = visits.timeline.pane.columns
    click_column(visits, 1)
    assert shown(visits) == f"{DAYS[2]}_OD.png"
    visits.desk.press(Qt.Key.Key_Right)  # the columns keep the keys
    visits.reply()
    assert shown(visits) == f"{DAYS[3]}_OD.png"
    visits.desk.press(Qt.Key.Key_Left)
    visits.reply()
    visits.desk.press(Qt.Key.Key_Left)
    visits.reply()
    assert shown(visits) == f"{DAYS[1]}_OD.png"
    pane = visits.desk.window.photographs.first
    visits.desk.qtbot.mouseClick(pane, Qt.MouseButton.ForwardButton)
    visits.reply()
    assert shown(visits) == f"{DAYS[2]}_OD.png"
    click_column(visits, 2, L)
    assert shown(visits) == f"{DAYS[3]}_OS.png"
    assert columns.current == 2
    columns.setFocus()
    visits.desk.press(Qt.Key.Key_T)
    assert not visits.timeline.is_open
    assert visits.timeline.layers[0].marks == ()
    assert QApplication.focusWidget() is pane


def test_keys_for_photographs_go_on_after_a_click_among_the_columns(visits: Visits) -> None:
    visits.days = DAYS[2:]
    visits.open()
    click_column(visits, 0)
    visits.reply()
    for key, name in (
        (Qt.Key.Key_PageDown, f"{DAYS[2]}_OS.png"),
        (Qt.Key.Key_PageUp, f"{DAYS[2]}_OD.png"),
        (Qt.Key.Key_End, f"{DAYS[3]}_OS.png"),
        (Qt.Key.Key_Home, f"{DAYS[2]}_OD.png"),
    ):
        visits.timeline.pane.columns.setFocus()
        visits.desk.press(key)
        visits.reply()
        assert shown(visits) == name


def test_space_steps_through_the_visits_and_again_stops(visits: Visits) -> None:
    visits.open()
    clock = visits.timeline.stepping.clock
    clock.setInterval(60_000)  # the test's own hand moves it: a busy machine makes no odds
    visits.desk.press(Qt.Key.Key_Space)
    visits.reply()
    assert shown(visits) == f"{DAYS[0]}_OD.png"
    for day in DAYS[1:3]:
        clock.timeout.emit()
        visits.reply()
        assert shown(visits) == f"{day}_OD.png"
    visits.desk.press(Qt.Key.Key_Space)
    assert not clock.isActive()
    visits.desk.press(Qt.Key.Key_Space)
    visits.reply()
    clock.timeout.emit()
    assert not clock.isActive()  # the last visit ends it


def test_the_view_stays_on_the_same_place_of_the_eye_until_it_is_switched_off(
    visits: Visits,
) -> None:
    visits.eyes = (R,)
    visits.open(2)
    pane = visits.desk.window.photographs.first
    pane.zoom_by(4, QPointF(300, 200))
    before = pane.state.view
    assert before is not None
    visits.desk.press(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    visits.reply()
    after = pane.state.view
    assert shown(visits) == f"{DAYS[3]}_OD.png"
    assert after is not None
    assert after.scale == pytest.approx(before.scale)
    assert np.subtract(after.centre, before.centre) == pytest.approx(MOVED)
    told = "With 7 Jun 2023: aligned on disc and fovea, within 0.04 disc diameters."
    assert told in visits.timeline.pane.said.text()
    click_column(visits, 0)  # far away: not by way of those between
    assert pane.state.view is not None
    assert np.subtract(pane.state.view.centre, before.centre) == pytest.approx(-2 * np.array(MOVED))
    visits.desk.click(visits.timeline.pane.align)
    assert pane.state.view.is_fitted
    said = visits.timeline.pane.said
    visits.desk.qtbot.waitUntil(lambda: "Aligned" not in said.text())


def test_the_next_patients_visits_are_aligned_among_themselves(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Visits, "content", lambda _, path: f"{crc32(str(path).encode()):064x}")
    visits.open()
    visits.desk.folder = visits.desk.folder / "next"
    visits.desk.folder.mkdir()
    visits.days = ("2020-02-02", "2021-03-03")
    visits.open(press=False)
    assert visits.timeline.aligned.words == ""
    click_column(visits, 0)
    assert visits.timeline.aligned.words.startswith("With 3 Mar 2021: aligned on disc")


def test_a_visit_without_a_date_stands_apart_and_is_told_its_day_by_the_reader(
    visits: Visits,
) -> None:
    visits.days = (*DAYS[:2], "")
    visits.open()
    pane = visits.timeline.pane
    at = QPoint(int(pane.columns.places[2].left + 20), pane.columns.height() - 30)
    visits.desk.qtbot.mouseDClick(pane.columns, Qt.MouseButton.LeftButton, pos=at)
    visits.desk.qtbot.keyClicks(pane.day, "next week")
    visits.desk.qtbot.keyClick(pane.day, Qt.Key.Key_Return)
    assert "is no day that is understood" in visits.desk.words()
    assert pane.day.isVisible()
    pane.day.clear()
    visits.desk.qtbot.keyClicks(pane.day, "3 Apr 2242")
    visits.desk.qtbot.keyClick(pane.day, Qt.Key.Key_Return)
    assert "3 Apr 2242 is still to come" in visits.desk.words()
    visits.desk.window.photographs.first.setFocus()
    assert pane.columns.columns[2].words == "Date not known"
    places = pane.columns.places
    assert places[2].left - places[1].left > 180
    assert "no date" in visits.timeline.block.eyes[0].said.text()
    visits.desk.click(pane.date)
    visits.desk.qtbot.keyClicks(pane.day, "12 Mar 2024")
    visits.desk.qtbot.keyClick(pane.day, Qt.Key.Key_Return)
    asked = visits.desk.engine.last("find visits").what["dates"]
    own = [str(visits.path(2, eye)) for eye in (R, L)]
    assert asked == dict.fromkeys(own, "2024-03-12")
    visits.desk.window.photographs.first.setFocus()
    visits.desk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert visits.desk.engine.last("find visits").what["dates"] == {}


def test_a_double_click_on_another_visits_day_is_about_that_visit(visits: Visits) -> None:
    visits.eyes = (R,)
    visits.open()
    pane = visits.timeline.pane
    at = QPoint(int(pane.columns.places[0].left + 20), pane.columns.height() - 30)
    visits.desk.qtbot.mouseClick(pane.columns, Qt.MouseButton.LeftButton, pos=at)
    visits.desk.qtbot.mouseDClick(pane.columns, Qt.MouseButton.LeftButton, pos=at)
    visits.reply()
    assert pane.day.hasFocus()
    assert pane.day.text() == DAYS[0]


def test_reading_first_hides_columns_changes_and_marks_until_signed(visits: Visits) -> None:
    visits.desk.window.preferences.change(reading="reading first")
    visits.days = DAYS[2:]
    visits.open()
    cells = [column.cells[R] for column in visits.timeline.pane.columns.columns]
    assert {cell.headline for cell in cells} == {"Hidden until"}
    assert not any(cell.referable_words or cell.region_words for cell in cells)
    assert "Stage" not in visits.timeline.pane.columns.accessibleDescription()
    assert visits.timeline.layers[0].marks == ()
    assert visits.timeline.block.eyes[0].said.text() == "OD: hidden until you sign."


def test_the_reading_of_visits_is_a_row_that_can_be_cancelled_and_gone_on_with(
    visits: Visits,
) -> None:
    visits.silent, visits.days = {"ask stage ahead"}, DAYS[2:]
    visits.open()
    visits.desk.qtbot.waitUntil(lambda: "Reading the visits of DEMO-0142" in visits.desk.words())
    assert "of 4" in visits.desk.words()
    row = visits.desk.window.rows._jobs[-1]
    visits.desk.click(row._cancel)
    assert visits.desk.engine.last("ask stage ahead").id in visits.desk.engine.said.cancelled
    visits.desk.qtbot.wait(5)
    assert "Stopped by you: 0 of 4" in visits.timeline.pane.said.text()
    visits.desk.engine.go(visits.desk.engine.last("ask stage ahead"), "cancelled")
    visits.silent = set()
    visits.desk.click(visits.timeline.pane.more)
    visits.reply()
    assert visits.timeline.pane.columns.columns[0].cells[L].headline == "Stage 0"
    assert "Reading the visits" not in visits.desk.words()


def test_why_there_are_no_stages_is_told_as_it_is_and_not_before_it_is_known(
    visits: Visits,
) -> None:
    visits.days, visits.eyes = DAYS[:2], (R,)
    visits.open()
    stages = visits.desk.window.photographs.stages
    story, pane = visits.timeline.story, visits.timeline.pane
    stages.choose_pack(None)
    visits.desk.qtbot.waitUntil(lambda: pane.title.text() == "Visits over time")
    assert story.no_stages == "No stage pack is chosen, so there are no stages here."
    assert pane.said.text().startswith(story.no_stages) or story.no_stages in pane.whole.text()
    visits.desk.window.presenter._engine_ready = False
    assert story.no_stages == ""


def test_one_visit_says_what_would_be_here(visits: Visits) -> None:
    visits.days = ("2024-03-12",)
    visits.open()
    assert visits.timeline.pane.columns.columns[0].words == "12 Mar 2024"
    assert "2024-03-12_OD.png" in visits.timeline.pane.said.text()
    assert not visits.timeline.pane.play.isVisible()
    assert not visits.timeline.block.isVisible()


def test_another_pack_leaves_old_answers_says_so_and_rereads_when_asked(visits: Visits) -> None:
    from window_desk import SECOND

    visits.packs, visits.eyes = (FIRST, SECOND), (R,)
    visits.open()
    before = visits.desk.engine.count("ask ahead")
    visits.desk.window.presenter.choose_pack(SECOND)
    visits.reply()
    columns = visits.timeline.pane.columns.columns
    assert columns[3].change == "pack retinopathy-first 1.0.0 → retinopathy-other 2.1.0"
    assert columns[2].change == ""
    block = visits.timeline.block
    assert "The pack changed between these visits" in block.pack.text()
    assert block.again.text().strip() == "Re-read 3 visits"
    visits.desk.click(block.again)
    visits.reply()
    assert not any(column.change for column in visits.timeline.pane.columns.columns)
    assert not block.card.isVisible()
    assert visits.desk.engine.count("ask ahead") > before


def test_visits_are_compared_by_the_usual_heatmap_of_the_pack_whatever_is_shown(
    visits: Visits,
) -> None:
    visits.packs = (DRAWING,)
    visits.open(press=False)
    visits.desk.window.presenter.choose_criterion(Criterion.PI)
    visits.desk.press(Qt.Key.Key_T)
    visits.reply()
    assert visits.desk.window.presenter.criterion is Criterion.PI
    asked = [visits.timeline.answers.told(path).question for path in visits.paths]
    assert {question.criterion for question in asked if question} == {Criterion.LESIONS}


def test_both_eyes_of_a_visit_are_opened_and_both_are_aligned(visits: Visits) -> None:
    visits.open(2)
    visits.desk.press(Qt.Key.Key_E)
    visits.reply()
    first, second = visits.desk.window.photographs.view.panes
    first.zoom_by(3, QPointF(200, 150))
    before = [pane.state.view for pane in (first, second)]
    visits.desk.press(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    visits.reply()
    other = visits.desk.window.photographs.both.other.picture
    assert other is not None
    assert other.path.name == f"{DAYS[3]}_OS.png"
    for pane, view in zip((first, second), before, strict=True):
        now = pane.state.view
        assert now is not None
        assert view is not None
        assert np.subtract(now.centre, view.centre) == pytest.approx(MOVED)
    assert [len(layer.marks) for layer in visits.timeline.layers] == [2, 2]


def test_both_eyes_are_aligned_over_a_far_jump_though_both_are_asked_at_once(
    visits: Visits,
) -> None:
    visits.open(0)
    visits.desk.press(Qt.Key.Key_E)
    visits.reply()
    visits.silent = {"compare visits"}
    click_column(visits, 3)
    visits.silent = set()
    visits.reply()
    assert "Aligning" not in visits.timeline.pane.said.text()
    for pane in visits.desk.window.photographs.view.panes:
        view = pane.state.view
        assert view is not None
        assert np.subtract(view.centre, (449.5, 299.5)) == pytest.approx(3 * np.array(MOVED))


def test_what_is_done_to_show_it_grows_with_the_visits_and_not_with_their_square(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits.days, visits.eyes = tuple(f"{2004 + year}-03-12" for year in range(20)), (R,)
    visits.silent = {"compare visits", "regions"}
    visits.open()
    asked = []
    eye_of = visits.timeline.visits.eye_of
    monkeypatch.setattr(
        visits.timeline.visits, "eye_of", lambda seen: asked.append(seen) or eye_of(seen)
    )
    visits.timeline.show()
    assert 0 < len(asked) < 60 * len(visits.days)


def test_what_the_panel_tells_stands_in_the_column_before_others_small_pictures(
    visits: Visits,
) -> None:
    visits.eyes, visits.silent = (R,), {"shrink"}
    visits.open()
    engine = visits.desk.engine
    for asked in [each for each in engine.said.asked if each.kind == "shrink"]:
        if asked.what["path"] == visits.path(3, R):
            visits.answered.add(asked.id)
            visits._answer(asked)
    visits.reply()
    cell = visits.timeline.pane.columns.columns[3].cells[R]
    assert cell.referable_words.startswith("78")
    assert visits.timeline.pane.columns.columns[1].cells[R].small is None


def test_what_went_wrong_with_a_photograph_twice_is_told_once(visits: Visits) -> None:
    visits.days, visits.eyes = DAYS[2:], (R,)
    visits.open()
    answers, path = visits.timeline.answers, visits.path(0, R)
    why = "“x.png” cannot be opened. There is no such file."
    for part in (Part.REFERABLE, Part.STAGE):
        answers._give_up(part, path, visits.content(path), why)
    assert answers.fault(path) == why
