"""The timeline in the window: opened, gone through, aligned, compared, dated, and hidden."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPolygonF
from PySide6.QtWidgets import QApplication, QScrollArea
from stage_desk import a_stage_answer
from visits_desk import DAYS, MOVED, STAGES, L, R, Visits
from window_desk import DRAWING, FIRST, Desk, a_region, an_answer

from engine.answers import Criterion, Interval
from engine.eyes.which import EyeFacts, Tabled
from engine.geometry import Circle
from engine.records.forms import Filled, Form, Quality
from engine.telling.stage_words import expected_words
from engine.visits.change import Fate
from viewer.client.engine import EngineState
from viewer.layers.over_text import width_of
from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.timeline.columns import CELL, referable_lines
from viewer.timeline.face import Cell, Column, Reader
from viewer.timeline.marks import ChangeMark
from viewer.timeline.packs import change_words
from viewer.timeline.told import Part

DISC = Circle(620.0, 290.0, 45.0)


@pytest.fixture
def visits(desk: Desk) -> Visits:
    """Four visits of both eyes, the last one's right eye on the screen."""
    made = Visits(desk)
    made.packs = (FIRST, STAGES)
    return made


def shown(visits: Visits) -> str:
    picture = visits.desk.window.presenter.picture
    assert picture is not None
    return picture.path.name


def click_column(visits: Visits, number: int, eye: object = R) -> None:
    columns = visits.timeline.pane.columns
    at = columns.bar(number, eye).center().toPoint()  # type: ignore[arg-type]
    visits.desk.qtbot.mouseClick(columns, Qt.MouseButton.LeftButton, pos=at)
    visits.reply()


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


def test_what_is_new_and_gone_since_the_visit_before_is_marked_and_told(visits: Visits) -> None:
    visits.days = DAYS[1:]
    visits.open()
    marks = visits.timeline.layers[0].marks
    assert {mark.fate: mark.box for mark in marks} == {
        Fate.NEW: (600, 300, 630, 330),
        Fate.GONE: pytest.approx((130, 88, 160, 118)),
    }
    block = visits.timeline.block
    assert block.isVisible()
    assert block.title.text() == "What changed since 7 Jun 2023"
    assert block.eyes[0].said.text() == "OD: 81 % (70 to 89 %) that the stage rose."
    assert block.eyes[1].said.text().startswith("OS: 81 %")
    assert block.eyes[0].counts.text() == "1 new region, 1 gone."
    click_column(visits, 0)
    assert block.eyes[0].said.text() == "OD: this is the first visit with a photograph of it."
    visits.desk.qtbot.waitUntil(lambda: block.title.text() == "What changed")


def test_what_has_grown_is_neither_new_nor_gone(visits: Visits) -> None:
    visits.days, visits.eyes, visits.first_fate = DAYS[2:], (R,), Fate.GROWN
    visits.open()
    assert visits.timeline.block.eyes[0].counts.text() == "1 new region, 1 grown, 1 gone."
    assert [mark.fate for mark in visits.timeline.layers[0].marks] == [
        Fate.GROWN, Fate.GONE, Fate.NEW,
    ]  # fmt: skip
    cell = visits.timeline.pane.columns.columns[1].cells[R]
    assert "2 regions, 1 new, 1 grown, 1 gone." in cell.sentence


