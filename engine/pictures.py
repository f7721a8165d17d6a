"""Pictures as the house passes them: frozen, numpy only."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.space import Affine4


class Laterality(StrEnum):
    """Which eye, as ophthalmologists write it."""

    RIGHT = "OD"
    LEFT = "OS"


@dataclass(frozen=True, eq=False)
class Photograph:
    """A colour photograph, upright.

    ``pixels`` is uint8 (y, x, 3), red-green-blue, with the file's orientation applied.
    ``name`` is the file's own name, never a path. ``content_hash`` is the SHA-256 of the file's
    bytes. ``warnings`` are sentences about what reading had to change.
    """

    pixels: NDArray[np.uint8]
    name: str
    content_hash: str
    laterality: Laterality | None = None
    warnings: tuple[str, ...] = ()


class RepairKind(StrEnum):
    """What was mended in an image's geometry on loading; the value stands in JSON."""

    TILT = "tilt"
    SHEAR = "shear"
    MISSING_SLICES = "missing slices"
    UNEVEN_GAPS = "uneven gaps"
    DUPLICATE_SLICES = "duplicate slices"
    SEVERAL_PER_POSITION = "several images per position"
    SEVERAL_PLANES = "several planes"
    SEVERAL_SIZES = "several sizes"
    SEVERAL_BLOCKS = "several blocks"
    MOSAIC = "mosaic"
    SPACING = "spacing"
    ORIENTATION = "orientation"
    UNITS = "units"
    REDUCED = "reduced"
    STRAIGHTENED = "straightened"
    VALUES = "values"


@dataclass(frozen=True)
class Repair:
    """Something mended: ``detail`` says what was wrong, what stands in its place, what it affects.

    One to three sentences for a reader, without patient data.
    """

    kind: RepairKind
    detail: str


class FrameAxis(StrEnum):
    """What the frames of a volume differ by; the word stands on the selector."""

    NONE = ""
    TIME = "time"
    B_VALUE = "b-value"
    ECHO = "echo"
    COMPONENT = "component"
    PHASE = "phase"
    IMAGE = "image"


@dataclass(frozen=True)
class ScaledPart:
    """A part of a picture with a scale of its own, as ultrasound has them.

    From the pixel ``first`` (x, y) to ``last``; ``pitch`` is mm along x and y, None if that is not
    known or another part may not be read through it.
    """

    first: tuple[int, int]
    last: tuple[int, int]
    pitch: tuple[float, float] | None = None


@dataclass(frozen=True)
class Grid:
    """Where the voxels of a volume lie.

    ``size`` is (x, y, z). ``spacing`` is in mm along x, y and z, None where it is not known.
    ``rows`` are the rows of the 4x4 affine from voxel (x, y, z, 1) to LPS mm, None where the
    orientation or the position is not known. ``missing`` are the slice indices along z at which no
    slice was found: their voxels are blank, and nothing is read off them. ``approximate`` is
    whether the spacing is that of the detector and not of the body (ImagerPixelSpacing): lengths
    are then said with ≈. ``aspect`` is a pixel's width (x) over its height (y), where their spacing
    is not known. ``parts`` have a scale of their own; the picture as a whole has none then.
    """

    size: tuple[int, int, int]
    spacing: tuple[float | None, float | None, float | None] = (None, None, None)
    rows: tuple[tuple[float, float, float, float], ...] | None = None
    missing: tuple[int, ...] = ()
    approximate: bool = False
    aspect: float = 1.0
    parts: tuple[ScaledPart, ...] = ()

    @property
    def pixel(self) -> tuple[float, float]:
        """A pixel's width (x) and height (y): in mm, else in proportion, the shorter one 1."""
        x, y, _ = self.spacing
        if x is None or y is None:
            return max(self.aspect, 1.0), max(1 / self.aspect, 1.0)
        return x, y

    @property
    def affine(self) -> Affine4 | None:
        """Voxel (x, y, z, 1) to LPS mm, or None."""
        return None if self.rows is None else np.array(self.rows, np.float64)

    @property
    def orientation(self) -> str | None:
        """Toward which x, y and z grow by their nearest patient axes ("LPS"), or None."""
        from engine.space import orientation_of

        return None if self.rows is None else orientation_of(np.array(self.rows))


