"""How a volume's values are to be seen: window, colours, sampling, slab. Words alone."""

from dataclasses import dataclass
from enum import StrEnum

from engine.pictures import GreyWindow

COLOURS = ("grey", "inverse grey", "hot iron", "viridis", "inferno", "cividis")
"""Names of the colour maps: grey, its inverse as for PET, DICOM's hot iron, three whose equal steps
look equal, cividis to the colour-blind as well. No rainbow is offered."""


class Sampling(StrEnum):
    """How voxels are enlarged: squares above 400 % only, never, or always."""

    BY_ZOOM = "by zoom"
    SMOOTH = "smooth"
    SQUARES = "squares"


class Projection(StrEnum):
    """What is shown of the slices in a slab."""

    MAXIMUM = "maximum"
    MEAN = "mean"
    MINIMUM = "minimum"


@dataclass(frozen=True)
class Slab:
    """Several slices seen as one: ``thickness`` is in mm, or in slices if ``in_slices``."""

    projection: Projection
    thickness: float
    in_slices: bool = False


@dataclass(frozen=True)
class Display:
    """How values become colours; the panes of one volume share it.

    ``inverted`` is the reader's own wish, on top of what the file asks for. ``colours`` is one of
    ``COLOURS``. ``slab`` is None for a plain slice.
    """

    window: GreyWindow
    inverted: bool = False
    colours: str = "grey"
    sampling: Sampling = Sampling.BY_ZOOM
    slab: Slab | None = None
