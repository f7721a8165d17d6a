"""How a table was parted into folds, sealed in the pack whose networks are the folds'.

A plan's seed parts patients alike only with the library that did it first: by another version a
fold's network might be given patients to tell that it has learnt from.
"""

import hashlib
from collections.abc import Sequence

from engine.packs.pack import Pack
from engine.training.lesion_pictures import Rows

FILE = "folds.sha256"
"""A line for each fold. Packs of before have none."""


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
