"""Photographs by name: which files of a folder can be photographs, and what each is called."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.images.beside import is_photograph


def by_name(paths: Iterable[Path]) -> dict[str, tuple[Path, ...]]:
    """Photographs by their name without its ending; several if a name is there twice."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(paths):
        if is_photograph(path):
            found[path.stem].append(path)
    return {name: tuple(files) for name, files in found.items()}


def numbers_of(patients: Iterable[str]) -> NDArray[np.intp]:
    """A number for each photograph's patient, (n,); one whose patient is not told has its own."""
    numbers: dict[str | int, int] = {}
    names = [patient or row for row, patient in enumerate(patients)]
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], np.intp)
