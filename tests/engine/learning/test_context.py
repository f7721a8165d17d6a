"""Fields of a CSV become features; what is not known is told."""

from pathlib import Path

import pytest

from engine.errors import Refusal
from engine.learning import context
from engine.learning.context import Field


def table(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "context.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_missing_field_is_the_median_and_an_indicator_says_so() -> None:
    known = [{"age": 50.0}, {"age": 70.0, "years": None}, {"age": None, "years": 3.0}]
    fields = context.learn(known)
    assert fields == (Field("age", 60), Field("years", 3))
    assert context.features(fields, {"age": 41.0}).tolist() == [41, 0, 3, 1]
    assert context.missing(fields, {"age": 41.0}) == ("years",)


def test_a_field_that_nobody_has_is_left_out() -> None:
    assert context.learn([{"age": 5.0, "never": None}]) == (Field("age", 5),)


def test_a_field_that_the_forest_does_not_know_is_passed_over() -> None:
    assert context.features((Field("age", 60),), {"age": 41.0, "more": 9.0}).tolist() == [41, 0]


def test_rows_have_words_where_they_are_named_and_numbers_elsewhere(tmp_path: Path) -> None:
    path = table(tmp_path, "patient,age,sex\np1, 54 ,1\np2,,0\n")
    rows = context.read(path, ("patient", "image"))
    assert [row.names for row in rows] == [{"patient": "p1"}, {"patient": "p2"}]
    assert [row.values for row in rows] == [{"age": 54, "sex": 1}, {"age": None, "sex": 0}]


@pytest.mark.parametrize("value", ["male", "nan", "inf"])
def test_a_word_in_the_place_of_a_number_is_named(tmp_path: Path, value: str) -> None:
    path = table(tmp_path, f"patient,age\n\np1,54\np2,{value}\n")
    with pytest.raises(Refusal, match=f"Line 4 has “{value}” as age"):
        context.read(path, ("patient",))


@pytest.mark.parametrize("text", ["patient\np1\n", "patient,age\n", ""])
def test_a_table_without_fields_or_rows_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Refusal, match="cannot be used"):
        context.read(table(tmp_path, text), ("patient",))


def test_no_table_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be read"):
        context.read(tmp_path / "none.csv", ())


def test_the_row_that_names_one_of_the_photographs_is_the_patients(tmp_path: Path) -> None:
    rows = context.read(table(tmp_path, "image,age\na.jpg,1\nb,2\nc,3\n"), context.NAMES)
    assert context.of_pictures(rows, ["x.png", "b.png"], "t") == {"age": 2}
    for pictures in (["x.png"], ["a.jpg", "b.jpg"]):
        with pytest.raises(Refusal, match=r"[02] of its 3 rows"):
            context.of_pictures(rows, pictures, "t")


def test_the_only_row_is_the_patients_unless_it_names_another_photograph(tmp_path: Path) -> None:
    nameless = context.read(table(tmp_path, "age\n1\n"), context.NAMES)
    assert context.of_pictures(nameless, ["x.png"], "t") == {"age": 1}
    named = context.read(table(tmp_path, "image,age\na.jpg,1\n"), context.NAMES)
    assert context.of_pictures(named, ["a.jpg"], "t") == {"age": 1}
    with pytest.raises(Refusal, match=r"of a\.jpg, which is none of these"):
        context.of_pictures(named, ["x.png"], "t")
