"""How two volumes are linked: by the patient's space, or by an offset that the reader set."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from engine import space
from engine.pictures import VolumeFacts

Voxel = tuple[float, float, float]


class LinkKind(StrEnum):
    """What a link goes by; the words stand in each linked view."""

    NONE = "Not linked"
    SPACE = "Linked by patient position"
    OFFSET = "Linked by your offset"
    SLICES = "Linked by slices, your offset"


@dataclass(frozen=True)
class Link:
    """The way from a voxel of the first volume to the same place in the second, and back.

    ``offset`` is added on the way to the second: LPS mm, or slices along z for ``SLICES``.
    """

    kind: LinkKind = LinkKind.NONE
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def carried(
        self, voxel: Voxel, source: VolumeFacts, target: VolumeFacts, *, back: bool = False
    ) -> Voxel | None:
        """The voxel of ``target`` at the same place, maybe outside of it; None if not linked.

        ``back`` is the way from the second volume to the first.
        """
        shift = np.array(self.offset) * (-1 if back else 1)
        if self.kind is LinkKind.NONE:
            return None
        if self.kind is LinkKind.SLICES:
            middle_x, middle_y = ((side - 1) / 2 for side in target.grid.size[:2])
            return middle_x, middle_y, voxel[2] + float(shift[2])
        forth, to = source.grid.affine, target.grid.affine
        if forth is None or to is None:
            return None
        position = space.to_patient(forth, np.array([voxel])) + shift
        x, y, z = space.to_voxel(to, position)[0].tolist()
        return x, y, z


def natural_link(first: VolumeFacts, second: VolumeFacts) -> Link:
    """By the patient's position where both say that they share its space; else none.

    Two volumes that name no frame of reference share none.
    """
    shared = first.frame_of_reference and first.frame_of_reference == second.frame_of_reference
    placed = first.grid.rows is not None and second.grid.rows is not None
    return Link(LinkKind.SPACE) if shared and placed else Link()


def link_here(first: VolumeFacts, here: Voxel, second: VolumeFacts, there: Voxel) -> Link:
    """The link under which ``here`` in the first volume is ``there`` in the second."""
    one, other = first.grid.affine, second.grid.affine
    if one is None or other is None:
        return Link(LinkKind.SLICES, (0.0, 0.0, there[2] - here[2]))
    shift = space.to_patient(other, np.array([there])) - space.to_patient(one, np.array([here]))
    x, y, z = shift[0].tolist()
    return Link(LinkKind.OFFSET, (x, y, z))


def is_beyond(voxel: Voxel, facts: VolumeFacts) -> bool:
    """Whether a voxel lies outside of a volume."""
    return any(
        not -0.5 <= at <= side - 0.5 for at, side in zip(voxel, facts.grid.size, strict=True)
    )
