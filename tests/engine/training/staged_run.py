"""A run of stages that takes a second: pictures whose grey is their stage."""

from pathlib import Path

import numpy as np

from engine.training.run import Run

PLAN = """
recipe = "stages"
seed = 3
[pack]
name = "grey-stages"
version = "1.0.0"
title = "Stages of grey"
licence = "CC0-1.0"
intended_use = "Which of three greys a picture has."
[data]
grades = "grades.csv"
name = "greys"
licence = "CC0-1.0"
source = "made"
limits = "None that a test knows of."
folds = 2
[stages]
scale = "ICDR"
order = "0, 1+2, 4"
names = ["none", "some", "much"]
positive_from = "some"
positive = "any grey (grade 1 or more)"
[network]
backbone = "small_112"
[schedule]
passes = 2
steps = 2
sequences = 2
"""

GRADES = ("0", "1", "4", "2", "0", "4")


def table(folder: Path, copies: int = 4) -> Path:
    """A folder with grades.csv and its pictures: two of each patient, one grade of 3 left out."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["image,dr_grade,patient_visit", "left_out,3,p99"]
    for number in range(len(GRADES) * copies):
        grade = GRADES[number // 2 % len(GRADES)]
        lines.append(f"eye{number},{grade},p{number // 2}")
    for line in lines[1:]:
        (folder / f"{line.split(',')[0]}.png").write_bytes(line.encode())
    (folder / "grades.csv").write_text("\n".join(lines) + "\n")
    return folder


def begun(folder: Path, data: Path, plan: str = PLAN, copies: int = 4) -> Run:
    """A run whose pictures lie ready: their bytes are no photographs."""
    run = Run.begin(folder, plan, data)
    draw = np.random.default_rng(0)
    stage = {"0": 0, "1": 1, "2": 1, "4": 2}
    greys = [stage[GRADES[n // 2 % len(GRADES)]] * 40 - 40 for n in range(len(GRADES) * copies)]
    values = np.array(greys)[:, None, None, None] + draw.integers(-9, 10, (len(greys), 3, 128, 128))
    np.save(folder / "normalised.npy", values.astype(np.int8))
    np.save(folder / "phantoms.npy", values[:16].astype(np.int8))
    return run
