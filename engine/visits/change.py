"""What changed between two visits of one eye: as it is told, in numbers and sentences."""

from dataclasses import dataclass
from enum import StrEnum

from engine.answers import Interval

SAME = "Both are the same photograph."
"""Among the notes of a change that tells nothing else."""


class Fate(StrEnum):
    """What became of a region between two visits; the word stands in JSON."""

    NEW = "new"
    GROWN = "grown"
    GONE = "gone"
    STAYED = "stayed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True)
class Alignment:
    """How an earlier photograph lies on a later one.

    ``matrix`` maps (x, y, 1) in earlier pixels to later pixels, 3x3 row by row. ``how`` is a
    sentence for people; ``doubt`` another, empty where there is none. ``error`` is the estimated
    error in disc diameters, None where it cannot be told.
    """

    matrix: tuple[tuple[float, float, float], ...]
    how: str
    error: float | None = None
    doubt: str = ""


@dataclass(frozen=True)
class RegionChange:
    """A region of either visit and what became of it.

    ``earlier`` and ``later`` are its places in the two lists of regions that were compared, None
    where it is in the other alone: always for what is new or gone, never for what has grown.
    """

    fate: Fate
    earlier: int | None
    later: int | None


@dataclass(frozen=True)
class StageChange:
    """How probable it is that the stage rose, and that it fell; the rest is that it stayed.

    ``rose_interval`` is the uncertainty of the calibration. The two readings count as independent
    (decided). ``said`` is told after the eye and a colon: "stage 1 then, stage 2 now. ...".
    """

    rose: float
    rose_interval: Interval
    fell: float
    said: str


@dataclass(frozen=True)
class VisitChange:
    """All that changed in one eye; each part None where ``notes`` say why it cannot be told."""

    alignment: Alignment | None
    regions: tuple[RegionChange, ...]
    stage: StageChange | None
    notes: tuple[str, ...] = ()

    def count(self, fate: Fate) -> int:
        """How many regions met this fate."""
        return sum(region.fate is fate for region in self.regions)