def test_of_two_photographs_of_an_eye_all_is_said_of_the_one_on_the_screen(
    visits: Visits,
) -> None:
    visits.days, visits.eyes, visits.twice = DAYS[2:], (R,), {(DAYS[3], R)}
    visits.open(1)
    columns, block = visits.timeline.pane.columns, visits.timeline.block
    first, second = (visits.desk.folder / name for name in visits.names(DAYS[3], R))

    def told() -> tuple[str, str]:
        cell = columns.columns[1].cells[R]
        return cell.headline, cell.more

    assert (shown(visits), *told()) == (first.name, "Stage 1", "1 of 2")
    note = "Compared: photograph {} of 2 of 12 Mar 2024 with 7 Jun 2023."
    assert block.eyes[0].notes.text() == note.format(1)
    click_column(visits, 1)
    assert (shown(visits), *told()) == (second.name, "Stage 0", "2 of 2")
    assert block.eyes[0].notes.text() == note.format(2)
    asked = [each.what for each in visits.desk.engine.said.asked if each.kind == "compare visits"]
    compared = [each for each in asked if each["pane"] == "timeline change"]
    assert Path(compared[-1]["later"].picture.path) == second
    assert visits.timeline.layers[0].marks
    said = visits.timeline.pane.said.text()
    assert "With photograph 1 of 2 of 12 Mar 2024: aligned on disc and fovea" in said
    columns.setFocus()
    visits.desk.press(Qt.Key.Key_Left)
    visits.reply()
    # It was seen last, and stands for its visit.
    assert told() == ("Stage 0", "2 of 2")
    said = visits.timeline.pane.said.text()
    assert "With photograph 2 of 2 of 12 Mar 2024: aligned on disc and fovea" in said
    visits.desk.press(Qt.Key.Key_Right)
    visits.reply()
    assert shown(visits) == second.name
    visits.desk.press(Qt.Key.Key_Return)
    visits.reply()
    assert (shown(visits), *told()) == (first.name, "Stage 1", "1 of 2")


