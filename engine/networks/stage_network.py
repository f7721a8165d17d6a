"""A vision network and an LSTM that tell stages, each with a head of its own (METHODS L1, L2)."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engine.networks import views
from engine.networks.backbones import Backbone
from engine.networks.lstm import Gates, Lstm

FEATURES = 256
"""C, the features of a picture; the paper's."""
UNITS = 256
"""G, the LSTM's; the paper's."""
EVEN = 0.5
"""What the vision head counts unless out-of-fold answers told otherwise."""


@dataclass(frozen=True, eq=False)
class Heads:
    """What both heads say, as logits: ``lstm`` and ``vision`` (n, k, K).

    ``vision_share`` is how much the vision head counts where both answer together.
    """

    lstm: Tensor
    vision: Tensor
    vision_share: float = EVEN

    @property
    def mean(self) -> Tensor:
        """Both heads' weighed mean, (n, k, K): what a pack's stages are calibrated from."""
        return (1 - self.vision_share) * self.lstm + self.vision_share * self.vision


def _mean(said: Sequence[Heads], vision_share: float) -> Heads:
    """Each head's mean."""
    return Heads(
        torch.stack([heads.lstm for heads in said]).mean(0),
        torch.stack([heads.vision for heads in said]).mean(0),
        vision_share,
    )


class StageNetwork(nn.Module):
    """Pictures -> features z -> stages, by the features alone and by the LSTM over a sequence.

    z = ReLU(Linear(pooled backbone)) (METHODS L2, decided: the print gives only C = 256), or
    without the rectifier. All weights beside the backbone's are zero until ``initialise`` or
    ``load_state_dict``.
    """

    def __init__(
        self,
        backbone: Backbone,
        stages: int,
        gates: Gates = Gates.HARD,
        *,
        rectified: bool = True,
    ) -> None:
        super().__init__()
        self.backbone = backbone
        self.input_size = backbone.input_size
        self.stages = stages
        self.vision_share = EVEN
        self.views = 1
        self.rectified = rectified
        self.to_features = nn.Linear(backbone.features, FEATURES)
        self.lstm = Lstm(FEATURES, UNITS, gates)
        self.by_lstm = nn.Linear(UNITS, stages)
        self.by_vision = nn.Linear(FEATURES, stages)

    def initialise(self, generator: torch.Generator) -> None:
        """Draw the weights of everything behind the backbone: Glorot-uniform, biases zero."""
        with torch.no_grad():
            for linear in (self.to_features, self.by_lstm, self.by_vision):
                nn.init.xavier_uniform_(linear.weight, generator=generator)
                linear.bias.zero_()
        self.lstm.initialise(generator)

    def features(self, pictures: Tensor) -> Tensor:
        """z, (n, C), of pictures (n, 3, s, s)."""
        z: Tensor = self.to_features(self.backbone(pictures))
        return torch.relu(z) if self.rectified else z

    def sequences(self, pictures: Tensor) -> Heads:
        """What both heads say of sequences (n, k, 3, s, s)."""
        n, k = pictures.shape[:2]
        z = self.features(pictures.flatten(0, 1)).view(n, k, -1)
        return Heads(self.by_lstm(self.lstm(z)), self.by_vision(z), self.vision_share)

    def forward(self, pictures: Tensor) -> Heads:
        """What both heads say of single pictures (n, 3, s, s): k is 1.

        The first step of a sequence that repeats the picture says the same: nothing behind it is
        seen (METHODS L1, the proposition). Only in evaluation mode: batch statistics mix pictures.
        """
        said = [self.as_it_lies(view) for view in views.each(pictures, self.views)]
        return _mean(said, self.vision_share)

    def as_it_lies(self, pictures: Tensor) -> Heads:
        """What ``forward`` would say if it asked once."""
        return self.sequences(pictures[:, None])


class StageEnsemble(nn.Module):
    """Several networks of the same stages; each head says the mean of what theirs say."""

    def __init__(self, members: Sequence[StageNetwork]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)
        self.input_size = members[0].input_size
        self.stages = members[0].stages
        self.vision_share = EVEN
        self.views = 1

    def forward(self, pictures: Tensor) -> Heads:
        """What both heads say of single pictures (n, 3, s, s): k is 1."""
        said = [self.as_it_lies(view) for view in views.each(pictures, self.views)]
        return _mean(said, self.vision_share)

    def as_it_lies(self, pictures: Tensor) -> Heads:
        """What ``forward`` would say if it asked once."""
        said = [member.as_it_lies(pictures) for member in self.members]  # type: ignore[operator]
        return _mean(said, self.vision_share)


class StageOutput(nn.Module):
    """The logarithm of one stage's odds against all others, of both heads together, (n,).

    What a heatmap explains. Decided: not the stage's logit alone, for what is added to all of them
    changes no stage's share; and of the picture as it lies alone, for four views take seven times
    as long.
    """

    def __init__(self, network: StageNetwork | StageEnsemble, stage: int) -> None:
        super().__init__()
        self.network = network
        self.stage = stage
        self.input_size = network.input_size

    def forward(self, pictures: Tensor) -> Tensor:
        """The log-odds of pictures (n, 3, s, s)."""
        logits = self.network.as_it_lies(pictures).mean[:, 0]
        others = [each for each in range(self.network.stages) if each != self.stage]
        odds: Tensor = logits[:, self.stage] - logits[:, others].logsumexp(1)
        return odds
