"""An answer as a subcommand prints it: JSON, sentences, and the heatmap's file."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.answers import Heatmap, RetinopathyAnswer
from engine.errors import Refusal
from engine.pictures import Photograph
from engine.stage_answers import StageAnswer


def write_heatmap(
    path: Path,
    photograph: Photograph,
    answer: RetinopathyAnswer | StageAnswer,
    heatmap: Heatmap | None,
) -> Path | None:
    """Write the annotated picture, or the values; None where there is nothing to write.

    Raises ``Refusal``.
    """
    import numpy as np

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
            write_whole(path, lambda file: np.save(file, values))
        else:
            return None
    except OSError as fault:
        raise Refusal(
            f"{path.name} was not written.",
            f"The system said: {fault.strerror}.",
            "Choose another folder.",
        ) from fault
    return path


def answer_json(
    answer: RetinopathyAnswer, heatmap: Heatmap | None, file: Path | None
) -> dict[str, Any]:
    """An answer as the one JSON object; ``file`` is where its heatmap lies."""
    interval = answer.interval
    found: dict[str, Any] = {
        "question": answer.question,
        "probability": answer.probability,
        "interval": [interval.low, interval.high] if interval else None,
        "level": interval.level if interval else 0.9,
        "decision": str(answer.decision),
        "reason": " ".join(reason.why for reason in answer.reasons) or None,
        "operating_point": answer.operating_point,
        "pack": asdict(answer.pack),
        "criterion": str(answer.criterion),
        "heatmap": heatmap_json(heatmap, file, answer.resolution),
        "device": answer.device,
        "warnings": list(answer.warnings),
        "notes": list(answer.notes),
    }
    if answer.checkpoint:
        found["checkpoint"] = answer.checkpoint
    if answer.blend:
        found["ensemble"] = [asdict(share) for share in answer.blend]
    return found


def heatmap_json(
    heatmap: Heatmap | None, file: Path | None, resolution: float | None
) -> dict[str, Any] | None:
    """Where a heatmap lies and how fine it is; None where there is none."""
    if heatmap is None and file is None:
        return None
    shape = list(heatmap.picture_shape) if heatmap else None
    return {"shape": shape, "file": str(file) if file else None, "resolution": resolution}


def answer_words(answer: RetinopathyAnswer, file: Path | None, more: Sequence[str] = ()) -> str:
    """An answer in sentences."""
    from engine import words

    lines = [words.decision_words(answer.decision)]
    if answer.probability is None:
        lines += [f"{reason.why} {reason.advice}" for reason in answer.reasons]
    else:
        lines += [words.probability_sentence(answer)]
    lines += [f"Pack {words.pack_words(answer.pack)}, on {answer.device}."]
    lines += [*answer.warnings, *answer.notes]
    lines += [*more, *([f"Heatmap: {file}"] if file else [])]
    return "\n".join([*lines, words.STRIP])
