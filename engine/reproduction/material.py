"""What a folder holds to learn from and to measure on: Kaggle, IDRiD, DiaretDB1, or drawn eyes."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import csv_rows
from engine.errors import Refusal
from engine.evaluation import lesion_sets
from engine.evaluation.lesion_truth import LesionSet
from engine.evaluation.photographs import by_name
from engine.phantoms import eye_files
from engine.task import Task
from engine.training import normalised
from engine.training.normalised import Pictures
from engine.training.patients import learnt_first

PHANTOMS = "phantoms"
"""In place of a folder: drawn eyes."""

REFERABLE_FROM = 2
HELD_BACK = 0.2
"""Of the photographs, by patient in the order of the file (METHODS Q3)."""

FEW = 5_000
"""decided: fewer photographs than this are shared out among three folds, each held back once."""

DRAWN_TESTS = 60
_DRAWN_TESTS_FROM = 50_000_000

_KAGGLE = ("image", "level")
_IDRID = ("image", "dr_grade")
_PATIENT = "patient_visit"

Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Learning:
    """Graded photographs, or drawn eyes. ``truth`` and ``patients`` are (n,).

    ``other`` is the row of the other eye, -1 where there is none. ``prepare(size, file, task)``
    brings them into the form of a network's input. ``held`` are the rows of the one fold, where
    they are not the last fifth. ``files`` (n,) are the photographs' names without their endings.
    """

    name: str
    truth: NDArray[np.bool_]
    patients: NDArray[np.str_]
    other: Rows
    fingerprint: str
    prepare: Callable[[int, Path, Task], Pictures]
    held: Rows | None = None
    files: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.truth)

    def folds(self, count: int, seed: int) -> tuple[Rows, ...]:
        """The rows that each fold holds back, patients whole.

        One fold holds back a fifth by patient in the order of the file (METHODS Q3), several share
        all rows. Raises ``Refusal`` if there are too few patients.
        """
        if count > 1:
            from engine.training.grades import Graded

            graded = Graded((Path(),) * len(self), self.truth, self.patients, self.fingerprint)
            return tuple(graded.folds(count, seed))
        if self.held is not None:
            return (self.held,)
        names = list(dict.fromkeys(self.patients.tolist()))
        kept = set(names[round(len(names) * (1 - HELD_BACK)) :])
        held = np.array([name in kept for name in self.patients.tolist()])
        for part in (held, ~held):
            if min(np.bincount(self.truth[part], minlength=2)) < 2:
                raise Refusal(
                    "The photographs cannot be parted.",
                    f"Of {len(names)} patients the part learnt from, or the part held back, has "
                    "fewer than two photographs of a class.",
                    "Add graded photographs.",
                )
        return (np.flatnonzero(held),)


@dataclass(frozen=True, eq=False)
class Material:
    """All that was found. ``patient_of`` has the patients of photographs with marked lesions."""

    learning: Learning | None
    test: Learning | None
    lesions: LesionSet | None
    lesions_name: str
    patient_of: Mapping[str, str]
    notes: tuple[str, ...]

    @property
    def drawn(self) -> bool:
        """Whether they are drawn eyes."""
        return self.learning is not None and self.learning.name == PHANTOMS


def drawn(eyes: int, seed: int, folder: Path, task: Task, tests: int = DRAWN_TESTS) -> Material:
    """Drawn eyes to learn from, and others with their lesions' masks, written into ``folder``."""
    seeds = range(seed * 1_000_000, seed * 1_000_000 + eyes)

    def prepare(size: int, file: Path, task: Task) -> Pictures:
        return normalised.phantoms(seeds, size, file, task)

    truth = np.array([normalised.severity(each) >= REFERABLE_FROM for each in seeds])
    # One in ten is held back, as where a plan begins on drawn eyes.
    held = np.random.default_rng([seed, 10]).random(eyes) < 0.1
    enough = min(np.bincount(truth[held], minlength=2)) >= 2
    learning = Learning(
        PHANTOMS,
        truth,
        np.array([str(each) for each in seeds]),
        np.full(eyes, -1),
        f"phantoms {seeds.start} to {seeds.stop}",
        prepare,
        np.flatnonzero(held) if enough else None,
    )
    folder.mkdir(parents=True, exist_ok=True)
    for number in task.over(range(tests), "Drawing eyes with their lesions", tests):
        name = folder / f"eye{number:03d}.png"
        # The truth is written last, so that a drawing cut short is drawn again.
        if not name.with_name(f"{name.stem}_truth.json").exists():
            eye_files.write(name, _DRAWN_TESTS_FROM + number)
    notes = ("Eyes and lesions are drawn; each eye stands alone, so there is no other eye.",)
    return Material(learning, None, lesion_sets.find(folder), f"{tests} drawn eyes", {}, notes)


