"""What of a photograph speaks against taking an answer by its word, told wherever answers are."""

from dataclasses import replace
from math import hypot

from engine.answers import Decision, Landmarks, RetinopathyAnswer
from engine.geometry import Circle
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
    # Without a disc the fovea was not looked for.
    if answer.decision is Decision.UNGRADABLE or landmarks.disc is None:
        return answer
    why = (*_of_macula(answer, landmarks), *_of_disc(answer, landmarks.disc))
    return replace(answer, warnings=(*why, *answer.warnings)) if why else answer


def _of_macula(answer: RetinopathyAnswer, landmarks: Landmarks) -> tuple[str, ...]:
    if answer.decision is not Decision.NOT_REFERABLE:
        return ()
    if landmarks.fovea is None:
        return (NO_MACULA,)
    cut = answer.assessed is not None and macula_beyond(landmarks, answer.assessed) > 0
    return (MACULA_CUT,) if cut else ()


def _of_disc(answer: RetinopathyAnswer, disc: Circle) -> tuple[str, ...]:
    assessed = answer.assessed
    if assessed is None:
        return ()
    away = hypot(disc.x - assessed.x, disc.y - assessed.y)
    return (DISC_CENTRED,) if away < _CENTRED * assessed.radius else ()
