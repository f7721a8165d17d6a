"""Packs, answers, pictures and series, as an engine would tell them."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.answers import (
    Criterion,
    Decision,
    Interval,
    PackReference,
    PackSummary,
    Reason,
    RetinopathyAnswer,
    Tint,
)
from engine.geometry import Circle
from engine.listing import Origin, SeriesEntry, SeriesKind
from engine.pictures import Grid, VolumeFacts, grid_of
from engine.service.messages import (
    RegionFound,
)

HEIGHT, WIDTH = 600, 900
FIRST = PackSummary(
    "retinopathy-first", "1.0.0", "Diabetic retinopathy, screening", "retinopathy", "a" * 64,
    "/packs/first", True,
)  # fmt: skip
SECOND = PackSummary(
    "retinopathy-other", "2.1.0", "Another pack", "retinopathy", "b" * 64, "/packs/other", False
)
DRAWING = PackSummary(
    "drawing", "1.0.0", "A pack that draws lesions", "retinopathy", "e" * 64, "/packs/drawing",
    True, criteria=(Criterion.LESIONS, Criterion.PI, Criterion.OMEGA, Criterion.PI_PHOTOGRAPH),
)  # fmt: skip
KINDS = ("microaneurysm", "haemorrhage")


def a_series(
    key: str = "lung",
    title: str = "4 Lung 5 mm",
    *,
    size: tuple[int, int, int] = (64, 48, 20),
    patient: str = "Drawn^Person",
    **facts: Any,
) -> SeriesEntry:
    """A chest CT of axial slices, 1 x 1 x 5 mm, as the list has it."""
    affine = np.diag([1.0, 1.0, 5.0, 1.0])
    told = VolumeFacts(grid_of(affine, size), modality="CT", unit="HU", **facts)
    origin = Origin(patient, patient, "1", study_date="20240202", series_description=title)
    count = size[2] * len(told.frames)
    return SeriesEntry(
        key, SeriesKind.VOLUME, title, f"/data/{key}", count, 2 * count * size[0] * size[1], told,
        origin,
    )  # fmt: skip


def a_region(
    left: float, top: float, side: float = 30.0, share: float = 0.2, **changes: Any
) -> RegionFound:
    """A square region, in photograph pixels."""
    told: dict[str, Any] = {
        "share": share,
        "peak": 0.9,
        "centre": (left + side / 2, top + side / 2),
        "summit": (left + side / 2, top + side / 2),
        "box": (left, top, left + side, top + side),
        "thumbnail": (int(left), int(top), int(left + side), int(top + side)),
        "lines": (4,),
        "extent": side * 2**0.5,
        "area": side**2,
        "tint": Tint.BRIGHT,
    }
    return RegionFound(**(told | changes))


def a_photograph(name: str, folder: Path = Path("/data")) -> SeriesEntry:
    """A photograph as the list has it."""
    facts = VolumeFacts(Grid((WIDTH, HEIGHT, 1)), colour=True)
    return SeriesEntry(name, SeriesKind.PHOTOGRAPH, name, str(folder / f"{name}.jpg"), 1, 0, facts)


def volume_values(entry: SeriesEntry) -> NDArray[np.int16]:
    """A ramp along x in air, slice by slice a little brighter."""
    x, y, z = entry.facts.grid.size
    ramp = np.linspace(-1000, 1000, x).astype(np.int16)
    slices = np.arange(z, dtype=np.int16)[:, None, None]
    values = np.broadcast_to(ramp + slices, (len(entry.facts.frames), z, y, x))
    return np.ascontiguousarray(values)


def eye_pixels() -> NDArray[np.uint8]:
    """An orange disk on black."""
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    cv2.circle(pixels, (WIDTH // 2, HEIGHT // 2), 280, (190, 90, 40), -1)
    return pixels


def an_answer(
    pack: PackSummary = FIRST,
    criterion: Criterion = Criterion.PI,
    *,
    probability: float | None = 0.78,
    low: float = 0.66,
    high: float = 0.87,
    operating_point: float = 0.41,
    reasons: tuple[Reason, ...] = (),
    warnings: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> RetinopathyAnswer:
    """An answer as sketch 1 has it."""
    decision = Decision.UNGRADABLE
    if probability is not None:
        referable = probability >= operating_point
        decision = Decision.REFERABLE if referable else Decision.NOT_REFERABLE
    return RetinopathyAnswer(
        question="retinopathy",
        decision=decision,
        probability=probability,
        interval=None if probability is None else Interval(low, high),
        operating_point=operating_point,
        pack=PackReference(pack.name, pack.version, pack.sha256),
        criterion=criterion,
        assessed=Circle(WIDTH / 2, HEIGHT / 2, 280),
        resolution=10.0,
        device="processor",
        reasons=reasons,
        warnings=warnings,
        notes=notes,
    )
