"""Photographs that a table of grades names more than once, told by the bytes of their files."""

from collections import defaultdict
from collections.abc import Sequence

from engine import words
from engine.cohort.graded import Graded


def reasons(rows: Sequence[Graded], contents: Sequence[str]) -> dict[int, str]:
    """Why rows are left out whose picture another row names, too, by their place.

    ``contents`` are the hashes of their files, empty where there is nothing to be counted.
    decided: it is counted once, for the first row that tells its patient; where its grades differ,
    nobody can say which is true, and none is counted.
    """
    same: dict[str, list[int]] = defaultdict(list)
    for place, content in enumerate(contents):
        if content:
            same[content].append(place)
    found: dict[int, str] = {}
    for places in (places for places in same.values() if len(places) > 1):
        kept = next((place for place in places if rows[place].patient), places[0])
        if len({rows[place].grade for place in places}) == 1:
            why = f"It is the same picture as {rows[kept].image}, and counted there."
            found |= {place: why for place in places if place != kept}
            continue
        for place in places:
            others = [f"{rows[each].image} (grade {rows[each].grade})" for each in places]
            others.remove(f"{rows[place].image} (grade {rows[place].grade})")
            found[place] = (
                f"It is the same picture as {words.first_of(others)}, and the grades differ."
            )
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
