"""A graphics card multiplies as exactly as the plan asks, and never less."""

import os
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import Refusal
from engine.task import Task
from engine.training import normalised, retinopathy, retinopathy_drawn
from engine.training import plan as plans
from engine.training.checkpoints import Progress
from engine.training.loop import Step
from engine.training.normalised import Pictures
from engine.training.plan import Optimisation
from engine.training.precision import as_planned, gradient_error
from engine.training.run import Run

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


def test_a_plan_that_is_to_be_repeatable_takes_repeatable_routes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", "")  # put back behind the test
    monkeypatch.delenv("CUBLAS_WORKSPACE_CONFIG")
    with as_planned(Optimisation(passes=1, deterministic=True)):
        # torch's notes on reproducibility: else its products on a card raise.
        assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":4096:8"
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


def test_drawn_eyes_are_learnt_from_by_the_plans_own_precision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Optimisation] = []
    eyes = Pictures(np.zeros((40, 3, 2, 2), np.int8), np.arange(40) % 2 == 0)
    monkeypatch.setattr(normalised, "phantoms", lambda *_: eyes)

    def trained(_plan, _part, _start, numbers, *_more):  # type: ignore[no-untyped-def]
        asked.append(numbers)
        return torch.nn.Identity()

    monkeypatch.setattr(retinopathy, "trained", trained)
    text = f"{PLAN}deterministic = true\n[phantoms]\neyes = 40\npasses = 1\n"
    run = Run.begin(tmp_path / "run", text, tmp_path)
    plan = plans.parse(text, "plan")
    drawn = retinopathy_drawn.eyes(plan, run, Task())
    retinopathy.phantom_weights(plan, drawn, 40, run, torch.device("cpu"), Task())
    (numbers,) = asked
    assert numbers.deterministic
    assert numbers.precision == "bfloat16"
