"""Ultrasound says its scale region by region (PS3.3 C.8.5.5), not for the picture."""

from collections.abc import Sequence

from engine.images.dicom import tags
from engine.images.dicom.elements import Elements, decimal, integer, items
from engine.pictures import ScaledPart

_TWO_DIMENSIONAL = 1
_CENTIMETRES = 3
_MM = 10.0
_AS_SHOWN = 0.01
"""Decided: pixels whose proportion differs by more than this from the shown one are not trusted."""


def regions_of(elements: Elements) -> tuple[ScaledPart, ...]:
    """The regions as the header has them; those that are no plane in centimetres have no pitch."""
    corners = (
        tags.REGION_LOCATION_MIN_X0,
        tags.REGION_LOCATION_MIN_Y0,
        tags.REGION_LOCATION_MAX_X1,
        tags.REGION_LOCATION_MAX_Y1,
    )
    found = []
    for item in items(elements, tags.SEQUENCE_OF_ULTRASOUND_REGIONS):
        x0, y0, x1, y1 = (integer(item, tag) for tag in corners)
        if x0 is not None and y0 is not None and x1 is not None and y1 is not None:
            found.append(ScaledPart((x0, y0), (x1, y1), _pitch(item)))
    return tuple(found)


def trusted(
    regions: Sequence[ScaledPart], size: tuple[int, int], aspect: float
) -> tuple[ScaledPart, ...]:
    """Those of a picture of ``size`` (x, y) in pixels of ``aspect``.

    A region that reaches beyond the picture was told of another one, larger or not cut: it keeps
    its place, since it may hide another, and has no pitch. Many end one pixel late.
    """
    told = []
    for each in regions:
        inside = all(
            0 <= low < high <= side
            for low, high, side in zip(each.first, each.last, size, strict=True)
        )
        pitch = each.pitch if inside else None
        if pitch is not None and abs(pitch[0] / pitch[1] / aspect - 1) > _AS_SHOWN:
            pitch = None
        told.append(ScaledPart(each.first, each.last, pitch))
    return tuple(told)


def _pitch(item: Elements) -> tuple[float, float] | None:
    units = (tags.PHYSICAL_UNITS_X_DIRECTION, tags.PHYSICAL_UNITS_Y_DIRECTION)
    if integer(item, tags.REGION_SPATIAL_FORMAT) != _TWO_DIMENSIONAL:
        return None
    if any(integer(item, unit) != _CENTIMETRES for unit in units):
        return None
    x, y = (decimal(item, tag) for tag in (tags.PHYSICAL_DELTA_X, tags.PHYSICAL_DELTA_Y))
    # An axis may run the other way.
    return (abs(x) * _MM, abs(y) * _MM) if x and y else None
