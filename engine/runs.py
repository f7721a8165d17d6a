"""What training tells whoever watches: the check of its pictures, a run's state, passes and looks.

A run is a folder that its own process writes; whatever is read here may be a moment old, and is
never half a file. ``docs/training.md`` says what lies in the folder.
"""

import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
from msgspec import Struct

from engine import locks

STOP, PAUSE = "stop", "pause"
"""Files by which a person asks something of a run that goes on."""

_STAMP = "%Y%m%d-%H%M%S"
"""UTC, so that runs sort as they were begun wherever that was."""

LOOKS = "looks"
"""The folder of the pinned pictures and their heatmaps."""

PART = "network"
"""The part whose passes are watched: the network that ships."""

IN_FOLDS = ("fold-", "all")
"""How the parts of a cross-validation begin."""

OUT_OF_FOLD = "out of fold"
"""The part whose row tells what a cross-validation came to."""


class FoundClass(Struct, frozen=True):
    """A class of pictures; ``referable`` is None where its name does not tell."""

    name: str
    pictures: int
    referable: bool | None


class LeftOut(Struct, frozen=True):
    """A picture that is not trained on, and why."""

    name: str
    why: str


class Check(Struct, frozen=True):
    """What was found in a folder by class, or in a table of grades, before any training.

    ``pictures`` and ``patients`` count what can be trained on. ``refusal`` is what stands in the
    way, whole sentences, empty if nothing does; ``warnings`` what does not. ``patient_column`` is
    the table's that tells the patients.
    """

    folder: str
    classes: tuple[FoundClass, ...]
    pictures: int
    referable: int
    patients: int
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()
    refusal: str = ""
    table: str = ""
    patient_column: str = ""

    @property
    def undecided(self) -> bool:
        """Whether somebody must say which classes are referable."""
        return any(each.referable is None for each in self.classes)


class Pass(Struct, frozen=True, rename={"number": "pass"}):
    """One pass over the pictures, as a row of ``metrics.jsonl`` tells it.

    ``error`` is the mean squared error on the pictures that are learnt from, ``held_error`` on
    those held out, ``area`` A_z on the latter between ``area_low`` and ``area_high``.
    """

    number: int
    error: float
    held_error: float | None = None
    area: float | None = None
    area_low: float | None = None
    area_high: float | None = None
    held_spread: float | None = None
    """Standard deviation of the answers to those held out."""
    seconds: float = 0.0


class Measured(Struct, frozen=True):
    """What a cross-validation came to, on pictures that the telling network had not learnt from.

    ``figure`` is A_z, of stages the quadratic kappa; ``guess`` is what one answer to all has.
    """

    figure: str
    value: float
    interval: tuple[float, float]
    guess: float
    level: float = 0.95


def of_area(area: float, interval: Sequence[float]) -> Measured:
    """A_z, with its 95 % interval."""
    return Measured("A_z", area, (interval[0], interval[1]), 0.5)


def of_stages(kappa: float, interval: Sequence[float]) -> Measured:
    """The quadratic kappa of stages, with its 95 % interval."""
    return Measured("quadratic kappa", kappa, (interval[0], interval[1]), 0.0)


class Status(Struct, frozen=True):
    """Where a run stands. ``said`` is why it ended, where there is more to say than its state."""

    state: str = "begun"
    part: str = ""
    done: int = 0
    total: int = 0
    share: float = 0.0
    """Of the pass under way."""
    time: str = ""
    what: str = ""
    said: str = ""

    @property
    def going_on(self) -> bool:
        """Whether a process works on it."""
        return self.state in ("running", "paused", "stopping")


class Facts(Struct, frozen=True):
    """What a run is made of, written once its pictures are prepared."""

    title: str = ""
    network: str = ""
    size: int = 0
    passes: int = 0
    nu: float = 0.0
    fitting: int = 0
    held_out: int = 0
    held_referable: int = 0
    patients: int = 0
    held_patients: int = 0
    pictures_as_patients: bool = False
    """Whether no name told of a patient with several pictures."""
    left_out: tuple[LeftOut, ...] = ()
    device: str = ""
    started: str = ""
    level: float = 0.95
    """Of the interval of A_z."""


class Pinned(Struct, frozen=True):
    """A held-out picture whose heatmaps are kept."""

    name: str
    referable: bool


@dataclass(frozen=True)
class Seen:
    """A run as it was found: ``passes`` of the network that ships, ``looks`` the passes behind
    which heatmaps were kept; ``shippable`` when a pack lies in it; ``measured`` in folds alone.
    ``shipped`` is the name and version that this pack was shipped under last, empty if it was not.
    """

    folder: Path
    status: Status
    facts: Facts
    passes: tuple[Pass, ...]
    looks: tuple[int, ...]
    pinned: tuple[Pinned, ...]
    shippable: bool
    measured: Measured | None = None
    shipped: str = ""

    @property
    def best(self) -> Pass | None:
        """The pass that is kept: the largest A_z, of equal ones that of the smaller error."""
        watched = [each for each in self.passes if each.area is not None]
        return max(watched, key=worth, default=None)

    @property
    def in_folds(self) -> bool:
        """Whether it is a cross-validation, as far as it tells yet."""
        return self.measured is not None or self.status.part.startswith(IN_FOLDS)

    @property
    def seconds_left(self) -> float | None:
        """As long as the passes so far took, for those to come; None before the first."""
        taken = [each.seconds for each in self.passes[-5:] if each.seconds]
        if not taken or self.status.part != PART or not self.status.going_on:
            return None
        return median(taken) * (self.facts.passes - len(self.passes) - self.status.share)


