"""A photograph, its answer and its heatmap, and the words that are drawn beside them."""

from dataclasses import dataclass, replace

import numpy as np

from engine.answers import (
    Criterion,
    Decision,
    Heatmap,
    Interval,
    Look,
    PackReference,
    Reason,
    RetinopathyAnswer,
)
from engine.geometry import Circle, scaling
from engine.pictures import Photograph

LOOK = Look(opacity=0.72, threshold=0.22, colour_map="azure")
ANSWER = RetinopathyAnswer(
    question="retinopathy",
    decision=Decision.REFERABLE,
    probability=0.78,
    interval=Interval(0.66, 0.87),
    operating_point=0.41,
    pack=PackReference("retinopathy-first", "1.0.0", "3f2a91c04d" + "0" * 54),
    criterion=Criterion.PI,
    assessed=Circle(600.0, 400.0, 380.0),
    resolution=10.0,
    device="processor",
)
UNGRADABLE = replace(
    ANSWER,
    decision=Decision.UNGRADABLE,
    probability=None,
    interval=None,
    assessed=None,
    reasons=(
        Reason("The photograph is too dark: 12 of 255, where 25 is the least.", "Take it again."),
        Reason("It is blurred, " + "and more so towards the edges, " * 9 + "as it is.", "Focus."),
    ),
)


def photograph(height: int = 800, width: int = 1200) -> Photograph:
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.stack([170 + x % 23, 70 + y % 17, 40 + (x + y) % 11], axis=-1).astype(np.uint8)
    return Photograph(pixels, "Muster_Erika_1961.jpg", "0" * 64)


def heatmap(height: int = 800, width: int = 1200) -> Heatmap:
    """One hot network pixel, which covers columns 300 to 309 and rows 200 to 209."""
    values = np.zeros((80, 120), np.float32)
    values[20, 30] = 0.02
    return Heatmap(values, scaling(10, 4.5, 4.5), (height, width))


@dataclass(frozen=True)
class Line:
    text: str
    left: float
    right: float
    base: float
    size: float


def texts(lines: list[Line]) -> str:
    return "\n".join(line.text.replace("\u202f", " ") for line in lines)
