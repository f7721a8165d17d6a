"""From graded pictures to a pack that answers, through a crash: the commands as a person types."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from engine.phantoms.eye import camera_of, draw_eye

pytestmark = pytest.mark.proof

PLAN = """
recipe = "retinopathy"
[pack]
name = "drawn"
version = "1.0.0"
title = "Drawn eyes"
licence = "CC0-1.0"
intended_use = "To prove that training works."
[data]
grades = "grades.csv"
name = "Drawn eyes"
licence = "CC0-1.0"
source = "drawn"
limits = "Drawn."
folds = 2
[network]
size = 112
gain = 1.343
[phantoms]
eyes = 24
passes = 1
[optimisation]
passes = 2
batch = 6
learning_rate = 3e-4
schedule = "cosine"
"""


@pytest.fixture
def graded(tmp_path: Path) -> Path:
    """Twenty-four drawn eyes of twelve patients, half of them referable."""
    rows = ["image,dr_grade,patient_visit"]
    for number in range(24):
        grade = (0, 3)[number // 2 % 2]
        eye = draw_eye(number, severity=grade, width=500, camera=camera_of(number))
        Image.fromarray(eye.pixels).save(tmp_path / f"eye-{number}.png")
        rows.append(f"eye-{number},{grade},p{number // 2}")
    (tmp_path / "grades.csv").write_text("\n".join(rows))
    (tmp_path / "plan.toml").write_text(PLAN)
    return tmp_path


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "engine.cli", *words]


def test_a_killed_training_goes_on_and_its_pack_answers(graded: Path) -> None:
    kinds = ("DATA", "CONFIG", "CACHE", "STATE")
    apart = {**os.environ, **{f"XDG_{kind}_HOME": str(graded / kind) for kind in kinds}}
    runs = graded / "runs"
    first = subprocess.Popen(
        command("train", str(graded / "plan.toml"), "--out", str(runs)), env=apart
    )
    until = time.monotonic() + 600
    while not list(runs.glob("*/checkpoints/fold-0-*.safetensors")):
        assert first.poll() is None
        assert time.monotonic() < until
        time.sleep(0.2)  # another process is watched by its files; there is no signal to wait for
    first.send_signal(signal.SIGKILL)
    first.wait()
    (run,) = runs.iterdir()
    resumed = subprocess.run(
        command("resume", str(run), "--json", "--quiet"), env=apart, capture_output=True, text=True
    )
    assert resumed.returncode == 0, resumed.stderr
    assert json.loads(resumed.stdout)["pack"]["name"] == "drawn"
    rows = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    assert [row["pass"] for row in rows if row["part"] == "fold-0"] == [1, 2]
    card = (run / "pack" / "card.md").read_text()
    assert "Research use only" in card
    asked = command(
        "analyse", str(graded / "eye-3.png"), "--question", "retinopathy", "--json", "--quiet",
        "--pack", str(run / "pack"),
    )  # fmt: skip
    answer = json.loads(subprocess.run(asked, env=apart, capture_output=True, check=True).stdout)
    assert answer["pack"]["name"] == "drawn"
    assert 0 <= answer["probability"] <= 1
