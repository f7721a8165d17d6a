"""Batches on the device: prepared pictures, changed anew at every draw, all of a batch at once.

On a graphics card the pictures lie there from the beginning where they fit; else the next batch
is on its way while the last is computed on.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.preparation.augmentation import Augmentation, warp
from engine.preparation.fundus import LEVELS
from engine.training.normalised import Pictures

ROOM = 0.25
"""The share of a card's free memory that pictures may lie in for good."""


class Feed:
    """The pictures of one part, as batches for its network of ``size`` pixels."""

    def __init__(self, pictures: Pictures, size: int, device: torch.device) -> None:
        self._size = size
        self._device = device
        self._truth = torch.from_numpy(pictures.truth).float()
        self._values = torch.from_numpy(np.ascontiguousarray(pictures.values))
        if device.type == "cuda":
            self._truth = self._truth.to(device)
            free, _ = torch.cuda.mem_get_info(device)
            fits = self._values.nbytes < ROOM * free
            self._values = self._values.to(device) if fits else self._values.pin_memory()

    def batches(
        self, rows: Sequence[NDArray[np.intp]], seeds: Sequence[int]
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Inputs (n, 3, s, s), channels-last, and truth (n,), for each batch of rows.

        Each batch is changed by draws from its own seed.
        """
        augmentation = Augmentation()
        waiting = [self._fetch(rows[0])] if rows else []
        for number, each in enumerate(rows):
            values = waiting.pop()
            if number + 1 < len(rows):
                waiting.append(self._fetch(rows[number + 1]))
            generator = torch.Generator().manual_seed(seeds[number])
            drawn = augmentation.draw(generator, len(each))
            inputs = warp(values.float().div_(LEVELS), drawn, self._size)
            truth = self._truth[torch.from_numpy(each).to(self._truth.device)]
            yield inputs.contiguous(memory_format=torch.channels_last), truth

    def _fetch(self, rows: NDArray[np.intp]) -> Tensor:
        """Some pictures as bytes, on their way to the device."""
        chosen = self._values[torch.from_numpy(rows).to(self._values.device)]
        if chosen.device.type == self._device.type:
            return chosen
        return chosen.pin_memory().to(self._device, non_blocking=True)
