"""Where things are on the screen, and that what is kept of a frame is what would be drawn."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from engine import tint
from engine.answers import Heatmap, Look
from engine.geometry import apply, place, scaling
from viewer.seen.frame import Composer, Scene, Tone, whole_shift
from viewer.seen.heatmap import HeatmapLayer, local_detail
from viewer.seen.pyramid import build, lay_in
from viewer.seen.view_transform import ViewTransform

HEIGHT, WIDTH = 1424, 2144
STEP = 9.37
WAY_BACK = scaling(STEP, 23.4, -310.6)
LESION = (97, 121)  # network (x, y)
LOOK = Look(1.0, 0.1, "azure")
VIEWS = [
    ViewTransform.fitted((WIDTH, HEIGHT), (900, 640)),
    ViewTransform.fitted((WIDTH, HEIGHT), (1350, 960)),
    ViewTransform.fitted((WIDTH, HEIGHT), (900, 640)).at_scale(0.77),
    ViewTransform.fitted((WIDTH, HEIGHT), (900, 640)).at_scale(1.0),
    ViewTransform.fitted((WIDTH, HEIGHT), (1350, 961)).at_scale(3.3),
    ViewTransform.fitted((WIDTH, HEIGHT), (900, 640)).at_scale(9.6),
]


def _scene(pixels: np.ndarray, heatmap: HeatmapLayer | None = None, **changes) -> Scene:
    parts = {
        "pyramid": build(pixels),
        "tone": Tone(),
        "red_free": False,
        "heatmap": heatmap,
        "detailed": False,
        "look": LOOK,
    }
    return Scene(**(parts | changes))


def _detailed(pixels: np.ndarray, heatmap: HeatmapLayer | None, **changes) -> Scene:
    pyramid = build(pixels)
    lay_in(pyramid, local_detail(pixels))
    return _scene(pixels, heatmap, pyramid=pyramid, detailed=True, **changes)


def _middle(weights: np.ndarray) -> np.ndarray:
    rows, columns = np.indices(weights.shape)
    return np.array([(weights * columns).sum(), (weights * rows).sum()]) / weights.sum()


def _peak(x: int, y: int) -> Heatmap:
    values = np.zeros((224, 224), np.float32)
    values[y, x] = 0.02
    return Heatmap(values, WAY_BACK, (HEIGHT, WIDTH))


@pytest.mark.parametrize("view", VIEWS)
def test_a_lesion_and_its_map_peak_are_painted_on_the_same_screen_pixel(
    view: ViewTransform,
) -> None:
    x, y = np.rint(apply(WAY_BACK, np.array([LESION], float))[0]).astype(int)
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    pixels[y - 8 : y + 9, x - 8 : x + 9] = 200
    view = view.at_scale(view.scale).panned(*(view.scale * (np.array(view.centre) - (x, y))))
    bare = Composer().compose(_scene(pixels), view)[..., 2].astype(float)
    # The map's peak lies where the way back says, up to half a photograph pixel from the lesion.
    expected = apply(view.to_screen, np.array([[x, y]], float))[0]
    # Squares end on whole device pixels; below, a middle is nearly exact.
    assert np.abs(_middle(bare) - expected).max() <= (0.15 if view.scale < 4 else 0.5)

    layer = HeatmapLayer.of(_peak(*LESION))
    dark = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    shown = Composer().compose(_scene(dark, layer, look=Look(1.0, 0.0, "azure")), view)
    of_map = apply(view.to_screen @ WAY_BACK, np.array([LESION], float))[0]
    assert np.abs(_middle(shown[..., 0].astype(float)) - of_map).max() <= 0.5
    assert np.abs(of_map - expected).max() <= 0.5 * max(view.scale, 1)


def test_at_one_to_one_the_overlay_is_the_map_on_the_photographs_own_grid() -> None:
    generator = np.random.default_rng(4)
    heatmap = Heatmap(generator.random((224, 224), np.float32), WAY_BACK, (HEIGHT, WIDTH))
    layer = HeatmapLayer.of(heatmap)
    view = VIEWS[3]
    samples = layer.sample(view.to_screen, view.view)
    on_picture = place(layer.values, WAY_BACK, (HEIGHT, WIDTH))
    left, top = (int(-shift) for shift in view.to_screen[:2, 2])
    whole = np.zeros((view.view[1], view.view[0]), np.float32)
    whole[samples.rows, samples.columns] = samples.values
    expected = on_picture[top : top + view.view[1], left : left + view.view[0]]
    np.testing.assert_allclose(whole, expected, atol=2e-4)


def test_outside_the_maps_frame_the_photograph_is_bare() -> None:
    layer = HeatmapLayer.of(
        Heatmap(np.ones((20, 20), np.float32), scaling(9.0, 700, 500), (HEIGHT, WIDTH))
    )
    grey = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    view = VIEWS[3]
    shown = Composer().compose(_scene(grey, layer), view)
    inside = (shown[..., :3] != 90).any(axis=2)
    expected = place(np.ones((20, 20), np.float32), layer.way_back, (HEIGHT, WIDTH)) > 0
    left, top = (int(-shift) for shift in view.to_screen[:2, 2])
    assert (inside == expected[top : top + 640, left : left + 900]).all()


def test_a_tint_is_that_of_exports_within_three_steps() -> None:
    generator = np.random.default_rng(5)
    pixels = np.repeat(np.repeat(generator.integers(0, 255, (89, 134, 3), np.uint8), 16, 0), 16, 1)
    heatmap = Heatmap(generator.random((224, 224), np.float32), WAY_BACK, (HEIGHT, WIDTH))
    layer = HeatmapLayer.of(heatmap)
    view = VIEWS[3]
    for look in (Look(0.72, 0.22, "azure"), Look(1.0, 0.0, "ember")):
        scene = _scene(pixels, layer, look=look)
        shown = Composer().compose(scene, view)[..., 2::-1]
        left, top = (int(-shift) for shift in view.to_screen[:2, 2])
        part = slice(top, top + 640), slice(left, left + 900)
        expected = tint.lay_over(
            np.ascontiguousarray(pixels[part]),
            np.ascontiguousarray(place(layer.values, WAY_BACK, (HEIGHT, WIDTH))[part]),
            np.ones((640, 900), np.float32),
            tint.colour_table(look.colour_map),
            look.opacity,
            look.threshold,
        )
        assert np.abs(shown.astype(int) - expected).max() <= 3


@pytest.mark.parametrize("look", [Look(0.72, 0.22, "azure"), Look(1.0, 0.0, "ember")])
def test_a_tint_with_local_detail_is_that_of_exports_within_three_steps(look: Look) -> None:
    generator = np.random.default_rng(8)
    pixels = np.repeat(np.repeat(generator.integers(0, 255, (178, 268, 3), np.uint8), 8, 0), 8, 1)
    heatmap = Heatmap(generator.random((224, 224), np.float32), WAY_BACK, (HEIGHT, WIDTH))
    layer = HeatmapLayer.of(heatmap)
    view = VIEWS[3]
    shown = Composer().compose(_detailed(pixels, layer, look=look), view)[..., 2::-1]
    left, top = (int(-shift) for shift in view.to_screen[:2, 2])
    part = slice(top, top + 640), slice(left, left + 900)
    expected = tint.lay_over(
        np.ascontiguousarray(pixels[part]),
        np.ascontiguousarray(place(layer.values, WAY_BACK, (HEIGHT, WIDTH))[part]),
        np.ascontiguousarray(cv2.resize(tint.detail(pixels), (WIDTH, HEIGHT))[part]),
        tint.colour_table(look.colour_map),
        look.opacity,
        look.threshold,
    )
    assert np.abs(shown.astype(int) - expected).max() <= 3


@pytest.mark.parametrize("detailed", [True, False])
@pytest.mark.parametrize("look", [Look(0.72, 0.22, "azure"), Look(1.0, 0.0, "azure")])
def test_a_signed_tint_is_that_of_exports_within_four_steps(look: Look, detailed: bool) -> None:
    generator = np.random.default_rng(8)
    pixels = np.repeat(np.repeat(generator.integers(0, 255, (178, 268, 3), np.uint8), 8, 0), 8, 1)
    signed = (generator.random((224, 224)) * 2 - 1).astype(np.float32)
    layer = HeatmapLayer.of(Heatmap(np.abs(signed), WAY_BACK, (HEIGHT, WIDTH), signed))
    view = VIEWS[3]
    scene = replace(_detailed(pixels, layer, look=look, red_free=True), detailed=detailed)
    shown = Composer().compose(scene, view)[..., 2::-1]
    left, top = (int(-shift) for shift in view.to_screen[:2, 2])
    part = slice(top, top + 640), slice(left, left + 900)
    detail = cv2.resize(tint.detail(pixels), (WIDTH, HEIGHT))
    expected = tint.lay_signed(
        np.ascontiguousarray(pixels[part]),
        np.ascontiguousarray(place(layer.values, WAY_BACK, (HEIGHT, WIDTH))[part]),
        np.ascontiguousarray(detail[part]) if detailed else np.ones((640, 900), np.float32),
        look.opacity,
        look.threshold,
    )
    assert (layer.values < 0).any() and (layer.values > 0).any()
    assert np.abs(shown.astype(int) - expected).max() <= 4


def test_below_the_threshold_the_photograph_is_bare() -> None:
    layer = HeatmapLayer.of(_peak(*LESION))
    grey = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    shown = Composer().compose(_scene(grey, layer, look=Look(1.0, 1.0, "azure")), VIEWS[3])
    assert (shown[..., :3] == 90).all()


@pytest.mark.parametrize("move", [(17, -9), (-230, 140), (0, 55), (1200, 0)])
def test_a_panned_frame_is_the_frame_that_would_be_drawn_anew(move: tuple[int, int]) -> None:
    generator = np.random.default_rng(6)
    pixels = generator.integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)
    heatmap = Heatmap(generator.random((224, 224), np.float32), WAY_BACK, (HEIGHT, WIDTH))
    scene = _detailed(pixels, HeatmapLayer.of(heatmap))
    view = VIEWS[2]
    moving = Composer()
    moving.compose(scene, view)
    moved = moving.compose(scene, view.panned(*move)).astype(int)
    # White noise is the worst case: positions differ in their last binary digits.
    assert np.abs(moved - Composer().compose(scene, view.panned(*move))).max() <= 3


def test_a_slider_paints_what_would_be_drawn_anew() -> None:
    generator = np.random.default_rng(7)
    pixels = generator.integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)
    heatmap = Heatmap(generator.random((224, 224), np.float32), WAY_BACK, (HEIGHT, WIDTH))
    scene = _detailed(pixels, HeatmapLayer.of(heatmap))
    sliding = Composer()
    for opacity, threshold in ((0.2, 0.1), (0.9, 0.1), (0.9, 0.6)):
        look = Look(opacity, threshold, "azure")
        other = Scene(scene.pyramid, Tone(), False, scene.heatmap, scene.detailed, look)
        slid = sliding.compose(other, VIEWS[2])
        assert (slid == Composer().compose(other, VIEWS[2])).all()


def test_above_four_times_pixels_are_squares_and_below_they_are_not() -> None:
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    pixels[::2] = 255
    near, less = (VIEWS[0].at_scale(scale) for scale in (6.0, 3.0))
    assert set(np.unique(Composer().compose(_scene(pixels), near)[..., :3])) == {0, 255}
    assert len(np.unique(Composer().compose(_scene(pixels), less)[..., :3])) > 2


def test_red_free_is_the_green_channel_as_grey() -> None:
    pixels = np.full((HEIGHT, WIDTH, 3), (200, 70, 20), np.uint8)
    shown = Composer().compose(_scene(pixels, red_free=True), VIEWS[3])
    assert (shown[..., :3] == 70).all()


def test_a_dimmed_photograph_has_57_per_cent_of_its_values() -> None:
    pixels = np.full((HEIGHT, WIDTH, 3), 200, np.uint8)
    shown = Composer().compose(_scene(pixels, tone=Tone(dimmed=True)), VIEWS[3])
    assert (shown[..., :3] == 114).all() and (shown[..., 3] == 255).all()


@pytest.mark.parametrize("map_shown", [True, False])
@pytest.mark.parametrize(
    "changes", [{}, {"tone": Tone(dimmed=True)}, {"red_free": True}, {"detailed": False}]
)
def test_a_view_is_opaque_everywhere(map_shown: bool, changes: dict) -> None:
    pixels = np.random.default_rng(9).integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)
    heatmap = HeatmapLayer.of(_peak(*LESION)) if map_shown else None
    scene = replace(_detailed(pixels, heatmap), **changes)
    assert (Composer().compose(scene, VIEWS[0])[..., 3] == 255).all()


def test_a_zoom_is_no_shift() -> None:
    assert whole_shift(VIEWS[0], VIEWS[0].zoomed(1.1, (10, 10))) is None
