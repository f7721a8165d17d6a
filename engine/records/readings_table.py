"""Signed readings as a table: a row for each signature, amendments with their number."""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec

from engine import csv_rows, folders
from engine.records.event import Event
from engine.records.forms import Signed
from engine.records.place import file_in
from engine.records.readings import act_of, kind_of_class
from engine.table_cells import as_text

COLUMNS = (
    "picture", "sha256", "eye", "eye_from", "other_eye_sha256", "version", "newest", "quality",
    "fault", "dr_grade", "macular_oedema", "outcome", "note", "referable", "mode", "pack",
    "pack_version", "model_decision", "model_probability", "model_seen", "stage_pack",
    "stage_pack_version", "model_expected_stage", "reader", "signed_at",
)  # fmt: skip
"""``version`` counts the signatures of one picture from 1; ``newest`` marks the one in force.

``referable`` is stage 2 or more, or oedema. The model's columns are what it said at the time of
signing, empty without an answer; ``model_seen`` is whether any word of a model on the photograph
was on the screen before, "yes" also without an answer at the time.
``model_expected_stage`` is the stage pack's, on its scale's grades, and never the reader's stage.
``signed_at`` is UTC, ISO 8601.
"""

_FIRST = 9
"""So many columns are as they were in every version."""

Row = dict[str, str]


def rows(events: Iterable[Event]) -> list[Row]:
    """The table of signed readings among events, in their order. Others are left out."""
    found: list[tuple[Event, Signed]] = []
    acts: set[tuple[str, str]] = set()
    for event in events:
        try:
            act = act_of(event)
        except msgspec.MsgspecError:
            # A newer version wrote it; the window tells so where the picture is shown.
            continue
        if isinstance(act, Signed) and (event.subject, act.act) not in acts:
            acts.add((event.subject, act.act))
            found.append((event, act))
    totals = Counter(event.subject for event, _ in found)
    so_far: Counter[str] = Counter()
    table = []
    for event, act in found:
        so_far[event.subject] += 1
        version = so_far[event.subject]
        table.append(_row(event, act, version, newest=version == totals[event.subject]))
    return table


def is_one(file: Path) -> bool:
    """Whether a file begins as such a table does; what cannot be read does not.

    Those of earlier versions are such, too: what was added to ``COLUMNS`` stands further on.
    """
    return csv_rows.begins_with(file, COLUMNS[:_FIRST])


def write(out: Path, folder: Path | None = None) -> int:
    """Write the signed readings of the records in ``folder`` as CSV (UTF-8); how many rows.

    What a spreadsheet would take for a formula has an apostrophe before it.

    ``folder`` None is the user's own. Raises ``Refusal`` if the records cannot be read, ``OSError``
    if ``out`` cannot be written.
    """
    table: list[Row] = []
    if file_in(folder).exists():
        # Here and not above: the database's library would hold up the window's start.
        from engine.records.store import open_records

        with open_records(folder) as records:
            table = rows(records.of_kind(kind_of_class(Signed)))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows({name: as_text(cell) for name, cell in row.items()} for row in table)
    folders.write_bytes(out, text.getvalue().encode())
    return len(table)


def _row(event: Event, signed: Signed, version: int, *, newest: bool) -> Row:
    form, model = signed.form, signed.model
    row = dict.fromkeys(COLUMNS, "")
    row |= {
        "picture": signed.name,
        "sha256": event.subject,
        "eye": signed.eye or "",
        "eye_from": signed.eye_from,
        "other_eye_sha256": signed.other,
        "version": str(version),
        "newest": _yes(newest),
        "quality": form.quality or "",
        "fault": form.fault or "",
        "outcome": form.outcome or "",
        "note": form.note,
        "mode": signed.mode,
        "reader": event.who,
        "signed_at": event.time,
    }
    if not form.is_ungradable:
        row["dr_grade"] = "" if form.grade is None else str(form.grade)
        row["macular_oedema"] = form.oedema or ""
    if form.is_referable is not None:
        row["referable"] = _yes(form.is_referable)
    if signed.model_shown:
        row["model_seen"] = _yes(True)
    if model is not None:
        row |= {
            "pack": model.pack,
            "pack_version": model.version,
            "model_decision": model.decision,
            "model_probability": "" if model.probability is None else f"{model.probability:.4f}",
            "model_seen": _yes(model.seen or signed.model_shown),
        }
    if (stage := signed.stage) is not None:
        row |= {
            "stage_pack": stage.pack,
            "stage_pack_version": stage.version,
            "model_expected_stage": f"{stage.expected_stage:.2f}",
        }
    return row


def _yes(true: bool) -> str:
    return "yes" if true else "no"
