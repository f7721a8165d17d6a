"""What a pack's card says of its checkpoints and forests."""

from engine.learning.features import Asks
from engine.packs.manifest import Figures, ForestPart, Manifest

_ASKED = {
    Asks.EYE: "one eye",
    Asks.PAIR: "an eye, with the other in view",
    Asks.EXAMINATION: "a whole examination",
}

_STACKED = {
    "validation": "the photographs that the scoring network of each fold had not seen",
    "train": "the photographs that the networks were trained on, as the paper did",
}


_JUDGED = {
    "validation": """\
The figures of the network and of the checkpoints are out of fold. A forest is judged on patients
that it did not learn from, but networks that had learnt from them scored what it learnt from.""",
    "train": """\
All figures are out of fold: neither the networks nor the forest had learnt from the patients that
they are judged on.""",
}


_HEAD = "## The checkpoints and the forests"


def part_of(card: str) -> str:
    """What ``text`` added to a card."""
    _, head, rest = card.partition(f"\n{_HEAD}")
    return head + rest


def text(manifest: Manifest, pairs: int) -> str:
    """The card's part on the ensemble, in Markdown; ``pairs`` had the other eye in the table."""
    own = manifest.figures
    rows = [f"| the network alone | {_row(own)} | {manifest.data.pictures} |"]
    rows += [
        f"| checkpoint {part.name}, after {part.batches} batches | {_row(part.figures)} | "
        f"{manifest.data.pictures} |"
        for part in manifest.checkpoints
    ]
    rows += [
        f"| forest for {_ASKED[part.asks]}: {_size(part)} | {_row(part.figures)} | {part.cases} |"
        for part in manifest.forests
    ]
    stacked_on = manifest.forests[0].stacked_on
    return (
        f"""
{_HEAD}
{len(manifest.checkpoints)} checkpoints of one training, joined by random forests that learnt from
{_STACKED[stacked_on]}.
{pairs} of {manifest.data.pictures} photographs have the other eye in the table; the others' own
scores stood in its place. {_JUDGED[stacked_on]}

| asked | A_z (interval) | cases |
|---|---|---|
"""
        + "\n".join(rows)
        + "\n"
    )


def _row(figures: Figures) -> str:
    low, high = figures.area_interval
    return f"{figures.area:.3f} ({low:.3f} to {high:.3f})"


def _size(part: ForestPart) -> str:
    depth = f"depth {part.depth}" if part.depth else "any depth"
    fields = f", {len(part.context)} fields of context" if part.context else ""
    return f"{part.trees} trees, {depth}{fields}"
