"""What a screening came to, as JSON and as words."""

from dataclasses import asdict
from typing import Any

from engine.cohort.answer_cells import Asked
from engine.cohort.results import FAULT
from engine.cohort.screening import Order, Screened
from engine.images import not_read

_COUNTED = {"retinopathy": "decisions", "stage": "stages"}


def as_json(order: Order, found: Screened, asked: Asked) -> dict[str, Any]:
    """The photographs' counts, and where this run's time went, in seconds."""
    spent = found.seconds
    return {
        "question": asked.question,
        "pack": asdict(asked.pack.reference),
        "out": str(order.out),
        "heatmaps": str(order.heatmaps) if order.heatmaps else None,
        "pictures": found.pictures,
        "there_before": found.there_before,
        "changed": found.changed,
        "unsealed": found.unsealed,
        "unmapped": found.unmapped,
        "rows": found.rows,
        "gone": found.gone,
        _COUNTED[asked.question]: {each: found.counts.get(each, 0) for each in asked.outcomes},
        "not_read": found.counts.get(FAULT, 0),
        "left_out": dict(found.left_out),
        "pictures_per_second": round(found.made / spent.together, 2) if found.made else None,
        "seconds": {name: round(value, 2) for name, value in asdict(spent).items()},
        "notes": list(asked.notes),
    }


def in_words(order: Order, found: Screened, asked: Asked) -> str:
    """The same in sentences."""
    counts = [f"{found.counts.get(each, 0)} {each}" for each in asked.outcomes]
    lines = [
        f"{order.out.name}: {_count(found.pictures, 'photograph', 'photographs')}, "
        f"{', '.join(counts)}; "
        f"{found.counts.get(FAULT, 0)} could not be read or answered."
    ]
    if found.left_out:
        lines.append(
            f"{_count(sum(found.left_out.values()), 'picture was', 'pictures were')} left out, of "
            f"kinds that are not read: {not_read.in_words(found.left_out)}."
        )
    if found.there_before:
        lines.append(f"{found.there_before} of them had their rows before.")
    if found.changed:
        lines.append(
            f"{_count(found.changed, 'photograph has', 'photographs have')} another content than "
            "when the row was written: asked about anew."
        )
    if found.unsealed:
        lines.append(
            f"{_count(found.unsealed, 'row', 'rows')} did not say of which content: made anew."
        )
    if found.unmapped:
        lines.append(
            f"{_count(found.unmapped, 'heatmap was', 'heatmaps were')} no longer there: made anew."
        )
    if found.gone:
        one, more = "row is of a photograph that is", "rows are of photographs that are"
        lines.append(
            f"{_count(found.gone, one, more)} no longer there; the table has {found.rows} rows."
        )
    if found.made:
        spent = found.seconds
        lines.append(
            f"{found.made / spent.together:.1f} photographs a second: {spent.reading:.0f} s "
            f"waiting for them to be read, {spent.asking:.0f} s asking, {spent.writing:.0f} s "
            "writing."
        )
    return "\n".join([*lines, *asked.notes])


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
