"""What evaluate prints, and anybody's heatmaps for it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine import cli

Captured = pytest.CaptureFixture[str]
TYPES = ["hard exudates", "soft exudates", "microaneurysms", "haemorrhages"]
CODES = dict(zip(TYPES, ["EX", "SE", "MA", "HE"], strict=True))


def evaluate(capsys: Captured, *more: str | Path, code: int = 0) -> dict[str, Any]:
    arguments = ["evaluate", "--question", "retinopathy", "--json", "--quiet", *map(str, more)]
    assert cli.main(arguments) == code
    printed = capsys.readouterr().out
    answer: dict[str, Any] = json.loads(printed) if printed else {}
    return answer


def maps_of(marked: Path, folder: Path, types: list[str]) -> Path:
    """The masks of some types as anybody's heatmaps."""
    folder.mkdir()
    for seed in range(4):
        masks = [np.asarray(Image.open(marked / f"eye{seed}_{CODES[name]}.png")) for name in types]
        np.save(folder / f"eye{seed}.npy", np.maximum.reduce(masks).astype(np.float32))
    return folder
