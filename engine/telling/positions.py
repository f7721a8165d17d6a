"""Where a place lies in the eye: clock hours and disc diameters from disc and fovea."""

from collections.abc import Sequence
from math import atan2, hypot, pi

import numpy as np
from numpy.typing import NDArray

from engine.answers import Bearing, Landmarks, Position
from engine.geometry import Circle
from engine.pictures import Laterality


def position(
    centre: tuple[float, float],
    extent: float,
    landmarks: Landmarks,
    millimetres_per_pixel: float | None = None,
    outline: Sequence[NDArray[np.float64]] = (),
) -> Position:
    """What is known of a region at ``centre`` (x, y) and ``extent`` long, both in picture pixels.

    ``outline`` holds its closed lines (n, 2), those round holes too; without it nobody knows
    whether the region covers the fovea.
    Without a disc there is no disc diameter, and nothing is measured by it. To be called anew
    when the reader corrects a landmark.
    """
    disc = landmarks.disc
    millimetres = None if millimetres_per_pixel is None else extent * millimetres_per_pixel
    if disc is None:
        return Position(millimetres=millimetres)
    diameter = 2 * disc.radius
    fovea = landmarks.fovea
    return Position(
        diameters=extent / diameter,
        millimetres=millimetres,
        from_disc=_bearing(centre, (disc.x, disc.y), diameter),
        from_fovea=None if fovea is None else _bearing(centre, fovea, diameter),
        on_disc=hypot(centre[0] - disc.x, centre[1] - disc.y) <= disc.radius,
        at_fovea=fovea is not None and _covers(outline, fovea),
    )


def macula_beyond(landmarks: Landmarks, assessed: Circle) -> float:
    """How far the macula reaches out of the ``assessed`` circle: 0 not at all, 1 as a whole.

    It is what lies within a disc diameter of the fovea; 0 without a disc or a fovea.
    """
    disc, fovea = landmarks.disc, landmarks.fovea
    if disc is None or fovea is None:
        return 0.0
    diameter = 2 * disc.radius
    away = hypot(fovea[0] - assessed.x, fovea[1] - assessed.y)
    return min(max((away + diameter - assessed.radius) / (2 * diameter), 0.0), 1.0)


def _covers(lines: Sequence[NDArray[np.float64]], place: tuple[float, float]) -> bool:
    """Whether a ray from a place crosses closed lines an odd number of times: it lies within."""
    x, y = place
    crossed = 0
    for line in lines:
        end = np.roll(line, -1, axis=0)
        sides = (line[:, 1] > y) != (end[:, 1] > y)
        start, end = line[sides], end[sides]
        along = (y - start[:, 1]) / (end[:, 1] - start[:, 1])
        crossed += int(np.count_nonzero(start[:, 0] + along * (end[:, 0] - start[:, 0]) > x))
    return crossed % 2 == 1


def _bearing(place: tuple[float, float], seen_from: tuple[float, float], unit: float) -> Bearing:
    x, y = place[0] - seen_from[0], place[1] - seen_from[1]
    hour = round(atan2(x, -y) / (2 * pi) * 12) % 12
    return Bearing(hour or 12, hypot(x, y) / unit)


def eye_of(landmarks: Landmarks) -> Laterality | None:
    """Which eye it is by where its disc lies: the nose is on the disc's side of the fovea."""
    disc, fovea = landmarks.disc, landmarks.fovea
    if disc is None or fovea is None or disc.x == fovea[0]:
        return landmarks.laterality
    return Laterality.RIGHT if disc.x > fovea[0] else Laterality.LEFT
