"""Which numbers the pictures of a DICOM series hold: their rescaling, their range, their type."""

import math
from collections.abc import Iterable, Sequence

from engine.images.dicom.header import FrameHeader, Header

# Decided: a float32 holds 24 bits, so below this many steps of the smallest slope its rounding
# stays under a sixteenth of a step, and every stored number keeps a value of its own.
_MOST_STEPS_OF_FLOAT32 = 2**20

_LEAST_OF_FLOAT32, _GREATEST_OF_FLOAT32 = 2.0**-126, 2.0**127
"""Numbers beyond these lose digits in a float32, or end as 0 or infinity."""

DEEP_COLOURS = "Its colours have more than 8 bits each; the upper 8 are shown."
SOME_ARE_COLOURS = (
    "Some of its numbers stand for colours (a supplemental palette); all are shown as greys."
)
MARKS_UNREAD = (
    "The header tells of marks in spare bits of the pixels (an overlay as it was written until "
    "2004); in a file with so many pixels they are not shown."
)
STORED_DOSE = (
    "Its numbers are shown as they are stored; the dose is these times the factor in the header "
    "(Dose Grid Scaling), which is not applied."
)

_INTEGERS = (
    ("uint8", 0, 2**8 - 1),
    ("int16", -(2**15), 2**15 - 1),
    ("uint16", 0, 2**16 - 1),
    ("int32", -(2**31), 2**31 - 1),
)

# For these a modality LUT leads back to the beam's intensity and is not for display, where the
# stored numbers are said to be logarithmic or made for display (PS3.3 C.8.7.1.1.2).
BEAM_MODALITIES = ("XA", "XRF")


def is_colour(header: Header) -> bool:
    """Whether its pictures are shown in colour: three samples a pixel, or a palette."""
    return header.samples >= 3 or header.photometric.startswith("PALETTE")


def notes_on(header: Header) -> tuple[str, ...]:
    """What of the pictures' numbers is not shown as it is, in sentences."""
    grey = not is_colour(header)
    told = (
        (DEEP_COLOURS, header.samples >= 3 and header.bits_stored > 8),
        (SOME_ARE_COLOURS, grey and header.presentation in ("COLOR", "MIXED")),
        (STORED_DOSE, grey and header.modality == "RTDOSE" and header.first.slope is None),
        (MARKS_UNREAD, header.marks_unread),
    )
    return tuple(note for note, holds in told if holds)


def rescale_of(frame: FrameHeader) -> tuple[float, float]:
    """Slope and intercept from stored numbers to values.

    A slope of 0 or one that is no number would wipe the picture out: it counts as not given.
    """
    slope = 1.0 if frame.slope is None else frame.slope
    intercept = 0.0 if frame.intercept is None else frame.intercept
    return (
        slope if slope and math.isfinite(slope) else 1.0,
        intercept if math.isfinite(intercept) else 0.0,
    )


def dtype_for(headers: Sequence[Header]) -> str:
    """Numpy's name of the smallest type that holds every value of these pictures exactly.

    Told by the headers alone: by the bits stored, the sign, and slope and intercept of every
    frame; colour is "uint8". One of "uint8", "int16", "uint16", "int32", "float32", "float64":
    unsigned 32-bit numbers are float64, because little else reads them. A fractional slope gives
    float32 where that keeps all stored numbers apart.
    """
    if any(is_colour(header) for header in headers):
        return "uint8"
    if any(header.pixels == "DoubleFloatPixelData" for header in headers):
        return "float64"
    floats = any(header.pixels == "FloatPixelData" for header in headers)
    pieces = tuple(_pieces(header for header in headers if header.pixels != "FloatPixelData"))
    if not pieces:
        return "float32"
    least = min(low for low, _, _ in pieces)
    greatest = max(high for _, high, _ in pieces)
    whole = all(_is_whole(number) for piece in pieces for number in piece)
    if whole and not floats:
        for name, low, high in _INTEGERS:
            if low <= least and greatest <= high:
                return name
        return "float64"
    most, step = max(abs(least), abs(greatest)), min(step for _, _, step in pieces)
    holds = step >= _LEAST_OF_FLOAT32 and most <= _GREATEST_OF_FLOAT32
    return "float32" if holds and most / step < _MOST_STEPS_OF_FLOAT32 else "float64"


def stored_range(header: Header) -> tuple[int, int]:
    """The least and the greatest number that the stored bits can hold."""
    bits = header.bits_stored or header.bits_allocated or 16
    if header.bits_allocated:
        bits = min(bits, header.bits_allocated)
    return (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if header.signed else (0, 2**bits - 1)


def _pieces(headers: Iterable[Header]) -> Iterable[tuple[float, float, float]]:
    """Least value, greatest value and step of every frame."""
    for header in headers:
        low, high = stored_range(header)
        if header.modality_lut:
            # The numbers in a modality LUT are unsigned, of at most 16 bits.
            yield 0, 2**16 - 1, 1
            if header.modality not in BEAM_MODALITIES:
                continue
        for slope, intercept in {rescale_of(frame) for frame in header.frames}:
            ends = (low * slope + intercept, high * slope + intercept)
            yield min(ends), max(ends), abs(slope)


def _is_whole(number: float) -> bool:
    return float(number).is_integer()