def worth(each: Pass) -> tuple[float, float]:
    """What makes one pass better than another."""
    return each.area or 0.0, -(each.held_error or 0.0)


def see(folder: Path) -> Seen:
    """Read a run's folder; what is not there yet is empty."""
    rows = passes(folder)
    looks = sorted(int(path.stem) for path in (folder / LOOKS).glob("[0-9]*.npy"))
    return Seen(
        folder,
        status(folder),
        _read(folder / "facts.json", Facts) or Facts(),
        rows,
        # Behind a kill the run goes on from an earlier pass: later looks are taken again.
        tuple(number for number in looks if number <= len(rows)),
        _read(folder / LOOKS / "pinned.json", tuple[Pinned, ...]) or (),
        (folder / "pack" / "manifest.json").is_file(),
        _measured(folder),
        _shipped(folder),
    )


def status(folder: Path) -> Status:
    """What the run wrote last; "begun" if nothing yet, "interrupted" without its process."""
    found = _read(folder / "status.json", Status) or Status()
    if not found.going_on:
        return found
    if not is_held(folder):
        # It may have ended between the two looks.
        again = _read(folder / "status.json", Status) or found
        return msgspec.structs.replace(again, state="interrupted") if again.going_on else again
    for asked, state in ((STOP, "stopping"), (PAUSE, "paused")):
        if (folder / asked).exists():
            return msgspec.structs.replace(found, state=state)
    return found


def passes(folder: Path, part: str = PART) -> tuple[Pass, ...]:
    """The passes of one part since it began, or began again."""
    found: list[Pass] = []
    for row in _rows(folder, part):
        if "restarted_with_gain" in row:
            found.clear()
        elif "pass" in row:
            found.append(msgspec.convert(row, Pass))
    return tuple(found)


def _shipped(folder: Path) -> str:
    made = _written_at(folder / "pack" / "manifest.json")
    found = [(_written_at(path), path.parent) for path in folder.glob("shipped/*/manifest.json")]
    # A run that went on after it was shipped has made another pack since.
    since = [each for each in found if made and each[0] >= made]
    return max(since)[1].name.replace("@", " ") if since else ""


def _written_at(path: Path) -> int:
    """When a file was written, nanoseconds; 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _measured(folder: Path) -> Measured | None:
    rows = _rows(folder, OUT_OF_FOLD)
    if not rows:
        return None
    if "area" in rows[-1]:
        return of_area(rows[-1]["area"], rows[-1]["interval"])
    told = rows[-1]["tellers"][0]["figures"]  # both heads together, as the pack answers
    return of_stages(told["quadratic_kappa"], told["kappa_interval"])


def _rows(folder: Path, part: str) -> list[dict[str, Any]]:
    """The rows of one part in ``metrics.jsonl``, oldest first."""
    try:
        lines = (folder / "metrics.jsonl").read_text("utf-8").splitlines()
    except OSError:
        return []
    found: list[dict[str, Any]] = []
    for line in lines:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue  # the line that is being written
    return [row for row in found if row.get("part") == part]


def is_held(folder: Path) -> bool:
    """Whether a process carries the run out."""
    try:
        lock = (folder / "lock").open("rb")
    except OSError:
        return False
    with lock:
        try:
            return not locks.take(lock)
        except OSError:
            return True  # where the disk knows no locks, a run's own word has to do


def ask(folder: Path, what: str) -> None:
    """Ask a run for ``STOP`` or ``PAUSE``."""
    (folder / what).touch()


def take_back(folder: Path, what: str) -> None:
    """Ask for it no more."""
    (folder / what).unlink(missing_ok=True)


def folder_for(place: Path, name: str) -> Path:
    """A new folder's path for a run of this name, and of now by the clock that ``begun`` tells."""
    return place / f"{name}-{time.strftime(_STAMP, time.gmtime())}"


def begun(folder: Path) -> tuple[str, datetime] | None:
    """What ``folder_for`` made the folder's name of, the time local; None of another name."""
    name, _, clock = folder.name.rpartition("-")
    name, _, day = name.rpartition("-")
    try:
        at = datetime.strptime(f"{day}-{clock}", _STAMP)
    except ValueError:
        return None
    return name, at.replace(tzinfo=UTC).astimezone()


def listed(runs: Path) -> list[Path]:
    """The runs in a folder, by the time they were begun at, oldest first."""
    found = [path.parent for path in runs.glob("*/status.json")]
    return sorted(found, key=lambda path: path.name[-15:])


def is_in_vain(folder: Path) -> bool:
    """Whether a run was refused, and it has neither a pack nor what it could go on with."""
    kept = (each for part in ("checkpoints", "pack") for each in (folder / part).glob("*"))
    return status(folder).state == "refused" and not any(kept)


def forget_refused(place: Path) -> None:
    """Remove what is left of runs in a folder that were refused, and had learnt nothing."""
    for folder in listed(place):
        if is_in_vain(folder) and not is_held(folder):
            shutil.rmtree(folder, ignore_errors=True)


def rounds_for(pictures: int) -> int:
    """The rounds of a quick plan: few pictures make few steps a round, and want more of them.

    decided: about 500 steps of 9 pictures, three quarters of them learnt from, between 30 and 100.
    """
    return min(max(round(6000 / max(pictures, 1)), 30), 100)


def _read(path: Path, kind: Any) -> Any:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError):
        return None
