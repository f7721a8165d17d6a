"""What becomes of a series, told by its headers: sorted, one slice missing, double or uneven."""

import random

import numpy as np
import pytest
from constructed import (
    AXIAL,
    CORONAL,
    SAGITTAL,
    detail,
    entries,
    kinds,
    numbers,
    oblique,
    only,
    refused,
    slice_at,
    stack_at,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.images.dicom.header import Header
from engine.images.dicom.series import plan_series
from engine.images.plan import DicomPlan
from engine.pictures import RepairKind
from engine.space import to_patient


def _positions(plan: DicomPlan, headers: list[Header]) -> list[tuple[float, float, float]]:
    told = {header.path: header.first.position for header in headers}
    return [told[each.path] for each in plan.sources[0] if each]  # type: ignore[misc]


def test_slices_are_sorted_along_their_normal_and_not_by_number() -> None:
    entry, plan = only(stack_at([30, 10, 20, 0]))
    assert numbers(plan) == [[4, 2, 3, 1]]
    assert entry.facts.grid.size == (40, 32, 4)
    assert entry.facts.grid.spacing == (0.5, 0.5, 10)
    assert entry.facts.grid.orientation == "LPS"
    assert kinds(entry) == []


def test_rows_and_columns_are_not_mixed_up() -> None:
    entry, plan = only(stack_at([0, 1], pixel_spacing=(0.75, 0.25)))
    assert entry.facts.grid.spacing == (0.25, 0.75, 1)
    assert plan.shape == (1, 2, 32, 40)


def test_the_patients_way_into_the_scanner_changes_nothing() -> None:
    # Feet first, a scanner numbers from the head down; positions are in the patient all the same.
    down = only(stack_at([-10, -20, -30], spacing_between=-10.0))
    up = only(stack_at([-30, -20, -10], spacing_between=10.0))
    assert down[0].facts.grid == up[0].facts.grid
    assert down[0].facts.grid.affine is not None
    assert down[0].facts.grid.affine[2].tolist() == [0, 0, 10, -30]


def test_distance_is_measured_and_never_the_thickness() -> None:
    entry, _ = only(stack_at([0, 8.75, 17.5], slice_thickness=7.0, spacing_between=7.0))
    assert entry.facts.grid.spacing[2] == 8.75


def test_one_slice_has_a_place_and_no_distance() -> None:
    entry, _ = only([slice_at((1, 2, 3), slice_thickness=5.0, spacing_between=5.0)])
    assert entry.facts.grid.spacing == (0.5, 0.5, None)
    assert entry.facts.grid.orientation == "LPS"
    assert entry.facts.grid.affine is not None
    assert entry.facts.grid.affine[:3, 3].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("orientation", "expected"), [(AXIAL, "LPS"), (CORONAL, "LIP"), (SAGITTAL, "PIR")]
)
def test_the_stack_grows_along_the_normal(orientation: tuple[float, ...], expected: str) -> None:
    normal = np.cross(orientation[:3], orientation[3:])
    places = [tuple((normal * depth).tolist()) for depth in (0.0, 4.0, 8.0)]
    entry, _ = only(slice_at(each, n, orientation) for n, each in enumerate(places, 1))  # type: ignore[arg-type]
    assert entry.facts.grid.orientation == expected
    assert entry.facts.grid.affine is not None
    assert np.linalg.det(entry.facts.grid.affine[:3, :3]) > 0


