"""The ways of training that are compared: the paper's, its baseline, and the controls (L1, L4)."""

from dataclasses import dataclass, field, replace

from engine.progression.loss import Reduction, SequenceLoss
from engine.progression.sequences import Order, stage_weights


@dataclass(frozen=True)
class Arm:
    """How one network is trained. Without an ``order`` it is the baseline, on single pictures."""

    name: str
    order: Order | None = None
    loss: SequenceLoss = field(default_factory=SequenceLoss)
    faster: float = 1.0
    """Multiplies the learning rate."""

    def for_stages(self, stages: int) -> "Arm":
        """The same with the weights that belong to so many stages."""
        if self.order is not Order.NONREGRESSION_BALANCED:
            return self
        balance = tuple(stage_weights(self.order, stages).tolist())
        return replace(self, loss=replace(self.loss, balance=balance))


BASELINE = Arm("baseline")
ARMS: tuple[Arm, ...] = (
    BASELINE,
    Arm("cyclic", Order.CYCLIC),
    Arm("nonregression", Order.NONREGRESSION),
    Arm("shuffled", Order.SHUFFLED),
    Arm("iid", Order.IID),
    Arm("reverse", Order.REVERSE),
    Arm("nonregression_balanced", Order.NONREGRESSION_BALANCED),
    Arm("baseline_lr4", faster=4.0),
    # The vision head alone in stage-balanced batches: what the sampling does by itself (L4.12).
    Arm("proposed_noLSTM", Order.CYCLIC, SequenceLoss(alpha=(0.0,))),
    # Eq. 8 over K: what the larger step of the printed sum does by itself (METHODS L1).
    Arm("cyclic_mean", Order.CYCLIC, SequenceLoss(reduction=Reduction.MEAN)),
)


def named(name: str) -> Arm:
    """The arm called ``name``. Raises ``KeyError``."""
    return {arm.name: arm for arm in ARMS}[name]
