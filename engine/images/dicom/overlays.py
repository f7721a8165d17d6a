"""What a file draws over its pictures: overlay planes (PS3.3 C.9.2), in groups 6000 to 601E.

A scanner or a colleague marks a finding there, and writes words: the picture without them is not
what was reported.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.images.dicom import tags
from engine.images.dicom.elements import Elements, Value, integer, pair
from engine.images.dicom.encodings import BIG_ENDIAN
from engine.pictures import packed

Bits = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Plane:
    """The plane ``number``, from 0, in ``octets``; ``size`` is (rows, columns)."""

    octets: NDArray[np.uint8]
    number: int
    size: tuple[int, int]
    origin: tuple[int, int]

    def bits(self) -> Bits:
        """Where it draws, (y, x); the planes follow each other bit by bit."""
        count = self.size[0] * self.size[1]
        byte, before = divmod(self.number * count, 8)
        bits = np.unpackbits(self.octets[byte:], count=before + count, bitorder="little")
        return bits[before:].astype(np.bool_).reshape(self.size)


def overlays_of(
    elements: Elements, syntax: str | None, count: int, size: tuple[int, int]
) -> tuple[bytes, ...]:
    """For each of ``count`` pictures of ``size`` (rows, columns) all that is drawn over it.

    Each is ``engine.pictures.packed``, empty where nothing is drawn; no entry at all where that is
    so of every picture. Planes that stand in spare bits of the pixels are read by ``spare_bits``. A
    plane that ends early or makes no sense counts as not there, as every value that cannot be read.
    """
    over_all: list[_Plane] = []
    over_one: dict[int, list[_Plane]] = {}
    for group in tags.OVERLAY_GROUPS:
        data = elements.get(group | tags.OVERLAY_DATA)
        if data is not None:
            for number, plane in _planes(elements, group, _octets(data, syntax), count):
                (over_all if number is None else over_one.setdefault(number, [])).append(plane)
    if not over_all and not over_one:
        return ()
    # One picture at a time: a film has thousands, and a byte to a pixel would not fit.
    common = _drawn(over_all, size)
    drawn = tuple(
        _drawn([*over_all, *over_one[number]], size) if number in over_one else common
        for number in range(count)
    )
    return drawn if any(drawn) else ()


def _drawn(planes: Sequence[_Plane], size: tuple[int, int]) -> bytes:
    """All planes on one picture, packed; empty where they draw nothing."""
    if not planes:
        return b""
    whole = np.zeros(size, np.bool_)
    for plane in planes:
        _lay(whole, plane.bits(), plane.origin)
    return packed(whole) if whole.any() else b""


def _octets(data: Value, syntax: str | None) -> NDArray[np.uint8]:
    if isinstance(data.content, list):
        return np.zeros(0, np.uint8)
    octets = np.frombuffer(data.content, np.uint8)
    if syntax == BIG_ENDIAN and data.vr == "OW":
        octets = octets[: len(octets) // 2 * 2].reshape(-1, 2)[:, ::-1].reshape(-1)
    return octets


def _planes(
    elements: Elements, group: int, octets: NDArray[np.uint8], count: int
) -> list[tuple[int | None, _Plane]]:
    """Each plane with the number of the picture that it lies over, from 0; None for all."""
    rows = integer(elements, group | tags.OVERLAY_ROWS) or 0
    columns = integer(elements, group | tags.OVERLAY_COLUMNS) or 0
    over = pictures_under(elements, group)
    frames = 1 if over is None else len(over)
    if min(rows, columns, frames) < 1 or len(octets) * 8 < frames * rows * columns:
        return []
    size, origin = (rows, columns), _origin(elements, group)
    if over is None:
        return [(None, _Plane(octets, 0, size, origin))]
    planes = [(number, _Plane(octets, at, size, origin)) for at, number in enumerate(over)]
    return [each for each in planes if each[0] < count]


def pictures_under(elements: Elements, group: int) -> range | None:
    """The numbers of the pictures that an overlay lies over, from 0; None for all.

    One that says nothing of frames lies over all of them (PS3.3 C.9.2.1).
    """
    told = integer(elements, group | tags.OVERLAY_FRAMES)
    first = integer(elements, group | tags.OVERLAY_FRAME_ORIGIN)
    if told is None and first is None:
        return None
    begin = (first or 1) - 1
    return range(begin, begin + (told or 1))


def _origin(elements: Elements, group: int) -> tuple[int, int]:
    """Row and column of the picture, from 0, that the plane's first bit lies on."""
    row, column = pair(elements, group | tags.OVERLAY_ORIGIN) or (1, 1)
    return int(row) - 1, int(column) - 1


def _lay(whole: Bits, plane: Bits, origin: tuple[int, int]) -> None:
    """Lay a plane onto a picture; what lies beside it is left away."""
    parts = [
        (slice(max(at, 0), max(min(at + own, side), 0)), slice(max(-at, 0), max(side - at, 0)))
        for at, own, side in zip(origin, plane.shape, whole.shape, strict=True)
    ]
    (down, own_down), (across, own_across) = parts
    whole[down, across] |= plane[own_down, own_across]
