"""The photographs of a folder and its subfolders, as a folder is screened."""

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from engine.errors import Refusal
from engine.evaluation import diaretdb1, lesion_masks
from engine.images import not_read
from engine.images.beside import is_photograph
from engine.images.recognise import ENOUGH, Kind, kind_of


@dataclass(frozen=True)
class Contents:
    """The photographs of a folder, and how many pictures of kinds that are not read, by kind."""

    photographs: tuple[Path, ...]
    left_out: Mapping[str, int]


def contents(folder: Path) -> Contents:
    """What lies in ``folder`` and its subfolders, in the order in which a person counts.

    Photographs are told by their names; DICOM also by its content, since exports often give it no
    ending. Hidden files, masks of lesions beside their photographs and annotated pictures are left
    out. Raises ``Refusal`` if there is no such folder or no photograph in it.
    """
    if not folder.is_dir():
        raise Refusal(
            "Nothing was screened.",
            f"There is no folder {folder}.",
            "Name the folder that holds the photographs.",
        )
    files = [path for path in folder.rglob("*") if not _hidden(path, folder) and _counts(path)]
    named = [path for path in files if is_photograph(path)]
    if diaretdb1.is_here(files):
        named = [path for path in named if diaretdb1.is_fundus(path)]
    shown = lesion_masks.without_masks(named)
    shown += [path for path in files if not is_photograph(path) and _is_dicom(path)]
    others = not_read.counted(files)
    if not shown:
        only = f" but pictures of kinds that are not read: {not_read.in_words(others)}"
        raise Refusal(
            "Nothing was screened.",
            f"There is no photograph in {folder.name or folder}{only if others else ''}.",
            "Name a folder that holds JPEG, PNG, TIFF, BMP, WebP or DICOM photographs.",
        )
    shown.sort(key=lambda path: _counted(path.relative_to(folder)))
    return Contents(tuple(shown), others)


def map_names(paths: Iterable[Path], folder: Path) -> dict[Path, PurePosixPath]:
    """Each photograph's heatmap, below the folder of heatmaps: the same subfolder, NAME.npy.

    Two of one name in one folder, a.jpg and a.png, are a.jpg.npy and a.png.npy. Capitals are taken
    for small letters there: not every disk tells them apart.
    """
    plain = {path: _below(path, folder).with_suffix(".npy") for path in paths}
    whole = {path: _below(path, folder).with_name(f"{path.name}.npy") for path in plain}
    both = ({plain[path], whole[path]} for path in plain)
    there = Counter(str(name).casefold() for names in both for name in names)
    return {
        path: name if there[str(name).casefold()] == 1 else whole[path]
        for path, name in plain.items()
    }


def _below(path: Path, folder: Path) -> PurePosixPath:
    return PurePosixPath(path.relative_to(folder).as_posix())


def _counted(path: Path) -> list[list[tuple[int, str]]]:
    """A key that sorts 2 before 10, as the window does; the plain name parts the rest."""
    return [*map(_numbers, path.parts), [(0, os.fspath(path))]]


def _numbers(name: str) -> list[tuple[int, str]]:
    parts = re.split(r"(\d+)", name.casefold())
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts]


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _counts(path: Path) -> bool:
    """Whether it is a file, or a photograph's link to nowhere: a row tells that one, too."""
    return path.is_file() or (is_photograph(path) and path.is_symlink() and not path.exists())


def _is_dicom(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return kind_of(file.read(ENOUGH)) is Kind.DICOM
    except OSError:
        return False
