"""Planes, sizes and patients of a series are told apart by their headers."""

from constructed import (
    AXIAL,
    CORONAL,
    SAGITTAL,
    detail,
    entries,
    kinds,
    numbers,
    only,
    slice_at,
    stack_at,
    turned,
)
from msgspec.structs import replace

from engine.images.dicom.header import Header
from engine.pictures import FrameAxis, RepairKind


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
