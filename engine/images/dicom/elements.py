"""Elements as they stand in a file, and their values read from them.

A value that cannot be read counts as not there: scanners and archives write "", "  ", "UNKNOWN" or
two numbers where one belongs, and none of it may cost the picture.
"""

import math
from functools import lru_cache
from struct import calcsize, unpack_from
from typing import NamedTuple, TypeAlias, cast


class Value(NamedTuple):
    """An element: its value representation, and its bytes (little endian) or its items."""

    vr: str
    content: "bytes | list[Elements]"


Elements: TypeAlias = dict[int, Value]
"""The wanted elements of a file, or of an item of a sequence, by tag (0xGGGGEEEE)."""


class Parsed(NamedTuple):
    """One file's elements.

    ``pixels`` is the tag of the element that holds the picture, 0 if there is none; ``start`` and
    ``length`` are where its value lies, -1 where that is not known or not told (compressed);
    ``size`` is how many bytes there are. ``pieces`` is how many a compressed picture has, None if
    they have no end. ``cut``: the file ends in the middle of an element before its picture.
    """

    transfer_syntax: str | None
    elements: Elements
    pixels: int = 0
    start: int = -1
    length: int = -1
    size: int = -1
    pieces: int | None = None
    cut: bool = False


UNDEFINED = 0xFFFFFFFF
"""The length of an element that ends where a delimiter stands."""

_BINARY = {
    **{"US": "H", "SS": "h", "UL": "I", "SL": "i", "FL": "f", "FD": "d", "UV": "Q", "SV": "q"},
    "AT": "H",
}
WIDTH = {vr: calcsize(form) for vr, form in _BINARY.items()}
"""How many bytes a number takes that is not written as text."""

PADDING = b" \0\t\r\n"
_SHORT = 128
"""Values of more bytes are not remembered."""


def text(elements: Elements, tag: int) -> str:
    """One word in plain letters, empty if it is not there."""
    return content_of(elements, tag).decode("latin-1") if tag in elements else ""


def content_of(elements: Elements, tag: int) -> bytes:
    """An element's bytes without the padding at their ends, empty if it is not there."""
    value = elements.get(tag)
    if value is None or isinstance(value.content, list):
        return b""
    return value.content.strip(PADDING)


def words(elements: Elements, tag: int) -> tuple[str, ...]:
    """Words parted by backslashes, empty if there are none."""
    whole = text(elements, tag)
    return tuple(word.strip() for word in whole.split("\\")) if whole else ()


def decimals(elements: Elements, tag: int) -> tuple[float | None, ...]:
    """Numbers, written as text or binary; None for one that cannot be read."""
    value = elements.get(tag)
    if value is None or isinstance(value.content, list):
        return ()
    return _short_numbers(value) if len(value.content) < _SHORT else _numbers(value)


def decimal(elements: Elements, tag: int) -> float | None:
    """The first number, or None."""
    value = elements.get(tag)
    return None if value is None else decimal_in(value)


def decimal_in(value: Value) -> float | None:
    """An element's first number, or None."""
    if isinstance(value.content, list):
        return None
    found = _short_numbers(value) if len(value.content) < _SHORT else _numbers(value)
    return found[0] if found else None


def integer(elements: Elements, tag: int) -> int | None:
    """The first number if it is whole, or None."""
    value = elements.get(tag)
    return None if value is None else integer_in(value)


def integer_in(value: Value) -> int | None:
    """An element's first number if it is whole, or None."""
    found = decimal_in(value)
    return int(found) if found is not None and found.is_integer() else None


def pair(elements: Elements, tag: int) -> tuple[float, float] | None:
    """Two numbers, or None if one is missing or there are more."""
    return cast("tuple[float, float] | None", _so_many(elements, tag, 2))


def triple(elements: Elements, tag: int) -> tuple[float, float, float] | None:
    """Three numbers, or None."""
    return cast("tuple[float, float, float] | None", _so_many(elements, tag, 3))


def sextuple(
    elements: Elements, tag: int
) -> tuple[float, float, float, float, float, float] | None:
    """Six numbers, or None."""
    return cast(
        "tuple[float, float, float, float, float, float] | None", _so_many(elements, tag, 6)
    )


def _so_many(elements: Elements, tag: int, count: int) -> tuple[float | None, ...] | None:
    found = decimals(elements, tag)
    return found if len(found) == count and None not in found else None


def pointers(elements: Elements, tag: int) -> tuple[int, ...]:
    """The tags that an element points to."""
    halves = [int(half or 0) for half in decimals(elements, tag)]
    return tuple(group << 16 | each for group, each in zip(halves[::2], halves[1::2], strict=False))


def items(elements: Elements, tag: int) -> list[Elements]:
    """The items of a sequence."""
    value = elements.get(tag)
    return value[1] if value is not None and isinstance(value[1], list) else []


def item(elements: Elements, tag: int) -> Elements:
    """The first item of a sequence, an empty one if there is none."""
    found = items(elements, tag)
    return found[0] if found else {}


def _numbers(value: Value) -> tuple[float | None, ...]:
    vr, content = value
    assert isinstance(content, bytes)
    form = _BINARY.get(vr)
    if form is not None:
        count = len(content) // WIDTH[vr]
        return tuple(map(_finite, unpack_from(f"<{count}{form}", content)))
    return tuple(map(_decimal, content.split(b"\\"))) if content else ()


_short_numbers = lru_cache(maxsize=1 << 12)(_numbers)
"""Most numbers are the same in all files of a series."""


def _decimal(word: bytes) -> float | None:
    try:
        number = float(word.strip(PADDING))
    except ValueError:
        return None
    return None if b"_" in word else _finite(number)  # Python would read 1_000


def _finite(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None
