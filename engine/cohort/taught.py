"""Whether photographs that a pack is judged on are among those that it learnt from.

Those that were held out while it learnt count, too: its best pass was chosen on them.
"""

from collections.abc import Sequence

from engine.geometry import Circle
from engine.packs import learnt_from
from engine.packs.pack import Pack
from engine.pictures import Photograph
from engine.preparation import likeness

_ALL = (
    "The pack learnt from exactly these photographs: the figures flatter. Those of its card are "
    "out of fold."
)
_ALL_CHOSEN = (
    "The pack learnt from exactly these photographs, or was chosen on them: the figures flatter."
)
_NONE = (
    "None of these photographs was recognised as one that the pack learnt from. Copies that were "
    "turned by less than a quarter, stretched or cut far into the field are not recognised, nor "
    "are other photographs of the same patients."
)
_NO_PART = (
    "Only the whole table that this pack learnt from is recognised, no part of it: if some of "
    "these photographs are in it, the figures flatter."
)

Words = tuple[tuple[str, ...], tuple[str, ...]]
"""Warnings and notes."""


class Taught:
    """What a pack learnt from, ready to be asked. Raises ``Refusal`` as ``learnt_from.of``."""

    def __init__(self, pack: Pack) -> None:
        self._seal = pack.manifest.data.fingerprint
        learnt = learnt_from.of(pack)
        self._among = learnt.likenesses if learnt else None
        self._chosen = pack.manifest.held is not None

    @property
    def is_known(self) -> bool:
        """Whether single photographs can be told."""
        return self._among is not None

    def by(self, photograph: Photograph, assessed: Circle | None) -> bool | None:
        """Whether a photograph, or a copy of it, taught the pack; None where that is not known."""
        if self._among is None or assessed is None:
            return None
        own = likeness.of_photograph(photograph.pixels, assessed)
        return bool(likeness.alike(own, self._among).any())

    def words(self, seal: str, seen: Sequence[bool | None]) -> Words:
        """What is said of photographs that figures are of, and of the ``seal`` of their table."""
        if seal == self._seal:
            return (_ALL_CHOSEN if self._chosen else _ALL,), ()
        if self._among is None:
            return (), (_NO_PART,)
        count, all_of = sum(map(bool, seen)), len(seen)
        if not count:
            return (), (_NONE,)
        least = count if count == all_of else f"at least {count}"
        how = "learnt from, or was chosen on," if self._chosen else "learnt from"
        return (
            f"The pack {how} {least} of these {all_of} photographs, told by how they look: "
            "the figures flatter.",
        ), ()
