"""A pack that the user installed goes; what ships stays, and nothing is guessed."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine import folders
from engine.cli import app
from engine.errors import Refusal
from engine.networks import registry
from engine.packs import removing, store
from engine.packs.manifest import Manifest
from engine.packs.pack import Pack, write


@pytest.fixture
def newer(tmp_path: Path, manifest: Callable[..., Manifest]) -> Pack:
    network = registry.build("net_b", {"size": 112})
    return write(tmp_path / "newer", manifest(version="1.1.0"), network.state_dict(), {})


@pytest.mark.parametrize("name", ["little", "little@1.0.0"])
def test_an_installed_pack_is_gone_and_the_file_it_came_from_stays(pack: Pack, name: str) -> None:
    store.install(pack.folder)
    assert removing.remove(name).sha256 == pack.sha256
    assert not any(folders.packs().glob("*"))
    assert store.install(pack.folder).sha256 == pack.sha256


def test_of_several_versions_the_one_that_is_named_goes(pack: Pack, newer: Pack) -> None:
    store.install(pack.folder)
    store.install(newer.folder)
    with pytest.raises(Refusal, match=r"versions 1\.0\.0 and 1\.1\.0"):
        removing.remove("little")
    removing.remove("little@1.0.0")
    assert [each.version for each in store.list_packs() if not each.shipped] == ["1.1.0"]


def test_a_damaged_pack_can_be_removed(pack: Pack) -> None:
    installed = store.install(pack.folder)
    (installed.folder / "card.md").write_text("changed")
    removing.remove("little@1.0.0")
    assert not any(folders.packs().glob("*"))


def test_a_pack_that_ships_is_left(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    place = pack.folder.parent / "shipped"
    shutil.copytree(pack.folder, place / "little@1.0.0")
    monkeypatch.setattr(store, "shipped", lambda: place)
    with pytest.raises(Refusal, match="came with the program"):
        removing.remove("little")
    # Installed before a version of the program brought it.
    shutil.copytree(pack.folder, folders.packs() / "little@1.0.0")
    removing.remove("little")
    assert [each.shipped for each in store.list_packs()] == [True]


def test_what_cannot_be_let_go_stays_whole(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    store.install(pack.folder)

    def held(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", held)
    with pytest.raises(Refusal, match="Permission denied"):
        removing.remove("little")
    assert store.find("little").is_dir()


def test_the_command_says_what_it_removed_and_what_there_is_not(pack: Pack) -> None:
    store.install(pack.folder)
    said = CliRunner().invoke(app, ["packs", "remove", "little", "--json"])
    assert json.loads(said.stdout)["version"] == "1.0.0"
    again = CliRunner().invoke(app, ["packs", "remove", "little"])
    assert again.exit_code == 1
    assert "There is no pack little" in again.output
