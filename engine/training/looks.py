"""The same few held-out pictures after fixed passes: how a network's heatmaps come to be.

In the run folder's ``looks/``: ``pinned.json``, ``pictures.npy`` uint8 (k, y, x, 3), each cut to
the network's frame, and a file a look, ``00004.npy`` float16 (k, s, s), π on the network's grid.
"""

import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from engine import arrays
from engine.answers import Criterion
from engine.criteria.interface import evidence
from engine.folders import write_bytes, write_whole
from engine.images.photograph import open_picture
from engine.preparation.augmentation import Draw, warp
from engine.preparation.fundus import LEVELS, find_field_of_view, way_back
from engine.runs import LOOKS, Pinned
from engine.task import Task
from engine.training.normalised import Pictures

SIDE = 336
"""Pixels of a pinned picture."""
REFERABLE, OTHERS = 2, 1
"""How many of each kind are pinned. decided: lesions are what is to be discovered, and one
picture without shows whether the heat leaves it."""
LATEST_EVERY = 5.0
"""Seconds between two looks at the newest pass, which give way to each other."""


def pin(truth: NDArray[np.bool_], held: NDArray[np.intp], seed: int) -> NDArray[np.intp]:
    """The rows of the held-out pictures to pin, referable ones first; drawn by the seed."""
    draw = np.random.default_rng([seed, 3])
    chosen = []
    for label, count in ((True, REFERABLE), (False, OTHERS)):
        of_class = held[truth[held] == label]
        chosen.append(np.sort(draw.permutation(of_class)[:count]))
    return np.concatenate(chosen)


def is_fixed(number: int, passes: int) -> bool:
    """Whether the look after this pass is kept: 1, 2, 4, 8 …, the eighths, and the last."""
    return number & (number - 1) == 0 or number % max(passes // 8, 1) == 0 or number == passes


class Looks:
    """Takes the looks of one run."""

    def __init__(self, run: Path, pictures: Pictures, passes: int, device: torch.device) -> None:
        self._folder = run / LOOKS
        self._passes = passes
        self._device = device
        self._values = torch.from_numpy(np.ascontiguousarray(pictures.values)).float() / LEVELS
        self._last = -LATEST_EVERY

    def begin(self, paths: Sequence[Path], truth: NDArray[np.bool_]) -> None:
        """Keep the pictures that are looked at."""
        self._folder.mkdir(exist_ok=True)
        if (self._folder / "pinned.json").exists():
            return
        cut = np.stack([_cut(path) for path in paths])
        write_whole(self._folder / "pictures.npy", lambda file: arrays.write(file, cut))
        pinned = [Pinned(path.stem, bool(label)) for path, label in zip(paths, truth, strict=True)]
        write_bytes(self._folder / "pinned.json", msgspec.json.encode(pinned))

    def take(self, network: nn.Module, number: int) -> None:
        """Look after pass ``number``; of passes that are not fixed the newest alone is kept."""
        fixed = is_fixed(number, self._passes)
        if not fixed and time.monotonic() - self._last < LATEST_EVERY:
            return
        size = int(network.input_size)  # type: ignore[arg-type]
        upright = warp(self._values.to(self._device), Draw.identity(len(self._values)), size)
        found = evidence(network, upright, Criterion.PI, Task(), with_error=False)
        maps = found.maps.float().cpu().numpy()
        # A float16 begins at 6e-8: maps of a fresh network may lie there.
        scale = np.maximum(maps.max((1, 2), keepdims=True), 1e-30)
        kept = (maps / scale).astype(np.float16)
        write_whole(self._folder / f"{number:05d}.npy", lambda file: arrays.write(file, kept))
        for path in self._folder.glob("[0-9]*.npy"):
            if int(path.stem) < number and not is_fixed(int(path.stem), self._passes):
                path.unlink(missing_ok=True)
        self._last = time.monotonic()


def _cut(path: Path) -> NDArray[np.uint8]:
    """What a network sees of a photograph, uint8 (SIDE, SIDE, 3)."""
    pixels = open_picture(path).pixels
    back = way_back(find_field_of_view(pixels), SIDE)
    scale = float(back[0, 0])
    if scale > 1:  # blurred first, so that nothing flickers
        pixels = cv2.GaussianBlur(pixels, (0, 0), 0.4 * scale)  # type: ignore[assignment]
    cut = cv2.warpAffine(
        pixels, back[:2], (SIDE, SIDE), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    return np.asarray(cut, np.uint8)
