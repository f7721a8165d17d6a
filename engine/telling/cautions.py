"""What of a photograph speaks against taking an answer by its word, told wherever answers are."""

from dataclasses import replace

from engine.answers import Decision, Landmarks, RetinopathyAnswer

NO_MACULA = (
    "No fovea was found. If the macula is not in the photograph, its lesions are not counted: look "
    "whether it is."
)


def cautioned(answer: RetinopathyAnswer, landmarks: Landmarks) -> RetinopathyAnswer:
    """The answer; where the macula may not be shown and it is "not referable", that is warned of
    first: of such an eye the word says too much.
    """
    calm = answer.decision is Decision.NOT_REFERABLE
    # Without a disc the fovea was not looked for.
    lost = landmarks.disc is not None and landmarks.fovea is None
    return replace(answer, warnings=(NO_MACULA, *answer.warnings)) if calm and lost else answer
