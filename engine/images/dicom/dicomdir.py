"""The files that a DICOMDIR names: the table of contents of a disc, at the top of its folder."""

import os
from pathlib import Path

from engine.errors import Refusal
from engine.images.dicom.elements import Elements, items, words
from engine.images.dicom.parsing import parse
from engine.images.dicom.tags import DIRECTORY_RECORD_SEQUENCE, REFERENCED_FILE_ID
from engine.images.reading import in_words, name_of
from engine.listing import RefusedFile


def dicomdir(path: Path) -> tuple[list[Path], list[RefusedFile]]:
    """Find the files that it names, in its order, in any letter case, and none outside its folder.

    What it names and is not there is told. Where it is damaged or nothing that it names is there,
    that is told, and all files of its folder stand in for it.
    """
    try:
        with in_words(path):
            records = items(parse(path).elements, DIRECTORY_RECORD_SEQUENCE)
    except Refusal as refusal:
        return _whole_folder(path, refusal.why)
    named = list(dict.fromkeys(filter(None, map(_file_id, records))))
    if not named:
        return _whole_folder(path, "It names no files.")
    folder = _Folder(path.parent)
    found: list[Path] = []
    missing: list[RefusedFile] = []
    for parts in named:
        file = folder.find(parts)
        if file is not None:
            found.append(file)
            continue
        name = "/".join(parts)
        why = f"“{name}” was not found. “{name_of(path)}” names it, and it is not in that folder."
        missing.append(RefusedFile(str(path.parent / name), why))
    if not found:
        return _whole_folder(path, f"None of the {len(named)} files that it names is there.")
    return found, missing


def _file_id(record: Elements) -> tuple[str, ...]:
    """The folders and the name of the file that a record stands for; empty if for none."""
    return words(record, REFERENCED_FILE_ID)


def _whole_folder(path: Path, why: str) -> tuple[list[Path], list[RefusedFile]]:
    found: list[Path] = []
    for folder, below, names in os.walk(path.parent):
        below.sort()
        found += [Path(folder, name) for name in sorted(names) if not name.startswith(".")]
    what = f"“{name_of(path)}” cannot be used as a table of contents."
    reason = f"{what} {why} All files of its folder were looked at instead."
    return [file for file in found if file != path], [RefusedFile(str(path), reason)]


class _Folder:
    """Finds files below a folder by names that may differ in the case of their letters."""

    def __init__(self, top: Path) -> None:
        self._top = top
        self._inside = top.resolve()
        self._names: dict[Path, dict[str, str]] = {}

    def find(self, parts: tuple[str, ...]) -> Path | None:
        """The file, or None if it is not there, no plain file, or outside of the folder."""
        file = self._top
        for part in parts:
            name = self._listed(file).get(_as_on_disc(part))
            if name is None:
                return None
            file = file / name
        if file.is_file() and file.resolve().is_relative_to(self._inside):
            return file
        return None

    def _listed(self, folder: Path) -> dict[str, str]:
        if folder not in self._names:
            try:
                names = sorted(entry.name for entry in folder.iterdir())
            except OSError:
                names = []
            self._names[folder] = {_as_on_disc(name): name for name in names}
        return self._names[folder]


def _as_on_disc(name: str) -> str:
    """A name as discs compare it: without its version (";1"), and in one case."""
    return name.partition(";")[0].rstrip(".").casefold()
