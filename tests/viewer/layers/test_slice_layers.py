"""What lies over a slice: words, scale, rail and letters."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPainter
from slice_desk import SIZE, grid, state, volume

from engine.listing import Origin
from engine.pictures import FrameAxis, GreyWindow, Grid, Repair, RepairKind, grid_of
from engine.space import affine_of
from viewer.layers import scale_bar
from viewer.layers.corners import Typed, draw_corners, place_corners
from viewer.layers.crosshair import draw_crosshair
from viewer.layers.over_text import draw_line, width_of
from viewer.layers.slice_rail import is_on_rail, number_at
from viewer.layers.slice_words import (
    blank_words,
    corner_words,
    described,
    patient_line,
    place_words,
    slab_words,
    slice_words,
    window_words,
)
from viewer.seen.cut import cut
from viewer.seen.display import Projection, Slab
from viewer.seen.hanging import Axis
from viewer.seen.plane import Plane
from viewer.seen.presets import LUNG
from viewer.theme import tokens

ORIGIN = Origin(
    patient_name="Muster^Erika",
    patient_id="DEMO-0311",
    patient_sex="F",
    patient_age="067Y",
    study_date="20240202",
    series_number=4,
    series_description="lung",
    body_part="CHEST",
    slice_thickness=1.25,
)


@pytest.fixture
def shown(qtbot):
    made = state(volume(np.zeros(SIZE[::-1], np.int16)), Axis.Z, 6)
    return replace(made, volume=replace(made.volume, origin=ORIGIN))


def test_the_corners_tell_who_what_where_and_how(shown) -> None:
    lung = replace(shown, display=replace(shown.display, window=LUNG))
    words = corner_words(lung, chief=True, pointed=("−612 HU",))
    assert words.top_left == (
        "Muster, Erika  DEMO-0311  F  67 y",
        "CT chest  series 4  lung",
        "2 Feb 2024",
    )
    place, window, zoom = words.bottom_left
    assert place == "Axial 14 / 20   1.25 mm thick   at 418.0 mm"
    assert window == "W 1500  L −600   [2] Lung"
    assert zoom.startswith("Zoom ") and zoom.endswith("%")
    assert words.bottom_right == ("−612 HU",)
    assert words.top_right == ()
    assert max(map(len, (words.top_left, words.bottom_left, words.bottom_right))) <= 3


def test_names_can_be_hidden(shown) -> None:
    assert patient_line(ORIGIN, names=False) == "Name hidden  F  67 y"
    hidden = corner_words(replace(shown, names=False), chief=True, pointed=())
    told = " ".join(hidden.top_left)
    assert "Muster" not in told and "DEMO" not in told


def test_a_name_that_is_the_number_stands_once() -> None:
    assert patient_line(Origin(patient_name="A1", patient_id="A1"), names=True) == "A1"


def test_a_view_beside_the_chief_one_tells_only_what_differs(shown) -> None:
    words = corner_words(shown, chief=False, pointed=())
    assert words.top_left == ("Axial 14 / 20",)
    assert len(words.bottom_left) == 2


def test_without_words_there_are_none(shown) -> None:
    words = corner_words(replace(shown, texts=False), chief=True, pointed=("x",))
    assert not any((words.top_left, words.top_right, words.bottom_left, words.bottom_right))


def test_a_slab_says_what_it_shows_and_what_it_lacks(shown) -> None:
    lies = replace(grid(), missing=(5,))
    values = np.zeros(SIZE[::-1], np.int16)
    slab = state(volume(values, lies), Axis.Z, 6, slab=Slab(Projection.MAXIMUM, 9.0))
    assert place_words(slab)[0] == "maximum of 3 slices, 9 mm   1 of its slices missing"
    unknown = state(volume(values, Grid(SIZE)), Axis.Z, 6, slab=Slab(Projection.MEAN, 3, True))
    assert place_words(unknown) == ("mean of 3 slices",)


@pytest.mark.parametrize(
    ("spacing", "wanted", "told"),
    [
        (8.75, 10.0, "maximum of 1 slice, 8.75 mm"),
        (5.0, 50.625, "maximum of 11 slices, 55 mm"),
        (3.0, 6.66667, "maximum of 3 slices, 9 mm"),
    ],
)
def test_a_slab_tells_the_slices_that_it_shows_and_not_what_was_asked(
    qtbot, spacing, wanted, told
) -> None:
    lies = grid(spacing=(1.0, 1.0, spacing), size=SIZE)
    values = np.zeros(SIZE[::-1], np.int16)
    slab = state(volume(values, lies), Axis.Z, 10, slab=Slab(Projection.MAXIMUM, wanted))
    assert slab_words(slab) == told


def test_a_slab_at_an_end_of_the_volume_tells_where_its_middle_lies(qtbot) -> None:
    values = np.zeros(SIZE[::-1], np.int16)
    for index, position in ((0, "at 403.0 mm"), (6, "at 418.0 mm")):
        slab = state(volume(values), Axis.Z, index, slab=Slab(Projection.MEAN, 15.0))
        assert place_words(slab)[1] == position


def test_every_view_of_a_slab_says_so(qtbot) -> None:
    values = np.zeros(SIZE[::-1], np.int16)
    slab = state(volume(values), Axis.X, 30, slab=Slab(Projection.MAXIMUM, 10.0))
    words = corner_words(slab, chief=False, pointed=())
    assert words.top_left == ("Sagittal 31 / 60", "maximum of 21 slices, 10.5 mm")
    assert "maximum of 21 slices, 10.5 mm" in described(slab)


def test_interpolated_slices_are_not_said_to_be_as_thick_as_acquired_ones(shown) -> None:
    assert "1.25 mm thick" in place_words(shown)
    for kind, said in ((RepairKind.STRAIGHTENED, False), (RepairKind.TILT, True)):
        facts = replace(shown.facts, repairs=(Repair(kind, ""),), interpolated=True)
        mended = replace(shown, volume=replace(shown.volume, facts=facts))
        assert any("thick" in words for words in place_words(mended)) is said


def test_a_tilted_slices_position_is_said_to_be_along_its_normal(qtbot) -> None:
    lean = np.radians(20)
    turned = np.array(
        [[1, 0, 0], [0, np.cos(lean), -np.sin(lean)], [0, np.sin(lean), np.cos(lean)]]
    )
    lies = grid_of(affine_of(turned, (1.0, 1.0, 3.0), np.array([0.0, 0.0, 100.0])), SIZE)
    tilted = state(volume(np.zeros(SIZE[::-1], np.int16), lies), Axis.Z, 0)
    assert place_words(tilted) == ("at 94.0 mm along the normal", "oblique 20°")


def test_a_frame_is_named_as_the_file_names_it(qtbot) -> None:
    values = np.zeros((3, 4, 8, 9), np.int16)
    lies = Grid((9, 8, 4))
    diffusion = volume(
        values, lies, frames=("b 50", "b 400", "b 800"), frame_axis=FrameAxis.B_VALUE
    )
    shown = state(diffusion, Axis.Z, 1)
    assert slice_words(shown.at_plane(shown.plane.at_frame(2))) == "Slice 2 / 4   b 800"
    cine = volume(values[:, :1], Grid((9, 8, 1)), frames=("1", "2", "3"), frame_axis=FrameAxis.TIME)
    assert slice_words(state(cine)) == "Frame 1 / 3"


def test_a_window_of_small_values_keeps_its_digits(shown) -> None:
    small = replace(shown, display=replace(shown.display, window=GreyWindow(0.0125, 0.025)))
    assert window_words(small) == "W 0.025  L 0.0125"


def test_what_is_not_there_is_said(shown) -> None:
    missing = replace(grid(), missing=(6,))
    values = np.zeros(SIZE[::-1], np.int16)
    for axis, index, words in (
        (Axis.Z, 6, "There is no picture here"),
        (Axis.Z, 7, ""),
        (Axis.Y, 6, "Hatched: there is no picture there"),
    ):
        made = state(volume(values, missing), axis, index)
        assert blank_words(cut(made.volume, made.plane)) == words


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5])
@pytest.mark.parametrize("zoom", [0.3, 1.0, 4.0, 17.0])
def test_the_scale_bar_is_as_long_as_it_says(shown, ratio, zoom) -> None:
    plane = shown.plane.at_scale(zoom)
    length = scale_bar.length(plane, ratio)
    assert length is not None
    room = min(120, plane.view[0] / ratio / 4)
    assert length * plane.scale / ratio <= room < 2.5 * length * plane.scale / ratio
    digits = f"{length:e}"[0]
    assert digits in "125"


def test_without_a_spacing_there_is_no_scale() -> None:
    assert scale_bar.length(Plane.fitted(Grid((9, 9, 9)), Axis.Z, 0, (300, 300)), 1.0) is None


def test_the_rail_is_taken_hold_of_at_the_edge_alone() -> None:
    size = QSizeF(600, 500)
    assert is_on_rail(size, (595, 250), 20)
    assert not is_on_rail(size, (500, 250), 20)
    assert not is_on_rail(size, (595, 250), 1)
    assert number_at(size, 0, 20) == 1
    assert number_at(size, 500, 20) == 20
    assert number_at(size, 255, 21) == 11


def _canvas(wide: int = 600, high: int = 400) -> QImage:
    image = QImage(wide, high, QImage.Format.Format_RGB32)
    image.fill(0x606060)
    return image


def _pixels(image: QImage) -> np.ndarray:
    flat = np.frombuffer(image.constBits(), np.uint8)
    return flat.reshape(image.height(), image.width(), 4)[..., 0].copy()


def test_the_crosshair_spares_its_middle_and_the_letters(qtbot) -> None:
    image = _canvas(600, 440)
    painter = QPainter(image)
    box = QRectF(290, 0, 20, 20)
    draw_crosshair(painter, QSizeF(600, 440), (300.0, 200.0), 1.0, [box])
    painter.end()
    drawn = _pixels(image) != 0x60
    assert not drawn[:20, 295:305].any()
    assert drawn[30:150, 300].all()
    assert not drawn[184:216, 284:316].any()
    assert drawn[200, 400:].all()


def test_words_do_not_run_into_each_other_in_a_narrow_view(shown) -> None:
    pointed = ("−612 HU", "x −54.2  y 12.6  z −101.3 mm (patient)", "voxel 210, 133, 96")
    words = corner_words(shown, chief=True, pointed=pointed)
    for wide in (260, 320, 420, 900):
        left, right = _canvas(wide), _canvas(wide)
        for image, told in (
            (left, replace(words, bottom_right=(), top_right=())),
            (right, words),
        ):
            painter = QPainter(image)
            corners = place_corners(QSizeF(wide, 400), told)
            draw_corners(painter, corners)
            painter.end()
        # What the second adds lies where the first has drawn nothing.
        added = _pixels(left) != _pixels(right)
        assert not (added & (_pixels(left) != 0x60)).any()
        assert corners.typed.zoom is not None
        assert corners.typed.at(corners.typed.zoom.center()) is Typed.ZOOM
        assert corners.typed.at(QPointF(wide / 2, 100)) is None


def test_where_there_is_no_room_the_value_stays_and_the_voxels_index_goes_first(shown) -> None:
    at = "x −54.2  y 12.6  z −101.3 mm (patient)"
    pointed = ("−612 HU at crosshair", at, "voxel 210, 133, 96")
    words = corner_words(shown, chief=True, pointed=pointed)
    # The line at the left, 16 px between, the value; 10 and 18 px at the edges.
    three = width_of(words.bottom_left[0]) + width_of(pointed[0]) + 44
    for wide, told in ((three + 1, 3), (three - 1, 2), (width_of(at) + 27, 1)):
        corners = place_corners(QSizeF(wide, 400), words)
        lines = [line for line in corners.lines if line.words in pointed]
        assert sorted(line.words for line in lines) == sorted(pointed[:told])
        # The letter in the middle of the lower edge stays bare, too.
        letter = QRectF(wide / 2 - 10, 378, 20, 22)
        others = [line.box for line in corners.lines if line.words not in pointed]
        assert not any(line.box.intersects(box) for line in lines for box in (letter, *others))


def test_the_scale_bar_keeps_clear_of_the_words_in_a_narrow_view(shown) -> None:
    words = corner_words(shown, chief=True, pointed=("−612 HU", "x −54.2", "voxel 210, 133, 96"))
    for wide in (260, 320, 420, 900):
        size = QSizeF(wide, 400)
        boxes = [line.box for line in place_corners(size, words).lines]
        plane = shown.plane.resized((wide, 400))
        placed = scale_bar.place_scale_bar(size, plane, 1.0, boxes)
        assert placed.bar is not None
        assert not any(box.intersects(placed.label) or box.intersects(placed.bar) for box in boxes)
        # The bar is as many pixels long as its words have millimetres.
        said = float(placed.words.removesuffix(" mm"))
        assert abs(placed.bar.width() - said * plane.scale) <= 0.5


def test_a_long_line_goes_below_the_upper_letter(shown) -> None:
    words = corner_words(shown, chief=False, pointed=())
    assert place_corners(QSizeF(200, 400), words).lines[0].box.top() > 20
    assert place_corners(QSizeF(600, 400), words).lines[0].box.top() < 20


@pytest.mark.parametrize("colour", [tokens.OVER_TEXT, tokens.OVER_READER])
def test_words_on_white_tissue_stand_on_a_shade(qtbot, colour) -> None:
    white, black = _canvas(200, 40), _canvas(200, 40)
    white.fill(0xF0F0F0)
    black.fill(0)
    for image in (white, black):
        painter = QPainter(image)
        draw_line(painter, (10, 25), "−56 HU (you)", colour=colour)
        painter.end()
    green = np.frombuffer(black.constBits(), np.uint8).reshape(40, 200, 4)[..., 1]
    letters = (green > 0x90).astype(np.uint8)
    near = cv2.dilate(letters, np.ones((3, 3), np.uint8)) > 0
    assert letters.sum() > 100
    # Dark right beside every letter, also at its corners.
    beside = np.frombuffer(white.constBits(), np.uint8).reshape(40, 200, 4)[..., 1][near]
    assert (beside[green[near] < 0x20] < 0x60).mean() > 0.99
