"""NIfTI-1, NIfTI-2 and Analyze 7.5: what a file holds, told by its header, and its values."""

import math
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.images.dicom.frame_names import numbered
from engine.images.nifti_geometry import placement_of, time_step_ms
from engine.images.nifti_header import NiftiHeader, partner, read_header
from engine.images.plan import Planned
from engine.images.raw_numbers import Encoding, RawNumbers
from engine.images.recognise import Kind
from engine.images.slabs import Slabs
from engine.images.whole_files import FileVolume, magnitude_repair, over_black
from engine.pictures import FrameAxis, GreyWindow, Repair, RepairKind, VolumeFacts

_SPECTRAL = (32, 40, 48)

# Decided: as for DICOM, a float32 keeps scaled numbers of at most 16 bits apart.
_BITS_OF_FLOAT32 = 16

_INTEGERS = ("uint8", "int8", "int16", "uint16", "int32", "uint32")


def plan(path: Path, kind: Kind, key: str) -> Planned:
    """How the file will be read.

    Raises:
        Refusal: It is damaged, or holds no volume that this build knows.
    """
    header = read_header(path, kind)
    volume = _volume(header)
    placed = volume.placed
    _, _, repairs, warnings = _scaling(header)
    if header.dtype.kind == "c":
        repairs += (magnitude_repair(),)
    frames, axis = _frames(header)
    facts = VolumeFacts(
        grid=placed.grid,
        frames=frames,
        frame_axis=axis,
        frame_ms=time_step_ms(header.fields) if axis is FrameAxis.TIME else None,
        colour=volume.colour,
        windows=() if header.is_analyze or volume.colour else _windows(header.fields),
        interpolated=placed.sheared is not None,
        repairs=(*placed.repairs, *repairs),
        warnings=(*placed.warnings, *warnings, *_left_over(header)),
    )
    return Planned(key, volume.plan(path, kind), facts)


def volume(path: Path, kind: Kind) -> FileVolume:
    """How its values are read. Raises ``Refusal`` as ``plan``."""
    return _volume(read_header(path, kind))


def files(path: Path, kind: Kind) -> tuple[Path, ...]:
    """The file in which its numbers lie, where that is another one."""
    beside = None if kind is Kind.NIFTI else partner(path, ".img")
    return (beside,) if beside else ()


def _volume(header: NiftiHeader) -> FileVolume:
    slope, intercept, _, _ = _scaling(header)
    colour = header.dtype.names is not None
    dtype = "uint8" if colour else _dtype(header.dtype, slope, intercept)
    native = header.dtype.newbyteorder("=")
    scaled = not colour and (native != np.dtype(dtype) or (slope, intercept) != (1.0, 0.0))

    def values(stored: NDArray[Any]) -> NDArray[Any]:
        if colour:
            channels = stored.view(np.uint8).reshape(*stored.shape, len(header.dtype.names or ()))
            return over_black(channels) if channels.shape[-1] == 4 else channels
        numbers = stored.astype(native, copy=False)
        if not scaled:
            return numbers
        with np.errstate(over="ignore"):  # beyond the largest number stands infinity
            return _scaled(numbers, slope, intercept).astype(dtype)

    numbers = RawNumbers(
        header.path,
        (header.data,),
        header.dtype,
        math.prod(header.shape),
        Encoding.ZLIB if header.packed else Encoding.RAW,
        skip=0 if header.packed else header.offset,
        unpacked_skip=header.offset if header.packed else 0,
    )
    slabs = Slabs(header.dtype, header.shape, (0, 1, 2))
    return FileVolume(numbers, slabs, placement_of(header), dtype, colour, values, scaled)


def _scaled(picture: NDArray[Any], slope: float, intercept: float) -> NDArray[Any]:
    if picture.dtype.kind == "c":
        return np.hypot(picture.real * slope + intercept, picture.imag * slope + intercept)
    scaled: NDArray[Any] = picture.astype(np.float64)
    scaled *= slope
    scaled += intercept
    return scaled


