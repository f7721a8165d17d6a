"""Several pictures at one place: which of them make one volume together, and what it is called.

The header's own words decide (b-value, echo, time, phase, component), then the kind of image and
its kernel, then the acquisition; last, where every place holds as many, the order in which they
were taken.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from engine.images.dicom.frame_names import KERNEL, UNSAID, axis_of, kind_words, name_of, numbered
from engine.images.dicom.picture import Picture
from engine.pictures import FrameAxis

Places = Sequence[Sequence[Picture]]
"""To each place along the normal its pictures."""

Volume = dict[int, Picture]
"""A picture to each place that has one, by the place's number."""

_SAME = 0.5
"""Decided: volumes are frames of one entry if each shares half the largest one's places or more;
else they were taken of different regions, and each is an entry of its own."""

_SEGMENTS = (FrameAxis.IMAGE.value,)
_TIMES = (FrameAxis.TIME.value, FrameAxis.PHASE.value)


@dataclass(frozen=True, eq=False)
class Frames:
    """Volumes of the same places, in their order, with their names.

    ``told`` is whether the header's own words alone tell them apart.
    """

    volumes: tuple[Volume, ...]
    names: tuple[str, ...] = ("",)
    axis: FrameAxis = FrameAxis.NONE
    told: bool = True

    @property
    def places(self) -> tuple[int, ...]:
        """The places that any of them has a picture of."""
        return tuple(sorted(set(chain.from_iterable(self.volumes))))


class Label(NamedTuple):
    """What the pictures of one volume share: values of words, kind of image, a number."""

    values: tuple[float, ...]
    kind: tuple[str, ...] = ()
    number: int = 0


def frames_at(places: Places, *, sparse: bool = False) -> tuple[Frames, ...]:
    """Sort the pictures of each place into volumes; empty if nothing tells them apart.

    Several where the volumes were taken of different regions. ``sparse`` volumes are drawn areas,
    without a picture where nothing was drawn: all segments belong together.
    """
    if max(map(len, places)) == 1 and not sparse:
        return (Frames(({at: each for at, (each,) in enumerate(places)},)),)
    words = _SEGMENTS if sparse else _telling_words(places)
    for label in _labels(words):
        if _explains(label, places, sparse):
            sorted_out: dict[Label, Volume] = defaultdict(dict)
            for at, each in _all(places):
                sorted_out[label(each)][at] = each
            told = all(not found.kind and not found.number for found in sorted_out)
            return _entries(sorted_out, words, told, sparse)
    counted = _counted(places, words)
    return _entries(counted, words, False, sparse) if counted else ()


def value_of(picture: Picture, word: str) -> float | None:
    """What the header says of one of the words of ``FrameAxis``; rounding noise is left away."""
    found = next((value for name, value in picture.own.splits if name == word), None)
    return None if found is None else float(f"{found:.6g}")


def _all(places: Places) -> Iterable[tuple[int, Picture]]:
    return ((at, each) for at, place in enumerate(places) for each in place)


def _telling_words(places: Places) -> tuple[str, ...]:
    """The words that differ at a place, and not merely from picture to picture.

    A trigger time may differ at every single picture: it sorts, but it names no volume.
    """
    crowd = max(map(len, places))
    found = sorted({word for _, each in _all(places) for word, _ in each.own.splits})
    return tuple(
        word
        for word in found
        if any(len({value_of(each, word) for each in place}) > 1 for place in places)
        and len({value_of(each, word) for _, each in _all(places)}) <= 2 * crowd
    )


def _labels(words: Sequence[str]) -> tuple[Callable[[Picture], Label], ...]:
    def values(each: Picture) -> tuple[float, ...]:
        told = (value_of(each, word) for word in words)
        return tuple(UNSAID if value is None else value for value in told)

    def acquisition(each: Picture) -> int:
        return each.header.acquisition_number or 0

    return (
        lambda each: Label(values(each)),
        lambda each: Label(values(each), _kind(each)),
        lambda each: Label(values(each), number=acquisition(each)),
        lambda each: Label(values(each), _kind(each), acquisition(each)),
    )


def _kind(picture: Picture) -> tuple[str, ...]:
    """The kind of image, and what it was reconstructed with."""
    kernel = picture.header.kernel
    return (*picture.header.image_type, *((f"{KERNEL}{kernel}",) if kernel else ()))


def _explains(label: Callable[[Picture], Label], places: Places, sparse: bool) -> bool:
    """Whether no two pictures of a place share a label, and the labels make volumes."""
    if any(len({label(each) for each in place}) < len(place) for place in places):
        return False
    if sparse:
        return True
    return len({label(each) for _, each in _all(places)}) <= 2 * max(map(len, places))


