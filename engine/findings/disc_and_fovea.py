"""Where the optic disc and the fovea lie in a fundus photograph, and which eye it then is."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.answers import Landmarks
from engine.findings.reduced import Plane, Reduced, against_ring, blur_within, reduce
from engine.findings.vessels import Vessels, find_vessels
from engine.geometry import Circle, apply
from engine.pictures import Laterality

# Lengths are in parts of the field's radius unless they say otherwise.
RADII = (0.11, 0.13, 0.15, 0.17, 0.20, 0.24)  # of discs: 60° fields to 30° ones
USUAL = 0.154  # the disc's radius in fields of 45 to 50°, from IDRiD's disc masks
DISTANCE = 5.1  # disc radii from the disc's centre to the fovea: some 2.5 disc diameters
DROOP = 6.5  # degrees by which the fovea lies below the disc's centre
# Decided: below it nothing is said to be found. Most photographs whose disc was painted over stay
# below the first, nearly all whose disc shows are above it; a wrong disc would mislead.
LEAST_DISC = 0.6
LEAST_FOVEA = 0.15

_SHRUNK = 0.95  # of a disc's radius is what matches best, since its edge is soft
_CANDIDATES = 4
_APART = 0.32  # between two candidates: about a disc diameter

NO_DISC = "The optic disc was not found: no bright round place where vessels come together."
NO_FOVEA = "The fovea was not found: no dark place without vessels at its distance from the disc."
NO_ANCHOR = "The fovea was not looked for, since it is found from the optic disc."


@dataclass(frozen=True, eq=False)
class _Scene:
    """What the search looks at, on the halved grid: every plane is (y, x)."""

    grid: Reduced
    contrast: Plane
    mask: Plane
    vessels: Plane
    convergence: Plane

    @property
    def radius(self) -> int:
        return self.grid.radius


@dataclass(frozen=True)
class _Spot:
    """A place on the halved grid: ``score`` is its own, ``second`` that of its best rival."""

    x: int
    y: int
    score: float
    second: float
    radius: float = 0.0


def find_landmarks(pixels: NDArray[np.uint8], field: Circle) -> Landmarks:
    """Find disc and fovea in a photograph, uint8 (y, x, 3), whose field of view is ``field``.

    The disc is a bright even circle against the ring round it, where vessels converge and from
    which a fovea is in sight; the fovea a dark place without vessels at the usual distance and
    angle from the disc. Both confidences are from 0 to 1: how far the place stands out from the
    best other one. They are no probabilities.
    """
    reduced = reduce(pixels, field)
    scene = _look(reduced, find_vessels(reduced))
    disc, fovea = _search(scene)
    disc_confidence = _confidence(disc, 1.5)
    if disc_confidence < LEAST_DISC:
        return Landmarks(disc_confidence=disc_confidence, notes=(NO_DISC, NO_ANCHOR))
    (x, y), scale = _back(scene, disc), field.radius
    circle = Circle(x, y, disc.radius * scale)
    fovea_confidence = 0.0 if fovea is None else _confidence(fovea, 0.6)
    if fovea is None or fovea_confidence < LEAST_FOVEA:
        return Landmarks(
            disc=circle,
            disc_confidence=disc_confidence,
            fovea_confidence=fovea_confidence,
            laterality=_eye((x - field.x) / scale, 0.25),
            notes=(NO_FOVEA,),
        )
    place = _back(scene, fovea)
    return Landmarks(
        disc=circle,
        disc_confidence=disc_confidence,
        fovea=place,
        fovea_confidence=fovea_confidence,
        laterality=_eye((x - place[0]) / scale, 0.0),
    )


def _eye(offset: float, least: float) -> Laterality | None:
    """The eye whose disc lies ``offset`` to the right of fovea or picture: the nose is there."""
    if abs(offset) <= least:
        return None
    return Laterality.RIGHT if offset > 0 else Laterality.LEFT


def _back(scene: _Scene, spot: _Spot) -> tuple[float, float]:
    x, y = apply(scene.grid.way_back, np.array([[spot.x, spot.y]], np.float64))[0]
    return float(x), float(y)


def _confidence(spot: _Spot, usual: float) -> float:
    """From 0 to 1: how far the best place leads, and whether it scores as such places do."""
    if spot.score <= 0:
        return 0.0
    lead = 1 - max(spot.second, 0.0) / spot.score
    return float(min(lead / 0.6, 1) * min(spot.score / usual, 1))


def _look(reduced: Reduced, vessels: Vessels) -> _Scene:
    """Brightness against the surroundings, vessels closed over, and where they converge."""
    luma = reduced.pixels @ np.array([0.25, 0.6, 0.15], np.float32)
    closer = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))
    closed = cv2.morphologyEx(luma, cv2.MORPH_CLOSE, closer)
    grid = reduced.halved()
    size, mask = (2 * grid.radius, 2 * grid.radius), grid.mask.astype(np.float32)
    bright = np.asarray(cv2.resize(closed, size, interpolation=cv2.INTER_AREA), np.float32)
    background = blur_within(bright, mask, 0.35 * grid.radius)
    # Exudates may be brighter than any disc: beyond a third nothing is gained.
    contrast = np.clip(bright / np.maximum(background, 8) - 1, -0.35, 0.35) * mask
    # Vessels converge beside the disc's middle, and at the rim further inwards.
    reach = round(0.13 * grid.radius)
    near = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return _Scene(
        grid=grid,
        contrast=np.asarray(contrast, np.float32),
        mask=mask,
        vessels=np.asarray(
            cv2.resize(vessels.strength, size, interpolation=cv2.INTER_AREA), np.float32
        ),
        convergence=np.asarray(cv2.dilate(vessels.convergence, near), np.float32),
    )


def _search(scene: _Scene) -> tuple[_Spot, _Spot | None]:
    """The pair of disc and fovea that fits best, among the best places for a disc."""
    usual = [np.exp(-0.5 * (np.log(radius / USUAL) / 0.45) ** 2) for radius in RADII]
    matches = np.stack(
        [
            weight
            * against_ring(
                scene.contrast,
                scene.mask,
                radius * scene.radius,
                (1.15 * radius * scene.radius, 1.9 * radius * scene.radius),
                (0.5, 0.3),
            )
            for radius, weight in zip(RADII, usual, strict=True)
        ]
    )
    scores = np.maximum(matches.max(axis=0), 0) * np.sqrt(scene.convergence)
    darkness = _darkness(scene)
    pairs: list[tuple[float, _Spot, _Spot | None]] = []
    y, x = np.mgrid[: scores.shape[0], : scores.shape[1]]
    for _ in range(_CANDIDATES):
        row, column = np.unravel_index(int(scores.argmax()), scores.shape)
        best = float(scores[row, column])
        if best <= 0:
            break
        radius = _radius(matches[:, row, column])
        spot = _Spot(int(column), int(row), best, 0.0, radius)
        fovea = _fovea(scene, spot, darkness)
        pairs.append((best * (1 + (0.0 if fovea is None else min(fovea.score, 1))), spot, fovea))
        scores[np.hypot(x - column, y - row) < _APART * scene.radius] = 0
    if not pairs:
        return _Spot(0, 0, 0.0, 0.0), None
    pairs.sort(key=lambda pair: -pair[0])
    total, spot, fovea = pairs[0]
    rival = pairs[1][0] / total if len(pairs) > 1 else 0.0
    return _Spot(spot.x, spot.y, spot.score, rival * spot.score, spot.radius), fovea


def _radius(matches: NDArray[np.float32]) -> float:
    """The disc's radius from how each of RADII matches, drawn half way to the usual one.

    Decided: what one picture tells is about as sure as what is known of all eyes; a field that
    plainly shows another angle of the eye is taken as it is.
    """
    seen = RADII[int(matches.argmax())] / _SHRUNK
    return seen if seen > 1.25 * USUAL else float(np.sqrt(seen * USUAL))


def _darkness(scene: _Scene) -> Plane:
    """How much darker a fovea's place is than the ring round it; -inf where none can lie."""
    # Bright lesions in the ring must not make its middle look dark, nor the lens's falling light.
    dark = -np.clip(_evened(scene), -0.35, 0.1)
    sizes = [size * scene.radius for size in (0.09, 0.14)]
    found = [
        against_ring(dark, scene.mask, size, (1.5 * size, 3 * size), (0.6, 0.5)) for size in sizes
    ]
    return np.asarray(np.max(found, axis=0), np.float32)


