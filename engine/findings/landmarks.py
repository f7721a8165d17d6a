"""Disc and fovea of a whole photograph: its field is found first."""

import numpy as np
from numpy.typing import NDArray

from engine.answers import Landmarks
from engine.errors import Refusal
from engine.findings.disc_and_fovea import find_landmarks
from engine.pictures import Laterality
from engine.preparation.field_of_view import find_field_of_view


def landmarks_of(pixels: NDArray[np.uint8], eye: Laterality | None = None) -> Landmarks:
    """Find disc and fovea in a photograph, uint8 (y, x, 3); without a field nothing is found.

    ``eye`` is which eye it is said to be.
    """
    try:
        field = find_field_of_view(pixels).circle
    except Refusal as refusal:
        return Landmarks(notes=(f"Disc and fovea were not looked for: {refusal.reason}",))
    return find_landmarks(pixels, field, eye)
