"""phantom, as a person or a script calls it."""

import json
from pathlib import Path

import pytest

from engine import cli


def test_a_phantom_is_written_with_its_truth(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(["phantom", "eye", str(tmp_path / "eye.png"), "--seed", "4", "--json"]) == 0
    files = [Path(name) for name in json.loads(capsys.readouterr().out)["files"]]
    assert tmp_path / "eye.png" in files
    assert all(file.exists() for file in files)
