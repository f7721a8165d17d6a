"""What the headers, the button for reading and the strip say of a comparison."""

from collections.abc import Iterable

from engine.answers import Criterion
from engine.telling import words
from viewer.compare.answers import Given
from viewer.compare.bar import CompareBar
from viewer.compare.choice import Choice
from viewer.compare.sources import SIGNS, Source
from viewer.compare.view import Header, View
from viewer.seen.heatmap import HeatmapLayer
from viewer.tools.probe import Probe


def show_head(view: View, choice: Choice) -> None:
    """Name what a view shows; a pack can be chosen there."""
    source, head = view.source, view.header
    if source is None:
        head.tell("Picture", "", "", in_use=False)
        view.pane.setAccessibleName("Photograph")
        return
    view.pane.setAccessibleName(f"Photograph, {source.pack_words}, {view.words}")
    in_use = choice.in_use(source)
    if choice.by_packs:
        head.tell("", choice.criterion_words(source), score(view.given), in_use=in_use)
        offered = choice.offered
        head.offer([each.pack_words for each in offered], _index(offered, source))
    else:
        sign, name = SIGNS[source.criterion]
        ground = "on red-free" if source.criterion is Criterion.RELEVANCE else ""
        head.chooser.hide()
        head.tell(sign, name, ground, in_use=in_use)
    view.fit()


def show_side_head(head: Header, side: Source | None, given: Given | None, choice: Choice) -> None:
    """Name what lies on one side of the line, to be chosen there."""
    offered = (None, *choice.offered)
    said = score(given) if choice.by_packs else ""
    head.tell("", choice.criterion_words(side), said, in_use=choice.in_use(side))
    head.offer([choice.words(each) for each in offered], _index(offered, side))


def show_use(bar: CompareBar, choice: Choice) -> None:
    """What the chosen view can be used for on the Read tab."""
    source = choice.chosen_source
    # A checkpoint alone is not calibrated, so nothing is read with it.
    if source is None or source.checkpoint or choice.in_use(source):
        bar.show_use("", "")
    elif choice.by_packs:
        tip = f"The Read tab reads with {source.pack_words} from now on."
        bar.show_use("Use this pack for reading", tip)
    else:
        sign, name = SIGNS[source.criterion]
        tip = f"The Read tab draws the heatmap by {name} from now on."
        bar.show_use(f"Use {sign} for reading", tip)


def score(given: Given | None) -> str:
    """A pack's probability with its interval, empty where there is none."""
    answer = None if given is None else given.answer
    if answer is None or answer.probability is None or answer.interval is None:
        return ""
    return words.probability_words(answer.probability, answer.interval)


def probe_words(
    found: Probe, shown: Iterable[tuple[Source | None, HeatmapLayer | None]], *, by_packs: bool
) -> str:
    """The place under the pointer, and every map's value there."""
    told = [f"x {found.x}  y {found.y}"]
    for source, layer in shown:
        value = None if layer is None else layer.value_at(found.x, found.y)
        if source is None or layer is None or value is None:
            continue
        said = words.signed_evidence(value) if layer.signed else words.evidence(value)
        if kind := layer.kind_at(found.x, found.y):
            said = f"{said} {kind}"
        name = source.pack_words if by_packs else SIGNS[source.criterion][0]
        told.append(f"{name} {said}")
    return "   ".join(told)


def _index(offered: Iterable[Source | None], source: Source | None) -> int:
    keys = [None if each is None else each.key for each in offered]
    key = None if source is None else source.key
    return keys.index(key) if key in keys else -1
