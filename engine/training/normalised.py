"""Pictures decoded and normalised once, kept as bytes in the run folder, so that training only
warps them.
"""

import json
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.errors import Refusal
from engine.folders import write_bytes, write_whole
from engine.preparation.fundus import LEVELS, working_width
from engine.task import Task

if TYPE_CHECKING:
    from engine.training.drawn import Example, Healthy

Item = TypeVar("Item")
Made = TypeVar("Made")

AT_ONCE = 32

_PREPARING = "Preparing photographs"


@dataclass(frozen=True, eq=False)
class Pictures:
    """``values`` int8 (n, 3, w, w), normalised values times 128; ``truth`` (n,).

    ``patients`` (n,) are numbers; without them each picture stands for itself.
    """

    values: NDArray[np.int8]
    truth: NDArray[np.bool_]
    patients: NDArray[np.intp] | None = None

    def __len__(self) -> int:
        return len(self.truth)

    def rows(self, rows: NDArray[np.intp]) -> "Pictures":
        """Some of the pictures, in the order asked for."""
        patients = None if self.patients is None else self.patients[rows]
        return Pictures(self.values[rows], self.truth[rows], patients)


def photographs(paths: Sequence[Path], size: int, file: Path, task: Task) -> NDArray[np.int8]:
    """Photographs normalised for a network of ``size``; int8 (n, 3, w, w)."""
    return _kept(partial(_photograph, size), paths, file, _PREPARING, task)


def photographs_that_can(
    paths: Sequence[Path], size: int, file: Path, task: Task
) -> tuple[NDArray[np.int8], dict[int, str]]:
    """Photographs as ``photographs`` makes them, and why a row could not be made, by row.

    Such a row is all zeros.
    """
    why = file.with_name("unfit.json")
    if not file.exists():
        # A kill in between prepares them again.
        made = task.over(_spread(partial(_tried, size), paths), _PREPARING, len(paths))
        unfit: dict[int, str] = {}

        def values() -> Iterator[NDArray[np.int8]]:
            for row, (picture, said) in enumerate(made):
                if said:
                    unfit[row] = said
                yield picture
            write_bytes(why, json.dumps(unfit).encode())  # before the pictures are there

        _write(file, values(), len(paths))
    found: dict[str, str] = json.loads(why.read_text("utf-8"))
    return _read(file), {int(row): said for row, said in found.items()}


def _tried(size: int, path: Path) -> tuple[NDArray[np.int8], str]:
    try:
        return _photograph(size, path), ""
    except Refusal as refusal:
        width = working_width(size)
        return np.zeros((3, width, width), np.int8), refusal.why


def plain(paths: Sequence[Path], size: int, file: Path, task: Task) -> NDArray[np.int8]:
    """Pictures that are no photographs of an eye, as they are; int8 (n, 3, w, w), grey 128 is 0.

    Squared by their edges, then shrunk or enlarged to the working grid of a network of ``size``.
    """
    return _kept(partial(_plain, size), paths, file, "Preparing pictures", task)


def phantoms(seeds: Sequence[int], size: int, file: Path, task: Task) -> Pictures:
    """Drawn eyes, normalised as photographs are, referable from severity 2 on."""
    values = _kept(partial(_phantom, size), seeds, file, "Drawing phantom eyes", task)
    return Pictures(values, np.array([severity(seed) >= 2 for seed in seeds]))


def grafts(
    jobs: Sequence[tuple[Path, int, int]], size: int, file: Path, task: Task
) -> NDArray[np.int8]:
    """Drawn lesions on healthy photographs, for each (photograph, seed, severity).

    int8 (n, 4, w, w): a normalised picture, and behind it the labels of ``training.drawn``.
    """
    return _kept(partial(_graft, size), jobs, file, "Drawing lesions on photographs", task)


def lifelike(
    jobs: Sequence[tuple[int, int]], size: int, file: Path, task: Task
) -> NDArray[np.int8]:
    """Drawn eyes for each (seed, severity), as ``grafts``."""
    return _kept(partial(_lifelike, size), jobs, file, "Drawing eyes", task)


def severity(seed: int) -> int:
    """The severity that a training phantom is drawn with: half of them referable."""
    return (0, 2, 1, 3, 0, 4, 0, 2)[seed % 8]


def _kept(
    make: Callable[[Item], NDArray[np.int8]],
    items: Sequence[Item],
    file: Path,
    what: str,
    task: Task,
) -> NDArray[np.int8]:
    """Make all items on all cores, or take them from ``file`` if they are there."""
    if not file.exists():
        _write(file, task.over(_spread(make, items), what, len(items)), len(items))
    return _read(file)


