"""A graphics card multiplies as exactly as the plan asks, and never less."""

from functools import partial

import pytest
import torch

from engine.errors import Refusal
from engine.training import plan as plans
from engine.training.checkpoints import Progress
from engine.training.loop import Step
from engine.training.plan import Optimisation
from engine.training.precision import as_planned, gradient_error

PLAN = """
recipe = "retinopathy"
[pack]
name = "a"
version = "1"
title = "A"
licence = "none"
intended_use = "none"
[data]
grades = "grades.csv"
name = "a"
licence = "none"
source = "none"
limits = "none"
[optimisation]
passes = 1
precision = "bfloat16"
"""


@pytest.mark.parametrize(("precision", "tf32"), [("float32", False), ("tf32", True)])
def test_tf32_is_used_where_the_plan_names_it_alone(precision: str, tf32: bool) -> None:
    before = torch.backends.cudnn.allow_tf32
    with as_planned(Optimisation(passes=1, precision=precision)):  # type: ignore[arg-type]
        assert torch.backends.cudnn.allow_tf32 is tf32
        assert torch.backends.cuda.matmul.allow_tf32 is tf32
    assert torch.backends.cudnn.allow_tf32 is before


def test_a_plan_that_is_to_be_repeatable_takes_repeatable_routes() -> None:
    with as_planned(Optimisation(passes=1, deterministic=True)):
        assert torch.are_deterministic_algorithms_enabled()
        assert torch.backends.cudnn.deterministic
    assert not torch.are_deterministic_algorithms_enabled()


def test_bfloat16_is_refused_beside_the_sparsity_term() -> None:
    assert plans.parse(PLAN, "plan").optimisation.precision == "bfloat16"
    with pytest.raises(Refusal, match="not precise enough"):
        plans.parse(f"{PLAN}[sparsity]\nnu = 1e-3\n", "plan")


def test_the_gradients_error_is_that_of_the_reduced_product() -> None:
    layer = torch.nn.Linear(1, 1, bias=False)

    def leave(value: float) -> None:
        layer.weight.grad = torch.full((1, 1), value)

    # What was reduced is off by a hundredth.
    error = gradient_error(layer, lambda: leave(1.01), lambda: leave(1.0))
    assert error == pytest.approx(0.01, rel=1e-4)


def test_what_is_compared_with_is_not_reduced_itself() -> None:
    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Linear(64, 1), torch.nn.Flatten(0))
    inputs, truth = torch.randn(32, 64), torch.zeros(32)
    reduced = torch.autocast("cpu", torch.bfloat16)
    step = Step(network, torch.optim.Adam(network.parameters()), None, Progress(), reduced)
    take = partial(step.gradient, inputs, truth)
    assert gradient_error(network, take, partial(take, exactly=True)) > 1e-4
