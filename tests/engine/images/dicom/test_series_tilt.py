"""A tilted gantry and crooked directions, told by headers: mended and said."""

import math

import numpy as np
import pytest
from constructed import (
    detail,
    kinds,
    oblique,
    only,
    refused,
    slice_at,
    stack_at,
    turned,
)
from msgspec.structs import replace

from engine.images.dicom.header import Header
from engine.pictures import RepairKind
from engine.space import shear_of, to_patient


def _leaning(degrees: float, step: float, count: int, skip: tuple[int, ...] = ()) -> list[Header]:
    """As a tilted gantry writes: the table moves along z, the pictures lean about x."""
    return [
        slice_at((-10.0, -20.0, step * z), z + 1, turned(-degrees))
        for z in range(count)
        if z not in skip
    ]


def test_a_tilted_gantry_is_straightened_within_the_slices_planes() -> None:
    entry, plan = only(_leaning(14, 5, 4))
    assert kinds(entry) == [RepairKind.TILT]
    assert "14.0°" in detail(entry, RepairKind.TILT)
    # Three steps of 5 mm x sin 14 degrees are 7.26 pixels of 0.5 mm.
    assert entry.facts.grid.size == (40, 32 + 8, 4)
    assert entry.facts.grid.spacing == pytest.approx((0.5, 0.5, 5 * math.cos(math.radians(14))))
    assert plan.resampling is not None
    assert plan.shape == (1, 4, 32, 40)
    assert entry.facts.grid.affine is not None
    assert shear_of(entry.facts.grid.affine) == pytest.approx(0, abs=1e-6)
    assert entry.bytes_needed == 40 * 40 * 4 * 4  # as floats


@pytest.mark.parametrize("degrees", [14.0, -14.0])
def test_every_tilted_slice_lies_inside_the_straight_grid(degrees: float) -> None:
    headers = _leaning(degrees, 5, 4)
    entry, plan = only(headers)
    assert entry.facts.grid.affine is not None
    assert plan.resampling is not None
    for z, rows in enumerate(plan.resampling.affines):
        found = np.linalg.inv(entry.facts.grid.affine) @ np.array(rows) @ [0, 0, 0, 1]
        assert found[0] == pytest.approx(0, abs=1e-9)
        assert found[2] == pytest.approx(z, abs=1e-9)
        assert -1e-9 <= found[1] <= 8
        position = headers[z].first.position
        assert np.array(rows)[:3, 3] == pytest.approx(np.array(position), abs=1e-9)


def test_a_slice_may_be_missing_in_a_tilted_stack() -> None:
    entry, plan = only(_leaning(14, 5, 6, skip=(3,)))
    assert kinds(entry) == [RepairKind.TILT, RepairKind.MISSING_SLICES]
    assert entry.facts.grid.missing == (3,)
    assert entry.facts.grid.size[2] == 6
    assert plan.resampling is not None
    assert len(plan.resampling.affines) == 6
    assert plan.sources[0][3] is None


def test_a_tilt_that_only_the_header_names_is_said_and_not_mended() -> None:
    entry, _ = only(stack_at(range(4), gantry_tilt=-12.5))
    assert kinds(entry) == []
    assert "12.5°" in entry.facts.warnings[0]
    seen, _ = only([replace(each, gantry_tilt=14.0) for each in _leaning(14, 5, 4)])
    assert seen.facts.warnings == ()


def test_an_oblique_acquisition_is_not_tilted() -> None:
    assert kinds(only(oblique(18.5, 3, 3, 10, (0, 0, 0)))[0]) == []


def test_a_thin_stack_that_leans_by_less_than_half_a_pixel_is_tilted_too() -> None:
    headers = [slice_at((0.0, 0.05 * z, 0.5 * z), z) for z in range(4)]
    assert kinds(only(headers)[0]) == [RepairKind.TILT]


def test_a_leaning_that_no_pixel_shows_stays_in_the_affine() -> None:
    headers = [slice_at((0.0, 0.002 * z, 5.0 * z), z) for z in range(20)]
    entry, plan = only(headers)
    assert kinds(entry) == []
    assert plan.resampling is None
    assert entry.facts.grid.affine is not None
    found = to_patient(entry.facts.grid.affine, np.array([[0.0, 0.0, 19.0]]))[0]
    assert found.tolist() == pytest.approx([0, 0.038, 95])


def test_slices_that_are_shifted_each_by_its_own_way_are_laid_above_each_other() -> None:
    sideways = [0.0, 3.0, 1.0, 4.0, 0.5, 2.0]
    headers = [slice_at((x, 0.0, 5.0 * z), z) for z, x in enumerate(sideways)]
    entry, _ = only(headers)
    assert kinds(entry) == [RepairKind.SHEAR]
    assert entry.facts.grid.size == (40 + 8, 32, 6)


def test_slices_that_lie_nowhere_near_each_other_are_refused() -> None:
    sideways = (0.0, 30.0, 5.0, 35.0, 10.0, 40.0, 15.0, 0.0)
    headers = [slice_at((x, 0.0, 5.0 * z), z) for z, x in enumerate(sideways)]
    files = refused(headers)
    assert [file.path for file in files] == [header.path for header in headers]
    assert "sideways" in files[0].reason


def test_directions_written_with_few_digits_are_put_right_in_silence() -> None:
    entry, _ = only(stack_at(range(3), orientation=(0.7071, 0.7071, 0.0, -0.7071, 0.7071, 0.0)))
    assert kinds(entry) == []
    assert entry.facts.grid.affine is not None
    assert shear_of(entry.facts.grid.affine) == pytest.approx(0, abs=1e-6)
    assert np.linalg.norm(entry.facts.grid.affine[:3, 0]) == pytest.approx(0.5, abs=1e-12)


def test_crooked_directions_are_put_right_and_it_is_said() -> None:
    entry, _ = only(stack_at(range(3), orientation=(1.0, 0.0, 0.0, 0.01, 1.02, 0.0)))
    assert kinds(entry) == [RepairKind.ORIENTATION]


@pytest.mark.parametrize(
    "orientation",
    [(1.0, 0.0, 0.0, 1.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0, 0.5, 0.0), (2.0, 0.0, 0, 0, 2, 0)],
)
def test_directions_that_are_none_are_refused_with_what_was_found(
    orientation: tuple[float, ...],
) -> None:
    files = refused(stack_at(range(3), orientation=orientation))
    assert len(files) == 3
    assert "\\".join(f"{number:g}" for number in orientation) in files[0].reason


def test_a_head_that_turned_a_little_is_one_stack_and_it_is_said() -> None:
    headers = stack_at(range(10))
    own = replace(headers[4].first, orientation=turned(0.2))
    headers[4] = replace(headers[4], frames=(own,))
    entry, _ = only(headers)
    assert kinds(entry) == [RepairKind.ORIENTATION]
    assert "0.2°" in detail(entry, RepairKind.ORIENTATION)
