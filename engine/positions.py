"""Where a place lies in the eye: clock hours and disc diameters from disc and fovea."""

from math import atan2, hypot, pi

from engine.answers import Bearing, Landmarks, Position
from engine.pictures import Laterality


def position(
    centre: tuple[float, float],
    extent: float,
    landmarks: Landmarks,
    millimetres_per_pixel: float | None = None,
) -> Position:
    """What is known of a region at ``centre`` (x, y) and ``extent`` long, both in picture pixels.

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
    )


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
