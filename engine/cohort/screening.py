"""Many photographs asked about one after the other: a row and a heatmap each, as they are made.

The next photograph is read while the network works on this one. A row is written behind its
heatmap, so a run that was killed at any moment goes on behind the last row.
"""

import hashlib
import logging
import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from engine import arrays
from engine.answers import Criterion, Heatmap
from engine.cohort import folder as folders
from engine.cohort.answer_cells import Asked
from engine.cohort.results import SEAL, MadeBy, Result, Row, opened
from engine.cohort.stream import OUR_FAULT
from engine.errors import Cancelled, Refusal
from engine.folders import write_whole
from engine.images.photograph import open_picture
from engine.pictures import Photograph
from engine.table_cells import as_path, as_text
from engine.task import Task

log = logging.getLogger(__name__)

SHOWN = 16
"""Characters of a pack's seal in a row."""


@dataclass(frozen=True)
class Order:
    """What is wanted: a folder's photographs in the table ``out``, heatmaps in ``heatmaps``."""

    folder: Path
    out: Path
    heatmaps: Path | None
    criterion: Criterion


@dataclass
class Seconds:
    """Where the time went: waiting for a photograph to be read, asking, and writing."""

    reading: float = 0.0
    asking: float = 0.0
    writing: float = 0.0

    @contextmanager
    def spent(self, what: str) -> Iterator[None]:
        """Add the time inside to one of them."""
        before = time.monotonic()
        try:
            yield
        finally:
            setattr(self, what, getattr(self, what) + time.monotonic() - before)

    @property
    def together(self) -> float:
        """All of it."""
        return self.reading + self.asking + self.writing


@dataclass(frozen=True)
class Screened:
    """What came of it: photographs, those that had a row before, and all their outcomes.

    Of those asked anew the row was of another content (``changed``), did not say of which
    (``unsealed``), or named a heatmap that is no longer there (``unmapped``). ``rows`` are all of
    the table's, other folders' too; ``gone`` are those whose photograph is no longer there.
    ``left_out`` are the folder's pictures of kinds that are not read, by kind: without rows.
    """

    pictures: int
    there_before: int
    changed: int
    unsealed: int
    unmapped: int
    rows: int
    gone: int
    left_out: Mapping[str, int]
    counts: Mapping[str, int]
    seconds: Seconds

    @property
    def made(self) -> int:
        """Rows that this run added."""
        return self.pictures - self.there_before


def screen(order: Order, asked: Asked, task: Task) -> Screened:
    """Ask about every photograph of a folder that has no row of its present content yet.

    Raises:
        Refusal: the folder or the table cannot be used.
        Cancelled: the task was cancelled; the table holds every row that was made.
        OSError: a row or a heatmap could not be written.
    """
    contents = folders.contents(order.folder)
    paths = contents.photographs
    reference = asked.pack.reference
    name = as_text(f"{reference.name} {reference.version} {reference.sha256[:SHOWN]}")
    made_by = MadeBy(asked.question, name, str(order.criterion) if order.heatmaps else "")
    seconds = Seconds()
    names = {path: as_path(_beside(order.out, path)) for path in paths}
    there = _There(order.out.parent, {name: path for path, name in names.items()}, task)
    with opened(order.out, made_by, asked.columns, there.holds) as results:
        left = [path for path in paths if names[path] not in results.outcomes]
        before = len(paths) - len(left)
        rows = _Rows(order, asked, folders.map_names(paths, order.folder), seconds)
        for path in (*there.changed, *there.unsealed):
            rows.forget(path)
        task.progress("Screening", before, len(paths))
        for done, (path, read) in enumerate(_read_ahead(left, task, seconds), before + 1):
            row = rows.of(names[path], path, read, task.quietly())
            with seconds.spent("writing"):
                results.add(row)
            task.progress("Screening", done, len(paths))
        # The table may hold other folders' photographs, too.
        counts = Counter(results.outcomes[name] for name in names.values())
        others = results.outcomes.keys() - set(names.values())
        gone = sum(not (order.out.parent / name).exists() for name in others)
        return Screened(
            pictures=len(paths),
            there_before=before,
            changed=len(there.changed),
            unsealed=len(there.unsealed),
            unmapped=len(there.unmapped),
            rows=len(results.outcomes),
            gone=gone,
            left_out=contents.left_out,
            counts=counts,
            seconds=seconds,
        )


