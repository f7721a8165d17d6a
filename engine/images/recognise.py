"""What kind of file some bytes are, told by the bytes and never by a name."""

import re
import zlib
from enum import StrEnum


class Kind(StrEnum):
    """The formats that this build reads; a photograph's value is Pillow's name of its reader."""

    JPEG = "JPEG"
    PNG = "PNG"
    TIFF = "TIFF"
    BMP = "BMP"
    WEBP = "WEBP"
    DICOM = "DICOM"
    DICOMDIR = "DICOMDIR"
    NIFTI = "NIfTI"
    NIFTI_PAIR = "NIfTI header"
    ANALYZE = "Analyze header"
    NRRD = "NRRD"
    METAIMAGE = "MetaImage"
    ZIP = "ZIP"
    GZIP = "gzip"

    @property
    def is_photograph(self) -> bool:
        """Whether the file goes the photograph's way."""
        return self in _PHOTOGRAPH_KINDS

    @property
    def words(self) -> str:
        """The format as people write it."""
        return "WebP" if self is Kind.WEBP else self.value


READABLE = "JPEG, PNG, TIFF, BMP, WebP and DICOM photographs"

CAMERA_RAW = "a camera's raw file, to be exported as a JPEG or TIFF first"
"""What such a file is, as a noun. Those that are TIFFs inside are told by ``camera_raw``."""

ENOUGH = 4096
"""So many bytes from a file's start tell its kind."""

_LEAST = 600
"""And these are the fewest: no header that is looked for is longer."""

_PHOTOGRAPH_KINDS = (Kind.JPEG, Kind.PNG, Kind.TIFF, Kind.BMP, Kind.WEBP)

_PHOTOGRAPHS = (
    (0, b"\xff\xd8\xff", Kind.JPEG),
    (0, b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (0, b"II*\x00", Kind.TIFF),
    (0, b"MM\x00*", Kind.TIFF),
    (0, b"II+\x00", Kind.TIFF),
    (0, b"MM\x00+", Kind.TIFF),
)

_BITMAP_HEADERS = tuple(size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124))

_VOLUMES = (
    (344, b"n+1\x00", Kind.NIFTI),
    (344, b"ni1\x00", Kind.NIFTI_PAIR),
    (4, b"n+2\x00", Kind.NIFTI),
    (4, b"ni2\x00", Kind.NIFTI_PAIR),
    (0, b"NRRD000", Kind.NRRD),
    (0, b"PK\x03\x04", Kind.ZIP),
    (0, b"PK\x05\x06", Kind.ZIP),
)

_GZIP = b"\x1f\x8b\x08"

