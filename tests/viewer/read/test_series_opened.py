"""A folder's series in the window: opened, listed, chosen, gone through, and what was not read."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from series_desk import FOLDER, ONE, TWO, open_series, pane_of
from window_desk import Desk, a_photograph, a_series

from engine.listing import RefusedFile
from engine.pictures import GreyWindow
from viewer.panels.pages import NotReadPage
from viewer.panels.parts import Button
from viewer.panels.rows import NoticeRow
from viewer.volumes.studies import Side


def test_a_folder_with_one_series_is_shown_and_has_the_keys(desk: Desk) -> None:
    open_series(desk, ONE)
    assert desk.window.shows_volume
    assert pane_of(desk).isVisible()
    assert QApplication.focusWidget() is pane_of(desk)
    assert desk.window.windowTitle() == "2 Lung – LesionLens"


def test_several_series_are_a_list_and_none_is_opened_by_itself(desk: Desk) -> None:
    open_series(desk, ONE, TWO)
    volumes = desk.window.volumes
    assert volumes.list.isVisible()
    assert desk.engine.count("volume") == 0
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Return)
    assert desk.engine.last("volume").what["series"].key == "two"
    desk.engine.give_volume(entry=TWO)
    assert pane_of(desk).isVisible()
    assert volumes.rail.isVisible()


def test_series_of_two_patients_are_said_to_be_so(desk: Desk) -> None:
    other = a_series("other", "1 Head", patient="Other^Person")
    open_series(desk, ONE, other)
    assert "of 2 patients" in desk.window.volumes.list._detail.text()


def test_a_step_goes_to_the_next_series(desk: Desk) -> None:
    open_series(desk, ONE, TWO)
    desk.window.volumes.choose("one")
    desk.engine.give_volume(entry=ONE)
    desk.press(Qt.Key.Key_Right)
    assert desk.engine.last("volume").what["series"].key == "two"
    assert desk.place() == "1 of 2"
    desk.engine.give_volume(entry=TWO)
    assert desk.place() == "2 of 2"


def test_a_photograph_takes_the_place_of_a_volume_and_back(desk: Desk) -> None:
    open_series(desk, ONE)
    desk.open_and_answer()
    assert not desk.window.shows_volume
    assert desk.window.photographs.pane.isVisible()
    assert desk.window.photographs.model_block.isVisible()
    open_series(desk, TWO)
    assert desk.window.shows_volume
    assert desk.window.presenter.picture is None
    assert not desk.window.photographs.model_block.isVisible()
    assert desk.window.volumes.series_block.isVisible()


def test_a_photograph_of_the_list_goes_the_photographs_way(desk: Desk) -> None:
    open_series(desk, ONE, a_photograph("eye"))
    desk.window.volumes.choose("eye")
    assert desk.engine.last("open").what["path"].name == "eye.jpg"


def test_files_that_cannot_be_read_are_a_row_and_nothing_is_lost(desk: Desk) -> None:
    open_series(desk, ONE)
    desk.window.open(Path("/data/broken.dcm"))
    asked = desk.engine.last("find")
    desk.engine.refuse(asked, "“broken.dcm” cannot be opened.", "It is cut.", "Copy it again.")
    assert desk.window.shows_volume
    rows = desk.window.rows.findChildren(NoticeRow)
    assert any("broken.dcm" in row.title.text() for row in rows)


def test_every_file_that_was_not_read_can_be_seen_with_its_reason(desk: Desk) -> None:
    desk.window.open(FOLDER)
    files = [RefusedFile(f"/data/study/{n}.dcm", f"“{n}.dcm” is cut.") for n in range(12)]
    desk.engine.give_listing(ONE, TWO, refused=files)
    (row,) = desk.window.rows.findChildren(NoticeRow)
    (button,) = (each for each in row.findChildren(Button) if each.text() == "Show all")
    button.click()
    page = desk.window.findChild(NotReadPage)
    words = [label.text() for label in page.findChildren(QLabel)]
    assert all(file.reason in words for file in files)


def test_who_opens_one_slice_is_told_of_the_series_and_opens_all_of_it(desk: Desk) -> None:
    desk.window.open(FOLDER / "7.dcm")
    desk.engine.give_listing(replace(ONE, pictures=1), rest=str(FOLDER))
    desk.engine.give_volume(entry=ONE)
    (row,) = desk.window.rows.findChildren(NoticeRow)
    assert row.title.text() == "1 picture was opened; more of its series lie in the same folder."
    (button,) = (each for each in row.findChildren(Button) if each.text().strip() == "Open folder")
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert desk.engine.last("find").what["paths"] == (FOLDER,)
    desk.engine.give_listing(ONE)
    desk.qtbot.waitUntil(lambda: not desk.window.rows.findChildren(NoticeRow))


def test_closing_a_row_by_a_click_leaves_the_keys_with_the_list(desk: Desk) -> None:
    desk.window.open(FOLDER)
    desk.engine.give_listing(ONE, TWO, refused=[RefusedFile("/data/study/x", "“x” is cut.")])
    held = QApplication.focusWidget()
    (row,) = desk.window.rows.findChildren(NoticeRow)
    close = row.findChildren(Button)[-1]
    desk.qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert held is not None
    assert QApplication.focusWidget() is held


def test_a_volume_that_is_still_read_is_shown_and_stays_when_it_is_whole(desk: Desk) -> None:
    desk.window.open(FOLDER)
    desk.engine.give_listing(ONE)
    desk.engine.begin_volume(entry=ONE)
    pane = pane_of(desk)
    assert pane.has_state
    assert pane.state.volume.read is not None
    desk.press(Qt.Key.Key_2)
    desk.engine.give_volume(entry=ONE)
    assert pane.state.volume.read is None
    assert pane.state.display.window == GreyWindow(-600, 1500, "Lung")
    assert set(desk.window.volumes.studies.shown) == {Side.LEFT}


def test_the_tool_bar_of_the_least_window_is_not_cut(desk: Desk) -> None:
    desk.window.resize(1280, 800)
    open_series(desk, ONE)
    bar = desk.window.read_page.tools
    assert bar.sizeHint().width() <= bar.width()


def test_the_least_window_stays_as_it_is_with_several_series(desk: Desk) -> None:
    desk.window.resize(1280, 800)
    open_series(desk, ONE, TWO)
    desk.window.volumes.choose("one")
    desk.engine.give_volume(entry=ONE)
    bar = desk.window.read_page.tools

    def fits() -> bool:
        shown = [each for each in bar.findChildren(QToolButton) if each.isVisible()]
        ends = [each.mapTo(bar, QPoint(each.width(), 0)).x() for each in shown]
        whole = all(each.width() >= each.sizeHint().width() for each in shown)
        return whole and max(ends) <= bar.width()

    desk.qtbot.waitUntil(fits)
    assert desk.window.width() == 1280