@dataclass(frozen=True)
class _There:
    """Which rows still tell of the photographs that lie there, by the names that rows have.

    A heatmap that a row names is looked for beside its table, in the folder ``beside``.
    """

    beside: Path
    paths: Mapping[str, Path]
    task: Task
    changed: list[Path] = field(default_factory=list)
    unsealed: list[Path] = field(default_factory=list)
    unmapped: list[Path] = field(default_factory=list)

    def holds(self, row: Row) -> bool:
        """False for a row of another content, that does not say of which, or without its map."""
        path = self.paths.get(row["path"])
        if path is None:
            return True
        self.task.check()
        seal, found = row.get(SEAL, ""), _seal(path)
        if seal != found:
            (self.changed if seal else self.unsealed).append(path)
            return False
        lost = bool(row["heatmap"]) and not (self.beside / row["heatmap"]).exists()
        if lost:
            self.unmapped.append(path)
        return not lost


@dataclass(frozen=True)
class _Rows:
    """How a photograph, or what went wrong when it was read, becomes its row and its heatmap."""

    order: Order
    asked: Asked
    maps: Mapping[Path, PurePosixPath]
    seconds: Seconds

    def forget(self, path: Path) -> None:
        """Take away the heatmap of what lay at ``path`` before."""
        if self.order.heatmaps is not None:
            (self.order.heatmaps / self.maps[path]).unlink(missing_ok=True)

    def of(self, name: str, path: Path, read: Photograph | Exception, task: Task) -> Result:
        """The row of one photograph; its heatmap is on the disk when this returns."""
        row = self._of(name, path, read, task)
        seal = _seal(path) if isinstance(read, Exception) else read.content_hash
        return replace(row, sha256=seal)

    def _of(self, name: str, path: Path, read: Photograph | Exception, task: Task) -> Result:
        if isinstance(read, Exception):
            return _refused(name, read)
        criterion = self.order.criterion if self.order.heatmaps else None
        try:
            with self.seconds.spent("asking"):
                cells = self.asked.of(read, criterion, task)
        except Cancelled:
            raise
        except Exception as fault:
            return _refused(name, fault)
        with self.seconds.spent("writing"):
            heatmap = self._write(path, cells.heatmap)
        return Result(
            name,
            cells.answer,
            warnings=" ".join(cells.warnings),
            heatmap=heatmap,
            reason=" ".join(reason.why for reason in cells.reasons),
        )

    def _write(self, path: Path, heatmap: Heatmap | None) -> str:
        """The heatmap on the photograph's own grid, float32; its path as the row has it."""
        if self.order.heatmaps is None or heatmap is None:
            return ""
        file = self.order.heatmaps / self.maps[path]
        file.parent.mkdir(parents=True, exist_ok=True)
        values = heatmap.on_picture()
        write_whole(file, lambda handle: arrays.write(handle, values))
        return _beside(self.order.out, file)


def _read_ahead(
    paths: Sequence[Path], task: Task, seconds: Seconds
) -> Iterator[tuple[Path, Photograph | Exception]]:
    """Each photograph, or what went wrong in reading it; the next is read meanwhile."""
    with ThreadPoolExecutor(1, "reading") as reader:
        coming: Future[Photograph] | None = None
        for number, path in enumerate(paths):
            task.check()
            now = coming or reader.submit(open_picture, path)
            with seconds.spent("reading"):
                now.exception()
            following = paths[number + 1 : number + 2]
            coming = reader.submit(open_picture, following[0]) if following else None
            fault = now.exception()
            yield path, fault if isinstance(fault, Exception) else now.result()


def _refused(name: str, fault: Exception) -> Result:
    if isinstance(fault, Refusal):
        return Result(name, reason=fault.reason)
    log.warning("%s in one of many photographs", type(fault).__name__)
    return Result(name, reason=OUR_FAULT)


def _seal(path: Path) -> str:
    """The SHA-256 of a file; empty for one that cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _beside(table: Path, path: Path) -> str:
    """A file's path as a row has it: relative to the table, with slashes."""
    there = path.parent.resolve() / path.name
    try:
        return Path(os.path.relpath(there, table.parent.resolve())).as_posix()
    except ValueError:  # another drive
        return there.as_posix()
