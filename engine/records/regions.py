"""What a reader says of a model's regions, and of where disc and fovea lie; the model's own word
stays as it was.

A region is known by the model that looked, its criterion, and its strongest place: a list cut at
another threshold has other regions, and a verdict stays with the one whose strongest place it was.
"""

from collections.abc import Iterable
from enum import StrEnum
from math import hypot
from typing import Annotated

from msgspec import Meta, Struct

from engine.drawings import Drawing
from engine.geometry import Circle

TAG_MOST = 80
"""How many letters a tag may have."""


class Verdict(StrEnum):
    """What a reader decided about a region."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class RegionSeen(Struct, frozen=True):
    """A region as the model showed it: ``pack`` is a hash, ``share`` its part of all evidence.

    ``summit`` (x, y) is its strongest place and ``box`` left, top, right, bottom, picture pixels.
    """

    pack: str
    criterion: str
    threshold: float
    number: int
    share: float
    summit: tuple[float, float]
    box: tuple[float, float, float, float]

    def is_same(self, other: "RegionSeen", reach: float) -> bool:
        """Whether both are one region of one model; summits may differ by ``reach`` pixels."""
        if (self.pack, self.criterion) != (other.pack, other.criterion):
            return False
        (x, y), (other_x, other_y) = self.summit, other.summit
        return hypot(x - other_x, y - other_y) <= reach


class RegionJudged(Struct, frozen=True, tag="region judged"):
    """A region was accepted, rejected, or neither any more.

    ``drawing`` is the reader's copy of an accepted outline; ``removed`` the name of such a copy
    that goes.
    """

    act: str
    region: RegionSeen
    verdict: Verdict
    drawing: Drawing | None = None
    removed: str = ""


class RegionTagged(Struct, frozen=True, tag="region tagged"):
    """A region was given the reader's own name, or an empty one: none.

    ``drawing`` is the reader's copy of it with that name, where there is one.
    """

    act: str
    region: RegionSeen
    tag: Annotated[str, Meta(max_length=TAG_MOST)]
    drawing: Drawing | None = None


class LandmarksPlaced(Struct, frozen=True, tag="landmarks placed"):
    """Where disc and fovea lie as the reader says, picture pixels; None is as it was found."""

    act: str
    disc: Circle | None = None
    fovea: tuple[float, float] | None = None


def judged(acts: Iterable[object], region: RegionSeen, reach: float) -> RegionJudged | None:
    """The last verdict on a region; None if there is none."""
    found = None
    for act in acts:
        if isinstance(act, RegionJudged) and act.region.is_same(region, reach):
            found = act
    return found


def tag_of(acts: Iterable[object], region: RegionSeen, reach: float) -> str:
    """The reader's name for a region, empty without one."""
    found = ""
    for act in acts:
        if isinstance(act, RegionTagged) and act.region.is_same(region, reach):
            found = act.tag
    return found


def placed(acts: Iterable[object]) -> LandmarksPlaced:
    """The reader's last word on disc and fovea."""
    found = LandmarksPlaced("")
    for act in acts:
        if isinstance(act, LandmarksPlaced):
            found = act
    return found
