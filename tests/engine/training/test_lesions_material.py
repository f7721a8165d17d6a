"""What a network of lesions may learn from: plans and tables that are read or refused."""

from pathlib import Path

import lesions_run
import pytest

from engine.errors import Refusal
from engine.networks import lesion_network
from engine.training import (
    lesion_material,
    lesions_plan,
)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("[drawings]\ngrafts = 0\neyes = 4\n", "grafts"),
        ("[drawings]\ngrafts = 2\neyes = 0\n", "eyes"),
        ("[drawings]\n[masks]\nfolder = 'x'\n", "both folder and table"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(wrong: str, told: str) -> None:
    text = lesions_run.PLAN.replace("[drawings]\ngrafts = 2\neyes = 4\n", wrong)
    with pytest.raises(Refusal, match=told):
        lesions_plan.parse(text, "plan")


def test_more_folds_than_one_pack_can_hold_are_refused_before_they_are_trained() -> None:
    assert lesions_plan.MOST_FOLDS == lesion_network.MOST_MEMBERS
    text = lesions_run.PLAN.replace("folds = 2", "folds = 9")
    with pytest.raises(Refusal, match="at most 8"):
        lesions_plan.parse(text, "plan")


def test_a_healthy_grade_with_a_risk_of_oedema_is_no_eye_without_lesions(tmp_path: Path) -> None:
    lesions_run.table(tmp_path)
    grades = tmp_path / "grades.csv"
    grades.write_text(grades.read_text().replace("eye1,0,p0,0", "eye1,0,p0,1"))
    table = lesion_material.read(lesions_plan.parse(lesions_run.PLAN, "plan").data, tmp_path)
    assert table.healthy.tolist()[:3] == [True, False, False]


def test_folds_without_a_healthy_photograph_are_refused(tmp_path: Path) -> None:
    plan = lesions_plan.parse(lesions_run.PLAN, "plan")
    lesions_run.table(tmp_path)
    grades = tmp_path / "grades.csv"
    # All photographs without retinopathy belong to one patient; grade 1 is no host.
    rows = grades.read_text().replace(",p0,", ",same,").splitlines()
    kept_rows = [row for row in rows if ",0,p" not in row]
    grades.write_text("\n".join(kept_rows) + "\n")
    with pytest.raises(Refusal, match="without retinopathy"):
        lesion_material.read(plan.data, tmp_path).folds(2, 1)


def test_an_oedema_risk_is_of_its_own_line(tmp_path: Path) -> None:
    lesions_run.table(tmp_path)
    table = tmp_path / "grades.csv"
    data = lesions_plan.parse(lesions_run.PLAN, "plan").data
    before = lesion_material.read(data, tmp_path)
    columns = table.read_text().splitlines()[0].count(",")
    # As a spreadsheet leaves them behind its last row.
    table.write_text(table.read_text().rstrip("\n") + f"\n{',' * columns}\n")
    after = lesion_material.read(data, tmp_path)
    assert after.oedema.tolist() == before.oedema.tolist()


def test_an_oedema_risk_that_is_none_is_refused(tmp_path: Path) -> None:
    lesions_run.table(tmp_path)
    grades = tmp_path / "grades.csv"
    grades.write_text(grades.read_text().replace(",p1,1", ",p1,7", 1))
    with pytest.raises(Refusal, match="dme_risk"):
        lesion_material.read(lesions_plan.parse(lesions_run.PLAN, "plan").data, tmp_path)