def test_nothing_is_said_of_the_other_eyes_view_once_it_is_closed(visits: Visits) -> None:
    visits.twice = {(DAYS[2], L)}
    visits.open(2)
    visits.desk.press(Qt.Key.Key_E)
    visits.reply()
    visits.desk.press(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    visits.reply()
    words = visits.timeline.aligned.words
    assert "OD: With 7 Jun 2023: " in words
    assert "OS: With photograph 1 of 2 of 7 Jun 2023: " in words
    visits.desk.press(Qt.Key.Key_E)
    visits.reply()
    visits.desk.qtbot.waitUntil(
        lambda: visits.timeline.aligned.words.startswith("With 7 Jun 2023: ")
    )


def test_regions_numbers_keep_off_the_words_about_what_is_new(visits: Visits) -> None:
    visits.open()
    photographs = visits.desk.window.photographs
    pane, layer = photographs.pane, visits.timeline.layers[0]
    assert layer.around in photographs.regions.keep_off
    assert pane.slice.update(pane.state, pane.devicePixelRatioF())
    words = layer.around(pane.slice).boxes[0].toAlignedRect()
    marked = pane.grab().toImage().copy(words)
    layer.marks = ()
    assert pane.grab().toImage().copy(words) != marked
    assert not layer.around(pane.slice).boxes


def test_words_about_what_is_new_run_neither_into_each_other_nor_over_marks_and_corners(
    visits: Visits,
) -> None:
    visits.open()
    photographs = visits.desk.window.photographs
    pane, layer = photographs.pane, visits.timeline.layers[0]
    wide, high = (side / pane.state.view.scale for side in (width_of("grown"), 40))
    layer.marks = tuple(
        ChangeMark(Fate.GROWN, (x, y, x + 8, y + 8))
        for x in np.arange(0, 900, wide)
        for y in np.arange(0, 600, high)
    )
    assert pane.slice.update(pane.state, pane.devicePixelRatioF())
    around = layer.around(pane.slice)
    assert len(around.boxes) > 5
    frames = [QPolygonF([QPointF(*at) for at in line]).boundingRect() for line in around.lines]
    for number, box in enumerate(around.boxes):
        others = [*around.boxes[:number], *frames, *pane.word_boxes()]
        assert not any(box.adjusted(-2, 0, 2, 0).intersects(other) for other in others)


def test_words_about_what_is_new_keep_off_the_fovea_and_regions_outlines(visits: Visits) -> None:
    visits.open()
    regions = visits.desk.window.photographs.regions
    pane, layer = visits.desk.window.photographs.pane, visits.timeline.layers[0]
    layer.marks = (ChangeMark(Fate.NEW, (420, 350, 440, 370)),)
    assert pane.slice.update(pane.state, pane.devicePixelRatioF())

    def word() -> QRectF:
        (found,) = layer.around(pane.slice).boxes
        return found

    beneath = word()
    origin, step = pane.slice.place(np.array([[0.0, 0, 0], [1, 0, 0]]))
    x, y = ((beneath.center().toTuple() - origin) / (step - origin)[0]).round().astype(int).tolist()
    regions.marks.place(fovea=(x, y))
    assert not word().intersects(beneath)
    regions.marks.as_found()
    assert word() == beneath
    regions.list.set_threshold(regions.list.threshold + 0.01)
    visits.desk.engine.give_regions(a_region(x - 5, y - 5, 10))
    assert not word().intersects(beneath)


def test_a_regions_number_is_legible_where_the_frame_of_a_new_one_crosses_it(
    visits: Visits,
) -> None:
    visits.open()
    photographs = visits.desk.window.photographs
    pane, layer, listed = photographs.pane, visits.timeline.layers[0], photographs.regions.list
    layer.marks = ()
    photographs.regions.keep_off.clear()
    listed.set_threshold(listed.threshold + 0.01)
    visits.desk.engine.give_regions(a_region(400, 150, 60))
    assert pane.slice.update(pane.state, pane.devicePixelRatioF())
    x, y = pane.slice.place(np.array([[460.0, 150, 0]]))[0].tolist()
    tag = QRectF(x + 3, y - 20, 17, 17).toRect()
    alone = pane.grab().toImage().copy(tag.adjusted(2, 2, -2, -2))
    layer.marks = (ChangeMark(Fate.NEW, (470, 130, 560, 220)),)
    assert pane.grab().toImage().copy(tag.adjusted(2, 2, -2, -2)) == alone


def test_words_about_what_is_new_are_whole_at_the_edges_of_a_view(visits: Visits) -> None:
    visits.open()
    pane, layer = visits.desk.window.photographs.pane, visits.timeline.layers[0]
    assert pane.slice.update(pane.state, pane.devicePixelRatioF())
    left, top = pane.slice.place(np.zeros((1, 3)))[0] / pane.state.view.scale
    right, bottom = 900 + left, 600 + top
    layer.marks = tuple(
        ChangeMark(Fate.NEW, (x - 4, y - 4, x + 4, y + 4))
        for x in (-left, 450, right)
        for y in (-top, 300, bottom)
    )
    boxes = layer.around(pane.slice).boxes
    assert len(boxes) > 2
    assert all(QRectF(pane.rect()).contains(box) for box in boxes)


def test_a_stage_that_is_not_read_yet_is_no_change_of_packs() -> None:
    stages, lesions = ("stages", "1.0.0", "a"), ("lesions", "1.0.0", "b")
    newer = ("stages", "1.1.0", "c")
    assert change_words([(None, lesions)], (stages, lesions)) == ""
    assert change_words([(stages, lesions), (None, lesions)], (newer, lesions)) == (
        "pack 1.0.0 → 1.1.0"
    )


def test_an_expected_stage_s_interval_whose_ends_read_alike_is_told_as_in_the_panel() -> None:
    sure = replace(a_stage_answer(), expected_stage=0.11, interval=Interval(0.09, 0.14))
    assert Cell(1, stage=sure).lines == ("Expected 0.1", "(0.1 throughout)")
    assert "0.1 throughout" in expected_words(sure)


@pytest.mark.parametrize(
    ("low", "lines"),
    [
        (0.66, ("78\N{THIN SPACE}% (66 to 87\N{THIN SPACE}%)",)),
        (0.98, ("over 99\N{THIN SPACE}%", "(98 to over 99\N{THIN SPACE}%)")),
        (0.995, ("over 99\N{THIN SPACE}%", "(throughout)")),
    ],
)
def test_a_columns_probability_is_never_cut(
    qapp: QApplication, low: float, lines: tuple[str, ...]
) -> None:
    probability, high = (0.78, 0.87) if low < 0.9 else (0.999, 1.0)
    cell = Cell(1, referable=an_answer(probability=probability, low=low, high=high))
    assert referable_lines(cell) == lines
    metrics = QFontMetricsF(lettering.font(tokens.SECOND))
    room = [CELL - 8 - 46 - 16, CELL - 8 - 46]
    assert all(
        metrics.horizontalAdvance(line) <= most for line, most in zip(lines, room, strict=False)
    )


def test_of_two_files_with_one_content_no_comparison_is_asked(visits: Visits) -> None:
    visits.days, visits.eyes, visits.copies = DAYS[2:], (R,), True
    visits.silent = {"ask stage", "ask stage ahead"}
    visits.open()
    assert visits.timeline.block.eyes[0].said.text() == "OD: both are the same photograph."
    assert visits.desk.engine.count("compare visits") == 0


def test_of_one_photograph_at_two_visits_the_window_tells_no_change(visits: Visits) -> None:
    visits.days, visits.same = DAYS[2:], True
    visits.open()
    eye = visits.timeline.block.eyes[0]
    assert eye.said.text() == "OD: both are the same photograph."
    assert not eye.counts.isVisible()
    assert visits.timeline.layers[0].marks == ()
    assert visits.timeline.pane.columns.columns[-1].cells[R].new == 0


def test_every_line_of_a_column_has_its_own_room(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits.open()
    columns = visits.timeline.pane.columns
    sure = an_answer(probability=0.999, low=0.995, high=1.0)
    told = {"stage": a_stage_answer(), "referable": sure, "regions": 12, "new": 3}
    whole = Cell(2, hidden=False, **told)
    read = replace(whole, reader=Reader(4, signed=True))
    hidden = Cell(2, hidden=True, reader=Reader(1, signed=False))
    cells = [{R: whole, L: read}, {R: hidden, L: whole}]
    columns.show_columns([Column(None, "", each) for each in cells], (R, L))
    columns.resize(columns.minimumSize())
    written: list[tuple[float, float, str]] = []
    write, ring = columns._write, columns._paint_reader

    def note(painter, x: float, y: float, words: str, *how) -> None:
        written.append((x, y, words))
        write(painter, x, y, words, *how)

    def note_ring(painter, x: float, y: float, cell: Cell) -> None:
        written.append((x, y, cell.reader.words))
        ring(painter, x, y, cell)

    monkeypatch.setattr(columns, "_write", note)
    monkeypatch.setattr(columns, "_paint_reader", note_ring)
    columns.grab()
    words = [word for _, _, word in written]
    assert words.count("photograph 1 of 2") == 4
    assert (words.count("(throughout)"), words.count("12 regions, 3 new")) == (3, 3)
    assert (words.count("read"), words.count("draft")) == (1, 1)
    for number in range(2):
        left = columns.places[number].left
        lines = sorted({y for x, y, _ in written if left <= x < left + CELL})
        assert all(below - above >= 14 for above, below in pairwise(lines))
        assert lines[-1] + 4 <= 2 * columns.row_height


def test_where_no_eye_is_known_the_window_says_why_nothing_is_compared(visits: Visits) -> None:
    visits.eyes_known, visits.eyes = False, (R,)
    visits.open()
    block = visits.timeline.block
    assert block.isVisible()
    said = block.eyes[0].said.text()
    assert said.startswith("Eye not known: not compared. Say which eye it is")
    assert "Neither file, table nor disc tells which eye" in visits.timeline.pane.said.text()


def test_an_eye_that_only_the_disc_tells_has_its_own_row_and_is_compared(visits: Visits) -> None:
    visits.eyes_known, visits.eyes, visits.disc = False, (R,), R
    visits.open()
    assert visits.timeline.pane.columns.eyes == (R,)
    assert visits.timeline.block.eyes[0].said.text().startswith("OD: 81 %")


def test_the_words_over_the_picture_have_the_eye_of_the_table_as_the_row_has(
    visits: Visits,
) -> None:
    visits.eyes_known, visits.eyes, visits.tabled = False, (L,), R
    visits.open(eye=L, press=False)
    pane = visits.desk.window.photographs.pane
    assert pane.state.captions.laterality is None
    visits.desk.press(Qt.Key.Key_T)
    visits.reply()
    told = pane.state.captions
    assert (told.laterality, told.eye_from) == (R, "from the visits' table")
    assert visits.timeline.pane.columns.eyes == (R,)
    assert "tells which eye" not in visits.timeline.pane.said.text()


def test_visits_are_compared_in_the_eye_in_force(visits: Visits) -> None:
    visits.eyes_known, visits.eyes, visits.tabled, visits.days = False, (R,), R, DAYS[2:]
    visits.open()
    asked = visits.desk.engine.last("compare visits").what
    assert (asked["earlier"].eye, asked["later"].eye) == (R, R)


def test_visits_are_compared_by_disc_and_fovea_as_the_reader_placed_them(visits: Visits) -> None:
    visits.days, visits.eyes = DAYS[2:], (R,)
    visits.open()
    before = visits.desk.engine.last("compare visits").what
    assert (before["later"].disc, before["later"].fovea) == (None, None)
    visits.desk.window.photographs.regions.marks.place(disc=DISC, fovea=(300.0, 310.0))
    visits.reply()
    asked = visits.desk.engine.last("compare visits").what
    assert (asked["later"].disc, asked["later"].fovea) == (DISC, (300.0, 310.0))
    assert asked["earlier"].disc is None
    assert visits.timeline.block.eyes[0].counts.text() == "1 new region, 1 gone."
    # As found again: what was told of them then is told without asking.
    count = len(visits.desk.engine.said.asked)
    visits.desk.window.photographs.regions.marks.as_found()
    visits.reply()
    assert len(visits.desk.engine.said.asked) == count
    click_column(visits, 0)
    click_column(visits, 1)
    visits.doubt = "In one of them the fovea is not where it should be."
    visits.desk.window.photographs.regions.marks.place(fovea=(10.0, 10.0))
    visits.reply()
    assert visits.doubt in visits.timeline.pane.said.text()


def test_where_disc_and_table_differ_the_row_keeps_to_the_table_and_the_words_say_it(
    visits: Visits,
) -> None:
    visits.eyes_known, visits.eyes, visits.tabled, visits.disc = False, (R,), R, L
    visits.open()
    told = visits.desk.window.photographs.pane.state.captions
    assert (told.laterality, told.doubt) == (R, "In doubt: the disc lies as in a left eye.")
    assert visits.timeline.pane.columns.eyes == (R,)


def test_arrows_go_on_where_a_disc_is_found_while_a_photograph_opens(visits: Visits) -> None:
    visits.open()
    columns = visits.timeline.pane.columns
    columns.setFocus()
    visits.silent = {"open", "open ahead"}
    visits.desk.press(Qt.Key.Key_Left)
    visits.desk.window.photographs.both.eyes.changed.emit()
    visits.silent = set()
    visits.reply()
    assert shown(visits) == f"{DAYS[-2]}_OD.png"
    assert QApplication.focusWidget() is columns


def test_a_disc_that_was_lost_to_a_stopped_engine_is_looked_for_once_that_is_started(
    visits: Visits,
) -> None:
    visits.eyes_known, visits.eyes, visits.disc, visits.days = False, (R,), R, DAYS[2:]
    visits.silent = {"landmarks"}
    visits.open()
    engine = visits.desk.engine
    engine.state_changed.emit(EngineState.OFF, "")
    for asked in [each for each in engine.said.asked if each.kind == "landmarks"]:
        visits.answered.add(asked.id)
        engine.refuse(asked, "Disc and fovea were not looked for.", "The engine is off.", "")
    assert visits.timeline.pane.columns.eyes == (None,)
    visits.silent = set()
    engine.state_changed.emit(EngineState.READY, "")
    visits.reply()
    assert visits.timeline.pane.columns.eyes == (R,)


def test_a_disc_that_is_found_leaves_the_columns_where_a_hand_left_them(visits: Visits) -> None:
    visits.days, visits.eyes = tuple(f"{2004 + year}-03-12" for year in range(12)), (R,)
    visits.silent = {"compare visits", "regions"}
    visits.open()
    bar = visits.timeline.pane.findChild(QScrollArea).horizontalScrollBar()
    assert bar.value() > 0  # the newest visit is in sight
    bar.setValue(0)
    visits.desk.window.photographs.both.eyes.changed.emit()
    visits.reply()
    assert bar.value() == 0


def test_an_ungradable_visit_is_an_empty_column_and_is_not_compared(visits: Visits) -> None:
    visits.ungradable = {f"{DAYS[2]}_OS.png"}
    visits.days = DAYS[2:]
    visits.open()
    cell = visits.timeline.pane.columns.columns[0].cells[L]
    assert (cell.headline, cell.lines) == ("Ungradable:", ("retake or refer",))
    said = visits.timeline.block.eyes[1].said.text()
    assert said == "OS: no comparison. The picture of 7 Jun 2023 was ungradable."


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
