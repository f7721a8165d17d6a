"""What kind of file some bytes are, told by the bytes and never by a name."""

from enum import StrEnum


class Kind(StrEnum):
    """The photograph formats that this build reads; the value is Pillow's name of the reader."""

    JPEG = "JPEG"
    PNG = "PNG"
    TIFF = "TIFF"
    BMP = "BMP"
    WEBP = "WEBP"


READABLE = "JPEG, PNG, TIFF, BMP and WebP photographs"

_PHOTOGRAPHS = (
    (0, b"\xff\xd8\xff", Kind.JPEG),
    (0, b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (0, b"II*\x00", Kind.TIFF),
    (0, b"MM\x00*", Kind.TIFF),
    (0, b"II+\x00", Kind.TIFF),
    (0, b"MM\x00+", Kind.TIFF),
)

_BITMAP_HEADERS = tuple(size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124))

# Where a signature lies, its bytes, and what to call such a file.
_OTHERS = (
    (128, b"DICM", "a DICOM image"),
    (344, b"n+1\x00", "a NIfTI image"),
    (344, b"ni1\x00", "a NIfTI image"),
    (4, b"n+2\x00", "a NIfTI image"),
    (0, b"%PDF", "a PDF document"),
    (0, b"GIF8", "a GIF picture"),
    (4, b"ftypheic", "a HEIC picture"),
    (4, b"ftypheix", "a HEIC picture"),
    (4, b"ftypmif1", "a HEIC picture"),
    (4, b"ftypavif", "an AVIF picture"),
    (4, b"ftyp", "a film"),
    (0, b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture"),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (0, b"8BPS", "a Photoshop document"),
    (0, b"PK\x03\x04", "a zip archive or an office document"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"7z\xbc\xaf", "a 7-Zip archive"),
    (0, b"\xd0\xcf\x11\xe0", "an office document"),
    (0, b"\x93NUMPY", "a NumPy array"),
    (0, b"<svg", "a drawing"),
)


def photograph_kind(content: bytes) -> Kind | None:
    """The format of a photograph file, or None if this build does not read it."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Kind.WEBP
    # Two letters prove little: a bitmap's fixed header ends with the length of its second one.
    if content[:2] == b"BM" and content[14:18] in _BITMAP_HEADERS:
        return Kind.BMP
    return next((kind for at, mark, kind in _PHOTOGRAPHS if content.startswith(mark, at)), None)


def describe(content: bytes) -> str:
    """What a file that is no readable photograph is, as a noun with its article."""
    for at, mark, words in _OTHERS:
        if content.startswith(mark, at):
            return words
    return "a text file" if _is_text(content[:4096]) else "a kind of file that is not known here"


def _is_text(start: bytes) -> bool:
    # The last character may be cut in two at the end of the sample.
    try:
        text = start.decode("utf-8", errors="strict")
    except UnicodeDecodeError as error:
        if error.start < len(start) - 3:
            return False
        text = start[: error.start].decode("utf-8")
    return all(letter.isprintable() or letter in "\t\r\n\f\ufeff" for letter in text)
