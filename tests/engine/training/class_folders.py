"""Folders by class: of files that only look like photographs, or of discs with some blots."""

from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from engine.runs import Check
from engine.task import Task
from engine.training import data


def write(folder: Path, classes: dict[str, list[str]]) -> Path:
    """A picture of its own, too small to be an eye, for each name in each class."""
    number = 0
    for label, names in classes.items():
        for name in names:
            number += 1
            path = folder / label / name
            path.parent.mkdir(parents=True, exist_ok=True)
            pixels = np.full((8, 8, 3), number, np.uint8)
            pixels[0, 0] = number // 256
            Image.fromarray(pixels).save(path)
    return folder


def two(folder: Path, count: int = 8) -> Path:
    """So many patients in each of normal and disease."""
    names = [f"p{number:03d}.png" for number in range(2 * count)]
    return write(folder, {"normal": names[:count], "disease": names[count:]})


@cache
def _eye(seed: int) -> Image.Image:
    """A round reddish field on black; every other one with bright blots."""
    draw = np.random.default_rng(seed)
    y, x = np.mgrid[:256, :256] - 127.5
    pixels = np.array([150.0, 80.0, 40.0]) + draw.normal(0, 6, (256, 256, 1))
    for _ in range(8 * (seed % 2)):
        at = draw.uniform(-70, 70, 2)
        pixels[np.hypot(y - at[0], x - at[1]) < 6] += 80
    pixels[np.hypot(y, x) > 120] = 0
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def eyes(folder: Path, count: int = 8) -> Path:
    """So many such discs in each of healthy and lesions, each a patient."""
    for seed in range(2 * count):
        path = folder / ("healthy", "lesions")[seed % 2] / f"p{seed:02d}_left.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        _eye(seed).save(path)
    return folder


def check(folder: Path, *referable: str) -> Check:
    return data.check_folder(folder, referable, Task())
