"""A pack of several checkpoints and forests is whole, small and held to its own word."""

import hashlib
import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch
from safetensors.numpy import save

from engine.errors import Refusal
from engine.learning import growing
from engine.learning.calibration import Calibration, Sigmoid
from engine.learning.context import Field
from engine.learning.features import Asks
from engine.learning.forest import Forest
from engine.learning.growing import Cases, Size
from engine.networks import registry
from engine.packs.manifest import CheckpointPart, Figures, ForestPart, Manifest, encode
from engine.packs.pack import Pack, load, write
from engine.training import ensemble_card
from engine.training import plan as plans
from engine.training.plan import Data
from engine.training.plan import Pack as PackWords
from engine.training.run import Run
from engine.training.ship import ship

FITTED = Calibration(Sigmoid(4, -2), (Sigmoid(3, -2),))
FIGURES = Figures(0.5, (0.4, 0.6), 0.95, 0.9, 0.1, 0.2)


def forest(features: int) -> Forest:
    rows = np.random.default_rng(features).normal(size=(40, features))
    return growing.grow(Cases(rows, rows[:, 0] > 0, np.arange(40).astype(str)), Size(5, 3), 0)


@cache
def weights(seed: int) -> dict[str, torch.Tensor]:
    network = registry.build("net_b", {"size": 112})
    generator = torch.Generator().manual_seed(seed)
    for value in network.parameters():
        value.data = torch.randn(value.shape, generator=generator).half().to(value.data)
    return dict(network.state_dict())


@pytest.fixture
def joined(tmp_path: Path, manifest: Callable[..., Manifest]) -> Pack:
    parts = tuple(
        CheckpointPart(f"step-{n}", n, f"step-{n}.safetensors", FITTED, 0.4, FIGURES)
        for n in (8, 16)
    )
    forests = (
        ForestPart(Asks.PAIR, "pair.safetensors", "validation", 5, 3, 40, FITTED, 0.3, FIGURES),
        ForestPart(
            Asks.EXAMINATION, "examination.safetensors", "train", 5, 3, 40, FITTED, 0.3, FIGURES,
            (Field("age", 60.0),),
        ),
    )  # fmt: skip
    return write(
        tmp_path / "joined",
        manifest(checkpoints=parts, forests=forests),
        weights(0),
        {"card.md": "# Joined\n"},
        ((part.weights, weights(part.batches)) for part in parts),
        [("pair.safetensors", forest(4)), ("examination.safetensors", forest(10))],
    )


def test_each_checkpoint_comes_back_as_it_was(joined: Pack) -> None:
    pack = load(joined.folder)
    for name, seed in (("", 0), ("step-8", 8), ("step-16", 16)):
        for key, value in pack.network(name).state_dict().items():
            torch.testing.assert_close(value, weights(seed)[key], rtol=0, atol=0)


def test_weights_are_half_floats(joined: Pack) -> None:
    for name in ("network", "step-8", "step-16"):
        assert (joined.folder / f"{name}.safetensors").stat().st_size < 2 * 2_804_577 + 10_000


def test_its_forests_come_back_and_fit(joined: Pack) -> None:
    rows = np.random.default_rng(1).normal(size=(9, 4))
    part = joined.manifest.forest(Asks.PAIR)
    assert part is not None
    assert joined.forest(part).scores(rows).tolist() == forest(4).scores(rows).tolist()
    assert joined.manifest.forest(Asks.EYE) is None


