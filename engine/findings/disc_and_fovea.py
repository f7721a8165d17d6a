"""Where the optic disc and the fovea lie in a fundus photograph, and which eye it then is."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.answers import Landmarks
from engine.findings.reduced import Plane, Reduced, against_ring, blur_within, reduce
from engine.findings.vessels import Vessels, find_vessels
from engine.geometry import Circle, apply
from engine.pictures import Laterality
from engine.preparation.fundus import EROSION
from engine.telling.positions import macula_beyond
from engine.telling.region_words import AT_EDGE

# Lengths are in parts of the field's radius unless they say otherwise.
RADII = (0.11, 0.13, 0.15, 0.17, 0.20, 0.24)  # of discs: 60° fields to 30° ones
USUAL = 0.154  # the disc's radius in fields of 45 to 50°, from IDRiD's disc masks
DISTANCE = 5.1  # disc radii from the disc's centre to the fovea: some 2.5 disc diameters
DROOP = 6.5  # degrees by which the fovea lies below the disc's centre
# Decided: below it nothing is said to be found. Most photographs whose disc was painted over stay
# below the first, nearly all whose disc shows are above it; a wrong disc would mislead.
LEAST_DISC = 0.6
LEAST_FOVEA = 0.15
PLAIN_FOVEA = 0.5
"""From here on a fovea speaks louder than the eye that a photograph is said to show."""
PLAIN_PIT = 1.8
"""From this darkness on a fovea lies where its pit is deepest. Decided: of the photographs at hand
that it moves by more than 0.3 disc diameters, nearly all lie better; below, as many lie worse."""

_SHRUNK = 0.95  # of a disc's radius is what matches best, since its edge is soft
_CANDIDATES = 4
_ASIDE = 0.25  # from the field's middle: a disc further off lies on the nose's side of it
_FAR, _TILT = 0.16, 8.0  # spreads of a fovea's distance, in parts of the usual one, and degrees
_USUAL_FOVEA = 0.6  # what a fovea scores
_PIT_BLUR = 0.06
_PIT_REACH = 0.8  # disc diameters that a fovea may be off its pit
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


def find_landmarks(
    pixels: NDArray[np.uint8], field: Circle, eye: Laterality | None = None
) -> Landmarks:
    """Find disc and fovea in a photograph, uint8 (y, x, 3), whose field of view is ``field``.

    ``eye`` is which eye it is said to be, by a reader, header, table or name. Decided: it counts
    unless the photograph plainly shows the other eye; ``laterality`` then tells so.

    The disc is a bright even circle against the ring round it, where vessels converge and from
    which a fovea is in sight; the fovea a dark place without vessels at the usual distance and
    angle from the disc. Both confidences are from 0 to 1: how far the place stands out from the
    best other one. They are no probabilities.
    """
    reduced = reduce(pixels, field)
    scene = _look(reduced, find_vessels(reduced))
    found = _landmarks(scene, field, None)
    if eye is None or found.laterality is eye or _is_plain(found, field):
        return found
    return _landmarks(scene, field, eye)


def _is_plain(found: Landmarks, field: Circle) -> bool:
    """Whether a photograph tells by itself which eye it shows."""
    if found.disc is None:
        return False
    aside = abs(found.disc.x - field.x) > _ASIDE * field.radius
    return aside or found.fovea_confidence >= PLAIN_FOVEA


def _landmarks(scene: _Scene, field: Circle, eye: Laterality | None) -> Landmarks:
    """Disc and fovea; the fovea only where it lies in ``eye``, if that is known."""
    disc, fovea = _search(scene, eye)
    disc_confidence = _confidence(disc, 1.5)
    if disc_confidence < LEAST_DISC:
        return Landmarks(disc_confidence=disc_confidence, notes=(NO_DISC, NO_ANCHOR))
    (x, y), scale = _back(scene, disc), field.radius
    circle = Circle(x, y, disc.radius * scale)
    place = None if fovea is None else _back(scene, fovea)
    # Near the edge it may be the edge's own shadow that is dark.
    assessed = Circle(field.x, field.y, (1 - 2 * EROSION) * scale)
    beyond = macula_beyond(Landmarks(circle, fovea=place), assessed)
    fovea_confidence = 0.0 if fovea is None else (1 - beyond) * _confidence(fovea, _USUAL_FOVEA)
    if place is None or fovea_confidence < LEAST_FOVEA:
        return Landmarks(
            disc=circle,
            disc_confidence=disc_confidence,
            fovea_confidence=fovea_confidence,
            laterality=_eye((x - field.x) / scale, _ASIDE),
            notes=(NO_FOVEA,),
        )
    return Landmarks(
        disc=circle,
        disc_confidence=disc_confidence,
        fovea=place,
        fovea_confidence=fovea_confidence,
        laterality=_eye((x - place[0]) / scale, 0.0),
        notes=(AT_EDGE,) if beyond else (),
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
    return float(min(max(lead, 0) / 0.6, 1) * min(spot.score / usual, 1))


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


def _search(scene: _Scene, eye: Laterality | None) -> tuple[_Spot, _Spot | None]:
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
    # Bright lesions must not make what lies between them look dark, nor the lens's falling light.
    even = np.clip(_evened(scene), -0.35, 0.1)
    darkness = _darkness(scene, even)
    pairs: list[tuple[float, _Spot, _Spot | None]] = []
    y, x = np.mgrid[: scores.shape[0], : scores.shape[1]]
    for _ in range(_CANDIDATES):
        row, column = np.unravel_index(int(scores.argmax()), scores.shape)
        best = float(scores[row, column])
        if best <= 0:
            break
        radius = _radius(matches[:, row, column])
        spot = _Spot(int(column), int(row), best, 0.0, radius)
        fovea = _fovea(scene, spot, darkness, eye)
        pairs.append((best * (1 + (0.0 if fovea is None else min(fovea.score, 1))), spot, fovea))
        scores[np.hypot(x - column, y - row) < _APART * scene.radius] = 0
    if not pairs:
        return _Spot(0, 0, 0.0, 0.0), None
    pairs.sort(key=lambda pair: -pair[0])
    total, spot, fovea = pairs[0]
    rival = pairs[1][0] / total if len(pairs) > 1 else 0.0
    fovea = fovea and _settled(scene, even, darkness, fovea, 2 * spot.radius)
    return _Spot(spot.x, spot.y, spot.score, rival * spot.score, spot.radius), fovea


def _radius(matches: NDArray[np.float32]) -> float:
    """The disc's radius from how each of RADII matches, drawn half way to the usual one.

    Decided: what one picture tells is about as sure as what is known of all eyes; a field that
    plainly shows another angle of the eye is taken as it is.
    """
    seen = RADII[int(matches.argmax())] / _SHRUNK
    return seen if seen > 1.25 * USUAL else float(np.sqrt(seen * USUAL))


def _darkness(scene: _Scene, even: Plane) -> Plane:
    """How much darker a fovea's place is than the ring round it; -inf where none can lie."""
    sizes = [size * scene.radius for size in (0.09, 0.14)]
    found = [
        against_ring(-even, scene.mask, size, (1.5 * size, 3 * size), (0.6, 0.5)) for size in sizes
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


def _fovea(scene: _Scene, disc: _Spot, darkness: Plane, eye: Laterality | None) -> _Spot | None:
    """The best place for the fovea of ``disc``; its rival is the best on the other side, or one
    that is out of sight.
    """
    rows, columns = darkness.shape
    usual = DISTANCE * disc.radius
    x = (np.arange(columns)[None] - disc.x) / scene.radius
    y = (np.arange(rows)[:, None] - disc.y) / scene.radius
    far = np.hypot(x, y) / usual
    angle = np.degrees(np.arctan2(y, np.abs(x)))
    expected = np.exp(-0.5 * ((far - 1) / _FAR) ** 2 - 0.5 * ((angle - DROOP) / _TILT) ** 2)
    bare = np.maximum(1 - 2 * cv2.GaussianBlur(scene.vessels, (0, 0), 0.05 * scene.radius), 0.1)
    seen = np.isfinite(darkness) & (_depth(scene) > 0.08 * scene.radius)
    scores = np.where(seen, (np.maximum(darkness, 0) + 0.15) * expected * bare, 0)
    sides = {Laterality.RIGHT: np.s_[:, : disc.x], Laterality.LEFT: np.s_[:, disc.x + 1 :]}
    everywhere = 2 * np.pi * _FAR * np.radians(_TILT) * (usual * scene.radius) ** 2
    by_place = _eye(disc.x / scene.radius - 1, _ASIDE)
    second = 0.0
    for each, side in sides.items():
        if eye not in (None, each):
            scores[side] = 0
        elif by_place in (None, each):
            in_sight = float(np.where(seen, expected, 0)[side].sum()) / everywhere
            second = max(second, _USUAL_FOVEA * (1 - in_sight))
    row, column = np.unravel_index(int(scores.argmax()), scores.shape)
    best = float(scores[row, column])
    if best <= 0:
        return None
    scores[sides[Laterality.LEFT if column > disc.x else Laterality.RIGHT]] = 0
    return _Spot(int(column), int(row), best, max(second, float(scores.max())))


def _settled(scene: _Scene, even: Plane, darkness: Plane, fovea: _Spot, diameter: float) -> _Spot:
    """The bottom of the dark pit on whose side a fovea was found; the place itself without one.

    The usual distance draws a fovea of another distance off its pit; ``diameter`` is the disc's.
    """
    smooth = blur_within(even, scene.mask, _PIT_BLUR * scene.radius)
    level = np.pad(np.where(scene.grid.mask, smooth, np.inf), 1, constant_values=np.inf)
    x, y, deeper = fovea.x, fovea.y, True
    while deeper:
        down, across = divmod(int(level[y : y + 3, x : x + 3].argmin()), 3)
        deeper = level[y + down, x + across] < level[y + 1, x + 1]
        if deeper:
            x, y = x + across - 1, y + down - 1
    away = float(np.hypot(x - fovea.x, y - fovea.y)) / scene.radius
    if darkness[y, x] < PLAIN_PIT or away > _PIT_REACH * diameter:
        return fovea
    return replace(fovea, x=x, y=y)


def _depth(scene: _Scene) -> Plane:
    """How far inside the mask each place lies, in pixels."""
    inside = np.pad(scene.grid.mask.astype(np.uint8), 1)
    return np.asarray(cv2.distanceTransform(inside, cv2.DIST_L2, 5)[1:-1, 1:-1], np.float32)
