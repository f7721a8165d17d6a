"""The benchmark of loading, on series of a few small slices."""

import subprocess
import sys
from pathlib import Path

import pytest
from series_files import values, write_series

from engine.bench import load, window
from engine.errors import Refusal
from engine.task import Task

pytestmark = pytest.mark.usefixtures("own_home")


def test_every_syntax_and_a_named_folder_are_measured_against_simpleitk(tmp_path: Path) -> None:
    write_series(tmp_path / "own", values(slices=4))
    found = load.run(Task(), tmp_path / "own", slices=3, side=32, repeats=1, listing=False)
    for key in ("ratio", "rle", "jpeg_ls", "jpeg_2000", "data", "first_slice", "data_first_slice"):
        assert 0 < found[key] < 1000
    assert found["first_slice"] < found["ratio"]


def test_what_cannot_be_loaded_is_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = subprocess.Popen
    says = 'input(); print(\'{"refused": "The folder holds 2 series."}\')'
    monkeypatch.setattr(
        window.subprocess,
        "Popen",
        lambda _, **options: real([sys.executable, "-c", says], **options),
    )
    with (
        window.serving("load", load.WHAT, load.ADVICE) as ours,
        pytest.raises(Refusal, match="holds 2 series"),
    ):
        ours(str(tmp_path))
