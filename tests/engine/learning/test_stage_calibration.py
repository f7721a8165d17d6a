"""Shares of stages: they agree with how often a stage is true, and say how unsure they are."""

import numpy as np
import pytest
from scipy.special import softmax

from engine.learning import stage_calibration
from engine.learning.stage_calibration import Softmax


def drawn(n: int, seed: int = 0):
    """Logits of a network that is too sure by a factor 3 and thinks all stages alike."""
    draw = np.random.default_rng(seed)
    true_offsets = np.array([1.0, 0.3, -0.2, -1.1])
    logits = draw.normal(0, 2, (n, 4))
    shares = softmax(logits / 3 + true_offsets, axis=1)
    stages = np.array([draw.choice(4, p=row) for row in shares])
    return logits, stages, true_offsets


def test_temperature_and_offsets_are_found_again() -> None:
    logits, stages, offsets = drawn(20_000)
    found = stage_calibration.fit_softmax(logits, stages)
    assert found.sharpness == pytest.approx(1 / 3, abs=0.02)
    assert np.allclose(np.array(found.offsets) - np.mean(found.offsets), offsets, atol=0.06)


def test_the_fit_is_the_least_of_its_cost() -> None:
    logits, stages, _ = drawn(200)
    found = stage_calibration.fit_softmax(logits, stages)

    def cost(sharpness, offsets) -> float:
        shares = Softmax(sharpness, tuple(offsets))(logits)
        return -np.log(shares[np.arange(200), stages]).sum() + 0.5 * np.sum(np.square(offsets))

    best = cost(found.sharpness, np.array(found.offsets))
    draw = np.random.default_rng(1)
    for _ in range(50):
        moved = np.array(found.offsets) + draw.normal(0, 0.05, 4)
        assert cost(found.sharpness * np.exp(draw.normal(0, 0.05)), moved) >= best - 1e-4


def test_shares_are_scipys_softmax_and_never_overflow() -> None:
    given = Softmax(0.5, (0.1, -0.2, 0.3))
    logits = np.random.default_rng(0).normal(size=(5, 3))
    assert np.allclose(given(logits), softmax(0.5 * logits + [0.1, -0.2, 0.3], axis=1))
    assert np.allclose(Softmax(1.0, (0.0, 0.0))(np.array([1e4, -1e4])), [1, 0])


def test_the_expected_stage_lies_in_its_interval_which_narrows_with_patients() -> None:
    widths = []
    for n in (60, 900):
        logits, stages, _ = drawn(n)
        patients = np.arange(n).astype(str)
        fitted = stage_calibration.fit(logits, stages, patients, np.random.default_rng(0))
        value, interval = fitted.expected(logits[0], (0, 1.5, 3, 4))
        assert interval.low <= value <= interval.high
        share = fitted.shares(logits[0]).tolist()
        assert value == pytest.approx(1.5 * share[1] + 3 * share[2] + 4 * share[3])
        widths.append(interval.high - interval.low)
    assert widths[1] < 0.6 * widths[0]


def test_a_stage_without_cases_keeps_a_share() -> None:
    logits, stages, _ = drawn(300)
    found = stage_calibration.fit_softmax(logits[stages < 3], stages[stages < 3])
    assert np.isfinite(found.offsets).all()
    assert found(np.zeros(4))[3] > 0
