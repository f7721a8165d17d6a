"""The headers of many files, in one pass."""

from collections.abc import Sequence
from pathlib import Path

from engine.errors import Refusal
from engine.images.dicom.header import Header
from engine.images.dicom.parsing import NoPictureError
from engine.images.dicom.reading import read_header
from engine.listing import RefusedFile
from engine.task import Task

CHUNK = 64
"""So many files are read between two looks at whether the person wants it to stop."""


def scan(paths: Sequence[Path], task: Task) -> tuple[tuple[Header, ...], tuple[RefusedFile, ...]]:
    """The headers of all files that hold a picture, and why the others do not, in their order.

    Raises:
        Cancelled: the task was cancelled.
    """
    found: list[Header | RefusedFile] = []
    for start in range(0, len(paths), CHUNK):
        task.progress("Reading headers", start, len(paths))
        found += scan_chunk(paths[start : start + CHUNK])
    task.progress("Reading headers", len(paths), len(paths))
    return (
        tuple(each for each in found if isinstance(each, Header)),
        tuple(each for each in found if isinstance(each, RefusedFile)),
    )


def scan_chunk(paths: Sequence[Path]) -> list[Header | RefusedFile]:
    """The header of each file, or why there is none; for any process, as both travel as JSON."""
    return [_scan(path) for path in paths]


def _scan(path: Path) -> Header | RefusedFile:
    try:
        return read_header(path)
    except Refusal as refusal:
        quiet = isinstance(refusal, NoPictureError)
        return RefusedFile(str(path), refusal.reason, quiet, refusal.advice)