@settings(deadline=None)
@given(
    st.floats(-89, 89),
    st.floats(-180, 180),
    st.floats(0.1, 12),
    st.integers(1, 12),
    st.tuples(st.floats(-500, 500), st.floats(-500, 500), st.floats(-900, 900)),
    st.randoms(use_true_random=False),
)
def test_any_order_makes_one_plan_whose_grid_holds_every_position(
    lean: float,
    turn: float,
    step: float,
    count: int,
    first: tuple[float, float, float],
    chance: random.Random,
) -> None:
    headers = oblique(lean, turn, step, count, first)
    whole = plan_series(headers)
    chance.shuffle(headers)
    assert plan_series(headers) == whole
    entry, plan = only(headers)
    assert kinds(entry) == []
    assert entry.facts.grid.affine is not None
    voxels = np.array([(0.0, 0.0, z) for z in range(count)])
    found = to_patient(entry.facts.grid.affine, voxels)
    assert found == pytest.approx(np.array(_positions(plan, headers)), abs=1e-6)
    corner = to_patient(entry.facts.grid.affine, np.array([[39.0, 31.0, 0.0]]))[0]
    across, down = np.array(headers[0].first.orientation).reshape(2, 3)
    expected = np.array(_positions(plan, headers)[0]) + 39 * 0.5 * across + 31 * 0.5 * down
    assert corner == pytest.approx(expected, abs=1e-6)


@settings(deadline=None, max_examples=30)
@given(st.integers(4, 30), st.data())
def test_one_slice_that_is_left_out_leaves_one_blank(count: int, data: st.DataObject) -> None:
    lost = data.draw(st.integers(1, count - 2))
    headers = stack_at(range(0, 3 * count, 3))
    del headers[lost]
    entry, plan = only(headers)
    assert kinds(entry) == [RepairKind.MISSING_SLICES]
    assert entry.facts.grid.missing == (lost,)
    assert entry.facts.grid.size[2] == count
    assert plan.sources[0][lost] is None
    assert entry.pictures == count - 1


def test_what_is_said_of_missing_slices_names_them_as_the_window_counts() -> None:
    headers = stack_at([0, 1, 2, 5, 6, 8, 9, 10, 11])
    told = detail(only(headers)[0], RepairKind.MISSING_SLICES)
    assert told.startswith(
        "3 slices are missing, between slices 4 and 6 (2 mm apart), 7 and 10 (3 mm apart); "
        "the others lie 1 mm apart. Blank slices stand there"
    )


@settings(deadline=None, max_examples=30)
@given(st.integers(2, 20), st.data())
def test_a_slice_that_is_there_twice_is_used_once(count: int, data: st.DataObject) -> None:
    headers = stack_at(range(count))
    twice = data.draw(st.integers(0, count - 1))
    copy = replace(headers[twice], path="/study/copy.dcm")
    entry, plan = only([copy, *headers])
    assert kinds(entry) == [RepairKind.DUPLICATE_SLICES]
    assert entry.facts.grid.size[2] == count
    assert len(plan.sources) == 1
    assert detail(entry, RepairKind.DUPLICATE_SLICES).startswith("1 file is a copy")


def test_a_folder_that_was_copied_is_one_series() -> None:
    headers = stack_at(range(5))
    copies = [replace(header, path=f"/copy{header.path}") for header in headers]
    entry, _ = only([*headers, *copies])
    assert detail(entry, RepairKind.DUPLICATE_SLICES).startswith("5 files are copies")


def test_one_identifier_for_all_files_hides_none_of_them() -> None:
    headers = [replace(header, sop_instance="1.1") for header in stack_at(range(5))]
    assert only(headers)[0].facts.grid.size[2] == 5


def test_pages_without_a_place_may_share_an_identifier() -> None:
    pages = [
        slice_at(None, 1, None, path=f"/{n}", modality="OT", sop_instance="1", bits_allocated=n)
        for n in (8, 16, 32)
    ]
    assert only(pages)[0].pictures == 3


def test_a_page_that_was_compressed_is_a_copy() -> None:
    page = slice_at(None, 1, None, modality="OT", sop_instance="1")
    copy = replace(page, path="/small.dcm", transfer_syntax="1.2.840.10008.1.2.5")
    assert only([page, copy])[0].pictures == 1


def test_pages_without_a_place_that_say_the_same_are_not_taken_for_copies() -> None:
    pages = [slice_at(None, 1, None, path=f"/{n}", modality="OT") for n in range(3)]
    assert only(pages)[0].pictures == 3


def test_pictures_without_numbers_that_say_the_same_are_not_taken_for_copies() -> None:
    first, second = stack_at([0, 0])
    entry, _ = only([replace(each, instance_number=None) for each in (first, second)])
    assert len(entry.facts.frames) == 2


