"""What of a photograph speaks against taking an answer by its word, told wherever answers are."""

from dataclasses import replace

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


def cautioned(answer: RetinopathyAnswer, landmarks: Landmarks) -> RetinopathyAnswer:
    """The answer; where the macula may not be shown, or not whole, and it is "not referable", that
    is warned of first: of such an eye the word says too much.
    """
    if answer.decision is not Decision.NOT_REFERABLE:
        return answer
    # Without a disc the fovea was not looked for.
    if landmarks.disc is not None and landmarks.fovea is None:
        return replace(answer, warnings=(NO_MACULA, *answer.warnings))
    if answer.assessed is not None and macula_beyond(landmarks, answer.assessed) > 0:
        return replace(answer, warnings=(MACULA_CUT, *answer.warnings))
    return answer