def _scaling(
    header: NiftiHeader,
) -> tuple[float, float, tuple[Repair, ...], tuple[str, ...]]:
    """Slope and intercept; 1 and 0 where the header gives none or none that can be."""
    slope = float(header.fields["scl_slope"])
    intercept = float(header.fields["scl_inter"])
    if not math.isfinite(slope) or slope == 0 or header.dtype.names:
        return 1.0, 0.0, (), ()
    if header.is_analyze:
        if slope == 1:
            return 1.0, 0.0, (), ()
        detail = f"Values were multiplied by {slope:g}, as SPM writes it into Analyze files."
        return slope, 0.0, (Repair(RepairKind.VALUES, detail),), ()
    if math.isfinite(intercept):
        return slope, intercept, (), ()
    lost = "The header's intercept is no number; the values are only multiplied by its slope."
    return slope, 0.0, (), (lost,)


def _dtype(stored: np.dtype[Any], slope: float, intercept: float) -> str:
    """The smallest type that holds every value exactly, or keeps all of them apart."""
    if stored.kind == "c":
        return "float32" if stored.itemsize == 8 else "float64"
    plain = stored.newbyteorder("=")
    if (slope, intercept) == (1.0, 0.0) and plain.kind in "iuf":
        return plain.name if plain.itemsize > 2 or plain.kind != "f" else "float32"
    if plain.kind in "iu":
        ends = [np.iinfo(plain).min * slope + intercept, np.iinfo(plain).max * slope + intercept]
        if slope.is_integer() and intercept.is_integer():
            for name in _INTEGERS:
                limits = np.iinfo(name)
                if limits.min <= min(ends) and max(ends) <= limits.max:
                    return name
        narrow = plain.itemsize * 8 <= _BITS_OF_FLOAT32
        fits = max(map(abs, ends)) <= float(np.finfo(np.float32).max)
        return "float32" if narrow and fits else "float64"
    return plain.name


def _frames(header: NiftiHeader) -> tuple[tuple[str, ...], FrameAxis]:
    more = header.shape[3:]
    count = math.prod(more)
    long = [axis for axis, length in enumerate(more) if length > 1]
    if not long:
        return ("",), FrameAxis.NONE
    if long == [0]:
        if b_values := _b_values(header.path, count):
            return b_values, FrameAxis.B_VALUE
        spectral = not header.is_analyze and int(header.fields["xyzt_units"]) & 0x38 in _SPECTRAL
        axis = FrameAxis.IMAGE if spectral else FrameAxis.TIME
        return numbered(count, axis), axis
    if long == [1]:
        return numbered(count, FrameAxis.COMPONENT), FrameAxis.COMPONENT
    places = np.indices(more[::-1]).reshape(len(more), -1).T[:, ::-1] + 1
    words = (".".join(str(place[axis]) for axis in long) for place in places)
    return tuple(f"image {word}" for word in words), FrameAxis.IMAGE


def _b_values(path: Path, count: int) -> tuple[str, ...]:
    """Names by the b-values in the .bval file that converters lay beside; none if it has others."""
    beside = partner(path, ".bval")
    try:
        words = beside.read_text(encoding="ascii").split() if beside else []
        values = [float(word) for word in words]
    except (OSError, ValueError):
        return ()
    if len(values) != count or not all(math.isfinite(value) for value in values):
        return ()
    shared, seen = Counter(values), Counter[float]()
    names = []
    for value in values:
        seen[value] += 1
        more = f", {seen[value]}" if shared[value] > 1 else ""
        names.append(f"b {value:g}{more}")
    return tuple(names)


def _left_over(header: NiftiHeader) -> tuple[str, ...]:
    """A warning where more follows than a picture needs: its size may be wrong."""
    if header.left_over < math.prod(header.shape[:2]) * header.dtype.itemsize:
        return ()
    return (
        f"The file holds {header.left_over:,} bytes more than its header says: they are not shown.",
    )


def _windows(fields: Any) -> tuple[GreyWindow, ...]:
    """The header's own window: the values to be shown darkest and brightest."""
    least, most = float(fields["cal_min"]), float(fields["cal_max"])
    if not (math.isfinite(least) and math.isfinite(most) and least < most):
        return ()
    return (GreyWindow((least + most) / 2, most - least),)
