"""Whether an answer is about a photograph that its pack learnt from, and so says more than it can.

At the input that the networks were given: half a millisecond beside an answer of half a second.
"""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from engine.packs import learnt_from
from engine.packs.pack import Pack, load_sealed
from engine.preparation import likeness
from engine.preparation.likeness import Likenesses

if TYPE_CHECKING:
    from engine.preparation.fundus import PreparedFundus


def warnings(pack: Pack, prepared: "PreparedFundus") -> tuple[str, ...]:
    """What is said of a photograph that the pack learnt from, or was chosen on; else nothing.

    The pack is named: a reader has another's answer beside this one. Raises ``Refusal`` as
    ``learnt_from.of``.
    """
    among = _among(pack.folder, pack.sha256)
    if among is None or not likeness.seen(likeness.of_prepared(prepared), among):
        return ()
    how = "learnt from" if pack.manifest.held is None else "learnt from, or was chosen on,"
    return (
        f"The pack {pack.manifest.name} {how} this photograph, told by how it looks: "
        "this answer flatters the pack.",
    )


@lru_cache(maxsize=8)
def _among(folder: Path, sha256: str) -> Likenesses | None:
    """What a pack learnt from, kept for the next photograph. ``sha256`` keys its content."""
    return learnt_from.of(load_sealed(folder, sha256))
