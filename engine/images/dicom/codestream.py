"""What a compressed picture says about itself: its coding, its size, its bits, its colours."""

from dataclasses import dataclass
from enum import Enum, auto
from struct import error as struct_error
from struct import unpack_from


class Coding(Enum):
    """How the numbers of a codestream are packed."""

    JPEG = auto()
    JPEG_LOSSLESS = auto()
    JPEG_LS = auto()
    JPEG_2000 = auto()


class Colours(Enum):
    """What a codestream says of its three components."""

    UNSAID = auto()
    RGB = auto()
    YCBCR = auto()


@dataclass(frozen=True)
class Codestream:
    """The header of a codestream.

    ``precision`` is the number of bits of a sample. ``colours`` are those that a decoder of the
    JPEG library's family takes them for, or for JPEG 2000 whether it turns them into RGB itself.
    """

    coding: Coding
    rows: int
    columns: int
    samples: int
    precision: int
    colours: Colours = Colours.UNSAID


class Unreadable(ValueError):
    """The bytes are not what their header says, or end early."""


def read_codestream(content: bytes) -> Codestream:
    """Raises ``Unreadable`` for anything but JPEG, JPEG-LS and JPEG 2000."""
    try:
        if content[:2] == b"\xff\xd8":
            return _jpeg(content)
        if content[:4] == b"\xff\x4f\xff\x51":
            return _jpeg_2000(content, 0)
        if content[4:8] == b"jP  ":
            return _jpeg_2000(content, _codestream_of_jp2(content))
    except (IndexError, ValueError, struct_error) as error:
        raise Unreadable("its header ends early") from error
    raise Unreadable("it does not begin like one")


def has_end(content: bytes, coding: Coding) -> bool:
    """Whether the marker that ends a picture stands behind the one that begins its data."""
    begin = b"\xff\x93" if coding is Coding.JPEG_2000 else b"\xff\xda"
    return content.rfind(b"\xff\xd9") > content.find(begin) > 0


_START_OF_SCAN = 0xDA
_JFIF, _ADOBE = 0xE0, 0xEE
_FRAMES = {
    **dict.fromkeys((0xC0, 0xC1, 0xC2, 0xC9, 0xCA), Coding.JPEG),
    **dict.fromkeys((0xC3, 0xCB), Coding.JPEG_LOSSLESS),
    0xF7: Coding.JPEG_LS,
}
_NAMED_RGB = (b"RGB", b"rgb")


def _jpeg(content: bytes) -> Codestream:
    """After ITU-T T.81, B.2, and the JPEG library's way to tell colours (jdapimin.c)."""
    at, said, adobe = 2, Colours.UNSAID, None
    while True:
        if content[at] != 0xFF:
            raise ValueError
        marker = content[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        length = unpack_from(">H", content, at + 2)[0]
        body = content[at + 4 : at + 2 + length]
        if marker in _FRAMES:
            break
        if marker == _START_OF_SCAN or (0xC5 <= marker <= 0xCF and marker != 0xCC):
            raise ValueError  # no frame, or one of a kind that nothing reads
        if marker == _JFIF and body[:4] == b"JFIF":
            said = Colours.YCBCR
        elif marker == _ADOBE and body[:5] == b"Adobe" and len(body) >= 12:
            adobe = Colours.YCBCR if body[11] else Colours.RGB
        at += 2 + length
    precision, rows, columns, samples = unpack_from(">BHHB", body)
    if said is Colours.UNSAID and adobe is not None:
        said = adobe
    elif said is Colours.UNSAID and bytes(body[6::3][:3]) in _NAMED_RGB:
        said = Colours.RGB
    return Codestream(_FRAMES[marker], rows, columns, samples, precision, said)


def _jpeg_2000(content: bytes, start: int) -> Codestream:
    """After ITU-T T.800, A.5 and A.6."""
    right, bottom, left, top = unpack_from(">IIII", content, start + 8)
    samples, depth = unpack_from(">HB", content, start + 40)
    at = start + 2
    while True:
        marker, length = unpack_from(">HH", content, at)
        if marker == 0xFF52:  # coding style; its eighth byte is the colour transform
            transformed = content[at + 8] == 1
            break
        if marker >> 8 != 0xFF or marker == 0xFF90:
            raise ValueError
        at += 2 + length
    return Codestream(
        Coding.JPEG_2000,
        bottom - top,
        right - left,
        samples,
        (depth & 0x7F) + 1,
        Colours.RGB if transformed else Colours.UNSAID,
    )


def _codestream_of_jp2(content: bytes) -> int:
    """Where the codestream begins in a JP2 file, which some put where a bare one belongs."""
    at = 0
    while True:
        length, kind = unpack_from(">I4s", content, at)
        if kind == b"jp2c":
            return at + (16 if length == 1 else 8)
        if length < 8:
            raise ValueError
        at += length
