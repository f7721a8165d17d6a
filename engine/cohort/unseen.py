"""Which network of a pack has not seen a photograph, so that a card's figures can be checked.

A pack that answers with the mean of its folds' networks has, for each photograph that taught it,
one that it did not teach, nor did any other of that patient.
"""

from collections.abc import Iterable

from engine.errors import Refusal
from engine.packs import learnt_from
from engine.packs.pack import Pack
from engine.pictures import Photograph
from engine.preparation import field_of_view, likeness


class Unseen:
    """The folds of a pack, ready to be asked; photographs are told by how they look.

    Raises ``Refusal`` if the pack has no network for each fold, or does not tell whom each has
    seen.
    """

    def __init__(self, pack: Pack) -> None:
        learnt = learnt_from.of(pack)
        if learnt is None or not pack.members or (learnt.folds < 0).any():
            raise Refusal(
                f"The pack {pack.manifest.name} was not evaluated.",
                "It has no network for each fold of its photographs, or does not tell which of "
                "them has not seen which.",
                "Name a pack that answers with the mean of its folds, or leave out --unseen.",
            )
        self._members, self._learnt = pack.members, learnt
        self._told: dict[str, str] = {}

    def by(self, photograph: Photograph) -> str:
        """The network that a photograph did not teach; "" for all, where it taught none.

        decided: "" also where it has copies in several folds, and so taught each.
        """
        if photograph.content_hash not in self._told:
            self._told[photograph.content_hash] = self._by(photograph)
        return self._told[photograph.content_hash]

    def _by(self, photograph: Photograph) -> str:
        try:
            field = field_of_view.find_field_of_view(photograph.pixels)
        except Refusal:
            return ""
        own = likeness.of_field(photograph.pixels, field)
        folds = set(self._learnt.folds[likeness.alike(own, self._learnt.likenesses)].tolist())
        return self._members[folds.pop()] if len(folds) == 1 else ""

    def words(self, used: Iterable[str]) -> tuple[str, ...]:
        """Who told the photographs whose contents were ``used``, of those asked about."""
        told = [self._told[content] for content in set(used)]
        alone = sum(map(bool, told))
        rest = len(told) - alone
        said = (
            f"{alone} of these photographs, told by how they look, taught all networks of the pack "
            "but one: that one alone was asked, which has learnt nothing from their patients.",
        )
        if not rest:
            return said
        return (
            *said,
            f"{'1 other was' if rest == 1 else f'{rest} others were'} not recognised, or taught "
            "every network by copies; there the pack answered as it ships, and may have learnt "
            "from the same patients.",
        )
