"""Pictures that say nothing of their place: single pictures, cine runs, frames without geometry."""

from collections.abc import Sequence
from dataclasses import replace

from engine.images.dicom import repair_words
from engine.images.dicom.frame_names import numbered
from engine.images.dicom.header import Header
from engine.images.dicom.picture import Picture
from engine.images.dicom.planes import plane_of
from engine.images.dicom.split import Kind
from engine.images.dicom.stack import Sheet, Stack, stacks
from engine.pictures import FrameAxis, Grid

_EACH_ALONE = frozenset({"CR", "DX", "MG", "IO", "PX", "OP", "GM", "XC", "SM", "ES"})
"""Modalities whose pictures are looked at side by side, each on its own."""

_MOVING = frozenset({"US", "IVUS", "XA", "RF", "ES", "ECHO"})
"""Modalities whose frames follow each other in time where the header does not say otherwise."""


def is_run(header: Header) -> bool:
    """Whether the file's frames have no places of their own."""
    if header.frame_count < 2:
        return False
    placed = [each.position is not None and each.orientation is not None for each in header.frames]
    return len(header.frames) < 2 or not any(placed)


def run_of(header: Header, pictures: Sequence[Picture], kind: Kind) -> Stack:
    """The frames of one file, one after the other.

    A cine whose header has one place for all frames lies there; frames that may be slices as well
    as moments have no place.
    """
    moving = header.frame_ms is not None or header.modality in _MOVING
    axis = FrameAxis.TIME if moving else FrameAxis.IMAGE
    first = pictures[0]
    plane = plane_of(first.orientation) if moving and first.orientation else None
    if plane is not None and first.placed:
        (still,) = stacks([first], Sheet(kind.size, plane, kind.pitch, kind.approximate))
        grid = still.grid
    else:
        grid = loose_grid(kind)
    warnings = () if moving else (repair_words.FRAMES_WITHOUT_PLACE,)
    return Stack(
        tuple((each,) for each in pictures),
        grid,
        numbered(len(pictures), axis),
        axis,
        warnings=warnings,
    )


def singles(pictures: Sequence[Picture], kind: Kind) -> list[Stack]:
    """Pictures without a place: each alone, or as the frames of one entry, by modality."""
    ordered = sorted(pictures, key=lambda each: each.order)
    if ordered[0].header.modality in _EACH_ALONE:
        return [Stack(((each,),), loose_grid(kind)) for each in ordered]
    told = (repair_words.PICTURES_WITHOUT_PLACE,) if len(pictures) > 1 else ()
    return [replace(stack, warnings=told) for stack in in_a_row(ordered, kind)]


def in_a_row(pictures: Sequence[Picture], kind: Kind) -> list[Stack]:
    """Pictures shown one after the other, in the order in which they were taken."""
    ordered = sorted(pictures, key=lambda each: each.order)
    axis = FrameAxis.IMAGE if len(ordered) > 1 else FrameAxis.NONE
    names = numbered(len(ordered), FrameAxis.IMAGE)
    return [Stack(tuple((each,) for each in ordered), loose_grid(kind), names, axis)]


def loose_grid(kind: Kind) -> Grid:
    """The grid of one picture without a place."""
    x, y = kind.pitch or (None, None)
    return Grid((*kind.size, 1), (x, y, None), approximate=kind.approximate)