def _write(file: Path, pictures: Iterable[NDArray[np.int8]], count: int) -> None:
    """Write pictures of one shape as they come: ten thousand of 448 pixels are 8 GB."""
    for left in file.parent.glob(f".{file.name}.*"):
        left.unlink()  # of a run that was killed while it wrote

    def write(handle: BinaryIO) -> None:
        for number, values in enumerate(pictures):
            if not number:
                shape = (count, *values.shape)
                head = {"descr": "|i1", "fortran_order": False, "shape": shape}
                np.lib.format.write_array_header_1_0(handle, head)
            handle.write(values.tobytes())

    write_whole(file, write)


def _read(file: Path) -> NDArray[np.int8]:
    # Mapped, for the same reason; "c", because torch warns of what cannot be written.
    values: NDArray[np.int8] = np.load(file, mmap_mode="c")
    return values


def _spread(make: Callable[[Item], Made], items: Sequence[Item]) -> Iterator[Made]:
    # spawn: a fork after OpenMP has run hangs (seen with two 600 x 600 products).
    with ProcessPoolExecutor(
        cpu_count(),
        get_context("spawn"),
        # Ctrl-C in a terminal reaches these, too; who started them ends them in order.
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    ) as pool:
        for start in range(0, len(items), AT_ONCE):
            yield from pool.map(make, items[start : start + AT_ONCE])


def _photograph(size: int, path: Path) -> NDArray[np.int8]:
    from engine.images.photograph import open_picture

    pixels = open_picture(path).pixels
    try:
        return _normalised(pixels, size)
    except Refusal as refusal:
        raise Refusal(
            f"“{path.name}” cannot be trained on.",
            refusal.reason,
            "Take its line out of the grades, or put another photograph in its place.",
        ) from refusal


def _plain(size: int, path: Path) -> NDArray[np.int8]:
    import cv2

    from engine.images.photograph import open_picture

    cv2.setNumThreads(1)  # one process a core already
    pixels = open_picture(path).pixels
    height, width = pixels.shape[:2]
    rest = max(height, width) - height, max(height, width) - width
    (top, left) = (side // 2 for side in rest)
    square = cv2.copyMakeBorder(
        pixels, top, rest[0] - top, left, rest[1] - left, cv2.BORDER_REPLICATE
    )
    side = working_width(size)
    how = cv2.INTER_AREA if square.shape[0] > side else cv2.INTER_LINEAR
    values = cv2.resize(square, (side, side), interpolation=how).astype(np.int16) - 128
    return np.ascontiguousarray(values.transpose(2, 0, 1)).astype(np.int8)


def _phantom(size: int, seed: int) -> NDArray[np.int8]:
    from engine.phantoms.eye import camera_of, draw_eye

    eye = draw_eye(seed, severity=severity(seed), width=640, camera=camera_of(seed))
    return _normalised(eye.pixels, size)


def _graft(size: int, job: tuple[Path, int, int]) -> NDArray[np.int8]:
    import cv2

    from engine.training.drawn import graft_example

    cv2.setNumThreads(1)  # one process a core already
    path, seed, severity = job
    return _with_labels(graft_example(_healthy(path, size), seed, severity))


@lru_cache(maxsize=1)
def _healthy(path: Path, size: int) -> "Healthy":
    """A photograph to lay lesions on, kept for its next graft."""
    from engine.images.photograph import open_picture
    from engine.training.drawn import healthy_host

    return healthy_host(open_picture(path).pixels, size)


def _lifelike(size: int, job: tuple[int, int]) -> NDArray[np.int8]:
    import cv2

    from engine.training.drawn import drawn_example

    cv2.setNumThreads(1)  # one process a core already
    return _with_labels(drawn_example(*job, size))


def _with_labels(example: "Example") -> NDArray[np.int8]:
    return np.concatenate([example.values, example.labels[None].view(np.int8)])


def _normalised(pixels: NDArray[np.uint8], size: int) -> NDArray[np.int8]:
    import cv2

    from engine.preparation.fundus import find_field_of_view, normalise
    from engine.preparation.gradability import OPEN_FUNDUS, no_eye

    cv2.setNumThreads(1)  # one process a core already
    field = find_field_of_view(pixels)
    if why := no_eye(pixels, field):
        raise Refusal("The picture shows no eye.", why, OPEN_FUNDUS)
    values, _ = normalise(pixels, field, size)
    return np.rint(values * LEVELS).clip(-128, 127).astype(np.int8)
