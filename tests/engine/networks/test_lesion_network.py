"""The network that draws lesions: its grid, its members' mean, and the folding of its norms."""

import math

import cv2
import numpy as np
import pytest
import torch

from engine.answers import Criterion
from engine.criteria.interface import evidence
from engine.errors import Refusal
from engine.networks import registry
from engine.networks.lesion_network import (
    KINDS,
    RARE,
    Drawn,
    LesionNetwork,
    Member,
    any_lesion,
    folded,
    initialise,
    of_each_kind,
)
from engine.networks.net_b import NetB
from engine.task import Task


@pytest.fixture(scope="module")
def members() -> list[Member]:
    """Two members with norms that have seen a few batches, as training leaves them."""
    torch.manual_seed(5)
    made = []
    for seed in (1, 2):
        member = Member(norm=True)
        initialise(member, torch.Generator().manual_seed(seed))
        member.train()
        with torch.no_grad():
            for _ in range(3):
                member(torch.randn(4, 3, 128, 128))
        made.append(member.eval())
    return made


@pytest.fixture(scope="module")
def network(members: list[Member]) -> LesionNetwork:
    return folded(members, 128)


@pytest.fixture
def pictures() -> torch.Tensor:
    return torch.randn(2, 3, 128, 128, generator=torch.Generator().manual_seed(9))


def test_folded_norms_say_the_same(
    members: list[Member], network: LesionNetwork, pictures: torch.Tensor
) -> None:
    with torch.no_grad():
        apart = [member(pictures) for member in members]
        together = network.draw(pictures)
    grades = torch.stack([drawn.grades for drawn in apart]).mean(0)
    torch.testing.assert_close(together.grades, grades, atol=1e-4, rtol=1e-4)
    chances = torch.stack([torch.sigmoid(drawn.maps) for drawn in apart]).mean(0)
    torch.testing.assert_close(torch.sigmoid(together.maps), chances, atol=1e-4, rtol=1e-3)


def test_a_folded_network_has_no_norms_left(network: LesionNetwork) -> None:
    assert not [name for name in network.state_dict() if "norm" in name or "running" in name]


def test_it_draws_every_kind_on_half_the_grid(
    network: LesionNetwork, pictures: torch.Tensor
) -> None:
    with torch.no_grad():
        drawn = network.draw(pictures)
    assert drawn.maps.shape == (2, len(KINDS), 64, 64)
    assert drawn.grades.shape == (2, 4)
    assert any_lesion(drawn, 128).shape == (2, 128, 128)


def test_any_lesion_is_the_chance_that_not_every_kind_is_missing() -> None:
    logits = torch.tensor([0.7, -1.2, 0.1, -3.0, -2.0])
    drawn = Drawn(logits.view(1, 5, 1, 1).expand(1, 5, 9, 9), torch.zeros(1, 4), torch.zeros(1, 2))
    found = 1 - float(torch.prod(1 - torch.sigmoid(logits).double()))
    weight = math.exp(sum(map(math.log, RARE)) / 5)
    odds = found / (1 - found) / weight
    expected = torch.full((1, 18, 18), odds / (1 + odds))
    torch.testing.assert_close(any_lesion(drawn, 18), expected, atol=1e-6, rtol=1e-6)


def test_what_is_found_together_is_smoothed_as_by_a_gaussian() -> None:
    logits = torch.full((1, 5, 21, 21), -30.0)
    logits[0, 1, 10, 10] = 5.0
    logits[0, 2, 0, 7] = 5.0
    drawn = Drawn(logits, torch.zeros(1, 4), torch.zeros(1, 2))
    found = any_lesion(drawn, 21)[0].numpy()
    sharp = np.zeros((21, 21), np.float32)
    sharp[10, 10] = sharp[0, 7] = 1 / (1 + math.exp(-5) * math.exp(sum(map(math.log, RARE)) / 5))
    smooth = cv2.GaussianBlur(sharp, (5, 5), 0.7, borderType=cv2.BORDER_REPLICATE)
    np.testing.assert_allclose(found, smooth, atol=1e-5)


def test_a_kinds_weight_in_training_is_taken_out_of_its_chance() -> None:
    drawn = Drawn(torch.zeros(1, 5, 2, 2), torch.zeros(1, 4), torch.zeros(1, 2))
    found = of_each_kind(drawn)[0, :, 0, 0].tolist()
    assert found == pytest.approx([1 / (1 + weight) for weight in RARE])


def test_the_registry_builds_what_a_pack_names(network: LesionNetwork) -> None:
    built = registry.build("lesions", {"size": 128, "members": 2})
    assert {name: value.shape for name, value in built.state_dict().items()} == {
        name: value.shape for name, value in network.state_dict().items()
    }


def test_a_picture_of_another_size_is_refused(network: LesionNetwork) -> None:
    with pytest.raises(Refusal, match="3 x 128 x 128"):
        network(torch.zeros(1, 3, 64, 64))


def test_lesions_pi_and_omega_explain_the_same_prediction(
    network: LesionNetwork, pictures: torch.Tensor
) -> None:
    found = {
        criterion: evidence(network, pictures, criterion, Task())
        for criterion in (Criterion.LESIONS, Criterion.PI, Criterion.OMEGA)
    }
    for each in found.values():
        assert each.maps.shape == (2, 128, 128)
        torch.testing.assert_close(
            each.predictions, found[Criterion.PI].predictions, atol=1e-5, rtol=1e-5
        )
    chances = found[Criterion.LESIONS].maps
    assert float(chances.min()) >= 0
    assert float(chances.max()) <= 1


def test_a_network_that_draws_nothing_says_so() -> None:
    with pytest.raises(Refusal, match="no lesions of its own"):
        evidence(NetB(112), torch.zeros(1, 3, 112, 112), Criterion.LESIONS, Task())
