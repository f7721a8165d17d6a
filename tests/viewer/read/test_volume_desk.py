"""Volumes in the window: opened, chosen, read by mouse and key, drawn on, exported."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hand_desk import hover
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QToolButton
from window_desk import Desk, a_photograph, a_series

from engine import own_mark
from engine.drawings import Distance, Ellipse, Rectangle
from engine.listing import RefusedFile, SeriesEntry
from engine.pictures import FrameAxis, GreyWindow, Repair, RepairKind, grid_of
from engine.service.messages import Part, TooMuch
from viewer.layers.slice_words import series_line, slice_words
from viewer.panels.pages import NotReadPage, RepairsPage
from viewer.panels.parts import Button
from viewer.panels.rows import NoticeRow
from viewer.panels.series import detail_words
from viewer.panels.series_rail import title_lines
from viewer.panes.slice_pane import SlicePane
from viewer.seen.arrangement import Layout
from viewer.seen.cut import reached
from viewer.seen.display import Projection
from viewer.seen.hanging import Axis
from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.volumes.studies import WHOLE, Side

FOLDER = Path("/data/study")
ONE = a_series("one", "2 Lung")
TWO = a_series("two", "3 Soft tissue")


def _open(desk: Desk, *entries: SeriesEntry) -> None:
    """A folder with these series; one alone is opened."""
    desk.window.open(FOLDER)
    desk.engine.give_listing(*entries)
    if len(entries) == 1:
        desk.engine.give_volume(entry=entries[0])


def _pane(desk: Desk) -> SlicePane:
    return desk.window.volumes.view.active


def _drag(desk: Desk, pane: SlicePane, start: QPoint, end: QPoint) -> None:
    desk.qtbot.mousePress(pane, Qt.MouseButton.LeftButton, pos=start)
    for part in (0.25, 0.5, 0.75, 1.0):
        at = start + (end - start) * part
        desk.qtbot.mouseMove(pane, at)
    desk.qtbot.mouseRelease(pane, Qt.MouseButton.LeftButton, pos=end)


def test_a_folder_with_one_series_is_shown_and_has_the_keys(desk: Desk) -> None:
    _open(desk, ONE)
    assert desk.window.shows_volume
    assert _pane(desk).isVisible()
    assert QApplication.focusWidget() is _pane(desk)
    assert desk.window.windowTitle() == "2 Lung – LesionLens"


def test_several_series_are_a_list_and_none_is_opened_by_itself(desk: Desk) -> None:
    _open(desk, ONE, TWO)
    volumes = desk.window.volumes
    assert volumes.list.isVisible()
    assert desk.engine.count("volume") == 0
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Return)
    assert desk.engine.last("volume").what["series"].key == "two"
    desk.engine.give_volume(entry=TWO)
    assert _pane(desk).isVisible()
    assert volumes.rail.isVisible()


def test_series_of_two_patients_are_said_to_be_so(desk: Desk) -> None:
    other = a_series("other", "1 Head", patient="Other^Person")
    _open(desk, ONE, other)
    assert "of 2 patients" in desk.window.volumes.list._detail.text()


def test_a_step_goes_to_the_next_series(desk: Desk) -> None:
    _open(desk, ONE, TWO)
    desk.window.volumes.choose("one")
    desk.engine.give_volume(entry=ONE)
    desk.press(Qt.Key.Key_Right)
    assert desk.engine.last("volume").what["series"].key == "two"
    assert desk.place() == "1 of 2"
    desk.engine.give_volume(entry=TWO)
    assert desk.place() == "2 of 2"


def test_digits_are_windows_on_a_volume_and_letters_reach_its_view(desk: Desk) -> None:
    _open(desk, ONE)
    desk.press(Qt.Key.Key_4)
    assert desk.window.volumes.view.display.window.width == 1800
    desk.press(Qt.Key.Key_I)
    assert desk.window.volumes.view.display.inverted
    before = _pane(desk).state.plane.index
    desk.press(Qt.Key.Key_Down)
    assert abs(_pane(desk).state.plane.index - before) == 1


def test_held_keys_show_the_whole_range_and_go_back(desk: Desk) -> None:
    _open(desk, ONE)
    pane = _pane(desk)
    desk.qtbot.keyPress(pane, Qt.Key.Key_G)
    assert pane.state.plain
    desk.qtbot.keyRelease(pane, Qt.Key.Key_G)
    assert not pane.state.plain


def test_what_is_for_photographs_is_not_offered_over_a_volume(desk: Desk) -> None:
    _open(desk, ONE)
    actions = desk.window.actions_.by_name
    assert not actions["heatmap"].isVisible()
    assert actions["tool-window"].isVisible()
    desk.open_and_answer()
    assert actions["heatmap"].isVisible()
    assert not actions["tool-window"].isVisible()


def test_three_planes_come_back_for_the_same_kind_of_study(desk: Desk) -> None:
    _open(desk, ONE)
    desk.press(Qt.Key.Key_E)
    assert desk.window.volumes.view.arrangement.layout is Layout.THREE
    other = a_series("head", "5 Head")
    head = replace(other, origin=replace(other.origin, body_part="HEAD"))
    _open(desk, head)
    desk.window.volumes.view.set_layout(Layout.ONE)
    _open(desk, TWO)
    assert desk.window.volumes.view.arrangement.layout is Layout.THREE


def test_a_length_is_drawn_by_key_and_mouse_undone_and_done_again(desk: Desk) -> None:
    _open(desk, ONE)
    pane = _pane(desk)
    middle = pane.rect().center()
    desk.press(Qt.Key.Key_M)
    _drag(desk, pane, middle, middle + QPoint(100, 0))
    volume = pane.state.volume
    marking = desk.window.volumes.drawings.marking
    [drawing] = marking.all_of(volume)
    expected = 100 / (pane.state.plane.scale / pane.ratio)
    words = marking.lines(pane.state, drawing)[0]
    assert float(words.split(" ")[0]) == pytest.approx(expected, abs=1.0)
    assert desk.window.volumes.drawings.block._list.count() == 1
    control = Qt.KeyboardModifier.ControlModifier
    desk.press(Qt.Key.Key_Z, control)
    assert marking.all_of(volume) == ()
    desk.press(Qt.Key.Key_Z, control, Qt.KeyboardModifier.ShiftModifier)
    assert marking.all_of(volume) == (drawing,)
    desk.qtbot.waitUntil(lambda: "draft saved" in desk.window.strip.said.whole)


def test_drawings_come_back_when_the_series_is_opened_again(desk: Desk) -> None:
    _open(desk, ONE)
    pane = _pane(desk)
    middle = pane.rect().center()
    desk.press(Qt.Key.Key_M)
    _drag(desk, pane, middle, middle + QPoint(60, 20))
    desk.qtbot.waitUntil(lambda: "draft saved" in desk.window.strip.said.whole)
    desk.open_and_answer()
    _open(desk, ONE)
    marking = desk.window.volumes.drawings.marking
    desk.qtbot.waitUntil(lambda: len(marking.all_of(_pane(desk).state.volume)) == 1)


def test_a_photograph_takes_the_place_of_a_volume_and_back(desk: Desk) -> None:
    _open(desk, ONE)
    desk.open_and_answer()
    assert not desk.window.shows_volume
    assert desk.window.photographs.pane.isVisible()
    assert desk.window.photographs.model_block.isVisible()
    _open(desk, TWO)
    assert desk.window.shows_volume
    assert desk.window.presenter.picture is None
    assert not desk.window.photographs.model_block.isVisible()
    assert desk.window.volumes.series_block.isVisible()


def test_a_photograph_of_the_list_goes_the_photographs_way(desk: Desk) -> None:
    _open(desk, ONE, a_photograph("eye"))
    desk.window.volumes.choose("eye")
    assert desk.engine.last("open").what["path"].name == "eye.jpg"


def test_two_series_stand_side_by_side_linked_where_they_share_space(desk: Desk) -> None:
    shared = [
        replace(entry, facts=replace(entry.facts, frame_of_reference="1.2.3"))
        for entry in (ONE, TWO)
    ]
    _open(desk, *shared)
    volumes = desk.window.volumes
    volumes.choose("one")
    desk.engine.give_volume(entry=shared[0])
    volumes.choose_beside("two")
    desk.engine.give_volume(entry=shared[1])
    view = volumes.view
    assert view.arrangement.layout is Layout.BESIDE
    _pane(desk).step(3)
    one, other = (view.volume(side) is not None for side in (0, 1))
    assert one
    assert other
    states = [view.panes[side, 2].state for side in (0, 1)]
    assert states[0].cross == pytest.approx(states[1].cross)
    assert "patient position" in states[1].link


def test_too_much_for_the_memory_offers_every_nth_slice(desk: Desk) -> None:
    _open(desk, ONE, TWO)
    desk.window.volumes.choose("one")
    asked = desk.engine.last("volume")
    desk.engine.too_much.emit(TooMuch(asked.id, 9_000_000_000, 4_000_000_000, 3))
    page = desk.window.volumes.too_much
    assert page.isVisible()
    assert page._title.text().endswith("does not fit into memory")
    assert "takes 9.0 GB; 4.0 GB are free on this computer." in page._why.text()
    desk.click(page._every)
    assert desk.engine.last("volume").what["part"].step == 3
    assert not page.isVisible()


def test_a_part_is_weighed_with_what_any_part_takes(desk: Desk) -> None:
    _open(desk, ONE, TWO)
    desk.window.volumes.choose("one")
    asked = desk.engine.last("volume")
    desk.engine.too_much.emit(TooMuch(asked.id, 9 * 10**9, 4 * 10**9, 3, fixed=3 * 10**9))
    page = desk.window.volumes.too_much
    first, last = page._ends[2]
    last.setValue(last.maximum() // 2)
    assert page._weight.text() == "takes 6.0 GB, still too much"
    first.setValue(last.value() - 1)
    assert page._weight.text() == "takes 3.6 GB"
    assert page._part.isEnabled()
    desk.click(page._part)
    box = desk.engine.last("volume").what["part"].box
    assert box[4:] == (8, 10)
    # Less was free than had been told: it is weighed against what was asked for.
    again = desk.engine.last("volume")
    desk.engine.too_much.emit(TooMuch(again.id, 36 * 10**8, 35 * 10**8, 2, fixed=3 * 10**9))
    assert page._weight.text() == "takes 9.0 GB, still too much"
    desk.click(page._every)
    part = desk.engine.last("volume").what["part"]
    assert (part.step, part.box) == (2, box)


def test_where_no_part_fits_none_is_offered(desk: Desk) -> None:
    _open(desk, ONE, TWO)
    desk.window.volumes.choose("one")
    asked = desk.engine.last("volume")
    desk.engine.too_much.emit(TooMuch(asked.id, 9 * 10**9, 4 * 10**9, 0, fixed=8 * 10**9))
    page = desk.window.volumes.too_much
    assert "It takes 9.0 GB, and any part of it 8.0 GB; 4.0 GB are free" in page._why.text()
    assert "Nothing was read." in page._why.text()
    shown = [each for each in (page._every, page._part, page._or) if each.isVisible()]
    assert shown == []
    assert not any(box.isVisible() for ends in page._ends for box in ends)
    assert page._stop.hasFocus()
    desk.click(page._stop)
    assert not page.isVisible()


def test_too_much_for_the_disk_names_the_disk(desk: Desk) -> None:
    _open(desk, ONE, TWO)
    desk.window.volumes.choose("one")
    asked = desk.engine.last("volume")
    desk.engine.too_much.emit(TooMuch(asked.id, 9_000_000_000, 4_000_000_000, 3, "/small/cache"))
    page = desk.window.volumes.too_much
    assert page._title.text().endswith("does not fit onto the disk")
    assert "the disk of /small/cache, where open pictures lie, has 4.0 GB" in page._why.text()
    assert page._why.height() >= page._why.heightForWidth(page._why.width())
    boxes = [first for first, _ in page._ends]
    assert all(one.geometry().bottom() < next_.y() for one, next_ in pairwise(boxes))


def test_frames_have_a_selector(desk: Desk) -> None:
    diffusion = a_series("dwi", "Diffusion", frames=("b 50", "b 400"), frame_axis=FrameAxis.B_VALUE)
    _open(desk, diffusion)
    block = desk.window.volumes.series_block
    assert block.frame.isVisible()
    assert [block.frame.itemText(n) for n in range(block.frame.count())] == ["b 50", "b 400"]
    block.frame.activated.emit(1)
    assert _pane(desk).state.plane.frame == 1


def test_the_list_of_series_counts_time_points() -> None:
    times = tuple(f"time {number}" for number in range(1, 31))
    said = detail_words(a_series(frames=times, frame_axis=FrameAxis.TIME))
    assert said == "CT · 64 × 48 · 600 pictures · every 5 mm · 30 time points · 2 Feb 2024"


def test_the_panel_says_of_a_part_how_many_pictures_the_whole_has(desk: Desk) -> None:
    _open(desk, ONE)
    shown, block = desk.window.volumes.shown, desk.window.volumes.series_block
    for part, said in ((WHOLE, "voxels, 20 pictures"), (Part(3), "voxels, a part of 20 pictures")):
        block.show_series(replace(shown, wanted=replace(shown.wanted, part=part)))
        assert said in block._detail.text().replace("\N{NO-BREAK SPACE}", " ")


def test_repairs_are_told_in_the_panel_and_on_the_export(desk: Desk) -> None:
    mended = Repair(RepairKind.TILT, "The gantry was tilted by 14 degrees.")
    entry = a_series("tilted", "Tilted", repairs=(mended,))
    _open(desk, entry)
    words = [label.text() for label in desk.window.volumes.series_block.findChildren(QLabel)]
    assert any("14 degrees" in text for text in words)
    desk.window.volumes.view.repairs_asked.emit(0)
    page = desk.window.findChild(RepairsPage)
    assert any("14 degrees" in label.text() for label in page.findChildren(QLabel))
    repaired, origin = desk.window.read_page.exports._notes()
    assert repaired == "Read with 1 repair"
    assert origin.startswith("Volume dddddddd, exported ")


def test_a_copy_carries_the_strip_and_no_name(desk: Desk) -> None:
    _open(desk, ONE)
    desk.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    image = QGuiApplication.clipboard().image()
    view = desk.window.volumes.view
    assert image.width() == view.grab().width()
    assert image.height() > view.grab().height()
    assert view.arrangement.names


def test_a_saved_picture_is_what_is_seen_with_the_strip(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _open(desk, ONE)
    to = tmp_path / "seen.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(to), ""))
    desk.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    desk.qtbot.waitUntil(to.exists)
    view = desk.window.volumes.view
    assert own_mark.is_on(to)
    image = QImage(str(to))
    assert image.width() == view.grab().width()
    assert image.height() > view.grab().height()
    rows = desk.window.rows
    desk.qtbot.waitUntil(
        lambda: [row.title.text() for row in rows.findChildren(NoticeRow)] == ["Saved as seen.png."]
    )


def test_a_picture_that_leaves_shows_nothing_of_the_hand(desk: Desk) -> None:
    _open(desk, ONE)
    pane, exports = _pane(desk), desk.window.read_page.exports
    marking, volume = desk.window.volumes.drawings.marking, pane.state.volume
    z = float(pane.state.plane.index)
    marking.add(volume, Ellipse(id="a", points=((1.0, 1.0, z), (4.0, 4.0, z))))
    marking.choose(volume, None)
    bare, plain = exports.draw(), pane.grab().toImage()
    marking.choose(volume, marking.all_of(volume)[0])
    hover(pane, (pane.width() // 2, pane.height() // 2))
    assert pane.grab().toImage() != plain
    assert exports.draw() == bare
    assert not pane.state.printed


def test_names_can_be_kept_off_the_screen(desk: Desk) -> None:
    _open(desk, ONE)
    assert _pane(desk).state.names
    desk.window.preferences.change(hide_names=True)
    assert not _pane(desk).state.names


def test_escape_drops_the_tool(desk: Desk) -> None:
    _open(desk, ONE)
    desk.press(Qt.Key.Key_M)
    assert desk.window.volumes.tool_name == "distance"
    desk.press(Qt.Key.Key_Escape)
    assert desk.window.volumes.tool_name == "crosshair"


def test_files_that_cannot_be_read_are_a_row_and_nothing_is_lost(desk: Desk) -> None:
    _open(desk, ONE)
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


def test_long_reasons_are_not_squeezed_into_their_page(desk: Desk) -> None:
    repairs = [Repair(RepairKind.TILT, "The gantry was tilted. " * 12)] * 6
    desk.window.pages.show_repairs("Tilted", tuple(repairs))
    page = desk.window.findChild(RepairsPage)
    desk.qtbot.waitExposed(page)
    for words in page.findChildren(QLabel):
        assert words.height() >= words.heightForWidth(words.width())


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
    pane = _pane(desk)
    assert pane.has_state
    assert pane.state.volume.read is not None
    desk.press(Qt.Key.Key_2)
    desk.engine.give_volume(entry=ONE)
    assert pane.state.volume.read is None
    assert pane.state.display.window == GreyWindow(-600, 1500, "Lung")
    assert set(desk.window.volumes.studies.shown) == {Side.LEFT}


def test_the_tool_bar_of_the_least_window_is_not_cut(desk: Desk) -> None:
    desk.window.resize(1280, 800)
    _open(desk, ONE)
    bar = desk.window.read_page.tools
    assert bar.sizeHint().width() <= bar.width()


def test_the_least_window_stays_as_it_is_with_several_series(desk: Desk) -> None:
    desk.window.resize(1280, 800)
    _open(desk, ONE, TWO)
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


def test_two_patients_side_by_side_are_called_out(desk: Desk) -> None:
    other = a_series("other", "1 Head", patient="Other^Person")
    _open(desk, ONE, other)
    volumes = desk.window.volumes
    volumes.choose("one")
    desk.engine.give_volume(entry=ONE)
    volumes.choose_beside("other")
    desk.engine.give_volume(entry=other)
    for side in (0, 1):
        assert volumes.view.panes[side, 2].state.link.startswith("Two patients")


def test_a_series_laid_straight_keeps_place_and_frame(desk: Desk) -> None:
    diffusion = a_series("dwi", "Diffusion", frames=("b 50", "b 400"), frame_axis=FrameAxis.B_VALUE)
    _open(desk, diffusion)
    view = desk.window.volumes.view
    view.set_frame(1)
    view.go_to((10.0, 12.0, 4.0))
    desk.window.volumes.straighten()
    finer = replace(
        diffusion,
        facts=replace(diffusion.facts, grid=grid_of(np.diag([0.5, 0.5, 2.5, 1.0]), (128, 96, 40))),
    )
    desk.engine.give_volume(entry=finer)
    state = view.active.state
    assert state.plane.frame == 1
    assert state.cross == pytest.approx((20.0, 24.0, 8.0))


def test_drawings_in_the_other_planes_are_told_of(desk: Desk) -> None:
    _open(desk, ONE)
    pane = _pane(desk)
    desk.press(Qt.Key.Key_M)
    _drag(desk, pane, QPoint(200, 200), QPoint(300, 220))
    block = desk.window.volumes.drawings.block
    assert block._list.count() == 1 and not block._note.isVisible()
    desk.window.volumes.straighten()
    desk.engine.give_volume(entry=ONE, content="e")
    assert block._list.count() == 0
    assert block._note.text() == "1 drawing lies in the other planes (View, Straight planes)."
    desk.window.volumes.straighten()
    desk.engine.give_volume(entry=ONE)
    assert block._list.count() == 1 and not block._note.isVisible()


def test_nothing_is_said_to_be_drawn_before_it_is_known_whose_drawings_there_are(
    desk: Desk,
) -> None:
    desk.window.open(FOLDER)
    desk.engine.give_listing(ONE)
    desk.engine.begin_volume(entry=ONE)
    note = desk.window.volumes.drawings.block._note
    assert not note.isVisible()
    desk.engine.give_volume(entry=ONE)
    assert note.text() == "Nothing is drawn yet."


def test_the_list_of_drawings_says_plane_slice_and_frame(desk: Desk) -> None:
    frames = ("b 50", "b 400")
    _open(desk, a_series("dwi", "Diffusion", frames=frames, frame_axis=FrameAxis.B_VALUE))
    view, drawings = desk.window.volumes.view, desk.window.volumes.drawings
    volume = view.panes[0, Axis.Z].state.volume
    for name, axis, frame, ends in (
        ("a", 0, 1, ((7.0, 1.0, 1.0), (7.0, 5.0, 2.0))),
        ("b", 2, 0, ((1.0, 1.0, 1.0), (4.0, 5.0, 1.0))),
    ):
        drawings.marking.add(volume, Distance(id=name, points=ends, axis=axis, frame=frame))
    listed = [drawings.block._list.item(row).text() for row in range(2)]
    planes = [view.panes[0, axis].state.plane for axis in (Axis.X, Axis.Z)]
    sagittal, axial = planes[0].at_index(7).number, planes[1].at_index(1).number
    assert listed[0].startswith(f"Length, sagittal {sagittal}, b 400: ")
    assert listed[1].startswith(f"Length, axial {axial}, b 50: ")


def test_frames_of_time_are_called_frames_in_the_panel_as_in_the_corner(desk: Desk) -> None:
    frames = ("time 1", "time 2")
    _open(desk, a_series("film", "Film", frames=frames, frame_axis=FrameAxis.TIME))
    block = desk.window.volumes.series_block
    assert block._axis.text() == "Frame"
    assert [block.frame.itemText(n) for n in range(2)] == ["1", "2"]
    assert slice_words(_pane(desk).state).endswith("Frame 1 / 2")


def test_a_date_and_a_name_in_the_panel_are_not_broken_over_two_lines(desk: Desk) -> None:
    mended = Repair(RepairKind.SEVERAL_PER_POSITION, "Frame “b 400” lies 3 mm off.")
    entry = a_series("dwi", "Diffusion", repairs=(mended,))
    _open(desk, replace(entry, origin=replace(entry.origin, study_date="20110707")))
    labels = desk.window.volumes.series_block.findChildren(QLabel)
    told = "\n".join(label.text() for label in labels)
    for whole in ("7 Jul 2011", "“b 400”", "3 mm"):
        assert whole.replace(" ", "\N{NO-BREAK SPACE}") in told


def test_a_long_name_in_the_rail_says_that_it_is_cut(desk: Desk) -> None:
    font = lettering.font(tokens.SMALL_STRONG)
    lines = title_lines("5 Diffusion weighted, three directions, b 50 400 800 ADC", font, 112)
    assert len(lines) == 2 and lines[1].endswith("…")
    assert max(QFontMetricsF(font).horizontalAdvance(line) for line in lines) <= 112
    assert title_lines("3 Lung", font, 112) == ["3 Lung"]
    name = "6 ep2d_diff_tra_DYNDIST"
    assert "".join(title_lines(name, font, 112)) == name
    assert title_lines("3 Mediastinum, soft tissue", font, 112) == ["3 Mediastinum,", "soft tissue"]


def test_names_are_drawn_as_they_are(desk: Desk) -> None:
    label = QLabel("dcmqi_24x38x3", desk.window)
    label.ensurePolished()
    for font in (label.font(), lettering.font(tokens.BODY)):
        wide = QFontMetricsF(font).horizontalAdvance
        # The cross that a font may draw in its place is wider.
        assert wide("24x38") == pytest.approx(wide("24") + wide("x") + wide("38"))


def test_where_names_are_hidden_no_free_text_tells_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    series = a_series("erna", "2 Testfrau thorax 1mm", patient="Testfrau^Erna")
    _open(desk, series)
    volumes, window = desk.window.volumes, desk.window
    usual: list[str] = []
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *told: (usual.append(str(told[2])), ("", ""))[1]
    )
    assert "Testfrau" in window.windowTitle()
    desk.window.preferences.change(hide_names=True)
    assert window.windowTitle() == "2 thorax 1mm – LesionLens"
    assert series_line(_pane(desk).state) == "CT  2 thorax 1mm"
    assert volumes.series_block._title.text() == "2 thorax 1mm"
    told = volumes.model.item(0)
    assert "Testfrau" not in f"{told.text()} {told.toolTip()} {told.accessibleText()}"
    desk.window.preferences.change(hide_names=False)
    assert "Testfrau" in f"{window.windowTitle()} {volumes.series_block._title.text()}"
    desk.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert [Path(each).name for each in usual] == ["2 thorax 1mm annotated.png"]


def test_another_series_of_the_same_space_opens_at_the_crosshair(desk: Desk) -> None:
    tra = a_series("tra", "2 T2 tra", frame_of_reference="1.2")
    dwi = a_series("dwi", "3 DWI", size=(32, 24, 10), frame_of_reference="1.2")
    far = a_series("far", "4 Elsewhere", frame_of_reference="1.3")
    _open(desk, tra, dwi, far)
    volumes = desk.window.volumes
    volumes.choose("tra")
    desk.engine.give_volume(entry=tra)
    volumes.choose_beside("far")
    desk.engine.give_volume(entry=tra)
    volumes.view.go_to((7.0, 8.0, 2.0))
    volumes.choose("dwi")
    desk.engine.give_volume(entry=dwi)
    for side in (0, 1):
        assert volumes.view.panes[side, 2].state.cross == pytest.approx((7.0, 8.0, 2.0))
    volumes.choose("far")
    desk.engine.give_volume(entry=far)
    assert volumes.view.panes[0, 2].state.cross == (32.0, 24.0, 10.0)


def test_what_was_drawn_on_a_volume_is_saved_with_its_figures_and_no_name(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = desk.window.actions_.by_name["save-regions"]
    _open(desk, replace(ONE, origin=replace(ONE.origin, series_uid="1.2.3")))
    assert not action.isEnabled()
    assert action.text() == "Save drawings as JSON…"
    volume = _pane(desk).state.volume
    marking = desk.window.volumes.drawings.marking
    marking.add(volume, Distance(id="a", points=((1.0, 1.0, 2.0), (4.0, 1.0, 2.0))))
    marking.add(volume, Rectangle(id="b", points=((1.0, 1.0, 2.0), (4.0, 3.0, 2.0))))
    to = tmp_path / "drawn.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(to), ""))
    action.trigger()
    desk.qtbot.waitUntil(to.exists)
    content = to.read_text(encoding="utf-8")
    told = json.loads(content)
    assert told["volume"]["series_uid"] == "1.2.3"
    drawn, box = told["reader"]["drawings"]
    away = np.linalg.norm(np.subtract(*drawn["patient"]))
    assert drawn["measured"] == "length" and drawn["figures"]["unit"] == "mm"
    assert drawn["figures"]["value"] == pytest.approx(away) == 3 * told["volume"]["spacing"][0]
    across, down, _ = told["volume"]["spacing"]
    area = box["figures"]["area"]
    assert (area["value"], area["unit"]) == (pytest.approx(6 * across * down), "mm²")
    assert ONE.origin.patient_name and ONE.origin.patient_name not in content


def test_the_list_of_drawings_tells_a_regions_mean(desk: Desk) -> None:
    _open(desk, ONE)
    volume = _pane(desk).state.volume
    drawings = desk.window.volumes.drawings
    box = Rectangle(id="b", points=((1.0, 1.0, 2.0), (4.0, 3.0, 2.0)))
    drawings.marking.add(volume, box)
    mean = round(float(volume.values[0, 2, 1:4, 1:5].mean()))
    words = drawings.block._list.item(0).text()
    assert words.endswith(f"mm², mean {mean} HU".replace("-", "\N{MINUS SIGN}"))


def test_one_voxel_is_shown_on_one_screen_pixel_by_a_key(desk: Desk) -> None:
    _open(desk, ONE)
    pane = _pane(desk)
    assert pane.state.plane.is_fitted
    desk.press(Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert pane.state.plane.zoom == pytest.approx(1.0)


def test_alt_up_begins_a_slab_where_there_is_none(desk: Desk) -> None:
    _open(desk, ONE)
    alt = Qt.KeyboardModifier.AltModifier
    desk.press(Qt.Key.Key_Down, alt)
    assert _pane(desk).state.display.slab is None
    desk.press(Qt.Key.Key_Up, alt)
    slab = _pane(desk).state.display.slab
    assert slab is not None and slab.projection is Projection.MAXIMUM


def test_each_press_takes_other_slices_into_a_slab_or_changes_nothing(desk: Desk) -> None:
    _open(desk, ONE)
    actions = desk.window.actions_.by_name

    def after(name: str) -> int:
        actions[name].trigger()
        state = _pane(desk).state
        return len(reached(state.plane, state.display.slab))

    start = after("slab-maximum")
    thinner = [after("slab-thinner") for _ in range(6)]
    assert start >= thinner[0] and thinner[-1] == 1
    # After many presses beyond the end one press is enough to come back.
    thicker = [1, *(after("slab-thicker") for _ in range(9))]
    count = _pane(desk).state.plane.count
    assert all(later > sooner or later == count for sooner, later in pairwise(thicker))
    assert thicker[-1] == count
    assert after("slab-thinner") < count


def test_the_menu_calls_a_series_a_series(desk: Desk) -> None:
    actions = desk.window.actions_.by_name
    _open(desk, ONE, TWO)
    desk.window.volumes.choose("one")
    desk.engine.give_volume(entry=ONE)
    assert actions["next-picture"].text() == "Next series"
    desk.open_and_answer()
    assert actions["next-picture"].text() == "Next picture"
