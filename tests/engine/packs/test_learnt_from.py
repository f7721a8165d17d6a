"""Packs tell which photographs they learnt from."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from engine.errors import Refusal
from engine.packs import learnt_from, store
from engine.packs import pack as packs
from engine.packs.pack import Pack, load

NAMES = sorted(path.name for path in store.shipped().iterdir() if path.is_dir())


def written(untrained: Pack, folder: Path, text: str) -> Pack:
    weights = untrained.network().state_dict()
    texts = {"card.md": "# None\n", learnt_from.FILE: text}
    return packs.write(folder, untrained.manifest, weights, texts)


def test_a_pack_holds_each_photograph_once_in_no_order_of_the_tables(
    untrained: Pack, tmp_path: Path
) -> None:
    rows = np.random.default_rng(0).integers(0, 256, (5, 64), np.uint8)
    text = learnt_from.text(np.concatenate([rows, rows[:1]]))
    pack = written(untrained, tmp_path / "pack", text)
    found = learnt_from.of(pack)
    assert found is not None
    assert sorted(map(bytes, found.likenesses)) == sorted(map(bytes, rows))
    assert found.folds.tolist() == [-1] * 5
    assert text == learnt_from.text(rows[::-1])
    assert learnt_from.sealed(pack) == {learnt_from.FILE: text}


def test_a_pack_that_holds_none_tells_nothing(untrained: Pack) -> None:
    assert learnt_from.of(untrained) is None
    assert learnt_from.sealed(untrained) == {}


@pytest.mark.parametrize("text", ["none of these\n", "ab\n", "zwölf\n", f"{'00' * 64} second\n"])
def test_a_list_that_holds_anything_else_is_refused(
    untrained: Pack, tmp_path: Path, text: str
) -> None:
    with pytest.raises(Refusal, match="which photographs it learnt from"):
        learnt_from.of(written(untrained, tmp_path / "pack", text))


@pytest.mark.parametrize("name", NAMES)
def test_of_a_pack_that_ships_every_photograph_is_known(name: str) -> None:
    pack = load(store.shipped() / name)
    found = learnt_from.of(pack)
    assert found is not None
    # Three of IDRiD's photographs are in its table twice.
    assert len(found.likenesses) == pack.manifest.data.pictures - 3
    assert set(found.folds.tolist()) == {0, 1, 2}
    data = msgspec.structs.replace(pack.manifest.data, fingerprint="another")
    other = replace(pack, manifest=msgspec.structs.replace(pack.manifest, data=data))
    assert learnt_from.of(other) is None
