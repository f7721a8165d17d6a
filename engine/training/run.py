"""A run: a plan being carried out, in a folder that another process may read at any time."""

import json
import logging
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import msgspec

from engine import locks, runs
from engine.errors import Refusal
from engine.folders import reason, write_bytes

if TYPE_CHECKING:
    from torch import Tensor

    from engine.training.card import Held

_Record = TypeVar("_Record", bound=msgspec.Struct)

log = logging.getLogger(__name__)

_DIGITS = 7
"""Of the batches in a kept checkpoint's name; the paper's schedule has 350,000."""

_SEAL = "data.sha256"

KEPT = 2
"""Checkpoints of a part that are kept beside its best."""


class Run:
    """The run folder: ``plan.toml``, ``status.json``, ``metrics.jsonl``, ``checkpoints/``.

    ``status.json`` and checkpoints are written whole or not at all; ``metrics.jsonl`` is appended
    to, one row a moment.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checkpoints = folder / "checkpoints"

    @classmethod
    def begin(cls, folder: Path, plan: str, data: Path) -> "Run":
        """Make a run folder. Raises ``Refusal`` if there is a run in it."""
        run = cls(folder)
        run.check_not_begun()
        run.checkpoints.mkdir(parents=True, exist_ok=True)
        write_bytes(folder / "data.json", json.dumps(str(data)).encode())
        write_bytes(folder / "plan.toml", plan.encode())
        return run

    def check_not_begun(self) -> None:
        """Raise ``Refusal`` if there is a run in the folder."""
        if (self.folder / "plan.toml").exists():
            raise Refusal(
                "The run was not begun.",
                f"The folder {self.folder.name} holds a run already.",
                f"Go on with it: lesionlens resume {self.folder}",
            )

    @classmethod
    def open(cls, folder: Path) -> "Run":
        """An existing run. Raises ``Refusal`` if there is none."""
        for name in ("plan.toml", "data.json"):
            if not (folder / name).is_file():
                raise Refusal(
                    "There is no run to go on with.",
                    f"{folder.name} holds no {name}.",
                    "Name the folder that lesionlens train printed.",
                )
        return cls(folder)

    @property
    def data(self) -> Path:
        """The folder that the plan's data are relative to."""
        return Path(json.loads((self.folder / "data.json").read_text(encoding="utf-8")))

    def hold_to(self, fingerprint: str) -> None:
        """Let the run go on only with the data that it began with, told by their fingerprint.

        Raises ``Refusal`` if they changed: the pictures that were prepared would meet other grades.
        """
        if self._seal is None:
            write_bytes(self.folder / _SEAL, fingerprint.encode())
        elif not self.fits(fingerprint):
            raise Refusal(
                "The run cannot go on.",
                "Its grades or its photographs were changed since it began.",
                "Put back what was changed, or begin a new run.",
            )

    def fits(self, fingerprint: str) -> bool:
        """Whether data with this fingerprint are those that it began with, if that is known."""
        return self._seal in (None, fingerprint)

    @property
    def _seal(self) -> str | None:
        path = self.folder / _SEAL
        return path.read_text("utf-8") if path.exists() else None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the one process that carries the run out.

        Raises ``Refusal`` if another does, or if the disk cannot tell.
        """
        with (self.folder / "lock").open("wb") as lock:
            try:
                taken = _taken(lock)
            except OSError as fault:
                raise Refusal(
                    "The run cannot be carried out here.",
                    f"The disk of {self.folder} knows no locks: {reason(fault)}.",
                    "Name a run folder on another disk, one of this computer's own.",
                ) from fault
            if not taken:
                raise Refusal(
                    "The run is being carried out already.",
                    f"Another process works in {self.folder.name}.",
                    "Wait until it ends, or stop it first.",
                )
            yield

    def status(self) -> dict[str, Any]:
        """What ``tell`` wrote last; "begun" if nothing yet, "interrupted" without its process."""
        found: dict[str, Any] = msgspec.to_builtins(runs.status(self.folder))
        return found

    def tell(
        self,
        state: str,
        part: str,
        done: int,
        total: int,
        *,
        share: float = 0.0,
        what: str = "",
        said: str = "",
    ) -> None:
        """Write ``status.json``: ``done`` of ``total``, and the ``share`` of what is under way."""
        row = runs.Status(state, part, done, total, round(share, 4), _now(), what, said)
        write_bytes(self.folder / "status.json", msgspec.json.encode(row) + b"\n")

    def keep_facts(self, facts: runs.Facts) -> None:
        """Write what the run is made of."""
        self.keep("facts.json", facts)

    def keep_held(self, held: "Held") -> None:
        """Write which pass of the network ships and what it was measured on."""
        write_bytes(self.folder / "held.json", msgspec.json.encode(held))

    def keep(self, name: str, what: msgspec.Struct) -> None:
        """Write a record of the run as JSON, whole or not at all."""
        write_bytes(self.folder / name, msgspec.json.encode(what))

    def record(self, name: str, kind: type[_Record]) -> _Record:
        """What ``keep`` wrote. Raises ``Refusal`` if it is not there."""
        try:
            return msgspec.json.decode((self.folder / name).read_bytes(), type=kind)
        except (OSError, msgspec.MsgspecError) as fault:
            raise Refusal(
                "The run's record cannot be read.",
                f"{self.folder.name} holds no {name} of this version.",
                "Begin the run anew.",
            ) from fault

    def held_out(self) -> "Held | None":
        """What ``keep_held`` wrote; None for a cross-validation."""
        from engine.training.card import Held

        try:
            return msgspec.json.decode((self.folder / "held.json").read_bytes(), type=Held)
        except (OSError, msgspec.MsgspecError):
            return None

    def take_pack_back(self) -> None:
        """Remove the pack of a run that was stopped and goes on: its best pass makes another."""
        pack, gone = self.folder / "pack", self.folder / ".pack.gone"
        shutil.rmtree(gone, ignore_errors=True)
        if pack.exists():  # never half a pack, where it is killed here
            pack.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)

    def note(self, part: str, row: Mapping[str, Any]) -> None:
        """Append one row to ``metrics.jsonl``."""
        line = json.dumps({"time": _now(), "part": part, **row})
        with (self.folder / "metrics.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def rewind(self, part: str, passes: int) -> None:
        """Take the rows of passes after so many from ``metrics.jsonl``: they are trained again."""
        path = self.folder / "metrics.jsonl"
        if not path.exists():
            return
        kept: list[str] = []
        for line in reversed(path.read_text("utf-8").splitlines()):
            try:
                row = json.loads(line)
            except ValueError:
                continue  # the line that was being written when the run was killed
            if row["part"] == part and "restarted_with_gain" in row:
                passes = sys.maxsize  # what is before is another beginning, which ended by itself
            if row["part"] != part or row.get("pass", 0) <= passes:
                kept.append(f"{line}\n")
        write_bytes(path, "".join(reversed(kept)).encode())

    def save(self, part: str, passes: int, tensors: Mapping[str, "Tensor"], facts: Any) -> None:
        """Write a checkpoint of ``part`` after so many passes, and drop all but the newest two."""
        self._write(f"{part}-{passes:05d}", tensors, facts)
        for old in self._of(part)[:-KEPT]:
            old.unlink()

    def keep_step(self, part: str, step: int, tensors: Mapping[str, "Tensor"], facts: Any) -> None:
        """Write a checkpoint of ``part`` after so many batches, and never drop it."""
        self._write(f"{part}-step-{step:0{_DIGITS}d}", tensors, facts)

    def kept_steps(self, part: str) -> dict[int, Path]:
        """The checkpoints of ``part`` that were kept, by the batches before them, in order."""
        found = sorted(self.checkpoints.glob(f"{part}-step-{'[0-9]' * _DIGITS}.safetensors"))
        return {int(path.stem.rpartition("-")[2]): path for path in found}

    def save_best(self, part: str, tensors: Mapping[str, "Tensor"], facts: Any) -> None:
        """Write the best checkpoint of ``part``."""
        self._write(f"best-{part}", tensors, facts)

    def newest(self, part: str) -> tuple[dict[str, "Tensor"], Any] | None:
        """Tensors and facts of the newest whole checkpoint of ``part``.

        Where a pass ends with one that is kept, the one behind the pass is the newer.
        """
        last, kept = self._of(part)[-1:], [*self.kept_steps(part).values()][-1:]
        found = sorted(kept + last, key=lambda path: facts_of(path).get("batches", 0))
        return read_checkpoint(found[-1]) if found else None

    def best_file(self, part: str) -> Path:
        """Where the best checkpoint of ``part`` lies, once there is one."""
        return self.checkpoints / f"best-{part}.safetensors"

    def best(self, part: str) -> tuple[dict[str, "Tensor"], Any] | None:
        """Tensors and facts of the best checkpoint of ``part``."""
        path = self.best_file(part)
        return read_checkpoint(path) if path.exists() else None

    def forget(self, part: str) -> None:
        """Remove the checkpoints of ``part``, its best and its looks: it is started anew."""
        for old in (*self._of(part), *self.kept_steps(part).values()):
            old.unlink()
        self.best_file(part).unlink(missing_ok=True)
        if part == runs.PART:
            for look in (self.folder / runs.LOOKS).glob("[0-9]*.npy"):
                look.unlink()

    def _of(self, part: str) -> list[Path]:
        return sorted(self.checkpoints.glob(f"{part}-{'[0-9]' * 5}.safetensors"))

    def _write(self, name: str, tensors: Mapping[str, "Tensor"], facts: Any) -> None:
        from safetensors.torch import save

        content = save(
            {key: value.detach().cpu().contiguous() for key, value in tensors.items()},
            {"facts": json.dumps(facts)},
        )
        write_bytes(self.checkpoints / f"{name}.safetensors", content)


@dataclass(frozen=True)
class Candidate:
    """A checkpoint of a finished part, by the batches and passes before it."""

    path: Path
    batches: int
    passes: float


def candidates(run: Run, part: str) -> list[Candidate]:
    """The checkpoints of a finished part in order: those that were kept and the last.

    Of a part that kept none, the newest. Empty where the part was not trained.
    """
    rolling, kept = run._of(part), list(run.kept_steps(part).values())
    paths = [*kept, *rolling[-1:]] if kept else rolling
    found = {facts_of(path)["batches"]: path for path in paths}
    if not rolling:
        return []
    last = facts_of(rolling[-1])
    in_a_pass = last["batches"] / last["passes"]
    return [
        Candidate(path, batches, batches / in_a_pass) for batches, path in sorted(found.items())
    ]


def facts_of(checkpoint: Path) -> dict[str, Any]:
    """What a checkpoint says of itself."""
    from safetensors import safe_open

    with safe_open(checkpoint, framework="pt") as file:
        facts: dict[str, Any] = json.loads(file.metadata()["facts"])
        return facts


def read_checkpoint(checkpoint: Path) -> tuple[dict[str, "Tensor"], dict[str, Any]]:
    """A checkpoint's tensors and facts."""
    from safetensors import safe_open

    with safe_open(checkpoint, framework="pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    return tensors, facts_of(checkpoint)


def _taken(lock: BinaryIO) -> bool:
    """Whether the lock could be taken; who only looks whether it is held holds it a moment."""
    for _ in range(5):
        if locks.take(lock):
            return True
        time.sleep(0.05)
    return False


def listed(place: Path) -> list[Run]:
    """The runs in a folder, oldest first."""
    plans = sorted(place.glob("*/plan.toml"))  # packs have one, too
    return [Run(path.parent) for path in plans if path.with_name("data.json").is_file()]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
