"""Files of every kind under paths: folders of any depth, archives unpacked, junk named as such."""

import os
import re
import stat
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import Refusal
from engine.images.archives import unpack_gzip, unpack_zip
from engine.images.dicom.dicomdir import dicomdir
from engine.images.not_read import NAMES
from engine.images.reading import name_of
from engine.images.recognise import ENOUGH, Kind, describe, kind_of, unzipped
from engine.listing import RefusedFile
from engine.task import Task

ENDINGS = frozenset(
    (".dcm", ".ima", ".nii", ".hdr", ".img", ".nrrd", ".nhdr", ".mha", ".mhd", ".zip", ".jpg")
) | frozenset((".jpeg", ".jpe", ".png", ".tif", ".tiff", ".bmp", ".webp", *NAMES))
"""A file with one of these in its name is expected to be shown; what cannot be is said aloud."""

_DEEPEST = 2
"""An archive within an archive is unpacked, one within that is not."""


@dataclass(frozen=True)
class FoundFile:
    """A file and its kind.

    ``shown`` is how it is called to people: its path, or that of its archive with its place
    there. ``named``: it was asked for by name, not found in a folder. Where ``kind`` is None,
    ``words`` say what it is.
    """

    path: Path
    shown: str
    kind: Kind | None
    named: bool
    words: str = ""

    @property
    def is_quiet(self) -> bool:
        """Whether nobody would expect it to be shown."""
        return not self.named and not expected(self.path.name)


@dataclass(frozen=True)
class Gathered:
    """What lies under the paths, in the order of names."""

    files: tuple[FoundFile, ...]
    refused: tuple[RefusedFile, ...]


def gather(paths: Sequence[Path], scratch: Path, task: Task) -> Gathered:
    """Find every file under ``paths`` and tell its kind; archives are unpacked into ``scratch``.

    Links to folders are not followed; devices and pipes are not opened; hidden files are left
    out. A file that is reached twice counts once.
    """
    search = _Search(scratch, task)
    for path in paths:
        search.add(path)
    return Gathered(tuple(search.files), tuple(search.refused))


def expected(name: str) -> bool:
    """Whether a file of this name is expected to be a picture."""
    low = name.lower()
    return os.path.splitext(low.removesuffix(".gz"))[1] in ENDINGS  # noqa: PTH122


def natural(name: str) -> list[tuple[int, str]]:
    """A key that puts "2" before "10"."""
    parts = re.split(r"(\d+)", name)
    return [(int(part), "") if part.isdecimal() else (-1, part.lower()) for part in parts if part]


@dataclass(frozen=True)
class _Place:
    """A folder that is searched, how it is called, and in how many archives it lies."""

    folder: Path
    shown: str
    depth: int = 0

    def shown_of(self, path: Path) -> str:
        """Its path; within an archive the archive's and its place there."""
        if not self.depth:
            return str(path)
        return f"{self.shown}/{path.relative_to(self.folder).as_posix()}"


