"""A pack is used whole or not at all."""

import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.errors import Refusal
from engine.packs import store
from engine.packs.manifest import FORMAT, Manifest
from engine.packs.pack import Pack, load, write


def reseal(folder: Path, change: Callable[[dict], None]) -> None:  # type: ignore[type-arg]
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest))


def seal_of(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_written_pack_loads_with_its_weights_halved_and_its_network_in_evaluation(
    pack: Pack,
) -> None:
    network = load(pack.folder).network()
    assert not network.training
    assert all(value.dtype == torch.float32 for value in network.parameters())
    assert sum(value.numel() for value in network.parameters()) == 2_804_577
    assert (pack.folder / "network.safetensors").stat().st_size < 2 * 2_804_577 + 10_000


def test_weights_come_back_as_they_were_to_the_half(
    tmp_path: Path, manifest: Callable[..., Manifest]
) -> None:
    from engine.networks import registry
    from engine.packs.pack import write

    network = registry.build("net_b", {"size": 112})
    generator = torch.Generator().manual_seed(0)
    for value in network.parameters():
        value.data = torch.randn(value.shape, generator=generator).to(value.data)
    written = write(tmp_path / "p", manifest(), network.state_dict(), {})
    back = written.network().state_dict()
    for name, value in network.state_dict().items():
        torch.testing.assert_close(back[name], value, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", ["network.safetensors", "card.md", "plan.toml"])
def test_a_changed_byte_is_refused_by_the_files_name(pack: Pack, name: str) -> None:
    path = pack.folder / name
    content = bytearray(path.read_bytes() or b" ")
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(Refusal, match=f"{name} should have the seal"):
        load(pack.folder)


def test_a_missing_file_is_named(pack: Pack) -> None:
    (pack.folder / "card.md").unlink()
    with pytest.raises(Refusal, match=r"card\.md is missing"):
        load(pack.folder)


def test_a_file_that_the_manifest_does_not_name_is_refused(pack: Pack) -> None:
    (pack.folder / "extra.py").write_text("")
    with pytest.raises(Refusal, match=r"extra\.py"):
        load(pack.folder)


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_a_folder_or_link_beside_the_files_is_refused(
    pack: Pack, kind: str, tmp_path: Path
) -> None:
    if kind == "folder":
        (pack.folder / "more").mkdir()
    else:
        (pack.folder / "more").symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(Refusal, match="more is not named"):
        load(pack.folder)


def test_weights_that_change_after_loading_are_not_used(pack: Pack) -> None:
    path = pack.folder / "network.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(Refusal, match="changed after it was sealed"):
        pack.network()


def test_a_pickle_is_refused_under_any_name(pack: Pack) -> None:
    path = pack.folder / "card.md"
    path.write_bytes(pickle.dumps({"weight": 1}))
    reseal(pack.folder, lambda manifest: manifest["files"].update({path.name: seal_of(path)}))
    with pytest.raises(Refusal, match="can run code"):
        load(pack.folder)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda manifest: manifest["calibration"].update(draws=[]), "has no draws"),
        (lambda manifest: manifest.update(operating_point=1.5), "point is 1.5"),
    ],
)
def test_a_manifest_that_could_give_no_answer_is_refused(
    pack: Pack,
    change: Callable[[dict], None],  # type: ignore[type-arg]
    named: str,
) -> None:
    reseal(pack.folder, change)
    with pytest.raises(Refusal, match=named):
        load(pack.folder)


def test_an_endless_manifest_is_refused(pack: Pack) -> None:
    path = pack.folder / "manifest.json"
    path.write_bytes(path.read_bytes() + b" " * (4 * 2**20))
    with pytest.raises(Refusal, match="may have at most"):
        load(pack.folder)


