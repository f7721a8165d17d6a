"""The table of a screening is whole after any end, and is gone on with by its own maker alone."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from engine import locks
from engine.cohort.results import Columns, MadeBy, Result, opened
from engine.errors import Refusal

MADE_BY = MadeBy("retinopathy", "first 1.0.0 00ff", "pi")
COLUMNS = Columns(("probability", "low", "high", "decision"), "decision")
SAID = {"probability": "0.5", "low": "0.4", "high": "0.6", "decision": "referable"}
ROWS = [
    Result("a.jpg", SAID),
    Result('odd, "name"\n.jpg', reason='It is “odd”, and says "no".'),
    Result("ä.jpg", {"decision": "ungradable"}, reason="Too dark."),
]


def write(path: Path, rows: list[Result]) -> bytes:
    with opened(path, MADE_BY, COLUMNS) as results:
        for row in rows:
            results.add(row)
    return path.read_bytes()


def test_a_row_can_be_read_back_by_any_reader_of_csv(tmp_path: Path) -> None:
    write(tmp_path / "out.csv", ROWS)
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS.all
    assert COLUMNS.all[0] == "path"
    assert COLUMNS.all[-1] == "reason"
    assert [row["path"] for row in rows] == [row.path for row in ROWS]
    assert [row["reason"] for row in rows] == [row.reason for row in ROWS]
    assert rows[0]["probability"] == "0.5"
    assert {row["pack"] for row in rows} == {MADE_BY.pack}


def test_torn_at_any_byte_it_is_gone_on_with_to_the_same_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.fsync", lambda _file: None)  # a disk takes its time, five hundred times
    path = tmp_path / "out.csv"
    whole = write(path, ROWS)
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        with opened(path, MADE_BY, COLUMNS) as results:
            for row in ROWS:
                if row.path not in results.outcomes:
                    results.add(row)
        assert path.read_bytes() == whole, cut


def test_a_row_is_in_the_file_as_soon_as_it_was_added(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with opened(path, MADE_BY, COLUMNS) as results:
        results.add(ROWS[0])
        assert path.read_bytes().count(b"\n") == 2


@pytest.mark.parametrize(
    "other",
    [
        replace(MADE_BY, pack="second 1.0.0 aa"),
        replace(MADE_BY, question="stage"),
        replace(MADE_BY, criterion=""),
    ],
)
def test_a_table_of_another_maker_is_refused_and_left_as_it_is(
    tmp_path: Path, other: MadeBy
) -> None:
    path = tmp_path / "out.csv"
    before = write(path, ROWS)
    with pytest.raises(Refusal, match="was made by the pack first"), opened(path, other, COLUMNS):
        pass
    assert path.read_bytes() == before


def test_a_table_whose_pack_answers_in_other_columns_is_told_by_its_pack(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    before = write(path, ROWS)
    other, more = replace(MADE_BY, pack="second 1.0.0 aa"), Columns(("stage", "low"), "stage")
    said = "made by the pack first 1.0.0 00ff .*; this is the pack second 1.0.0 aa "
    with pytest.raises(Refusal, match=said), opened(path, other, more):
        pass
    assert path.read_bytes() == before


def test_a_file_that_is_no_such_table_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    path.write_bytes(b"image,dr_grade\na,1\n")
    with pytest.raises(Refusal, match="not a table that screen has written"):
        write(path, ROWS)
    assert path.read_bytes() == b"image,dr_grade\na,1\n"


def test_two_processes_never_write_one_table(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with opened(path, MADE_BY, COLUMNS) as results:
        results.add(ROWS[0])
        with pytest.raises(Refusal, match="being written already"), opened(path, MADE_BY, COLUMNS):
            pass
    write(path, [])
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]


def test_a_lock_whose_name_was_taken_away_holds_nobody(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "out.csv"
    real, names = locks.take, []

    def late(file) -> bool:
        """The one before ends between the opening of its lock's file and the taking."""
        taken = real(file)
        names.append(file.name)
        if len(names) == 1:
            Path(file.name).unlink()
        return taken

    monkeypatch.setattr(locks, "take", late)
    with opened(path, MADE_BY, COLUMNS), pytest.raises(Refusal, match="being written already"):
        opened(path, MADE_BY, COLUMNS).__enter__()
    assert len(names) == 3


def test_a_table_that_a_spreadsheet_saved_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    before = write(path, ROWS[:1])
    path.write_bytes(b"\xef\xbb\xbf" + before.replace(b"\n", b"\r\n"))
    with opened(path, MADE_BY, COLUMNS) as results:
        assert results.outcomes == {"a.jpg": "referable"}


def test_a_reason_is_never_a_formula(tmp_path: Path) -> None:
    write(tmp_path / "out.csv", [Result("./=a.jpg", reason="=a.jpg ends too early.")])
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert row["reason"] == "'=a.jpg ends too early."
    assert row["path"] == "./=a.jpg"


def test_an_older_table_without_rows_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    whole = write(path, ROWS[:1])
    path.write_bytes(whole.splitlines(keepends=True)[0].replace(b"sha256,", b""))
    assert write(path, ROWS[:1]) == whole


def test_a_row_that_no_longer_holds_is_taken_off(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write(path, ROWS)
    with opened(path, MADE_BY, COLUMNS, lambda row: row["path"] != "a.jpg") as results:
        assert "a.jpg" not in results.outcomes
    assert path.read_bytes() == write(tmp_path / "other.csv", ROWS[1:])
