"""A mask over a series in the window: laid, seen, hidden, refused, taken off."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel
from window_desk import Desk, a_series

from engine.listing import Origin, RefusedFile, SeriesEntry
from engine.pictures import VolumeFacts, grid_of
from engine.service.messages import TooMuch
from viewer.layers.slice_words import corner_words
from viewer.panels.rows import JobRow, NoticeRow
from viewer.seen.hanging import Axis
from viewer.volumes.studies import Side

ONE, TWO = a_series("one", "2 Lung"), a_series("two", "3 Labels")
MASK = replace(
    a_series("/data/Person lungs.nii.gz", "Person lungs.nii.gz"),
    facts=VolumeFacts(ONE.facts.grid),
    origin=Origin(),
)
LABELS = np.zeros((1, 20, 48, 64), np.uint8)
LABELS[0, 5:15, 10:30, 10:40] = 1
LABELS[0, 9:12, 20:25, 20:30] = 7


@pytest.fixture
def series(desk: Desk) -> Desk:
    """With one series open, and a second in its list."""
    desk.window.open(Path("/data/study"))
    desk.engine.give_listing(ONE, TWO)
    desk.window.volumes.choose("one")
    desk.engine.give_volume(entry=ONE)
    return desk


def choose(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lay a file over the series by the command."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (MASK.title, ""))
    desk.window.actions_.by_name["lay-mask"].trigger()


def lay(desk: Desk, monkeypatch: pytest.MonkeyPatch, entry: SeriesEntry = MASK) -> str:
    choose(desk, monkeypatch)
    desk.engine.give_listing(entry)
    file = desk.engine.give_volume(entry=entry, values=LABELS)
    desk.qtbot.waitUntil(lambda: file in desk.engine.said.released)
    return file


def said(desk: Desk) -> list[str]:
    rows = desk.window.findChildren(NoticeRow)
    return [f"{row.title.text()} {row.detail.text()}" for row in rows if row.isVisible()]


def jobs(desk: Desk) -> list[str]:
    """What is being laid."""
    rows = desk.window.findChildren(JobRow)
    return [row.title.text() for row in rows if row.isVisible() and "Laying" in row.title.text()]


def words(desk: Desk) -> list[str]:
    block = desk.window.volumes.masks.block
    return [label.text() for label in block.findChildren(QLabel) if label.isVisible()]


def test_a_mask_is_laid_over_all_planes_and_told_in_the_panel(
    series: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    volumes = series.window.volumes
    assert not volumes.masks.block.isVisible()
    lay(series, monkeypatch)
    for axis in Axis:
        overlay = volumes.view.panes[Side.LEFT, axis].state.shown_overlay
        assert overlay is volumes.masks.mask.overlay
    assert volumes.masks.block.isVisible()
    told = words(series)
    assert volumes.masks.block.name.accessibleDescription() == MASK.title
    for part in ("Label 1", "5,850 voxels", "29.2 ml", "Label 7", "150 voxels", "0.75 ml"):
        assert part in told
    assert jobs(series) == []


def test_a_mask_is_seen_in_its_own_colours_and_hidden_while_s_is_held(
    series: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane = series.window.volumes.view.active
    bare = pane.grab().toImage()
    lay(series, monkeypatch)
    tinted = pane.grab().toImage()
    middle = pane.rect().center()
    assert tinted.pixelColor(middle) != bare.pixelColor(middle)
    series.qtbot.keyPress(pane, Qt.Key.Key_S)
    assert pane.grab().toImage().pixelColor(middle) == bare.pixelColor(middle)
    series.qtbot.keyRelease(pane, Qt.Key.Key_S)
    series.qtbot.waitUntil(
        lambda: pane.grab().toImage().pixelColor(middle) == tinted.pixelColor(middle)
    )


def test_the_mask_is_taken_off_by_its_button(series: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(series, monkeypatch)
    volumes = series.window.volumes
    assert series.window.actions_.by_name["take-mask-off"].isEnabled()
    series.click(volumes.masks.block.off)
    assert volumes.masks.mask is None
    assert volumes.view.active.state.overlay is None
    assert not volumes.masks.block.isVisible()
    assert not series.window.actions_.by_name["take-mask-off"].isEnabled()


def test_its_opacity_goes_by_the_brackets(series: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    by_name, block = series.window.actions_.by_name, series.window.volumes.masks.block
    assert not by_name["opacity-up"].isEnabled()
    lay(series, monkeypatch)
    series.window.volumes.view.active.setFocus()
    series.press(Qt.Key.Key_BracketRight)
    assert block.opacity.value() == 77
    series.press(Qt.Key.Key_BracketLeft)
    series.press(Qt.Key.Key_BracketLeft)
    assert block.opacity.value() == 67
    assert series.window.volumes.view.active.state.look.opacity == pytest.approx(0.67)


def test_its_opacity_is_that_of_heatmaps(series: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(series, monkeypatch)
    volumes, preferences = series.window.volumes, series.window.preferences
    assert volumes.masks.block.opacity.value() == 72
    volumes.masks.block.opacity.setValue(40)
    assert preferences.settings.opacity == 0.4
    assert volumes.view.active.state.look.opacity == 0.4
    preferences.set_look(opacity=0.9)
    assert volumes.masks.block.opacity.value() == 90
    assert volumes.view.active.state.look.opacity == 0.9


def test_a_mask_on_another_grid_is_refused_and_the_one_before_stays(
    series: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(series, monkeypatch)
    before = series.window.volumes.masks.mask
    far = np.diag([1.0, 1.0, 5.0, 1.0])
    far[0, 3] = 30
    beside = replace(MASK, facts=VolumeFacts(grid_of(far, MASK.facts.grid.size)))
    lay(series, monkeypatch, beside)
    assert ["it lies 30.0 mm beside the series" in row for row in said(series)] == [True]
    assert series.window.volumes.masks.mask is before
    lay(series, monkeypatch)
    assert said(series) == []


def test_a_file_without_one_volume_is_refused(
    series: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(series, monkeypatch)
    series.engine.give_listing(refused=[RefusedFile("a.txt", "“a.txt” is a text.")])
    assert "“a.txt” is a text." in said(series)[0]
    choose(series, monkeypatch)
    series.engine.give_listing(ONE, TWO)
    assert "It holds 2 series, and one is wanted." in said(series)[0]
    choose(series, monkeypatch)
    series.engine.give_listing(MASK)
    asked = series.engine.last("volume")
    series.engine.too_much.emit(TooMuch(asked.id, 9 * 10**9, 4 * 10**9, 0))
    assert "It takes 9.0 GB; 4.0 GB are free." in said(series)[0]
    assert series.window.shows_volume
    assert series.window.volumes.view.active.state.overlay is None


def test_a_series_of_the_list_is_laid_over_another(series: Desk) -> None:
    series.window.volumes.rail.mask_wanted.emit("two")
    asked = series.engine.last("volume").what["series"]
    assert (asked.paths, asked.key) == (("/data/study",), "two")
    series.engine.begin_volume(entry=TWO)
    file = series.engine.give_volume(entry=TWO, values=LABELS)
    series.qtbot.waitUntil(lambda: file in series.engine.said.released)
    volumes = series.window.volumes
    assert volumes.masks.mask.overlay.name == "3 Labels"
    assert volumes.studies.shown[Side.LEFT].entry.key == "one"


def test_a_mask_goes_with_its_series(series: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(series, monkeypatch)
    series.window.volumes.choose("two")
    assert series.window.volumes.masks.mask is not None
    series.engine.give_volume(entry=TWO)
    assert series.window.volumes.masks.mask is None
    assert series.window.volumes.view.active.state.overlay is None
    assert not series.window.volumes.masks.block.isVisible()


def test_a_mask_that_is_overtaken_by_another_series_is_not_laid(
    series: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(series, monkeypatch)
    asked = series.engine.last("find")
    series.qtbot.waitUntil(lambda: jobs(series) == [f"Laying {MASK.title} over the series"])
    series.window.volumes.choose("two")
    series.engine.give_volume(entry=TWO)
    assert asked.id in series.engine.said.cancelled
    assert jobs(series) == []


def test_of_two_series_beside_each_other_the_active_one_has_the_mask(
    series: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    volumes = series.window.volumes
    lay(series, monkeypatch)
    volumes.choose_beside("two")
    series.engine.give_volume(entry=TWO)
    series.click(volumes.view.panes[Side.RIGHT, Axis.Z])
    assert volumes.view.active_side == Side.RIGHT
    assert not volumes.masks.block.isVisible()
    assert volumes.view.panes[Side.RIGHT, Axis.Z].state.overlay is None
    series.click(volumes.view.panes[Side.LEFT, Axis.Z])
    assert volumes.masks.block.isVisible()
    assert volumes.view.panes[Side.LEFT, Axis.Z].state.overlay is not None


def test_straight_planes_have_no_mask(series: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    volumes = series.window.volumes
    volumes.straighten()
    series.engine.give_volume(entry=ONE)
    count = series.engine.count("find")
    choose(series, monkeypatch)
    assert "Turn Straight planes off" in said(series)[0]
    assert series.engine.count("find") == count


def test_a_name_in_the_mask_s_file_name_is_hidden_with_the_patient_s(
    series: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(series, monkeypatch)
    volumes = series.window.volumes
    state = volumes.view.active.state
    assert corner_words(state, chief=True, pointed=()).top_right[0] == "Person lungs.nii.gz"
    series.window.preferences.change(hide_names=True)
    state = volumes.view.active.state
    assert corner_words(state, chief=True, pointed=()).top_right[0] == "lungs.nii.gz"
    assert volumes.masks.block.name.accessibleDescription() == "lungs.nii.gz"
    printed = replace(state, printed=True)
    assert corner_words(printed, chief=True, pointed=()).top_right == ("lungs.nii.gz",)
