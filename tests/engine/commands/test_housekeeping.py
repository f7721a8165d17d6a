"""--info, --reset and packs, as a person or a script calls them."""

import json
from pathlib import Path

import pytest

from engine import cli, folders, settings
from engine.packs import store
from engine.packs.pack import Pack
from engine.service.sessions import Session

Captured = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("user")


def test_info_names_versions_device_and_folders(capsys: Captured, tmp_path: Path) -> None:
    assert cli.main(["--info", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert {"lesionlens", "python", "torch", "device"} <= set(facts)
    assert facts["packs"].startswith(str(tmp_path))


def test_reset_forgets_settings_and_keeps_packs(user: Pack) -> None:
    settings.save(settings.Settings(theme="light"))
    (folders.made(folders.cache()) / "left-over").write_text("x")
    assert cli.main(["--reset"]) == 0
    assert settings.load().settings.theme == "dark"
    assert not any(folders.cache().iterdir())
    assert store.find("untrained", "retinopathy") == user.folder


def test_reset_leaves_an_open_window_its_pictures(user: Pack) -> None:
    session = Session(folders.cache())
    (session.folder / "picture.npy").write_text("x")
    assert cli.main(["--reset"]) == 0
    assert (session.folder / "picture.npy").exists()
    session.close()


def test_packs_are_listed_shown_checked_and_carried(
    capsys: Captured, tmp_path: Path, user: Pack
) -> None:
    assert cli.main(["packs", "list", "--json"]) == 0
    names = [pack["name"] for pack in json.loads(capsys.readouterr().out)["packs"]]
    assert "untrained" in names
    assert cli.main(["packs", "show", "untrained"]) == 0
    assert "# None" in capsys.readouterr().out
    assert cli.main(["packs", "check", "untrained", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sha256"] == user.sha256
    assert cli.main(["packs", "export", "untrained", str(tmp_path / "out"), "--json"]) == 0
    file = json.loads(capsys.readouterr().out)["file"]
    assert cli.main(["packs", "import", file, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sha256"] == user.sha256


def test_a_check_says_what_vouches_for_the_manifest(capsys: Captured, user: Pack) -> None:
    assert cli.main(["packs", "check", "untrained", "--quiet"]) == 0
    said = capsys.readouterr().out
    assert f"is {user.sha256}. Nothing in a pack vouches for its manifest" in said
    assert cli.main(["packs", "check", "retinopathy-net-b", "--quiet"]) == 0
    assert "It is the one that comes with LesionLens." in capsys.readouterr().out
