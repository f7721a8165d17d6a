"""The check where several of a pack's networks answer together."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engine.answers import Criterion
from engine.packs.pack import Pack
from engine.phantoms.eye import draw_eye
from engine.pictures import Photograph
from engine.questions import joining, looking, truth
from engine.questions.joining import Voice
from engine.task import Task


class Half(nn.Module):
    """Leans on the left or on the right half of the picture alone."""

    def __init__(self, *, left: bool) -> None:
        super().__init__()
        self.scale = nn.Linear(1, 1, bias=False)
        nn.init.constant_(self.scale.weight, 1e-3)
        self.mask = torch.zeros(112, 112)
        self.mask[:, slice(0, 56) if left else slice(56, 112)] = 1

    def forward(self, x: Tensor) -> Tensor:
        return self.scale((x * self.mask).square().sum((1, 2, 3))[:, None])[:, 0]


class Sum(Voice):
    """Both together: the sum of their scores."""

    def score(self, scores: np.ndarray) -> float:
        return float(scores.sum())


def test_the_blended_map_is_checked_by_the_probability_of_all(
    untrained: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    networks = {"a": Half(left=True), "b": Half(left=False)}
    monkeypatch.setattr(looking, "_network", lambda *key: networks[key[3]])
    monkeypatch.setattr(
        joining, "alone", lambda *_: Sum(("a", "b"), untrained.manifest, np.array([0.75, 0.25]))
    )
    eye = draw_eye(3, severity=3, width=700)
    photograph = Photograph(eye.pixels, "eye.png", "0")
    found, (order,) = truth.check(photograph, untrained, [Criterion.PI], "processor", Task())
    prepared = found.parts[0]
    # Evidence on the left weighs three times as much as the same on the right.
    gone = order.removed(0.05)
    assert gone[:, :56].sum() > gone[:, 56:].sum() > 0
    assert prepared.arithmetic_error is None
    assert prepared.deletion.area < found.random_deletion.area
