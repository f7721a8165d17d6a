"""Many drawn eyes on disk, each grade as often as the others: photographs and a table of grades."""

import csv
import io
import json
from pathlib import Path

from PIL import Image

from engine.errors import Refusal
from engine.folders import write_bytes, write_whole
from engine.phantoms.eye import camera_of, draw_eye
from engine.phantoms.eye_files import truth
from engine.phantoms.severity import GRADES
from engine.task import Task

TABLE = "eyes.csv"
TRUTH = "truth.json"


def write(out: Path, seed: int, count: int, task: Task, *, width: int = 640) -> tuple[Path, ...]:
    """Draw ``count`` eyes into the folder ``out``; the written paths, table and truth last.

    Grades 0 to 4 take turns, and every eye has a camera of its own. ``eyes.csv`` has image,
    patient, eye and dr_grade, ready to learn from; ``truth.json`` tells where every lesion lies.
    The same seed and number give the same eye, however many are drawn.

    Raises:
        Refusal: the folder holds something already, or cannot be made.
        Cancelled: the task was cancelled; there is no table then.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        taken = any(out.iterdir())
    except OSError as fault:
        raise Refusal(
            "The eyes were not drawn.",
            f"The system said: {fault.strerror}.",
            "Name another folder.",
        ) from fault
    if taken:
        raise Refusal(
            "The eyes were not drawn.",
            f"The folder {out.name} is not empty.",
            "Name a new folder.",
        )
    rows, told, written = [], {}, []
    for number in task.over(range(count), "Drawing", count):
        # Seeds side by side are eyes of their own: no two draws of this command share one.
        own = seed * 1_000_003 + number
        grade = GRADES[number % len(GRADES)]
        eye = draw_eye(own, severity=grade, width=width, camera=camera_of(own))
        image = f"eye-{number:05d}.png"
        picture = Image.fromarray(eye.pixels)
        write_whole(out / image, lambda file, drawn=picture: drawn.save(file, "PNG"))  # type: ignore[misc]
        written.append(out / image)
        rows.append([image, f"DEMO-{own}", eye.laterality.value, grade])
        told[image] = truth(eye, own)
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(["image", "patient", "eye", "dr_grade"])
    table.writerows(rows)
    write_bytes(out / TRUTH, json.dumps(told, indent=1).encode())
    write_bytes(out / TABLE, text.getvalue().encode())
    return (*written, out / TABLE, out / TRUTH)
