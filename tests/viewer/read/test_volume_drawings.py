"""What is drawn on a volume: undone, kept, listed and saved."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hand_desk import drag
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from series_desk import FOLDER, ONE, open_series, pane_of
from window_desk import Desk, a_series

from engine.drawings import Distance, Rectangle
from engine.pictures import FrameAxis
from viewer.seen.hanging import Axis


def test_a_length_is_drawn_by_key_and_mouse_undone_and_done_again(desk: Desk) -> None:
    open_series(desk, ONE)
    pane = pane_of(desk)
    x, y = pane.rect().center().toTuple()
    desk.press(Qt.Key.Key_M)
    drag(pane, (x, y), (x + 100, y))
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
    open_series(desk, ONE)
    pane = pane_of(desk)
    x, y = pane.rect().center().toTuple()
    desk.press(Qt.Key.Key_M)
    drag(pane, (x, y), (x + 60, y + 20))
    desk.qtbot.waitUntil(lambda: "draft saved" in desk.window.strip.said.whole)
    desk.open_and_answer()
    open_series(desk, ONE)
    marking = desk.window.volumes.drawings.marking
    desk.qtbot.waitUntil(lambda: len(marking.all_of(pane_of(desk).state.volume)) == 1)


def test_drawings_in_the_other_planes_are_told_of(desk: Desk) -> None:
    open_series(desk, ONE)
    pane = pane_of(desk)
    desk.press(Qt.Key.Key_M)
    drag(pane, (200, 200), (300, 220))
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
    open_series(desk, a_series("dwi", "Diffusion", frames=frames, frame_axis=FrameAxis.B_VALUE))
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


def test_what_was_drawn_on_a_volume_is_saved_with_its_figures_and_no_name(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = desk.window.actions_.by_name["save-regions"]
    open_series(desk, replace(ONE, origin=replace(ONE.origin, series_uid="1.2.3")))
    assert not action.isEnabled()
    assert action.text() == "Save drawings as JSON…"
    volume = pane_of(desk).state.volume
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
    open_series(desk, ONE)
    volume = pane_of(desk).state.volume
    drawings = desk.window.volumes.drawings
    box = Rectangle(id="b", points=((1.0, 1.0, 2.0), (4.0, 3.0, 2.0)))
    drawings.marking.add(volume, box)
    mean = round(float(volume.values[0, 2, 1:4, 1:5].mean()))
    words = drawings.block._list.item(0).text()
    assert words.endswith(f"mm², mean {mean} HU".replace("-", "\N{MINUS SIGN}"))
