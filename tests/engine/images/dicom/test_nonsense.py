"""Whatever headers say, nothing crashes, no file is lost, and every plan fits its grid."""

import math
from collections import Counter

from constructed import AXIAL, CORONAL, SAGITTAL, slice_at, turned
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.images.dicom.header import FrameHeader, Header
from engine.images.dicom.series import plan_series
from engine.images.plan import DicomPlan, PhotographPlan, decode, encode
from engine.pictures import FrameAxis, RepairKind

_numbers = st.sampled_from(
    [0.0, 1.0, 2.0, 2.5, 3.0, 5.0, 5.01, 7.4, 40.0, -8.0, 1e4, 1e9, math.nan]
)
_positions = st.none() | st.tuples(
    st.sampled_from([0.0, 0.0, 0.0, 0.2, 30.0, math.inf]), st.just(0.0), _numbers
)
_orientations = st.none() | st.sampled_from(
    [AXIAL, AXIAL, AXIAL, CORONAL, SAGITTAL, turned(0.2), turned(14), (0.0,) * 6, (1.0,) * 6]
)
_spacings = st.none() | st.sampled_from([(0.5, 0.5), (0.5, 0.25), (0.0, 0.0), (-1.0, 1.0)])
_splits = st.lists(
    st.tuples(
        st.sampled_from(["b-value", "echo", "time", "phase", "component", "image", "odd"]),
        st.sampled_from([0.0, 1.0, 2.0, 800.0]),
    ),
    max_size=2,
    unique_by=lambda each: each[0],
).map(tuple)
_frames = st.builds(
    FrameHeader,
    orientation=_orientations,
    position=_positions,
    pixel_spacing=_spacings,
    slice_thickness=st.sampled_from([None, 1.0, 5.0]),
    slope=st.sampled_from([None, 1.0, 2.0, 0.5]),
    splits=_splits,
)
_told = st.fixed_dictionaries(
    {
        "patient_id": st.sampled_from(["P1", "P1", "P2"]),
        "modality": st.sampled_from(["CT", "CT", "MR", "SEG", "US", "DX", "OP", ""]),
        "image_type": st.sampled_from([("ORIGINAL",), ("DERIVED",), ("ORIGINAL", "MOSAIC"), ()]),
        "rows": st.sampled_from([32, 32, 64, 0]),
        "samples": st.sampled_from([1, 1, 1, 3]),
        "photometric": st.sampled_from(["MONOCHROME2", "MONOCHROME1", "RGB", "PALETTE COLOR"]),
        "instance_number": st.none() | st.integers(0, 5),
        "acquisition_number": st.none() | st.integers(0, 2),
        "sop_instance": st.sampled_from(["", "1", "2", "3"]),
        "frame_of_reference": st.sampled_from(["", "a", "a", "b"]),
        "frame_count": st.sampled_from([1, 1, 1, 1, 2, 5]),
        "tiles": st.sampled_from([0, 0, 0, 0, 3]),
        "padding": st.sampled_from([None, 0.0, -2000.0]),
        "frames": st.lists(_frames, min_size=1, max_size=5).map(tuple),
    }
)


def _headers(told: list[dict[str, object]]) -> list[Header]:
    return [replace(slice_at(None, number), **each) for number, each in enumerate(told)]


@settings(deadline=None, max_examples=60)
@given(st.lists(_told, max_size=14))
def test_no_file_is_lost_and_every_plan_fits_its_grid(told: list[dict[str, object]]) -> None:
    headers = _headers(told)
    found, refused = plan_series(headers)
    assert plan_series(headers[::-1]) == (found, refused)
    assert len({entry.key for entry, _ in found}) == len(found)
    shown = {each.path for each in refused}
    copies = 0
    frames: Counter[tuple[str, int]] = Counter()
    for entry, planned in found:
        assert decode(encode(planned)) == planned
        assert planned.facts == entry.facts
        told_of = [r.detail for r in entry.facts.repairs if r.kind is RepairKind.DUPLICATE_SLICES]
        copies += sum(int(each.split()[0]) for each in told_of)
        if isinstance(planned.plan, PhotographPlan):
            shown.add(planned.plan.path)
            continue
        assert isinstance(planned.plan, DicomPlan)
        _check(planned.plan, entry)
        pictures = [each for row in planned.plan.sources for each in row if each]
        shown |= {each.path for each in pictures}
        frames += Counter({(each.path, each.frame) for each in pictures})
    assert len({header.path for header in headers} - shown) <= copies
    files = {header.path: header for header in headers}
    for path in {path for path, _ in frames} - {each.path for each in refused}:
        count = files[path].frame_count
        assert {frame for own, frame in frames if own == path} == set(range(count))
    assert max(frames.values(), default=1) == 1


def _check(plan: DicomPlan, entry) -> None:  # type: ignore[no-untyped-def]
    grid = entry.facts.grid
    frames, slices, height, width = plan.shape[:4]
    assert (frames, slices) == (len(plan.sources), len(plan.sources[0]))
    assert all(len(row) == slices for row in plan.sources)
    assert all(any(row) for row in plan.sources)
    assert len(entry.facts.frames) == frames == len(set(entry.facts.frames))
    assert (entry.facts.frame_axis is FrameAxis.NONE) == (frames == 1)
    assert (plan.shape[4:] == (3,)) == entry.facts.colour
    if plan.resampling is None:
        assert grid.size == (width, height, slices)
        empty = {z for z in range(slices) if not any(row[z] for row in plan.sources)}
        assert set(grid.missing) == empty or entry.facts.modality == "SEG"
    else:
        assert len(plan.resampling.affines) == slices
        assert grid.rows is not None
    if grid.rows is not None:
        assert all(math.isfinite(number) for row in grid.rows for number in row)
    assert all(each is None or each > 0 for each in grid.spacing)
    assert all(repair.detail.endswith(".") for repair in entry.facts.repairs)
    assert all(warning.endswith(".") for warning in entry.facts.warnings)
