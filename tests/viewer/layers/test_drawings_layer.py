"""Drawings are painted in the reader's colour, on their own slice and frame alone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from drawing_desk import DrawingDesk
from PySide6.QtCore import QPointF, QSizeF
from PySide6.QtGui import QColor

from engine.drawings import Arrow, Distance, Drawing, Ellipse, Probe
from engine.phantoms.volume import draw_volume
from viewer.layers.corners import place_corners
from viewer.layers.scale_bar import place_scale_bar
from viewer.layers.slice_words import corner_words
from viewer.seen.display import Projection, Slab
from viewer.seen.plane import Axis
from viewer.theme import tokens
from viewer.tools.pointing import Crosshair

MARIGOLD = np.array(QColor(tokens.OVER_READER).getRgb()[:3])


@pytest.fixture
def desk(qtbot, tmp_path: Path) -> Iterator[DrawingDesk]:
    drawn = draw_volume(5).volume
    values = np.concatenate([drawn.values, drawn.values])
    facts = replace(drawn.facts, content_hash="5" * 64, frames=("one", "two"))
    made = DrawingDesk(qtbot, tmp_path, values, facts)
    made.go(2, 30)
    yield made
    made.close()


def marigold(desk: DrawingDesk) -> np.ndarray:
    """Which pixels of the view are the reader's, (y, x)."""
    image = desk.pane.grab().toImage()
    flat = np.frombuffer(image.constBits(), np.uint8)
    rows = flat.reshape(image.height(), image.bytesPerLine() // 4, 4)
    colours = rows[:, : image.width(), 2::-1].astype(int)
    # The rail is another matter.
    return (np.abs(colours - MARIGOLD).max(axis=2) < 12)[:, :-20]


def put(
    desk: DrawingDesk, kind: type[Drawing], *points: tuple[float, float], **more: object
) -> Drawing:
    """A drawing with its points at places of the view."""
    voxels = desk.pane.state.plane.to_voxel(np.array(points) - 0.5)
    drawn = kind(
        id=str(len(desk.drawn)), points=tuple((x, y, z) for x, y, z in voxels.tolist()), **more
    )  # type: ignore[arg-type]
    desk.marking.add(desk.volume, drawn)
    desk.marking.choose(desk.volume, None)
    return drawn


def test_a_line_is_solid_and_2_px_wide_from_end_to_end(desk: DrawingDesk) -> None:
    assert not marigold(desk).any()
    put(desk, Distance, (200, 300), (400, 300))
    seen = marigold(desk)
    assert (seen[298:302, 210:390].sum(axis=0) == 2).all()
    black = np.array(desk.pane.grab().toImage().pixelColor(300, 303).getRgb()[:3])
    assert black.max() < 60


def test_its_words_are_the_readers_colour_and_lie_beyond_its_end(desk: DrawingDesk) -> None:
    put(desk, Distance, (200, 300), (300, 300))
    seen = marigold(desk)
    assert seen[290:312, 312:400].sum() > 15


@pytest.mark.parametrize("wide", [300, 420, 520, 640, 700, 900])
def test_its_words_keep_off_the_scale_bar(desk: DrawingDesk, wide: int) -> None:
    desk.pane.resize(wide, 600)
    size = QSizeF(wide, 600)
    lines = ("−612 HU", "x −54.2  y 12.6  z −101.3 mm (patient)", "voxel 210, 133, 96")
    middle = wide / 2
    for end in range(470, 590, 10):
        drawn = put(desk, Distance, (middle - 60, end - 120), (middle - 20, end))
        (words,) = desk.layer.around(desk.pane).boxes
        for pointed in ((), lines):
            corners = place_corners(
                size, corner_words(desk.pane.state, chief=True, pointed=pointed)
            )
            others = [line.box for line in corners.lines]
            bar = place_scale_bar(size, desk.pane.state.plane, desk.pane.ratio, others)
            assert not words.intersects(bar.box)
        desk.marking.remove(desk.volume, drawn)


def test_rings_stand_on_a_lines_ends_and_on_a_box_only_when_it_is_chosen(desk: DrawingDesk) -> None:
    put(desk, Distance, (200, 300), (400, 300))
    assert marigold(desk)[295:298, 197:204].any()
    region = put(desk, Ellipse, (250, 350), (350, 400))
    # A corner of its box, where no line of the ellipse comes.
    assert not marigold(desk)[345:356, 245:256].any()
    desk.marking.choose(desk.volume, region)
    assert marigold(desk)[345:356, 245:256].any()


def test_another_slice_frame_or_plane_does_not_show_it_but_the_rail_does(desk: DrawingDesk) -> None:
    put(desk, Distance, (200, 300), (400, 300))
    state = desk.pane.state
    assert desk.marking.slices(state) == (30,)
    desk.pane.step(3)
    assert not marigold(desk).any()
    with_tick = desk.pane.grab().toImage()
    desk.marking.undo(desk.volume)
    assert desk.pane.grab().toImage() != with_tick
    desk.marking.redo(desk.volume)
    desk.pane.show_state(state.at_plane(state.plane.at_frame(1)))
    assert not marigold(desk).any()
    desk.go(Axis.X, 30)
    assert not marigold(desk).any()


def test_the_held_key_hides_drawings_and_the_texts_key_their_words(desk: DrawingDesk) -> None:
    put(desk, Distance, (200, 300), (300, 300))
    state = desk.pane.state
    desk.pane.show_state(replace(state, texts=False))
    seen = marigold(desk)
    assert seen[298:302, 210:290].any()
    assert not seen[285:312, 312:400].any()
    desk.pane.show_state(replace(state, bare=True))
    assert not marigold(desk).any()


def test_what_is_hidden_is_not_taken_hold_of(desk: DrawingDesk) -> None:
    put(desk, Distance, (200, 300), (300, 300))
    desk.pane.set_tool(Crosshair())
    desk.pane.show_state(replace(desk.pane.state, bare=True))
    before = desk.drawn
    (line,) = before
    _, end = desk.at(*line.points)
    desk.drag(end, end + QPointF(20, 20))
    assert desk.drawn == before


def test_zoomed_and_turned_it_stays_on_its_place_in_the_picture(desk: DrawingDesk) -> None:
    line = put(desk, Distance, (200, 300), (400, 300))
    desk.pane.turn(1)
    desk.pane.zoom_by(2.0)
    one, other = desk.at(*line.points)
    for part in (0.3, 0.5, 0.7):
        at = ((one + (other - one) * part) * desk.pane.ratio).toPoint()
        if desk.pane.grab().toImage().rect().contains(at):
            assert marigold(desk)[at.y() - 1 : at.y() + 2, at.x() - 1 : at.x() + 2].any()


def test_an_arrow_has_its_head_at_its_tip(desk: DrawingDesk) -> None:
    put(desk, Arrow, (300, 300), (400, 300), text="here")
    seen = marigold(desk)
    assert seen[288:296, 305:320].any()
    assert not seen[285:294, 375:392].any()


def test_a_point_leaves_its_spot_bare(desk: DrawingDesk) -> None:
    put(desk, Probe, (300, 300))
    seen = marigold(desk)
    assert not seen[299:302, 299:302].any()
    assert seen[295:306, 290:311].any()


def test_in_a_slab_a_regions_values_are_said_to_be_of_one_slice(desk: DrawingDesk) -> None:
    region = put(desk, Ellipse, (250, 350), (350, 400))
    state = desk.pane.state
    assert "values of this slice alone" not in desk.marking.lines(state, region)
    display = replace(state.display, slab=Slab(Projection.MAXIMUM, 20.0))
    assert desk.marking.lines(replace(state, display=display), region)[-1] == (
        "values of this slice alone"
    )
