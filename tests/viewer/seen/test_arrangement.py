"""How views share the area."""

from slice_desk import grid

from engine.pictures import Grid
from viewer.seen.arrangement import Arrangement, Layout, layouts_of, seated
from viewer.seen.hanging import Axis

SIZE = (1001, 800)


def test_the_axial_plane_is_the_large_one_whichever_axis_it_lies_along() -> None:
    three = Arrangement(Layout.THREE)
    boxes = seated(three, grid("LPS"), SIZE)
    assert boxes[0, Axis.Z] == (0, 0, 619, 800)
    assert boxes[0, Axis.Y][:2] == (620, 0)
    assert boxes[0, Axis.X][:2] == (620, 400)
    # A coronal stack: y grows toward the feet, z toward the back.
    coronal = seated(three, grid("LIP"), SIZE)
    assert coronal[0, Axis.Y] == (0, 0, 619, 800)
    assert coronal[0, Axis.Z][:2] == (620, 0)


def test_views_fill_the_area_but_for_a_line_between_them() -> None:
    for arrangement in (Arrangement(Layout.THREE), Arrangement(Layout.BESIDE), Arrangement()):
        boxes = seated(arrangement, grid(), SIZE).values()
        covered = sum(width * height for _, _, width, height in boxes)
        lines = {Layout.ONE: 0, Layout.BESIDE: 800, Layout.THREE: 800 + 381}
        assert covered == SIZE[0] * SIZE[1] - lines[arrangement.layout]


def test_one_view_alone_and_back() -> None:
    three = Arrangement(Layout.THREE)
    alone = three.toggled((0, Axis.X))
    assert seated(alone, grid(), SIZE) == {(0, Axis.X): (0, 0, *SIZE)}
    assert alone.toggled((0, Axis.X)) == three


def test_only_layouts_that_make_sense_are_gone_through() -> None:
    flat, deep = Grid((9, 9, 1)), Grid((9, 9, 9))
    assert layouts_of(None, None) == (Layout.ONE,)
    assert layouts_of(flat, None) == (Layout.ONE,)
    assert layouts_of(deep, None) == (Layout.ONE, Layout.THREE)
    assert layouts_of(deep, flat) == tuple(Layout)


def test_the_crosshair_is_kept_for_each_layout() -> None:
    kept = Arrangement()
    assert not kept.crosshair
    drawn = kept.with_crosshair(True)
    assert drawn.crosshair
    assert drawn.laid_out(Layout.THREE).with_crosshair(False).laid_out(Layout.ONE).crosshair


def test_every_view_begins_on_a_whole_device_pixel() -> None:
    for width, height in ((1001, 801), (764, 703), (641, 500)):
        for layout in Layout:
            boxes = seated(Arrangement(layout), grid(), (width, height)).values()
            for left, top, *_ in boxes:
                assert all((side * ratio) % 1 == 0 for side in (left, top) for ratio in (1.25, 1.5))
