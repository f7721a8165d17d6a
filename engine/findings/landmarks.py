"""Disc and fovea of a whole photograph: its field is found first."""

import numpy as np
from numpy.typing import NDArray

from engine.answers import Decision, Landmarks, RetinopathyAnswer
from engine.errors import Refusal
from engine.findings.disc_and_fovea import find_landmarks
from engine.pictures import Laterality, Photograph
from engine.preparation.field_of_view import find_field_of_view
from engine.preparation.gradability import not_one_round_field
from engine.telling.cautions import cautioned

NOT_SOUGHT = "Disc and fovea were not looked for."


def landmarks_of(pixels: NDArray[np.uint8], eye: Laterality | None = None) -> Landmarks:
    """Find disc and fovea in a photograph, uint8 (y, x, 3), that shows one round field.

    ``eye`` is which eye it is said to be. Of two eyes in one picture those of one would stand for
    both; of a stretched one every length and angle that they are found by is wrong.
    """
    try:
        field = find_field_of_view(pixels)
    except Refusal as refusal:
        return Landmarks(notes=(f"{NOT_SOUGHT} {refusal.reason}",))
    strange = not_one_round_field(pixels, field)
    if strange:
        return Landmarks(notes=(f"{NOT_SOUGHT} {strange[0].why}",))
    return find_landmarks(pixels, field.circle, eye)


def with_caution(photograph: Photograph, answer: RetinopathyAnswer) -> RetinopathyAnswer:
    """The answer about a photograph, with what its disc and fovea say against it.

    They are looked for where there is an answer alone: it takes an eighth of a second.
    """
    if answer.decision is Decision.UNGRADABLE:
        return answer
    return cautioned(answer, landmarks_of(photograph.pixels, photograph.laterality))