def test_writing_that_was_cut_short_is_done_again(
    tmp_path: Path, manifest: Callable[..., Manifest], monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.packs import pack as packs

    real = packs.write_bytes

    def killed(path: Path, content: bytes) -> None:
        if path.name == "manifest.json":
            raise KeyboardInterrupt
        real(path, content)

    weights = {"weight": torch.zeros(1)}
    monkeypatch.setattr(packs, "write_bytes", killed)
    with pytest.raises(KeyboardInterrupt):
        packs.write(tmp_path / "p", manifest(), weights, {})
    assert not (tmp_path / "p").exists()
    monkeypatch.setattr(packs, "write_bytes", real)
    assert packs.write(tmp_path / "p", manifest(), weights, {}).folder == tmp_path / "p"
    assert [path.name for path in tmp_path.iterdir()] == ["p"]


@pytest.mark.parametrize("disguise", ["pickle", "torch"])
def test_a_pickle_in_disguise_is_refused_even_under_a_right_seal(pack: Pack, disguise: str) -> None:
    path = pack.folder / "network.safetensors"
    if disguise == "pickle":
        path.write_bytes(pickle.dumps({"weight": 1}))
    else:
        torch.save({"weight": torch.zeros(1)}, path)
    reseal(pack.folder, lambda manifest: manifest["files"].update({path.name: seal_of(path)}))
    with pytest.raises(Refusal, match="plain weights"):
        load(pack.folder)


def test_weights_that_are_no_weights_are_refused_when_the_network_is_built(pack: Pack) -> None:
    path = pack.folder / "network.safetensors"
    path.write_bytes(b"not weights at all")
    reseal(pack.folder, lambda manifest: manifest["files"].update({path.name: seal_of(path)}))
    with pytest.raises(Refusal, match="holds no weights"):
        load(pack.folder).network()


def test_a_newer_format_is_refused_with_both_numbers(pack: Pack) -> None:
    reseal(pack.folder, lambda manifest: manifest.update(format=99, something_new=True))
    with pytest.raises(Refusal, match=f"format 99; this program reads formats up to {FORMAT}"):
        load(pack.folder)


def test_a_wrong_input_size_is_refused_with_both_numbers(pack: Pack) -> None:
    reseal(pack.folder, lambda manifest: manifest["input"].update(size=224))
    with pytest.raises(Refusal, match="reads 112 pixels and its input has 224"):
        load(pack.folder)


def test_weights_of_another_network_are_refused(pack: Pack) -> None:
    def larger(manifest: dict) -> None:  # type: ignore[type-arg]
        manifest["input"]["size"] = 224
        manifest["network"]["arguments"]["size"] = 224

    reseal(pack.folder, larger)
    with pytest.raises(Refusal, match="does not fit its own network"):
        load(pack.folder).network()


def test_a_manifest_cannot_reach_outside_the_packs_folder(pack: Pack, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    reseal(pack.folder, lambda manifest: manifest["files"].update({"../secret": "0"}))
    with pytest.raises(Refusal, match="outside its own folder"):
        load(pack.folder)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "one"}', '{"format": 1}', '{"format": ' + "[" * 99_999]
)
def test_a_damaged_manifest_is_refused_in_words(pack: Pack, text: str) -> None:
    (pack.folder / "manifest.json").write_text(text)
    with pytest.raises(Refusal, match=r"manifest\.json, is damaged or incomplete"):
        load(pack.folder)


def test_a_sealed_pack_is_never_written_over(pack: Pack, manifest: Callable[..., Manifest]) -> None:
    from engine.packs.pack import write

    with pytest.raises(Refusal, match="not empty"):
        write(pack.folder, manifest(), {}, {})


def test_a_zip_file_is_no_folder_of_a_pack(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.llpack", "w") as archive:
        archive.writestr("manifest.json", "{}")
    with pytest.raises(Refusal, match="not complete"):
        load(tmp_path / "a.llpack")


def test_a_pack_has_a_lesion_threshold_of_its_own(
    tmp_path: Path, pack: Pack, manifest: Callable[..., Manifest]
) -> None:
    weights = pack.network().state_dict()
    own = write(tmp_path / "own", manifest(lesion_threshold=0.4), weights, {})
    assert store.install(own.folder).manifest.lesion_threshold == 0.4
    assert [each.lesion_threshold for each in store.list_packs() if not each.shipped] == [0.4]


def test_a_pack_from_before_lesion_thresholds_is_read(pack: Pack) -> None:
    def before(manifest: dict[str, Any]) -> None:
        manifest["format"] = 1
        del manifest["lesion_threshold"]

    reseal(pack.folder, before)
    assert load(pack.folder).manifest.lesion_threshold == 0.25