def _evened(scene: _Scene) -> Plane:
    """The contrast without what falls towards the field's edge alike on all sides.

    The inner half stays as it is: there the fovea itself may fill a whole ring.
    """
    offset = np.arange(2 * scene.radius) - (scene.radius - 0.5)
    far = np.hypot(offset[:, None], offset)
    edges = np.linspace(0.5, 1, 9) * scene.radius
    rings = np.digitize(far, edges)
    levels = []
    for ring in range(1, len(edges)):
        values = scene.contrast[scene.grid.mask & (rings == ring)]
        levels.append(float(np.median(values)) if values.size else 0.0)
    light = np.interp(far, (edges[1:] + edges[:-1]) / 2, levels)
    return np.asarray((scene.contrast - light) * scene.mask, np.float32)


def _fovea(scene: _Scene, disc: _Spot, darkness: Plane) -> _Spot | None:
    """The best place for the fovea of ``disc``, its rival being the best on the other side."""
    rows, columns = darkness.shape
    x = (np.arange(columns)[None] - disc.x) / scene.radius
    y = (np.arange(rows)[:, None] - disc.y) / scene.radius
    far = np.hypot(x, y) / (DISTANCE * disc.radius)
    angle = np.degrees(np.arctan2(y, np.abs(x)))
    expected = np.exp(-0.5 * ((far - 1) / 0.16) ** 2 - 0.5 * ((angle - DROOP) / 8) ** 2)
    bare = np.maximum(1 - 2 * cv2.GaussianBlur(scene.vessels, (0, 0), 0.05 * scene.radius), 0.1)
    seen = np.isfinite(darkness) & (_depth(scene) > 0.08 * scene.radius)
    scores = np.where(seen, (np.maximum(darkness, 0) + 0.15) * expected * bare, 0)
    row, column = np.unravel_index(int(scores.argmax()), scores.shape)
    best = float(scores[row, column])
    if best <= 0:
        return None
    other = scores[:, : disc.x] if column > disc.x else scores[:, disc.x + 1 :]
    second = float(other.max()) if other.size else 0.0
    return _Spot(int(column), int(row), best, second)


def _depth(scene: _Scene) -> Plane:
    """How far inside the mask each place lies, in pixels."""
    inside = np.pad(scene.grid.mask.astype(np.uint8), 1)
    return np.asarray(cv2.distanceTransform(inside, cv2.DIST_L2, 5)[1:-1, 1:-1], np.float32)
