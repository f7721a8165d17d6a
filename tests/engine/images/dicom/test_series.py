"""What becomes of a series, told by its headers: parted, sorted, mended, refused."""

import math
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
    only,
    refused,
    slice_at,
    stack_at,
    turned,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.images.dicom.header import FrameHeader, Header
from engine.images.dicom.series import plan_series
from engine.images.plan import DicomPlan, PhotographPlan
from engine.listing import SeriesKind
from engine.pictures import FrameAxis, RepairKind
from engine.space import shear_of, to_patient


def _positions(plan: DicomPlan, headers: list[Header]) -> list[tuple[float, float, float]]:
    told = {header.path: header.first.position for header in headers}
    return [told[each.path] for each in plan.sources[0] if each]  # type: ignore[misc]


# ---- order and place


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


def _oblique(
    lean: float, turn: float, step: float, count: int, first: tuple[float, float, float]
) -> list[Header]:
    orientation = turned(lean, turn)
    normal = np.cross(orientation[:3], orientation[3:])
    places = np.array(first) + np.outer(np.arange(count), step * normal)
    return [
        slice_at(tuple(place), number, orientation) for number, place in enumerate(places.tolist())
    ]


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
    headers = _oblique(lean, turn, step, count, first)
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


# ---- missing, double, uneven


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
        "3 slices are missing, between slices 3 and 6 (3 mm apart), 7 and 9 (2 mm apart); "
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


# ---- planes, sizes, patients


def test_three_planes_in_one_series_are_three_entries() -> None:
    headers = [
        *(slice_at((float(x), -8.0, 8.0), x, SAGITTAL) for x in range(1, 4)),
        *(slice_at((-10.0, float(y), 8.0), y, CORONAL) for y in range(4, 9)),
        *(slice_at((-10.0, -8.0, float(z)), z, AXIAL) for z in range(9, 14)),
    ]
    found = entries(headers)
    assert {entry.facts.grid.orientation: entry.facts.grid.size[2] for entry in found} == {
        "PIR": 3,
        "LIP": 5,
        "LPS": 5,
    }
    assert {entry.title for entry in found} == {
        "4 Lung 5 mm, sagittal",
        "4 Lung 5 mm, coronal",
        "4 Lung 5 mm, axial",
    }
    told = detail(found[0], RepairKind.SEVERAL_PLANES)
    assert "3 planes" in told
    assert "sagittal (3)" in told


def test_a_scout_before_its_slices_is_listed_apart() -> None:
    scout = slice_at((-200, 0, 50), 100, CORONAL, image_type=("ORIGINAL", "PRIMARY", "LOCALIZER"))
    found = entries([scout, *stack_at(range(8))])
    assert sorted(entry.facts.grid.size[2] for entry in found) == [1, 8]
    assert all(RepairKind.SEVERAL_PLANES in kinds(entry) for entry in found)


def test_two_planes_of_one_name_have_titles_of_their_own() -> None:
    headers = [
        *(slice_at((0.0, 0.0, float(z)), z, turned(0)) for z in (1, 2)),
        *(slice_at((0.0, 0.0, float(z)), z, turned(20)) for z in (3,)),
    ]
    assert {entry.title for entry in entries(headers)} == {
        "4 Lung 5 mm, axial (1)",
        "4 Lung 5 mm, axial (2)",
    }


def test_a_pilot_of_one_picture_to_each_plane_keeps_their_places() -> None:
    pilot = [slice_at((0, 0, 0), n, plane) for n, plane in enumerate((AXIAL, CORONAL, SAGITTAL))]
    assert {entry.facts.grid.orientation for entry in entries(pilot)} == {"LPS", "LIP", "PIR"}


def test_turning_projections_are_shown_one_after_the_other() -> None:
    headers = [
        slice_at((float(number), 0.0, 0.0), number, turned(5.0 * number)) for number in range(1, 10)
    ]
    entry, plan = only(headers)
    assert kinds(entry) == [RepairKind.SEVERAL_PLANES]
    assert entry.facts.grid.size == (40, 32, 1)
    assert entry.facts.grid.rows is None
    assert entry.facts.grid.spacing == (0.5, 0.5, None)
    assert entry.facts.frame_axis is FrameAxis.IMAGE
    assert numbers(plan) == [[number] for number in range(1, 10)]


