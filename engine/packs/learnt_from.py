"""Which photographs a pack learnt from or was chosen on, to tell where it is judged on them.

A pack holds the likeness of each, from which no photograph can be made, and where it answers with a
network of each fold, which of them has not seen it. Those that ship were sealed without: theirs lie
beside them, under the seal of what they learnt from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from engine.errors import Refusal
from engine.packs.pack import Pack
from engine.preparation.likeness import BYTES, Likenesses

FILE = "photographs.txt"
"""A line for each photograph, its likeness in hexadecimal digits, and the number of the fold that
held it back, from 0, where there are folds. Packs of before have none."""
_UNTOLD = -1


@dataclass(frozen=True, eq=False)
class LearntFrom:
    """Likenesses (n, 64) of photographs, and the fold (n,) that held each back, -1 if untold."""

    likenesses: Likenesses
    folds: NDArray[np.intp]


def text(likenesses: Likenesses, held_back: Sequence[NDArray[np.intp]] = ()) -> str:
    """What is kept of likenesses (n, 64): each once, in no order of the table's.

    ``held_back`` are the rows of each fold.
    """
    fold_of = {row: f" {fold}" for fold, rows in enumerate(held_back) for row in rows.tolist()}
    lines = {f"{each.tobytes().hex()}{fold_of.get(row, '')}" for row, each in enumerate(likenesses)}
    return "".join(f"{line}\n" for line in sorted(lines))


def sealed(pack: Pack) -> dict[str, str]:
    """The file of a pack that has one, by its name."""
    if FILE not in pack.manifest.files:
        return {}
    return {FILE: (pack.folder / FILE).read_text("ascii")}


def of(pack: Pack) -> LearntFrom | None:
    """What a pack learnt from; None where that is not known.

    Raises ``Refusal`` if its file holds anything else.
    """
    try:
        lines = (sealed(pack).get(FILE) or _beside(pack.manifest.data.fingerprint)).splitlines()
        if not lines:
            return None
        told = [line.partition(" ") for line in lines]
        likenesses = b"".join(bytes.fromhex(digits) for digits, _, _ in told)
        folds = [int(fold) if fold else _UNTOLD for _, _, fold in told]
        return LearntFrom(
            np.frombuffer(likenesses, np.uint8).reshape(-1, BYTES), np.array(folds, np.intp)
        )
    except ValueError as fault:
        raise Refusal(
            f"The pack {pack.manifest.name} cannot be used.",
            f"{FILE} should tell which photographs it learnt from, and does not.",
            "Fetch the pack again from where it came from.",
        ) from fault


def _beside(fingerprint: str) -> str:
    for file in (resources.files("resources") / "learnt_from").iterdir():
        if file.name == f"{fingerprint}.txt":
            return file.read_text("ascii")
    return ""
