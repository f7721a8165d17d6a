"""A run of the recipe "lesions" that takes a second: its pictures are noise and lie ready."""

from pathlib import Path

import numpy as np

from engine.training.run import Run

SIZE, WIDTH = 128, 146
GRAFTS, EYES = 2, 4

NOISE = """
seed = 3
[pack]
name = "noise"
version = "1.0.0"
title = "Lesions in noise"
licence = "CC0-1.0"
intended_use = "None."
[data]
grades = "grades.csv"
name = "noise"
licence = "CC0-1.0"
source = "made"
limits = "None that a test knows of."
folds = 2
"""
"""What a plan says of these pictures and of their pack."""

PLAN = f"""
recipe = "lesions"
{NOISE}
[network]
size = 128
[drawings]
grafts = 2
eyes = 4
[schedule]
steps = 3
photographs = 2
grafts = 1
drawn = 1
precision = "float32"
keep_every = 1
"""

GRADES = ("0", "2", "3", "0", "1", "4")


def table(folder: Path, copies: int = 3) -> Path:
    """A folder with grades.csv and its pictures: two of each patient."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["image,dr_grade,patient_visit,dme_risk"]
    for number in range(len(GRADES) * copies):
        grade = GRADES[number // 2 % len(GRADES)]
        risk = "" if number == 0 else str(int(grade) // 2)
        lines.append(f"eye{number},{grade},p{number // 2},{risk}")
    for line in lines[1:]:
        (folder / f"{line.split(',')[0]}.png").write_bytes(line.encode())
    (folder / "grades.csv").write_text("\n".join(lines) + "\n")
    return folder


def begun(folder: Path, data: Path, plan: str = PLAN, copies: int = 3, width: int = WIDTH) -> Run:
    """A run whose pictures lie ready: their bytes are no photographs."""
    run = Run.begin(folder, plan, data)
    draw = np.random.default_rng(0)
    count = len(GRADES) * copies
    healthy = sum(GRADES[n // 2 % len(GRADES)] == "0" for n in range(count))
    for name, shape in (
        ("normalised", (count, 3)),
        ("grafts", (healthy * GRAFTS, 4)),
        ("drawn", (EYES, 4)),
    ):
        values = draw.integers(-90, 90, (*shape, width, width)).astype(np.int8)
        if shape[1] == 4:
            values[:, 3] = draw.integers(0, 6, values[:, 3].shape)
        np.save(folder / f"{name}.npy", values)
    return run
