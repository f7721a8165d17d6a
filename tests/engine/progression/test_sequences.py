"""Sequences of stages: the rows of the paper, and pictures that are of the stage they stand for."""

import json

import numpy as np
import pytest
from scipy import stats

from engine.progression import sequences
from engine.progression.sequences import Order

MANY = range(2, 7)


@pytest.mark.parametrize("stages", MANY)
def test_rows_and_frequencies_are_the_references(shared, stages: int) -> None:
    reference = json.loads(shared("oracles/sequences.json").read_text())[str(stages)]
    for order in (Order.CYCLIC, Order.NONREGRESSION):
        found = sequences.rows(order, stages)
        assert found.tolist() == reference[order.value]
        counts = np.bincount(found.ravel(), minlength=stages)
        assert counts.tolist() == reference[f"stage_counts_{order.value}"]


@pytest.mark.parametrize("stages", MANY)
def test_a_cyclic_row_is_all_stages_rolled_from_its_shift(stages: int) -> None:
    found = [sequences.row(Order.CYCLIC, stages, i) for i in range(stages)]
    for i, row in enumerate(found):
        assert sorted(row) == list(range(stages))
        assert row.tolist() == np.roll(np.arange(stages), -i).tolist()
        assert row[0] == i
    assert len({tuple(row) for row in found}) == stages


@pytest.mark.parametrize("stages", MANY)
def test_a_nonregression_row_never_falls_and_stays_at_the_last_stage(stages: int) -> None:
    for i in range(stages):
        row = sequences.row(Order.NONREGRESSION, stages, i)
        assert row[0] == i
        assert set(np.diff(row)) <= {0, 1}
        assert row.max() == stages - 1
    last = sequences.row(Order.NONREGRESSION, stages, stages - 1)
    assert set(last) == {stages - 1}
    first = sequences.row(Order.NONREGRESSION, stages, 0)
    assert first.tolist() == sequences.row(Order.CYCLIC, stages, 0).tolist()


@pytest.mark.parametrize("stages", MANY)
def test_a_reverse_row_goes_down(stages: int) -> None:
    for i in range(stages):
        row = sequences.row(Order.REVERSE, stages, i)
        assert (np.diff(row) % stages == stages - 1).all()


@pytest.mark.parametrize("shift", [-1, 4])
def test_a_shift_that_is_no_stage_is_refused(shift: int) -> None:
    with pytest.raises(ValueError, match="shift"):
        sequences.row(Order.CYCLIC, 4, shift)


def test_one_stage_is_a_sequence_of_itself() -> None:
    assert sequences.row(Order.CYCLIC, 1, 0).tolist() == [0]
    with pytest.raises(ValueError, match="stages"):
        sequences.rows(Order.CYCLIC, 0)


@pytest.mark.parametrize("order", list(Order))
def test_the_first_step_has_every_stage_alike(order: Order) -> None:
    drawn = sequences.draw_stages(order, 4, 4000, np.random.default_rng(0))
    assert drawn.shape == (4000, 4)
    assert stats.chisquare(np.bincount(drawn[:, 0], minlength=4)).pvalue > 0.001


def test_shuffled_has_every_stage_once_and_every_order_alike() -> None:
    drawn = sequences.draw_stages(Order.SHUFFLED, 4, 6000, np.random.default_rng(1))
    assert (np.sort(drawn, axis=1) == np.arange(4)).all()
    _, counts = np.unique(drawn, axis=0, return_counts=True)
    assert len(counts) == 24
    assert stats.chisquare(counts).pvalue > 0.001


def test_steps_of_iid_do_not_know_each_other() -> None:
    drawn = sequences.draw_stages(Order.IID, 4, 6000, np.random.default_rng(2))
    table = np.bincount(drawn[:, 0] * 4 + drawn[:, 1], minlength=16).reshape(4, 4)
    assert stats.chi2_contingency(table).pvalue > 0.001


@pytest.mark.parametrize("stages", MANY)
def test_balanced_weights_give_every_stage_the_same_in_expectation(stages: int) -> None:
    weights = sequences.stage_weights(Order.NONREGRESSION_BALANCED, stages)
    counts = np.bincount(sequences.rows(Order.NONREGRESSION, stages).ravel(), minlength=stages)
    assert np.allclose(weights * counts, stages)
    if stages == 4:
        assert weights.round(4).tolist() == [4, 2, 1.3333, 0.4]
    assert sequences.stage_weights(Order.CYCLIC, stages).tolist() == [1] * stages


def test_every_picture_is_of_its_stage_and_distinct_where_there_are_enough() -> None:
    stage_of = np.repeat([0, 1, 2, 3], [9, 2, 1, 12])
    of_stage = [np.flatnonzero(stage_of == stage) for stage in range(4)]
    draw = np.random.default_rng(3)
    wanted = sequences.draw_stages(Order.NONREGRESSION, 4, 300, draw)
    chosen = sequences.draw_pictures(wanted, of_stage, draw)
    assert (stage_of[chosen] == wanted).all()
    for pictures, stages in zip(chosen, wanted, strict=True):
        last = pictures[stages == 3]
        assert len(set(last)) == len(last)
    assert set(chosen[wanted == 3]) == set(of_stage[3])
