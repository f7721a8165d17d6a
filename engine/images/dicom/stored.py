"""Stored numbers: what the bits of a picture mean, before any rescaling (PS3.5, 8.1)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.images.dicom.layout import Layout

Numbers = NDArray[Any]
"""(y, x) or (y, x, 3): whole numbers of their true sign, or floats."""


def unpack(content: bytes | NDArray[np.uint8], layout: Layout, skip: int = 0) -> Numbers:
    """Uncompressed numbers as they lie in the file, (y, x) or (y, x, sample), not masked.

    ``content`` holds one picture, ``skip`` bits of another before it.
    """
    octets = np.frombuffer(content, np.uint8)
    if layout.allocated in (8, 16, 32, 64):
        kind = "f" if layout.floating else "u"
        order = ">" if layout.swapped else "<"
        octets = octets[: layout.frame_bits // 8]
        cells: Numbers = octets.view(f"{order}{kind}{layout.allocated // 8}")
        if layout.swapped:
            cells = cells.astype(cells.dtype.newbyteorder("="))
    else:
        cells = _unpack_bits(octets, layout, skip)
    if layout.shares_chroma:
        return _share_chroma(cells, layout)
    shape = (layout.rows, layout.columns)
    if layout.samples == 1:
        return cells.reshape(shape)
    if layout.planar:
        return np.moveaxis(cells.reshape(layout.samples, *shape), 0, -1)
    return cells.reshape(*shape, layout.samples)


def numbers(cells: Numbers, layout: Layout, precision: int) -> Numbers:
    """Cells without what else stands in their unused bits, with their sign: often the same memory.

    ``precision`` is the number of bits that a decoder says it gave: the sign is the uppermost of
    these where the header counts more.
    """
    if layout.floating:
        return cells
    width = cells.dtype.itemsize * 8
    bits = min(precision, layout.stored, width)
    cells = cells.view(f"u{width // 8}")
    place = cells if cells.flags.writeable else None
    if layout.high + 1 > layout.stored:  # before 1993 they could stand higher up
        cells = np.right_shift(cells, layout.high + 1 - layout.stored, out=place)
    spare = width - bits
    if not layout.signed:
        return np.bitwise_and(cells, (1 << bits) - 1, out=place) if spare else cells
    if not spare:
        return cells.view(f"i{width // 8}")
    signed: Numbers = np.left_shift(cells, spare, out=place).view(f"i{width // 8}")
    signed >>= spare
    return signed


def _unpack_bits(octets: NDArray[np.uint8], layout: Layout, skip: int) -> Numbers:
    """Numbers of any count of bits, without a gap between them: the lowest bit comes first."""
    bits = layout.allocated
    ones = np.unpackbits(octets, bitorder="little")[skip : skip + layout.frame_bits]
    if bits == 1:
        return ones
    padded = np.zeros((len(ones) // bits, 16 if bits <= 16 else 32), np.uint8)
    padded[:, :bits] = ones.reshape(-1, bits)
    octets = np.packbits(padded, axis=1, bitorder="little")
    return octets.reshape(-1).view("<u2" if bits <= 16 else "<u4")


def _share_chroma(cells: Numbers, layout: Layout) -> Numbers:
    """YBR_FULL_422 (PS3.3, C.7.6.3.1.2): two pixels beside each other share their chroma."""
    pairs = cells.reshape(layout.rows, -1, 4)
    found = np.empty((layout.rows, pairs.shape[1], 2, 3), cells.dtype)
    found[..., 0] = pairs[..., :2]
    found[..., 1:] = pairs[:, :, None, 2:]
    return found.reshape(layout.rows, -1, 3)[:, : layout.columns]
