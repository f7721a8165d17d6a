"""Regions' numbers and words over a photograph keep off all other words."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter
from region_desk import LANDMARKS, picture_at
from window_desk import Desk, a_region

from engine.answers import Criterion, Look
from engine.service.messages import RegionFound
from viewer.layers import eye_marks
from viewer.layers.around import Around
from viewer.layers.captions import Corners, corner_boxes, draw_corners
from viewer.layers.legend import Legend, draw_legend, legend_box

SIZE = QSizeF(900, 500)
LINES = Corners(("eye.png", "OD  right eye"), ("a pack", "Heatmap: lesions", "S"), ("Zoom",))
LEGENDS = [
    Legend(Criterion.LESIONS, Look(0.7, 0.1, "azure"), 1.0, (90, 50, 30), chance=True),
    Legend(Criterion.RELEVANCE, Look(0.7, 0.1, "azure"), 3.2, (90, 90, 90), signed=True),
]


def seen(desk: Desk, *found: RegionFound) -> QImage:
    """The view with these regions alone: the map is cut anew."""
    listed = desk.window.photographs.regions.list
    listed.set_threshold(listed.threshold + 0.01)
    desk.engine.give_regions(*found)
    return desk.window.photographs.pane.grab().toImage()


@pytest.fixture
def answered(desk: Desk) -> Desk:
    desk.open_and_answer()
    desk.engine.give_landmarks(LANDMARKS)
    return desk


def test_a_lesion_s_words_keep_off_the_fovea_s(answered: Desk) -> None:
    at = picture_at(answered, *(LANDMARKS.fovea or (0, 0)))
    word = QRectF(at.x() + 6, at.y() - 28, 34, 14).toRect()
    left = 400.0
    alone = seen(answered).copy(word)
    with_lesion = seen(answered, a_region(left, 285, 20, kind="hard exudate"))
    assert with_lesion.copy(word) == alone
    tag = picture_at(answered, left + 20, 285)
    beside = QRectF(tag.x() - 110, tag.y() - 20, 100, 17).toRect()
    assert with_lesion.copy(beside) != seen(answered).copy(beside)


def test_the_fovea_is_not_named_over_the_words_in_a_corner(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr(eye_marks, "draw_line", lambda _, at, words, **kind: written.append(words))
    desk.open_and_answer()
    pane = desk.window.photographs.pane
    corner, first = pane.word_boxes()[0].center(), picture_at(desk, 0, 0)
    scale = (picture_at(desk, 500, 0).x() - first.x()) / 500
    below = (corner.x() - first.x()) / scale, (corner.y() + 20 - first.y()) / scale
    desk.engine.give_landmarks(replace(LANDMARKS, fovea=below))
    pane.grab()
    assert set(written) == {"disc"}


def test_a_number_goes_where_nothing_else_is_said_to_stand(answered: Desk) -> None:
    regions = answered.window.photographs.regions
    at = picture_at(answered, 460, 150)
    tag = QRectF(at.x() + 3, at.y() - 20, 17, 17)
    bare = seen(answered).copy(tag.toRect())
    assert seen(answered, a_region(400, 150, 60)).copy(tag.toRect()) != bare
    regions.keep_off.append(lambda _: Around([tag]))
    assert seen(answered, a_region(400, 150, 60)).copy(tag.toRect()) == bare


def test_a_number_beside_other_words_stands_apart_from_them(answered: Desk) -> None:
    at = picture_at(answered, 460, 150)
    tag = QRectF(at.x() + 3, at.y() - 20, 17, 17)
    bare = seen(answered).copy(tag.toRect())
    word = QRectF(tag.left() - 60, tag.top(), 56, 17)  # it ends 4 px before the number
    answered.window.photographs.regions.keep_off.append(lambda _: Around([word]))
    assert seen(answered, a_region(400, 150, 60)).copy(tag.toRect()) == bare


def test_a_name_that_is_not_written_keeps_no_room(desk: Desk) -> None:
    desk.open_and_answer()
    regions, pane = desk.window.photographs.regions, desk.window.photographs.pane
    corner, first = pane.word_boxes()[0].center(), picture_at(desk, 0, 0)
    scale = (picture_at(desk, 500, 0).x() - first.x()) / 500
    below = (corner.x() - first.x()) / scale, (corner.y() + 20 - first.y()) / scale
    desk.engine.give_landmarks(replace(LANDMARKS, disc=None))
    assert pane.slice.update(pane.state, pane.devicePixelRatioF())
    assert len(regions.around(pane.slice).boxes) == 2  # the fovea's cross and its name
    desk.press(Qt.Key.Key_Right)
    regions.marks.place(fovea=below)
    assert len(regions.around(pane.slice).boxes) == 1


def test_o_takes_the_words_of_lesions_away_and_not_their_numbers(answered: Desk) -> None:
    named, bare = a_region(200, 150, 30, kind="haemorrhage"), a_region(200, 150, 30)
    assert seen(answered, named) != seen(answered, bare)
    answered.press(Qt.Key.Key_O)
    assert seen(answered, named) == seen(answered, bare)
    assert seen(answered, bare) != seen(answered)


def ink(paint: Callable[[QPainter], None]) -> NDArray[np.intp]:
    """The places (n, 2), x and y, that are painted."""
    image = QImage(round(SIZE.width()), round(SIZE.height()), QImage.Format.Format_RGBA8888)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint(painter)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return np.argwhere(pixels[..., 3] > 128)[:, ::-1]


def outside(places: NDArray[np.intp], boxes: list[QRectF]) -> int:
    """How many places lie in none of the boxes; letters' halos reach a pixel beyond."""
    grown = [box.adjusted(-2, -2, 2, 2) for box in boxes]
    return sum(not any(box.contains(*place) for box in grown) for place in places.tolist())


def test_the_corners_words_stand_in_their_boxes() -> None:
    places = ink(lambda painter: draw_corners(painter, SIZE, LINES))
    assert len(places) > 500
    assert outside(places, corner_boxes(SIZE, LINES)) == 0


@pytest.mark.parametrize("legend", LEGENDS, ids=["chance", "signed"])
def test_the_legend_stands_in_its_box(legend: Legend) -> None:
    places = ink(lambda painter: draw_legend(painter, SIZE, legend))
    assert len(places) > 500
    assert outside(places, [legend_box(SIZE, legend)]) == 0
