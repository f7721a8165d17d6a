"""Pictures without a place: cine runs, single pictures, frames without geometry."""

from constructed import entries, kinds, only, slice_at
from msgspec.structs import replace

from engine.images.dicom.header import FrameHeader, Header
from engine.pictures import FrameAxis


def _run(count: int, **told: object) -> Header:
    header = slice_at(None, 1, None, slope=None, intercept=None, pixel_spacing=None)
    return replace(header, frame_count=count, **{"modality": "US", **told})


def test_a_cine_is_one_slice_and_many_moments() -> None:
    colour = {"samples": 3, "photometric": "YBR_FULL_422", "bits_stored": 8}
    entry, plan = only([_run(30, frame_ms=33.3, **colour)])
    assert entry.facts.grid.size == (40, 32, 1)
    assert entry.facts.frame_axis is FrameAxis.TIME
    assert entry.facts.frame_ms == 33.3
    assert entry.facts.frames[:2] == ("time 1", "time 2")
    assert plan.shape == (30, 1, 32, 40, 3)
    assert [each and each.frame for row in plan.sources for each in row] == list(range(30))
    assert (plan.dtype, entry.bytes_needed, entry.pictures) == ("uint8", 30 * 40 * 32 * 3, 30)
    assert entry.facts.warnings == ()


def test_a_cine_that_has_a_place_lies_there() -> None:
    own = slice_at((1.0, 2.0, 3.0)).first
    entry, _ = only([_run(8, modality="MR", frame_ms=40.0, frames=(own,))])
    assert entry.facts.grid.orientation == "LPS"
    assert len(entry.facts.frames) == 8


def test_frames_that_say_nothing_of_their_places_have_none() -> None:
    entry, _ = only([_run(10, modality="MR")])
    assert entry.facts.grid.size == (40, 32, 1)
    assert (entry.facts.grid.rows, entry.facts.grid.spacing) == (None, (None, None, None))
    assert entry.facts.frame_axis is FrameAxis.IMAGE
    assert "frames of this file" in entry.facts.warnings[0]


def test_one_place_for_all_frames_that_may_be_slices_is_not_taken_for_theirs() -> None:
    own = slice_at((1.0, 2.0, 3.0)).first
    entry, _ = only([_run(10, modality="MR", frames=(own,))])
    assert entry.facts.grid.rows is None
    assert entry.facts.grid.spacing == (0.5, 0.5, None)


def test_frames_that_have_no_entry_are_not_lost() -> None:
    placed = tuple(slice_at((0.0, 0.0, float(z))).first for z in range(3))
    stack, rest = entries([_run(5, modality="MR", frames=placed)])
    assert stack.facts.grid.size == (40, 32, 3)
    assert rest.pictures == 2
    assert rest.facts.grid.rows is None


def test_every_run_is_an_entry_of_its_own() -> None:
    runs = [
        replace(_run(5, frame_ms=30.0), path=f"/{n}", sop_instance=f"{n}", instance_number=n)
        for n in (1, 2)
    ]
    assert [entry.title for entry in entries(runs)] == ["4 Lung 5 mm, 1", "4 Lung 5 mm, 2"]


def test_projections_are_looked_at_each_alone() -> None:
    views = [slice_at(None, n, None, modality="DX", slope=None) for n in (1, 2, 3)]
    found = entries(views)
    assert [entry.facts.frames for entry in found] == [("",)] * 3
    assert len({entry.key for entry in found}) == 3
    assert len({entry.title for entry in found}) == 3


def test_other_pictures_without_a_place_follow_each_other_as_they_were_taken() -> None:
    pages = [slice_at(None, n, None, modality="OT", slope=None) for n in (3, 1, 2)]
    entry, plan = only(pages)
    assert [row[0] and row[0].path for row in plan.sources] == [
        "/study/0001.dcm",
        "/study/0002.dcm",
        "/study/0003.dcm",
    ]
    assert entry.facts.frames == ("image 1", "image 2", "image 3")
    assert entry.facts.grid.rows is None
    assert kinds(entry) == []
    assert "Nothing says where" in entry.facts.warnings[0]


def test_a_single_picture_has_no_frames_to_choose_from() -> None:
    entry, _ = only([slice_at(None, 1, None, modality="OT", slope=None)])
    assert entry.facts.frames == ("",)
    assert entry.facts.frame_axis is FrameAxis.NONE
    assert entry.facts.warnings == ()


def test_a_file_with_one_frame_that_lies_somewhere_is_a_slice() -> None:
    header = slice_at((0, 0, 0))
    entry, _ = only([replace(header, frames=(*header.frames, FrameHeader(), FrameHeader()))])
    assert entry.facts.grid.orientation == "LPS"
    assert entry.pictures == 1