def test_sizes_are_not_mixed() -> None:
    large = [
        replace(header, rows=64, columns=64, path=f"/large{header.path}", sop_instance="")
        for header in stack_at(range(3), first=20)
    ]
    found = entries([*stack_at(range(5)), *large])
    assert sorted(entry.facts.grid.size for entry in found) == [(40, 32, 5), (64, 64, 3)]
    assert all(kinds(entry) == [RepairKind.SEVERAL_SIZES] for entry in found)
    assert {entry.title for entry in found} == {"4 Lung 5 mm, 40 × 32", "4 Lung 5 mm, 64 × 64"}


def test_a_colour_page_among_slices_is_listed_apart() -> None:
    page = slice_at(None, 99, None, samples=3, photometric="RGB", pixel_spacing=None)
    found = entries([*stack_at(range(5)), page])
    assert sorted(entry.facts.colour for entry in found) == [False, True]
    assert all(kinds(entry) == [RepairKind.SEVERAL_SIZES] for entry in found)


def test_spacing_written_with_more_digits_is_the_same_spacing() -> None:
    headers = stack_at(range(4))
    own = replace(headers[1].first, pixel_spacing=(0.50000001, 0.5))
    headers[1] = replace(headers[1], frames=(own,))
    assert only(headers)[0].facts.grid.size[2] == 4


def test_two_patients_under_one_identifier_are_never_mixed() -> None:
    other = [
        replace(header, patient_id="P2", path=f"/other{header.path}")
        for header in stack_at(range(10, 15), first=11)
    ]
    found = entries([*stack_at(range(10)), *other])
    assert sorted(entry.facts.grid.size[2] for entry in found) == [5, 10]
    assert len({entry.origin.patient_key for entry in found}) == 2
    assert len({entry.key for entry in found}) == 2


def test_positions_in_different_spaces_are_not_compared() -> None:
    other = [
        replace(header, frame_of_reference="other") for header in stack_at(range(5, 10), first=6)
    ]
    found = entries([*stack_at(range(5)), *other])
    assert [entry.facts.grid.size[2] for entry in found] == [5, 5]
    assert {entry.facts.frame_of_reference for entry in found} == {"1.2.3.5", "other"}
    (said,) = {repair for entry in found for repair in entry.facts.repairs}
    assert said.kind is RepairKind.SEVERAL_BLOCKS
    assert "2 frames of reference" in said.detail


def test_a_space_to_every_file_says_nothing() -> None:
    headers = [
        replace(header, frame_of_reference=f"{number}")
        for number, header in enumerate(stack_at(range(5)))
    ]
    entry, _ = only(headers)
    assert entry.facts.grid.size[2] == 5
    assert entry.facts.frame_of_reference == ""
    assert any("frame of reference" in warning for warning in entry.facts.warnings)


def test_a_slice_that_names_no_space_belongs_to_that_of_the_others() -> None:
    headers = stack_at(range(6))
    headers[3] = replace(headers[3], frame_of_reference="")
    entry, _ = only(headers)
    assert entry.facts.grid.size[2] == 6
    assert entry.facts.frame_of_reference == "1.2.3.5"
    assert entry.facts.warnings == ()


def test_files_without_a_series_are_gathered_by_folder_and_number() -> None:
    headers = [replace(header, series_uid="") for header in stack_at(range(4))]
    elsewhere = [replace(header, path=f"/other{header.path}") for header in headers]
    assert [entry.facts.grid.size[2] for entry in entries([*headers, *elsewhere])] == [4, 4]


def test_pages_without_a_series_stand_alone() -> None:
    pages = [slice_at(None, n, None, series_uid="", series_number=None) for n in (1, 2)]
    assert [entry.pictures for entry in entries(pages)] == [1, 1]


def test_computed_pictures_at_the_places_of_acquired_ones_are_listed_apart() -> None:
    computed = [
        replace(header, image_type=("DERIVED", "PRIMARY", "ADC"), path=f"/adc{header.path}")
        for header in stack_at(range(5), first=6)
    ]
    found = entries([*stack_at(range(5)), *computed])
    assert [entry.title for entry in found] == ["4 Lung 5 mm", "4 Lung 5 mm, computed"]
    assert all(kinds(entry) == [RepairKind.SEVERAL_PER_POSITION] for entry in found)


def test_computed_b_values_belong_to_the_acquired_ones() -> None:
    def told(headers: list[Header], b: float, kind: str) -> list[Header]:
        own = (("b-value", b), ("echo", 63.0))
        return [
            replace(each, image_type=(kind, "PRIMARY"), frames=(replace(each.first, splits=own),))
            for each in headers
        ]

    headers = [
        *told(stack_at(range(4)), 0, "ORIGINAL"),
        *told(stack_at(range(4), first=5), 800, "DERIVED"),
    ]
    assert only(headers)[0].facts.frames == ("b 0", "b 800")
    without = [replace(each, frames=(replace(each.first, splits=()),)) for each in headers[4:]]
    assert len(entries([*headers[:4], *without])) == 2


