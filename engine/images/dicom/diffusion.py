"""How strongly a picture is weighted by diffusion, wherever its scanner wrote it down."""

import re

from engine.images.dicom.elements import Elements, decimal, decimal_in, text, words
from engine.images.dicom.private import private
from engine.images.dicom.siemens import b_value_in
from engine.images.dicom.tags import (
    DIFFUSION_B_VALUE,
    DIFFUSION_DIRECTIONALITY,
    GE_B_VALUE,
    IMAGE_TYPE,
    PHILIPS_B_VALUE,
    SEQUENCE_NAME,
    SIEMENS_B_VALUE,
    SIEMENS_IMAGE_HEADER,
    UIH_B_VALUE,
)

_IN_SEQUENCE_NAME = re.compile(r"ep_b(\d+)(?=$|[t#])")
"""Siemens: "*ep_b400t", "*ep_b1000#12"; not "ep_b50_800", from which a map was computed."""

_GE_BIAS = 1_000_000_000
"""GE writes 1000000400 for 400 s/mm² where a protocol has several (dcm2niix, issue 602)."""


def b_value(elements: Elements) -> float | None:
    """The b-value in s/mm² of a picture; None if it is not told.

    First what the standard has for it, then what scanners have of their own.
    """
    ways = (standard_b_value, _own_elements, _own_header, _name_of_sequence)
    told = (way(elements) for way in ways)
    found = next((value for value in told if value is not None), None)
    return found if found is not None and found >= 0 else None


def standard_b_value(elements: Elements) -> float | None:
    """The b-value where the standard has it: of a picture, or of a frame's diffusion group."""
    found = decimal(elements, DIFFUSION_B_VALUE)
    if found is None and text(elements, DIFFUSION_DIRECTIONALITY) == "NONE":
        return 0.0
    return found


def _own_elements(elements: Elements) -> float | None:
    for which in (SIEMENS_B_VALUE, PHILIPS_B_VALUE, UIH_B_VALUE, GE_B_VALUE):
        value = private(elements, which)
        found = None if value is None else decimal_in(value)
        if found is not None:
            return found % _GE_BIAS if which is GE_B_VALUE else found
    return None


def _own_header(elements: Elements) -> float | None:
    if "DIFFUSION" not in words(elements, IMAGE_TYPE):
        return None
    return b_value_in(private(elements, SIEMENS_IMAGE_HEADER))


def _name_of_sequence(elements: Elements) -> float | None:
    named = _IN_SEQUENCE_NAME.search(text(elements, SEQUENCE_NAME))
    return float(named.group(1)) if named else None
