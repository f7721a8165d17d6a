"""Pictures of one plane are sorted into courses, stacks beside each other, and into places.

Points are in the plane's own coordinates: mm across, down and along the normal.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.images.dicom import repair_words
from engine.images.dicom.gaps import usual_gap
from engine.images.dicom.picture import Picture
from engine.images.dicom.volumes import value_of

SAME_PLACE = 0.01
"""mm, or a tenth of a pixel if that is less. Decided: pictures that are nearer lie at one place."""

FOLLOWED = 0.25
"""Distances between slices. Decided: volumes that are moved by less against each other (a scanner
that follows a moving head) are frames of one entry."""

MOST_STATIONS = 6
"""Decided: so many places side by side may hold one picture each; more of them are no stations."""

STEEPEST = 45.0
"""Degrees. Decided: slices that lean by more (no gantry does) are not stacked, but lie beside each
other."""

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

    Raises:
        Misplaced: they lie side by side in about as many places as there are pictures.
    """
    pixel = min(pitch or (_UNKNOWN_PITCH,))
    beside = _side_by_side(points, _near(pitch), _BESIDE * pixel)
    beside = beside or leaning(points) > STEEPEST
    if not beside and np.abs(points[:, :2] - _line(points)).max() <= _BESIDE * pixel:
        return [np.arange(len(points))]
    found = _gathered(points, _BESIDE * pixel)
    if 2 * len(found) <= len(points) or (beside and len(found) <= MOST_STATIONS):
        return found
    if beside:
        raise Misplaced(repair_words.strewn(len(points), len(found)))
    return [np.arange(len(points))]


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
    crowded = (np.ptp(points[place], axis=0).max() for place in places if len(place) > 1)
    beside = float(max(crowded, default=0.0))
    return places, beside if beside > near else 0.0


def _near(pitch: tuple[float, float] | None) -> float:
    return min(SAME_PLACE, min(pitch or (_UNKNOWN_PITCH,)) / 10)


def leaning(points: Floats) -> float:
    """Degrees between the normal and the way from the lowest picture to the highest."""
    low, high = points[:, 2].argmin(), points[:, 2].argmax()
    across, down, onward = points[high] - points[low]
    return float(np.degrees(np.arctan2(np.hypot(across, down), onward)))


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
    gathered: dict[tuple[int, int], list[int]] = {}
    for at in np.lexsort(points.T):
        # Only cells of this width that touch can hold a picture that is near enough.
        x, y = np.floor(points[at, :2] / beside).astype(int).tolist()
        cells = ((x + dx, y + dy) for dx in (0, -1, 1) for dy in (0, -1, 1))
        near = (
            cell
            for cell in cells
            if cell in gathered
            and np.abs(points[gathered[cell][0], :2] - points[at, :2]).max() <= beside
        )
        gathered.setdefault(next(near, (x, y)), []).append(int(at))
    order = sorted(gathered.values(), key=lambda group: tuple(points[group[0], :2]))
    return [np.array(sorted(group), np.intp) for group in order]


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