def test_computed_slices_beside_acquired_ones_belong_to_them() -> None:
    headers = stack_at(range(6))
    own = replace(headers[3].first, splits=(("echo", 20.0),))
    headers[3] = replace(headers[3], image_type=("DERIVED", "PRIMARY"), frames=(own,))
    assert only(headers)[0].facts.grid.size[2] == 6


# ---- tilt


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
    assert kinds(only(_oblique(18.5, 3, 3, 10, (0, 0, 0)))[0]) == []


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


# ---- directions


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


# ---- what is not known


def test_a_slice_without_a_position_is_shown_apart() -> None:
    headers = stack_at(range(6))
    headers[2] = replace(headers[2], frames=(replace(headers[2].first, position=None),))
    stack, lost = entries(headers)
    assert stack.facts.grid.missing == (2,)
    assert lost.facts.grid.size == (40, 32, 1)
    assert lost.facts.grid.rows is None
    assert any("position" in warning for warning in lost.facts.warnings)


@pytest.mark.parametrize("number", [math.nan, math.inf, 1e300])
def test_a_position_that_cannot_be_is_none(number: float) -> None:
    headers = stack_at(range(6))
    own = replace(headers[2].first, position=(0.0, number, 2.0))
    headers[2] = replace(headers[2], frames=(own,))
    stack, lost = entries(headers)
    assert stack.pictures == 5
    assert lost.facts.grid.rows is None


@pytest.mark.parametrize(
    "spacing", [(0.0, 0.0), (-0.5, 0.5), (math.nan, 0.5), (0.0, 0.5), (1e300, 0.5), (1e-300, 0.5)]
)
def test_a_spacing_that_is_none_makes_no_millimetres(spacing: tuple[float, float]) -> None:
    entry, _ = only(stack_at([0, 5, 10], pixel_spacing=spacing))
    assert entry.facts.grid.spacing == (None, None, 5)
    assert entry.facts.grid.rows is None
    assert any("millimetres" in warning for warning in entry.facts.warnings)


def test_without_spacing_uneven_slices_are_shown_as_they_are() -> None:
    entry, plan = only(stack_at([0, 2, 4, 7, 9, 12], pixel_spacing=None))
    assert entry.facts.grid.size == (40, 32, 6)
    assert entry.facts.grid.spacing == (None, None, None)
    assert plan.shape == (1, 6, 32, 40)
    assert plan.resampling is None
    assert any("2 to 3 mm apart" in warning for warning in entry.facts.warnings)


def test_the_detectors_spacing_is_used_and_said() -> None:
    header = slice_at(
        None, 1, None, modality="DX", pixel_spacing=None, imager_spacing=(0.2, 0.1), slope=None
    )
    entry, _ = only([header])
    assert entry.facts.grid.spacing == (0.1, 0.2, None)
    assert entry.facts.grid.approximate
    assert kinds(entry) == [RepairKind.SPACING]


def test_a_projections_spacing_that_is_that_of_its_detector_is_approximate() -> None:
    for told, approximate in (((0.2, 0.1), True), ((0.18, 0.09), False)):
        picture = slice_at(None, 1, None, modality="DX", pixel_spacing=told, slope=None)
        entry, _ = only([replace(picture, imager_spacing=(0.2, 0.1))])
        assert entry.facts.grid.spacing == (*told[::-1], None)
        assert entry.facts.grid.approximate == approximate


def test_the_bodys_spacing_goes_before_the_detectors() -> None:
    entry, _ = only(stack_at(range(2), imager_spacing=(0.2, 0.1)))
    assert not entry.facts.grid.approximate
    assert kinds(entry) == []


def test_spacing_is_known_without_an_orientation() -> None:
    entry, _ = only(stack_at([0], orientation=None))
    assert entry.facts.grid.spacing == (0.5, 0.5, None)
    assert entry.facts.grid.rows is None


def test_directions_that_are_all_0_are_not_known() -> None:
    entry, _ = only(stack_at([0], orientation=(0.0,) * 6))
    assert entry.facts.grid.rows is None


def test_a_picture_without_pixels_is_refused() -> None:
    (file,) = refused([slice_at((0, 0, 0), rows=0)])
    assert file.reason.startswith("“0001.dcm” cannot be shown. ")
    assert "40 × 0" in file.reason


