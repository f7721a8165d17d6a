"""An answer as a subcommand prints it: JSON, sentences, and the heatmap's file."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.answers import Heatmap, RetinopathyAnswer
from engine.errors import Refusal
from engine.pictures import Photograph
from engine.stage_answers import StageAnswer

if TYPE_CHECKING:
    from engine.followup.eyes_near import InForce


def write_heatmap(
    path: Path,
    photograph: Photograph,
    answer: RetinopathyAnswer | StageAnswer,
    heatmap: Heatmap | None,
) -> Path | None:
    """Write the annotated picture, or the values; None where there is nothing to write.

    Raises ``Refusal``.
    """
    from engine import arrays
    from engine.answers import Look
    from engine.folders import write_whole
    from engine.reports import annotated
    from engine.settings import Settings

    usual = Settings()  # not the window's own: the same command gives the same picture
    look = Look(usual.opacity, usual.threshold, usual.colour_map)

    try:
        if path.suffix.lower() == ".png":
            annotated.save(path, annotated.draw(photograph, answer, heatmap, look))
        elif heatmap is not None:
            values = heatmap.on_picture()
            write_whole(path, lambda file: arrays.write(file, values))
        else:
            return None
    except OSError as fault:
        raise Refusal(
            f"{path.name} was not written.",
            f"The system said: {fault.strerror}.",
            "Choose another folder.",
        ) from fault
    return path


def eye_json(known: "InForce") -> dict[str, str | None]:
    """Which eye a photograph shows, and whose word that is."""
    which, table = known.which, known.table
    return {
        "laterality": None if which.laterality is None else str(which.laterality),
        "from": str(which.source),
        "table": None if table is None else str(table),
    }


def eye_words(known: "InForce") -> tuple[str, ...]:
    """The same in a sentence, where a table tells it: a photograph itself does not show that."""
    if known.table is None:
        return ()
    eye = f"{known.photograph.name} is {known.which.laterality}"
    return (f"{eye}, as the visits' table {known.table.name} says.",)


def answer_words(answer: RetinopathyAnswer, file: Path | None, more: Sequence[str] = ()) -> str:
    """An answer in sentences."""
    from engine.telling import region_words, words

    lines = [words.decision_words(answer.decision)]
    if answer.probability is None:
        lines += [f"{reason.why} {reason.advice}" for reason in answer.reasons]
    else:
        lines += [words.probability_sentence(answer)]
    if counts := region_words.counts_words(answer.lesions):
        lines += [f"The network drew {counts}."]
    lines += [f"Pack {words.pack_words(answer.pack)}, on {answer.device}."]
    lines += [*answer.warnings, *answer.notes]
    lines += [*more, *([f"Heatmap: {file}"] if file else [])]
    return "\n".join([*lines, words.STRIP])
