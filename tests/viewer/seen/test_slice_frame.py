"""The pixels of a slice's view, told by where voxels lie and what they hold."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from slice_desk import SIZE, VIEW, grid, state, volume

from engine.answers import Look
from engine.pictures import Grid
from viewer.seen.display import Projection, Sampling, Slab
from viewer.seen.hanging import Axis, Laying
from viewer.seen.label_colours import label_table
from viewer.seen.slice_frame import SliceComposer
from viewer.seen.slice_state import SliceState
from viewer.seen.volume_overlay import VolumeOverlay
from viewer.theme import tokens

LAYINGS = [Laying(turns, mirrored) for turns in range(4) for mirrored in (False, True)]
PANEL = np.array([int(tokens.DARK.panel[at : at + 2], 16) for at in (5, 3, 1)])


def _drawn(shown: SliceState) -> np.ndarray:
    return SliceComposer().compose(shown).copy()


def _pixel(frame: np.ndarray, shown: SliceState, voxel) -> list[int]:
    x, y = np.rint(shown.plane.to_device(np.array([voxel], float))[0]).astype(int)
    return frame[y, x, :3].tolist()


def _spot(frame: np.ndarray) -> np.ndarray:
    """The centre of what is brighter than black, (x, y)."""
    grey = frame[..., 1].astype(float)
    rows, columns = np.indices(grey.shape)
    return np.array([(grey * columns).sum(), (grey * rows).sum()]) / grey.sum()


@pytest.mark.parametrize("laying", LAYINGS)
@pytest.mark.parametrize("axis", Axis)
@pytest.mark.parametrize("zoom", [0.23, 0.7, 1.0, 2.6, 7.3])
def test_a_voxel_is_painted_where_the_plane_says(axis, laying, zoom) -> None:
    values = np.zeros(SIZE[::-1], np.int16)
    x, y, z = 33, 21, 11
    values[z, y, x] = 1000
    shown = volume(values)
    each = state(shown, axis, (x, y, z)[axis], laying=laying)
    plane = replace(each.plane, scale=zoom / 0.5).panned(7, -4)
    frame = _drawn(replace(each, plane=plane))
    wanted = plane.to_device(np.array([[x, y, z]], float))[0]
    assert np.abs(_spot(frame) - wanted).max() <= 0.5


def test_values_become_greys_by_the_window() -> None:
    values = np.zeros((1, 4, 5), np.int16)
    values[0] = np.arange(20).reshape(4, 5) * 100 - 1000
    shown = state(volume(values), window=(-100, 1000))
    frame = _drawn(shown)
    for x in range(5):
        for y in range(4):
            share = (values[0, y, x] + 600) / 1000
            grey = round(255 * min(max(share, 0), 1))
            assert np.abs(np.array(_pixel(frame, shown, (x, y, 0))) - grey).max() <= 1


@pytest.mark.parametrize(
    "dtype", ["int8", "uint8", "int16", "uint16", "int32", "uint32", "float32", "float64", "bool"]
)
def test_every_type_of_value_is_drawn(dtype) -> None:
    values = np.zeros((1, 3, 3), dtype)
    values[0, 1, 1] = 1
    shown = state(volume(values), window=(0.5, 1))
    frame = _drawn(shown)
    assert _pixel(frame, shown, (1, 1, 0)) == [255] * 3
    assert _pixel(frame, shown, (0, 0, 0)) == [0] * 3


def test_low_is_bright_where_the_file_or_the_reader_wants_it_and_not_where_both_do() -> None:
    values = np.array([[[0, 1000]]], np.int16)
    for by_file, by_reader, first in (
        (False, False, 0), (True, False, 255), (False, True, 255), (True, True, 0),
    ):  # fmt: skip
        shown = state(volume(values, inverted=by_file), inverted=by_reader)
        assert _pixel(_drawn(shown), shown, (0, 0, 0)) == [first] * 3


def test_padding_is_dark_also_where_greys_are_inverted() -> None:
    values = np.array([[[-2000, 0, 1000]]], np.int16)
    for inverted in (False, True):
        shown = state(volume(values, padding=-2000.0), inverted=inverted)
        assert _pixel(_drawn(shown), shown, (0, 0, 0)) == [0] * 3


def test_what_is_no_number_is_dark_and_spoils_nothing() -> None:
    values = np.full((1, 9, 9), 1000, np.float32)
    values[0, 4, 4], values[0, 2, 2] = np.nan, np.inf
    for inverted in (False, True):
        shown = state(volume(values, value_range=(0.0, 1000.0)), inverted=inverted)
        frame = _drawn(shown)
        assert _pixel(frame, shown, (4, 4, 0)) == [0] * 3
        assert _pixel(frame, shown, (7, 7, 0)) == [0 if inverted else 255] * 3


def test_colour_comes_out_as_it_is_in_the_file() -> None:
    values = np.zeros((1, 1, 3, 3, 3), np.uint8)
    values[0, 0, 1, 1] = (200, 100, 50)
    shown = state(volume(values, colour=True, unit=None), window=(127.5, 255))
    assert _pixel(_drawn(shown), shown, (1, 1, 0)) == [50, 100, 200]
    darker = state(volume(values, colour=True, unit=None), window=(255, 510))
    assert _pixel(_drawn(darker), darker, (1, 1, 0)) == [25, 50, 100]


def test_a_colour_map_gives_its_own_colours() -> None:
    values = np.array([[[0, 500, 1000]]], np.int16)
    shown = state(volume(values), colours="hot iron")
    frame = _drawn(shown)
    assert _pixel(frame, shown, (0, 0, 0)) == [0, 0, 0]
    # Halfway, red has all but come in, and green and blue not yet.
    blue, green, red = _pixel(frame, shown, (1, 0, 0))
    assert blue == 0 and green <= 4 and red >= 250
    viridis = state(volume(values), colours="viridis")
    wanted = cv2.applyColorMap(np.array([[255]], np.uint8), cv2.COLORMAP_VIRIDIS)[0, 0].tolist()
    assert _pixel(_drawn(viridis), viridis, (2, 0, 0)) == wanted


def test_beside_the_slice_the_ground_is_black() -> None:
    shown = state(volume(np.full(SIZE[::-1], 1000, np.int16)))
    frame = _drawn(shown)
    left, top, right, bottom = shown.plane.box
    rows, columns = np.indices(frame.shape[:2])
    inside = (columns > left) & (columns < right) & (rows > top) & (rows < bottom)
    assert (frame[inside][:, :3] == 255).all()
    assert (frame[~inside][:, :3] == 0).all()
    assert (frame[..., 3] == 255).all()


def _checked() -> np.ndarray:
    return (np.indices((1, 40, 40)).sum(axis=0) % 2 * 1000).astype(np.int16)


@pytest.mark.parametrize(
    ("zoom", "sampling", "squares"),
    [
        (3.9, Sampling.BY_ZOOM, False),
        (4.1, Sampling.BY_ZOOM, True),
        (9.0, Sampling.SMOOTH, False),
        (2.0, Sampling.SQUARES, True),
    ],
)
def test_voxels_are_squares_above_400_per_cent_unless_told_otherwise(
    zoom, sampling, squares
) -> None:
    lies = Grid((40, 40, 1))
    each = state(volume(_checked(), lies), sampling=sampling)
    frame = _drawn(replace(each, plane=replace(each.plane, scale=zoom)))
    greys = set(np.unique(frame[100:200, 100:300, :3]).tolist())
    assert (greys == {0, 255}) is squares


def test_reducing_skips_no_voxel() -> None:
    values = np.zeros((1, 400, 400), np.int16)
    values[0, 200, 201] = 1000
    lies = Grid((400, 400, 1))
    each = state(volume(values, lies), window=(10, 20))
    for zoom in (0.9, 0.5, 0.3, 0.13):
        frame = _drawn(replace(each, plane=replace(each.plane, scale=zoom)))
        # A voxel of 1000 in zoom x zoom pixels: its mean is far above this window.
        assert frame[..., 0].max() > 150, zoom


@pytest.mark.parametrize("zoom", [0.13, 0.3, 0.45, 0.8, 1.7])
def test_values_lie_where_the_plane_says_also_when_they_are_reduced(zoom) -> None:
    values = np.broadcast_to(10 * np.arange(400, dtype=np.int16), (1, 300, 400)).copy()
    each = state(volume(values, Grid((400, 300, 1))), window=(2000, 4000))
    plane = replace(each.plane, scale=zoom)
    left, _, right, _ = plane.box
    across = np.arange(max(int(left) + 8, 0), min(int(right) - 8, VIEW[0]))
    row = VIEW[1] // 2
    wanted = plane.to_voxel(np.stack([across, np.full_like(across, row)], axis=1).astype(float))
    shown = _drawn(replace(each, plane=plane))[row, across, 0] / 255 * 400
    assert np.abs(shown - wanted[:, 0]).max() < 1.7
    # Steps of grey aside, nothing is shifted.
    assert abs((shown - wanted[:, 0]).mean()) < 0.2


def test_a_missing_slice_is_a_pattern_and_no_air() -> None:
    values = np.full(SIZE[::-1], -1000, np.int16)
    lies = replace(grid(), missing=(7,))
    frame = _drawn(state(volume(values, lies), Axis.Z, 7))
    colours = {tuple(pixel) for pixel in frame[140:160, 180:220, :3].reshape(-1, 3).tolist()}
    assert len(colours) == 2
    assert tuple(PANEL.tolist()) in colours


def test_missing_rows_of_a_coronal_cut_are_a_pattern_exactly_as_wide_as_they_are() -> None:
    values = np.full(SIZE[::-1], 1000, np.int16)
    lies = replace(grid(), missing=(7, 8))
    shown = state(volume(values, lies), Axis.Y, 20)
    frame = _drawn(shown)
    ends = shown.plane.to_device(np.array([[30.0, 20.0, 6.5], [30.0, 20.0, 8.5]]))
    top, bottom = sorted(ends[:, 1])
    column = frame[:, VIEW[0] // 2, 0]
    rows = np.arange(len(column))
    _, upper, _, lower = shown.plane.box
    inside = (rows > top) & (rows < bottom)
    assert (column[inside] != 255).all()
    assert (column[~inside & (rows > upper) & (rows < lower)] == 255).all()


def test_an_unread_slice_is_grey_and_not_black() -> None:
    values = np.zeros(SIZE[::-1], np.int16)
    shown = replace(volume(values), read=np.zeros((1, SIZE[2]), bool))
    frame = _drawn(state(shown, Axis.Z, 7))
    np.testing.assert_array_equal(frame[150, 200, :3], PANEL)
    part = shown.with_slices([(0, 7)])
    assert _drawn(state(part, Axis.Z, 7))[150, 200, 0] == 0


def test_a_slab_shows_its_maximum() -> None:
    values = np.zeros(SIZE[::-1], np.int16)
    values[9, 25, 30] = 1000
    shown = state(volume(values), Axis.Z, 8)
    assert _pixel(_drawn(shown), shown, (30, 25, 8)) == [0] * 3
    slab = replace(shown, display=replace(shown.display, slab=Slab(Projection.MAXIMUM, 9.0)))
    assert _pixel(_drawn(slab), slab, (30, 25, 8))[0] > 200


@pytest.mark.parametrize("laying", LAYINGS)
@pytest.mark.parametrize("axis", Axis)
@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_an_overlay_lies_on_its_voxels(axis, laying, kind) -> None:
    mask = np.zeros(SIZE[::-1], kind)
    voxel = (33, 21, 11)
    mask[voxel[2], voxel[1], voxel[0]] = 1
    shown = volume(np.zeros(SIZE[::-1], np.int16))
    each = replace(
        state(shown, axis, voxel[axis], laying=laying),
        overlay=VolumeOverlay(mask),
        look=Look(1.0, 0.0, "azure"),
    )
    frame = _drawn(each)
    wanted = each.plane.to_device(np.array([voxel], float))[0]
    assert np.abs(_spot(frame) - wanted).max() <= 0.5
    blue, _, red = _pixel(frame, each, voxel)
    assert blue > red + 60
    assert not _drawn(replace(each, bare=True))[..., :3].any()
    other = replace(each, plane=each.plane.at_index(each.plane.index + 1))
    assert not _drawn(other)[..., :3].any()


def test_labels_are_drawn_in_their_colours_at_the_opacity_in_force() -> None:
    values = np.zeros(SIZE[::-1], np.uint8)
    voxels = {1: (20, 21, 11), 2: (40, 21, 11)}
    for row, (x, y, z) in voxels.items():
        values[z, y, x] = row
    shown = replace(
        state(volume(np.zeros(SIZE[::-1], np.int16)), Axis.Z, 11),
        overlay=VolumeOverlay(values, 255, "Labels", labels=True),
        look=Look(0.5, 0.9, "azure"),
    )
    frame = _drawn(shown)
    for row, voxel in voxels.items():
        *colour, alpha = label_table()[row]
        wanted = np.array(colour[::-1]) * alpha / 255 * 0.5
        assert _pixel(frame, shown, voxel)[:3] == pytest.approx(wanted, abs=3)


@pytest.mark.parametrize("projection", [Projection.MAXIMUM, Projection.MEAN])
def test_a_slab_shows_what_a_mask_has_in_any_of_its_slices(projection: Projection) -> None:
    values = np.zeros(SIZE[::-1], np.uint8)
    alone, both, beyond = (20, 21), (40, 21), (50, 21)
    values[12, alone[1], alone[0]] = 1
    values[11, both[1], both[0]], values[9, both[1], both[0]] = 1, 2
    values[13, beyond[1], beyond[0]] = 1
    shown = replace(
        state(volume(np.zeros(SIZE[::-1], np.int16)), Axis.Z, 10),
        overlay=VolumeOverlay(values, 255, "Labels", labels=True),
        look=Look(1.0, 0.0, "azure"),
    )
    # Five slices of 3 mm: 8 to 12.
    slab = replace(shown, display=replace(shown.display, slab=Slab(projection, 15.0)))
    composer = SliceComposer()
    assert not composer.compose(shown)[..., :3].any()
    frame = composer.compose(slab)
    one, two = (np.array(label_table()[row][2::-1]) for row in (1, 2))
    strong = label_table()[1][3] / 255
    assert _pixel(frame, slab, (*alone, 10)) == pytest.approx(one * strong, abs=3)
    nearer = replace(slab, plane=slab.plane.at_index(11))
    assert _pixel(composer.compose(nearer), nearer, (*both, 11)) == pytest.approx(
        one * strong, abs=3
    )
    other = replace(slab, plane=slab.plane.at_index(8))
    assert _pixel(composer.compose(other), other, (*both, 8)) == pytest.approx(two * strong, abs=3)
    assert _pixel(composer.compose(slab), slab, (*beyond, 10)) == [0] * 3


def test_a_frame_is_kept_while_nothing_of_it_changes() -> None:
    composer = SliceComposer()
    shown = state(volume(np.zeros(SIZE[::-1], np.int16)), Axis.Z, 7)
    composer.compose(shown)
    assert composer.has_drawn(replace(shown, crosshair=True, texts=False))
    assert not composer.has_drawn(shown.stepped(1))
    assert not composer.has_drawn(shown.windowed(0, 10))


def test_an_enlarged_slice_is_linear_between_its_voxels_wherever_the_view_is() -> None:
    ramp = np.broadcast_to(20 * np.arange(120, dtype=np.int16), (1, 90, 120)).copy()
    each = state(volume(ramp, Grid((120, 90, 1))), window=(1200, 2400))
    generator = np.random.default_rng(8)
    for _ in range(60):
        plane = each.plane.at_scale(float(generator.uniform(1, 3.9)))
        plane = plane.panned(*generator.uniform(-150, 150, 2))
        left, top, right, bottom = (round(side) for side in plane.box)
        columns = np.arange(max(left + 4, 0), min(right - 4, VIEW[0]))
        row = min(max((top + bottom) // 2, 0), VIEW[1] - 1)
        points = np.stack([columns, np.full_like(columns, row)], axis=1).astype(float)
        wanted = plane.to_voxel(points)[:, 0]
        shown = _drawn(replace(each, plane=plane))[row, columns, 0] / 255 * 120
        # Half a step of grey, and 1/16 of a device pixel.
        assert np.abs(shown - wanted).max() < 120 / 255 / 2 + 1 / 16 + 0.02
