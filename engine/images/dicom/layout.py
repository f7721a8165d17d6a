"""How the numbers of a DICOM picture lie in its file."""

from dataclasses import dataclass
from pathlib import Path

from engine.errors import Refusal
from engine.images.dicom import tags
from engine.images.dicom.elements import Parsed, integer, text
from engine.images.dicom.encodings import BIG_ENDIAN, GE_BIG_ENDIAN_PICTURE
from engine.images.reading import damaged, name_of

_COLOURS = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_422", "YBR_ICT", "YBR_RCT", "")

_EXPORT_AGAIN = "Export it from its archive uncompressed, or as JPEG-LS or JPEG 2000."


@dataclass(frozen=True)
class Layout:
    """What the header says of the pixels of a file.

    ``samples`` is 1 or 3; ``planar`` is whether each colour's plane stands by itself.
    ``allocated`` is the number of bits that a sample takes in the file, ``stored`` how many of
    them hold its number, ``high`` which is the uppermost of those. ``swapped``: bytes stand the
    other way round than little endian. ``paired``: so they do in pairs, even where a sample takes
    one byte.
    """

    rows: int
    columns: int
    frames: int
    samples: int
    photometric: str
    allocated: int
    stored: int
    high: int
    signed: bool = False
    floating: bool = False
    planar: bool = False
    swapped: bool = False
    paired: bool = False

    @property
    def shares_chroma(self) -> bool:
        """Whether uncompressed pixels have the chroma of two beside each other stored once."""
        return self.photometric in ("YBR_FULL_422", "YBR_PARTIAL_422")

    @property
    def frame_bits(self) -> int:
        """How many bits one uncompressed picture takes."""
        pixels = self.rows * self.columns
        if self.shares_chroma:
            return (pixels + self.rows * (self.columns % 2)) * 2 * self.allocated
        return pixels * self.samples * self.allocated


def cannot_be_shown(path: Path, why: str, advice: str = _EXPORT_AGAIN) -> Refusal:
    """A file of a kind that is not read here."""
    return Refusal(f"“{name_of(path)}” cannot be shown.", why, advice)


def layout_of(path: Path, parsed: Parsed) -> Layout:
    """What a file's header says of its pixels.

    Raises:
        Refusal: they are none, or of a kind that is not read here.
    """
    elements = parsed.elements
    floating = parsed.pixels != tags.PIXEL_DATA
    samples = integer(elements, tags.SAMPLES_PER_PIXEL) or 1
    allocated = integer(elements, tags.BITS_ALLOCATED) or 0
    if floating:
        allocated = 32 if parsed.pixels == tags.FLOAT_PIXEL_DATA else 64
    stored = min(integer(elements, tags.BITS_STORED) or allocated, allocated)
    high = integer(elements, tags.HIGH_BIT)
    big_endian = parsed.transfer_syntax == BIG_ENDIAN
    layout = Layout(
        rows=integer(elements, tags.ROWS) or 0,
        columns=integer(elements, tags.COLUMNS) or 0,
        frames=integer(elements, tags.NUMBER_OF_FRAMES) or 1,
        samples=samples,
        photometric=text(elements, tags.PHOTOMETRIC_INTERPRETATION),
        allocated=allocated,
        stored=stored,
        high=stored - 1 if high is None or not stored <= high + 1 <= allocated else high,
        signed=integer(elements, tags.PIXEL_REPRESENTATION) == 1,
        floating=floating,
        planar=samples > 1 and integer(elements, tags.PLANAR_CONFIGURATION) == 1,
        swapped=big_endian or parsed.transfer_syntax == GE_BIG_ENDIAN_PICTURE,
        paired=big_endian and allocated <= 8 and _vr(path, parsed.start) == b"OW",
    )
    _check(path, layout)
    return layout


def _vr(path: Path, start: int) -> bytes:
    """The value representation of the pixel data, as it stands before their value."""
    with path.open("rb") as file:
        file.seek(start - 8)
        return file.read(2)


def _check(path: Path, layout: Layout) -> None:
    if not layout.rows or not layout.columns:
        raise damaged(
            path, f"Its header says that the picture has {layout.columns} x {layout.rows} pixels."
        )
    if not 1 <= layout.allocated <= 32 and not layout.floating:
        raise cannot_be_shown(
            path,
            f"Its numbers take {layout.allocated} bits each; at most 32 can be read.",
        )
    colours = layout.samples == 3 and layout.photometric in _COLOURS
    if not colours and layout.samples != 1:
        raise cannot_be_shown(
            path,
            f"Its colours are stored as {layout.photometric or 'nothing named'} with "
            f"{layout.samples} samples a pixel; RGB and YBR with 3 can be read.",
        )
