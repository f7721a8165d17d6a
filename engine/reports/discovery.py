"""When a network discovered each kind of lesion while it learnt, as a figure (SVG).

A run keeps the numbers in ``discovery.csv``; the figure can be drawn again from them::

    python -m engine.reports.discovery RUN/discovery.csv discovery.svg
"""

import csv
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from engine.errors import Refusal
from engine.folders import write_bytes
from engine.reports.curves import GROUND, Frame, Line, lay
from engine.reports.svg_sheet import SvgSheet

SIZE = 760, 620
"""Of the picture, in logical pixels."""

_LEFT, _RIGHT, _NAMES_END = 72.0, 584.0, 752.0
_UPPER, _LOWER = (48.0, 228.0), (336.0, 564.0)
_ENDS = (0.1, 0.25, 0.5, 0.75)
_STEPS, _AREA = "steps", "area"


def save(numbers: Path, to: Path) -> Path:
    """Draw the numbers of a ``discovery.csv``. Raises ``Refusal`` if they are none, ``OSError``."""
    try:
        with numbers.open(newline="", encoding="utf-8") as file:
            drawn = svg(list(csv.DictReader(file)))
    except (KeyError, ValueError, TypeError) as fault:
        raise Refusal(
            f"{numbers.name} was not drawn.",
            "It is no table of what a network discovered, with two rows at least.",
            "Take discovery.csv from a run of the recipe lesions whose plan has keep_every.",
        ) from fault
    write_bytes(to, drawn.encode())
    return to


def svg(rows: Sequence[Mapping[str, str]]) -> str:
    """The figure: A_z above; below the lesion types' limited FROC areas.

    Raises ``KeyError`` and ``ValueError`` if the rows are no such table.
    """
    if len(rows) < 2:
        raise ValueError("a curve needs two points")
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    steps = np.array(columns.pop(_STEPS), dtype=float)
    answered = np.array(columns.pop(_AREA), dtype=float)
    # A type that no photograph shows has empty cells.
    kinds = {name: np.array(cells, float) for name, cells in columns.items() if all(cells)}
    highest = max((float(each.max()) for each in kinds.values()), default=0)
    top = next((end for end in _ENDS if end >= highest), 1.0)
    sheet = SvgSheet(*SIZE, GROUND)
    for (above, below), lines, title, name, end in (
        (_UPPER, [Line("A_z", steps, answered)], "The answer", "A_z", 1.0),
        (
            _LOWER,
            [Line(kind, steps, each) for kind, each in kinds.items()],
            "The map of lesions",
            "limited FROC area",
            top,
        ),
    ):
        frame = Frame(_LEFT, above, _RIGHT, below, _NAMES_END, float(steps[-1]), end)
        lay(sheet, frame, lines, title, "steps", name)
    return sheet.document()


if __name__ == "__main__":
    save(Path(sys.argv[1]), Path(sys.argv[2]))
