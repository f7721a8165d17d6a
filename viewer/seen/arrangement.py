"""How the views of one or two volumes share the picture area: numbers only, no widget."""

from dataclasses import dataclass, replace
from enum import StrEnum

from engine.pictures import Grid
from viewer.seen.hanging import Axis, PlaneName, axis_of

_CHIEF_SHARE = 0.62
_GAP = 1
"""Between two views, logical pixels."""
_STEP = 4

Seat = tuple[int, Axis]
"""A view: which of the two volumes, cut along which axis."""
Box = tuple[int, int, int, int]
"""Left, top, width, height, logical pixels."""


class Layout(StrEnum):
    """Which views are seen; the words stand on the tool bar."""

    ONE = "One view"
    THREE = "Three planes"
    BESIDE = "Side by side"


@dataclass(frozen=True)
class Arrangement:
    """What can be kept and brought back: the layout, the seat shown alone, and the lines and words.

    ``crosshair_in`` are the layouts in which the crosshair is drawn: alone, a view has no other
    planes to point to.
    """

    layout: Layout = Layout.ONE
    alone: Seat | None = None
    crosshair_in: tuple[Layout, ...] = (Layout.THREE, Layout.BESIDE)
    texts: bool = True
    names: bool = True

    @property
    def crosshair(self) -> bool:
        """Whether the crosshair is drawn."""
        return self.layout in self.crosshair_in

    def with_crosshair(self, drawn: bool) -> "Arrangement":
        """Draw the crosshair in this layout, or not."""
        others = tuple(layout for layout in self.crosshair_in if layout is not self.layout)
        return replace(self, crosshair_in=(*others, self.layout) if drawn else others)

    def laid_out(self, layout: Layout) -> "Arrangement":
        """In another layout, all of its views seen."""
        return replace(self, layout=layout, alone=None)

    def toggled(self, seat: Seat) -> "Arrangement":
        """One view alone, and from there back."""
        return replace(self, alone=None if self.alone is not None else seat)


def layouts_of(grid: Grid | None, beside: Grid | None) -> tuple[Layout, ...]:
    """The layouts that make sense, in the order in which E goes through them."""
    layouts = [Layout.ONE]
    if grid is not None and min(grid.size) > 1:
        layouts.append(Layout.THREE)
    if beside is not None:
        layouts.append(Layout.BESIDE)
    return tuple(layouts)


def seated(arrangement: Arrangement, grid: Grid, size: tuple[int, int]) -> dict[Seat, Box]:
    """Where each view that is seen lies in an area of ``size`` (width, height).

    ``grid`` is the first volume's: the axial plane is the large one of three, coronal stands over
    sagittal. The first is the chief one, which tells all.
    """
    width, height = size
    if arrangement.alone is not None:
        return {arrangement.alone: (0, 0, width, height)}
    if arrangement.layout is Layout.THREE:
        right, lower = _edge(_CHIEF_SHARE * width), _edge(height / 2)
        boxes = {
            PlaneName.AXIAL: (0, 0, right - _GAP, height),
            PlaneName.CORONAL: (right, 0, width - right, lower - _GAP),
            PlaneName.SAGITTAL: (right, lower, width - right, height - lower),
        }
        return {(0, axis_of(grid, name)): box for name, box in boxes.items()}
    if arrangement.layout is Layout.BESIDE:
        right = _edge(width / 2)
        return {
            (0, Axis.Z): (0, 0, right - _GAP, height),
            (1, Axis.Z): (right, 0, width - right, height),
        }
    return {(0, Axis.Z): (0, 0, width, height)}


def _edge(at: float) -> int:
    """Near ``at``, where a whole device pixel begins at 125, 150 and 175 per cent as well."""
    return max(_STEP * round(at / _STEP), _STEP)
