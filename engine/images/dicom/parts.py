"""The pictures of one series become what can be opened on its own, or are refused."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from engine.images.dicom import repair_words
from engine.images.dicom.courses import Misplaced
from engine.images.dicom.groups import Group, groups_of
from engine.images.dicom.header import Header
from engine.images.dicom.loose import in_a_row, is_run, run_of, singles
from engine.images.dicom.mosaic import is_mosaic, tiles_of
from engine.images.dicom.picture import Picture, pictures_of
from engine.images.dicom.planes import Orientation, Plane, plane_of
from engine.images.dicom.split import Kind, kind_of, spaces_of
from engine.images.dicom.stack import Sheet, Stack, stacks
from engine.listing import RefusedFile

MOST_BLOCKS = 6
"""Decided: where more blocks than this are left, most of them single slices, there is no volume."""

_DRAWN = "SEG"
"""The modality of drawn areas: where a slice or a frame is left out, nothing was drawn."""


@dataclass(frozen=True, eq=False)
class Part:
    """A volume of a series; ``suffixes`` are what its title adds to that of the series."""

    stack: Stack
    kind: Kind
    suffixes: tuple[str, ...] = ()


@dataclass(eq=False)
class Found:
    """The parts of a series, and the files that make none."""

    parts: list[Part] = field(default_factory=list)
    refused: list[RefusedFile] = field(default_factory=list)

    def refuse(self, pictures: Sequence[Picture], reason: str) -> None:
        """These pictures make no part."""
        files = sorted({each.header.path for each in pictures})
        self.refused += [RefusedFile(path, reason) for path in files]


def parts_of(headers: Sequence[Header]) -> Found:
    """The parts of one series, in the order of their places."""
    found = Found()
    spaces = spaces_of(headers)
    runs = []
    pictures: list[Picture] = []
    for header in headers:
        if min(header.rows, header.columns) < 1:
            reason = repair_words.no_size(header.rows, header.columns)
            found.refused.append(RefusedFile(header.path, reason))
        elif is_run(header):
            runs.append(header)
        else:
            pictures += _pictures(header, found)
    planes = _planes(pictures, found)
    known = [each for each in pictures if not each.placed or each.orientation in planes]
    for group in groups_of(known, planes, spaces):
        _stack(group, found)
    for header in runs:
        own = pictures_of(header)
        number = header.instance_number if len(headers) > 1 else None
        kind = kind_of(own[0], spaces)
        suffixes = () if number is None else (str(number),)
        found.parts.append(Part(run_of(header, own, kind), kind, suffixes))
    return found


def _pictures(header: Header, found: Found) -> list[Picture]:
    pictures = pictures_of(header)
    if not is_mosaic(header):
        return pictures
    try:
        return [tile for each in pictures for tile in tiles_of(each)]
    except Misplaced as fault:
        found.refuse(pictures, str(fault))
        return []


def _planes(pictures: Sequence[Picture], found: Found) -> dict[Orientation, Plane]:
    """The plane of every orientation; pictures that have none, but should, are refused."""
    planes: dict[Orientation, Plane] = {}
    for orientation in {each.orientation for each in pictures if each.placed}:
        assert orientation is not None
        plane = plane_of(orientation)
        if plane is None:
            crooked = [each for each in pictures if each.placed and each.orientation == orientation]
            found.refuse(crooked, repair_words.crooked_reason(orientation))
        else:
            planes[orientation] = plane
    return planes


def _stack(group: Group, found: Found) -> None:
    """Add the volumes that a group makes."""
    try:
        made = _stacks(group)
    except Misplaced as fault:
        found.refuse(group.members, str(fault))
        return
    repairs = group.repairs
    if group.plane is not None and len(made) > 1:
        counts = [sum(any(at) for at in zip(*stack.pictures, strict=True)) for stack in made]
        if len(made) > MOST_BLOCKS and 2 * counts.count(1) > len(counts):
            repairs += (repair_words.blocks_in_a_row(len(group.members), len(made)),)
            made = in_a_row(group.members, group.kind)
        else:
            repairs += (repair_words.several_blocks(counts, _apart(made, group.plane)),)
    for number, stack in enumerate(made, 1):
        told = replace(
            stack,
            repairs=(*repairs, *stack.repairs),
            warnings=(*group.warnings, *stack.warnings),
        )
        nth = [f"part {number} of {len(made)}"] if len(made) > 1 else []
        found.parts.append(Part(told, group.kind, (*group.suffixes, *nth)))


def _apart(made: Sequence[Stack], plane: Plane) -> float:
    """The widest gap in mm between blocks that follow each other; 0 where there is none."""
    reach = []
    for stack in made:
        places = [each.position for row in stack.pictures for each in row if each]
        depths = np.array(places, np.float64) @ plane.normal
        reach.append((float(depths.min()), float(depths.max())))
    return max(0.0, *(low - high for (_, high), (low, _) in pairwise(reach)))


def _stacks(group: Group) -> list[Stack]:
    if group.plane is None:
        turning = all(each.placed for each in group.members)
        lay = in_a_row if turning else singles
        return lay(group.members, group.kind)
    sheet = Sheet(
        group.kind.size,
        group.plane,
        group.kind.pitch,
        group.kind.approximate,
        sparse=group.members[0].header.modality == _DRAWN,
    )
    return list(stacks(group.members, sheet))
