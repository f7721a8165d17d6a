"""Drawn eyes of training look like prepared real photographs, by figures measured on IDRiD."""

from functools import cache

import cv2
import numpy as np
import pytest

from engine.phantoms.eye import PhantomEye
from engine.phantoms.lesions import Lesion
from engine.phantoms.lifelike import draw_lifelike

# Mean green in a lesion over that of the ring round it, 10 to 90 % of IDRiD's lesions.
MEASURED = {
    Lesion.MICROANEURYSM: (0.854, 0.950),
    Lesion.HAEMORRHAGE: (0.814, 0.945),
    Lesion.HARD_EXUDATE: (1.053, 1.237),
    Lesion.SOFT_EXUDATE: (1.099, 1.539),
}


@cache
def _eyes() -> list[PhantomEye]:
    return [draw_lifelike(seed, 2 + seed % 3, 450) for seed in range(9)]


def _contrasts(eye: PhantomEye, kind: Lesion) -> list[float]:
    """Green of every lesion over the median of what lies round it and belongs to none."""
    green = eye.pixels[..., 1].astype(float)
    free = ~np.any(list(eye.lesions.values()), axis=0)
    count, spots, boxes, _ = cv2.connectedComponentsWithStats(eye.lesions[kind].astype(np.uint8))
    found = []
    for spot in range(1, count):
        x, y, width, height, area = boxes[spot]
        part = np.s_[max(y - 6, 0) : y + height + 6, max(x - 6, 0) : x + width + 6]
        ring = green[part][free[part]]
        if area >= 3 and len(ring) > 20 and np.median(ring) > 20:
            found.append(green[part][spots[part] == spot].mean() / np.median(ring))
    return found


@pytest.mark.parametrize("kind", list(MEASURED))
def test_lesions_are_as_faint_as_real_ones(kind: Lesion) -> None:
    low, high = MEASURED[kind]
    contrasts = [value for eye in _eyes() for value in _contrasts(eye, kind)]
    assert low < np.median(contrasts) < high


def test_no_two_eyes_are_alike() -> None:
    # Pictures of one camera's frame, by what is left when the light is taken off.
    pictures = []
    for seed in range(24):
        eye = draw_lifelike(seed, 0, 96)
        side = cv2.resize(eye.pixels, (96, 96)).astype(np.float32)
        pictures.append((side - cv2.GaussianBlur(side, (0, 0), 4))[24:72, 24:72].ravel())
    alike = np.corrcoef(pictures) - np.eye(len(pictures))
    assert alike.max() < 0.7


def test_the_same_seed_is_the_same_eye() -> None:
    assert np.array_equal(draw_lifelike(7, 2, 96).pixels, draw_lifelike(7, 2, 96).pixels)


def test_a_severity_changes_lesions_alone() -> None:
    healthy, ill = draw_lifelike(3, 0, 300), draw_lifelike(3, 2, 300)
    touched = np.any(list(ill.lesions.values()), axis=0).astype(np.uint8)
    # What the lens blurs of a lesion lies within a few pixels of it.
    around = cv2.dilate(touched, np.ones((9, 9), np.uint8)) > 0
    assert not any(mask.any() for mask in healthy.lesions.values())
    assert touched.any()
    assert np.abs(healthy.pixels.astype(int) - ill.pixels)[~around].max() <= 1


def test_a_severity_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="0 to 4"):
        draw_lifelike(1, 5)
