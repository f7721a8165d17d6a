"""A pack that tells stages: it is used only where all its parts are about the same stages."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import torch

from engine.errors import Refusal
from engine.learning.stage_calibration import Softmax, StageCalibration
from engine.networks import registry
from engine.networks.stage_network import StageNetwork, StageOutput
from engine.packs.manifest import Manifest, NetworkPart, StageFigures, StagePart
from engine.packs.pack import Pack, load, write

ARGUMENTS = {"backbone": "small_112", "stages": 3, "gates": "hard", "size": 112}


def part(**changes) -> StagePart:
    softmax = Softmax(1.0, (0.0, 0.0, 0.0))
    usual = StagePart(
        "ICDR", ("0", "1+2", "3+4"), (0.0, 1.5, 3.5), 1, StageCalibration(softmax, (softmax,)),
        StageFigures(0.7, (0.6, 0.8), 0.95, 0.6, 0.5),
    )  # fmt: skip
    return msgspec.structs.replace(usual, **changes)


@pytest.fixture
def written(tmp_path: Path, manifest: Callable[..., Manifest]) -> Callable[..., Pack]:
    network = registry.build("stages", ARGUMENTS)
    network.initialise(torch.Generator().manual_seed(0))

    def make(**changes) -> Pack:
        asked = msgspec.structs.replace(
            manifest(), network=NetworkPart("stages", ARGUMENTS, "network.safetensors"),
            stages=part(**changes),
        )  # fmt: skip
        return write(tmp_path / "pack", asked, network.state_dict(), {})

    return make


def test_it_comes_back_with_its_stages_and_its_network(written) -> None:
    pack = load(written().folder)
    assert pack.manifest.format == 4
    assert pack.manifest.stages == part()
    network = pack.network()
    assert isinstance(network, StageNetwork)
    picture = torch.randn(2, 3, 112, 112, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        heads = network(picture)
        shares = ((heads.vision + heads.lstm)[:, 0] / 2).softmax(1)
        for stage in range(3):
            odds = StageOutput(network, stage)(picture).exp()
            torch.testing.assert_close(odds, shares[:, stage] / (1 - shares[:, stage]))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"grades": (0.0, 1.5)}, "grades"),
        ({"grades": (0.0, 3.5, 1.5)}, "grades"),
        ({"names": ("0", "1"), "grades": (0.0, 1.0)}, "another number"),
        ({"positive_from": 3}, "with yes"),
        ({"names": ("0", "1+2", "0")}, "not all different"),
        ({"calibration": StageCalibration(Softmax(1.0, (0.0,) * 3), ())}, "does not fit"),
        (
            {
                "calibration": StageCalibration(
                    Softmax(1.0, (0.0,) * 2), (Softmax(1.0, (0.0,) * 2),)
                )
            },
            "does not fit",
        ),
    ],
)
def test_parts_that_contradict_each_other_are_refused(written, changes, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        written(**changes)


def test_a_pack_without_stages_stays_readable_for_older_programs(pack: Pack) -> None:
    assert pack.manifest.format < 4
    assert b"stages" not in (pack.folder / "manifest.json").read_bytes()


@pytest.mark.parametrize(
    "changes", [{"backbone": "vgg"}, {"stages": 1}, {"gates": "soft"}, {"size": 224}]
)
def test_a_network_that_is_not_known_is_refused(changes) -> None:
    with pytest.raises(Refusal, match="cannot be built"):
        registry.build("stages", {**ARGUMENTS, **changes})