class _Search:
    """The walk through all that was named."""

    def __init__(self, scratch: Path, task: Task) -> None:
        self._scratch = scratch
        self._task = task
        self._seen: set[tuple[int, int]] = set()
        self.files: list[FoundFile] = []
        self.refused: list[RefusedFile] = []

    def add(self, path: Path) -> None:
        """A path as it was named."""
        place = _Place(path, str(path))
        try:
            facts = path.stat()
        except FileNotFoundError:
            advice = "Check whether it was moved, renamed or deleted."
            self._refuse(place, path, "There is no such file.", loud=True, advice=advice)
        except (OSError, ValueError):
            self._refuse(place, path, "The system does not hand it over.", loud=True)
        else:
            if stat.S_ISDIR(facts.st_mode):
                self._folder(place)
            else:
                self._file(place, path, facts, named=True)

    def _folder(self, place: _Place) -> None:
        """Everything in a folder and below it."""
        waiting = [place.folder]
        while waiting:
            folder = waiting.pop()
            self._task.progress("Looking for pictures", len(self.files), 0)
            try:
                with os.scandir(folder) as found:
                    entries = sorted(found, key=lambda entry: natural(entry.name))
            except OSError as fault:
                why = "You are not allowed to read this folder."
                if not isinstance(fault, PermissionError):
                    why = "The system does not hand this folder over."
                self._refuse(place, folder, why, loud=True)
                continue
            below = []
            for entry in entries:
                path = folder / entry.name
                if entry.name.startswith(".") or entry.name == "__MACOSX":
                    self._refuse(place, path, "It is hidden.", loud=False)
                elif entry.is_dir(follow_symlinks=False):
                    below.append(path)
                else:
                    self._entry(place, path)
            waiting += reversed(below)

    def _entry(self, place: _Place, path: Path) -> None:
        """What a folder holds that is no folder."""
        try:
            facts = path.stat()
        except (OSError, ValueError):
            self._refuse(place, path, "It is a link to nowhere.", loud=expected(path.name))
            return
        if stat.S_ISDIR(facts.st_mode):
            self._refuse(place, path, "It is a link to another folder.", loud=False)
        else:
            self._file(place, path, facts, named=False)

    def _file(self, place: _Place, path: Path, facts: os.stat_result, named: bool) -> None:
        loud = named or expected(path.name)
        same = (facts.st_dev, facts.st_ino)
        if facts.st_ino and same in self._seen:
            return
        self._seen.add(same)
        if not stat.S_ISREG(facts.st_mode):
            self._refuse(place, path, "It is not a plain file.", loud)
        elif not facts.st_size:
            why, advice = "It is empty: it holds 0 bytes.", "Copy it again from its source."
            self._refuse(place, path, why, loud, advice)
        else:
            try:
                start = _start(path)
            except PermissionError:
                self._refuse(place, path, "You are not allowed to read this file.", loud=True)
            except OSError:
                self._refuse(place, path, "The drive did not hand it over.", loud=True)
            else:
                self._known(place, path, start, named)

    def _known(self, place: _Place, path: Path, start: bytes, named: bool) -> None:
        kind = kind_of(start)
        shown = place.shown_of(path)
        if kind is Kind.GZIP and kind_of(inside := unzipped(start)) is None:
            words = f"{describe(inside)}, compressed"
            self.files.append(FoundFile(path, shown, None, named, words))
        elif kind is Kind.ZIP or kind is Kind.GZIP:
            self._archive(place, path, kind, named)
        elif kind is Kind.DICOMDIR:
            if named:
                self._directory(place, path)
        else:
            words = "" if kind else describe(start)
            self.files.append(FoundFile(path, shown, kind, named, words))

    def _archive(self, place: _Place, path: Path, kind: Kind, named: bool) -> None:
        """Unpack it, and search what comes out."""
        if place.depth >= _DEEPEST:
            why = "It is an archive within an archive within an archive; it was not unpacked."
            self._refuse(place, path, why, loud=True)
            return
        shown = place.shown_of(path)
        folder = Path(tempfile.mkdtemp(prefix="unpacked-", dir=self._scratch))
        try:
            if kind is Kind.ZIP:
                left_out = unpack_zip(path, folder, self._task)
            else:
                left_out = unpack_gzip(path, folder, self._task)
        except Refusal as refusal:
            loud = named or expected(path.name)
            self.refused.append(RefusedFile(shown, refusal.reason, not loud, refusal.advice))
            return
        self.refused += [RefusedFile(f"{shown}/{name}", why) for name, why in left_out]
        self._folder(_Place(folder, shown, place.depth + 1))

    def _directory(self, place: _Place, path: Path) -> None:
        """The files that a DICOMDIR names."""
        files, refused = dicomdir(path)
        for file in self._task.over(files, "Looking at files", len(files)):
            self._entry(place, file)
        self.refused += [
            RefusedFile(place.shown_of(Path(each.path)), each.reason) for each in refused
        ]

    def _refuse(self, place: _Place, path: Path, why: str, loud: bool, advice: str = "") -> None:
        reason = f"“{name_of(path)}” cannot be opened. {why}"
        self.refused.append(RefusedFile(place.shown_of(path), reason, not loud, advice))


def _start(path: Path) -> bytes:
    """The first bytes, without the cost of a file object: folders hold thousands of files."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        return os.read(handle, ENOUGH)
    finally:
        os.close(handle)
