"""The sparsity benchmark's figures, never their size: a timing is no test."""

import pytest
import torch

from engine.bench import sparsity
from engine.bench.sparsity import BareNetB
from engine.networks.net_b import NetB
from engine.networks.operator_network import initialise
from engine.task import Task


def test_the_benchmark_gives_every_ratio_for_every_batch_the_last_ones_first() -> None:
    found = sparsity.run(Task(), size=112, batches=(1, 2), repeats=1)
    ratios = {"ratio", "fused_exact", "double_backward", "plain_over_bare", "memory"}
    assert ratios | {"spread", "reference", "machine", "repeats"} <= set(found)
    assert list(found["batches"]) == ["1", "2"]
    assert found["batch"] == 2
    for batch in found["batches"].values():
        times = batch["seconds"]
        assert batch["ratio"] == pytest.approx(times["ratio"] / times["plain"])
        assert batch["double_backward"] == pytest.approx(times["double_backward"] / times["plain"])
        assert batch["plain_over_bare"] == pytest.approx(times["plain"] / times["bare"])
    for name in ratios:
        assert found[name] == found["batches"]["2"][name]


def test_the_bare_network_computes_what_ours_does() -> None:
    ours = NetB(112).double().eval()
    initialise(ours, torch.Generator().manual_seed(3))
    bare = BareNetB(ours).eval()
    pictures = torch.randn(2, 3, 112, 112, generator=torch.Generator().manual_seed(4)).double()
    torch.testing.assert_close(bare(pictures), ours(pictures), rtol=1e-12, atol=0)
    assert {id(value) for value in bare.parameters()} == {id(value) for value in ours.parameters()}


def test_the_peak_counts_what_stands_together_and_not_what_follows() -> None:
    def step() -> None:
        first = torch.empty(1_000_000)
        second = torch.empty(2_000_000)
        del first, second
        torch.empty(2_500_000)

    assert sparsity._peak(step) == pytest.approx(12_000_000, rel=1e-3)


def test_the_memory_of_training_holds_weights_gradients_and_moments() -> None:
    pictures, truth = torch.zeros(1, 3, 112, 112), torch.zeros(1)
    weights = 4 * sum(value.numel() for value in NetB(112).parameters())
    peak = sparsity._peak_of_training(112, None, pictures, truth)
    assert 4 * weights < peak < 6 * weights
