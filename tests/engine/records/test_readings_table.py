"""Signed readings as a researcher gets them: every signature a row, nothing unsigned."""

import csv
from pathlib import Path

import pytest

from engine.cli import main
from engine.pictures import Laterality
from engine.records.forms import (
    Filled,
    Form,
    ModelSaid,
    Oedema,
    Outcome,
    Quality,
    ReadingMode,
    Signed,
    StageSaid,
)
from engine.records.readings import Act, kind_of
from engine.records.readings_table import COLUMNS, write
from engine.records.store import open_records

FORM = Form(Quality.GOOD, None, 1, Oedema.YES, Outcome.REFER, 'two spots, "bright"')
MODEL = ModelSaid("first", "1.0.0", "a" * 64, "referable", 0.78125, seen=False)


def table_of(folder: Path, *acts: tuple[str, Act]) -> list[dict[str, str]]:
    with open_records(folder) as records:
        for subject, act in acts:
            records.append(subject, kind_of(act), act)
    out = folder / "readings.csv"
    count = write(out, folder)
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert len(rows) == count
    return rows


def test_a_signed_reading_is_a_row_with_all_that_was_said(tmp_path: Path) -> None:
    signed = Signed(
        "2", FORM, ReadingMode.FIRST, "16_left.jpeg", Laterality.LEFT, "name", "b" * 64, MODEL,
        StageSaid("stages", "2.0.0", "d" * 64, "ICDR", {"none": 0.2, "mild": 0.8}, 0.8, seen=True),
    )  # fmt: skip
    (row,) = table_of(tmp_path, ("c" * 64, Filled("1", FORM)), ("c" * 64, signed))
    assert tuple(row) == COLUMNS
    assert row["sha256"] == "c" * 64
    assert row["picture"] == "16_left.jpeg"
    assert (row["eye"], row["eye_from"], row["mode"]) == ("OS", "name", "reading first")
    assert (row["dr_grade"], row["macular_oedema"], row["outcome"]) == ("1", "yes", "refer")
    assert row["note"] == 'two spots, "bright"'
    assert row["referable"] == "yes"
    assert (row["model_probability"], row["model_seen"]) == ("0.7812", "no")
    assert (row["stage_pack"], row["stage_pack_version"]) == ("stages", "2.0.0")
    assert row["model_expected_stage"] == "0.80"
    assert row["signed_at"].endswith("Z")


def test_a_model_s_word_that_was_shown_counts_where_another_or_none_was_signed_beside(
    tmp_path: Path,
) -> None:
    signed = (
        Signed("1", FORM, ReadingMode.FIRST, model=MODEL, model_shown=True),
        Signed("2", FORM, ReadingMode.FIRST, model_shown=True),
        Signed("3", FORM, ReadingMode.FIRST),
    )
    rows = table_of(tmp_path, *(("c", each) for each in signed))
    assert [row["model_seen"] for row in rows] == ["yes", "yes", ""]


def test_an_amendment_is_a_row_of_its_own_and_the_newest(tmp_path: Path) -> None:
    one, two = (Signed(name, FORM, ReadingMode.ASSISTED) for name in "12")
    rows = table_of(tmp_path, ("c", one), ("d", one), ("c", two))
    told = [(row["sha256"], row["version"], row["newest"]) for row in rows]
    assert told == [("c", "1", "no"), ("d", "1", "yes"), ("c", "2", "yes")]


def test_the_stage_of_an_ungradable_picture_is_empty(tmp_path: Path) -> None:
    form = Form(Quality.UNGRADABLE, grade=3)
    (row,) = table_of(tmp_path, ("c", Signed("1", form, ReadingMode.ASSISTED)))
    assert (row["dr_grade"], row["referable"]) == ("", "")


def test_the_command_writes_the_table_even_before_there_is_a_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    out = tmp_path / "out.csv"
    assert main(["readings", str(out)]) == 0
    assert "Wrote 0 signed readings" in capsys.readouterr().out
    assert out.read_text().startswith("picture,sha256,eye")


def test_the_command_writes_over_its_own_tables_alone_be_they_of_an_earlier_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    out = tmp_path / "out.csv"
    before = [name for name in COLUMNS if "stage_" not in name]
    for own in (COLUMNS, before):
        out.write_text(f"{','.join(own)}\r\n")
        assert main(["readings", str(out)]) == 0
    out.write_text("picture,grade\na,3\n")
    assert main(["readings", str(out)]) == 2
    assert "is left as it is" in " ".join(capsys.readouterr().err.split())
    assert out.read_text() == "picture,grade\na,3\n"


def test_a_note_is_never_a_formula(tmp_path: Path) -> None:
    form = Form(Quality.GOOD, note='=HYPERLINK("http://there")')
    signed = Signed("1", form, ReadingMode.ASSISTED, "@name.jpg")
    (row,) = table_of(tmp_path, ("c", signed))
    assert row["note"] == '\'=HYPERLINK("http://there")'
    assert row["picture"] == "'@name.jpg"
