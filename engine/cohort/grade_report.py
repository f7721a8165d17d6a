"""What was found against grades, as JSON, as words, and as a report."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from engine.cohort import pages
from engine.cohort.grades import Asked, GradeFigures, write_predictions
from engine.evaluation import roc
from engine.packs.pack import Pack
from engine.reports import annotated, curves
from engine.telling import words

RATES = "The interval of each sensitivity and specificity"


def as_json(asked: Asked, found: GradeFigures, pack: Pack) -> dict[str, Any]:
    """The figures, and which photographs they are not of."""
    return {
        **figures_json(asked, found, pack),
        "n": found.n,
        "positives": found.area.positives,
        "negatives": found.area.negatives,
        "left_out": [
            {"path": str(each.row.path or each.row.image), "reason": each.reason}
            for each in asked.left_out
        ],
        "warnings": [*asked.of_table, *asked.warnings],
        "notes": _notes(asked, found),
    }


def figures_json(asked: Asked, found: GradeFigures, pack: Pack) -> dict[str, Any]:
    """What a pack is worth: A_z, and both rates at its operating point, with their intervals."""
    interval = found.area.interval
    return {
        "pack": asdict(pack.reference),
        "device": asked.device,
        "auc": found.area.value,
        "interval": [interval.low, interval.high],
        "level": interval.level,
        "sensitivity": found.sensitivity.share,
        "sensitivity_interval": pages.ends(found.sensitivity.interval),
        "specificity": found.specificity.share,
        "specificity_interval": pages.ends(found.specificity.interval),
        "operating_point": pack.manifest.operating_point,
        "mean_probability": found.calibrated.mean,
        "calibration_error": found.calibrated.error,
        "calibration_error_by_chance": found.calibrated.by_chance,
    }


def in_words(asked: Asked, found: GradeFigures, pack: Pack) -> str:
    """The figures in sentences."""
    return "\n".join(
        [
            *_sentences(found, pack),
            pages.pack_line(pack, asked.device),
            *asked.of_table,
            *asked.warnings,
            *_notes(asked, found),
            *(f"Left out: {each.row.image}: {each.reason}" for each in asked.left_out),
        ]
    )


def write(path: Path, asked: Asked, found: GradeFigures, pack: Pack) -> Path:
    """Write report.md, the curve and predictions.csv into a folder. Raises ``Refusal``."""
    folder = pages.folder(path)
    answered = asked.answered
    scores = np.array([each.score for each in answered], float)
    truth = np.array([each.row.referable for each in answered], bool)
    false, sensitivity = roc.curve(scores, truth)
    line = curves.Line(f"A_z {found.area.value:.3f}", false, sensitivity)
    title = f"Referable retinopathy, {found.n} photographs"
    annotated.save(
        folder / "roc.png", curves.draw([line], title, "1 - specificity", "sensitivity", 1.0)
    )
    write_predictions(folder / "predictions.csv", asked)
    about = [*_sentences(found, pack), pages.pack_line(pack, asked.device)]
    parts = [
        pages.bullets([*about, *asked.of_table, *asked.warnings, *_notes(asked, found)]),
        "![ROC](roc.png)",
    ]
    if asked.left_out:
        reasons = [f"{each.row.image}: {each.reason}" for each in asked.left_out]
        parts.append(f"## Left out\n\n{pages.bullets(reasons)}")
    return pages.write(folder, "The pack against grades", parts)


def _notes(asked: Asked, found: GradeFigures) -> list[str]:
    return [
        *pages.few_of_a_class(found.fewest, found.patients_told),
        *pages.independent(RATES, found.repeated),
        *asked.notes,
    ]


def _sentences(found: GradeFigures, pack: Pack) -> list[str]:
    area, point = found.area, words.percent(pack.manifest.operating_point)
    return [
        f"A_z {pages.figure(area.value, area.interval)}, {words.percent(area.interval.level)} "
        f"interval, {found.n} photographs: {area.positives} referable, {area.negatives} not.",
        f"At the operating point of {point}: sensitivity {pages.counted(found.sensitivity)}, "
        f"specificity {pages.counted(found.specificity)}.",
        f"The mean probability is {words.percent(found.calibrated.mean)}, and "
        f"{words.percent(area.positives / found.n)} are referable; calibration error "
        f"{found.calibrated.error:.3f}, where right probabilities would have up to "
        f"{found.calibrated.by_chance:.3f} by chance.",
    ]
