"""NRRD, with its data in the same file or beside it: what its axes mean, and its values."""

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import Refusal
from engine.images.nrrd_header import TIMED, Axis, NrrdHeader, vector
from engine.images.placing import Placement, Spacing, is_volume, place, single, unplaced
from engine.images.plan import Planned
from engine.images.reading import name_of
from engine.images.recognise import Kind
from engine.images.slabs import Slabs
from engine.images.text_volume import TextVolume
from engine.images.whole_files import FileVolume
from engine.pictures import FrameAxis, Repair, RepairKind
from engine.space import Affine4

_TO_LPS = {
    "right-anterior-superior": (-1, -1, 1),
    "ras": (-1, -1, 1),
    "left-anterior-superior": (1, -1, 1),
    "las": (1, -1, 1),
    "left-posterior-superior": (1, 1, 1),
    "lps": (1, 1, 1),
}

_IN_MM = {
    **dict.fromkeys(("mm", "millimeter", "millimetre", "millimeters", "millimetres"), 1.0),
    **dict.fromkeys(("m", "meter", "metre"), 1000.0),
    **dict.fromkeys(("cm", "centimeter", "centimetre"), 10.0),
    **dict.fromkeys(("um", "µm", "μm", "micron", "microns", "micrometer", "micrometre"), 0.001),
}

_SPATIAL = ("domain", "space", "", "???", "none")
_COLOURS = {"rgb-color": 3, "3-color": 3, "rgba-color": 4, "4-color": 4}
_VECTORS = ("vector", "3-vector", "4-vector")
_FRAMES = {"list": FrameAxis.IMAGE, "stub": FrameAxis.IMAGE, "time": FrameAxis.TIME}


def plan(path: Path, kind: Kind, key: str) -> Planned:
    """How the file will be read. Raises ``Refusal``."""
    return parse(path).plan(kind, key)


def volume(path: Path, _kind: Kind) -> FileVolume:
    """How its values are read. Raises ``Refusal``."""
    return parse(path).volume


def files(path: Path, _kind: Kind) -> tuple[Path, ...]:
    """The files in which its numbers lie. Raises ``Refusal``."""
    return parse(path).numbers.files


def parse(path: Path) -> TextVolume:
    """Read and check a header.

    Raises:
        Refusal: It is damaged, or in a form that this build does not know.
    """
    header = NrrdHeader(path)
    axes = header.axes()
    numbers = header.numbers(axes)
    numbers.check()
    space = _spatial(path, axes)
    others = [axis for axis in range(len(axes)) if axis not in space]
    channels, colour = _channels(axes, others, numbers.dtype)
    frames = [axes[axis] for axis in others if axis != channels and axes[axis].length > 1]
    kinds = {_frame_axis(axis) for axis in frames}
    unit = header.fields.get("sample units", header.fields.get("sampleunits", "")).strip('" ')
    return TextVolume(
        numbers=numbers,
        slabs=Slabs(numbers.dtype, tuple(axis.length for axis in axes), space, channels),
        placed=_placed(header, [axes[axis] for axis in space]),
        colour=colour,
        frame_axis=kinds.pop() if len(kinds) == 1 else FrameAxis.IMAGE,
        frame_ms=frames[0].step_ms if len(frames) == 1 else None,
        unit=unit or None,
    )


def _spatial(path: Path, axes: tuple[Axis, ...]) -> tuple[int, ...]:
    """Which two or three axes are x, y and z."""
    directed = [axis for axis, each in enumerate(axes) if each.direction is not None]
    plain = [axis for axis, each in enumerate(axes) if each.kind in _SPATIAL]
    space = (directed or plain)[:3]
    if len(space) < 2:
        raise Refusal(
            f"“{name_of(path)}” is not a picture.",
            f"Axes in space that it has: {len(space)}; two or three are needed.",
            "Choose a file that holds a volume.",
        )
    return tuple(space)


def _channels(
    axes: tuple[Axis, ...], others: list[int], dtype: np.dtype[Any]
) -> tuple[int | None, bool]:
    """The axis of colours or of complex numbers, and whether it is colours."""
    for axis in others:
        kind, length = axes[axis].kind, axes[axis].length
        if kind == "complex" and length == 2:
            return axis, False
        # A vector of three bytes is how ITK writes a colour.
        vector_of_bytes = kind in _VECTORS and length in (3, 4)
        if dtype == np.uint8 and (_COLOURS.get(kind) == length or vector_of_bytes):
            return axis, True
    return None, False


def _frame_axis(axis: Axis) -> FrameAxis:
    if axis.kind in _SPATIAL:
        return FrameAxis.IMAGE
    return _FRAMES.get(axis.kind, FrameAxis.COMPONENT)


def _placed(header: NrrdHeader, space: list[Axis]) -> Placement:
    """Where the voxels lie."""
    scale, repairs = _scale(header)
    lengths = [axis.length for axis in space]
    size = (lengths[0], lengths[1], lengths[2] if len(space) == 3 else 1)
    flips = _TO_LPS.get(TIMED.get(header.space, header.space.removesuffix("-time")))
    affine = _turned(space, np.array(flips) * scale) if flips else None
    if affine is None or flips is None:
        return unplaced(size, _spacing(space, scale), repairs, ())
    origin = vector(header.fields.get("space origin", ""))
    warnings: tuple[str, ...] = ()
    if origin is None or len(origin) < 3 or not np.isfinite(origin).all():
        warnings = ("The file says how the picture is turned, but not where it lies.",)
    else:
        affine[:3, 3] = origin[:3] * flips * scale
    placed = place(affine, size, repairs, warnings)
    return placed if len(space) == 3 else single(placed)


def _turned(space: list[Axis], to_lps: NDArray[np.float64]) -> Affine4 | None:
    """Voxel to LPS mm, but for the origin; None where the axes have no directions.

    ``to_lps`` are the factors from the header's space to LPS mm, by axis.
    """
    columns = [
        axis.direction * to_lps
        for axis in space
        if axis.direction is not None and len(axis.direction) == 3
    ]
    if len(columns) != len(space):
        return None
    if len(columns) == 2:
        normal = np.cross(columns[0], columns[1])
        columns.append(normal / (np.linalg.norm(normal) or 1))
    affine = np.eye(4)
    affine[:3, :3] = np.column_stack(columns)
    return affine if is_volume(affine) else None


def _scale(header: NrrdHeader) -> tuple[float, tuple[Repair, ...]]:
    """The factor to millimetres, in which the format's readers take what has no unit."""
    names = header.words("space units", 3)[:3]
    factors = {_IN_MM.get(name.lower(), 1.0) for name in names if name}
    if factors in (set(), {1.0}) or len(factors) > 1:
        return 1.0, ()
    detail = f"Lengths in the header are in “{names[0]}”; they were converted to millimetres."
    return factors.pop(), (Repair(RepairKind.UNITS, detail),)


def _spacing(space: list[Axis], scale: float) -> Spacing:
    found: list[float | None] = []
    for axis in space:
        given = axis.spacing if axis.direction is None else float(np.linalg.norm(axis.direction))
        good = given is not None and math.isfinite(given) and given != 0
        found.append(abs(given) * scale if given is not None and good else None)
    return found[0], found[1], found[2] if len(found) == 3 else None
