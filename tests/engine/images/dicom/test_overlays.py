"""What a file draws over its pictures: the planes of groups 6000 to 601E."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from constructed import only, slice_at, stack_at
from numpy.typing import NDArray
from overlay_planes import HOOK, add_plane, drawn
from pydicom import Dataset, dcmread
from pydicom.uid import ExplicitVRBigEndian
from written import UNCOMPRESSED, dataset_of, save, smooth

from engine.images.dicom.overlays import overlays_of
from engine.images.dicom.parsing import parse
from engine.images.dicom.reading import read_header
from engine.images.part import extent_of, reduced
from engine.images.straight import straightened
from engine.pictures import packed

SIZE = (9, 12)
"""Rows and columns of the picture."""


def written(folder: Path, syntax: str = "explicit", frames: int = 0) -> Dataset:
    shape = (frames, *SIZE) if frames else SIZE
    dataset = dataset_of(smooth(*shape), UNCOMPRESSED[syntax])
    dataset.filename = str(folder / "a.dcm")
    return dataset


def saved(dataset: Dataset) -> Path:
    shape = (int(dataset.get("NumberOfFrames", 1)), *SIZE)
    order = ">" if dataset.file_meta.TransferSyntaxUID == ExplicitVRBigEndian else "<"
    return save(Path(dataset.filename), dataset, smooth(*shape).astype(f"{order}u2").tobytes())


def test_the_mark_round_a_lesion_is_read_as_pydicom_reads_it(
    shared: Callable[[str], Path],
) -> None:
    path = shared("data/radiology/dicom_odd/bits/overlay_in_60xx.dcm")
    expected = dcmread(path).overlay_array(0x6000) > 0
    assert expected.sum() == 222
    assert (drawn(path) == expected).all()


@pytest.mark.parametrize("syntax", list(UNCOMPRESSED))
def test_planes_of_several_groups_lie_where_they_say(tmp_path: Path, syntax: str) -> None:
    dataset = written(tmp_path, syntax)
    add_plane(dataset, HOOK, 0x6000, origin=[3, 6])
    add_plane(dataset, HOOK, 0x601E, origin=[0, -1])
    expected = np.zeros(SIZE, np.bool_)
    expected[2:6, 5:10] |= HOOK
    expected[0:3, 0:3] |= HOOK[1:, 2:]
    assert (drawn(saved(dataset)) == expected).all()


def test_a_plane_that_says_nothing_of_frames_lies_over_all_and_another_over_its_own(
    tmp_path: Path,
) -> None:
    dataset = written(tmp_path, frames=4)
    add_plane(dataset, HOOK, 0x6000)
    add_plane(dataset, np.stack([HOOK, ~HOOK]), 0x6002, origin=[5, 1], frames=2, first=2)
    path = saved(dataset)
    for frame in range(4):
        seen = drawn(path, frame)
        assert (seen[:4, :5] == HOOK).all()
        below = {1: HOOK, 2: ~HOOK}.get(frame, np.zeros_like(HOOK))
        assert (seen[4:8, :5] == below).all()


def test_a_plane_that_is_empty_or_cut_short_draws_nothing_and_costs_no_picture(
    tmp_path: Path,
) -> None:
    dataset = written(tmp_path)
    add_plane(dataset, np.zeros(SIZE, np.bool_), 0x6000)
    add_plane(dataset, HOOK, 0x6002)
    dataset[0x6002, 0x0010].value = 4000
    path = saved(dataset)
    assert read_header(path).overlays == ()
    parsed = parse(path)
    assert overlays_of(parsed.elements, parsed.transfer_syntax, 1, SIZE) == ()


def test_a_mark_over_each_picture_of_a_long_film_costs_little_more_than_one(
    tmp_path: Path,
) -> None:
    dataset = written(tmp_path)
    add_plane(dataset, HOOK, 0x6000)
    parsed = parse(saved(dataset))
    size, frames = (1024, 1024), 400
    tracemalloc.start()
    over = overlays_of(parsed.elements, parsed.transfer_syntax, frames, size)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(over) == frames and len(set(over)) == 1
    assert most < 10 * size[0] * size[1]


def marked() -> tuple[dict[str, object], NDArray[np.bool_]]:
    """A plane over a constructed slice of 32 x 40."""
    bits = np.zeros((32, 40), np.bool_)
    bits[5:9, 30:33] = True
    return {"overlays": (packed(bits),)}, bits


def test_a_drawing_lies_on_its_own_slice_and_the_note_counts_it() -> None:
    told, bits = marked()
    heads = [*stack_at((0, 2)), *stack_at((4,), 3, **told), *stack_at((6,), 4)]
    facts = only(heads)[0].facts
    (over,) = facts.overprints
    assert (over.frame, over.z) == (0, 2)
    assert (over.bits((40, 32)) == bits).all()
    assert facts.warnings == (
        "The file draws marks or words over 1 of the 4 pictures (overlay); "
        "they are shown in white on the slices as they were acquired.",
    )


def test_a_part_keeps_what_lies_in_it_and_straight_planes_nothing() -> None:
    told, bits = marked()
    facts = only(stack_at((0, 2, 4, 6), **told))[0].facts
    part = reduced(facts, extent_of(facts.grid.size, 2, (28, 40, 4, 32, 0, 4)))
    assert [over.z for over in part.overprints] == [0, 1]
    assert (part.overprints[1].bits((12, 28)) == bits[4:, 28:]).all()
    assert straightened(facts, facts.grid).overprints == ()


def test_of_slices_that_are_laid_on_another_grid_it_is_said_that_it_is_not_shown() -> None:
    told, _ = marked()
    shifted = [
        slice_at((-10.0, -20.0 + depth, depth), number, **told)
        for number, depth in enumerate((0.0, 2.0, 4.0, 6.0), 1)
    ]
    facts = only(shifted)[0].facts
    assert facts.interpolated and facts.overprints == ()
    assert any(warning.endswith("(overlay); they are not shown.") for warning in facts.warnings)
