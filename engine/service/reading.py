"""What it takes to read a series or a part of it: which arrays are made, and how large."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from engine.images.laid import laid_dtype
from engine.images.part import Extent, extent_of, reduced
from engine.images.plan import DicomPlan, FilePlan, Planned
from engine.images.straight import straight_grid
from engine.pictures import Grid
from engine.service.array_file import size_of
from engine.service.messages import Part


@dataclass(frozen=True)
class Reading:
    """A series on its way into an array.

    ``planned`` has the facts of what is read: those of the part. Pictures are cut to ``extent``
    and come to lie in an array of the shape ``raw``; ``mended`` and ``straight`` are the shapes of
    the arrays that are made of it one after the other, None where that is not to be done, and
    ``target`` the grid that the last one lies on.
    """

    planned: Planned
    extent: Extent
    raw: tuple[int, ...]
    mended: tuple[int, ...] | None = None
    target: Grid | None = None
    straight: tuple[int, ...] | None = None

    @property
    def plan(self) -> DicomPlan | FilePlan:
        """How its pictures are read."""
        assert isinstance(self.planned.plan, DicomPlan | FilePlan)
        return self.planned.plan

    @property
    def needed(self) -> int:
        """The bytes of all arrays, and of the copies that are made on the way."""
        laid = [shape for shape in (self.mended, self.straight) if shape is not None]
        arrays = sum(size_of(shape, self.laid) for shape in laid)
        return size_of(self.raw, self.plan.dtype) + arrays + self.beside

    @property
    def laid(self) -> str:
        """The type of the values once they were mended or laid straight."""
        return laid_dtype(self.plan.dtype, self.planned.facts.colour)

    @property
    def beside(self) -> int:
        """The bytes of memory that a decoder takes for copies while it makes an array of all."""
        floats = 0
        if self.straight is not None:
            # One frame in floats.
            wide = np.dtype(self.plan.dtype).itemsize > 2
            floats = math.prod(self.raw[1:]) * (8 if wide else 4)
        return max(floats, self.plan.held) if isinstance(self.plan, FilePlan) else floats

    @property
    def fixed(self) -> int:
        """The bytes of ``needed`` that any part takes, however small."""
        if isinstance(self.plan, FilePlan):
            return self.plan.held
        return 0 if self.mended is None else size_of(self.raw, self.plan.dtype)

    @property
    def passed(self) -> int:
        """The bytes of a file's numbers that are gone through, and that time is given for."""
        if not isinstance(self.plan, FilePlan):
            return 0
        if self.plan.all_passed:
            return self.plan.passed
        return self.plan.passed * self.raw[1] // self.plan.shape[1]


def reading_of(planned: Planned, part: Part, straight: bool) -> Reading:
    """The way to read a part of a volume. Raises ``Refusal`` where there is none."""
    plan = planned.plan
    assert isinstance(plan, DicomPlan | FilePlan)
    extent = extent_of(planned.facts.grid.size, part.step, part.box)
    facts = reduced(planned.facts, extent)
    planned = msgspec.structs.replace(planned, facts=facts)
    frames, colours = plan.shape[0], plan.shape[4:]
    shape = (frames, *facts.grid.size[::-1], *colours)
    reading = Reading(planned, extent, shape)
    if isinstance(plan, DicomPlan) and plan.resampling is not None:
        # Mended from all pictures, and only where the part lies.
        whole = extent_of((plan.shape[3], plan.shape[2], plan.shape[1]))
        reading = replace(reading, extent=whole, raw=plan.shape, mended=shape)
    target = straight_grid(facts.grid) if straight else None
    if target is not None:
        laid = (frames, *target.size[::-1], *colours)
        reading = replace(reading, target=target, straight=laid)
    return reading


def least_step(planned: Planned, part: Part, straight: bool, fits: Callable[[int], bool]) -> int:
    """The least n for which every n-th slice, two of them or more, ``fits``; 0 if there is none."""
    depth = planned.facts.grid.size[2]
    for step in range(part.step + 1, max(depth, part.step + 1)):
        coarser = msgspec.structs.replace(part, step=step)
        if fits(reading_of(planned, coarser, straight).needed):
            return step
    return 0


def made_of(state: str, part: Part, straight: bool) -> str:
    """What a volume was made of, in words: the files as they were, and what was asked for."""
    return f"{state} {part} {straight}"
