"""Kappa, confusion and the corrected test, against the reference and scikit-learn."""

import json
from math import inf, isnan

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score, confusion_matrix

from engine.evaluation import ordinal


@pytest.fixture
def reference(shared):
    return json.loads(shared("oracles/statistics.json").read_text())


def test_the_corrected_test_is_the_references(reference) -> None:
    differences = np.array(reference["differences"])
    for name, ratio in (
        ("t_p_rho_1656", 184 / 1656),
        ("t_p_rho_1490", 184 / 1490),
        ("t_p_uncorrected", 0.0),
    ):
        found = ordinal.resampled_test(differences, ratio)
        assert (found.t, found.p) == pytest.approx(reference[name], abs=1e-10)
        assert found.mean == pytest.approx(differences.mean())


def test_kappa_and_confusion_are_the_references(reference) -> None:
    truth, told = np.array(reference["kappa_true"]), np.array(reference["kappa_pred"])
    counts = ordinal.confusion(truth, told, 4)
    assert counts.tolist() == reference["confusion_rows_true"]
    assert ordinal.quadratic_kappa(counts) == pytest.approx(reference["kappa_quadratic"], abs=1e-10)


@pytest.mark.parametrize("stages", [2, 3, 6])
def test_kappa_and_confusion_are_scikit_learns(stages: int) -> None:
    draw = np.random.default_rng(stages)
    truth, told = draw.integers(stages, size=(2, 80))
    counts = ordinal.confusion(truth, told, stages)
    assert counts.tolist() == confusion_matrix(truth, told, labels=range(stages)).tolist()
    wanted = cohen_kappa_score(truth, told, weights="quadratic", labels=range(stages))
    assert ordinal.quadratic_kappa(counts) == pytest.approx(wanted, abs=1e-12)


def test_one_stage_alone_has_no_kappa() -> None:
    assert isnan(ordinal.quadratic_kappa(np.array([[7, 0], [0, 0]])))


def test_differences_that_never_change_are_beyond_doubt_or_nothing() -> None:
    for always in (0.5, 0.1):  # a tenth is no whole number of binary places
        assert ordinal.resampled_test(np.full(20, always), 0.1).t == inf
    assert isnan(ordinal.resampled_test(np.zeros(5), 0.1).t)


def test_the_interval_of_kappa_is_wider_where_pictures_come_in_groups() -> None:
    draw = np.random.default_rng(0)
    truth = np.repeat(draw.integers(4, size=40), 5)
    told = np.repeat(np.clip(truth[::5] + draw.integers(-1, 2, size=40), 0, 3), 5)
    groups = np.repeat(np.arange(40), 5)

    def width(groups):
        found = ordinal.kappa_interval(
            truth, told, 4, np.random.default_rng(1), groups=groups, draws=300
        )
        return found.high - found.low

    assert width(groups) > 1.5 * width(None)


def test_the_interval_of_a_mean_is_that_of_the_textbook() -> None:
    errors = np.random.default_rng(2).exponential(size=400)
    found = ordinal.drawn(
        lambda rows: float(errors[rows].mean()), 400, np.random.default_rng(1), draws=2000
    )
    half = 1.96 * errors.std(ddof=1) / 20
    assert found.low == pytest.approx(errors.mean() - half, abs=0.1 * half)
    assert found.high == pytest.approx(errors.mean() + half, abs=0.1 * half)


def test_recall_and_error_by_hand() -> None:
    counts = np.array([[3, 1, 0], [0, 0, 0], [1, 1, 2]])
    assert ordinal.recalls(counts)[[0, 2]].tolist() == [0.75, 0.5]
    assert isnan(ordinal.recalls(counts)[1])
    assert ordinal.stage_error(np.array([0, 2]), np.array([0.5, 1.0])) == 0.75
