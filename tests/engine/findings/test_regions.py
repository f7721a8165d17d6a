"""The regions of a map: which there are, in which order, and what is left out."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.answers import Heatmap, Landmarks, Regions, Tint
from engine.findings.regions import find_regions
from engine.geometry import Circle, scaling
from engine.phantoms.eye import Lesion, Mark, PhantomEye, draw_eye
from engine.pictures import Laterality
from engine.preparation.field_of_view import FieldOfView, Method
from engine.preparation.fundus import way_back

SIZE = 112
FIELD = Circle(150.0, 140.0, 130.0)
BACK = scaling(2.37, 18.13, 8.21)
GREY = np.full((280, 300, 3), 120, np.uint8)


def found(values: NDArray[np.float32], **options: float) -> Regions:
    heatmap = Heatmap(values, BACK, (280, 300))
    chosen = {"threshold": 0.5, "smoothing": 0.0, **options}
    most = int(chosen.pop("most", 40))
    return find_regions(heatmap, FIELD, GREY, Landmarks(), most=most, **chosen)


def blank() -> NDArray[np.float32]:
    return np.zeros((SIZE, SIZE), np.float32)


def test_the_region_with_the_most_evidence_comes_first_with_its_share() -> None:
    values = blank()
    values[30:34, 30:34] = 1
    values[60:68, 60:64] = 1
    regions = found(values).regions
    assert [region.share for region in regions] == pytest.approx([2 / 3, 1 / 3])


def test_evidence_below_the_threshold_counts_in_the_total_alone() -> None:
    values = blank()
    values[30:34, 30:34] = 1
    values[60:64, 60:64] = 0.25
    (region,) = found(values).regions
    assert region.share == pytest.approx(0.8)


def test_pixels_that_touch_at_a_corner_are_one_region() -> None:
    values = blank()
    values[30:33, 30:33] = 1
    values[33:36, 33:36] = 1
    assert len(found(values).regions) == 1


def test_evidence_outside_the_assessed_circle_is_no_region() -> None:
    values = blank()
    values[0:4, 0:4] = 5
    values[50:54, 50:54] = 1
    (region,) = found(values).regions
    assert region.share == 1


def test_specks_are_counted_and_not_listed() -> None:
    values = np.zeros((448, 448), np.float32)
    values[100:110, 100:110] = 1
    values[200, 200:202] = 1
    heatmap = Heatmap(values, scaling(0.6, 18, 8), (280, 300))
    regions = find_regions(heatmap, FIELD, GREY, Landmarks(), threshold=0.5, smoothing=0)
    assert len(regions.regions) == 1
    assert regions.specks == 1
    assert regions.specks_share == pytest.approx(2 / 102)


def test_what_a_list_leaves_out_is_counted() -> None:
    values = blank()
    for index in range(6):
        values[40:42, 30 + 8 * index : 32 + 8 * index] = 1
    regions = found(values, most=4)
    assert len(regions.regions) == 4
    assert regions.rest == 2
    assert regions.rest_share == pytest.approx(1 / 3)


def test_crumbs_of_one_lesion_are_smoothed_into_one_region() -> None:
    values = blank()
    values[50:60:2, 50:60:2] = 1
    assert len(found(values).regions) == 25
    (region,) = found(values, smoothing=1.0).regions
    assert region.share == pytest.approx(1)


def test_a_gap_that_smoothing_fills_is_no_region_without_evidence() -> None:
    values = blank()
    values[50, [50, 52]] = 1
    assert found(values, threshold=0.999, smoothing=1.0).regions == ()


def test_an_empty_map_has_no_regions() -> None:
    assert found(blank()).regions == ()


def test_the_mask_is_the_map_s_own_pixels_on_the_photograph() -> None:
    values = blank()
    cv2.circle(values, (50, 60), 9, 1, -1)
    cv2.circle(values, (50, 60), 4, 0, -1)
    (region,) = found(values).regions
    y, x = np.mgrid[:280, :300]
    places = np.linalg.inv(BACK) @ np.stack([x.ravel(), y.ravel(), np.ones(x.size)])
    nearest = np.clip(np.rint(places), 0, SIZE - 1).astype(int)
    expected = values[nearest[1], nearest[0]].reshape(280, 300) > 0
    assert (region.mask((280, 300)) == expected).all()
    assert region.mask((280, 300)).sum() == pytest.approx(region.area, rel=0.02)


def test_the_outline_filled_is_the_mask() -> None:
    values = blank()
    cv2.circle(values, (50, 60), 9, 1, -1)
    cv2.circle(values, (50, 60), 4, 0, -1)
    right = int(np.flatnonzero(values[69])[-1])
    values[70:73, right + 1 : right + 4] = 1  # touches at a corner
    (region,) = found(values).regions
    scale = 16
    filled = np.zeros((280 * scale, 300 * scale), np.uint8)
    # Pixel centres at whole numbers: pixel i's middle is at scale * i + (scale - 1) / 2.
    lines = [np.rint((line + 0.5) * scale - 0.5).astype(np.int32) for line in region.outline]
    cv2.fillPoly(filled, lines, 1)
    middles = filled[scale // 2 :: scale, scale // 2 :: scale] > 0
    assert np.count_nonzero(middles != region.mask((280, 300))) <= 6
    left, top, right, bottom = region.box
    corners = np.concatenate(region.outline)
    assert (corners.min(axis=0) == (left, top)).all()
    assert (corners.max(axis=0) == (right, bottom)).all()


def test_centre_extent_and_box_are_on_the_photograph() -> None:
    values = blank()
    values[60:64, 40:50] = 1
    (region,) = found(values).regions
    assert region.centre == pytest.approx((2.37 * 44.5 + 18.13, 2.37 * 61.5 + 8.21))
    left, top, right, bottom = region.box
    assert (left, right) == pytest.approx((2.37 * 39.5 + 18.13, 2.37 * 49.5 + 18.13))
    assert (top, bottom) == pytest.approx((2.37 * 59.5 + 8.21, 2.37 * 63.5 + 8.21))
    assert region.extent == pytest.approx(2.37 * np.hypot(10, 4))


def test_the_summit_is_the_middle_of_the_strongest_pixel() -> None:
    values = blank()
    values[60:64, 40:50] = 0.8
    values[61, 47] = 1
    (region,) = found(values).regions
    assert region.summit == pytest.approx((2.37 * 47 + 18.13, 2.37 * 61 + 8.21))


def test_the_thumbnail_holds_the_region_and_stays_in_the_picture() -> None:
    values = blank()
    values[40:70, 2:32] = 1
    (region,) = found(values).regions
    left, top, right, bottom = region.thumbnail
    assert left == 0 and region.box[2] < right <= 300
    assert 0 <= top < region.box[1] and region.box[3] < bottom <= 280


def lesion_map(eye: PhantomEye, kind: Lesion, size: int) -> Heatmap:
    """What a perfect network of ``size`` pixels would show: how much of each pixel is lesion."""
    field = FieldOfView(eye.field.x, eye.field.y, 2 * eye.field.radius, Method.CIRCLE)
    back = way_back(field, size)
    step = float(back[0, 0])
    shape = (eye.pixels.shape[0], eye.pixels.shape[1])
    values = np.zeros((size, size), np.float32)
    y, x = np.nonzero(eye.lesions[kind])
    column = np.rint((x - back[0, 2]) / step).astype(int)
    row = np.rint((y - back[1, 2]) / step).astype(int)
    np.add.at(values, (row, column), 1 / step**2)
    return Heatmap(values, back, shape)


def test_a_region_ends_where_the_photograph_does() -> None:
    values = blank()
    values[:, 50:60] = 1
    heatmap = Heatmap(values, BACK, (201, 300))
    (region,) = find_regions(heatmap, FIELD, GREY[:201], Landmarks(), threshold=0.5).regions
    _, top, _, bottom = region.box
    assert bottom == 200.5
    corners = np.concatenate(region.outline)
    assert (corners[:, 1].min(), corners[:, 1].max()) == (top, bottom)


@pytest.mark.parametrize("width", [600, 1000, 1600])
@pytest.mark.parametrize("laterality", list(Laterality))
def test_a_drawn_lesion_is_in_the_list_where_it_was_drawn(
    width: int, laterality: Laterality
) -> None:
    marks = [
        Mark(Lesion.HARD_EXUDATE, -0.1, 0.45, 0.04),
        Mark(Lesion.HARD_EXUDATE, 0.2, -0.4, 0.025),
    ]
    eye = draw_eye(3, lesions=marks, laterality=laterality, width=width)
    heatmap = lesion_map(eye, Lesion.HARD_EXUDATE, 224)
    landmarks = Landmarks(disc=eye.disc, fovea=eye.fovea)
    regions = find_regions(heatmap, eye.field, eye.pixels, landmarks).regions
    assert len(regions) == 2
    assert regions[0].share > regions[1].share
    for region, mark in zip(regions, marks, strict=True):
        x = eye.field.x + mark.x * eye.field.radius
        y = eye.field.y + mark.y * eye.field.radius
        assert np.hypot(region.centre[0] - x, region.centre[1] - y) < 0.01 * eye.field.radius
        assert region.tint is Tint.BRIGHT
        beside, below = x - eye.fovea[0], y - eye.fovea[1]
        assert region.position.from_fovea is not None
        assert region.position.from_fovea.diameters == pytest.approx(
            np.hypot(beside, below) / (2 * eye.disc.radius), abs=0.05
        )


def test_a_drawn_haemorrhage_is_red() -> None:
    eye = draw_eye(3, lesions=[Mark(Lesion.HAEMORRHAGE, 0.0, 0.4, 0.03)], width=800)
    heatmap = lesion_map(eye, Lesion.HAEMORRHAGE, 224)
    (region,) = find_regions(heatmap, eye.field, eye.pixels, Landmarks()).regions
    assert region.tint is Tint.RED


def test_a_place_with_no_lesion_has_no_clear_colour() -> None:
    values = blank()
    values[50:60, 50:60] = 1
    assert found(values).regions[0].tint is Tint.UNCLEAR
