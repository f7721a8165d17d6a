"""From the resized photograph to the network's input once more, so that it can be differentiated.

Steps 3 to 6 of METHODS Q1.1 on tensors. The background filter and the warp act along rows and
columns alike, so each is one matrix on either side: exact, quick, and repeatable on any device.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from engine.preparation import fundus


@dataclass(frozen=True, eq=False)
class Resized:
    """Photographs whose field of view fills the frame: ``values`` (n, 3, w, w), 0 to 255.

    ``mask``, bool (n, w, w), is the eroded field; w is ``fundus.working_width``.
    """

    values: Tensor
    mask: Tensor

    def to(self, device: str) -> "Resized":
        """The same on another device."""
        return Resized(self.values.to(device), self.mask.to(device))


def network_input(values: Tensor, mask: Tensor, size: int) -> Tensor:
    """The input (n, 3, size, size) of a network, from what ``Resized`` holds.

    Clipping counts as if it were none in the derivative: bright exudates, which clip, would lose
    their evidence otherwise (METHODS Q4.2).
    """
    blur, warp = (matrix.to(values) for matrix in _matrices(values.shape[-1], size))
    normalised = 4 * (values - blur @ values @ blur.T)
    clipped = normalised + (normalised.clamp(*fundus.CLIP) - normalised).detach()
    framed: Tensor = warp @ (clipped / 128 * mask[:, None]) @ warp.T
    return framed


@lru_cache(maxsize=4)
def _matrices(width: int, size: int) -> tuple[Tensor, Tensor]:
    """The background filter (w, w) and the warp (size, w) along one axis, float64."""
    kernel = fundus.background_kernel(width)
    reach = len(kernel) // 2
    blur = np.zeros((width, width))
    rows = np.arange(width)
    for shift, weight in zip(range(-reach, reach + 1), kernel, strict=True):
        # Beyond the border the nearest pixel stands in.
        np.add.at(blur, (rows, np.clip(rows + shift, 0, width - 1)), weight)
    low, part = fundus.frame_positions(width, size)
    warp = np.zeros((size, width))
    warp[np.arange(size), low] = 1 - part
    warp[np.arange(size), low + 1] += part
    return torch.from_numpy(blur), torch.from_numpy(warp)
