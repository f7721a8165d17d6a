"""What of a photograph speaks against taking an answer by its word, told wherever answers are."""

from dataclasses import replace
from math import hypot

from engine.answers import Decision, Landmarks, RetinopathyAnswer
from engine.telling.positions import macula_beyond

NO_MACULA = (
    "No fovea was found. If the macula is not in the photograph, its lesions are not counted: look "
    "whether it is."
)
MACULA_CUT = (
    "The fovea lies near the edge of what was assessed. Lesions of the macula beyond it are not "
    "counted: look at it yourself."
)
DISC_CENTRED = (
    "The photograph is centred on the disc. The pack's figures are of photographs like those that "
    "it learnt from: if these were centred on the macula, they tell nothing of this answer."
)

_CENTRED = 0.28
"""Decided: of the assessed radius, how far the disc's middle may lie from its own. Four photographs
of CHASE_DB1, centred on the disc, have 0.09 to 0.22; of 188 of IDRiD's, centred on the macula or
between both, the nearest has 0.31."""


def cautioned(answer: RetinopathyAnswer, landmarks: Landmarks) -> RetinopathyAnswer:
    """The answer, with what disc and fovea say against it first; of an ungradable one nothing.

    Where the macula may not be shown, or not whole, "not referable" says too much. Where the disc
    is in the middle, either word may.
    """
    why = _caution(answer, landmarks)
    return replace(answer, warnings=(why, *answer.warnings)) if why else answer


def _caution(answer: RetinopathyAnswer, landmarks: Landmarks) -> str:
    disc, assessed = landmarks.disc, answer.assessed
    # Without a disc the fovea was not looked for.
    if answer.decision is Decision.UNGRADABLE or disc is None:
        return ""
    if answer.decision is Decision.NOT_REFERABLE:
        if landmarks.fovea is None:
            return NO_MACULA
        if assessed is not None and macula_beyond(landmarks, assessed) > 0:
            return MACULA_CUT
    if assessed is not None:
        away = hypot(disc.x - assessed.x, disc.y - assessed.y)
        if away < _CENTRED * assessed.radius:
            return DISC_CENTRED
    return ""