def _counted(places: Places, words: Sequence[str]) -> dict[Label, Volume] | None:
    """Volumes by the order in which the pictures of a place, alike in all else, were taken."""
    alike: dict[Label, list[list[Picture]]] = defaultdict(lambda: [[] for _ in places])
    _, label, *_ = _labels(words)
    for at, each in _all(places):
        alike[label(each)][at].append(each)
    found: dict[Label, Volume] = {}
    for shared, pictures in alike.items():
        numbered = _by_rank(pictures) or _by_round(pictures)
        if numbered is None:
            return None
        found |= {shared._replace(number=number): each for number, each in enumerate(numbered, 1)}
    return found


def _by_rank(places: Places) -> list[Volume] | None:
    """The first of each place, the second of each place, ...: only if all hold as many."""
    counts = {len(place) for place in places if place}
    if len(counts) > 1:
        return None
    ranked: list[Volume] = [{} for _ in range(counts.pop())]
    for at, place in enumerate(places):
        for rank, each in enumerate(sorted(place, key=_taken)):
            ranked[rank][at] = each
    return ranked


def _by_round(places: Places) -> list[Volume] | None:
    """One volume after the other as they are numbered: a new one begins where a place comes again.

    None if that makes more volumes than the fullest place has pictures, or volumes that do not go
    from one end to the other.
    """
    rounds: list[Volume] = [{}]
    for at, each in sorted(_all(places), key=lambda placed: _number(placed[1])):
        if at in rounds[-1]:
            rounds.append({})
        rounds[-1][at] = each
    orders = [list(volume) for volume in rounds]
    onward = all(order in (sorted(order), sorted(order, reverse=True)) for order in orders)
    return rounds if onward and len(rounds) == max(map(len, places)) else None


def _number(picture: Picture) -> tuple[object, ...]:
    return (picture.header.instance_number or 0, *picture.order)


def _taken(picture: Picture) -> tuple[object, ...]:
    times = (value_of(picture, word) for word in _TIMES)
    return (*(0.0 if time is None else time for time in times), *picture.order)


def _entries(
    found: dict[Label, Volume], words: Sequence[str], told: bool, sparse: bool
) -> tuple[Frames, ...]:
    """Volumes of the same region together, in the order of their values or of being taken."""
    kinds = {kind: min(_first(found, kind)) for kind in {label.kind for label in found}}
    ordered = sorted(found, key=lambda label: (label.values, kinds[label.kind], label.number))
    entries = []
    while ordered:
        largest = max(ordered, key=lambda label: len(found[label]))
        least = 0.0 if sparse else _SAME * len(found[largest])
        together = [
            label for label in ordered if len(found[label].keys() & found[largest].keys()) >= least
        ]
        ordered = [label for label in ordered if label not in together]
        entries.append(_frames(together, found, words, told, sparse))
    return tuple(sorted(entries, key=lambda entry: entry.places))


def _first(found: dict[Label, Volume], kind: tuple[str, ...]) -> Iterable[tuple[object, ...]]:
    return (
        each.order
        for label, volume in found.items()
        if label.kind == kind
        for each in volume.values()
    )


def _frames(
    labels: Sequence[Label],
    found: dict[Label, Volume],
    words: Sequence[str],
    told: bool,
    drawn: bool,
) -> Frames:
    if len(labels) == 1:
        return Frames((found[labels[0]],), told=told)
    columns = {word: [label.values[at] for label in labels] for at, word in enumerate(words)}
    columns = {word: values for word, values in columns.items() if len(set(values)) > 1}
    kinds = _distinct([label.kind for label in labels])
    sharing = Counter((label.values, label.kind) for label in labels)
    seen: Counter[tuple[tuple[float, ...], tuple[str, ...]]] = Counter()
    names = []
    for at, label in enumerate(labels):
        group = (label.values, label.kind)
        seen[group] += 1
        number = seen[group] if sharing[group] > 1 else None
        values = {word: column[at] for word, column in columns.items()}
        names.append(name_of(values, columns, kinds[at], number, drawn=drawn))
    if len(set(names)) < len(names):
        names = list(numbered(len(names), FrameAxis.IMAGE))
    volumes = tuple(found[label] for label in labels)
    return Frames(volumes, tuple(names), axis_of(tuple(columns)), told)


def _distinct(kinds: Sequence[tuple[str, ...]]) -> list[str]:
    """The words of each kind of image that not all kinds have."""
    shared = set(kinds[0]).intersection(*kinds)
    return [kind_words([word for word in kind if word not in shared]) for kind in kinds]
