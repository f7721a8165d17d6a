"""What is said of a volume of which some pictures cannot be read: the others are shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from engine.errors import Refusal
from engine.pictures import Repair, RepairKind, VolumeFacts, counted_down, slice_numbers

_NAMED = 3
"""So many files are named, the others counted."""


@dataclass(frozen=True)
class Unread:
    """The picture at slice ``z`` of a frame, and why it cannot be read."""

    frame: int
    z: int
    refusal: Refusal


def with_unread(facts: VolumeFacts, unread: Sequence[Unread]) -> VolumeFacts:
    """The facts of a volume whose ``unread`` pictures are left blank.

    A slice that is blank in any frame counts as missing, so that nothing is read off it. The
    pictures of a film are its frames: there the frame is blank, and no slice is missing.

    Raises:
        Refusal: No picture can be read.
    """
    if not unread:
        return facts
    depth = facts.grid.size[2]
    total = depth * len(facts.frames)
    if len(unread) == total:
        raise _nothing_read(unread, total)
    is_film = depth == 1
    frames = sorted({each.frame + 1 for each in unread})
    slices = sorted({each.z for each in unread})
    where = _listed("Frame", frames, len(facts.frames)) if is_film else ""
    if not is_film:
        down = counted_down(facts.grid.orientation, 2)
        where = _listed("Slice", slice_numbers(slices, depth, down=down), depth)
        if len(facts.frames) > 1:
            where += f" ({_listed('frame', frames, len(facts.frames))})"
    one = len(frames if is_film else slices) == 1
    detail = (
        f"{where} could not be read and {'is' if one else 'are'} left blank: "
        f"nothing is shown or measured there. {unread[0].refusal.why}"
    )
    missing = facts.grid.missing if is_film else sorted({*facts.grid.missing, *slices})
    return replace(
        facts,
        grid=replace(facts.grid, missing=tuple(missing)),
        blank_frames=tuple(number - 1 for number in frames) if is_film else facts.blank_frames,
        repairs=(*facts.repairs, Repair(RepairKind.MISSING_SLICES, detail)),
        warnings=(*facts.warnings, *_named(unread)),
    )


def _nothing_read(unread: Sequence[Unread], total: int) -> Refusal:
    first = unread[0].refusal
    if total == 1:
        return first
    why = f"None of its {total} pictures can be read; of the first: {first.why}"
    return Refusal("This series cannot be shown.", why, first.advice)


def _named(unread: Sequence[Unread]) -> Iterator[str]:
    reasons = list(dict.fromkeys(each.refusal.reason for each in unread))
    yield from reasons[:_NAMED]
    if len(reasons) > _NAMED:
        yield f"{len(reasons) - _NAMED} more pictures of this series could not be read."


def _listed(noun: str, told: Sequence[int], total: int) -> str:
    """Say which ones, by their numbers: "Slices 3 and 5 to 9 of 20"."""
    runs = []
    for _, run in groupby(enumerate(told), key=lambda pair: pair[1] - pair[0]):
        numbers = [number for _, number in run]
        runs.append(str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}")
    several = "s" if len(told) > 1 else ""
    listed = " and ".join([", ".join(runs[:-1]), runs[-1]] if len(runs) > 1 else runs)
    return f"{noun}{several} {listed} of {total}"
