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
    """The b-value in s/mm² of a picture, or of a frame's diffusion group; None if it is not told.

    First what the standard has for it, then what scanners have of their own.
    """
    found = decimal(elements, DIFFUSION_B_VALUE)
    if found is None and text(elements, DIFFUSION_DIRECTIONALITY) == "NONE":
        found = 0.0
    for which in (SIEMENS_B_VALUE, PHILIPS_B_VALUE, UIH_B_VALUE):
        if found is None:
            found = decimal_in(private(elements, which))
    if found is None and (ge := decimal_in(private(elements, GE_B_VALUE))) is not None:
        found = ge % _GE_BIAS
    if found is None and "DIFFUSION" in words(elements, IMAGE_TYPE):
        found = b_value_in(private(elements, SIEMENS_IMAGE_HEADER))
    if found is None and (named := _IN_SEQUENCE_NAME.search(text(elements, SEQUENCE_NAME))):
        found = float(named.group(1))
    return found if found is not None and found >= 0 else None
