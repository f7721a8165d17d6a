"""What headers leave out, and the list of what they make."""

import math

import pytest
from constructed import (
    entries,
    kinds,
    only,
    refused,
    slice_at,
    stack_at,
)
from msgspec.structs import replace

from engine.images.dicom.header import FrameHeader, Header
from engine.images.dicom.series import plan_series
from engine.images.plan import PhotographPlan
from engine.listing import SeriesKind
from engine.pictures import RepairKind


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
