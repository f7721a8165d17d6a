"""Batches for a network that draws lesions: photographs, grafts on healthy ones, and drawn eyes.

Each picture and its labels are changed anew whenever they are drawn: turned, mirrored, moved and
scaled (METHODS Q1.2), its colours mixed, its sharpness or its grain. Decided beyond the paper:
colours and sharpness, because cameras differ in them and a few hundred photographs do not.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor

from engine.networks.lesion_network import LesionNetwork
from engine.preparation.augmentation import Augmentation
from engine.preparation.fundus import LEVELS, fit_scale, to_frame
from engine.training.lesion_loss import UNKNOWN, Truth
from engine.training.lesions_plan import Schedule

Rows = NDArray[np.intp]

_MIX, _GAIN = 0.06, 0.12
"""How far colours mix, and each is stronger or weaker (sd)."""
_BLURRED, _GRAINED = 0.25, 0.5
"""Below the first chance a picture is blurred, below the second it gets grain."""
_BLUR, _GRAIN = (0.4, 1.2), (1.0, 7.0)
"""In network pixels, and in grey levels of the prepared picture."""
_AT_ONCE = 8


@dataclass(frozen=True, eq=False)
class Drawings:
    """``values`` int8 (n, 3, w, w), ``labels`` uint8 (n, w, w), ``grades`` (n,).

    ``on`` (n,) is the photograph that each lies on; -1 for eyes that were drawn as a whole.
    """

    values: NDArray[np.int8]
    labels: NDArray[np.uint8]
    grades: NDArray[np.intp]
    on: Rows


@dataclass(frozen=True, eq=False)
class Photographs:
    """``values`` int8 (n, 3, w, w), ``grades`` (n,), ``oedema`` (n,) or ``UNKNOWN``."""

    values: NDArray[np.int8]
    grades: NDArray[np.intp]
    oedema: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Material:
    """All pictures of a run."""

    photographs: Photographs
    grafts: Drawings
    drawn: Drawings


@dataclass(frozen=True, eq=False)
class Batch:
    """Inputs (n, 3, s, s), channels-last, and what is known of them."""

    inputs: Tensor
    truth: Truth

    def to(self, device: torch.device) -> "Batch":
        """The same on a device."""
        if device.type == "cpu":
            return self
        t = self.truth
        moved = (each.to(device) for each in (t.grades, t.oedema, t.photographs, t.labels, t.known))
        return Batch(self.inputs.to(device), Truth(*moved))


@dataclass(frozen=True, eq=False)
class _Picture:
    values: NDArray[np.int8]
    labels: NDArray[np.uint8] | None
    grade: int
    oedema: int = UNKNOWN
    photograph: bool = False

    @property
    def known(self) -> bool:
        """Whether each pixel is known: grade 0 has none, but for exudates with oedema."""
        return not self.photograph or (self.grade == 0 and self.oedema <= 0)


class Drawing:
    """Draws each step's batch from the seed and its own number alone, so that a run can go on.

    Photographs come in passes, each once before any comes again; drawings are taken at random.
    ``rows`` are the photographs to learn from: grafts on others are left out.
    """

    def __init__(
        self, material: Material, rows: Rows, schedule: Schedule, size: int, seed: int
    ) -> None:
        self._material, self._rows, self._schedule = material, rows, schedule
        self._size, self._seed = size, seed
        self._grafts = np.flatnonzero(np.isin(material.grafts.on, rows))

    def batches(self, first: int) -> Iterator[Batch]:
        """The batches from step ``first`` on; the next is made while the last is learnt from."""
        with ThreadPoolExecutor(1) as ahead:
            waiting = ahead.submit(self.batch, first) if first < self._schedule.steps else None
            for step in range(first, self._schedule.steps):
                assert waiting is not None
                batch = waiting.result()
                if step + 1 < self._schedule.steps:
                    waiting = ahead.submit(self.batch, step + 1)
                yield batch

    def batch(self, step: int) -> Batch:
        """The batch of a step."""
        draw = np.random.default_rng([self._seed, step])
        pictures = [*self._photographs(step), *self._drawings(draw)]
        generator = torch.Generator().manual_seed(int(draw.integers(2**62)))
        changes = Augmentation().draw(generator, len(pictures))
        made = [
            _changed(picture, self._size, linear, shift * self._size, contrast, draw)
            for picture, linear, shift, contrast in zip(
                pictures,
                changes.linear.double().numpy(),
                changes.shift.double().numpy(),
                changes.contrast.tolist(),
                strict=True,
            )
        ]
        values = torch.from_numpy(np.stack([each for each, _ in made]))
        truth = Truth(
            torch.tensor([each.grade for each in pictures]),
            torch.tensor([each.oedema for each in pictures]),
            torch.tensor([each.photograph for each in pictures]),
            torch.from_numpy(np.stack([labels for _, labels in made])),
            torch.tensor([each.known for each in pictures]),
        )
        # (n, s, s, 3) in memory is channels-last as it is.
        return Batch(values.permute(0, 3, 1, 2), truth)

    def _photographs(self, step: int) -> list[_Picture]:
        count, photographs = self._schedule.photographs, self._material.photographs
        chosen = []
        for place in range(step * count, (step + 1) * count):
            turn, at = divmod(place, len(self._rows))
            order = np.random.default_rng([self._seed, turn, 1]).permutation(self._rows)
            chosen.append(int(order[at]))
        return [
            _Picture(
                photographs.values[row], None, int(photographs.grades[row]),
                int(photographs.oedema[row]), photograph=True,
            )
            for row in chosen
        ]  # fmt: skip

    def _drawings(self, draw: Generator) -> list[_Picture]:
        schedule, material = self._schedule, self._material
        taken = []
        for drawings, count, among in (
            (material.grafts, schedule.grafts, self._grafts),
            (material.drawn, schedule.drawn, np.arange(len(material.drawn.grades))),
        ):
            for row in draw.choice(among, count) if count else ():
                grade = int(drawings.grades[row])
                taken.append(_Picture(drawings.values[row], drawings.labels[row], grade))
        return taken


def _changed(
    picture: _Picture,
    size: int,
    linear: NDArray[np.float64],
    shift: NDArray[np.float64],
    contrast: float,
    draw: Generator,
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """A picture float32 (s, s, 3) and its labels uint8 (s, s), warped together, and its look."""
    width = picture.values.shape[-1]
    forth = linear * fit_scale(size)
    moved = (size - 1) / 2 + shift - forth @ np.full(2, (width - 1) / 2)
    affine = np.column_stack([forth, moved])
    # cv2 warps bytes fastest; grey 128 is zero.
    grey = (picture.values.transpose(1, 2, 0).astype(np.int16) + 128).astype(np.uint8)
    warped = cv2.warpAffine(grey, affine, (size, size), borderValue=(128, 128, 128))
    values: NDArray[Any] = warped.astype(np.float32) - 128
    mixed = (np.eye(3) + draw.normal(0, _MIX, (3, 3))) * np.exp(draw.normal(0, _GAIN, 3))
    values = cv2.transform(values, (mixed * contrast).astype(np.float32))
    chance = draw.random()
    if chance < _BLURRED:
        values = cv2.GaussianBlur(values, (0, 0), draw.uniform(*_BLUR))
    elif chance < _GRAINED:
        grain = draw.standard_normal(values.shape, np.float32) * np.float32(draw.uniform(*_GRAIN))
        values += np.where(values != 0, grain, 0)  # none outside the field
    labels = np.zeros((size, size), np.uint8)
    if picture.labels is not None:
        cv2.warpAffine(picture.labels, affine, (size, size), dst=labels, flags=cv2.INTER_NEAREST)
    return values / np.float32(LEVELS), labels


def upright(values: NDArray[np.int8], size: int) -> Tensor:
    """Pictures int8 (n, 3, w, w) as a test picture's inputs, (n, 3, s, s), channels-last."""
    framed = [to_frame(each.astype(np.float32) / np.float32(LEVELS), size) for each in values]
    inputs = torch.from_numpy(np.stack(framed))
    return inputs.contiguous(memory_format=torch.channels_last)


def grades_of(
    network: LesionNetwork, values: NDArray[np.int8], device: torch.device
) -> NDArray[np.float64]:
    """The log-odds of every threshold, (n, thresholds), by the path of a test picture."""
    network.to(device)
    found = []
    with torch.inference_mode():
        for at in range(0, len(values), _AT_ONCE):
            inputs = upright(values[at : at + _AT_ONCE], network.input_size)
            found.append(network.draw(inputs.to(device)).grades.double().cpu().numpy())
    return np.concatenate(found)