def find(folder: Path) -> Material:
    """What ``folder`` and its subfolders hold. Raises ``Refusal`` if it is nothing of use."""
    if not folder.is_dir():
        raise Refusal(
            "Nothing was reproduced.",
            f"There is no folder {folder}.",
            f"Name a folder of data, or {PHANTOMS} for drawn eyes.",
        )
    notes: list[str] = []
    tables = _tables(folder)
    learning = _learning(tables, ("trainlabels.csv",), notes)
    test = _learning(tables, ("retinopathy_solution.csv", "testlabels.csv"), notes)
    lesions = _lesions(folder)
    if learning is None and lesions is None:
        raise Refusal(
            "Nothing was reproduced.",
            f"In {folder.name} lies neither a table of grades (trainLabels.csv, or columns image "
            "and dr_grade) nor a photograph with marked lesions.",
            f"Name a folder with Kaggle's, IDRiD's or DiaretDB1's layout, or {PHANTOMS}.",
        )
    patient_of = _whose(lesions[0], learning) if lesions else {}
    name = lesions[1] if lesions else ""
    return Material(learning, test, lesions[0] if lesions else None, name, patient_of, tuple(notes))


def _tables(folder: Path) -> list[Path]:
    return sorted((*folder.glob("*.csv"), *folder.glob("*/*.csv"), *folder.glob("*/*/*.csv")))


def _learning(tables: Sequence[Path], names: tuple[str, ...], notes: list[str]) -> Learning | None:
    """Kaggle's table of one of these names; for learning also any with columns as IDRiD's."""
    for path in tables:
        if path.name.lower() in names:
            return _kaggle(path, notes)
    if "trainlabels.csv" in names:
        for path in tables:
            if set(_IDRID) <= set(csv_rows.columns_of(path)):
                return _idrid(path, notes)
    return None


def _kaggle(path: Path, notes: list[str]) -> Learning:
    """image, level; 10_left and 10_right are the eyes of patient 10 (METHODS Q7.7)."""
    rows = _rows(path, _KAGGLE)
    names = [row["image"].strip() for row in rows]
    patients = [name.rpartition("_")[0] or name for name in names]
    return _photographs(path, rows, names, [row["level"] for row in rows], patients, notes)


def _idrid(path: Path, notes: list[str]) -> Learning:
    rows = _rows(path, _IDRID)
    names = [row["image"].strip() for row in rows]
    patients = [(row.get(_PATIENT) or "").strip() or f"alone {row['image']}" for row in rows]
    if _PATIENT not in rows[0]:
        notes.append(f"{path.name} names no patients: each photograph counts as one.")
    return _photographs(path, rows, names, [row["dr_grade"] for row in rows], patients, notes)


