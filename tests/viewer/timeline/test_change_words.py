"""What is new and gone since the visit before: marked, told, and legible."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPolygonF
from PySide6.QtWidgets import QApplication
from stage_desk import a_stage_answer
from visits_desk import DAYS, L, R, Visits, click_column, shown
from window_desk import a_region, an_answer

from engine.answers import Interval
from engine.telling.stage_words import expected_words
from engine.visits.change import Fate
from viewer.layers.over_text import width_of
from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.timeline.columns import CELL, referable_lines
from viewer.timeline.face import Cell, Column, Reader
from viewer.timeline.marks import ChangeMark
from viewer.timeline.packs import change_words


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
        (0.66, ("78\N{NARROW NO-BREAK SPACE}% (66 to 87\N{NARROW NO-BREAK SPACE}%)",)),
        (0.98, ("over 99\N{NARROW NO-BREAK SPACE}%", "(98 to over 99\N{NARROW NO-BREAK SPACE}%)")),
        (0.995, ("over 99\N{NARROW NO-BREAK SPACE}%", "(throughout)")),
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
