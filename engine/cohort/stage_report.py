"""What was found of stages against grades, as JSON, as words, and as a report."""

from dataclasses import asdict
from math import isnan
from pathlib import Path
from typing import Any

from engine.cohort import pages
from engine.cohort.stages import Asked, StageFound, write_predictions
from engine.evaluation import ordinal
from engine.packs.pack import Pack
from engine.reports import annotated, confusion
from engine.telling import words


def as_json(asked: Asked, found: StageFound, pack: Pack) -> dict[str, Any]:
    """The figures, and which photographs they are not of."""
    return {
        "pack": asdict(pack.reference),
        "device": asked.device,
        "scale": asked.part.scale,
        "stages": list(asked.part.names),
        "quadratic_kappa": found.quadratic_kappa,
        "interval": pages.ends(found.interval),
        "level": found.interval.level,
        "quadratic_kappa_of_expected_stage": found.kappa_of_expected,
        "interval_of_expected_stage": pages.ends(found.interval_of_expected),
        "accuracy": found.accuracy.share,
        "accuracy_interval": pages.ends(found.accuracy.interval),
        "expected_stage_error": found.expected_stage_error,
        "expected_stage_error_interval": pages.ends(found.error_interval),
        "heads_agree": found.heads_agree,
        "confusion": found.confusion.tolist(),
        "n": found.n,
        "left_out": [
            {"path": str(each.row.path or each.row.image), "reason": each.reason}
            for each in asked.left_out
        ],
        "warnings": list(asked.warnings),
        "notes": [*_few(found), *asked.notes],
    }


def in_words(asked: Asked, found: StageFound, pack: Pack) -> str:
    """The figures in sentences, and the confusion matrix."""
    return "\n".join(
        [
            *_sentences(asked, found),
            *_matrix(asked, found),
            pages.pack_line(pack, asked.device),
            *asked.warnings,
            *_few(found),
            *asked.notes,
            *(f"Left out: {each.row.image}: {each.reason}" for each in asked.left_out),
        ]
    )


def write(path: Path, asked: Asked, found: StageFound, pack: Pack) -> Path:
    """Write report.md, the matrix and predictions.csv into a folder. Raises ``Refusal``."""
    folder = pages.folder(path)
    title = f"Stages, {asked.part.scale}, {found.n} photographs"
    annotated.save(
        folder / "confusion.png", confusion.draw(found.confusion, asked.part.names, title)
    )
    write_predictions(folder / "predictions.csv", asked)
    about = [*_sentences(asked, found), pages.pack_line(pack, asked.device)]
    recalls = ordinal.recalls(found.confusion)
    rows = [
        [name, str(int(row.sum())), pages.rate(recall) if row.sum() else "none there"]
        for name, row, recall in zip(asked.part.names, found.confusion, recalls, strict=True)
    ]
    parts = [
        pages.bullets([*about, *asked.warnings, *_few(found), *asked.notes]),
        "![Confusion matrix](confusion.png)",
        pages.table(["stage", "photographs", "told so"], rows),
    ]
    if asked.left_out:
        reasons = [f"{each.row.image}: {each.reason}" for each in asked.left_out]
        parts.append(f"## Left out\n\n{pages.bullets(reasons)}")
    return pages.write(folder, "The stages against grades", parts)


def _sentences(asked: Asked, found: StageFound) -> list[str]:
    return [
        _kappa(asked, found),
        f"Likeliest stage right in {pages.counted(found.accuracy)}; the expected stage is off by "
        f"{pages.figure(found.expected_stage_error, found.error_interval)} grades on average; both "
        f"heads agree in "
        f"{pages.rate(found.heads_agree)}.",
    ]


def _kappa(asked: Asked, found: StageFound) -> str:
    about = f"{found.n} photographs, scale {asked.part.scale}"
    if isnan(found.quadratic_kappa):
        return f"No quadratic kappa: all are of one stage, and were told so; {about}."
    nearest = found.kappa_of_expected
    its = "none" if isnan(nearest) else pages.figure(nearest, found.interval_of_expected)
    return (
        f"Quadratic kappa {pages.figure(found.quadratic_kappa, found.interval)}, "
        f"{words.percent(found.interval.level)} interval over {_drawn(asked)}, {about}; of the "
        f"stage nearest to the expected one {its}."
    )


def _few(found: StageFound) -> list[str]:
    few = pages.few(found.patients, "patients" if found.patients_told else "photographs")
    alone = pages.independent("The interval of the accuracy", found.patients < found.n)
    return [*few, *alone]


def _drawn(asked: Asked) -> str:
    known = [bool(each.row.patient) for each, _ in asked.answered]
    if all(known):
        return "patients"
    return "patients where they are known" if any(known) else "photographs, as if each a patient's"


def _matrix(asked: Asked, found: StageFound) -> list[str]:
    width = max(map(len, asked.part.names))
    lines = ["A row for each true stage, a column for each that was told:"]
    for name, row in zip(asked.part.names, found.confusion, strict=True):
        lines.append(f"{name:<{width}}  {'  '.join(f'{count:>4}' for count in row)}")
    return lines
