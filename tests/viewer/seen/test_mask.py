"""A mask lies on its voxels, whichever way its axes run, or is refused by what differs."""

from dataclasses import replace
from itertools import permutations, product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.errors import Refusal
from engine.pictures import FrameAxis, Grid, VolumeFacts, grid_of
from viewer.seen.label_colours import LABEL_COLOURS
from viewer.seen.mask import mask_onto

SIZE = (9, 8, 7)
SERIES = np.array(
    [[0.7, 0.1, 0, -90.5], [-0.1, 0.7, 0, 126.25], [0, 0, 3, -72], [0, 0, 0, 1]], np.float64
)
ONTO = VolumeFacts(grid_of(SERIES, SIZE))


def labels() -> NDArray[np.uint8]:
    """(z, y, x)."""
    values = np.zeros(SIZE[::-1], np.uint8)
    values[1:4, 2:5, 3:6] = 1
    values[5, 6, 7] = 4
    return values


def told(values: NDArray[Any], affine: Any = SERIES, onto: VolumeFacts = ONTO) -> Any:
    facts = VolumeFacts(grid_of(affine, values.shape[::-1]))
    return mask_onto(values[None], facts, onto, "mask.nii.gz")


def refused(*arguments: Any, **options: Any) -> str:
    with pytest.raises(Refusal) as caught:
        told(*arguments, **options)
    return caught.value.why


def test_labels_keep_their_voxels_and_are_counted() -> None:
    mask = told(labels())
    np.testing.assert_array_equal(mask.overlay.values, np.where(labels() == 4, 2, labels()))
    assert [(each.number, each.voxels, each.place) for each in mask.labels] == [
        (1, 27, 0),
        (4, 1, 1),
    ]
    assert mask.millilitres == pytest.approx(0.5 * 3 / 1000)
    assert mask.overlay.name == "mask.nii.gz"
    assert mask.overlay.labels


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("signs", list(product((1, -1), repeat=3)))
def test_a_mask_whose_axes_run_otherwise_lies_on_the_same_voxels(
    order: tuple[int, int, int], signs: tuple[int, int, int]
) -> None:
    """Its voxel (i, j, k) is that voxel of the series which its affine says."""
    size = [SIZE[axis] for axis in order]
    to_series = np.zeros((4, 4))
    to_series[3, 3] = 1
    for own, axis in enumerate(order):
        to_series[axis, own] = signs[own]
        to_series[axis, 3] = 0 if signs[own] > 0 else SIZE[axis] - 1
    stored = np.zeros(size[::-1], np.uint8)
    for i, j, k in np.ndindex(*size):
        x, y, z = (to_series @ (i, j, k, 1))[:3].astype(int)
        stored[k, j, i] = labels()[z, y, x]
    mask = told(stored, SERIES @ to_series)
    np.testing.assert_array_equal(mask.overlay.values, told(labels()).overlay.values)


def test_what_single_precision_leaves_is_the_same_grid() -> None:
    near = SERIES.astype(np.float32).astype(float)
    near[:3, 3] += 0.05
    assert told(labels(), near).labels == told(labels()).labels


def test_a_grid_that_differs_is_refused_by_what_differs() -> None:
    far = SERIES.copy()
    far[0, 3] += 12.4
    assert refused(labels(), far) == "It lies on another grid: it lies 12.4 mm beside the series."
    assert "it has 9 × 8 × 5 voxels and the series 9 × 8 × 7" in refused(labels()[:5])
    thick = SERIES @ np.diag([1, 1, 2, 1])
    words = "its voxels are 0.707 × 0.707 × 6 mm and the series' 0.707 × 0.707 × 3 mm"
    assert words in refused(labels(), thick)
    angle = np.radians(10)
    turn = np.eye(4)
    turn[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    assert "it is turned by 10.0° against the series" in refused(labels(), turn @ SERIES)
    angle = np.radians(45)
    turn[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    assert "turned" in refused(labels(), SERIES @ turn)


def test_another_frame_of_reference_is_refused() -> None:
    facts = replace(ONTO, frame_of_reference="1.2.3")
    with pytest.raises(Refusal, match="another frame of reference"):
        mask_onto(labels()[None], facts, replace(ONTO, frame_of_reference="1.2.4"), "")
    mask_onto(labels()[None], facts, facts, "")
    mask_onto(labels()[None], ONTO, facts, "")


def test_without_a_place_in_the_patient_size_and_spacing_are_compared() -> None:
    bare = VolumeFacts(Grid(SIZE, (1.0, 1.0, None)))
    mask = mask_onto(labels()[None], bare, bare, "")
    assert mask.millilitres is None
    with pytest.raises(Refusal, match=r"1 × 1 × unknown mm and the series' 1 × 2 × unknown mm"):
        mask_onto(labels()[None], bare, VolumeFacts(Grid(SIZE, (1.0, 2.0, None))), "")
    with pytest.raises(Refusal, match="The mask's file does not say how it lies"):
        mask_onto(labels()[None], bare, ONTO, "")
    with pytest.raises(Refusal, match="This series does not say how it lies"):
        mask_onto(labels()[None], ONTO, bare, "")


@pytest.mark.parametrize("dtype", ["bool", "i1", "u2", "i4", "u8", "f4", "f8"])
def test_whole_numbers_of_every_type_are_labels_and_what_is_below_0_is_not(dtype: str) -> None:
    values = (labels() > 0).astype(dtype)
    if np.dtype(dtype).kind in "if":
        values[0, 0, 0] = -5
    assert [(each.number, each.voxels) for each in told(values).labels] == [(1, 28)]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (labels() * 0.5, "values that are not whole numbers (0.5)"),
        (np.where(labels() > 0, np.nan, 0), "not whole numbers (no numbers)"),
        (np.where(labels() > 0, np.inf, 0), "above 1,048,576"),
        (np.zeros(SIZE[::-1], np.uint8), "no value above 0"),
        (labels().astype(np.int64) * 2**40, "above 1,048,576"),
    ],
)
def test_what_is_no_mask_is_refused(values: NDArray[Any], words: str) -> None:
    assert words in refused(values)


def test_a_picture_is_not_taken_for_a_mask() -> None:
    size = (20, 20, 20)
    values = np.arange(8000, dtype=np.int16).reshape(size)
    onto = VolumeFacts(grid_of(np.eye(4), size))
    assert "7,999 different values" in refused(values, np.eye(4), onto)


def test_colours_and_several_frames_are_refused() -> None:
    with pytest.raises(Refusal, match="colours"):
        mask_onto(np.zeros((1, *SIZE[::-1], 3), np.uint8), replace(ONTO, colour=True), ONTO, "")
    facts = replace(ONTO, frames=("1", "2"), frame_axis=FrameAxis.TIME)
    with pytest.raises(Refusal, match="2 frames"):
        mask_onto(np.zeros((2, *SIZE[::-1]), np.uint8), facts, ONTO, "")


def test_colours_begin_again_after_the_last() -> None:
    values = np.zeros(SIZE[::-1], np.uint8)
    values[0, 0] = np.arange(9)
    painted = told(values).overlay.values[0, 0]
    assert painted.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 1]
    assert len(LABEL_COLOURS) == 7
