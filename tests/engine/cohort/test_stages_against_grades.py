"""A stage pack against graded photographs, and as the rows of a screening."""

import csv
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image
from sklearn.metrics import cohen_kappa_score

from engine.answers import Criterion
from engine.cohort import graded, screening, stage_report, stages
from engine.cohort.answer_cells import Stage
from engine.cohort.screening import Order
from engine.errors import Refusal
from engine.evaluation.counted import counted
from engine.packs.pack import Pack
from engine.phantoms.eye import draw_eye
from engine.plain_json import plain
from engine.stage_answers import Head, HeadAnswer, StageShare
from engine.task import Task


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four eyes of all grades but 1, one too dark, one that is not there."""
    folder = tmp_path_factory.mktemp("graded")
    rows = ["image,dr_grade,patient_visit"]
    for seed, grade in enumerate((0, 2, 3, 4)):
        Image.fromarray(draw_eye(seed, width=520).pixels).save(folder / f"e{seed}.png")
        rows.append(f"e{seed},{grade},p{seed // 2}")
    Image.fromarray(np.zeros((400, 400, 3), np.uint8)).save(folder / "dark.png")
    (folder / "grades.csv").write_text("\n".join([*rows, "dark,2,p9", "gone,2,p9"]))
    return folder / "grades.csv"


def ask(table: Path, pack: Pack) -> stages.Asked:
    return stages.ask(table, graded.read(table), pack, "processor", Task())


def test_grades_fall_into_the_stages_that_put_them_together() -> None:
    davis = [stages.place_of((0.0, 1.5, 3.0, 4.0), grade) for grade in range(5)]
    assert davis == [0, 1, 1, 2, 3]
    assert [stages.place_of((0, 1, 2, 3, 4), grade) for grade in range(5)] == [0, 1, 2, 3, 4]
    assert [stages.place_of((0.5, 3.0), grade) for grade in range(5)] == [0, 0, 1, 1, 1]
    assert [stages.place_of((1.0, 3.5), grade) for grade in range(5)] == [0, 0, 0, 1, 1]


def test_a_grade_that_no_stage_holds_is_refused(table: Path, stage_pack: Pack) -> None:
    mild = msgspec.structs.replace(stage_pack.manifest.stages, grades=(0.0, 1.0, 2.5))
    manifest = msgspec.structs.replace(stage_pack.manifest, stages=mild)
    with pytest.raises(Refusal, match="e3 has the grade 4, and none of the pack's stages"):
        ask(table, replace(stage_pack, manifest=manifest))


def test_stages_called_as_other_columns_are_have_columns_of_their_own(
    table: Path, stage_pack: Pack, tmp_path: Path
) -> None:
    names = ("low", "reason", "=late")
    clashing = msgspec.structs.replace(stage_pack.manifest.stages, names=names)
    manifest = msgspec.structs.replace(stage_pack.manifest, stages=clashing)
    pack = replace(stage_pack, manifest=manifest)
    order = Order(table.parent, tmp_path / "out.csv", None, Criterion.PI)
    found = screening.screen(order, Stage(pack, "processor"), Task())
    stages.write_predictions(tmp_path / "predictions.csv", ask(table, pack))
    screened, predicted = (
        list(csv.DictReader((tmp_path / name).open(newline="", encoding="utf-8")))
        for name in ("out.csv", "predictions.csv")
    )
    for row in screened[1:]:
        shares = [float(row[name]) for name in ("stage low", "stage reason", "'=late")]
        assert sum(shares) == pytest.approx(1, abs=1e-5)
        assert row["reason"] == ""
        assert float(row["low"]) <= float(row["expected_stage"]) <= float(row["high"])
        assert row["stage"] in ("low", "reason", "'=late")
    assert sum(found.counts[each] for each in ("low", "reason", "'=late")) == 4
    shares = [float(predicted[0][name]) for name in ("low", "stage reason", "'=late")]
    assert sum(shares) == pytest.approx(1, abs=1e-5)


def test_what_cannot_be_staged_is_left_out_with_its_reason(table: Path, stage_pack: Pack) -> None:
    asked = ask(table, stage_pack)
    assert [each.row.image for each in asked.left_out] == ["dark", "gone"]
    assert all(each.reason for each in asked.left_out)
    assert stages.figures(asked).n == 4


def test_that_no_part_of_what_it_learnt_from_is_recognised_is_told(
    table: Path, stage_pack: Pack
) -> None:
    assert any("no part of it" in note for note in ask(table, stage_pack).notes)


def said(asked: stages.Asked, place: int, *shares: float) -> stages.Staged:
    """A row whose answer is these shares."""
    each = asked.staged[place]
    told = tuple(
        StageShare(name, grade, share)
        for name, grade, share in zip(asked.part.names, asked.part.grades, shares, strict=True)
    )
    expected = float(np.dot(asked.part.grades, shares))
    heads = tuple(HeadAnswer(head, told, expected) for head in Head)
    answer = replace(each.answer, stages=told, expected_stage=expected, heads=heads)
    return replace(each, answer=answer)


def test_the_figures_are_those_of_a_count_by_hand(table: Path, stage_pack: Pack) -> None:
    asked = ask(table, stage_pack)
    # True stages 0, 1, 2, 2; told 0, 2, 2, 1.
    shares = [(0.8, 0.1, 0.1), (0.1, 0.3, 0.6), (0.0, 0.2, 0.8), (0.1, 0.7, 0.2)]
    rows = tuple(said(asked, place, *each) for place, each in enumerate(shares))
    found = stages.figures(replace(asked, staged=rows))
    assert found.confusion.tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 1]]
    assert found.accuracy.share == 0.5
    kappa = cohen_kappa_score([0, 1, 2, 2], [0, 2, 2, 1], weights="quadratic")
    assert found.quadratic_kappa == pytest.approx(kappa)
    expected = [0.5, 2.55, 3.1, 1.75]
    assert found.expected_stage_error == pytest.approx(
        np.mean(np.abs(np.subtract(expected, [0.0, 1.5, 3.5, 3.5])))
    )
    # Nearest to 0.5, 2.55, 3.1 and 1.75 of 0, 1.5 and 3.5: 0, 2, 2, 1.
    assert found.kappa_of_expected == pytest.approx(kappa)
    assert found.interval.low <= found.quadratic_kappa <= found.interval.high
    assert found.interval_of_expected == found.interval
    # Of four draws among the four errors 0.5, 1.05, 0.4 and 1.75.
    assert 0.4 <= found.error_interval.low < found.expected_stage_error
    assert found.expected_stage_error < found.error_interval.high <= 1.75


def test_the_report_and_the_predictions_hold_every_row(
    table: Path, stage_pack: Pack, tmp_path: Path
) -> None:
    asked = ask(table, stage_pack)
    stage_report.write(tmp_path / "report", asked, stages.figures(asked), stage_pack)
    with (tmp_path / "report" / "predictions.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["case"] for row in rows] == ["e0", "e1", "e2", "e3", "dark", "gone"]
    assert [row["truth"] for row in rows] == ["0", "1", "2", "2", "1", "1"]
    assert sum(float(rows[0][name]) for name in asked.part.names) == pytest.approx(1)
    assert rows[4]["score"] == rows[4]["stage"] == ""
    assert Image.open(tmp_path / "report" / "confusion.png").width > 100


def test_none_that_can_be_staged_is_a_refusal(tmp_path: Path, stage_pack: Pack) -> None:
    (tmp_path / "grades.csv").write_text("image,dr_grade\ngone,2\n")
    with pytest.raises(Refusal, match="None of 1 photographs"):
        ask(tmp_path / "grades.csv", stage_pack)


def test_a_screening_has_the_expected_stage_and_a_column_for_each(
    table: Path, stage_pack: Pack, tmp_path: Path
) -> None:
    order = Order(table.parent, tmp_path / "out.csv", tmp_path / "maps", Criterion.PI)
    found = screening.screen(order, Stage(stage_pack, "processor"), Task())
    with order.out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert found.pictures == len(rows) == 5
    assert rows[0]["path"].endswith("dark.png")
    assert rows[0]["stage"] == "ungradable"
    assert rows[0]["reason"]
    for row in rows[1:]:
        shares = [float(row[name]) for name in ("none", "early", "late")]
        assert sum(shares) == pytest.approx(1, abs=1e-5)
        expected = 1.5 * shares[1] + 3.5 * shares[2]
        assert float(row["expected_stage"]) == pytest.approx(expected, abs=1e-4)
        assert row["stage"] == ("none", "early", "late")[int(np.argmax(shares))]
        assert np.load(tmp_path / row["heatmap"]).ndim == 2
    assert sum(found.counts.values()) == 5


def test_one_stage_alone_has_no_kappa_and_words_say_so(table: Path, stage_pack: Pack) -> None:
    asked = ask(table, stage_pack)
    rows = tuple(replace(said(asked, place, 0.9, 0.1, 0.0), truth=0) for place in range(2))
    asked = replace(asked, staged=rows)
    found = stages.figures(asked)
    assert "No quadratic kappa: all are of one stage" in stage_report.in_words(
        asked, found, stage_pack
    )
    told = plain(stage_report.as_json(asked, found, stage_pack))
    assert told["quadratic_kappa"] is None
    assert told["interval"] == [None, None]


def test_an_interval_is_not_called_one_over_patients_that_are_not_known(
    tmp_path: Path, stage_pack: Pack
) -> None:
    for number in range(2):
        Image.fromarray(draw_eye(number, width=520).pixels).save(tmp_path / f"e{number}.png")
    rows = tmp_path / "grades.csv"
    for head, cells, words in (
        ("patient", ",p1", "over patients,"), ("else", ",p1", "over photographs,")
    ):  # fmt: skip
        rows.write_text(f"image,dr_grade,{head}\ne0,0{cells}\ne1,2{cells}\n")
        asked = ask(rows, stage_pack)
        assert words in stage_report.in_words(asked, stages.figures(asked), stage_pack)


def test_none_of_what_was_counted_is_none(table: Path, stage_pack: Pack) -> None:
    asked = ask(table, stage_pack)
    found = replace(stages.figures(asked), accuracy=counted(0, 4), heads_agree=1.0)
    said = stage_report.in_words(asked, found, stage_pack)
    assert "right in 0 of 4, 0\u202f% (0 to 60\u202f%)" in said and "agree in 100\u202f%" in said


def test_all_of_four_told_as_the_graders_did_have_no_interval_from_draws(
    table: Path, stage_pack: Pack
) -> None:
    asked = ask(table, stage_pack)
    shares = [(0.8, 0.1, 0.1), (0.1, 0.8, 0.1), (0.0, 0.1, 0.9), (0.0, 0.1, 0.9)]
    rows = tuple(said(asked, place, *each) for place, each in enumerate(shares))
    asked = replace(asked, staged=rows)
    found = stages.figures(asked)
    words = stage_report.in_words(asked, found, stage_pack)
    assert "Quadratic kappa 1.000 (no interval: all draws agree)" in words
    assert "right in 4 of 4, 100\u202f% (40 to 100\u202f%)" in words
    assert "With fewer than 30 patients the figures tell little" in words
    told = plain(stage_report.as_json(asked, found, stage_pack))
    assert told["interval"] == [None, None]
    assert told["accuracy_interval"] == pytest.approx([0.3976, 1], abs=1e-4)


def test_where_patients_are_told_they_are_what_is_few(table: Path, stage_pack: Pack) -> None:
    asked = ask(table, stage_pack)
    one = said(asked, 0, 1.0, 0.0, 0.0)
    # 40 photographs, of 20 patients or of nobody known.
    alone = "accuracy takes each photograph as independent"
    for patients, told in ((True, ["fewer than 30 patients", alone]), (False, [])):
        rows = tuple(
            replace(one, row=replace(one.row, image=f"eye{at}", patient=f"p{at // 2}" * patients))
            for at in range(40)
        )
        of_all = replace(asked, staged=rows, notes=())
        notes = stage_report.as_json(of_all, stages.figures(of_all), stage_pack)["notes"]
        assert len(notes) == len(told)
        assert all(what in note for what, note in zip(told, notes, strict=True))
