"""Layers over a photograph: corners, circles, outlines and heatmaps."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QImage, QPainter

from engine.answers import Criterion, Heatmap
from engine.geometry import Circle, place, scaling
from engine.pictures import Laterality
from engine.telling.words import criterion_sign
from viewer.layers.captions import Captions, corners
from viewer.layers.outline import dashes, draw_circle
from viewer.panels.heatmap import CRITERIA
from viewer.panes.state import PaneState
from viewer.seen.heatmap import HeatmapLayer, visible_part

CAPTIONS = Captions("eye.jpg", Laterality.LEFT, "retinopathy-first 0.1.0", Criterion.PI)

DOUBT = "In doubt: the visits' table says a right eye."


def _corners(**changes):
    parts = {"zoom": 0.33, "heatmap": True, "hidden": False, "red_free": False, "texts": True}
    return corners(CAPTIONS, **(parts | changes))


def test_the_corners_name_eye_pack_criterion_and_key() -> None:
    found = _corners()
    assert found.top_left == ("eye.jpg", "OS  left eye")
    assert found.top_right == (
        "retinopathy-first 0.1.0", "Heatmap: hue-constrained (π)", "Hold S to hide",
    )  # fmt: skip
    assert found.bottom_left == ("Zoom 33\N{NARROW NO-BREAK SPACE}%",)


@pytest.mark.parametrize("criterion", list(Criterion))
def test_every_criterion_is_named_in_the_corner_and_in_the_chooser(criterion: Criterion) -> None:
    named = corners(
        replace(CAPTIONS, criterion=criterion),
        zoom=1.0, heatmap=True, hidden=False, red_free=False, texts=True,
    ).top_right[1]  # fmt: skip
    assert criterion_sign(criterion) in named
    name, meaning = CRITERIA[criterion]
    assert criterion_sign(criterion) in name
    assert meaning.endswith(".")


def test_which_eye_it_is_never_goes() -> None:
    found = _corners(texts=False)
    assert (found.top_left, found.top_right, found.bottom_left) == (("OS  left eye",), (), ())


def test_no_corner_has_more_than_three_lines() -> None:
    found = _corners(red_free=True, hidden=True)
    assert max(map(len, (found.top_left, found.top_right, found.bottom_left))) <= 3


def test_a_hidden_heatmap_is_said_to_be_hidden() -> None:
    assert "Heatmap hidden" in _corners(hidden=True).top_right


def _points(circle: Circle, size: QSizeF) -> np.ndarray:
    starts, _ = dashes(circle, size)
    turned = np.stack([np.cos(starts), np.sin(starts)], axis=1)
    return circle.radius * turned + (circle.x, circle.y)


def test_only_the_arc_in_the_view_is_drawn_of_a_huge_circle() -> None:
    points = _points(Circle(-39000.0, 400.0, 39500.0), QSizeF(1000, 800))
    assert 110 < len(points) < 140
    assert points[:, 0] == pytest.approx(500, abs=5)
    assert points[:, 1].min() < 0 and points[:, 1].max() > 793


def test_a_circle_beyond_the_view_is_not_drawn() -> None:
    assert not _points(Circle(500, 400, 5000), QSizeF(1000, 800)).size
    assert not _points(Circle(-900, 400, 100), QSizeF(1000, 800)).size


@pytest.mark.parametrize("angle", range(0, 360, 30))
def test_an_arc_covers_the_view_wherever_the_circle_lies(angle: int) -> None:
    turn = np.radians(angle)
    circle = Circle(500 + 9000 * np.cos(turn), 400 + 9000 * np.sin(turn), 9000.0)
    points = _points(circle, QSizeF(1000, 800))
    assert np.hypot(*(points - (500, 400)).T).min() < 7
    steps = np.hypot(*np.diff(points, axis=0).T)
    assert steps == pytest.approx(6.6, abs=0.1)


def test_dashes_stay_in_place_while_the_view_moves() -> None:
    still = _points(Circle(-8500.0, 400.0, 9000.0), QSizeF(1000, 800))
    moved = _points(Circle(-8500.0, 389.0, 9000.0), QSizeF(1000, 800))
    gaps = np.abs(moved[:, None] + (0, 11) - still).sum(axis=2).min(axis=1)
    assert np.median(gaps) < 1e-6


def test_an_outline_is_the_models_dashes_over_black(qtbot) -> None:
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    image.fill(0xFFB46428)
    painter = QPainter(image)
    draw_circle(painter, Circle(150, 150, 100), QRectF(0, 0, 300, 300), QSizeF(300, 300))
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(300, 300, 4)[..., 2::-1].astype(int)
    angles = np.radians(np.arange(0, 360, 0.5))
    at = np.rint(149.5 + 100 * np.array([np.sin(angles), np.cos(angles)])).astype(int)
    ring = pixels[at[0], at[1]]
    azure = (ring[:, 2] > 150).mean()
    assert 0.4 < azure < 0.75
    assert (ring.sum(axis=1) < 200).mean() > 0.15


def test_a_value_is_that_of_the_map_on_the_photographs_grid() -> None:
    values = np.random.default_rng(1).random((30, 40), np.float32)
    heatmap = Heatmap(values, scaling(7.3, 12.1, 30.7), (400, 500))
    layer = HeatmapLayer.of(heatmap)
    whole = place(layer.values, heatmap.way_back, heatmap.picture_shape)
    for x, y in ((12, 31), (100, 200), (287, 200), (9, 28), (300, 245)):
        assert layer.value_at(x, y) == pytest.approx(whole[y, x], abs=1e-5)
    assert layer.value_at(7, 28) is None
    assert layer.value_at(100, 300) is None


def test_a_map_of_zeros_shows_nothing() -> None:
    layer = HeatmapLayer.of(Heatmap(np.zeros((9, 9), np.float32), scaling(5, 0, 0), (50, 50)))
    assert layer.sample(scaling(1, 0, 0), (50, 50)) is None


def test_the_visible_part_holds_the_pixels_whose_centres_lie_in_the_frame() -> None:
    rows, columns = visible_part((-0.5, -0.5, 9.5, 4.5), scaling(3.0, 10.2, -4.0), (30, 100))
    assert (rows, columns) == (slice(0, 10), slice(9, 30))


def test_nothing_is_visible_of_a_frame_beside_the_view() -> None:
    rows, _ = visible_part((0, 0, 5, 5), scaling(2.0, 0, -400.0), (30, 30))
    assert rows.start == rows.stop


def test_a_narrow_view_tells_whose_word_the_eye_is_and_nothing_twice() -> None:
    captions = Captions(
        "a photograph with quite a long name, second visit.png", Laterality.LEFT, "first 1.0.0",
        Criterion.PI, 3.0, "from the file's name", linked=True,
    )  # fmt: skip
    shown = {"zoom": 0.37, "heatmap": True, "hidden": False, "red_free": False, "texts": True}
    wide, narrow = corners(captions, **shown), corners(captions, **shown, narrow=True)
    assert wide.top_left[1] == "OS  left eye   from the file's name"
    assert narrow.top_left[1:] == ("OS  left eye", "from the file's name")
    assert len(narrow.top_left[0]) <= 36
    assert narrow.bottom_left == ("Zoom 37\N{NARROW NO-BREAK SPACE}%   linked",)


@pytest.mark.parametrize("wide", [230.0, 300.0, 480.0, 900.0])
@pytest.mark.parametrize("high", [110.0, 170.0, 204.0, 210.0, 400.0])
@pytest.mark.parametrize("criterion", [Criterion.LESIONS, Criterion.PI_PHOTOGRAPH])
def test_in_a_narrow_view_no_line_runs_into_another_over_an_edge_or_into_the_legend(
    wide: float, high: float, criterion: Criterion
) -> None:
    captions = Captions(
        "photographs_of_the_second_visit_left.png", Laterality.LEFT, linked=True,
        eye_from="from the DICOM header", doubt=DOUBT,
    )  # fmt: skip
    heatmap = Heatmap(np.ones((9, 9), np.float32), scaling(5, 0, 0), (50, 50), chance=True)
    size = QSizeF(wide, high)
    state = PaneState(captions=replace(captions, criterion=criterion), heatmap=heatmap)
    boxes = state.word_boxes(size)
    assert len(boxes) == 4 or high < 400
    assert state.legend_on(size) is not None or high < 210
    assert DOUBT in " ".join(state.corners(size).top_left)
    for box in boxes:
        assert QRectF(0, 0, wide, high).contains(box)
        assert not any(box.intersects(other) for other in boxes if other is not box)
