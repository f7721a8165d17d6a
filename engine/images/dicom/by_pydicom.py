"""Any DICOM file's elements by pydicom: slower than our own walk, and at home with what is odd."""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from engine.images.dicom.complete import count_pieces
from engine.images.dicom.elements import UNDEFINED, WIDTH, Elements, Parsed, Value
from engine.images.dicom.encodings import DEFLATED
from engine.images.dicom.tags import PIXELS, WANTED

if TYPE_CHECKING:
    from pydicom import Dataset

_MOST = 4 << 20
"""Longer values before the picture are not wanted by anybody here."""


def parse(path: Path) -> Parsed:
    """The wanted elements. Raises whatever pydicom stumbles over, and ``OSError``."""
    with warnings.catch_warnings(), path.open("rb") as file:
        warnings.simplefilter("ignore")
        return _parse(file, path.stat().st_size)


def _parse(file: BinaryIO, size: int) -> Parsed:
    from pydicom.filereader import read_partial

    found: list[tuple[int, int, int]] = []

    def at_pixels(tag: int, _vr: str | None, length: int) -> bool:
        if tag in PIXELS:
            found.append((int(tag), file.tell(), length))
        return tag in PIXELS

    def read_at(place: int, count: int) -> bytes:
        file.seek(place)
        return file.read(count)

    dataset = read_partial(file, stop_when=at_pixels, defer_size=_MOST, force=True)
    syntax = dataset.file_meta.get("TransferSyntaxUID")
    tag, start, length = found[0] if found else (0, -1, -1)
    pieces: int | None = None
    if syntax == DEFLATED:
        start = size = -1  # told of what was inflated, which is no longer here
    elif length == UNDEFINED:
        pieces = count_pieces(read_at, start)
    return Parsed(
        transfer_syntax=str(syntax) if syntax else None,
        elements=_wanted(dataset),
        pixels=tag,
        start=start,
        length=-1 if length == UNDEFINED else length,
        size=size,
        pieces=pieces,
        cut=not found and _is_cut(dataset, size),
    )


def _is_cut(dataset: "Dataset", size: int) -> bool:
    """Whether the last element says that it is longer than what is left of the file."""
    from pydicom.dataelem import RawDataElement

    last: object = dataset.get_item(max(dataset.keys()), keep_deferred=True) if dataset else None
    return isinstance(last, RawDataElement) and last.value_tell + last.length > size


def _wanted(dataset: "Dataset") -> Elements:
    elements: Elements = {}
    found = [int(tag) for tag in dataset.keys() if int(tag) in WANTED]  # noqa: SIM118
    # Sequences last: to read them, pydicom turns some of the other elements from bytes to numbers.
    for tag in sorted(found, key=lambda tag: WANTED[tag] == "SQ"):
        try:
            value = _value(dataset, tag)
        except Exception:  # one element that pydicom cannot read must not cost the others
            continue
        if value is not None:
            elements[tag] = value
    return elements


def _value(dataset: "Dataset", tag: int) -> Value | None:
    from pydicom.dataelem import RawDataElement

    if WANTED[tag] == "SQ":
        return Value("SQ", [_wanted(item) for item in dataset[tag].value or ()])
    raw: object = dataset.get_item(tag, keep_deferred=True)
    if not isinstance(raw, RawDataElement):
        # pydicom has read the character sets already, for its own use.
        told = dataset[tag].value or ()
        return Value("CS", "\\".join([told] if isinstance(told, str) else told).encode())
    if raw.VR == "SQ" or (raw.value is None and raw.length):
        return None
    content = raw.value or b""
    vr = WANTED[tag] if raw.VR in (None, "UN") else str(raw.VR)
    width = WIDTH.get(vr, 1)
    if raw.is_little_endian or width == 1:
        return Value(vr, content)
    whole = len(content) // width * width
    return Value(vr, np.frombuffer(content[:whole], f">u{width}").byteswap().tobytes())
