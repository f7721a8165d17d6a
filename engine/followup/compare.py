"""All that changed in one eye from an earlier photograph to a later one."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.answers import Heatmap, Landmarks, PackReference, Region, Regions
from engine.errors import Refusal
from engine.findings.regions import MOST, find_regions
from engine.followup import appearance, regions
from engine.followup.align import NOT_ONE_EYE, Evened, align, even
from engine.followup.stage_change import cannot_compare, stage_change
from engine.geometry import Circle
from engine.learning.stage_calibration import StageCalibration
from engine.preparation.field_of_view import find_field_of_view
from engine.stage_answers import StageAnswer
from engine.task import Task
from engine.visits.change import SAME, Alignment, RegionChange, StageChange, VisitChange

CalibrationOf = Callable[[PackReference], StageCalibration]
"""The calibration of a stage pack. Raises ``Refusal`` where it is not on this computer."""

NO_HEATMAPS = "No regions are compared, because both photographs need a heatmap for that."


@dataclass(frozen=True, eq=False)
class Then:
    """A visit's photograph, ``pixels`` uint8 (y, x, 3), and what was answered about it."""

    pixels: NDArray[np.uint8]
    landmarks: Landmarks
    heatmap: Heatmap | None = None
    assessed: Circle | None = None
    stage: StageAnswer | None = None


@dataclass(frozen=True, eq=False)
class Compared:
    """What changed, and the regions of both visits that it speaks of.

    ``earlier_kinds`` and ``later_kinds`` are as in ``Regions.kinds``.
    """

    change: VisitChange
    earlier: tuple[Region, ...] = ()
    later: tuple[Region, ...] = ()
    earlier_kinds: tuple[tuple[str, int], ...] = ()
    later_kinds: tuple[tuple[str, int], ...] = ()


def copies(earlier: NDArray[np.uint8], later: NDArray[np.uint8]) -> Compared | None:
    """What is told of one photograph twice, by whatever names and days; None of two.

    A copy is no second look at the eye. Both are uint8 (y, x, 3).
    """
    if not np.array_equal(earlier, later):
        return None
    return Compared(VisitChange(None, (), None, (SAME,)))


def compare(
    earlier: Then, later: Then, threshold: float, calibration_of: CalibrationOf, task: Task
) -> Compared:
    """What changed in one eye; notes say what cannot be told, and why.

    Regions are cut at ``threshold``, in parts of each heatmap's upper end. Raises ``Cancelled``.
    """
    if (same := copies(earlier.pixels, later.pixels)) is not None:
        return same
    notes: list[str] = []
    task.progress("Laying one visit on the other", 0, 0)
    alignment, both = _aligned(earlier, later, notes)
    found = Regions((), threshold), Regions((), threshold)
    changed: tuple[RegionChange, ...] = ()
    if earlier.heatmap is None or later.heatmap is None:
        notes.append(NO_HEATMAPS)
    else:
        task.progress("Comparing the visits", 0, 0)
        found = _regions(earlier, threshold), _regions(later, threshold)
        if alignment is not None and both is not None:
            lists = found[0].regions, found[1].regions
            changed = _changed((earlier, later), lists, alignment, both)
            if any(each.rest for each in found):
                notes.append(f"Of each visit the {MOST} strongest regions are compared.")
    task.check()
    stage = None
    # Of what may be another eye no stage rose or fell.
    if NOT_ONE_EYE not in notes:
        stage = _stage(earlier.stage, later.stage, calibration_of, notes)
    change = VisitChange(alignment, changed, stage, tuple(notes))
    then, now = found
    return Compared(change, then.regions, now.regions, then.kinds, now.kinds)


def _aligned(
    earlier: Then, later: Then, notes: list[str]
) -> tuple[Alignment | None, tuple[Evened, Evened] | None]:
    try:
        one, other = (
            even(each.pixels, find_field_of_view(each.pixels).circle, each.landmarks)
            for each in (earlier, later)
        )
    except Refusal as refusal:
        notes.append(f"The photographs cannot be laid on each other: {refusal.reason}")
        return None, None
    alignment, why = align(one, other)
    if why:
        notes.append(why)
    return alignment, (one, other)


def _regions(each: Then, threshold: float) -> Regions:
    assert each.heatmap is not None
    assessed = each.assessed or find_field_of_view(each.pixels).circle
    # Without landmarks: the window places regions itself, anew when the reader corrects them.
    return find_regions(each.heatmap, assessed, each.pixels, Landmarks(), threshold=threshold)


def _changed(
    visits: tuple[Then, Then],
    found: tuple[tuple[Region, ...], tuple[Region, ...]],
    alignment: Alignment,
    both: tuple[Evened, Evened],
) -> tuple[RegionChange, ...]:
    if alignment.error is None:
        return regions.untold(*found)
    matrix = np.array(alignment.matrix)
    fields = both[0].field, both[1].field
    seen = appearance.compare(visits[0].pixels, visits[1].pixels, fields, matrix)
    assessed = visits[0].assessed or fields[0], visits[1].assessed or fields[1]
    return regions.changes(*found, seen, matrix, assessed)


def _stage(
    earlier: StageAnswer | None,
    later: StageAnswer | None,
    calibration_of: CalibrationOf,
    notes: list[str],
) -> StageChange | None:
    if earlier is None or later is None:
        return None
    if why := cannot_compare(earlier, later):
        notes.append(why)
        return None
    try:
        return stage_change(earlier, later, calibration_of(later.pack))
    except Refusal as refusal:
        notes.append(f"The stages are not compared: {refusal.reason}")
        return None
