"""What analyse prints of a photograph."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine import cli

Captured = pytest.CaptureFixture[str]


def analyse(capsys: Captured, picture: Path, *more: str) -> dict[str, Any]:
    arguments = ["analyse", str(picture), "--question", "retinopathy", "--json"]
    assert cli.main([*arguments, "--pack", "untrained", "--quiet", *more]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer
