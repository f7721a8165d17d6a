"""The preparation on tensors against the one that every photograph takes."""

import numpy as np
import pytest
import torch

from engine.phantoms.eye import draw_eye
from engine.preparation import fundus
from engine.preparation.differentiable import Resized, network_input


@pytest.fixture(scope="module")
def eye() -> np.ndarray:
    return draw_eye(4, severity=3, width=900).pixels


def resized(pixels: np.ndarray, size: int) -> Resized:
    field = fundus.find_field_of_view(pixels)
    values, mask = fundus.resize(pixels, field, size)
    colours_first = torch.from_numpy(values).permute(2, 0, 1)[None]
    return Resized(colours_first, torch.from_numpy(mask)[None])


@pytest.mark.parametrize("size", [448, 112])
def test_it_gives_what_the_photographs_preparation_gives(eye: np.ndarray, size: int) -> None:
    photograph = resized(eye, size)
    found = network_input(photograph.values, photograph.mask, size)
    expected = fundus.prepare(eye, size).values
    assert expected.max() > 0.9, "nothing clips"
    np.testing.assert_allclose(found[0].numpy(), expected, atol=2e-4)


def test_its_derivative_is_linear_where_it_clips(eye: np.ndarray) -> None:
    photograph = resized(eye, 112)
    values = photograph.values.double().requires_grad_()
    made = network_input(values, photograph.mask, 112)
    seed = torch.randn(made.shape, generator=torch.Generator().manual_seed(1), dtype=made.dtype)
    (gradient,) = torch.autograd.grad(made, values, seed)
    weak = photograph.values.double() / 100  # nothing of it clips
    along = torch.randn(weak.shape, generator=torch.Generator().manual_seed(2), dtype=made.dtype)
    moved = network_input(weak + along, photograph.mask, 112) - network_input(
        weak, photograph.mask, 112
    )
    assert (gradient * along).sum().item() == pytest.approx((seed * moved).sum().item(), rel=1e-9)


def test_the_working_grid_leads_back_to_the_photograph(eye: np.ndarray) -> None:
    """A dot drawn at a known place is found there."""
    field = fundus.find_field_of_view(eye)
    at = np.array([field.x + 0.31 * field.width, field.y - 0.12 * field.width]).round()
    dotted = np.zeros_like(eye)
    x, y = at.astype(int)
    dotted[y - 3 : y + 4, x - 3 : x + 4] = 255
    values, _ = fundus.resize(dotted, field, 448)
    weights = values.sum(2)
    rows, columns = np.indices(weights.shape)
    centre = np.array([(columns * weights).sum(), (rows * weights).sum(), weights.sum()])
    found = fundus.working_way_back(field, 448) @ (centre / weights.sum())
    np.testing.assert_allclose(found[:2], at, atol=0.05)
