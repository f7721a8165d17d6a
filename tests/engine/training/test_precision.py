"""A graphics card multiplies as exactly as the plan asks, and never less."""

import pytest
import torch

from engine.errors import Refusal
from engine.training import plan as plans
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
    steps = iter((1.01, 1.0))  # what was reduced is off by a hundredth

    def take() -> None:
        layer.weight.grad = torch.full((1, 1), next(steps))

    assert gradient_error(layer, take) == pytest.approx(0.01, rel=1e-4)
