"""Several pictures at one place become frames, told apart by what their headers say."""

import random

import pytest
from constructed import detail, entries, kinds, numbers, only, refused, slice_at, stack_at
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.images.dicom.header import FrameHeader, Header
from engine.images.dicom.series import plan_series
from engine.pictures import FrameAxis, RepairKind

PER_POSITION = RepairKind.SEVERAL_PER_POSITION


def _with(headers: list[Header], **splits: float) -> list[Header]:
    told = tuple((word.replace("_", "-"), value) for word, value in splits.items())
    return [replace(each, frames=(replace(each.first, splits=told),)) for each in headers]


def _volumes(count: int, size: int = 4, **told: object) -> list[list[Header]]:
    return [stack_at(range(size), first=1 + size * number, **told) for number in range(count)]


def test_diffusion_is_told_apart_by_its_b_values() -> None:
    volumes = zip(_volumes(3), (800, 50, 400), strict=True)
    entry, plan = only(each for volume, b in volumes for each in _with(volume, b_value=b))
    assert entry.facts.frames == ("b 50", "b 400", "b 800")
    assert entry.facts.frame_axis is FrameAxis.B_VALUE
    assert entry.facts.grid.size == (40, 32, 4)
    assert numbers(plan) == [[5, 6, 7, 8], [9, 10, 11, 12], [1, 2, 3, 4]]
    assert kinds(entry) == [PER_POSITION]
    assert entry.pictures == 12
    assert entry.bytes_needed == 12 * 40 * 32 * 2


def test_echoes_are_named_with_their_times() -> None:
    volumes = zip(_volumes(2), (80.0, 20.0), strict=True)
    entry, _ = only(each for volume, time in volumes for each in _with(volume, echo=time))
    assert entry.facts.frames == ("echo 1, 20 ms", "echo 2, 80 ms")
    assert entry.facts.frame_axis is FrameAxis.ECHO


def test_echoes_that_only_have_a_number_are_named_by_it() -> None:
    volumes = zip(_volumes(2), (1.0, 2.0), strict=True)
    entry, _ = only(each for volume, number in volumes for each in _with(volume, echo=number))
    assert entry.facts.frames == ("echo 1", "echo 2")


def test_moments_are_numbered() -> None:
    volumes = enumerate(_volumes(3), 7)
    entry, _ = only(each for time, volume in volumes for each in _with(volume, time=time))
    assert entry.facts.frames == ("time 1", "time 2", "time 3")
    assert entry.facts.frame_axis is FrameAxis.TIME


def test_parts_of_complex_pictures_have_their_names() -> None:
    volumes = zip(_volumes(2), (0, 1), strict=True)
    entry, _ = only(each for volume, part in volumes for each in _with(volume, component=part))
    assert entry.facts.frames == ("magnitude", "phase")


def test_two_words_that_differ_make_a_frame_of_each_pair() -> None:
    pairs = [(echo, time) for echo in (20.0, 80.0) for time in (1, 2)]
    volumes = zip(_volumes(4), pairs, strict=True)
    entry, _ = only(
        each for volume, (echo, time) in volumes for each in _with(volume, echo=echo, time=time)
    )
    assert entry.facts.frames[0] == "echo 1, 20 ms, time 1"
    assert len(entry.facts.frames) == 4
    assert entry.facts.frame_axis is FrameAxis.IMAGE


