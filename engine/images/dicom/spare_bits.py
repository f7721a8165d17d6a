"""What a file draws over its pictures in bits that its pixels leave spare.

Until 2004 an overlay plane could lie there, one bit of each pixel's cell, with no data of its own;
scanners of that time, and archives that hold their pictures, still have them.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from engine.errors import Refusal
from engine.images.dicom import tags
from engine.images.dicom.elements import Elements, integer
from engine.images.dicom.header import Header
from engine.images.dicom.overlays import pictures_under
from engine.images.dicom.pixel_file import PixelFile, open_pixels
from engine.images.dicom.syntaxes import Packing
from engine.pictures import Overprint, packed

_MOST = 1 << 26
"""Pixels whose marks are looked for while a file is listed: more would take many seconds."""
_WIDEST = 32
"""Bits of the widest cell that is read."""


def with_marks_in_spare_bits(header: Header, elements: Elements) -> Header:
    """The header with what spare bits draw over each picture, among its ``overlays``.

    Its pictures are unpacked for that, where the header tells of such planes and not otherwise.
    A picture that cannot be read has no marks: that it cannot be read is told with it. Of a file
    with too many pixels it is said that there may be marks (``marks_unread``).
    """
    planes = _planes(elements)
    if not planes:
        return header
    try:
        file = open_pixels(Path(header.path))
    except Refusal:
        return header
    spare = _spare(file)
    masks = [_mask(planes, frame) & spare for frame in range(header.frame_count)]
    if not any(masks):
        return header
    if header.frame_count * header.rows * header.columns > _MOST:
        return replace(header, marks_unread=True)
    overlays = header.overlays or (b"",) * header.frame_count
    drawn = tuple(
        _joined(over, _marks(file, at, mask)) if mask else over
        for at, (over, mask) in enumerate(zip(overlays, masks, strict=True))
    )
    return replace(header, overlays=drawn if any(drawn) else ())


def _planes(elements: Elements) -> list[tuple[int, range | None]]:
    """The bit of a cell that holds each plane by the header, 0 for the lowest, and its pictures."""
    return [
        (place, pictures_under(elements, group))
        for group in tags.OVERLAY_GROUPS
        if group | tags.OVERLAY_DATA not in elements
        and (integer(elements, group | tags.OVERLAY_BITS_ALLOCATED) or 1) > 1
        and (place := integer(elements, group | tags.OVERLAY_BIT_POSITION)) is not None
        and 0 <= place < _WIDEST
    ]


def _mask(planes: Sequence[tuple[int, range | None]], frame: int) -> int:
    """The bits that hold planes of one picture, whichever bits a cell has spare."""
    mask = 0
    for place, over in planes:
        if over is None or frame in over:
            mask |= 1 << place
    return mask


def _spare(file: PixelFile) -> int:
    """The bits of a cell that hold none of its number, as a mask."""
    layout = file.layout
    if layout.samples != 1 or layout.floating:
        return 0
    own = (1 << layout.stored) - 1 << layout.high + 1 - layout.stored
    return (1 << layout.allocated) - 1 & ~own


def _marks(file: PixelFile, frame: int, mask: int) -> NDArray[np.bool_]:
    """Where the spare bits of one picture draw, (y, x)."""
    try:
        cells = file.cells(frame)
    except Refusal:
        return np.zeros((file.layout.rows, file.layout.columns), np.bool_)
    if file.packing is Packing.CODESTREAM:
        # It ends with the bits that it says: what is above them is the decoder's.
        mask &= (1 << cells.precision) - 1
    samples = cells.samples
    marks: NDArray[np.bool_] = samples.view(f"u{samples.dtype.itemsize}") & mask != 0
    return marks


def _joined(over: bytes, marks: NDArray[np.bool_]) -> bytes:
    if not marks.any():
        return over
    height, width = marks.shape
    return packed(marks | Overprint(0, 0, over).bits((width, height)) if over else marks)
