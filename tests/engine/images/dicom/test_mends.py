"""Slices laid straight, against a drawn field whose values are known everywhere."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from constructed import planned, slice_at, stack_at, turned
from msgspec.structs import replace

from engine.errors import Cancelled
from engine.images.dicom.header import Header
from engine.images.dicom.mends import resample, resampled_slices
from engine.images.plan import DicomPlan, Planned
from engine.pictures import Grid
from engine.task import Task


def _field(affine: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A value to every pixel (x, y, 0) of a picture: linear in space, so that it interpolates."""
    y, x = np.mgrid[: size[1], : size[0]]
    places = np.stack([x, y, np.zeros_like(x), np.ones_like(x)]) * 1.0
    p, q, r, _ = np.tensordot(affine, places, 1)
    return 500 + 2 * p - 3 * q + 4 * r


def _drawn(headers: Sequence[Header], dtype: str = "float64") -> tuple[Planned, np.ndarray]:
    plan = planned(headers)
    assert isinstance(plan.plan, DicomPlan)
    assert plan.plan.resampling is not None
    slices = [_field(np.array(rows), (40, 32)) for rows in plan.plan.resampling.affines]
    return plan, np.array([slices]).astype(dtype)


def _truth(grid: Grid) -> np.ndarray:
    assert grid.affine is not None
    onward = grid.affine[:, 2]
    slices = []
    for z in range(grid.size[2]):
        affine = grid.affine.copy()
        affine[:, 3] += z * onward
        slices.append(_field(affine, grid.size[:2]))
    return np.array(slices)


def _leaning(skip: int | None = None) -> list[Header]:
    return [slice_at((-10.0, -20.0, 5.0 * z), z + 1, turned(-14)) for z in range(5) if z != skip]


def test_a_tilted_stack_is_right_wherever_there_was_a_slice() -> None:
    plan, raw = _drawn(_leaning())
    values = resample(raw, plan)[0]
    truth = _truth(plan.facts.grid)
    for own, expected in zip(values, truth, strict=True):
        rows = np.flatnonzero(np.isfinite(own).all(axis=1))
        assert len(rows) in (31, 32)
        # The outermost rows may reach half a pixel beyond the slice's own, and repeat these.
        assert own[rows[1:-1]] == pytest.approx(expected[rows[1:-1]], abs=1e-3)


def test_the_first_tilted_slice_keeps_every_value() -> None:
    plan, raw = _drawn(_leaning())
    values = resample(raw, plan)[0]
    rows = np.flatnonzero(np.isfinite(values[-1]).all(axis=1))
    whole = np.array(raw[0, 0])
    first = np.flatnonzero(np.isfinite(values[0]).all(axis=1))
    # One end of the stack lies on the grid's own rows.
    ends = [values[0][first], values[-1][rows]]
    assert any(end.shape == whole.shape for end in ends)


def _by_hand(plan: Planned, raw: np.ndarray, headers: Sequence[Header], voxel: Sequence[int]):  # type: ignore[no-untyped-def]
    """The value of a voxel between the four pixels around its place in the slice of its depth."""
    x, y, z = voxel
    place = plan.facts.grid.affine @ [x, y, z, 1]  # type: ignore[operator]
    own = headers[z].first
    across, down = np.array(own.orientation).reshape(2, 3)
    offset = place[:3] - np.array(own.position)
    assert np.cross(across, down) @ offset == pytest.approx(0, abs=1e-9)
    column, row = offset @ across / 0.5, offset @ down / 0.5
    if not (0 <= column <= 39 and 0 <= row <= 31):
        return None
    left, top = min(int(column), 38), min(int(row), 30)
    part_x, part_y = column - left, row - top
    four = raw[0, z, top : top + 2, left : left + 2]
    return (1 - part_y, part_y) @ four @ (1 - part_x, part_x)


def test_every_voxel_of_a_tilted_stack_is_what_it_is_by_hand() -> None:
    headers = _leaning()
    plan, raw = _drawn(headers)
    raw = np.random.default_rng(3).normal(size=raw.shape)
    values = resample(raw, plan)[0]
    checked = 0
    for z, y, x in np.random.default_rng(4).integers(0, values.shape, (400, 3)).tolist():
        expected = _by_hand(plan, raw, headers, (x, y, z))
        if expected is not None:
            assert values[z, y, x] == pytest.approx(expected, abs=1e-9)
            checked += 1
    assert checked > 200


