"""What a view of the Compare tab shows: a pack's map of the photograph by one criterion."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.answers import Criterion, PackSummary
from engine.telling import words

SIGNS = {
    Criterion.LESIONS: ("Lesions", "drawn by the network"),
    Criterion.OMEGA: ("ω", "sensitivity"),
    Criterion.PI: ("π", "sensitivity, hue-constrained"),
    Criterion.RELEVANCE: ("LRP", "layer-wise relevance"),
    Criterion.PI_PHOTOGRAPH: ("π photo", "π of the photograph"),
}
"""Each criterion's sign and name, in the order of the views."""


@dataclass(frozen=True)
class Source:
    """Where a map comes from; ``checkpoint`` is one of the pack's, "" the pack as it is meant.

    ``whose`` tells it from one that ships and has its name.
    """

    pack: PackSummary
    criterion: Criterion
    checkpoint: str = ""
    whose: str = field(default="", compare=False)

    @property
    def pack_words(self) -> str:
        """The pack and the checkpoint by name."""
        name = f"{self.pack.name} {self.pack.version}"
        return ", ".join(filter(None, (name, self.whose, self.checkpoint)))

    @property
    def key(self) -> tuple[str, ...]:
        """What an answer depends on, beside the photograph and the device."""
        return self.pack.path, self.pack.sha256, self.checkpoint, self.criterion.value


def by_criteria(pack: PackSummary) -> tuple[Source, ...]:
    """One pack by every criterion that it has."""
    return tuple(Source(pack, criterion) for criterion in SIGNS if criterion in pack.criteria)


def by_packs(packs: Sequence[PackSummary], criterion: Criterion) -> tuple[Source, ...]:
    """Every usable pack, and each of its checkpoints, by one criterion, or by the pack's usual."""
    return tuple(
        Source(pack, pack.criterion(criterion), checkpoint, words.whose(pack, packs))
        for pack in packs
        if not pack.fault
        for checkpoint in ("", *pack.checkpoints)
    )


def two_of(
    offered: Sequence[Source], pack: PackSummary, chosen: Sequence[Source]
) -> tuple[Source, ...]:
    """The two that are compared: those chosen, else the pack in force and the next one offered."""
    by_key = {source.key: source for source in offered}
    kept = [by_key[source.key] for source in chosen if source.key in by_key]
    first = [source for source in offered if source.pack.path == pack.path]
    for source in (*first, *offered):
        if len(kept) < 2 and source not in kept:
            kept.append(source)
            if len(kept) == 1:
                # A pack's own checkpoints come after another pack.
                others = [each for each in offered if each.pack.path != pack.path]
                kept += others[:1]
    return tuple(kept[:2])