def test_two_reconstructions_are_told_apart_by_their_kernels() -> None:
    soft = stack_at(range(3), kernel="B30f", sop_instance="2")
    sharp = [
        replace(each, path=f"/sharp{each.path}", kernel="B70f", sop_instance=f"1.{number}")
        for number, each in enumerate(stack_at(range(3)))
    ]
    soft = [replace(each, sop_instance=f"2.{number}") for number, each in enumerate(soft)]
    entry, plan = only([*soft, *sharp])
    assert entry.facts.frames == ("kernel B70f", "kernel B30f")
    assert [{each.path[:6] for each in row if each} for row in plan.sources] == [
        {"/sharp"},
        {"/study"},
    ]
    assert kinds(entry) == [RepairKind.SEVERAL_PER_POSITION]


def test_uneven_slices_are_interpolated_and_it_is_said() -> None:
    entry, plan = only(stack_at([0, 2, 4, 7, 9, 12]))
    assert kinds(entry) == [RepairKind.UNEVEN_GAPS]
    assert plan.resampling is not None
    assert len(plan.resampling.affines) == 6
    assert entry.facts.grid.size == (40, 32, 7)
    assert entry.facts.grid.spacing[2] == 2
    assert plan.shape == (1, 6, 32, 40)
    assert "2 to 3 mm" in detail(entry, RepairKind.UNEVEN_GAPS)


def test_almost_even_slices_are_left_as_they_are_and_it_is_said() -> None:
    entry, plan = only(stack_at([0, 5, 10.1, 15, 20]))
    assert kinds(entry) == [RepairKind.UNEVEN_GAPS]
    assert plan.resampling is None
    assert entry.facts.grid.spacing[2] == 5
    assert "0.1 mm from its place" in detail(entry, RepairKind.UNEVEN_GAPS)


def test_two_regions_are_two_entries() -> None:
    found = entries(stack_at([*range(10), *range(200, 205)]))
    assert [entry.facts.grid.size[2] for entry in found] == [10, 5]
    assert [entry.title for entry in found] == [
        "4 Lung 5 mm, part 1 of 2",
        "4 Lung 5 mm, part 2 of 2",
    ]
    assert all(kinds(entry) == [RepairKind.SEVERAL_BLOCKS] for entry in found)
    assert "up to 191 mm apart" in detail(found[0], RepairKind.SEVERAL_BLOCKS)
    assert len({entry.key for entry in found}) == 2


def test_stations_beside_each_other_are_entries_of_their_own() -> None:
    # A whole body in coronal pictures: at each depth one of the chest and one of the legs.
    headers = [
        slice_at((-10.0, float(depth), height), number, CORONAL)
        for number, (height, depth) in enumerate((h, d) for h in (0.0, -400.0) for d in range(6))
    ]
    found = entries(headers)
    assert [entry.facts.grid.size for entry in found] == [(40, 32, 6)] * 2
    assert all(kinds(entry) == [RepairKind.SEVERAL_BLOCKS] for entry in found)


def test_slices_that_lie_anyhow_are_shown_one_after_the_other() -> None:
    entry, plan = only(stack_at([0, 7, 29, 88, 203, 388, 701, 1404, 2805]))
    assert kinds(entry) == [RepairKind.SEVERAL_BLOCKS]
    assert entry.facts.grid.rows is None
    assert numbers(plan) == [[number] for number in range(1, 10)]


def test_two_slices_far_beside_each_other_are_no_stack() -> None:
    found = entries([slice_at((0, 0, 0), 1), slice_at((12, 0, 5), 2)])
    assert [entry.facts.grid.size for entry in found] == [(40, 32, 1)] * 2
    assert all(kinds(entry) == [RepairKind.SEVERAL_BLOCKS] for entry in found)


def test_pictures_strewn_over_a_plane_are_refused() -> None:
    headers = [slice_at((50.0 * n, 0, 0), n) for n in range(1, 12)]
    files = refused(headers)
    assert len(files) == 11
    assert "11 places" in files[0].reason