def counted_down(orientation: str | None, axis: int) -> bool:
    """Whether slices along an axis are counted against their index; see ``Grid.orientation``.

    Decided: the first slice is the one nearest to the head, the front or the patient's right,
    whichever way the file has them, so that the wheel always goes the same way through a body.
    Where the orientation is unknown they are counted by index.
    """
    return orientation is not None and orientation[axis] in "SAR"


def slice_numbers(indices: Sequence[int], count: int, *, down: bool) -> list[int]:
    """The numbers that a reader counts slices by, from 1, of ``count``: from the least on."""
    return sorted(count - index if down else index + 1 for index in indices)


def grid_of(affine: Affine4, size: tuple[int, int, int], missing: tuple[int, ...] = ()) -> Grid:
    """The grid of a known affine."""
    from engine.space import spacing_of

    rows = tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in affine)
    return Grid(size, spacing_of(affine), rows, missing)


@dataclass(frozen=True)
class GreyWindow:
    """A window for greys: values from ``centre`` - ``width``/2 to ``centre`` + ``width``/2."""

    centre: float
    width: float
    name: str = ""


def packed(bits: NDArray[np.bool_]) -> bytes:
    """Bits (y, x) in few bytes; ``Overprint.bits`` reads them."""
    return zlib.compress(np.packbits(bits).tobytes(), 1)


@dataclass(frozen=True)
class Overprint:
    """What a file itself draws over slice ``z`` of a frame: marks and words (a DICOM overlay)."""

    frame: int
    z: int
    packed: bytes

    def bits(self, size: tuple[int, int]) -> NDArray[np.bool_]:
        """Where something is drawn, (y, x), on a slice of ``size`` (x, y)."""
        x, y = size
        octets = np.frombuffer(zlib.decompress(self.packed), np.uint8)
        return np.unpackbits(octets, count=x * y).reshape(y, x).astype(np.bool_)


@dataclass(frozen=True)
class VolumeFacts:
    """All that is known of a volume but its values.

    ``modality`` is DICOM's ("CT", "MR", …), None where the format has none. ``unit`` is what the
    values are in ("HU"), None if unknown. ``frames`` are the names of the frames, one for a plain
    volume; ``frame_axis`` is what they differ by; ``frame_ms`` the time between two, for cine.
    ``value_range`` is (least, greatest) finite value, None before the values were read or if there
    is none. ``windows`` are the header's own. ``inverted``: low values are bright (MONOCHROME1).
    ``padding`` is the value, as shown, that stands for "nothing was measured here".
    ``frame_of_reference`` is DICOM's UID: two volumes of the same one share patient space.
    ``interpolated``: the values were laid on another grid than they were acquired on.
    ``overprints`` are what the files draw over their slices, apart from the values.
    ``blank_frames`` are those of a film whose picture cannot be read: nothing is read off them.
    ``content_hash`` is empty before the values were read. ``warnings`` are sentences.
    """

    grid: Grid
    modality: str | None = None
    unit: str | None = None
    frames: tuple[str, ...] = ("",)
    frame_axis: FrameAxis = FrameAxis.NONE
    frame_ms: float | None = None
    colour: bool = False
    value_range: tuple[float, float] | None = None
    windows: tuple[GreyWindow, ...] = ()
    inverted: bool = False
    padding: float | None = None
    interpolated: bool = False
    frame_of_reference: str = ""
    transfer_syntax: str | None = None
    overprints: tuple[Overprint, ...] = ()
    content_hash: str = ""
    blank_frames: tuple[int, ...] = ()
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Volume:
    """A volume, or several on one grid.

    ``values`` is (frame, z, y, x) in the unit of ``facts``, or uint8 (frame, z, y, x, 3) where
    ``facts.colour``: red, green, blue. A single picture is a volume of one slice, a cine one of
    one slice and many frames.
    """

    values: NDArray[Any]
    facts: VolumeFacts

    def frame(self, number: int = 0) -> NDArray[Any]:
        """One frame's values, (z, y, x) or (z, y, x, 3)."""
        frame: NDArray[Any] = self.values[number]
        return frame
