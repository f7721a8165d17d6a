"""A plan is read whole, or refused by what is wrong with it."""

from pathlib import Path

import msgspec
import pytest
import torch

from engine.errors import Refusal
from engine.networks import registry
from engine.training import plan as plans

PLAN = """
recipe = "retinopathy"
[pack]
name = "little"
version = "1.0.0"
title = "A little pack"
licence = "CC0-1.0"
intended_use = "Tests."
[data]
grades = "grades.csv"
name = "Drawn eyes"
licence = "CC0-1.0"
source = "drawn"
limits = "Drawn."
[optimisation]
passes = 2
"""


def test_the_papers_numbers_are_the_defaults() -> None:
    plan = plans.parse(PLAN, "plan.toml")
    numbers = plan.optimisation
    assert (numbers.batch, numbers.learning_rate, numbers.weight_decay) == (36, 1e-4, 0.001)
    assert (numbers.schedule, numbers.balance) == ("plateau", False)
    assert (plan.network.size, plan.network.gain, plan.phantoms.eyes) == (448, 1.0, 0)


@pytest.mark.parametrize(
    ("network", "shape"),
    [
        ('name = "net_a"\nsize = 112', (64, 32, 3, 3)),
        ('name = "net_a"\nsize = 112\nlayer5_window = 5', (64, 32, 5, 5)),
        ("size = 112", (64, 32, 4, 4)),
    ],
)
def test_a_plan_names_the_network_that_the_registry_builds(
    network: str, shape: tuple[int, ...]
) -> None:
    named = plans.parse(f"{PLAN}[network]\n{network}\n", "plan.toml").network
    with torch.device("meta"):
        built = registry.build(named.name, named.arguments)
    assert "layer5_window" not in msgspec.to_builtins(plans.Network())
    assert shape in [tuple(value.shape) for value in built.parameters()]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("passes = 0", "optimisation.passes"),
        ("passes = 2\nbatchs = 3", "batchs"),
        ("passes = 2\nlearning_rate = 7.0", "learning_rate"),
        ("passes = 2\n[network]\nsize = 300", "network.size"),
        ("passes =", "not in order"),
        ("passes = 2\nbalanse = true", "balanse is no key of a plan; optimisation.balance is one"),
        ("passes = 2\n[network]\nsize = 300", r"size is “300”, and may be 448, 224, 112\."),
        ("passes = 2\nprecision = 'half'", "“half”, and may be float32, tf32, bfloat16"),
        ("learning_rate = 0.1", r"optimisation\.passes is missing"),
        ("passes = 2\n[network]\nlayer5_window = 4", "“4”, and may be 3, 5"),
        ("passes = 2\n[operation]\nsensitivity = 1.0", "sensitivity"),
    ],
)
def test_what_is_wrong_is_named(change: str, named: str) -> None:
    with pytest.raises(Refusal, match=named):
        plans.parse(PLAN.replace("passes = 2", change), "plan.toml")


def test_a_plan_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="nothing"):
        plans.read(tmp_path / "nothing")


@pytest.mark.parametrize("name", ["", "../up", "a pack", "a@b"])
def test_a_pack_that_could_not_be_installed_is_refused_before_training(name: str) -> None:
    with pytest.raises(Refusal, match=r"pack\.name"):
        plans.parse(PLAN.replace('name = "little"', f'name = "{name}"'), "plan.toml")
