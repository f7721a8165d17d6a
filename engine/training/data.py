"""Pictures to train on, from a folder by class or a table, checked before any training.

What cannot be trained on is left out and named: files that are no photograph, and pictures that
are there twice. What would make the training worthless is refused.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine import own_mark
from engine.errors import Refusal
from engine.images import not_read
from engine.images.beside import is_photograph
from engine.images.photograph import identify
from engine.runs import Check, FoundClass, LeftOut
from engine.task import Task
from engine.telling import words
from engine.training import grades, tables
from engine.training.class_names import referable_by_name
from engine.training.grades import Graded
from engine.training.patients import shared_depth, shared_folder, told_patient, uncopied
from engine.training.plan import Data

LEAST_PATIENTS = 8
"""Of each class. decided: a quarter is held out, and two are the fewest that A_z takes."""
FEW_PICTURES = 100
"""Of each class, below which a warning is given."""
MOST_CLASSES = 20
MOST_OF_ONE = 20
"""Pictures of one patient, beyond which it is asked whether they are. decided: both eyes at ten
visits."""


@dataclass(frozen=True)
class Picture:
    """One picture: its file, its class, and its patient.

    ``told`` is empty where neither the table nor a name tells the patient: then it is one of its
    own.
    """

    path: Path
    name: str
    label: str
    told: str

    @property
    def patient(self) -> str:
        """What counts as its patient."""
        return self.told or self.path.stem


@dataclass(frozen=True, eq=False)
class Gathered:
    """Pictures that can be trained on, and what was left out.

    ``table`` is the CSV's name, and ``patient_column`` its column that tells the patients.
    """

    pictures: tuple[Picture, ...]
    seals: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    classes: tuple[str, ...]
    table: str = ""
    patient_column: str = ""

    def graded(self, referable: dict[str, bool]) -> Graded:
        """The pictures with what each class means."""
        seal = hashlib.sha256()
        for picture, content in zip(self.pictures, self.seals, strict=True):
            seal.update(f"{picture.name}\0{referable[picture.label]:d}\0{content}\n".encode())
        return Graded(
            tuple(picture.path for picture in self.pictures),
            np.array([referable[picture.label] for picture in self.pictures], bool),
            np.array([picture.patient for picture in self.pictures]),
            seal.hexdigest(),
            bool(self.patient_column),
        )


def read(folder: Path, data: Data, task: Task) -> tuple[Graded, tuple[LeftOut, ...]]:
    """The pictures that a plan with a held-out part names, and what was left out.

    Raises ``Refusal`` and ``Cancelled``.
    """
    gathered = gather(folder, task, data.grades, data.patient)
    meaning = dict(data.classes) or {
        name: int(name) >= data.referable_from for name in gathered.classes
    }
    unknown = [name for name in gathered.classes if name not in meaning]
    if unknown:
        raise Refusal(
            "The pictures cannot be trained on.",
            f"The plan does not say whether the class {unknown[0]} is referable.",
            "Name it in the plan's data.classes.",
        )
    found = check(folder, gathered, meaning)
    if found.refusal:
        raise refusal_of(found)
    return gathered.graded(meaning), gathered.left_out


def check_folder(folder: Path, referable: Sequence[str], task: Task) -> Check:
    """What a folder by class, or one with a table of grades, holds; never a training.

    ``referable`` names the classes that are; none of them lets the names tell. Raises
    ``Refusal`` where there is nothing to be checked, and ``Cancelled``.
    """
    gathered = gather(folder, task)
    return check(folder, gathered, meaning_of(gathered, referable))


def meaning_of(gathered: Gathered, referable: Sequence[str]) -> dict[str, bool] | None:
    """For each class whether it is referable, as was said or as names tell.

    None where they do not. Raises ``Refusal`` where a class that was named is not there.
    """
    if not referable:
        return referable_by_name(gathered.classes)
    strange = [name for name in referable if name not in gathered.classes]
    if strange:
        raise Refusal(
            f"There is no class {strange[0]}.",
            f"The classes found are {', '.join(gathered.classes)}.",
            "Name one or more of these.",
        )
    return {name: name in referable for name in gathered.classes}


def check(folder: Path, gathered: Gathered, meaning: dict[str, bool] | None) -> Check:
    """The check of what was gathered; ``meaning`` is None while nobody has said what is what."""
    pictures = gathered.pictures
    counts = Counter(picture.label for picture in pictures)
    classes = tuple(
        FoundClass(name, counts[name], None if meaning is None else meaning[name])
        for name in gathered.classes
    )
    patients = {picture.patient for picture in pictures}
    refusal, warnings = "", []
    if meaning is not None:
        refusal = _too_few(gathered, meaning)
        if refusal and gathered.left_out:
            reasons = [f"{each.name}: {each.why}" for each in gathered.left_out]
            refusal = f"{refusal} Left out: {words.first_sentences(reasons)}"
        with_ = sum(meaning[picture.label] for picture in pictures)
        without = len(pictures) - with_
        if not refusal and min(with_, without) < FEW_PICTURES:
            warnings.append(
                f"{with_} pictures are referable and {without} are not. With fewer than "
                f"{FEW_PICTURES} of each a network learns little, and its figures have wide "
                "intervals."
            )
    if len(patients) == len(pictures) and not gathered.patient_column:
        warnings.append(
            "No name tells which pictures are of one patient, so each counts as a patient of its "
            "own. Names such as 12_left and 12_right, or a subfolder a patient, would tell."
        )
    most = max(Counter(picture.patient for picture in pictures).values(), default=0)
    if not refusal and most > MOST_OF_ONE:
        warnings.append(_taken_for_one(pictures, gathered))
    if gathered.left_out:
        count = len(gathered.left_out)
        warnings.append(f"{count} {'file was' if count == 1 else 'files were'} left out.")
    warnings += own_mark.left_out(sum(each.why == own_mark.WHY for each in gathered.left_out))
    return Check(
        str(folder),
        classes,
        len(pictures),
        0 if meaning is None else sum(meaning[picture.label] for picture in pictures),
        len(patients),
        gathered.left_out,
        tuple(warnings),
        refusal,
        gathered.table,
        gathered.patient_column,
    )


def refusal_of(found: Check) -> Refusal:
    """What stands in the way, as a refusal."""
    return Refusal(
        "The pictures cannot be trained on.",
        found.refusal,
        "Add pictures of other patients, or sort them into other classes.",
    )


def gather(folder: Path, task: Task, table: str = "", patient: str = "") -> Gathered:
    """Find the pictures of ``folder``, its CSV's or its subfolders', and look at each file.

    ``table`` and its column ``patient``, empty for none, are looked for where no table is named.
    Of pictures with the same bytes the first whose patient is told is kept, or the first; in two
    classes, or of two patients, none is.
    Raises ``Refusal`` and ``Cancelled``.
    """
    if not table:
        table = tables.table_in(folder)
        patient = tables.patient_column(folder / table) if table else ""
    left_out: list[LeftOut] = []
    found = _by_table(folder / table, patient) if table else _by_class(folder, left_out)
    seals: list[str] = []
    readable: list[Picture] = []
    for picture in task.over(found, "Looking at the pictures", len(found)):
        if own_mark.is_on(picture.path):
            left_out.append(LeftOut(picture.name, own_mark.WHY))
            continue
        try:
            seals.append(identify(picture.path))
            readable.append(picture)
        except Refusal as refusal:
            left_out.append(LeftOut(picture.name, refusal.why))
    kept = _without_doubles(readable, seals, left_out, by_names=not patient)
    classes = sorted({picture.label for picture in found})
    return Gathered(
        tuple(readable[row] for row in kept),
        tuple(seals[row] for row in kept),
        tuple(left_out),
        tuple(classes),
        table,
        patient,
    )


def _by_table(path: Path, column: str) -> list[Picture]:
    rows = grades.table(path, column)
    pictures = [row.picture for row in rows]
    depth = shared_depth({path.parent: pictures})
    inside = shared_folder(pictures, path.parent, depth) if pictures else path.parent
    return [
        Picture(
            row.picture,
            row.name,
            str(row.grade),
            row.patient or told_patient(row.picture, inside),
        )
        for row in rows
    ]


def _by_class(folder: Path, left_out: list[LeftOut]) -> list[Picture]:
    """The pictures of the classes; their other files are told in ``left_out``."""
    classes = _subfolders(folder)
    found = {}
    for each in classes:
        lying = sorted(path for path in each.rglob("*") if _is_file(path, folder))
        if files := [path for path in lying if is_photograph(path)]:
            found[each.name] = (each, files)
            left_out += [
                LeftOut(path.relative_to(folder).as_posix(), not_read.why(path))
                for path in lying
                if not is_photograph(path)
            ]
    if len(found) < 2:
        raise tables.why_none(folder) or Refusal(
            f"“{folder.name}” is not sorted by class.",
            f"It takes a subfolder with pictures for each class, and there "
            f"{'is one' if len(found) == 1 else 'is none'}.",
            "Make one subfolder for each class, such as normal and disease, or 0 to 4.",
        )
    if len(found) > MOST_CLASSES:
        raise Refusal(
            f"“{folder.name}” is not sorted by class.",
            f"It has {len(found)} subfolders with pictures; at most {MOST_CLASSES} can be classes.",
            "Name a folder whose subfolders are classes.",
        )
    depth = shared_depth(dict(found.values()))
    pictures = []
    for label, (inside, files) in found.items():
        pictures += [
            Picture(
                path,
                path.relative_to(folder).as_posix(),
                label,
                told_patient(path, shared_folder(files, inside, depth)),
            )
            for path in files
        ]
    return pictures


def _subfolders(folder: Path) -> list[Path]:
    try:
        return sorted(
            path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")
        )
    except OSError as fault:
        raise Refusal(
            f"“{folder.name}” cannot be looked at.",
            "It is no folder, or you may not read it.",
            "Name a folder with a subfolder for each class.",
        ) from fault


def _is_file(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return not hidden and path.is_file()


def _without_doubles(
    pictures: Sequence[Picture],
    seals: Sequence[str],
    left_out: list[LeftOut],
    *,
    by_names: bool,
) -> list[int]:
    """The rows that stay; those that go are told in ``left_out``.

    Where patients are told ``by_names``, a copy beside its photograph is the same patient's.
    """
    same: dict[str, list[int]] = defaultdict(list)
    for row, seal in enumerate(seals):
        same[seal].append(row)
    gone: set[int] = set()
    for rows in same.values():
        labels = sorted({pictures[row].label for row in rows})
        owners = _without_copies(rows, pictures) if by_names else rows
        told = [row for row in owners if pictures[row].told]
        patients = sorted({pictures[row].told for row in told})
        # Else the other eye of who is told would count as another patient's.
        kept = (told or owners)[0]
        why = f"It is the same picture as {pictures[kept].name}."
        goes = [row for row in rows if row != kept]
        if len(labels) > 1:
            why, goes = f"The same picture lies in {' and '.join(labels)}.", rows
        elif len(patients) > 1:
            why = f"The same picture counts as several patients': {' and '.join(patients)}."
            goes = rows
        gone.update(goes)
        left_out += [LeftOut(pictures[row].name, why) for row in goes]
    return [row for row in range(len(pictures)) if row not in gone]


def _without_copies(rows: Sequence[int], pictures: Sequence[Picture]) -> list[int]:
    """Of rows with the same bytes, one of each photograph and its copies: the shortest name."""
    found: dict[tuple[Path, str], int] = {}
    for row in sorted(rows, key=lambda row: len(pictures[row].path.stem)):
        found.setdefault(uncopied(pictures[row].path), row)
    return sorted(found.values())


def _too_few(gathered: Gathered, meaning: dict[str, bool]) -> str:
    for label in (True, False):
        pictures = [each for each in gathered.pictures if meaning[each.label] is label]
        found = {picture.patient for picture in pictures}
        if len(found) < LEAST_PATIENTS:
            patients = "patient is" if len(found) == 1 else "patients are"
            said = (
                f"{len(found)} {patients} {_word(label)}; {LEAST_PATIENTS} are needed, so that "
                "some can be held out."
            )
            return " ".join(filter(None, (said, _taken_for_one(pictures, gathered))))
    return ""


def _taken_for_one(pictures: Sequence[Picture], gathered: Gathered) -> str:
    """What made several of these pictures one patient's, by the largest, and how to say otherwise.

    Empty where each counts as a patient.
    """
    counts = Counter(picture.patient for picture in pictures)
    patient, count = max(counts.items(), key=lambda each: each[1], default=("", 0))
    if count < 2:
        return ""
    here = f"here {patient} with {count} of these pictures"
    table, column = gathered.table, gathered.patient_column
    if column:
        return f"Patients are told by the column {column} of {table}, {here}."
    tell = f"name the patients in a column patient of {table}"
    if not table:
        tell = "name the patients in a table with the columns image, dr_grade and patient"
    if any(patient in Path(each.name).parts[:-1] for each in pictures if each.patient == patient):
        return (
            f"A subfolder counts as one patient, {here}. Where it is a site or a day, give each "
            f"patient a subfolder in its place, or {tell}."
        )
    return (
        "Names that differ in the eye, or have one patient's number, count as one patient, "
        f"{here}. Where they are of several, {tell}."
    )


def _word(label: bool) -> str:
    return "referable" if label else "not referable"
