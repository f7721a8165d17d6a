"""A folder of the user's that cannot be made is named, and hinders nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine import cli
from engine.packs import store
from engine.packs.pack import Pack
from engine.preparation import fundus

Captured = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("user")


def blocked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> Path:
    """The folder of this kind cannot be made: a file stands in its place."""
    file = tmp_path / "a file"
    file.touch()
    monkeypatch.setenv(f"XDG_{kind}_HOME", str(file))
    return file


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("CONFIG", {"settings"}),
        ("DATA", {"packs", "records"}),
        ("CACHE", {"cache"}),
        ("STATE", {"logs"}),
    ],
)
def test_info_names_the_folder_that_cannot_be_written(
    capsys: Captured,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    named: set[str],
) -> None:
    file = blocked(tmp_path, monkeypatch, kind)
    assert cli.main(["--info", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    faults = {key for key in facts if key.startswith("not writable")}
    assert faults == {f"not writable: {name}" for name in named}
    assert all(facts[name].startswith(str(file)) for name in named)


@pytest.mark.parametrize("kind", ["CONFIG", "DATA", "CACHE", "STATE"])
def test_a_photograph_is_answered_whatever_folder_cannot_be_made(
    capsys: Captured,
    tmp_path: Path,
    eye: Path,
    user: Pack,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    # As one that ships: what is installed is found in none of these folders.
    monkeypatch.setattr(store, "shipped", lambda: user.folder.parent)
    blocked(tmp_path, monkeypatch, kind)
    arguments = ["analyse", str(eye), "--question", "retinopathy", "--pack", "untrained"]
    assert cli.main([*arguments, "--json", "--quiet"]) == 0
    assert "probability" in json.loads(capsys.readouterr().out)


def test_a_pack_that_cannot_be_installed_is_refused_with_the_folder(
    capsys: Captured, tmp_path: Path, user: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = blocked(tmp_path, monkeypatch, "DATA")
    assert cli.main(["packs", "import", str(user.folder)]) == 1
    assert f"you may write to {file}" in capsys.readouterr().err


def test_a_fault_of_ours_is_told_where_it_cannot_be_kept(
    capsys: Captured, tmp_path: Path, eye: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **_how: Any) -> Any:
        raise RuntimeError(eye.name)

    monkeypatch.setattr(fundus, "resize_beside", broken)
    blocked(tmp_path, monkeypatch, "STATE")
    arguments = ["analyse", str(eye), "--question", "retinopathy", "--json", "--quiet"]
    assert cli.main([*arguments, "--pack", "untrained"]) == 1
    told = capsys.readouterr().err
    assert "in broken" in told
    assert eye.name not in told
