"""A forest's scores without scikit-learn are scikit-learn's, and no forest can do harm."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier

from engine.learning import growing
from engine.learning.forest import Forest, from_arrays
from engine.learning.growing import Cases, Grid, Size
from engine.task import Task


def cases(n: int = 120, features: int = 5, seed: int = 0) -> Cases:
    draw = np.random.default_rng(seed)
    rows = draw.normal(size=(n, features))
    truth = rows[:, 0] + 0.5 * rows[:, 1] + draw.normal(size=n) > 0
    return Cases(rows, truth, np.arange(n).astype(str))


@pytest.mark.parametrize("size", [Size(40, 3), Size(17, 0)])
def test_scores_are_scikit_learns_to_the_last_bit(size: Size) -> None:
    known = cases()
    model = RandomForestClassifier(size.trees, max_depth=size.depth or None, random_state=3)
    model.fit(known.rows, known.truth)
    forest = growing.grow(known, size, 3)
    rows = np.random.default_rng(1).normal(size=(2500, 5)) * 2
    np.testing.assert_array_equal(forest.scores(rows), model.predict_proba(rows)[:, 1])
    np.testing.assert_array_equal(forest.importances, model.feature_importances_)


def test_a_value_at_a_threshold_goes_the_way_that_scikit_learn_sends_it() -> None:
    known = cases()
    model = RandomForestClassifier(9, random_state=3).fit(known.rows, known.truth)
    forest = growing.grow(known, Size(9, 0), 3)
    inner = np.flatnonzero(forest.feature >= 0)
    rows = np.zeros((3 * len(inner), 5))
    for place, node in enumerate(inner):
        threshold = forest.threshold[node]
        near = (np.nextafter(threshold, -9), threshold, np.nextafter(threshold, 9))
        rows[3 * place : 3 * place + 3, forest.feature[node]] = near
    np.testing.assert_array_equal(forest.scores(rows), model.predict_proba(rows)[:, 1])


def test_it_comes_back_from_its_arrays() -> None:
    forest = growing.grow(cases(), Size(5, 4), 0)
    rows = cases(seed=9).rows
    again = from_arrays(forest.arrays())
    np.testing.assert_array_equal(again.scores(rows), forest.scores(rows))


def test_no_rows_have_no_scores() -> None:
    assert growing.grow(cases(), Size(2, 2), 0).scores(np.zeros((0, 5))).shape == (0,)


@pytest.mark.parametrize(
    ("name", "place", "value", "why"),
    [
        ("left", 0, 0, "does not lead on"),
        ("right", 0, 10**6, "does not lead on"),
        ("feature", 0, 5, "a column that there is not"),
        ("probability", 0, 1.5, "no probability"),
        ("probability", 0, np.nan, "no probability"),
        ("threshold", 0, np.inf, "a number of it is none"),
        ("importances", 0, -1.0, "below zero"),
        ("roots", 0, -1, "begins outside"),
    ],
)
def test_a_forest_that_would_loop_or_read_elsewhere_is_refused(
    name: str, place: int, value: float, why: str
) -> None:
    arrays = {
        key: array.copy() for key, array in growing.grow(cases(), Size(2, 3), 0).arrays().items()
    }
    arrays[name][place] = value
    with pytest.raises(ValueError, match=why):
        from_arrays(arrays)


def test_arrays_of_another_form_are_refused() -> None:
    arrays = growing.grow(cases(), Size(2, 3), 0).arrays()
    with pytest.raises(ValueError, match="no list of int32"):
        from_arrays(arrays | {"left": arrays["left"].astype(np.int64)})
    with pytest.raises(ValueError, match="not of one number"):
        from_arrays(arrays | {"left": arrays["left"][1:]})
    with pytest.raises(ValueError, match="has the arrays"):
        from_arrays({"roots": arrays["roots"]})


def test_of_sizes_that_rank_alike_the_smallest_is_chosen() -> None:
    rows = np.repeat([[0.0], [1.0]], 20, axis=0)
    known = Cases(rows, rows[:, 0] > 0.5, np.arange(40).astype(str))
    assert growing.choose(known, Grid((3, 5), (0, 2)), 0, Task()) == Size(3, 2)


def test_too_few_patients_to_compare_get_the_smallest_size() -> None:
    truth = np.array([True, False, False, False, True])
    known = Cases(np.arange(5.0)[:, None], truth, np.array(list("10102")))
    assert growing.choose(known, Grid((3, 5), (0, 2)), 0, Task()) == Size(3, 2)


def test_a_smaller_forest_is_the_beginning_of_a_larger_one() -> None:
    # What lets the choice grow each depth once.
    known = cases()
    few, many = (growing.grow(known, Size(trees, 4), 7) for trees in (3, 6))
    nodes = len(few.feature)
    np.testing.assert_array_equal(many.threshold[:nodes], few.threshold)


def test_patients_are_never_parted_in_the_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    known = cases()
    together = Cases(known.rows, known.truth, np.repeat(np.arange(30), 4).astype(str))
    seen = []
    model = growing._model
    monkeypatch.setattr(
        growing,
        "_model",
        lambda part, *more: (seen.append(set(part.patients)), model(part, *more))[1],
    )
    growing.choose(together, Grid((2,), (2,)), 0, Task())
    held = [set(together.patients) - part for part in seen]
    assert len(held) == growing.FOLDS
    assert sum(map(len, held)) == 30


def test_out_of_fold_scores_come_from_forests_of_the_other_cases() -> None:
    known = cases()
    # Truth that only the held-back part has: a forest that saw it would know it.
    held, rest = np.arange(40), np.arange(40, 120)
    draw = np.random.default_rng(5)
    rows = draw.normal(size=(120, 2))
    known = Cases(rows, draw.random(120) > 0.5, known.patients)
    [scores] = growing.out_of_fold([(known.only(rest), rows[held])], Grid((50,), (0,)), 0, Task())
    seen = growing.grow(known, Size(50, 0), 0).scores(rows[held])
    truth = known.truth[held]
    assert seen[truth].min() > seen[~truth].max()
    assert not scores[truth].min() > scores[~truth].max()


def test_a_forest_has_a_leaf_alone_where_there_is_nothing_to_part() -> None:
    flat = Cases(np.zeros((6, 2)), np.array([True, False] * 3), np.arange(6).astype(str))
    forest = growing.grow(flat, Size(3, 0), 0)
    assert isinstance(forest, Forest)
    assert forest.importances.tolist() == [0, 0]
    assert 0 < forest.scores(np.ones((1, 2)))[0] < 1
