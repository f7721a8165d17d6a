"""How a table was parted into folds, sealed in the run, and in a pack of the folds' networks.

A plan's seed parts patients alike only with the library that did it first: by another version a
fold's network might be given patients to tell that it has learnt from.
"""

import hashlib
from collections.abc import Sequence

from engine.errors import Refusal
from engine.folders import write_bytes
from engine.packs.pack import Pack
from engine.training.lesion_pictures import Rows
from engine.training.run import Run

FILE = "folds.sha256"
"""A line for each fold. Runs and packs of before have none."""


def seal(held_back: Sequence[Rows]) -> str:
    """What is kept of the rows that each fold holds back."""
    rows = (" ".join(map(str, sorted(held.tolist()))) for held in held_back)
    return "".join(f"{hashlib.sha256(each.encode()).hexdigest()}\n" for each in rows)


def sealed(pack: Pack) -> dict[str, str]:
    """The file of a pack that has one, by its name."""
    if FILE not in pack.manifest.files:
        return {}
    return {FILE: (pack.folder / FILE).read_text("utf-8")}


def fits(pack: Pack, held_back: Sequence[Rows]) -> bool:
    """Whether the pack's networks are of these folds, as far as it tells."""
    return sealed(pack).get(FILE, seal(held_back)) == seal(held_back)


def hold(run: Run, held_back: Sequence[Rows]) -> None:
    """Let a run go on only with the folds that it began with. Raises ``Refusal``."""
    if not began_with(run, held_back):
        raise Refusal(
            "The run cannot go on.",
            "This version of the program parts its patients otherwise than the one that began it: "
            "networks would be asked about patients that they have learnt from.",
            "Go on with the version that began it, or begin a new run.",
        )
    write_bytes(run.folder / FILE, seal(held_back).encode())


def began_with(run: Run, held_back: Sequence[Rows]) -> bool:
    """Whether these are the folds that a run began with, as far as it tells."""
    path = run.folder / FILE
    return not path.exists() or path.read_text("utf-8") == seal(held_back)
