"""Every cell tells what is printed, what was found, and from what, or why there is nothing."""

from dataclasses import replace

import numpy as np
import pytest

from engine.answers import Interval
from engine.evaluation.froc import LimitedArea
from engine.evaluation.lesion_truth import EVALUATED, LesionType
from engine.learning.growing import Cases, Size
from engine.reproduction import ensemble, printed, tables
from engine.reproduction.tables import Findings


def areas(value: float) -> dict[LesionType | None, LimitedArea]:
    one = LimitedArea(value, Interval(value, value, 0.95), np.array([value]))
    return dict.fromkeys((LesionType.HARD_EXUDATES, None), one)


FOUND = Findings(
    networks=("net_b",),
    nus=(0.0, 1e-3),
    sparse=1e-3,
    validation={},
    lesions={("pi", "net_b", 0.0): areas(0.1), ("pi", "net_b", 1e-3): areas(0.2)},
    singles={},
    ensembles={},
    graded="Held back:",
    tested="Held back:",
    marked="Three photographs.",
    no_grades="",
    no_lesions="",
    no_ensemble="",
)


def test_the_papers_own_means_come_out_of_the_printed_rows() -> None:
    # METHODS Q7.7 gives these means, computed from the print.
    means = {("pi", "net_b"): 0.594, ("sparse", "net_b"): 0.659, ("omega", "alexnet"): 0.355}
    for row, mean in means.items():
        assert np.mean(list(printed.TABLE_3[row].values())) == pytest.approx(mean, abs=0.0011)


def test_a_figure_stands_beside_the_printed_one_with_its_source() -> None:
    table = tables.table_3(FOUND)
    row = table.cells[table.rows.index("π, net B")]
    assert (row[0].printed, row[0].value, row[0].source) == (0.694, 0.1, "Three photographs.")
    assert row[-1].value == 0.1
    assert row[1].source == "There are no soft exudates in these photographs."
    sparse = table.cells[table.rows.index("π, sparsity-enhanced, net B")]
    assert sparse[0].value == 0.2


def test_a_cell_without_a_figure_says_why() -> None:
    three = [tables.table_2(FOUND), tables.table_3(FOUND), tables.table_4(FOUND)]
    for table in three:
        assert len(table.cells) == len(table.rows)
        for row in table.cells:
            assert len(row) == len(table.columns)
            assert all(cell.source for cell in row)
    missing = {cell.source for table in three for row in table.cells for cell in row}
    assert "net A was not trained: add --network net_a." in missing
    assert "No network was trained with ν 0.01." in missing
    assert tables.E_OPHTHA in missing
    none = tables.table_3(replace(FOUND, lesions={}, no_lesions="No lesions here."))
    assert {cell.source for row in none.cells for cell in row} == {"No lesions here."}
    assert len(none.columns) == len(EVALUATED) + 1


def test_equal_sources_share_a_letter() -> None:
    letters = tables.sources([tables.table_3(FOUND)])
    assert len(set(letters.values())) == len(letters)
    assert next(iter(letters.values())) == "a"


def test_a_forest_gets_the_other_eyes_predictions_behind_this_eyes() -> None:
    first, second = np.array([0.1, 0.2, 0.3]), np.array([1.0, 2.0, 3.0])
    values = ensemble.features([first, second], np.array([1, 0, -1]))
    np.testing.assert_array_equal(values[0], [0.1, 1.0, 0.2, 2.0])
    np.testing.assert_array_equal(values[2], [0.3, 3.0, 0.3, 3.0])


def test_the_checkpoints_that_are_best_for_a_type_or_for_referable_eyes_are_chosen() -> None:
    by_type = {"red": {n: float(n == 2) for n in range(9)}, "bright": {n: -n for n in range(9)}}
    referable = {n: float(n == 5) for n in range(9)}
    found = ensemble.chosen(by_type, referable)
    assert len(found) == 6
    assert {0, 2, 5} <= set(found)
    assert ensemble.chosen({}, {0: 0.5, 1: 0.7}) == (0, 1)


def test_a_forest_never_judges_a_patient_that_it_learnt_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ensemble, "SIZE", Size(20, 25))
    generator = np.random.default_rng(0)
    # A patient's two eyes are told by one number alone, and their truth by chance.
    patients = np.repeat(np.arange(40), 2)
    truth = np.repeat(generator.random(40) < 0.5, 2)
    cases = Cases(patients[:, None].astype(float), truth, patients.astype(str))
    said = ensemble.out_of_fold(cases, 1)
    assert abs(said[truth].mean() - said[~truth].mean()) < 0.25
