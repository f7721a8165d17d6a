"""How right the maps of a cross-validation of net A, net B or AlexNet are (METHODS Q7)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch

from engine.answers import Criterion
from engine.networks.operator_network import OperatorNetwork
from engine.task import Task
from engine.training import lesion_figures
from engine.training.lesion_figures import Column, Masks, OfMasks
from engine.training.plan import Plan

if TYPE_CHECKING:
    from engine.training.retinopathy import Learnt

CRITERIA = {"ω": Criterion.OMEGA, "π": Criterion.PI, "relevance": Criterion.RELEVANCE}


def measure(
    plan: Plan,
    masks: Masks,
    folds: Sequence["Learnt"],
    learnt: Sequence[set[str]],
    shipped: OperatorNetwork,
    seen_by: set[str],
    device: torch.device,
    task: Task,
) -> OfMasks:
    """Every criterion of the folds' networks; of those before the sparsity term, too.

    ``learnt`` are the patients that each fold's network learnt from, ``shipped`` is the pack's
    network, which learnt from those of ``seen_by``. Raises ``Refusal`` and ``Cancelled``.
    """
    pictures = lesion_figures.ready(masks, plan.network.size, task)
    together = Column("shipped", Criterion.PI, (shipped,))
    before = tuple(each.before for each in folds if each.before is not None)
    columns = _columns(before, ", before the sparsity term") if before else []
    term = plan.sparsity
    since = f", trained with ν {term.nu:g}" if term.nu else ""
    columns += _columns(tuple(each.network for each in folds), since)
    return lesion_figures.measure(pictures, columns, learnt, together, seen_by, device, task)


def _columns(networks: tuple[OperatorNetwork, ...], when: str) -> list[Column]:
    return [Column(f"{name}{when}", criterion, networks) for name, criterion in CRITERIA.items()]
