"""What a network that draws lesions is asked for: the grade, and the drawn lesions' pixels.

A photograph teaches by its grade alone. Grade 0 says that no pixel shows a lesion; another grade
says that some pixel must, and not which. Only what was drawn, on healthy photographs or as a whole
eye, teaches pixels. All numbers are decided here, tried on drawn eyes and by folds.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.networks.lesion_network import GRADES, KINDS, OEDEMA, RARE, Drawn

UNKNOWN = -1
"""Of an oedema risk that nobody told."""

_PIXELS, _OVERLAP = 60.0, 0.5
_GRADES, _OEDEMA, _SOMEWHERE = 1.5, 0.4, 0.1
_DRAWN_GRADE = 0.35
"""A drawn eye's grade weighs less: it tells how eyes are drawn, too."""
_SMOOTH = 0.02
"""Grades are noisy: no label is surer than this."""
_FEW = 8
"""Pixels that must be sure where a grade says that there is a lesion."""
_RED, _HARD = (0, 1), 2


@dataclass(frozen=True, eq=False)
class Truth:
    """What is known of a batch.

    ``grades`` (n,) is 0 to 4, ``oedema`` (n,) 0 to 2 or ``UNKNOWN``, ``photographs`` (n,) bool.
    ``labels`` (n, s, s) holds each pixel's kind from 1, 0 for none; it counts where ``known`` (n,).
    """

    grades: Tensor
    oedema: Tensor
    photographs: Tensor
    labels: Tensor
    known: Tensor


@dataclass(frozen=True, eq=False)
class Loss:
    """The parts of a loss, weighed, and their sum."""

    pixels: Tensor
    grades: Tensor
    somewhere: Tensor

    @property
    def total(self) -> Tensor:
        """What is descended."""
        return self.pixels + self.grades + self.somewhere


def loss(drawn: Drawn, truth: Truth) -> Loss:
    """The loss of a batch; a pixel of the maps shows a kind where any of its four pixels does."""
    return Loss(
        _pixels(drawn.maps[truth.known].float(), truth.labels[truth.known]),
        _graded(drawn, truth),
        _SOMEWHERE * _somewhere(drawn.maps.float(), truth),
    )


def _pixels(maps: Tensor, labels: Tensor) -> Tensor:
    if not len(maps):
        return maps.sum()
    kinds = torch.stack([labels == kind for kind in range(1, len(KINDS) + 1)], dim=1).float()
    there = F.max_pool2d(kinds, 2)
    rare = torch.tensor(RARE, device=maps.device).view(1, -1, 1, 1)
    single = F.binary_cross_entropy_with_logits(maps, there, pos_weight=rare)
    chances = torch.sigmoid(maps)
    shared = (chances * there).sum((0, 2, 3))
    overlap = (2 * shared + 1) / (chances.sum((0, 2, 3)) + there.sum((0, 2, 3)) + 1)
    return _PIXELS * single + _OVERLAP * (1 - overlap).mean()


def _graded(drawn: Drawn, truth: Truth) -> Tensor:
    weights = torch.where(truth.photographs, 1.0, _DRAWN_GRADE)[:, None]
    told = _thresholds(truth.grades, GRADES)
    found = F.binary_cross_entropy_with_logits(drawn.grades.float(), told, weight=weights)
    total = _GRADES * found
    known = truth.oedema != UNKNOWN
    if known.any():
        risk = _thresholds(truth.oedema[known], OEDEMA)
        total = total + _OEDEMA * F.binary_cross_entropy_with_logits(
            drawn.oedema[known].float(), risk
        )
    return total


def _thresholds(values: Tensor, count: int) -> Tensor:
    reached = values[:, None] >= torch.arange(1, count + 1, device=values.device)
    return reached.float() * (1 - 2 * _SMOOTH) + _SMOOTH


def _somewhere(maps: Tensor, truth: Truth) -> Tensor:
    """A red lesion from grade 1 on, a hard exudate where oedema threatens: somewhere."""
    total = maps.new_zeros(())
    red = truth.photographs & (truth.grades >= 1)
    if red.any():
        total = total + _missed(maps[red][:, _RED].amax(1))
    hard = truth.photographs & (truth.oedema >= 1)
    if hard.any():
        total = total + _missed(maps[hard][:, _HARD])
    return total


def _missed(maps: Tensor) -> Tensor:
    surest = maps.flatten(1).topk(_FEW, dim=1).values.mean(1)
    return F.softplus(-surest).mean()
