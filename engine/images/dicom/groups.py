"""The pictures of a series that share plane, size and kind, and why others are listed apart."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from engine.images.dicom import repair_words
from engine.images.dicom.picture import Picture
from engine.images.dicom.planes import SAID_ANGLE, Orientation, Plane, angle, told_apart
from engine.images.dicom.split import Kind, kind_of, originals
from engine.pictures import Repair

MOST_PLANES = 6
"""Decided: of more planes with one picture each (turning projections, radial slices) the pictures
are shown one after the other."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, eq=False)
class Group:
    """Pictures that could lie on one grid; ``plane`` is None where they have no places, or none
    that they share.

    ``suffixes`` are what their title adds to that of the series.
    """

    members: Sequence[Picture]
    kind: Kind
    plane: Plane | None = None
    suffixes: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[str, ...] = ()


def groups_of(
    pictures: Sequence[Picture], planes: Mapping[Orientation, Plane], spaces: frozenset[str]
) -> list[Group]:
    """Part the pictures of one series.

    ``planes`` are those of all orientations, ``spaces`` the frames of reference that count.
    """
    placed = [each for each in pictures if each.placed]
    loose = [each for each in pictures if not each.placed]
    led = told_apart((_direction(each) for each in placed), planes)
    directions = _gathered(placed, lambda each: led[_direction(each)])
    turning = [direction for direction, each in directions.items() if len(each) == 1]
    lone = [directions.pop(one)[0] for one in turning] if len(turning) > MOST_PLANES else []
    groups = [
        *_of_planes(directions, planes, spaces),
        *_of_kinds(lone, spaces, (repair_words.planes_in_a_row(len(lone)),)),
        *_of_kinds(loose, spaces, warnings=(repair_words.NO_POSITION,) if placed else ()),
    ]
    return _with_sizes(groups)


def _of_planes(
    directions: Mapping[Orientation, Sequence[Picture]],
    planes: Mapping[Orientation, Plane],
    spaces: frozenset[str],
) -> list[Group]:
    groups = []
    named = [(planes[direction].name, len(each)) for direction, each in directions.items()]
    for direction, members in directions.items():
        plane = planes[direction]
        several = len(directions) > 1
        for group in _of_kinds(members, spaces):
            acquired, computed = originals(group.members)
            for own in filter(None, (acquired, computed)):
                apart = bool(computed)
                groups.append(
                    replace(
                        group,
                        members=own,
                        plane=plane,
                        suffixes=(
                            *([plane.name] if several else []),
                            *(["computed"] if apart and own is computed else []),
                        ),
                        repairs=(
                            *([repair_words.several_planes(named)] if several else []),
                            *([repair_words.original_and_derived()] if apart else []),
                            *_turned(own, plane, planes),
                        ),
                    )
                )
    return groups


def _of_kinds(
    pictures: Sequence[Picture],
    spaces: frozenset[str],
    repairs: tuple[Repair, ...] = (),
    warnings: tuple[str, ...] = (),
) -> list[Group]:
    return [
        Group(members, kind_of(members[0], spaces), repairs=repairs, warnings=warnings)
        for members in _gathered(pictures, lambda each: kind_of(each, spaces).key).values()
    ]


def _with_sizes(groups: Sequence[Group]) -> list[Group]:
    """Say where pictures of several sizes, or of several kinds in one plane, lie in the series."""
    in_one_plane = Counter(group.plane for group in groups)
    kinds = {(group.plane, group.kind.key) for group in groups}
    looks = {(group.kind.size, group.kind.colour, group.kind.inverted) for group in groups}
    if len(looks) <= 1 and len(kinds) == len(in_one_plane):
        return list(groups)
    spaces = {group.kind.space for group in groups}
    if len({kind._replace(space="") for _, kind in kinds}) == 1:
        apart = repair_words.several_spaces(len(spaces))
        return [replace(group, repairs=(*group.repairs, apart)) for group in groups]
    counts: Counter[str] = Counter()
    for group in groups:
        counts[group.kind.words] += len(group.members)
    repair = repair_words.several_sizes(sorted(counts.items()))
    return [
        replace(
            group,
            suffixes=(*group.suffixes, repair_words.size_words(group.kind.size)),
            repairs=(*group.repairs, repair),
        )
        for group in groups
    ]


def _turned(
    members: Sequence[Picture], plane: Plane, planes: Mapping[Orientation, Plane]
) -> list[Repair]:
    """What had to be done to the directions of these pictures."""
    repairs = []
    if plane.mended:
        repairs.append(repair_words.crooked())
    most = max(angle(plane, planes[each]) for each in set(map(_direction, members)))
    if most > SAID_ANGLE:
        repairs.append(repair_words.turned(most))
    return repairs


def _direction(picture: Picture) -> Orientation:
    assert picture.orientation is not None
    return picture.orientation


def _gathered(
    pictures: Iterable[Picture], key: Callable[[Picture], Key]
) -> dict[Key, list[Picture]]:
    found: dict[Key, list[Picture]] = defaultdict(list)
    for each in pictures:
        found[key(each)].append(each)
    return found
