"""Drawn eyes and grafted photographs as a network learns from them: prepared, and labelled.

A worker process makes one after the other; each is told by (seed, severity) alone::

    picture = drawn_example(seed, severity, size)
    healthy = healthy_host(photograph, size)  # once for every healthy photograph
    picture = graft_example(healthy, seed, severity)
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.findings.disc_and_fovea import find_landmarks
from engine.geometry import Circle
from engine.phantoms.grafts import Host, graft, host
from engine.phantoms.lesions import Lesion
from engine.phantoms.lifelike import draw_lifelike
from engine.preparation.field_of_view import FieldOfView, Method, find_field_of_view
from engine.preparation.fundus import LEVELS, flatten, normalise, resize, working_width
from engine.preparation.resampling import resample_box

NONE = 0
LABELS = {
    Lesion.SOFT_EXUDATE: 4,
    Lesion.PRERETINAL_HAEMORRHAGE: 2,
    Lesion.MICROVASCULAR: 5,
    Lesion.NEW_VESSELS: 5,
    Lesion.HAEMORRHAGE: 2,
    Lesion.HARD_EXUDATE: 3,
    Lesion.MICROANEURYSM: 1,
}
"""A kind's label; where kinds meet, the later one here is kept."""
_COVERED = 0.43  # of a pixel's area: more of a lesion than this makes it one


@dataclass(frozen=True, eq=False)
class Example:
    """One prepared picture and its lesions.

    ``values`` int8 (3, w, w): normalised values times 128. ``labels`` uint8 (w, w) on the same
    working grid: 0 none, 1 microaneurysm, 2 haemorrhage (also before the retina), 3 hard exudate,
    4 soft exudate, 5 new vessels (also
    microvascular abnormalities within the retina).
    """

    values: NDArray[np.int8]
    labels: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Healthy:
    """A healthy photograph on the working grid, and where its field is, bool (w, w)."""

    host: Host
    mask: NDArray[np.bool_]


def drawn_example(seed: int, severity: int, size: int) -> Example:
    """The drawn eye of ``seed`` and ``severity`` 0 to 4 for a network of ``size`` pixels."""
    eye = draw_lifelike(seed, severity, working_width(size))
    field = FieldOfView(eye.field.x, eye.field.y, 2 * eye.field.radius, Method.CIRCLE)
    values, mask = normalise(eye.pixels, field, size)
    return _example(values, mask, eye.lesions, field)


def healthy_host(pixels: NDArray[np.uint8], size: int) -> Healthy:
    """A healthy photograph, uint8 (y, x, 3), its disc and fovea looked for.

    It is brought to the working grid of a network of ``size`` pixels, so that lesions are laid
    there and each graft is prepared in no time.

    Raises:
        Refusal: if no field of view is found.
    """
    found = find_field_of_view(pixels)
    marks = find_landmarks(pixels, found.circle)
    resized, mask = resize(pixels, found, size)
    width = working_width(size)
    scale = width / found.width
    middle = (width - 1) / 2

    def placed(x: float, y: float) -> tuple[float, float]:
        return middle + scale * (x - found.x), middle + scale * (y - found.y)

    disc = marks.disc and Circle(*placed(marks.disc.x, marks.disc.y), scale * marks.disc.radius)
    fovea = marks.fovea and placed(*marks.fovea)
    return Healthy(host(resized, Circle(middle, middle, width / 2), disc, fovea), mask)


def graft_example(healthy: Healthy, seed: int, severity: int) -> Example:
    """A healthy photograph with the lesions of ``seed`` and ``severity`` 0 to 4 laid on it."""
    laid = graft(healthy.host, seed, severity)
    circle = healthy.host.field
    field = FieldOfView(circle.x, circle.y, 2 * circle.radius, Method.CIRCLE)
    return _example(flatten(laid.pixels, healthy.mask), healthy.mask, laid.lesions, field)


def _example(
    values: NDArray[np.float32],
    mask: NDArray[np.bool_],
    lesions: Mapping[Lesion, NDArray[np.bool_]],
    field: FieldOfView,
) -> Example:
    kept = np.rint(values * LEVELS).clip(-LEVELS, LEVELS - 1).astype(np.int8)
    labels = _labelled(lesions, field, len(mask))
    labels[~mask] = NONE
    return Example(kept, labels)


def _labelled(
    lesions: Mapping[Lesion, NDArray[np.bool_]], field: FieldOfView, width: int
) -> NDArray[np.uint8]:
    """The masks (y, x) as labels on the working grid, uint8 (width, width)."""
    labels = np.full((width, width), NONE, np.uint8)
    shown = [kind for kind in LABELS if lesions[kind].any()]
    if not shown:
        return labels
    masks = np.stack([lesions[kind] for kind in shown], axis=2)
    left, top = field.x - field.width / 2, field.y - field.width / 2
    covered = resample_box(masks.view(np.uint8), left, top, field.width, width)
    for layer, kind in enumerate(shown):
        labels[covered[..., layer] > _COVERED] = LABELS[kind]
    return labels
