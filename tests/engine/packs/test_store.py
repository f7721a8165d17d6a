"""Packs are installed whole, found by name, and carried as one file."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import folders
from engine.errors import Refusal
from engine.packs import seals, store
from engine.packs.manifest import Manifest
from engine.packs.pack import Pack, load
from engine.telling import words


def test_a_pack_goes_out_as_one_file_and_comes_back_the_same(pack: Pack, tmp_path: Path) -> None:
    file = store.export(pack, tmp_path / "out")
    assert file.name == "out.llpack"
    assert store.install(file).sha256 == pack.sha256
    assert store.find("little", "retinopathy") == folders.packs() / "little@1.0.0"


def test_an_installed_pack_is_listed_before_those_that_ship(pack: Pack) -> None:
    store.install(pack.folder)
    first = store.list_packs()[0]
    assert (first.name, first.version, first.shipped, first.fault) == ("little", "1.0.0", False, "")


def test_installing_twice_is_no_fault(pack: Pack) -> None:
    assert store.install(pack.folder).sha256 == store.install(pack.folder).sha256


def test_what_ships_is_not_installed_beside_itself(tmp_path: Path) -> None:
    ships = store.shipped() / "retinopathy-stages"
    file = store.export(load(ships), tmp_path / "out")
    assert store.install(file).folder == ships
    assert not any(folders.packs().glob("*"))


def test_a_damaged_pack_leaves_nothing_behind(pack: Pack) -> None:
    (pack.folder / "card.md").write_text("changed")
    with pytest.raises(Refusal):
        store.install(pack.folder)
    assert not any(folders.packs().glob("*"))


def test_a_pack_damaged_after_installation_is_listed_with_its_fault(pack: Pack) -> None:
    installed = store.install(pack.folder)
    (installed.folder / "card.md").write_text("changed")
    assert "card.md" in store.list_packs()[0].fault


def test_a_pack_that_names_what_is_no_file_is_listed_with_its_fault(pack: Pack) -> None:
    installed = store.install(pack.folder)
    path = installed.folder / "manifest.json"
    path.write_text(path.read_text().replace('"card.md"', '"card\\u0000.md"'))
    assert store.list_packs()[0].fault


def test_a_file_that_would_leave_its_folder_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "evil.llpack"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../evil", "x")
    with pytest.raises(Refusal, match="outside its own folder"):
        store.install(file)
    assert not (folders.packs().parent / "evil").exists()


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_pack_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "some.llpack"
    file.write_bytes(content)
    with pytest.raises(Refusal, match="is not a pack"):
        store.install(file)


def test_an_unknown_name_is_refused_with_what_there_is(pack: Pack) -> None:
    store.install(pack.folder)
    with pytest.raises(Refusal, match="little"):
        store.find("large", "retinopathy")


def test_another_content_under_the_same_version_is_refused(
    pack: Pack, tmp_path: Path, manifest: Callable[..., Manifest]
) -> None:
    from engine.networks import registry
    from engine.packs.pack import write

    store.install(pack.folder)
    network = registry.build("net_b", {"size": 112})
    other = write(tmp_path / "other", manifest(title="Other"), network.state_dict(), {})
    with pytest.raises(Refusal, match="another content"):
        store.install(other.folder)


def test_a_damaged_archive_is_refused_wherever_the_damage_changes_the_pack(
    pack: Pack, tmp_path: Path
) -> None:
    whole = store.export(pack, tmp_path / "out").read_bytes()
    file = tmp_path / "damaged.llpack"
    refused = 0
    for place in range(0, len(whole), len(whole) // 40):
        content = bytearray(whole)
        content[place : place + 8] = bytes(255 - byte for byte in content[place : place + 8])
        file.write_bytes(content)
        try:
            # The archive's own dates, of which nothing depends, may be what was damaged.
            assert store.install(file).sha256 == pack.sha256
        except Refusal:
            refused += 1
    assert refused > 30


@pytest.mark.parametrize(
    "name", ["../up", "a/b", "", ".hidden", "a@b", "x\x1b[2J", "n" * 200, "NUL", "com1.eyes"]
)
def test_a_name_that_is_no_folders_name_is_refused(pack: Pack, name: str) -> None:
    path = pack.folder / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps(manifest | {"name": name}))
    with pytest.raises(Refusal, match="cannot be a folder's name"):
        store.install(pack.folder)
    assert not any(folders.packs().glob("*"))


def test_a_refused_file_is_named_as_the_user_knows_it(tmp_path: Path) -> None:
    file = tmp_path / "mine.llpack"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("card.md", "x")
    with pytest.raises(Refusal, match="The pack mine is not complete"):
        store.install(file)


def test_a_folder_that_cannot_be_written_is_a_refusal(pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="was not written"):
        store.export(pack, tmp_path / "nowhere" / "out")


def test_a_build_without_packs_lists_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "shipped", lambda: tmp_path / "nowhere")
    assert store.list_packs() == ()


@pytest.mark.parametrize("versions", [("0.9.0", "0.10.0"), ("0.9.0", "1.0.0")])
def test_a_name_alone_means_its_highest_version(
    tmp_path: Path, manifest: Callable[..., Manifest], versions: tuple[str, str]
) -> None:
    from engine.packs.pack import write

    for version in versions:
        written = write(tmp_path / version, manifest(version=version), {}, {})
        store.install(written.folder)
    lower, higher = versions
    assert store.find("little", "retinopathy").name == f"little@{higher}"
    assert store.find(f"little@{lower}", "retinopathy").name == f"little@{lower}"


def test_the_first_that_ships_for_a_question_is_the_one_that_is_asked_without_a_name() -> None:
    shipped = [pack for pack in store.list_packs() if pack.shipped]
    for question in {pack.question for pack in shipped}:
        first = next(pack for pack in shipped if pack.question == question)
        assert str(store.find("", question)) == first.path


def test_a_pack_of_another_question_is_not_called_missing(pack: Pack) -> None:
    store.install(pack.folder)
    with pytest.raises(Refusal, match="little is a pack for retinopathy, not for stage"):
        store.find("little", "stage")


def test_where_none_ships_an_installed_one_is_to_be_named(
    pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "shipped", lambda: tmp_path / "nowhere")
    store.install(pack.folder)
    with pytest.raises(Refusal, match="No pack ships for retinopathy") as refused:
        store.find("", "retinopathy")
    assert "--pack little" in refused.value.advice


def _renamed(pack: Pack, **words: str) -> Path:
    path = pack.folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | words))
    return pack.folder


@pytest.mark.parametrize("name", ["retinopathy-lesions", "Retinopathy-Lesions"])
def test_a_name_that_a_pack_which_ships_has_is_refused(pack: Pack, name: str) -> None:
    with pytest.raises(Refusal, match="comes with LesionLens is called retinopathy-lesions"):
        store.install(_renamed(pack, name=name, version="9"))
    assert not any(folders.packs().glob("*"))


def test_a_name_that_differs_in_its_case_alone_is_refused(pack: Pack) -> None:
    store.install(pack.folder)
    with pytest.raises(Refusal, match="little is here already"):
        store.install(_renamed(pack, name="Little"))


def test_a_version_that_would_pass_for_another_is_refused(pack: Pack) -> None:
    with pytest.raises(Refusal, match="begins with 0"):
        store.install(_renamed(pack, version="01.2"))


@pytest.mark.parametrize("version", ["", "9"])
def test_a_pack_that_ships_answers_to_its_name_whatever_was_installed_before(
    pack: Pack, version: str
) -> None:
    ships = store.find("retinopathy-lesions")
    name, own = "retinopathy-lesions", version or load(ships).manifest.version
    target = folders.made(folders.packs()) / f"{name}@{own}"
    shutil.copytree(_renamed(pack, name=name, version=own), target)
    assert store.find(name) == ships == store.shipped() / name
    assert store.find(f"{name}@{own}") == (target if version else ships)
    packs = store.list_packs()
    told = {Path(each.path): words.whose(each, packs) for each in packs}
    assert told.pop(target) == (f"yours, {load(target).sha256[:8]}" if version else "yours")
    assert set(told.values()) == {""}


def test_a_changed_manifest_of_a_pack_that_ships_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ships = store.find("retinopathy-lesions")
    changed = tmp_path / "changed" / ships.name
    shutil.copytree(ships, changed)
    manifest = changed / "manifest.json"
    point = str(load(ships).manifest.operating_point)
    text = manifest.read_text()
    assert point in text
    manifest.write_text(text.replace(point, "0.96049", 1))
    with pytest.raises(Refusal, match="is not the one that comes with LesionLens"):
        store.install(changed)
    assert not any(folders.packs().glob("*"))
    monkeypatch.setattr(seals, "shipped", lambda: changed.parent)
    with pytest.raises(Refusal, match="comes with LesionLens and was changed"):
        load(changed)
    manifest.write_text(text)
    assert load(changed).sha256 == load(ships).sha256


@pytest.mark.parametrize("folder", ["retinopathy-lesions", "other"])
def test_a_changed_copy_of_a_pack_that_ships_is_refused_wherever_it_lies(
    pack: Pack, tmp_path: Path, folder: str
) -> None:
    ships = load(store.find("retinopathy-lesions")).manifest
    changed = _renamed(pack, name=ships.name, version=ships.version).rename(tmp_path / folder)
    seal = hashlib.sha256((changed / "manifest.json").read_bytes()).hexdigest()
    with pytest.raises(Refusal, match="is not the one that comes with LesionLens") as told:
        load(store.find(str(changed)))
    assert seal[:12] in told.value.why
    copied = shutil.copytree(store.shipped() / ships.name, tmp_path / "copy")
    assert load(copied).manifest == ships


def test_a_folder_here_does_not_answer_to_the_name_of_a_pack_that_ships(
    pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(pack.folder, tmp_path / "here" / "retinopathy-lesions")
    monkeypatch.chdir(tmp_path / "here")
    assert store.find("retinopathy-lesions").parent == store.shipped()
    assert load(store.find("./retinopathy-lesions")).manifest.name == "little"
