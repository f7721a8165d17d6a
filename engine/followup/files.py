"""What a short look into files tells: whether one may be a photograph, and which are the same."""

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from engine.images.recognise import ENOUGH, Kind, kind_of

_ENDS = {Kind.JPEG: b"\xff\xd9", Kind.PNG: b"IEND"}
_LAST = 65_536
"""Bytes at a file's end in which its format's end is looked for: some writers add to it."""


def may_be_photograph(path: Path) -> bool:
    """Whether a file begins as a photograph and, of JPEG and PNG, also ends as one."""
    try:
        with path.open("rb") as file:
            kind = kind_of(file.read(ENOUGH))
            if kind is None or not (kind.is_photograph or kind is Kind.DICOM):
                return False
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - _LAST, 0))
            return _ENDS.get(kind, b"") in file.read()
    except OSError:
        return False


def same_files(paths: Iterable[Path]) -> list[list[Path]]:
    """Those that are alike byte for byte, together; files that are like no other are left out.

    Only files of one length are read. An empty file, or one that cannot be read, is like no other.
    """
    by_size, alike = defaultdict(list), defaultdict(list)
    for path in paths:
        try:
            by_size[path.stat().st_size].append(path)
        except OSError:
            continue
    for size, found in by_size.items():
        for path in found if size and found[1:] else ():
            try:
                with path.open("rb") as file:
                    alike[hashlib.file_digest(file, "sha256").digest()].append(path)
            except OSError:
                continue
    return [found for found in alike.values() if found[1:]]