def test_a_missing_slice_stays_blank_in_a_tilted_stack() -> None:
    plan, raw = _drawn(_leaning(skip=2))
    values = resample(raw, plan)[0]
    assert np.isnan(values[2]).all()
    assert np.isfinite(values[3]).any()


def test_uneven_slices_are_right_between_each_other() -> None:
    plan, raw = _drawn(stack_at([0, 2, 4, 7, 9, 12]))
    values = resample(raw, plan)[0]
    assert values.shape == (7, 32, 40)
    assert values == pytest.approx(_truth(plan.facts.grid), abs=1e-3)


def test_a_slice_that_lies_at_its_place_is_not_blurred() -> None:
    plan, raw = _drawn(stack_at([0, 2, 4, 7, 9, 12]))
    raw[0, 1] += np.random.default_rng(0).normal(size=(32, 40))
    assert resample(raw, plan)[0, 1] == pytest.approx(raw[0, 1], abs=1e-9)


def test_nothing_is_interpolated_from_a_slice_that_a_frame_lacks() -> None:
    depths = [0, 2, 4, 7, 9, 12]
    volumes = [*stack_at(depths), *stack_at(depths, first=7)]
    volumes = [
        replace(each, acquisition_number=1 + number // 6) for number, each in enumerate(volumes)
    ]
    del volumes[9]
    plan = planned(volumes)
    assert isinstance(plan.plan, DicomPlan)
    values = resample(np.full(plan.plan.shape, 7.0), plan)
    assert (values[0] == 7).all()
    assert [bool((slice_ == 7).all()) for slice_ in values[1]] == [True] * 3 + [False] * 2 + [
        True
    ] * 2


def test_whole_numbers_become_floats_and_are_not_rounded() -> None:
    plan, raw = _drawn(_leaning())
    whole = np.rint(raw).astype(np.int16)
    values = resample(whole, plan)
    assert values.dtype == np.float32
    exact = resample(whole.astype(np.float64), plan)
    assert np.nanmax(np.abs(values - exact)) < 1e-3


def test_what_was_never_acquired_is_told_from_air() -> None:
    plan, raw = _drawn(_leaning())
    values = resample(np.full(raw.shape, -1024, np.int16), plan)[0]
    assert np.isnan(values[0]).any()
    assert (values[np.isfinite(values)] == -1024).all()
    assert plan.facts.interpolated


def test_padding_does_not_flow_into_what_was_measured() -> None:
    headers = [replace(each, padding=-2000.0, signed=True, bits_stored=16) for each in _leaning()]
    plan, raw = _drawn(headers)
    assert isinstance(plan.plan, DicomPlan)
    whole = np.full(raw.shape, 40, np.int16)
    whole[..., :10] = plan.plan.resampling.padding  # type: ignore[union-attr]
    values = resample(whole, plan)
    assert np.isnan(values[..., :10]).all()
    assert set(np.unique(values[np.isfinite(values)])) == {40}


def test_numbers_beyond_24_bits_are_kept_apart() -> None:
    plan, raw = _drawn(stack_at([0, 2, 4, 7, 9, 12]))
    large = np.full(raw.shape, 2**30 + 1, np.int32)
    assert (resample(large, plan) == 2**30 + 1).all()


def test_colours_are_moved_alike() -> None:
    plan, raw = _drawn(_leaning())
    grey = np.clip(np.rint((raw - raw.min()) / np.ptp(raw) * 255), 0, 255).astype(np.uint8)
    colours = np.stack([grey] * 3, axis=-1)
    found = resample(colours, plan)
    assert found.shape == (1, 5, plan.facts.grid.size[1], 40, 3)
    assert (found[..., 0] == found[..., 2]).all()
    assert math.isclose(found.max(), 255)


def test_every_frame_is_moved() -> None:
    volumes = [
        *_leaning(),
        *(slice_at((-10.0, -20.0, 5.0 * z), 10 + z, turned(-14)) for z in range(5)),
    ]
    plan = planned(volumes)
    assert isinstance(plan.plan, DicomPlan)
    raw = np.random.default_rng(1).normal(size=plan.plan.shape)
    values = resample(raw, plan)
    swapped = resample(raw[::-1].copy(), plan)
    assert values == pytest.approx(swapped[::-1], nan_ok=True)


def test_it_can_be_cancelled_between_slices() -> None:
    plan, raw = _drawn(_leaning())
    task = Task()
    slices = resampled_slices(raw, plan, task)
    next(slices)
    task.cancel()
    with pytest.raises(Cancelled):
        next(slices)
