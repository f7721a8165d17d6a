"""Which photographs lie near one, and whether their names alone make them one patient's."""

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.evaluation.lesion_masks import without_masks
from engine.eyes.names import eye_name
from engine.images.beside import is_photograph
from engine.images.dicom.eye_facts import MOST

FOLDERS = 60
"""So many folders beside a photograph's own are looked into: more is an archive of patients."""

_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d[-_.]?[01]\d[-_.]?[0-3]\d(?!\d)")
_VISIT = re.compile(r"(?<![^\W\d_])(?:visit|visite|besuch|visita|v)[ _-]?\d{1,2}(?!\d)", re.I)
_GAPS = re.compile(r"[\W_]+")


def files_in(folders: Iterable[Path]) -> list[Path]:
    """The files in some folders, not further down; at most ``MOST`` in each."""
    found: list[Path] = []
    for folder in folders:
        try:
            with os.scandir(folder) as inside:
                # What a listing tells of itself: a network would be asked for each file anew.
                listed = sorted(inside, key=lambda each: each.name)[:MOST]
            found += [folder / each.name for each in listed if each.is_file()]
        except OSError:  # a folder that may be read only one file at a time
            continue
    return found


def photographs_in(folders: Iterable[Path]) -> list[Path]:
    """The photographs in some folders by their names, without masks of others among them."""
    return without_masks([path for path in files_in(folders) if is_photograph(path)])


def folders_beside(folder: Path) -> list[Path]:
    """A photograph's folder, and those beside it; itself alone where there are too many."""
    try:
        beside = [each for each in sorted(folder.parent.iterdir()) if each.is_dir()]
    except OSError:
        return [folder]
    beside = [each for each in beside if not each.name.startswith(".")]
    return beside if folder in beside and len(beside) <= FOLDERS else [folder]


def visit_folders(folder: Path) -> list[Path]:
    """The folders of one patient's visits, if they are named so: PATIENT/2021-04-04, PATIENT/V2.

    A photograph's folder alone where it is not named as a visit.
    """
    if not _names_a_visit(folder.name):
        return [folder]
    return [each for each in folders_beside(folder) if _names_a_visit(each.name)]


def tells_a_day(path: Path) -> bool:
    """Whether a file's name, or its folder's, has something like a date in it."""
    return bool(_DATE.search(path.name) or _DATE.search(path.parent.name))


def names_tell_one(photographs: Sequence[Path]) -> bool:
    """Whether names say that these are one patient's: they differ in eye, date and visit alone.

    Decided: pictures that are numbered through may be of as many people, and never count as one's.
    """
    return len({_without_visit(path) for path in photographs}) == 1


def _names_a_visit(name: str) -> bool:
    return bool(_DATE.search(name) or _VISIT.search(name))


def _without_visit(path: Path) -> str:
    """A name without what tells the eye, the date and the visit."""
    rest = eye_name(path.name).rest or path.stem.casefold()
    return _GAPS.sub(" ", _VISIT.sub(" ", _DATE.sub(" ", rest.replace("*", " ")))).strip()
