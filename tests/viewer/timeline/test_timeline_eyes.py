"""Which eye a visit shows, and what is compared by it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QScrollArea
from visits_desk import DAYS, L, R, Visits, click_column, shown

from engine.geometry import Circle
from viewer.client.engine import EngineState

DISC = Circle(620.0, 290.0, 45.0)


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
