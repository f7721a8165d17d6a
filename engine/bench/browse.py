"""How long a person waits for the next photograph of a folder, and for its answer.

The real window goes through forty photographs by real keys, once quickly and once slowly, each
time in a process of its own that knows nothing of them. No drawn or repeated photographs: how long
decoding takes depends on what is in them.
"""

import hashlib
from pathlib import Path
from typing import Any

from engine.bench import window
from engine.errors import Refusal
from engine.task import Task

PHOTOGRAPHS = 40
SIZE = (4288, 2848)
"""Width and height in pixels."""
_ENDINGS = (".jpg", ".jpeg", ".tif", ".tiff", ".png", ".bmp", ".webp")


def run(task: Task, data: Path | None) -> dict[str, Any]:
    """The figures of ``lesionlens bench browse``, with photographs of the folder ``data``.

    Raises:
        Refusal: there are too few photographs, or no window can be painted.
        Cancelled: the task was cancelled.
    """
    if data is None:
        raise Refusal(
            "The benchmark browse needs photographs.",
            f"It goes through {PHOTOGRAPHS} real ones of {_size_words()} pixels, and no folder "
            "was named.",
            "Name one that holds them: lesionlens bench browse --data FOLDER.",
        )
    paths = photographs(data, task)
    return window.run("browse", task, *map(str, paths[:PHOTOGRAPHS]))


def photographs(folder: Path, task: Task) -> list[Path]:
    """The folder's photographs of ``SIZE``, each content once. Raises ``Refusal``."""
    from PIL import Image

    seen: set[str] = set()
    found: list[Path] = []
    repeated = 0
    if not folder.is_dir():
        raise Refusal("There are no photographs.", f"“{folder}” is no folder.", "Name a folder.")
    for path in sorted(folder.iterdir()):
        task.check()
        if path.suffix.lower() not in _ENDINGS:
            continue
        try:
            with Image.open(path) as image:
                fits = image.size == SIZE and image.mode == "RGB"
        except OSError:
            continue
        if not fits:
            continue
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        repeated += content in seen
        if content not in seen:
            seen.add(content)
            found.append(path)
    if len(found) < PHOTOGRAPHS:
        again = f", and {repeated} that repeat them" if repeated else ""
        raise Refusal(
            f"“{folder.name}” holds too few photographs.",
            f"{PHOTOGRAPHS} different ones in colour of {_size_words()} pixels are needed; it "
            f"holds {len(found)}{again}.",
            "Name another folder.",
        )
    return found


def _size_words() -> str:
    return " × ".join(map(str, SIZE))
