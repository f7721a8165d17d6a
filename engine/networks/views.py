"""The ways to lay a picture before a network without resampling it, and back again."""

from collections.abc import Iterator

import torch
from torch import Tensor

VIEWS = (1, 4)
"""How often a picture is asked about: as it is, or mirrored, upside down and both as well."""

_AXES = ((), (-1,), (-2,), (-2, -1))


def each(pictures: Tensor, views: int) -> Iterator[Tensor]:
    """Pictures (n, c, y, x) as they are asked about, one of ``VIEWS`` times."""
    for axes in _AXES[:views]:
        yield pictures.flip(axes) if axes else pictures


def together(pictures: Tensor, views: int) -> Tensor:
    """The same as one batch, (views x n, c, y, x): the pictures as they are, then mirrored, ..."""
    return pictures if views == 1 else torch.cat(list(each(pictures, views)))


def mean(said: Tensor, views: int) -> Tensor:
    """The mean of what is said of each view in a batch of ``together``: (n, ...)."""
    return said if views == 1 else _by_view(said, views).mean(0)


def laid_back(values: Tensor, views: int) -> Tensor:
    """The mean of values of a batch of ``together``, each turned as its picture lay at first."""
    if views == 1:
        return values
    # What turns a picture turns it back.
    lying = zip(_by_view(values, views), _AXES, strict=False)
    return torch.stack([value.flip(axes) if axes else value for value, axes in lying]).mean(0)


def _by_view(values: Tensor, views: int) -> Tensor:
    return values.reshape(views, -1, *values.shape[1:])
