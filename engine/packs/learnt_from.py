"""Which photographs a pack learnt from or was chosen on, to tell where it is judged on them.

A pack holds the likeness of each, from which no photograph can be made. Those that ship were sealed
without: theirs lie beside them, under the seal of what they learnt from.
"""

from importlib import resources

import numpy as np

from engine.errors import Refusal
from engine.packs.pack import Pack
from engine.preparation.likeness import BYTES, Likenesses

FILE = "photographs.txt"
"""A line for each photograph, its likeness in hexadecimal digits. Packs of before have none."""


def text(likenesses: Likenesses) -> str:
    """What is kept of likenesses (n, 64): each once, in no order of the table's."""
    return "".join(f"{line}\n" for line in sorted({each.tobytes().hex() for each in likenesses}))


def sealed(pack: Pack) -> dict[str, str]:
    """The file of a pack that has one, by its name."""
    if FILE not in pack.manifest.files:
        return {}
    return {FILE: (pack.folder / FILE).read_text("ascii")}


def of(pack: Pack) -> Likenesses | None:
    """The likenesses (n, 64) of what a pack learnt from; None where that is not known.

    Raises ``Refusal`` if its file holds anything else.
    """
    try:
        lines = sealed(pack).get(FILE) or _beside(pack.manifest.data.fingerprint)
        found = [bytes.fromhex(line) for line in lines.split()]
        return np.frombuffer(b"".join(found), np.uint8).reshape(-1, BYTES) if found else None
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
