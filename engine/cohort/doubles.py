"""Photographs that are evaluated under more than one name, told by the bytes of their files."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from engine.cohort.graded import Graded
from engine.telling import words


@dataclass(frozen=True)
class Named:
    """A photograph's name, what is true of it, that in words, and its patient where known."""

    name: str
    truth: Hashable
    words: str = ""
    patient: str = ""


def reasons(rows: Sequence[Graded], contents: Sequence[str]) -> dict[int, str]:
    """Why rows of a table are left out whose picture another row names, too, by their place.

    ``contents`` as for ``same``.
    """
    named = [Named(row.image, row.grade, f" (grade {row.grade})", row.patient) for row in rows]
    return same(named, contents, "the grades differ")


def same(named: Sequence[Named], contents: Sequence[str], differ: str) -> dict[int, str]:
    """Why photographs are left out that are the same picture as another, by their place.

    ``contents`` are the hashes of their files, empty where there is nothing to be counted.
    decided: it is counted once, for the first name whose patient is known; where what is true of it
    differs, as ``differ`` says, nobody can say which is right, and none is counted.
    """
    alike: dict[str, list[int]] = defaultdict(list)
    for place, content in enumerate(contents):
        if content:
            alike[content].append(place)
    found: dict[int, str] = {}
    for places in (places for places in alike.values() if len(places) > 1):
        kept = next((place for place in places if named[place].patient), places[0])
        if len({named[place].truth for place in places}) == 1:
            why = f"It is the same picture as {named[kept].name}, and counted there."
            found |= {place: why for place in places if place != kept}
            continue
        for place in places:
            others = [f"{named[at].name}{named[at].words}" for at in places if at != place]
            found[place] = f"It is the same picture as {words.first_of(others)}, and {differ}."
    return found


def told(rows: Sequence[Graded], found: dict[int, str]) -> tuple[str, ...]:
    """The sentence that names rows that were left out so; none where none was."""
    if not found:
        return ()
    names = words.first_of([rows[place].image for place in sorted(found)])
    said = (
        "1 photograph is left out: it is the same picture as another"
        if len(found) == 1
        else f"{len(found)} photographs are left out: each is the same picture as another"
    )
    return (f"{said} of the table ({names}).",)
