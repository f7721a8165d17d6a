"""What a slice's view tells, and what can be typed on it."""

from dataclasses import replace

import numpy as np
import pytest
from hand_desk import (
    LEFT,
    click,
    hover,
    shot,
)
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from slice_desk import SIZE
from view_desk import place_of

from engine.pictures import Repair, RepairKind
from viewer.panes.slice_pane import SlicePane
from viewer.panes.typed_value import TypedValue
from viewer.seen.display import Projection, Slab


def test_the_pointer_reads_the_value_the_position_and_the_voxel(pane, qtbot) -> None:
    found = []
    pane.probed.connect(found.append)
    x, y = place_of(pane, (30, 20, 10))
    hover(pane, (x, y))
    probe = found[-1]
    assert probe.voxel == (30, 20, 10)
    assert probe.value == 30 + 100
    # The place itself, as a drawn point tells it, not the middle of its voxel.
    place = pane.state.plane.to_patient(np.array([[x, y]]) * pane.ratio - 0.5)[0]
    np.testing.assert_allclose(probe.position, place)
    assert not np.allclose(place, (-30 + 15, 12 + 16, 400 + 30))
    assert probe.lines()[0] == "130 HU" and probe.lines()[2] == "voxel 30, 20, 10"
    hover(pane, (2, 2))
    assert found[-1] is None


def test_in_a_slab_the_pointer_reads_what_is_shown_and_no_single_voxel(pane) -> None:
    found = []
    pane.probed.connect(found.append)
    x, y = place_of(pane, (30, 20, 10))
    slab = replace(pane.state.display, slab=Slab(Projection.MAXIMUM, 9.0))
    pane.show_state(replace(pane.state, display=slab))
    hover(pane, (x, y))
    lines = found[-1].lines()
    assert lines[0] == "maximum 230 HU"
    assert len(lines) == 2 and "voxel" not in " ".join(lines)


def test_a_pointer_that_keeps_still_reads_the_slice_that_comes_under_it(pane) -> None:
    found = []
    pane.probed.connect(found.append)
    x, y = place_of(pane, (30, 20, 10))
    hover(pane, (x, y))
    pane.first()
    shot(pane)
    assert found[-1].voxel == (30, 20, SIZE[2] - 1)


def _field(pane: SlicePane) -> TypedValue | None:
    return pane.findChild(TypedValue)


def test_a_click_on_the_window_lets_one_type_it(pane, qtbot) -> None:
    shot(pane)
    click(pane, (20, pane.height() - 10 - 16 - 6))
    field = _field(pane)
    assert field is not None
    field.selectAll()
    QTest.keyClicks(field, "W 1500 L -600")
    QTest.keyClick(field, Qt.Key.Key_Return)
    window = pane.state.display.window
    assert (window.width, window.centre) == (1500, -600)


def test_what_is_no_window_is_not_taken_and_escape_drops_it(pane) -> None:
    shot(pane)
    before = pane.state.display
    click(pane, (20, pane.height() - 10 - 16 - 6))
    field = _field(pane)
    assert field is not None
    for typed in ("lung", "0 40", "5"):
        field.selectAll()
        QTest.keyClicks(field, typed)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert field.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not field.isVisible()
    assert pane.state.display == before


def test_a_click_on_the_zoom_lets_one_type_it(pane) -> None:
    shot(pane)
    click(pane, (20, pane.height() - 10 - 6))
    field = _field(pane)
    assert field is not None
    field.selectAll()
    QTest.keyClicks(field, "250 %")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert pane.state.plane.zoom == pytest.approx(2.5)


def test_the_badge_counts_the_repairs_and_a_click_asks_for_them(pane, qtbot) -> None:
    badge = pane._badge
    assert not badge.isVisible()
    repairs = (Repair(RepairKind.TILT, "a"), Repair(RepairKind.UNITS, "b"))
    shown = pane.state.volume
    facts = replace(shown.facts, repairs=repairs)
    pane.show_state(replace(pane.state, volume=replace(shown, facts=facts)))
    assert badge.isVisible() and badge.text() == "Repairs: 2"
    assert badge.accessibleName() == "Repairs: 2"
    with qtbot.waitSignal(pane.repairs_asked):
        QTest.mouseClick(badge, LEFT)


def test_the_view_tells_itself_in_words(pane) -> None:
    words = pane.accessibleDescription()
    assert "Axial 10 / 20" in words
    assert "R at the left edge" in words
