"""What the list, the rail and the panel tell of a series."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QLabel
from series_desk import ONE, open_series, pane_of
from window_desk import Desk, a_series

from engine.pictures import FrameAxis, Repair, RepairKind
from engine.service.messages import Part
from viewer.layers.slice_words import slice_words
from viewer.panels.pages import RepairsPage
from viewer.panels.series import detail_words
from viewer.panels.series_rail import title_lines
from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.volumes.studies import WHOLE


def test_frames_have_a_selector(desk: Desk) -> None:
    diffusion = a_series("dwi", "Diffusion", frames=("b 50", "b 400"), frame_axis=FrameAxis.B_VALUE)
    open_series(desk, diffusion)
    block = desk.window.volumes.series_block
    assert block.frame.isVisible()
    assert [block.frame.itemText(n) for n in range(block.frame.count())] == ["b 50", "b 400"]
    block.frame.activated.emit(1)
    assert pane_of(desk).state.plane.frame == 1


def test_the_list_of_series_counts_time_points() -> None:
    times = tuple(f"time {number}" for number in range(1, 31))
    said = detail_words(a_series(frames=times, frame_axis=FrameAxis.TIME))
    assert said == "CT · 64 × 48 · 600 pictures · every 5 mm · 30 time points · 2 Feb 2024"


def test_the_panel_says_of_a_part_how_many_pictures_the_whole_has(desk: Desk) -> None:
    open_series(desk, ONE)
    shown, block = desk.window.volumes.shown, desk.window.volumes.series_block
    for part, said in ((WHOLE, "voxels, 20 pictures"), (Part(3), "voxels, a part of 20 pictures")):
        block.show_series(replace(shown, wanted=replace(shown.wanted, part=part)))
        assert said in block._detail.text().replace("\N{NO-BREAK SPACE}", " ")


def test_repairs_are_told_in_the_panel_and_on_the_export(desk: Desk) -> None:
    mended = Repair(RepairKind.TILT, "The gantry was tilted by 14 degrees.")
    entry = a_series("tilted", "Tilted", repairs=(mended,))
    open_series(desk, entry)
    words = [label.text() for label in desk.window.volumes.series_block.findChildren(QLabel)]
    assert any("14 degrees" in text for text in words)
    desk.window.volumes.view.repairs_asked.emit(0)
    page = desk.window.findChild(RepairsPage)
    assert any("14 degrees" in label.text() for label in page.findChildren(QLabel))
    repaired, origin = desk.window.read_page.exports._notes()
    assert repaired == "Read with 1 repair"
    assert origin.startswith("Volume dddddddd, exported ")


def test_long_reasons_are_not_squeezed_into_their_page(desk: Desk) -> None:
    repairs = [Repair(RepairKind.TILT, "The gantry was tilted. " * 12)] * 6
    desk.window.pages.show_repairs("Tilted", tuple(repairs))
    page = desk.window.findChild(RepairsPage)
    desk.qtbot.waitExposed(page)
    for words in page.findChildren(QLabel):
        assert words.height() >= words.heightForWidth(words.width())


def test_frames_of_time_are_called_frames_in_the_panel_as_in_the_corner(desk: Desk) -> None:
    frames = ("time 1", "time 2")
    open_series(desk, a_series("film", "Film", frames=frames, frame_axis=FrameAxis.TIME))
    block = desk.window.volumes.series_block
    assert block._axis.text() == "Frame"
    assert [block.frame.itemText(n) for n in range(2)] == ["1", "2"]
    assert slice_words(pane_of(desk).state).endswith("Frame 1 / 2")


def test_a_date_and_a_name_in_the_panel_are_not_broken_over_two_lines(desk: Desk) -> None:
    mended = Repair(RepairKind.SEVERAL_PER_POSITION, "Frame “b 400” lies 3 mm off.")
    entry = a_series("dwi", "Diffusion", repairs=(mended,))
    open_series(desk, replace(entry, origin=replace(entry.origin, study_date="20110707")))
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