def _photographs(
    path: Path,
    table: csv_rows.Rows,
    names: Sequence[str],
    grades: Sequence[str],
    patients: Sequence[str],
    notes: list[str],
) -> Learning:
    """The photographs that lie beside a table or below it; the others are left out and counted."""
    there = by_name(file for file in path.parent.rglob("*") if file.is_file())
    # A copy of a photograph further below is not looked at.
    files = {name: min(found, key=lambda file: len(file.parts)) for name, found in there.items()}
    rows = [row for row, name in enumerate(names) if Path(name).stem in files or name in files]
    if len(rows) < len(names):
        notes.append(f"{path.name}: {len(names) - len(rows)} of {len(names)} are not there.")
    paths = [files.get(names[row]) or files[Path(names[row]).stem] for row in rows]
    wrong = [row for row in rows if grades[row].strip() not in {"0", "1", "2", "3", "4"}]
    if wrong or not rows:
        why = f"Line {table[wrong[0]].line} has the grade “{grades[wrong[0]]}”." if wrong else ""
        raise Refusal(
            f"The grades in {path.name} cannot be used.",
            why or "None of its photographs lies beside it or below.",
            "Mend the table, or put the photographs beside it.",
        )
    # Names and sizes: reading 88,702 photographs for their seal alone would take an hour.
    seal = hashlib.sha256(path.read_bytes())
    for file in paths:
        seal.update(f"{file.name} {file.stat().st_size}\n".encode())
    truth = np.array([int(grades[row]) >= REFERABLE_FROM for row in rows])
    people = np.array([patients[row] for row in rows])

    def prepare(size: int, file: Path, task: Task) -> Pictures:
        return Pictures(normalised.photographs(paths, size, file, task), truth)

    name = f"{path.parent.name}/{path.name}"
    stems = tuple(file.stem for file in paths)
    return Learning(
        name, truth, people, _other_eyes(people), seal.hexdigest(), prepare, files=stems
    )


def _other_eyes(patients: NDArray[np.str_]) -> Rows:
    """decided: where a patient has exactly two photographs, each is the other eye's."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, patient in enumerate(patients.tolist()):
        rows[patient].append(row)
    other = np.full(len(patients), -1)
    for pair in rows.values():
        if len(pair) == 2:
            other[pair] = pair[::-1]
    return other


def _lesions(folder: Path) -> tuple[LesionSet, str] | None:
    """The set of marked lesions in one of the subfolders, or in the folder itself."""
    found: list[tuple[LesionSet, str]] = []
    children = sorted(path for path in folder.iterdir() if path.is_dir())
    for path in (*children, folder):
        if path == folder and found:
            break
        try:
            found.append((lesion_sets.find(path), path.name))
        except Refusal:
            continue
    return max(found, key=lambda each: len(each[0].pictures)) if found else None


def _whose(lesions: LesionSet, learning: Learning | None) -> dict[str, str]:
    told = patients_of(lesions)
    if learning is None:
        return told
    learnt = zip(learning.files, learning.patients.tolist(), strict=True)
    return learnt_first(lesions.pictures, told, learnt)


def patients_of(lesions: LesionSet, column: str = _PATIENT) -> dict[str, str]:
    """Whose the photographs with marked lesions are, by name, from tables beside or above them."""
    names = {picture.name for picture in lesions.pictures}
    parents = {picture.photograph.parent for picture in lesions.pictures}
    known: dict[str, str] = {}
    for parent in sorted(parents | {path.parent for path in parents}):
        for path in sorted(parent.glob("*.csv")):
            if {"image", column} <= set(csv_rows.columns_of(path)):
                rows = _rows(path, ("image", column))
                known |= {Path(row["image"].strip()).stem: row[column].strip() for row in rows}
    return {name: known[name] for name in names if known.get(name)}


def _rows(path: Path, columns: Iterable[str]) -> csv_rows.Rows:
    read, _ = csv_rows.read(path, f"The table {path.name}", "Copy it again from its source.")
    rows = [
        csv_rows.Row({key: value or "" for key, value in row.items()}, row.line) for row in read
    ]
    missing = [column for column in columns if rows and column not in rows[0]]
    if missing or not rows:
        raise Refusal(
            f"The table {path.name} cannot be used.",
            f"The column {missing[0]} is missing." if missing else "It has no row.",
            "Copy it again from its source.",
        )
    return rows
