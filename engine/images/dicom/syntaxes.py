"""The transfer syntaxes by which pictures are packed, and in words those that cannot be read."""

from enum import Enum, auto

from engine.images.dicom.encodings import holds_plain_numbers

_STANDARD = "1.2.840.10008.1.2."


class Packing(Enum):
    """How a picture stands in the pixel data."""

    PLAIN = auto()
    WRAPPED = auto()
    """Uncompressed numbers, one fragment a picture."""
    DEFLATED = auto()
    """The same, each fragment deflated."""
    RUN_LENGTHS = auto()
    CODESTREAM = auto()
    """JPEG in all its kinds, JPEG-LS, JPEG 2000: the stream itself says which."""


_PACKINGS = {
    "1.98": Packing.WRAPPED,
    "5": Packing.RUN_LENGTHS,
    "8.1": Packing.DEFLATED,
    **{f"4.{number}": Packing.CODESTREAM for number in (*range(50, 94), *range(201, 204))},
}

_UNREADABLE = {
    "4.94": "is kept on a server (JPIP), and only its address stands in the file",
    "4.95": "is kept on a server (JPIP), and only its address stands in the file",
    "4.100": "is a film (MPEG-2)",
    "4.101": "is a film (MPEG-2)",
    **{f"4.{number}": "is a film (MPEG-4, H.264)" for number in range(102, 107)},
    "4.107": "is a film (HEVC, H.265)",
    "4.108": "is a film (HEVC, H.265)",
    **{f"4.{number}": "is compressed as JPEG XL" for number in (110, 111, 112)},
    "4.204": "is kept on a server (JPIP), and only its address stands in the file",
    "4.205": "is kept on a server (JPIP), and only its address stands in the file",
    "7.1": "is a live stream (SMPTE ST 2110)",
    "7.2": "is a live stream (SMPTE ST 2110)",
}


def packing_of(syntax: str | None) -> Packing | None:
    """How its pictures are packed; None if they cannot be read."""
    if holds_plain_numbers(syntax):
        return Packing.PLAIN
    return _PACKINGS.get((syntax or "").removeprefix(_STANDARD))


def why_unreadable(syntax: str | None) -> str | None:
    """A sentence that says what keeps its pictures from being read; None if nothing does."""
    if packing_of(syntax) is not None:
        return None
    last = (syntax or "").removeprefix(_STANDARD)
    if last.startswith("4.10") and last.endswith(".1"):  # the same films in several pieces
        last = last[:-2]
    found = _UNREADABLE.get(last)
    if found is None:
        return f"Its picture is packed in a way that is not known here (transfer syntax {syntax})."
    return f"Its picture {found}; this build reads JPEG, JPEG-LS, JPEG 2000 and RLE."
