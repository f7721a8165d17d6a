"""Cells that a spreadsheet would run are told as text, and paths stay paths."""

from pathlib import Path

import pytest

from engine.table_cells import as_path, as_text


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-cmd", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_would_be_a_formula_is_text(cell: str) -> None:
    assert as_text(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "two spots", "1-2", "a = b"])
def test_other_text_stays_as_it_is(cell: str) -> None:
    assert as_text(cell) == as_path(cell) == cell


def test_a_path_still_leads_to_its_file(tmp_path: Path) -> None:
    (tmp_path / "=a.jpg").touch()
    assert as_path("=a.jpg")[0] == "."
    assert (tmp_path / as_path("=a.jpg")).is_file()