@pytest.mark.parametrize(
    ("ratio", "aspect", "words"),
    [((1, 2), 2, "2 times as wide as high"), ((5, 4), 0.8, "1.25 times as high as wide")],
)
def test_pixels_that_are_not_square_are_shown_in_proportion_and_it_is_said(
    ratio: tuple[int, int], aspect: float, words: str
) -> None:
    picture = slice_at(None, 1, None, modality="US", pixel_spacing=None, aspect_ratio=ratio)
    entry, _ = only([picture])
    assert entry.facts.grid.aspect == aspect
    (warning,) = entry.facts.warnings
    assert words in warning


@pytest.mark.parametrize(
    ("ratio", "spacing"), [((1, 2), (0.5, 0.5)), ((1, 1), None), ((0, 2), None), ((1, 900), None)]
)
def test_spacing_goes_before_proportions_and_senseless_ones_are_taken_as_none(
    ratio: tuple[int, int], spacing: tuple[float, float] | None
) -> None:
    picture = slice_at(None, 1, None, modality="US", pixel_spacing=spacing, aspect_ratio=ratio)
    entry, _ = only([picture])
    assert entry.facts.grid.aspect == 1
    assert entry.facts.warnings == ()


# ---- photographs


def test_photographs_are_listed_one_by_one_with_their_side() -> None:
    eyes = [
        slice_at(
            None,
            number,
            None,
            sop_class="1.2.840.10008.5.1.4.1.1.77.1.5.1",
            modality="OP",
            samples=3,
            photometric="RGB",
            pixel_spacing=None,
            laterality=side,
            series_description="Fundus",
        )
        for number, side in ((1, "R"), (2, "L"), (3, "L"))
    ]
    found, refused = plan_series(eyes)
    assert refused == ()
    assert [entry.title for entry, _ in found] == [
        "4 Fundus, right",
        "4 Fundus, left (1)",
        "4 Fundus, left (2)",
    ]
    entry, planned = found[0]
    assert entry.kind is SeriesKind.PHOTOGRAPH
    assert planned.plan == PhotographPlan("/study/0001.dcm")
    assert (entry.facts.grid.size, entry.facts.colour) == ((40, 32, 1), True)
    assert entry.facts.modality == "OP"
    assert entry.bytes_needed == 40 * 32 * 3


# ---- the list


def test_entries_stand_in_the_order_of_studies_and_series() -> None:
    late = replace(slice_at((0, 0, 0), 1), study_date="20240301", series_uid="a")
    third = replace(slice_at((0, 0, 0), 2), study_date="20240101", series_uid="b", series_number=3)
    second = replace(slice_at((0, 0, 0), 3), study_date="20240101", series_uid="c", series_number=2)
    undated = replace(slice_at((0, 0, 0), 4), series_uid="d")
    found = entries([late, undated, third, second])
    assert [entry.origin.series_uid for entry in found] == ["c", "b", "a", "d"]


def test_a_key_stays_when_a_folder_is_moved_and_listed_anew() -> None:
    headers = stack_at(range(5))
    moved = [replace(header, path=f"/elsewhere{header.path}") for header in reversed(headers)]
    assert only(headers)[0].key == only(moved)[0].key


def test_files_that_say_nothing_have_keys_of_their_own() -> None:
    bare = [
        Header(f"/{disc}/images/1", rows=2, columns=2, frames=(FrameHeader(),)) for disc in "abc"
    ]
    assert len({entry.key for entry in entries(bare)}) == 3


def test_an_entry_says_what_it_is_made_of() -> None:
    headers = [replace(header, patient_name="Doe^Jane") for header in stack_at([10, 0, 5])]
    entry, plan = only(headers)
    assert entry.title == "4 Lung 5 mm"
    assert entry.path == "/study/0002.dcm"
    assert entry.pictures == 3
    assert entry.bytes_needed == 3 * 40 * 32 * 2
    assert entry.origin.patient_name == "Doe^Jane"
    assert plan.dtype == "int16"
    assert plan.sources[0][0] is not None
    assert (plan.sources[0][0].slope, plan.sources[0][0].intercept) == (1, -1024)


def test_nothing_makes_nothing() -> None:
    assert plan_series([]) == ((), ())


def test_empty_headers_trip_nobody_up() -> None:
    bare = Header("/x", rows=2, columns=2, frames=(FrameHeader(),))
    (entry,) = entries([bare])
    assert entry.title == "x"
    assert entry.facts.modality is None