def test_directions_of_one_b_value_are_numbered_within_it() -> None:
    volumes = zip(_volumes(4), (0, 1000, 1000, 1000), strict=True)
    entry, plan = only(each for volume, b in volumes for each in _with(volume, b_value=b))
    assert entry.facts.frames == ("b 0", "b 1000, 1", "b 1000, 2", "b 1000, 3")
    assert numbers(plan)[1:] == [[5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]


def test_kinds_of_image_are_told_apart_by_their_own_words() -> None:
    words = zip(_volumes(2), ("WATER", "FAT"), strict=True)
    entry, _ = only(
        replace(each, image_type=("ORIGINAL", "PRIMARY", "DIXON", word))
        for volume, word in words
        for each in volume
    )
    assert entry.facts.frames == ("water", "fat")
    assert entry.facts.frame_axis is FrameAxis.IMAGE


def test_kinds_of_image_that_differ_in_order_alone_are_numbered() -> None:
    orders = zip(_volumes(2), (("A", "B"), ("B", "A")), strict=True)
    entry, _ = only(replace(each, image_type=own) for volume, own in orders for each in volume)
    assert entry.facts.frames == ("image 1", "image 2")


def test_acquisitions_are_told_apart_by_their_number() -> None:
    volumes = enumerate(_volumes(2))
    entry, _ = only(
        replace(each, acquisition_number=2 - number)
        for number, volume in volumes
        for each in volume
    )
    assert entry.facts.frames == ("image 1", "image 2")


def test_what_only_its_number_tells_apart_goes_by_the_order_of_being_taken() -> None:
    # One volume after the other, as from a scanner that hides its b-values.
    entry, plan = only(each for volume in _volumes(2) for each in volume)
    assert entry.facts.frames == ("image 1", "image 2")
    assert entry.facts.frame_axis is FrameAxis.IMAGE
    assert numbers(plan) == [[1, 2, 3, 4], [5, 6, 7, 8]]


def test_moments_that_were_taken_place_by_place_are_sorted_too() -> None:
    headers = [slice_at((0, 0, z), 3 * z + time) for z in range(4) for time in range(3)]
    _, plan = only(headers)
    assert numbers(plan) == [[0, 3, 6, 9], [1, 4, 7, 10], [2, 5, 8, 11]]


def test_a_trigger_time_that_differs_at_every_picture_sorts_and_names_nothing() -> None:
    headers = [
        each
        for z in range(5)
        for time in range(3)
        for each in _with([slice_at((0, 0, z), 3 * z + time)], phase=300.0 * (2 - time) + z)
    ]
    entry, plan = only(headers)
    assert entry.facts.frames == ("image 1", "image 2", "image 3")
    assert numbers(plan)[0] == [2, 5, 8, 11, 14]


def test_a_volume_that_lacks_slices_is_blank_there_and_it_is_said() -> None:
    first, second, last = (
        _with(volume, time=time) for time, volume in enumerate(_volumes(3, size=6))
    )
    entry, plan = only([*first, *second, *last[:4]])
    assert numbers(plan)[2] == [13, 14, 15, 16, None, None]
    assert RepairKind.MISSING_SLICES in kinds(entry)
    assert "“time 3” (4 of 6)" in detail(entry, RepairKind.MISSING_SLICES)
    assert entry.facts.grid.missing == ()


def test_the_last_volume_may_end_early_where_only_numbers_tell_them_apart() -> None:
    first, second, last = _volumes(3, size=6)
    _, plan = only([*first, *second, *last[:4]])
    assert numbers(plan)[2] == [13, 14, 15, 16, None, None]


def test_pictures_that_nothing_tells_apart_are_refused_by_name() -> None:
    # Place by place, three at most, two at one: it cannot be told which of them is not there.
    headers = [
        slice_at((0, 0, z), 3 * z + time)
        for z in range(6)
        for time in range(3)
        if (z, time) != (2, 1)
    ]
    files = refused(headers)
    assert len(files) == 17
    assert "Up to 3 pictures lie at one position" in files[0].reason
    assert "“0000.dcm”, “0001.dcm”, “0002.dcm” and 14 more" in files[0].reason
    assert entries(headers) == []


def test_a_watched_slice_is_not_mixed_into_the_volume_that_follows() -> None:
    # A scanner watches one slice until the contrast comes, and numbers on through the volume.
    watched = [slice_at((-10, -20, 5), number) for number in range(1, 6)]
    volume = stack_at(range(12), first=6)
    assert len(refused([*watched, *volume])) == 17
    told = [
        *(replace(each, acquisition_number=n) for n, each in enumerate(watched, 1)),
        *(replace(each, acquisition_number=9) for each in volume),
    ]
    found = entries(told)
    assert [(entry.facts.grid.size[2], len(entry.facts.frames)) for entry in found] == [
        (12, 1),
        (1, 5),
    ]


def test_regions_that_overlap_a_little_are_entries_of_their_own() -> None:
    chest = [replace(each, acquisition_number=1) for each in stack_at(range(20))]
    abdomen = [replace(each, acquisition_number=2) for each in stack_at(range(17, 40), first=21)]
    found = entries([*abdomen, *chest])
    assert [entry.facts.grid.size[2] for entry in found] == [20, 23]
    assert all(kinds(entry) == [RepairKind.SEVERAL_BLOCKS] for entry in found)


def test_volumes_that_follow_a_moving_head_are_frames() -> None:
    still = _with(stack_at([0, 3, 6, 9]), time=1)
    moved = _with(stack_at([0.3, 3.3, 6.3, 9.3], first=5), time=2)
    entry, plan = only([*still, *moved])
    assert entry.facts.frames == ("time 1", "time 2")
    assert entry.facts.grid.spacing[2] == 3
    assert numbers(plan) == [[1, 2, 3, 4], [5, 6, 7, 8]]
    assert "0.3 mm beside" in detail(entry, PER_POSITION)


def test_slices_with_echo_times_of_their_own_are_one_volume() -> None:
    headers = [
        each for z in range(6) for each in _with([slice_at((0, 0, z), z)], echo=4.0 + z / 99)
    ]
    assert only(headers)[0].facts.frames == ("",)


def test_a_gap_parts_every_volume_alike() -> None:
    volumes = [stack_at([*range(6), *range(100, 106)], first=1 + 12 * n) for n in range(2)]
    found = entries(each for volume in volumes for each in volume)
    assert [entry.facts.frames for entry in found] == [("image 1", "image 2")] * 2
    assert [entry.facts.grid.size[2] for entry in found] == [6, 6]


def _enhanced(frames: list[FrameHeader], **told: object) -> Header:
    header = slice_at(None, 1, frame_count=len(frames), **told)
    return replace(header, frames=tuple(frames))


def test_frames_of_one_file_lie_where_they_say() -> None:
    own = slice_at(None, 1).first
    places = [(0.0, 0.0, z) for z in (4.0, 0.0, 2.0)]
    entry, plan = only([_enhanced([replace(own, position=place) for place in places])])
    assert [each and each.frame for each in plan.sources[0]] == [1, 2, 0]
    assert entry.facts.grid.spacing[2] == 2
    assert kinds(entry) == []


def test_frames_of_one_file_at_one_place_are_told_apart_and_are_no_repair() -> None:
    own = slice_at(None, 1).first
    frames = [
        replace(own, position=(0.0, 0.0, float(z)), splits=(("time", float(time)),))
        for z in range(3)
        for time in range(2)
    ]
    entry, plan = only([_enhanced(frames)])
    assert entry.facts.frames == ("time 1", "time 2")
    assert [[each and each.frame for each in row] for row in plan.sources] == [[0, 2, 4], [1, 3, 5]]
    assert kinds(entry) == []


def test_stacks_of_several_directions_in_one_file_are_parted() -> None:
    own = slice_at(None, 1).first
    frames = [replace(own, position=(0.0, 0.0, float(z))) for z in range(3)]
    frames += [
        replace(own, position=(0.0, float(y), 0.0), orientation=(1.0, 0.0, 0.0, 0.0, 0.0, -1.0))
        for y in range(4)
    ]
    assert [entry.facts.grid.size[2] for entry in entries([_enhanced(frames)])] == [3, 4]


def test_segments_are_named_by_number_and_empty_where_nothing_was_drawn() -> None:
    own = slice_at(None, 1, slope=None, intercept=None).first
    frames = [
        replace(own, position=(0.0, 0.0, float(z)), splits=(("image", segment),))
        for segment, slices in ((1.0, (0, 1, 2, 30)), (5.0, (40,)))
        for z in slices
    ]
    entry, plan = only([_enhanced(frames, modality="SEG", bits_stored=1, bits_allocated=1)])
    assert entry.facts.frames == ("segment 1", "segment 5")
    assert entry.facts.grid.size[2] == 41
    assert entry.facts.grid.missing == ()
    assert kinds(entry) == []
    assert (plan.dtype, plan.blank) == ("uint8", 0)


@settings(deadline=None, max_examples=40)
@given(
    st.integers(2, 5),
    st.integers(2, 6),
    st.sampled_from(["b_value", "echo", "time", "phase", "number"]),
    st.randoms(use_true_random=False),
)
def test_any_order_of_files_gives_the_same_frames(
    count: int, size: int, word: str, chance: random.Random
) -> None:
    volumes = _volumes(count, size)
    headers = [
        each
        for value, volume in enumerate(volumes)
        for each in (volume if word == "number" else _with(volume, **{word: 100.0 * value}))
    ]
    whole = plan_series(headers)
    chance.shuffle(headers)
    assert plan_series(headers) == whole
    _, plan = only(headers)
    assert numbers(plan) == [[1 + size * n + z for z in range(size)] for n in range(count)]


@pytest.mark.parametrize("word", ["b_value", "echo", "time"])
def test_a_value_that_some_pictures_do_not_have_comes_first(word: str) -> None:
    bare, told = _volumes(2)
    entry, plan = only([*_with(told, **{word: 3.0}), *bare])
    assert numbers(plan)[0] == [1, 2, 3, 4]
    assert entry.facts.frames[0].endswith("not given")
