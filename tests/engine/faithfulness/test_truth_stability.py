"""Maps of moved pictures, laid back: one that follows the picture, one that stands in the frame."""

import numpy as np
import pytest
import torch

from engine.faithfulness import stability as moves
from engine.preparation.differentiable import Resized

SIZE = 96


def disk() -> np.ndarray:
    y, x = np.indices((SIZE, SIZE)) - (SIZE - 1) / 2
    return np.hypot(x, y) < 0.45 * SIZE


def picture() -> torch.Tensor:
    """Blobs, a few pixels wide each."""
    noise = torch.rand(1, 3, SIZE // 6, SIZE // 6, generator=torch.Generator().manual_seed(1))
    return torch.nn.functional.interpolate(noise, size=(SIZE, SIZE), mode="bicubic")


def resized() -> Resized:
    return Resized(picture(), torch.from_numpy(disk())[None])


def map_of(values: torch.Tensor) -> np.ndarray:
    return values[0].sum(0).numpy().astype(np.float32)


def test_a_map_that_follows_the_picture_is_laid_back_exactly() -> None:
    shifted = [map_of(moves.shift(picture(), x, y)) for x, y in moves.SHIFTS]
    turned = [map_of(moves.turn_resized(resized(), degrees).values) for degrees in moves.TURNS]
    found = moves.stability(map_of(picture()), disk(), shifted, turned)
    assert found.shift.value == pytest.approx(1, abs=1e-6)
    assert found.shift.rank == pytest.approx(1, abs=1e-6)
    assert found.rotation.value > 0.995
    assert found.rotation.rank > 0.99


def test_a_map_that_stands_in_the_frame_is_found_out() -> None:
    noise = np.random.default_rng(0).random((SIZE, SIZE)).astype(np.float32)
    found = moves.stability(noise, disk(), [noise] * 4, [noise] * 2)
    assert abs(found.shift.value) < 0.1
    assert abs(found.shift.rank) < 0.1
    # Smoothed by a pixel, near the middle it hardly moves.
    assert found.rotation.value < 0.5
    assert found.rotation.rank < 0.5


def test_of_several_moves_the_worst_is_told() -> None:
    good = [map_of(moves.shift(picture(), x, y)) for x, y in moves.SHIFTS]
    bad = np.random.default_rng(0).random((SIZE, SIZE)).astype(np.float32)
    values = map_of(picture())
    found = moves.stability(values, disk(), [*good[:3], bad], [values, values])
    assert abs(found.shift.value) < 0.1


def test_a_picture_is_turned_counter_clockwise_as_it_is_looked_at() -> None:
    values = torch.zeros(1, 3, SIZE, SIZE)
    values[0, :, SIZE // 2, SIZE - 12] = 1  # to the right of the middle
    field = Resized(values, torch.ones(1, SIZE, SIZE, dtype=torch.bool))
    turned = moves.turn_resized(field, 20.0).values[0, 0].numpy()
    y, _ = np.unravel_index(turned.argmax(), turned.shape)
    assert y < SIZE // 2 - 8  # up, and rows count downwards
