"""A made-up patient on disk: a folder of photographs, a table of visits, and what is true."""

import csv
import io
import json
from dataclasses import asdict
from pathlib import Path

from PIL import Image

from engine.errors import Refusal
from engine.folders import write_bytes, write_whole
from engine.geometry import Circle
from engine.phantoms.eye_files import truth
from engine.phantoms.lesions import Mark
from engine.phantoms.patient import draw_patient
from engine.task import Task

TABLE = "visits.csv"
TRUTH = "truth.json"


def write(
    out: Path, seed: int, task: Task, *, visits: int = 6, width: int = 1400
) -> tuple[Path, ...]:
    """Draw patient ``seed`` into the folder ``out``; the written paths, table and truth last.

    A picture is DATE_OD.png or DATE_OS.png. ``visits.csv`` has image, patient, date, eye and
    dr_grade; ``truth.json`` tells of every picture what is drawn, what is new and what is gone.

    Raises:
        Refusal: the folder holds something already, or cannot be made.
        Cancelled: the task was cancelled.
    """
    name = f"DEMO-{seed:04d}"
    try:
        out.mkdir(parents=True, exist_ok=True)
        taken = any(out.iterdir())
    except OSError as fault:
        raise Refusal(
            f"The patient {name} was not written.",
            f"The system said: {fault.strerror}.",
            "Name another folder.",
        ) from fault
    if taken:
        raise Refusal(
            f"The patient {name} was not written.",
            f"The folder {out.name} is not empty.",
            "Name a new folder.",
        )
    rows, told, written = [], {}, []
    for visit in task.over(draw_patient(seed, visits=visits, width=width), "Drawing", visits):
        for side, eye in visit.eyes.items():
            image = f"{visit.date.isoformat()}_{side.value}.png"
            picture = Image.fromarray(eye.pixels)
            write_whole(out / image, lambda file, drawn=picture: drawn.save(file, "PNG"))  # type: ignore[misc]
            written.append(out / image)
            rows.append([image, name, visit.date.isoformat(), side.value, visit.grades[side]])
            told[image] = {
                **truth(eye, seed),
                "new": _places(visit.new[side], eye.field),
                "gone": _places(visit.gone[side], eye.field),
            }
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(["image", "patient", "date", "eye", "dr_grade"])
    table.writerows(rows)
    write_bytes(out / TABLE, text.getvalue().encode())
    write_bytes(out / TRUTH, json.dumps({"patient": name, "pictures": told}, indent=1).encode())
    return (*written, out / TABLE, out / TRUTH)


def _places(marks: tuple[Mark, ...], field: Circle) -> list[dict[str, object]]:
    """Marks in pixels of their picture."""
    return [
        {
            "kind": mark.kind.value,
            **asdict(
                Circle(
                    round(field.x + mark.x * field.radius, 2),
                    round(field.y + mark.y * field.radius, 2),
                    round(mark.radius * field.radius, 2),
                )
            ),
        }
        for mark in marks
    ]
