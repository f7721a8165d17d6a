"""How one photograph lies on another: against the shift and the warp that were made."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.findings.landmarks import landmarks_of
from engine.followup.align import NOT_ONE_EYE, NOTHING, Evened, align, even
from engine.geometry import Affine, Circle, apply
from engine.phantoms.eye import PhantomEye, draw_eye
from engine.pictures import Laterality
from engine.preparation.field_of_view import find_field_of_view

WIDTH = 700


def evened(pixels: NDArray[np.uint8]) -> Evened:
    return even(pixels, find_field_of_view(pixels).circle, landmarks_of(pixels))


def off(matrix: object, truth: Affine, field: Circle, disc: Circle) -> float:
    """The largest error within the field, in disc diameters."""
    angle = np.linspace(0, 2 * np.pi, 12)
    rings = [share * field.radius * np.stack([np.cos(angle), np.sin(angle)], 1)
             for share in (0.0, 0.5, 0.85)]  # fmt: skip
    points = np.concatenate(rings) + np.array([field.x, field.y])
    gap = apply(np.array(matrix), points) - apply(truth, points)
    return float(np.hypot(*gap.T).max()) / (2 * disc.radius)


def relit(pixels: NDArray[np.uint8], seed: int) -> NDArray[np.uint8]:
    """Another light, from another side, with another gamma and noise."""
    generator = np.random.default_rng(seed)
    rows, columns = (np.linspace(-1, 1, length) for length in pixels.shape[:2])
    light = generator.uniform(0.75, 1.1) + 0.15 * (rows[:, None] - columns)
    bright = 255 * np.clip(pixels / 255 * light[..., None], 0, 1) ** generator.uniform(0.85, 1.2)
    noisy = bright + generator.normal(0, 2, pixels.shape) * (pixels.max(axis=2) > 15)[..., None]
    return np.clip(noisy, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def eye() -> PhantomEye:
    return draw_eye(11, severity=2, laterality=Laterality.RIGHT, width=WIDTH)


@pytest.mark.parametrize("aside", [(0.06, -0.04), (-0.08, 0.08)])
def test_an_eye_that_looked_aside_is_laid_on_itself(
    eye: PhantomEye, aside: tuple[float, float]
) -> None:
    later = draw_eye(11, severity=3, laterality=Laterality.RIGHT, width=WIDTH, aside=aside)
    found, why = align(evened(eye.pixels), evened(later.pixels))
    assert found is not None, why
    shift = np.eye(3)
    shift[:2, 2] = np.array(aside) * eye.field.radius
    worst = off(found.matrix, shift, eye.field, eye.disc)
    assert worst < 0.1
    assert found.error is not None and worst <= max(2 * found.error, 0.02)


@pytest.mark.parametrize("seed", range(2))
def test_a_turned_stretched_and_relit_photograph_is_laid_within_a_tenth_of_a_disc(
    eye: PhantomEye, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    turn, scale = np.radians(generator.uniform(-8, 8)), generator.uniform(0.92, 1.08)
    middle = np.array([eye.field.x, eye.field.y])
    linear = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    linear = linear @ (np.eye(2) + generator.uniform(-0.015, 0.015, (2, 2)))
    truth = np.eye(3)
    truth[:2, :2] = linear
    truth[:2, 2] = middle + generator.uniform(-30, 30, 2) - linear @ middle
    height, width = eye.pixels.shape[:2]
    warped = cv2.warpAffine(eye.pixels, truth[:2], (width, height), flags=cv2.INTER_CUBIC)
    found, why = align(evened(eye.pixels), evened(relit(warped.astype(np.uint8), seed)))
    assert found is not None, why
    assert off(found.matrix, truth, eye.field, eye.disc) < 0.1


def test_a_right_and_a_left_eye_are_not_laid_on_each_other(eye: PhantomEye) -> None:
    other = draw_eye(11, severity=2, laterality=Laterality.LEFT, width=WIDTH)
    assert align(evened(eye.pixels), evened(other.pixels)) == (None, NOT_ONE_EYE)


def test_two_peoples_eyes_are_not_laid_on_each_other(eye: PhantomEye) -> None:
    other = draw_eye(12, severity=2, laterality=Laterality.RIGHT, width=WIDTH)
    assert align(evened(eye.pixels), evened(other.pixels)) == (None, NOT_ONE_EYE)


def test_without_sharp_vessels_disc_and_fovea_lay_them_and_a_doubt_is_said() -> None:
    eye = draw_eye(11, severity=0, laterality=Laterality.RIGHT, width=WIDTH)
    blurred = cv2.GaussianBlur(eye.pixels, (0, 0), 14).astype(np.uint8)
    marks = landmarks_of(eye.pixels)
    dim = even(blurred, find_field_of_view(blurred).circle, marks)
    assert not dim.sharp
    found, why = align(evened(eye.pixels), dim)
    assert found is not None, why
    assert found.error is None and found.doubt
    assert off(found.matrix, np.eye(3), eye.field, eye.disc) < 0.1
    assert marks.disc is not None
    on_it = replace(dim, landmarks=replace(marks, fovea=(marks.disc.x, marks.disc.y)))
    assert align(on_it, evened(eye.pixels)) == (None, NOTHING)
