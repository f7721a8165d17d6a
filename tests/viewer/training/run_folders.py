"""Run folders as a training writes them, without one."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import numpy as np

from engine import locks, runs
from engine.runs import Facts, Status


def write(
    folder: Path, areas: list[float], *, state: str = "running", passes: int = 10, held: int = 80
) -> Path:
    """A run with so many rounds, and heatmaps of two pictures after each."""
    looks = folder / runs.LOOKS
    looks.mkdir(parents=True, exist_ok=True)
    draw = np.random.default_rng(0)
    np.save(looks / "pictures.npy", draw.integers(0, 255, (2, 48, 48, 3)).astype(np.uint8))
    pinned = [{"name": "12_left", "referable": True}, {"name": "9_right", "referable": False}]
    (looks / "pinned.json").write_text(json.dumps(pinned))
    rows = []
    for number, area in enumerate(areas, 1):
        rows.append(
            {
                "part": runs.PART, "pass": number, "error": 0.2, "held_error": 0.25,
                "area": area, "area_low": area - 0.1, "area_high": min(area + 0.1, 1.0),
                "seconds": 60.0,
            }
        )  # fmt: skip
        np.save(looks / f"{number:05d}.npy", draw.random((2, 16, 16)).astype(np.float16))
    (folder / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    facts = Facts(
        title="Clinic eyes", network="net_b", size=112, passes=passes, fitting=3 * held,
        held_out=held, held_referable=held // 2, patients=4 * held, device="processor",
    )  # fmt: skip
    (folder / "facts.json").write_bytes(msgspec.json.encode(facts))
    (folder / "status.json").write_bytes(
        msgspec.json.encode(Status(state, runs.PART, len(areas), passes, 0.5))
    )
    return folder


def pack_in(folder: Path) -> Path:
    """The folder, with something in it that is a pack at first sight."""
    (folder / "pack").mkdir()
    (folder / "pack" / "manifest.json").touch()
    return folder


@contextmanager
def worked_at(folder: Path) -> Iterator[None]:
    """While a process works at the run."""
    with (folder / "lock").open("wb") as lock:
        locks.take(lock)
        yield
