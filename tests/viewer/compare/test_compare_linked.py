"""Views that are compared: zoomed and read together, swiped, blacked out, written."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from compare_desk import CONTROL, MARKED, answer_all, colour, page, place_on, view
from hand_desk import drag, wheel
from PySide6.QtCore import QPoint, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QFileDialog
from window_desk import Desk

from engine import own_mark
from engine.pictures import Laterality
from viewer.compare import paint

SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_zooming_one_view_zooms_all_to_the_same_pixel(compare: Desk) -> None:
    panes = [each.pane for each in page(compare).shown]
    wheel(panes[1], 3, at=place_on(panes[1], MARKED))
    assert panes[1].zoom > 1.5 * panes[1].state.view.fit_scale
    for pane in panes:
        assert pane.state.view == panes[1].state.view
        assert place_on(pane, MARKED) == place_on(panes[1], MARKED)


def test_dragging_one_view_moves_all_and_l_lets_each_go_by_itself(compare: Desk) -> None:
    panes = [each.pane for each in page(compare).shown]
    wheel(panes[0], 3, at=(50, 50))
    compare.press(Qt.Key.Key_L)
    still = panes[1].state.view
    drag(panes[2], (100, 100), (140, 120))
    assert panes[2].state.view != still
    assert panes[1].state.view == still
    compare.press(Qt.Key.Key_L)
    assert panes[1].state.view == panes[2].state.view


def test_the_strip_tells_every_value_under_the_pointer(compare: Desk) -> None:
    answer_all(compare)
    pane = page(compare).shown[0].pane
    x, y = place_on(pane, MARKED)
    compare.qtbot.mouseMove(pane, QPoint(x - 3, y))
    compare.qtbot.mouseMove(pane, QPoint(x, y))
    said = compare.window.strip.pointer
    compare.qtbot.waitUntil(lambda: "ω 1.00   π 1.00   LRP +1.00" in said.text())
    assert view(compare, "π").pane.marks.at is not None
    assert pane.marks.at is None


def test_s_held_hides_all_heatmaps_and_g_held_shows_all_red_free(compare: Desk) -> None:
    answer_all(compare)
    panes = [each.pane for each in page(compare).shown]
    assert QApplication.focusWidget() is panes[0]
    compare.qtbot.keyPress(panes[0], Qt.Key.Key_S)
    assert {colour(pane, MARKED) for pane in panes} == {(190, 90, 40)}
    compare.qtbot.keyRelease(panes[0], Qt.Key.Key_S)
    compare.qtbot.waitUntil(lambda: colour(panes[1], MARKED) != (190, 90, 40))
    compare.qtbot.keyPress(panes[1], Qt.Key.Key_G)
    assert {colour(pane, (300, 350)) for pane in panes} == {(90, 90, 90)}
    compare.qtbot.keyRelease(panes[1], Qt.Key.Key_G)
    compare.qtbot.waitUntil(lambda: colour(panes[1], (300, 350)) == (190, 90, 40))


@pytest.fixture
def swipe(compare: Desk) -> Iterator[Desk]:
    """The bare picture left of the line, pi right of it."""
    answer_all(compare)
    compare.press(Qt.Key.Key_E, SHIFT)
    page(compare).swipe.left.chosen.emit(0)
    yield compare


def test_left_and_right_of_the_line_lie_two_maps(swipe: Desk) -> None:
    pane = page(swipe).swipe.pane
    x, _ = place_on(pane, MARKED)
    pane.move_line((x + 40) / pane.width())
    assert colour(pane, MARKED) == (190, 90, 40)
    pane.move_line((x - 40) / pane.width())
    red, _, blue = colour(pane, MARKED)
    assert blue > red


def test_the_line_is_dragged_and_alt_with_arrows_moves_it(swipe: Desk) -> None:
    pane = page(swipe).swipe.pane
    wide, middle = pane.width(), pane.height() // 2
    before = pane.state.view
    drag(pane, (wide // 2 + 3, middle), (wide // 4, middle))
    assert pane.line == pytest.approx(0.25, abs=0.01)
    assert pane.state.view == before
    swipe.press(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert pane.line == pytest.approx(0.30, abs=0.01)


def test_a_whole_picture_stays_whole_from_one_layout_to_the_other(swipe: Desk) -> None:
    assert page(swipe).swipe.pane.state.view.is_fitted
    swipe.press(Qt.Key.Key_E, SHIFT)
    assert all(each.pane.state.view.is_fitted for each in page(swipe).shown)


def test_the_strongest_evidence_is_blacked_out_first_and_the_bare_picture_stays(
    compare: Desk,
) -> None:
    answer_all(compare)
    page(compare).bar.removed.setValue(100)
    pane = view(compare, "π").pane
    compare.qtbot.waitUntil(lambda: pane.removed is not None)
    assert colour(pane, MARKED) == (0, 0, 0)
    assert colour(pane, (300, 350)) == (190, 90, 40)
    assert colour(page(compare).shown[0].pane, MARKED) == (190, 90, 40)


def test_what_was_removed_can_be_shown_alone(compare: Desk) -> None:
    answer_all(compare)
    pane = view(compare, "π").pane
    page(compare).bar.removed.setValue(100)
    compare.press(Qt.Key.Key_R, SHIFT)
    compare.qtbot.waitUntil(lambda: pane.removed is not None)
    assert colour(pane, MARKED) != (0, 0, 0)
    page(compare).bar.removed.setValue(0)
    assert colour(pane, MARKED) == (0, 0, 0)


def test_the_figure_has_the_views_as_they_are_seen_and_the_strip(
    compare: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer_all(compare)
    to = tmp_path / "figure.png"
    proposed: list[str] = []

    def choose(_: object, __: object, usual: str, *___: object) -> tuple[str, str]:
        proposed.append(usual)
        return str(to), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    compare.press(Qt.Key.Key_E, CONTROL)
    shown = compare.window.presenter.picture.path
    assert proposed == [str(shown.with_name(f"{shown.stem} comparison.png"))]
    compare.qtbot.waitUntil(to.exists, timeout=10000)
    compare.qtbot.waitUntil(lambda: "Saved as figure.png" in compare.words())
    assert own_mark.is_on(to)
    drawn = cv2.imread(str(to))[..., ::-1].astype(int)
    pane = view(compare, "π").pane
    place = pane.mapTo(page(compare).grid, QPoint(*place_on(pane, MARKED)))
    assert drawn.shape[1] == pytest.approx(2 * page(compare).grid.width(), abs=8)
    head = page(compare).shown[0].header.height()
    rows = place.y() // (head + pane.height())
    x, y = 2 * place.x(), 2 * (place.y() - (rows + 1) * (head - 32))
    assert np.abs(drawn[y, x] - colour(pane, MARKED)).max() <= 6
    assert (drawn[-6, -6] > 200).all()


def test_in_a_very_low_view_a_legend_leaves_which_eye_it_is_alone(
    compare: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_all(compare)
    drawn: list[QSizeF] = []
    monkeypatch.setattr(paint, "draw_legend", lambda _, size, *__, **___: drawn.append(size))
    pane = view(compare, "π").pane
    state = replace(pane.state, captions=replace(pane.state.captions, laterality=Laterality.RIGHT))
    painter = QPainter(image := QImage(400, 400, QImage.Format.Format_RGB32))
    sizes = [QSizeF(400, 80), QSizeF(240, 80), QSizeF(240, 200)]
    for size in sizes:
        paint.draw_marks(painter, size, state, pane.marks, 1.0)
    painter.end()
    assert not image.isNull()
    assert drawn == [sizes[0], sizes[2]]
