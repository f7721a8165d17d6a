"""A TIFF that stores its colours plane by plane is read a plane at a time, as pictures of grey.

The libraries take what it holds for colours side by side where these have 16 bits each, and Pillow
where four of them lie in tiles.
"""

import io
import struct

import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from engine.images.colour import to_rgb
from engine.images.sixteen_bits import rgb_of_16_bits
from engine.images.tiff_pieces import HEIGHT, WIDTH, pieces_of

_BITS, _PHOTOMETRIC, _SAMPLES, _PLANAR, _EXTRA = 258, 262, 277, 284, 338
_MULTIPLIED = 1
_MODES = ("RGB", "RGBA", "RGBX", "CMYK", "LA", "La")
_IF_MULTIPLIED = {"RGBA": "RGBa", "LA": "La"}
"""Pillow's names of colours that were multiplied by their alpha."""
_TABLES = 347
# What a plane takes over: size, compression, order of bits, rows a strip, predictor, a tile's size.
_KEPT = (WIDTH, HEIGHT, 259, 266, 278, 317, 322, 323)
_SHORT, _LONG, _BYTES = 3, 4, 7


def stores_planes(image: Image.Image) -> bool:
    """Whether an opened file is a TIFF with its colours, inks or alpha in planes."""
    return (
        isinstance(image, TiffImagePlugin.TiffImageFile)
        and image.tag_v2.get(_PLANAR) == 2
        and image.mode in _MODES
        and set(image.tag_v2.get(_BITS, ())) in ({8}, {16})
    )


def read_planes(content: bytes, image: Image.Image) -> list[Image.Image]:
    """The planes of what ``stores_planes``, loaded, of 8 or 16 bits.

    Raises whatever Pillow does at a damaged file.
    """
    assert isinstance(image, TiffImagePlugin.TiffImageFile)
    planes: list[Image.Image] = []
    for number in range(len(image.getbands())):
        plane = Image.open(io.BytesIO(_plane(content, image.tag_v2, number)), formats=["TIFF"])
        plane.load()
        planes.append(plane)
    return planes


def rgb_of_planes(
    planes: list[Image.Image], image: Image.Image
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """RGB (y, x, 3) and warnings; what orientation ``image`` has is not yet applied."""
    if planes[0].mode == "L":
        return to_rgb(_merged(planes, image))
    values = [np.asarray(plane).astype(np.uint16) for plane in planes]
    if image.mode == "RGBX":
        values = values[:3]
    if image.mode == "CMYK":
        upper = [Image.fromarray((each >> 8).astype(np.uint8)) for each in values]
        return to_rgb(_merged(upper, image))
    return rgb_of_16_bits(np.dstack(values), image.info.get("icc_profile"))


def _merged(planes: list[Image.Image], image: Image.Image) -> Image.Image:
    assert isinstance(image, TiffImagePlugin.TiffImageFile)
    merged = Image.merge(image.mode.upper(), planes)
    if image.tag_v2.get(_EXTRA, (0,))[0] == _MULTIPLIED and merged.mode in _IF_MULTIPLIED:
        merged = Image.frombytes(_IF_MULTIPLIED[merged.mode], merged.size, merged.tobytes())
    merged.info = image.info
    return merged


def _plane(content: bytes, tags: TiffImagePlugin.ImageFileDirectory_v2, number: int) -> bytes:
    """A file that holds one plane alone (TIFF 6.0, sections 2 and 15)."""
    offsets, lengths = pieces_of(tags)
    count = len(tags[offsets]) // tags[_SAMPLES]
    mine = slice(number * count, (number + 1) * count)
    pieces = [
        content[at : at + length]
        for at, length in zip(tags[offsets][mine], tags[lengths][mine], strict=True)
    ]
    order = "<" if content[:2] == b"II" else ">"
    entries = {tag: (_LONG, [tags[tag]]) for tag in _KEPT if tag in tags}
    entries |= {_BITS: (_SHORT, [tags[_BITS][0]]), _PHOTOMETRIC: (_SHORT, [1])}
    entries |= {_SAMPLES: (_SHORT, [1]), lengths: (_LONG, [len(piece) for piece in pieces])}
    starts = np.cumsum([8, *entries[lengths][1][:-1]]).tolist()
    entries[offsets] = (_LONG, starts)
    packed = {
        tag: (kind, len(values), struct.pack(f"{order}{len(values)}{'HL'[kind - _SHORT]}", *values))
        for tag, (kind, values) in entries.items()
    }
    if _TABLES in tags:
        packed[_TABLES] = (_BYTES, len(tags[_TABLES]), tags[_TABLES])
    body = b"".join(pieces) + b"\0" * (sum(map(len, pieces)) % 2)
    return _file(order, body, packed)


def _file(order: str, body: bytes, entries: dict[int, tuple[int, int, bytes]]) -> bytes:
    """``body`` and the directory behind it, whose entries are kind, count and packed values."""
    at = 8 + len(body)
    beyond = at + 2 + 12 * len(entries) + 4
    table, behind = struct.pack(f"{order}H", len(entries)), b""
    for tag, (kind, count, values) in sorted(entries.items()):
        place = values.ljust(4, b"\0")
        if len(values) > 4:
            place = struct.pack(f"{order}L", beyond + len(behind))
            behind += values + b"\0" * (len(values) % 2)
        table += struct.pack(f"{order}HHL", tag, kind, count) + place
    mark = b"II" if order == "<" else b"MM"
    head = mark + struct.pack(f"{order}HL", 42, at)
    return head + body + table + b"\0\0\0\0" + behind
