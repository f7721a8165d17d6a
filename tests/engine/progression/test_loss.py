"""The loss of sequences: its parts, its weights, and the value by hand."""

from math import log

import pytest
import torch

from engine.progression.loss import Reduction, SequenceLoss, WeightBy
from engine.progression.sequences import Order, stage_weights

N, K = 5, 4


@pytest.fixture
def drawn() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    lstm, vision = torch.randn(2, N, K, K, generator=generator, dtype=torch.float64)
    return lstm, vision, torch.randint(K, (N, K), generator=generator)


def by_hand(logits, stages, weight) -> float:
    """Eq. 4, a term at a time."""
    total = 0.0
    for n in range(N):
        for k in range(K):
            shares = torch.exp(logits[n, k]) / torch.exp(logits[n, k]).sum()
            y = int(stages[n, k])
            total += weight(k, y) * -log(float(shares[y])) / N
    return total


def test_it_is_the_sum_of_eq_8_and_either_part_with_the_other_at_zero(drawn) -> None:
    lstm, vision, stages = drawn
    none = (0.0,) * K
    whole = SequenceLoss()(lstm, vision, stages)
    vision_part = SequenceLoss(alpha=none)(lstm, vision, stages)
    lstm_part = SequenceLoss(beta=none)(lstm, vision, stages)
    assert float(whole) == pytest.approx(float(vision_part + lstm_part), abs=1e-12)
    assert float(vision_part) == pytest.approx(by_hand(vision, stages, lambda k, y: 1))
    assert float(lstm_part) == pytest.approx(by_hand(lstm, stages, lambda k, y: 1))


def test_the_sum_is_k_times_the_mean(drawn) -> None:
    total = SequenceLoss()(*drawn)
    assert float(total) == pytest.approx(K * float(SequenceLoss(reduction=Reduction.MEAN)(*drawn)))


def test_uniform_predictions_cost_2_k_ln_k() -> None:
    flat = torch.zeros(3, K, K)
    assert float(SequenceLoss()(flat, flat, torch.zeros(3, K, dtype=torch.long))) == pytest.approx(
        2 * K * log(K)
    )


@pytest.mark.parametrize("by", list(WeightBy))
def test_weights_belong_to_the_step_or_to_the_stage(drawn, by: WeightBy) -> None:
    lstm, vision, stages = drawn
    alpha, beta = (0.5, 1.0, 2.0, 3.0), (3.0, 0.0, 1.0, 0.25)
    found = SequenceLoss(alpha, beta, by)(lstm, vision, stages)

    def of(weights):
        return lambda k, y: weights[k if by is WeightBy.STEP else y]

    wanted = by_hand(lstm, stages, of(alpha)) + by_hand(vision, stages, of(beta))
    assert float(found) == pytest.approx(wanted)


def test_balanced_stages_are_multiplied_in(drawn) -> None:
    lstm, vision, stages = drawn
    weights = tuple(stage_weights(Order.NONREGRESSION_BALANCED, K))
    found = SequenceLoss(alpha=(0.0,) * K, balance=weights)(lstm, vision, stages)
    assert float(found) == pytest.approx(by_hand(vision, stages, lambda k, y: weights[y]))