def test_it_ships_whole_from_its_run(
    joined: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    about = PackWords("joined", "1", "Joined", "CC0-1.0", "Tests.")
    data = Data("grades.csv", "drawn", "none", "drawn", "none")
    plan = plans.write(plans.Plan("retinopathy", about, data, plans.Optimisation(passes=1)))
    run = Run.begin(tmp_path / "run", plan, tmp_path)
    card = f"# Joined\n{ensemble_card.text(joined.manifest, 7)}"
    files = {"card.md": hashlib.sha256(card.encode()).hexdigest()}
    told = msgspec.structs.replace(joined.manifest, files={**joined.manifest.files, **files})
    (joined.folder / "card.md").write_text(card)
    (joined.folder / "manifest.json").write_bytes(encode(told))
    shutil.copytree(joined.folder, run.folder / "pack")
    pack = ship(
        run.folder, "forests", "2.0.0", "Forests", "Asking a forest of drawn eyes.", anyway=True
    )
    assert pack.manifest.forests == joined.manifest.forests
    for name, value in pack.network("step-8").state_dict().items():
        torch.testing.assert_close(value, weights(8)[name], rtol=0, atol=0)
    assert pack.forest(pack.manifest.forests[0]).features == 4
    assert "7 of " in (pack.folder / "card.md").read_text("utf-8")


def test_a_checkpoint_that_it_has_not_is_refused_with_those_it_has(joined: Pack) -> None:
    with pytest.raises(Refusal, match="no checkpoint step-9; it has step-8, step-16"):
        joined.network("step-9")


def test_a_pack_without_checkpoints_stays_one_that_older_programs_read(pack: Pack) -> None:
    written = json.loads((pack.folder / "manifest.json").read_text())
    assert written["format"] == 2
    assert not {"checkpoints", "forests"} & set(written)


def test_a_pack_with_checkpoints_says_that_it_is_newer(joined: Pack) -> None:
    assert json.loads((joined.folder / "manifest.json").read_text())["format"] == 3


def reseal(pack: Pack, **changes: object) -> None:
    from engine.packs import manifest as manifests

    changed = msgspec.structs.replace(pack.manifest, **changes)
    (pack.folder / "manifest.json").write_bytes(manifests.encode(changed))


def test_a_forest_of_other_features_is_refused(joined: Pack) -> None:
    import hashlib

    content = save(forest(3).arrays())
    (joined.folder / "pair.safetensors").write_bytes(content)
    seal = hashlib.sha256(content).hexdigest()
    reseal(joined, files=joined.manifest.files | {"pair.safetensors": seal})
    pack = load(joined.folder)
    with pytest.raises(Refusal, match="3 features in place of 4"):
        pack.forest(pack.manifest.forests[0])


def test_a_pickle_in_the_place_of_a_forest_is_refused(joined: Pack) -> None:
    import hashlib
    import pickle

    content = pickle.dumps({"roots": 1})
    (joined.folder / "pair.safetensors").write_bytes(content)
    seal = hashlib.sha256(content).hexdigest()
    reseal(joined, files=joined.manifest.files | {"pair.safetensors": seal})
    with pytest.raises(Refusal, match="a Python program's objects"):
        load(joined.folder)


def test_a_manifest_that_contradicts_itself_is_refused(joined: Pack) -> None:
    one, other = joined.manifest.checkpoints
    pair = joined.manifest.forests[0]
    for changes, why in (
        ({"checkpoints": (one, one)}, "have one name"),
        ({"checkpoints": ()}, "no checkpoint whose scores"),
        ({"forests": (pair, pair)}, "asked about the same"),
        ({"forests": (msgspec.structs.replace(pair, arrays="none"),)}, "does not list none"),
        ({"checkpoints": (one, msgspec.structs.replace(other, weights="no"))}, "does not list no"),
        ({"forests": (msgspec.structs.replace(pair, operating_point=2.0),)}, "point is 2.0"),
    ):
        reseal(joined, **changes)
        with pytest.raises(Refusal, match=why):
            load(joined.folder)


def test_the_chooser_tells_what_can_be_asked(joined: Pack) -> None:
    from engine.packs import store

    store.install(joined.folder)
    [summary] = [each for each in store.list_packs() if not each.shipped]
    assert summary.checkpoints == ("step-8", "step-16")
    assert summary.forests == ("pair", "examination")
