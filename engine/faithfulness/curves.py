"""Deletion and insertion: the probability while a picture loses its pixels, or gets them.

Petsiuk et al. 2018 (RISE). decided: a removed pixel gets what another assessed pixel of the same
photograph, drawn by lot, has over its background; so colours stay as frequent as they were, what
they form is lost, and nothing outside the assessed field is changed. Neither black nor a blur:
both are evidence themselves. A retina without any detail is no healthy one to a network (the
shipped one calls it referable), so taking detail away would add as much as it removes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.criteria.gradient import undisturbed
from engine.faithfulness.orders import Order
from engine.task import Task
from engine.truth_check import Curve, RandomCurve

STEPS = 40
ORDERS = 5
"""decided: how many random orders the yardstick is the mean of."""

# Shares (k / STEPS)²: a heatmap's evidence sits in few pixels, where an even step would be coarse.
SHARES = (np.arange(STEPS + 1) / STEPS) ** 2

RANDOM_SHARES = SHARES[::4]
"""decided: a random order's evidence sits nowhere, so every fourth step tells its area to 0.001.

Nor are more steps worth their wait where what takes the pixels' place is evidence itself.
"""

ASKED_RANDOM, ASKED = len(RANDOM_SHARES) - 2, 2 * (STEPS - 1)
"""Of how many pictures the networks are asked for a random order, and for both curves of a map."""

_BATCH = 8
_BATCH_CARD = 64

Probability = Callable[[NDArray[np.float64]], float]
"""From the predictions of the networks, (networks,), to a calibrated probability."""


@dataclass(frozen=True, eq=False)
class Curves:
    """Of one order: the probability at ``shares`` removed, and at ``shares`` shown."""

    shares: NDArray[np.float64]
    deletion: NDArray[np.float64]
    insertion: NDArray[np.float64]


def lost(
    picture: NDArray[np.float32], mask: NDArray[np.bool_], generator: np.random.Generator
) -> NDArray[np.float32]:
    """The picture (c, y, x) with all pixels of ``mask`` removed: they changed their places."""
    values = picture[:, mask]
    left = picture.copy()
    left[:, mask] = values[:, generator.permutation(values.shape[1])]
    return left


class Curving:
    """Removes and shows the pixels of one picture, and asks the networks that answer together.

    ``picture`` is the network's input and ``lost`` what is there without any of its pixels, both
    (1, c, y, x), on the network's device. ``over`` is told of how many more pictures they were
    asked.
    """

    def __init__(
        self,
        networks: Sequence[nn.Module],
        picture: Tensor,
        lost: Tensor,
        probability: Probability,
        task: Task,
        over: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._networks = tuple(networks)
        self._picture = picture
        self._lost = lost
        self._probability = probability
        self._task = task
        self._over = over
        self._whole, self._empty = self.ask([picture, lost])

    @property
    def whole(self) -> float:
        """The probability of the picture as it is."""
        return self._whole

    @property
    def empty(self) -> float:
        """The probability where all was removed."""
        return self._empty

    def of(self, order: Order, shares: NDArray[np.float64] = SHARES) -> Curves:
        """Both curves of an order, at shares from 0 to 1."""
        inner = shares[1:-1]
        found = self.ask(self._partly(order, inner, shown=False))
        deletion = np.array([self._whole, *found, self._empty])
        found = self.ask(self._partly(order, inner, shown=True))
        return Curves(shares, deletion, np.array([self._empty, *found, self._whole]))

    def random_deletion(self, order: Order) -> NDArray[np.float64]:
        """The deletion curve of a random order, at ``RANDOM_SHARES``."""
        found = self.ask(self._partly(order, RANDOM_SHARES[1:-1], shown=False))
        return np.array([self._whole, *found, self._empty])

    def ask(self, pictures: Sequence[Tensor] | Iterator[Tensor]) -> list[float]:
        """The probability of each of some pictures (1, c, y, x)."""
        batch = _BATCH if self._picture.device.type == "cpu" else _BATCH_CARD
        waiting: list[Tensor] = []
        found: list[float] = []

        def answer() -> None:
            inputs = torch.cat(waiting).contiguous(memory_format=torch.channels_last)
            waiting.clear()
            scores = np.stack([self._predictions(each, inputs) for each in self._networks], axis=1)
            found.extend(self._probability(row) for row in scores)
            self._over(len(inputs))

        for picture in pictures:
            waiting.append(picture.to(self._picture.device))
            if len(waiting) == batch:
                answer()
        if waiting:
            answer()
        return found

    def _partly(
        self, order: Order, shares: NDArray[np.float64], *, shown: bool
    ) -> Iterator[Tensor]:
        at = torch.from_numpy(order).to(self._picture.device)
        for share in shares:
            first = at <= float(share)
            yield torch.where(first == shown, self._picture, self._lost)

    def _predictions(self, network: nn.Module, inputs: Tensor) -> NDArray[np.float64]:
        self._task.check()
        with undisturbed(network, inputs), torch.inference_mode():
            return np.array(network(inputs).tolist())


def curve(shares: NDArray[np.float64], probabilities: NDArray[np.float64]) -> Curve:
    """A curve over ``shares`` with its area, by trapezoids."""
    return Curve(_plain(shares), _plain(probabilities), _area(shares, probabilities))


def random_curves(deletions: NDArray[np.float64]) -> tuple[RandomCurve, RandomCurve]:
    """The yardsticks of deletion and of insertion; ``deletions`` is (orders, shares).

    What an order leaves when a share is gone, its reverse shows as the remaining share. Reversed,
    random orders are random orders: turned round, their deletion curves are insertion curves.
    """
    return (
        _random(RANDOM_SHARES, deletions),
        _random((1 - RANDOM_SHARES)[::-1], deletions[:, ::-1]),
    )


def _random(shares: NDArray[np.float64], curves: NDArray[np.float64]) -> RandomCurve:
    areas = [_area(shares, each) for each in curves]
    mean = curves.mean(axis=0)
    return RandomCurve(
        _plain(shares),
        _plain(mean),
        _plain(curves.min(axis=0)),
        _plain(curves.max(axis=0)),
        _area(shares, mean),
        min(areas),
        max(areas),
        len(curves),
    )


def _area(shares: NDArray[np.float64], probabilities: NDArray[np.float64]) -> float:
    return float(np.trapezoid(probabilities, shares))


def _plain(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(map(float, values))