# Where a signature lies, its bytes, and what to call such a file.
_OTHERS = (
    (128, b"DICM", "a DICOM image"),
    (0, b"%PDF", "a PDF document"),
    (0, b"GIF8", "a GIF picture"),
    (4, b"ftypheic", "a HEIC picture"),
    (4, b"ftypheix", "a HEIC picture"),
    (4, b"ftypmif1", "a HEIC picture"),
    (4, b"ftypavif", "an AVIF picture"),
    (4, b"ftypcrx", CAMERA_RAW),
    (0, b"FUJIFILMCCD-RAW", CAMERA_RAW),
    (0, b"IIU\x00", CAMERA_RAW),
    (0, b"IIRO", CAMERA_RAW),
    (0, b"IIRS", CAMERA_RAW),
    (0, b"MMOR", CAMERA_RAW),
    (6, b"HEAPCCDR", CAMERA_RAW),
    (4, b"ftyp", "a film"),
    (0, b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture"),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (0, b"8BPS", "a Photoshop document"),
    (0, b"PK\x03\x04", "a zip archive or an office document"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"7z\xbc\xaf", "a 7-Zip archive"),
    (0, b"Rar!\x1a\x07", "a RAR archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"BZh", "a bzip2 archive"),
    (0, b"\xfd7zXZ", "an XZ archive"),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (0, b"\xd0\xcf\x11\xe0", "an office document"),
    (0, b"\x93NUMPY", "a NumPy array"),
    (0, b"\x89HDF", "an HDF5 file (MINC, MATLAB and others)"),
    (0, b"CDF\x01", "a MINC or netCDF file"),
    (0, b"CDF\x02", "a MINC or netCDF file"),
    (0, b"\x00\x00\x01\x0b", "a FreeSurfer surface"),
    (0, b"<svg", "a drawing"),
)

_VOLUME_WORDS: dict[Kind | None, str] = {
    Kind.NIFTI: "a NIfTI image",
    Kind.NIFTI_PAIR: "the header of a NIfTI image",
    Kind.ANALYZE: "the header of an Analyze image",
    Kind.NRRD: "an NRRD image",
    Kind.METAIMAGE: "a MetaImage image",
}

# The length of a UI is even, so this one, of 20 letters, has no padding.
_DICOMDIR = b"1.2.840.10008.1.3.10\x02\x00"
_META_LENGTHS = (b"UI\x14\x00", b"\x14\x00\x00\x00")

_METAIMAGE = re.compile(
    rb"\A(?:[ \t]*[A-Za-z_]+[ \t]*=[^\r\n\0]*\r?\n){0,20}?[ \t]*(?:NDims|ObjectType)[ \t]*=",
)

_VALUE_REPRESENTATIONS = frozenset(
    b"AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN "
    b"UR US UT UV".split()
)


def kind_of(start: bytes) -> Kind | None:
    """The format of a file that begins with ``start`` (``ENOUGH`` bytes), None if not known here.

    A compressed NIfTI or Analyze file is what it is when unpacked, since these are read as they
    are; any other gzip file is GZIP.
    """
    if start[128:132] == b"DICM":
        return Kind.DICOMDIR if _is_dicomdir(start) else Kind.DICOM
    if start.startswith(_GZIP):
        inner = kind_of(unzipped(start))
        return inner if inner in _READ_COMPRESSED else Kind.GZIP
    return photograph_kind(start) or volume_kind(start)


def photograph_kind(content: bytes) -> Kind | None:
    """The format of a photograph file, or None if this build does not read it."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Kind.WEBP
    # Two letters prove little: a bitmap's fixed header ends with the length of its second one.
    if content[:2] == b"BM" and content[14:18] in _BITMAP_HEADERS:
        return Kind.BMP
    return next((kind for at, mark, kind in _PHOTOGRAPHS if content.startswith(mark, at)), None)


def volume_kind(start: bytes) -> Kind | None:
    """The format of a file that holds a volume or many files, or None."""
    for at, mark, kind in _VOLUMES:
        if start.startswith(mark, at):
            return kind
    if start[:4] in (b"\x5c\x01\x00\x00", b"\x00\x00\x01\x5c"):  # 348, the length of the header
        return Kind.ANALYZE
    if _METAIMAGE.match(start):
        return Kind.METAIMAGE
    # One stray byte before the first element is a fault that the DICOM reader names.
    if _begins_with_element(start) or _begins_with_element(start[1:]):
        return Kind.DICOM
    return None


def unzipped(start: bytes) -> bytes:
    """The first bytes of a gzip file's content, as far as its start allows; empty if damaged."""
    for most in (ENOUGH, _LEAST):
        try:
            return zlib.decompressobj(wbits=31).decompress(start, most)
        except zlib.error:
            continue  # the fault may lie behind what tells the kind
    return b""


def describe(content: bytes) -> str:
    """What a file that is no readable photograph is, as a noun with its article."""
    if (volume := _VOLUME_WORDS.get(kind_of(content[:ENOUGH]))) is not None:
        return volume
    for at, mark, words in _OTHERS:
        if content.startswith(mark, at):
            return words
    return "a text file" if _is_text(content[:4096]) else "a kind of file that is not known here"


_READ_COMPRESSED = (Kind.NIFTI, Kind.NIFTI_PAIR, Kind.ANALYZE)


def _is_dicomdir(start: bytes) -> bool:
    at = start.find(_DICOMDIR, 132)
    return at > 0 and start[at - 4 : at] in _META_LENGTHS


def _begins_with_element(start: bytes) -> bool:
    """Whether a DICOM element of group 2 or 8 stands here, as in files without a preamble."""
    if len(start) < 16:
        return False
    for order in ("little", "big"):
        group = int.from_bytes(start[:2], order)
        element = int.from_bytes(start[2:4], order)
        if group not in (0x0002, 0x0008) or element > 0x0100:
            continue
        if start[4:6] in _VALUE_REPRESENTATIONS:
            return True
        # Implicit: a length of four bytes, which for these elements is short.
        length = int.from_bytes(start[4:8], order)
        if order == "little" and length <= 256 and length % 2 == 0:
            return True
    return False


def _is_text(start: bytes) -> bool:
    # The last character may be cut in two at the end of the sample.
    try:
        text = start.decode("utf-8", errors="strict")
    except UnicodeDecodeError as error:
        if error.start < len(start) - 3:
            return False
        text = start[: error.start].decode("utf-8")
    return all(letter.isprintable() or letter in "\t\r\n\f\ufeff" for letter in text)
