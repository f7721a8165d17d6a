"""The figure of discovery shows every lesion type that was measured, where it was measured."""

import re
from pathlib import Path

import pytest

from engine.errors import Refusal
from engine.reports import discovery

TABLE = """steps,area,hard exudates,soft exudates,microaneurysms,haemorrhages
150,0.5000,0.0000,,0.0000,0.1000
300,0.7500,0.2000,,0.0500,0.1500
450,1.0000,0.2500,,0.1000,0.2000
"""


def drawn(tmp_path: Path, table: str) -> str:
    (tmp_path / "discovery.csv").write_text(table, "utf-8")
    to = discovery.save(tmp_path / "discovery.csv", tmp_path / "discovery.svg")
    return to.read_text("utf-8")


def test_each_type_that_was_measured_has_its_line_and_name(tmp_path: Path) -> None:
    figure = drawn(tmp_path, TABLE)
    for name in ("A_z", "hard exudates", "microaneurysms", "haemorrhages"):
        assert f">{name}</text>" in figure
    assert "soft exudates" not in figure
    assert figure.count("<polyline") == 4


def test_a_line_rises_as_its_numbers_do(tmp_path: Path) -> None:
    figure = drawn(tmp_path, TABLE)
    lines = [each.split() for each in re.findall(r'<polyline points="([^"]+)"', figure)]
    answered = [float(point.split(",")[1]) for point in lines[0]]
    # From half way up the axis to its top, in equal steps, as A_z does in the table.
    first, second, third = answered[:3]
    assert first - second == pytest.approx(second - third, abs=0.02)
    assert first > second > third
    across = [float(point.split(",")[0]) for point in lines[0]][:3]
    assert across[1] - across[0] == pytest.approx(across[2] - across[1], abs=0.02)


@pytest.mark.parametrize("table", ["", "steps,area\n150,0.5\n", "a,b\n1,2\n3,4\n", TABLE + "x\n"])
def test_what_is_no_such_table_is_refused(tmp_path: Path, table: str) -> None:
    with pytest.raises(Refusal, match="no table of what a network discovered"):
        drawn(tmp_path, table)
