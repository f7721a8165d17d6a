"""Pictures of one plane are sorted into courses, stacks beside each other, and into places.

Points are in the plane's own coordinates: mm across, down and along the normal.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.images.dicom.gaps import usual_gap
from engine.images.dicom.picture import Picture
from engine.images.dicom.volumes import value_of

SAME_PLACE = 0.01
"""mm, or a tenth of a pixel if that is less. Decided: pictures that are nearer lie at one place."""

FOLLOWED = 0.25
"""Distances between slices. Decided: volumes that are moved by less against each other (a scanner
that follows a moving head) are frames of one entry."""

_BESIDE = 0.5
"""Pixels. Decided: pictures further apart sideways do not lie above each other."""

_UNKNOWN_PITCH = 1.0

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


class Misplaced(Exception):
    """Pictures whose positions contradict each other; ``args`` is one sentence."""


def courses(points: Floats, pitch: tuple[float, float] | None) -> list[Indices]:
    """Part pictures at ``points`` (n, 3) into stacks that lie beside each other.

    Whole-body scans and scouts have pictures at one depth that lie side by side. Slices that lean
    in one direction, or that are shifted each by a way of its own, are one course.
    """
    everything = np.arange(len(points))
    pixel = min(pitch or (_UNKNOWN_PITCH,))
    if not _side_by_side(points, _near(pitch), _BESIDE * pixel):
        line = _line(points)
        if np.abs(points[:, :2] - line).max() <= _BESIDE * pixel:
            return [everything]
        found = _gathered(points, _BESIDE * pixel)
        return found if 2 * len(found) <= len(points) else [everything]
    return _gathered(points, _BESIDE * pixel)


def places_of(
    pictures: Sequence[Picture], points: Floats, pitch: tuple[float, float] | None
) -> tuple[list[list[int]], float]:
    """The pictures of each place, by increasing depth, and how far (mm) they lie from each other.

    The distance is 0 where it is rounding.
    """
    near = _near(pitch)
    along = sorted(range(len(pictures)), key=lambda at: (points[at, 2], pictures[at].order))
    places: list[list[int]] = []
    for at in along:
        if places and points[at, 2] - points[places[-1][-1], 2] <= near:
            places[-1].append(at)
        else:
            places.append([at])
    if len(places) == len(pictures):
        places = _followed(pictures, points, along) or places
    beside = max(float(np.ptp(points[place], axis=0).max()) for place in places)
    return places, beside if beside > near else 0.0


def _near(pitch: tuple[float, float] | None) -> float:
    return min(SAME_PLACE, min(pitch or (_UNKNOWN_PITCH,)) / 10)


def _side_by_side(points: Floats, near: float, beside: float) -> bool:
    ordered = points[np.argsort(points[:, 2], kind="stable")]
    together = np.diff(ordered[:, 2]) <= near
    apart = np.abs(np.diff(ordered[:, :2], axis=0)).max(axis=1, initial=0) > beside
    return bool((together & apart).any())


def _line(points: Floats) -> Floats:
    """Where each picture would lie sideways on a straight line from the first to the last."""
    low, high = points[:, 2].argmin(), points[:, 2].argmax()
    length = points[high, 2] - points[low, 2]
    part = (points[:, 2] - points[low, 2]) / length if length else np.zeros(len(points))
    line: Floats = points[low, :2] + np.outer(part, points[high, :2] - points[low, :2])
    return line


def _gathered(points: Floats, beside: float) -> list[Indices]:
    """Pictures with the same sideways position together, in the order of these positions."""
    keys: list[Floats] = []
    gathered: dict[int, list[int]] = defaultdict(list)
    for at in np.lexsort(points.T):
        near = (
            number
            for number, key in enumerate(keys)
            if np.abs(key - points[at, :2]).max() <= beside
        )
        found = next(near, None)
        if found is None:
            found = len(keys)
            keys.append(points[at, :2])
        gathered[found].append(int(at))
    order = sorted(gathered, key=lambda number: tuple(keys[number]))
    return [np.array(sorted(gathered[number]), np.intp) for number in order]


def _followed(
    pictures: Sequence[Picture], points: Floats, along: Sequence[int]
) -> list[list[int]] | None:
    """The places of volumes that the header tells apart and that lie a little beside each other.

    ``along`` are the pictures by increasing depth. None if there are no such volumes.
    """
    words = sorted({word for each in pictures for word, _ in each.own.splits})
    most = len(pictures) // 2
    telling = [
        word for word in words if 1 < len({value_of(each, word) for each in pictures}) <= most
    ]
    volumes: dict[tuple[float | None, ...], list[int]] = defaultdict(list)
    for at in along:
        volumes[tuple(value_of(pictures[at], word) for word in telling)].append(at)
    lengths = {len(volume) for volume in volumes.values()}
    if len(volumes) < 2 or len(lengths) > 1 or lengths == {1}:
        return None
    places = np.array(list(volumes.values())).T
    depths = points[places, 2]
    if np.ptp(depths, axis=1).max() > FOLLOWED * usual_gap(np.diff(depths[:, 0])):
        return None
    found: list[list[int]] = places.tolist()
    return found
