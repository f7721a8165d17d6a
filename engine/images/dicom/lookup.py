"""Look-up tables of a DICOM header: palettes, and tables from stored numbers to values."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.images.dicom import tags
from engine.images.dicom.elements import Elements, decimals

_MOST_ENTRIES = 2**16
_DISCRETE, _LINEAR, _INDIRECT = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Lookup:
    """What stands for the stored numbers from ``first`` on: values (n,) or colours (n, 3).

    Numbers below and beyond get the first and the last entry (PS3.3, C.7.6.3.1.5 and C.11.1.1).
    """

    first: int
    table: NDArray[Any]

    def look_up(self, stored: NDArray[Any]) -> NDArray[Any]:
        """``stored`` (y, x) as (y, x) or (y, x, 3)."""
        return np.take(self.table, stored.astype(np.int64) - self.first, axis=0, mode="clip")


def palette_of(elements: Elements, signed: bool, swapped: bool) -> Lookup:
    """The palette of a header, its colours uint8 (n, 3).

    Raises:
        ValueError: its tables cannot be read.
    """
    channels = []
    for place, plain, segmented in tags.PALETTES:
        count, first, bits = _descriptor(elements, place, signed)
        if found := _content(elements, plain, swapped):
            channels.append(_entries(found, count))
        elif found := _content(elements, segmented, swapped):
            width = 2 if bits > 8 else 1
            whole = found[: len(found) // width * width]
            channels.append(expand(np.frombuffer(whole, f"<u{width}")))
        else:
            raise ValueError
    colours = np.stack(channels, axis=-1)
    # Decided: many write numbers of 8 bits into tables that are said to hold 16.
    shift = 8 if colours.max(initial=0) > 255 else 0
    return Lookup(first, (colours >> shift).astype(np.uint8))


def modality_table_of(elements: Elements, signed: bool, swapped: bool) -> Lookup:
    """The modality LUT of an item of its sequence, uint16 (n,).

    Raises:
        ValueError: it cannot be read.
    """
    count, first, _ = _descriptor(elements, tags.LUT_DESCRIPTOR, signed)
    content = _content(elements, tags.LUT_DATA, swapped)
    if not content:
        raise ValueError
    return Lookup(first, _entries(content, count))


def expand(segments: NDArray[Any]) -> NDArray[np.uint16]:
    """A segmented table, uint8 or uint16, written out (PS3.3, C.7.9.2).

    Raises:
        ValueError: its segments lead nowhere.
    """
    data: list[int] = segments.tolist()
    width = segments.dtype.itemsize
    found: list[int] = []

    def copy(at: int, most: int, copied: bool) -> None:
        while at + 1 < len(data) and most:
            kind, count = data[at : at + 2]
            at += 2
            most -= 1
            if kind == _DISCRETE:
                found.extend(data[at : at + count])
                at += count
            elif kind == _LINEAR and found and at < len(data):
                found.extend(np.linspace(found[-1], data[at], count + 1)[1:].round().astype(int))
                at += 1
            elif kind == _INDIRECT and not copied:
                offset = sum(
                    each << 8 * width * i for i, each in enumerate(data[at:][: 4 // width])
                )
                at += 4 // width
                copy(offset // width, count, copied=True)
            else:
                raise ValueError

    copy(0, -1, copied=False)
    return np.array(found, np.uint16)


def _descriptor(elements: Elements, tag: int, signed: bool) -> tuple[int, int, int]:
    """How many entries, which number the first stands for, and how many bits they have."""
    found = decimals(elements, tag)
    if len(found) != 3:
        raise ValueError
    count, first, bits = (int(each or 0) & 0xFFFF for each in found)
    if signed and first >= 1 << 15:
        first -= 1 << 16
    return count or _MOST_ENTRIES, first, bits


def _content(elements: Elements, tag: int, swapped: bool) -> bytes:
    """A table's bytes, little endian; empty if it is not there."""
    value = elements.get(tag)
    if value is None or not isinstance(value.content, bytes):
        return b""
    if swapped and value.vr == "OW":
        return (
            np.frombuffer(value.content[: len(value.content) // 2 * 2], ">u2")
            .astype("<u2")
            .tobytes()
        )
    return value.content


def _entries(content: bytes, count: int) -> NDArray[np.uint16]:
    """Entries of 8 or of 16 bits, told by how many bytes there are for them."""
    if len(content) >= 2 * count:
        return np.frombuffer(content, "<u2", count).astype(np.uint16)
    return np.frombuffer(content[:count], np.uint8).astype(np.uint16)
