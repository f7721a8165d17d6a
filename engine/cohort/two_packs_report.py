"""What was found of two packs on the same photographs, as JSON, as words, and as a report."""

from pathlib import Path
from typing import Any

import numpy as np

from engine.cohort import pages
from engine.cohort.grade_report import RATES, figures_json
from engine.cohort.two_packs import Compared, Side, write_predictions
from engine.evaluation import roc
from engine.evaluation.mcnemar import Disagreed
from engine.reports import annotated, curves
from engine.telling import words

_INDEPENDENT = (
    "McNemar's p takes each photograph as independent; some patients have several, so it may be "
    "too small."
)

_SAME = (
    "Both packs have the same weights: they can differ only in what is done with what the network "
    "says, such as calibration and operating point."
)


def as_json(compared: Compared) -> dict[str, Any]:
    """Both packs' figures, how they differ, and which photographs they are not of."""
    less = compared.difference
    area = compared.first.found.area
    return {
        "first": _side_json(compared.first),
        "second": _side_json(compared.second),
        "difference": {
            "auc": less.difference,
            "interval": [less.interval.low, less.interval.high],
            "level": less.interval.level,
            "p": less.p,
        },
        "answered_differently": {
            "referable": _disagreed_json(compared.referable),
            "not_referable": _disagreed_json(compared.other),
        },
        "n": compared.first.found.n,
        "positives": area.positives,
        "negatives": area.negatives,
        "left_out": [
            {"path": str(row.path or row.image), "reason": reason}
            for row, reason in compared.left_out
        ],
        "warnings": _warnings(compared),
        "notes": _notes(compared),
    }


def in_words(compared: Compared) -> str:
    """Both packs' figures as a table for a terminal, and how they differ in sentences."""
    head, *rows = _table(compared)
    wide = [max(len(row[at]) for row in (head, *rows)) + 2 for at in range(3)]
    lines = [
        "".join(f"{cell:<{width}}" for cell, width in zip(row, wide, strict=True)).rstrip()
        for row in (head, *rows)
    ]
    return "\n".join(
        [
            *lines,
            *_sentences(compared),
            *(pages.pack_line(side.pack, side.asked.device) for side in compared.sides),
            *_warnings(compared),
            *_notes(compared),
            *(f"Left out: {row.image}: {reason}" for row, reason in compared.left_out),
        ]
    )


def write(path: Path, compared: Compared) -> Path:
    """Write report.md, both curves and predictions.csv into a folder. Raises ``Refusal``."""
    folder = pages.folder(path)
    title = f"Referable retinopathy, {compared.first.found.n} photographs"
    lines = [_curve(compared, side) for side in compared.sides]
    annotated.save(
        folder / "roc.png", curves.draw(lines, title, "1 - specificity", "sensitivity", 1.0)
    )
    write_predictions(folder / "predictions.csv", compared.asked)
    head, *rows = _table(compared)
    about = [pages.pack_line(side.pack, side.asked.device) for side in compared.sides]
    parts = [
        pages.table(head, rows),
        pages.bullets(
            [*_sentences(compared), *about, *_warnings(compared), *_notes(compared)],
        ),
        "![ROC](roc.png)",
    ]
    if compared.left_out:
        reasons = [f"{row.image}: {reason}" for row, reason in compared.left_out]
        parts.append(f"## Left out\n\n{pages.bullets(reasons)}")
    return pages.write(folder, "Two packs against grades", parts)


def _side_json(side: Side) -> dict[str, Any]:
    figures = figures_json(side.asked, side.found, side.pack)
    return {**figures, "left_out": len(side.asked.left_out)}


def _disagreed_json(found: Disagreed) -> dict[str, Any]:
    return {
        "first_alone_right": found.first,
        "second_alone_right": found.second,
        "of": found.total,
        "p": found.p,
    }


def _table(compared: Compared) -> list[list[str]]:
    """The head, and a row for each figure."""
    sides = compared.sides
    return [
        ["", *(side.name for side in sides)],
        ["A_z", *(pages.figure(side.found.area.value, side.found.area.interval) for side in sides)],
        ["operating point", *(words.percent(side.pack.manifest.operating_point) for side in sides)],
        ["sensitivity", *(pages.counted(side.found.sensitivity) for side in sides)],
        ["specificity", *(pages.counted(side.found.specificity) for side in sides)],
        ["not scored", *(str(len(side.asked.left_out)) for side in sides)],
    ]


def _sentences(compared: Compared) -> list[str]:
    found, less = compared.first.found, compared.difference
    level = words.percent(less.interval.level)
    return [
        f"Of {found.n} photographs that both scored, {found.area.positives} referable and "
        f"{found.area.negatives} not; {len(compared.left_out)} left out; {level} intervals.",
        f"A_z of {compared.first.name} less that of {compared.second.name}: "
        f"{_signed(less.difference)} ({_signed(less.interval.low)} to "
        f"{_signed(less.interval.high)}), {_p(less.p)}.",
        _told_apart(compared, "referable", compared.referable),
        _told_apart(compared, "other", compared.other),
    ]


def _told_apart(compared: Compared, which: str, found: Disagreed) -> str:
    apart = found.first + found.second
    if not apart:
        return f"All {found.total} {which} photographs were called alike by both."
    return (
        f"Of {found.total} {which} photographs {apart} {'was' if apart == 1 else 'were'} called "
        f"differently: {found.first} rightly by {compared.first.name} alone, {found.second} by "
        f"{compared.second.name} alone, McNemar's {_p(found.p)}."
    )


def _signed(value: float) -> str:
    """A difference, with a real minus: "+0.048", "−0.012"."""
    return f"{value:+.3f}".replace("-", words.MINUS)


def _p(p: float) -> str:
    return f"p {p:.3f}" if p >= 0.001 else "p under 0.001"


def _warnings(compared: Compared) -> list[str]:
    first, second = compared.asked
    return [*first.of_table, *_of_both(compared, first.warnings, second.warnings)]


def _notes(compared: Compared) -> list[str]:
    found = compared.first.found
    return [
        *([_SAME] if compared.same_weights else []),
        *pages.few_of_a_class(found.fewest, found.patients_told),
        *pages.independent(RATES, found.repeated),
        *([_INDEPENDENT] if found.repeated else []),
        *_of_both(compared, compared.first.asked.notes, compared.second.asked.notes),
    ]


def _of_both(compared: Compared, first: tuple[str, ...], second: tuple[str, ...]) -> list[str]:
    """What is said of the packs, behind the name of whose it is; of both once."""
    one, other = compared.first.name, compared.second.name
    return [
        *(f"{one} and {other}: {said}" for said in first if said in second),
        *(f"{one}: {said}" for said in first if said not in second),
        *(f"{other}: {said}" for said in second if said not in first),
    ]


def _curve(compared: Compared, side: Side) -> curves.Line:
    left_out = {row.image for row, _ in compared.left_out}
    shared = [each for each in side.asked.scored if each.row.image not in left_out]
    scores = np.array([each.score for each in shared], float)
    truth = np.array([each.row.referable for each in shared], bool)
    name = f"{side.name} {side.found.area.value:.3f}"
    return curves.Line(name, *roc.curve(scores, truth))
