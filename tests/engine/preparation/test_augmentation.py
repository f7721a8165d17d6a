"""The training draws move and weigh pictures as METHODS Q1.2 says."""

import math

import numpy as np
import pytest
import torch

from engine.preparation import fundus
from engine.preparation.augmentation import Augmentation, Draw, warp
from engine.preparation.field_of_view import FieldOfView, Method


def blob(x: float, y: float, width: int) -> torch.Tensor:
    at = torch.arange(width, dtype=torch.float64)
    drawn = torch.exp(-((at[:, None] - y) ** 2 + (at - x) ** 2) / (2 * 4.0**2))
    return drawn.expand(1, 3, width, width)


def centre(values: torch.Tensor) -> tuple[float, float]:
    weight = values[0, 0].double()
    at = torch.arange(weight.shape[0], dtype=torch.float64)
    total = weight.sum()
    return float((weight.sum(0) * at).sum() / total), float((weight.sum(1) * at).sum() / total)


@pytest.mark.parametrize("size", [448, 224])
def test_no_change_equals_the_path_of_a_test_picture(size: int) -> None:
    rng = np.random.default_rng(1)
    rows, columns = np.mgrid[0:600, 0:640]
    disk = np.hypot(rows - 300.2, columns - 310.7) < 280
    pixels = (disk[..., None] * rng.integers(60, 200, (600, 640, 3))).astype(np.uint8)
    prepared = fundus.prepare(pixels, size)
    values, _ = fundus.normalise(pixels, prepared.field, size)
    warped = warp(torch.from_numpy(values)[None], Draw.identity(1), size)[0].numpy()
    assert np.abs(warped - prepared.values).max() < 2e-3
    assert np.abs(warped - prepared.values).mean() < 2e-5


def test_a_drawn_blob_lands_where_the_formula_says() -> None:
    theta, k, t = math.radians(33), 0.9, (4.0, -7.0)
    cos, sin = k * math.cos(theta), k * math.sin(theta)
    flipped = torch.tensor([[[-cos, -sin], [-sin, cos]]])  # k R(theta) F
    drawn = Draw(flipped, torch.tensor([t]) / 448, torch.ones(1))
    x, y = 300.0, 190.0
    s0 = 448 / 460.8
    dx, dy = -(x - 255.5), y - 255.5
    expected = (
        223.5 + t[0] + s0 * (cos * dx - sin * dy),
        223.5 + t[1] + s0 * (sin * dx + cos * dy),
    )
    found = centre(warp(blob(x, y, 512), drawn, 448))
    assert found == pytest.approx(expected, abs=1e-3)


def test_contrast_multiplies_and_is_not_clipped() -> None:
    values = torch.full((2, 3, 256, 256), 0.9)
    drawn = Draw(torch.eye(2).expand(2, 2, 2), torch.zeros(2, 2), torch.tensor([0.6, 1 / 0.6]))
    warped = warp(values, drawn, 224)
    assert warped[0].mean() == pytest.approx(0.54, abs=1e-5)
    assert warped[1].mean() == pytest.approx(1.5, abs=1e-5)


def test_beyond_the_normalised_picture_is_zero() -> None:
    drawn = Draw(torch.eye(2)[None] * 0.5, torch.zeros(1, 2), torch.ones(1))
    warped = warp(torch.ones(1, 3, 256, 256), drawn, 224)
    assert warped[0, :, 0].abs().max() == 0
    assert warped[0, 0, 112, 112] == 1


def test_draws_keep_to_the_papers_ranges_and_reach_their_ends() -> None:
    drawn = Augmentation().draw(torch.Generator().manual_seed(0), 4000)
    determinant = torch.linalg.det(drawn.linear)
    scale = determinant.abs().sqrt()
    assert 0.85 <= scale.min() < 0.852
    assert 1.148 < scale.max() <= 1.1501
    assert 0.46 < (determinant < 0).float().mean() < 0.54
    shift = drawn.shift * 448
    assert 9.9 < shift.abs().max() <= 10
    assert 0.6 <= drawn.contrast.min() < 0.602
    assert 1.66 < drawn.contrast.max() <= 1.6667
    assert drawn.contrast.log().mean().abs() < 0.02
    angle = torch.atan2(-drawn.linear[:, 0, 1], drawn.linear[:, 1, 1])
    assert torch.histc(angle, 8).min() > 400


def test_less_than_a_whole_turn_goes_either_way() -> None:
    drawn = Augmentation(rotation=5, flip=0).draw(torch.Generator().manual_seed(0), 4000)
    angle = torch.atan2(drawn.linear[:, 1, 0], drawn.linear[:, 0, 0]).rad2deg()
    assert -5 <= angle.min() < -4.98
    assert 4.98 < angle.max() <= 5
    assert angle.mean().abs() < 0.15


def test_the_same_seed_draws_the_same() -> None:
    first, second = (Augmentation().draw(torch.Generator().manual_seed(7), 5) for _ in range(2))
    assert torch.equal(first.linear, second.linear)
    assert torch.equal(first.contrast, second.contrast)


def test_every_network_size_is_moved_by_the_same_part() -> None:
    drawn = Augmentation().draw(torch.Generator().manual_seed(3), 1)
    large = centre(warp(blob(300.5, 200.5, 512), drawn, 448))
    small = centre(warp(blob(150.0, 100.0, 256), drawn, 224))
    assert (np.array(small) + 0.5) * 2 == pytest.approx(np.array(large) + 0.5, abs=1e-2)


def test_a_photograph_beside_its_border_is_warped_whole() -> None:
    pixels = np.full((300, 500, 3), 120, np.uint8)
    values, mask = fundus.normalise(pixels, FieldOfView(249.5, 149.5, 480, Method.CIRCLE), 224)
    assert values.shape == (3, 256, 256)
    assert mask.shape == (256, 256)
