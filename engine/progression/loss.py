"""What a sequence costs: the errors of both heads at every step (METHODS L1, Eq. 4, 5 and 8)."""

from dataclasses import dataclass
from enum import StrEnum

import torch
from torch import Tensor
from torch.nn import functional as F


class Reduction(StrEnum):
    """What becomes of the K steps' errors; sequences of a batch are always averaged."""

    SUM = "sum"
    """Eq. 8 as printed: also a K times larger step (METHODS L1)."""
    MEAN = "mean"


class WeightBy(StrEnum):
    """What the weights α and β belong to; the print has both (METHODS L1)."""

    STEP = "step"
    STAGE = "stage"


@dataclass(frozen=True)
class SequenceLoss:
    """``alpha`` weighs the LSTM's terms, ``beta`` the vision head's: K each, one for all steps, or
    none, which is ones.

    ``balance`` multiplies a term by its stage's entry (``sequences.stage_weights``).
    """

    alpha: tuple[float, ...] = ()
    beta: tuple[float, ...] = ()
    weight_by: WeightBy = WeightBy.STEP
    reduction: Reduction = Reduction.SUM
    balance: tuple[float, ...] = ()

    def __call__(self, lstm: Tensor, vision: Tensor, stages: Tensor) -> Tensor:
        """The loss, (), from both heads' logits (n, k, K) and the steps' stages (n, k)."""
        total = self._terms(lstm, stages, self.alpha) + self._terms(vision, stages, self.beta)
        of_sequences = total.sum(dim=1).mean()
        return of_sequences if self.reduction is Reduction.SUM else of_sequences / stages.shape[1]

    def _terms(self, logits: Tensor, stages: Tensor, weights: tuple[float, ...]) -> Tensor:
        errors = F.cross_entropy(logits.flatten(0, 1), stages.flatten(), reduction="none")
        errors = errors.view(stages.shape)
        if weights:
            given = torch.tensor(weights, dtype=errors.dtype, device=errors.device)
            by_step = self.weight_by is WeightBy.STEP
            errors = errors * (given[: stages.shape[1]] if by_step else given[stages])
        if self.balance:
            errors = errors * torch.tensor(self.balance).to(errors)[stages]
        return errors
