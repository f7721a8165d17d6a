"""A photograph in a DICOM file becomes a Photograph."""

import hashlib
import io
import warnings as python_warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import Refusal
from engine.images.colour import rgb_by_profile
from engine.images.dicom.cameras import is_photograph
from engine.images.dicom.colours import to_8_bits, to_rgb
from engine.images.dicom.header import Header
from engine.images.dicom.pixel_file import PixelFile, open_pixels
from engine.images.dicom.reading import read_header
from engine.images.dicom.stored import numbers
from engine.images.photograph import MOST_PIXELS, SEVERAL, laterality_of, too_many_pixels
from engine.images.reading import name_of
from engine.images.sixteen_bits import SAVE_AGAIN, eight_bits
from engine.pictures import Laterality, Photograph

NOT_IN_COLOUR = (
    "The photograph is not in colour (red-free light or an angiogram, perhaps): its brightness "
    "is shown in all three colours."
)

_SIDES = {"R": Laterality.RIGHT, "L": Laterality.LEFT}


def laterality_in(header: Header) -> Laterality | None:
    """Which eye the header says; None for both, or if it does not."""
    return _SIDES.get(header.laterality)


def open_dicom_photograph(path: Path, content: bytes) -> Photograph:
    """Read a photograph in a DICOM file whose bytes are ``content``: 8-bit sRGB.

    Of several frames the first is taken. Laterality is the header's, or else the file name's.
    Nothing else of the header is kept.

    Raises:
        Refusal: it is no photograph, cannot be read, is damaged, or too large.
    """
    header = read_header(path)
    name = name_of(path)
    if not is_photograph(header):
        found = header.modality or "grey"
        raise Refusal(
            f"“{name}” is not a photograph.",
            f"It is a DICOM picture of another kind ({found}); a colour photograph was expected.",
            "Choose a photograph of an eye.",
        )
    if header.rows * header.columns > MOST_PIXELS:
        raise too_many_pixels(name)
    pixels, warnings = _pixels(open_pixels(path), name)
    pixels, more = rgb_by_profile(pixels, _profile(content))
    warnings += more
    if header.frame_count > 1:
        warnings = (SEVERAL, *warnings)
    named, told = laterality_of(name), laterality_in(header)
    if named and told and named is not told:
        warnings += (f"The file is named {named}, but its header says {told}, which is used.",)
    return Photograph(
        pixels=pixels,
        name=name,
        content_hash=hashlib.sha256(content).hexdigest(),
        laterality=told or named,
        warnings=warnings,
    )


def _pixels(file: PixelFile, name: str) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """The first picture, red-green-blue (y, x, 3), and warnings."""
    layout = file.layout
    if layout.floating or layout.signed:
        raise Refusal(
            f"“{name}” cannot be shown as a photograph.",
            "Its brightness is stored as decimal or signed numbers; a photograph has "
            "8 or 16 bits without a sign.",
            SAVE_AGAIN,
        )
    cells = file.cells(0)
    stored = numbers(cells.samples, layout, cells.precision)
    if file.palette is not None:
        return file.palette.look_up(stored), ()
    narrow, warnings = _narrowed(stored, min(cells.precision, layout.stored))
    if narrow.ndim == 3:
        colours = narrow if cells.is_rgb else to_rgb(narrow, layout.photometric)
        return np.ascontiguousarray(colours), warnings
    if layout.photometric == "MONOCHROME1":
        narrow = np.bitwise_not(narrow)
    return np.repeat(narrow[..., None], 3, axis=2), (*warnings, NOT_IN_COLOUR)


def _narrowed(stored: NDArray[Any], bits: int) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """As 8 bits: by the bits that the header says, or those used of 16."""
    if bits == 16:
        return eight_bits(stored)
    return to_8_bits(stored, bits), ()


def _profile(content: bytes) -> bytes | None:
    """The ICC profile of the header."""
    from pydicom import dcmread

    try:
        with python_warnings.catch_warnings():
            python_warnings.simplefilter("ignore")
            dataset = dcmread(
                io.BytesIO(content),
                stop_before_pixels=True,
                force=True,
                specific_tags=["ICCProfile"],
            )
            profile = dataset.get("ICCProfile")
    except Exception:  # a header that was read may be odd behind what was wanted of it
        return None
    return profile if isinstance(profile, bytes) and profile else None
