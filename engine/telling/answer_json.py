"""An answer as plain numbers and names for JSON: one object, the same wherever it is written."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.answers import Heatmap, RetinopathyAnswer


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
    if answer.lesions:
        found["lesions"] = dict(answer.lesions)
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
