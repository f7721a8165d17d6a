"""What is known of a patient beside photographs: fields of a CSV, a median for what is missing.

METHODS Q8: a missing field is the training median, and an indicator says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import csv_rows
from engine.errors import Refusal

Values = Mapping[str, float | None]
"""A patient's fields by name; None or not there where nothing is known."""


NAMES = ("image", "patient", "patient_visit")
"""Columns of a table of context that are no fields, where nobody names others."""


@dataclass(frozen=True)
class Field:
    """A field that a forest looks at, and the median of those it was grown on."""

    name: str
    median: float


@dataclass(frozen=True)
class Row:
    """A row of a table of context: the words of its named columns, and its fields' values."""

    names: Mapping[str, str]
    values: Values


def learn(rows: Sequence[Values]) -> tuple[Field, ...]:
    """The fields of all rows with their medians; one that is never known is left out."""
    names = dict.fromkeys(name for row in rows for name in row)
    found = []
    for name in names:
        known = [value for row in rows if (value := row.get(name)) is not None]
        if known:
            found.append(Field(name, float(np.median(known))))
    return tuple(found)


def features(fields: Sequence[Field], values: Values) -> NDArray[np.float64]:
    """Each field's value, or its median, and 1 where that stands in: (2 x fields,)."""
    row: list[float] = []
    for field in fields:
        value = values.get(field.name)
        row += [field.median if value is None else value, float(value is None)]
    return np.array(row)


def missing(fields: Sequence[Field], values: Values) -> tuple[str, ...]:
    """The fields for which a median stands in."""
    return tuple(field.name for field in fields if values.get(field.name) is None)


def read(path: Path, named: Sequence[str]) -> list[Row]:
    """The rows of a CSV: columns in ``named`` hold words where they are there, all others numbers.

    An empty place is not known. Raises ``Refusal`` naming line and column.
    """
    advice = "Name a CSV whose first line has the fields' names."
    read_rows, found = csv_rows.read(path, f"The table of context {path.name}", advice)
    columns = [name for name in found if name not in named]
    if not read_rows or not columns:
        raise Refusal(
            f"The table of context {path.name} cannot be used.",
            "It has no row." if columns else "It has no column with a field.",
            "Give a first line with the fields' names, and a row for each patient.",
        )
    return [
        Row(
            {name: (row[name] or "").strip() for name in named if name in row},
            {name: _number(row[name], name, row.line, path.name) for name in columns},
        )
        for row in read_rows
    ]


def of_pictures(rows: Sequence[Row], pictures: Sequence[str], table: str) -> Values:
    """The row that is of a patient with these pictures, by their files' names.

    A table of one row that names no photograph is of this patient. Raises ``Refusal`` if no row
    fits, or several do.
    """
    if len(rows) == 1 and not rows[0].names.get("image"):
        return rows[0].values
    names = {*pictures, *(Path(name).stem for name in pictures)}
    fitting = [row for row in rows if row.names.get("image") in names]
    if len(fitting) != 1:
        raise Refusal(
            f"The table of context {table} cannot be used.",
            f"{len(fitting)} of its {len(rows)} rows name one of these photographs."
            if len(rows) > 1
            else f"Its one row is of {rows[0].names['image']}, which is none of these photographs.",
            "Give it one row, or a column “image” that names one of the photographs once.",
        )
    return fitting[0].values


def _number(text: str | None, column: str, line: int, table: str) -> float | None:
    if not (text or "").strip():
        return None
    try:
        value = float(text or "")
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise Refusal(
            f"The table of context {table} cannot be used.",
            f"Line {line} has “{text}” as {column}; a field is a number.",
            "Write words as numbers, such as 0 for no and 1 for yes; leave empty what is unknown.",
        )
    return value
