"""What must be known of the pack beside its answer about this photograph.

That it learnt from it is told at the input that the networks were given: half a millisecond beside
an answer of half a second.
"""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from engine.packs import learnt_from, seals
from engine.packs.pack import Pack, load_sealed
from engine.preparation import likeness

if TYPE_CHECKING:
    from engine.preparation.fundus import PreparedFundus
    from engine.preparation.likeness import Likenesses


def of(pack: Pack, prepared: "PreparedFundus") -> tuple[str, ...]:
    """That it has a name that is not its own, and that it learnt from this photograph.

    The pack is named: a reader has another's answer beside this one. Raises ``Refusal`` as
    ``learnt_from.of``.
    """
    return _named_alike(pack) + _learnt(pack, prepared)


def _named_alike(pack: Pack) -> tuple[str, ...]:
    """decided: of another version it is no refusal, for older ones of ours go on being read."""
    name = pack.manifest.name
    if seals.is_of_shipped(pack.sha256) or not seals.is_name_of_shipped(name):
        return ()
    return (
        f"This is not the {name} that comes with LesionLens but another pack of that name, version "
        f"{pack.manifest.version}, whose seal is {pack.sha256[:12]}.",
    )


def _learnt(pack: Pack, prepared: "PreparedFundus") -> tuple[str, ...]:
    among = _among(pack.folder, pack.sha256)
    if among is None or not likeness.alike(likeness.of_prepared(prepared), among).any():
        return ()
    how = "learnt from" if pack.manifest.held is None else "learnt from, or was chosen on,"
    return (
        f"The pack {pack.manifest.name} {how} this photograph, told by how it looks: "
        "this answer flatters the pack.",
    )


@lru_cache(maxsize=8)
def _among(folder: Path, sha256: str) -> "Likenesses | None":
    """What a pack learnt from, kept for the next photograph. ``sha256`` keys its content."""
    learnt = learnt_from.of(load_sealed(folder, sha256))
    return learnt.likenesses if learnt else None
