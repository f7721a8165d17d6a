"""The gradient of loss and sparsity together: against the oracle, autograd and differences."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engine.answers import Criterion
from engine.errors import Refusal
from engine.networks.operator_network import OperatorNetwork, initialise
from engine.networks.operators import (
    Conv,
    Dense,
    Dropout,
    Maxout,
    MaxPool,
    MeanPool,
    Operator,
    RMSPool,
)
from engine.training.sparsity import Figures, Route, Sparsity, Target, backward


class Oracle:
    """The network, the batch and the right gradients of the reference file."""

    def __init__(self, path: Path) -> None:
        self._arrays = np.load(path)
        self.x, self.y = self.tensor("x"), self.tensor("y")
        self.nu = float(self._arrays["nu"])

    def tensor(self, name: str) -> Tensor:
        return torch.from_numpy(self._arrays[name])

    def network(self, pooling: str) -> OperatorNetwork:
        layers: list[Operator] = []
        maps, size, units = 3, 32, 0
        for kind, *numbers in json.loads(str(self._arrays["layers"])):
            if kind == "c":
                out, window, stride, padding = numbers
                conv = Conv(maps, out, window, stride, padding, size)
                layers.append(conv)
                maps, size = out, conv.size
            elif kind in ("m", "pool"):
                pools = {"m": MaxPool, "mean": MeanPool, "rms": RMSPool}
                pool = pools[kind if kind == "m" else pooling](*numbers, size)
                layers.append(pool)
                size = pool.size
                units = maps * size * size
            elif kind in ("d", "o"):
                layers.append(Dense(units, numbers[0], rectified=kind == "d"))
                units = numbers[0]
            else:
                layers.append(Maxout())
                units //= 2
        network = OperatorNetwork(32, layers).double()
        for number, parameter in enumerate(parameters(network)):
            parameter.data = self.tensor(f"parameter{number:02d}").reshape(parameter.shape)
        return network

    def gradients(self, name: str, network: OperatorNetwork) -> list[Tensor]:
        return [
            self.tensor(f"{name}{number:02d}").reshape(parameter.shape)
            for number, parameter in enumerate(parameters(network))
        ]


def parameters(network: nn.Module) -> list[nn.Parameter]:
    """Weight, bias, weight, bias … as the reference file counts them."""
    return list(network.parameters())


@pytest.fixture(scope="module")
def oracle(shared: Callable[[str], Path]) -> Oracle:
    return Oracle(shared("oracles/sparsity.npz"))


def relative(found: list[Tensor], expected: list[Tensor]) -> float:
    """The norm of the difference over the norm of what is right."""
    one, other = (torch.cat([part.flatten() for part in parts]) for parts in (found, expected))
    return float((one - other).norm() / other.norm())


def found_by(network: nn.Module, x: Tensor, y: Tensor, sparsity: Sparsity) -> list[Tensor]:
    network.zero_grad(set_to_none=True)
    backward(network, x, y, sparsity)
    return [parameter.grad.clone() for parameter in parameters(network)]  # type: ignore[union-attr]


@pytest.mark.parametrize("pooling", ["mean", "rms"])
@pytest.mark.parametrize(
    ("route", "name"),
    [
        (Route.DOUBLE_BACKWARD, "full"),
        (Route.FUSED_EXACT, "full"),
        (Route.FUSED, "fused_linear_pool"),
        (Route.THREE_PASS, "three_pass"),
    ],
)
def test_every_route_finds_the_gradient_of_the_reference(
    oracle: Oracle, pooling: str, route: Route, name: str
) -> None:
    network = oracle.network(pooling)
    found = found_by(network, oracle.x, oracle.y, Sparsity(oracle.nu, route))
    assert relative(found, oracle.gradients(f"{pooling}_{name}", network)) < 1e-10


@pytest.mark.parametrize("pooling", ["mean", "rms"])
def test_without_weight_the_gradient_is_the_plain_one(oracle: Oracle, pooling: str) -> None:
    network = oracle.network(pooling)
    found = found_by(network, oracle.x, oracle.y, Sparsity(0.0, Route.FUSED))
    assert relative(found, oracle.gradients(f"{pooling}_plain", network)) < 1e-10


@pytest.mark.parametrize("target", list(Target))
@pytest.mark.parametrize("criterion", [Criterion.PI, Criterion.OMEGA])
@pytest.mark.parametrize("pooling", ["mean", "rms"])
def test_the_exact_fused_route_is_the_double_backward(
    oracle: Oracle, pooling: str, criterion: Criterion, target: Target
) -> None:
    network = oracle.network(pooling)
    exact, double = (
        found_by(network, oracle.x, oracle.y, Sparsity(oracle.nu, route, target, criterion))
        for route in (Route.FUSED_EXACT, Route.DOUBLE_BACKWARD)
    )
    assert relative(exact, double) < 1e-10


def test_all_routes_tell_the_same_figures(oracle: Oracle) -> None:
    network = oracle.network("rms")
    told = [
        backward(network, oracle.x, oracle.y, Sparsity(oracle.nu, route)) for route in list(Route)
    ]
    signed = oracle.tensor("rms_signed_pi").abs().flatten(1).sum(1)
    errors = oracle.tensor("rms_f") - oracle.y
    expected = Figures(
        loss=float(errors.square().mean()),
        term=float(oracle.nu * (2 * errors.abs() * signed).mean()),
        evidence=float(signed.mean()),
        spread=float(oracle.tensor("rms_f").std(correction=0)),
    )
    for figures in told:
        assert vars(figures) == pytest.approx(vars(expected), rel=1e-9)


@pytest.mark.parametrize("criterion", [Criterion.PI, Criterion.OMEGA])
def test_the_gradient_is_that_of_the_stated_objective(oracle: Oracle, criterion: Criterion) -> None:
    network = oracle.network("rms")
    sparsity = Sparsity(oracle.nu, Route.FUSED_EXACT, criterion=criterion)
    gradients = found_by(network, oracle.x, oracle.y, sparsity)
    generator = torch.Generator().manual_seed(3)
    along = [torch.randn(g.shape, generator=generator, dtype=g.dtype) for g in gradients]
    expected = sum(float((g * a).sum()) for g, a in zip(gradients, along, strict=True))
    values = []
    for step in (1e-6, -1e-6):
        for parameter, a in zip(parameters(network), along, strict=True):
            parameter.data.add_(a, alpha=step)
        figures = backward(network, oracle.x, oracle.y, sparsity)
        values.append(figures.loss + figures.term)
        for parameter, a in zip(parameters(network), along, strict=True):
            parameter.data.sub_(a, alpha=step)
    assert (values[0] - values[1]) / 2e-6 == pytest.approx(expected, rel=1e-5)


def test_dropout_draws_one_mask_for_all_passes() -> None:
    conv, pool = Conv(3, 4, 3, 1, 1, 6), MaxPool(2, 2, 6)
    network = OperatorNetwork(6, [conv, pool, Dropout(), Dense(36, 1, rectified=False)]).double()
    initialise(network, torch.Generator().manual_seed(1))
    x, y = torch.randn(4, 3, 6, 6, dtype=torch.float64), torch.rand(4, dtype=torch.float64)
    network.train()
    found = []
    for route in (Route.FUSED, Route.DOUBLE_BACKWARD):
        torch.manual_seed(7)
        found.append(found_by(network, x, y, Sparsity(0.1, route)))
    assert relative(*found) < 1e-10


@pytest.mark.parametrize("criterion", [Criterion.RELEVANCE, Criterion.PI_PHOTOGRAPH])
def test_a_map_without_a_gradient_of_its_own_cannot_be_made_sparse(criterion: Criterion) -> None:
    with pytest.raises(ValueError, match=criterion):
        Sparsity(0.1, criterion=criterion)


def test_another_network_takes_the_double_backward_alone() -> None:
    other = nn.Sequential(nn.Flatten(), nn.Linear(12, 1), nn.Flatten(0)).double()
    x, y = torch.randn(2, 3, 2, 2, dtype=torch.float64), torch.rand(2, dtype=torch.float64)
    backward(other, x, y, Sparsity(0.1, Route.DOUBLE_BACKWARD))
    with pytest.raises(Refusal, match="double_backward"):
        backward(other, x, y, Sparsity(0.1, Route.FUSED))


def test_the_term_makes_heatmaps_sparser_and_keeps_what_was_learnt() -> None:
    """A toy: bright dots on a grey ground."""
    generator = torch.Generator().manual_seed(2)
    y = (torch.arange(32) % 2).float()
    x = 0.1 * torch.randn(32, 3, 16, 16, generator=generator)
    places = torch.randint(1, 15, (32, 2), generator=generator)
    for picture, (row, column) in enumerate(places.tolist()):
        x[picture, :, row, column] += y[picture]
    told = {}
    for nu in (0.0, 0.1):
        layers = [Conv(3, 8, 3, 1, 1, 16), MaxPool(2, 2, 16), Conv(8, 8, 3, 1, 1, 8)]
        layers += [MaxPool(2, 2, 8), Dense(128, 16), Maxout(), Dense(8, 1, rectified=False)]
        network = OperatorNetwork(16, layers)
        initialise(network, torch.Generator().manual_seed(4), gain=1.343)
        optimiser = torch.optim.Adam(network.parameters(), 3e-3)
        for _ in range(150):
            told[nu] = backward(network, x, y, Sparsity(nu))
            optimiser.step()
    assert told[0.0].loss < 0.02
    assert told[0.1].loss < 0.05
    assert told[0.1].evidence < 0.75 * told[0.0].evidence
