"""What Siemens scanners write in their own headers: the tiles of a mosaic, and the b-value.

The headers' form is that of nibabel's CSA reader. A mosaic is one picture that holds the slices of
a volume as tiles, row by row; its position is that of a picture of its size around the first
tile's centre (https://nipy.org/nibabel/dicom/dicom_mosaic.html).
"""

import math
import re
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.images.dicom.elements import (
    Elements,
    Value,
    content_of,
    integer,
    integer_in,
    pair,
    sextuple,
    triple,
)
from engine.images.dicom.header import Vector
from engine.images.dicom.private import private
from engine.images.dicom.tags import (
    COLUMNS,
    IMAGE_ORIENTATION_PATIENT,
    IMAGE_POSITION_PATIENT,
    IMAGE_TYPE,
    PIXEL_SPACING,
    ROWS,
    SIEMENS_IMAGE_HEADER,
    SIEMENS_SERIES_HEADER,
    SIEMENS_TILES,
)

_MOST_TILES = 4096
"""Decided: no scanner writes a tenth of it."""

_SLICE_COUNT = re.compile(rb"sSliceArray\.lSize\s*=\s*(\d{1,9})")
_SLICE_PLACE = re.compile(
    rb"sSliceArray\.asSlice\[(\d{1,4})\]\.sPosition\.d(Sag|Cor|Tra)\s*=\s*([-+.\deE]+)"
)
_AXES = {b"Sag": 0, b"Cor": 1, b"Tra": 2}


def mosaic_of(elements: Elements) -> tuple[int, Vector | None]:
    """How many tiles a mosaic holds, 0 for anything else, and the direction from tile to tile.

    The direction is None where the file does not tell it.
    """
    if b"MOSAIC" not in content_of(elements, IMAGE_TYPE):
        return 0, None
    series = _bytes(private(elements, SIEMENS_SERIES_HEADER))
    image = _tags(_bytes(private(elements, SIEMENS_IMAGE_HEADER)))
    tiles = _tiles(elements, image, series)
    if not 0 < tiles <= _MOST_TILES:
        return 0, None
    return tiles, _planned_normal(elements, series, tiles) or _told_normal(image)


def _tiles(elements: Elements, image: dict[str, Any], series: bytes) -> int:
    own = private(elements, SIEMENS_TILES)
    planned = _SLICE_COUNT.search(series)
    return (
        (integer_in(own) if own is not None else None)
        or int(_number(image, "NumberOfImagesInMosaic") or 0)
        or (int(planned.group(1)) if planned else 0)
    )


def b_value_in(header: Value | None) -> float | None:
    """The b-value in s/mm² that the image header tells, or None."""
    return _number(_tags(_bytes(header)), "B_value")


def _planned_normal(elements: Elements, series: bytes, tiles: int) -> Vector | None:
    """From the slices that were planned: the first tile is the first or the last of them.

    Told by where it lies, since a protocol may number its slices either way.
    """
    places = _places(series, tiles)
    first = _first_centre(elements)
    if places is None or first is None or tiles < 2:
        return None
    along = places[-1] - places[0]
    length = float(np.linalg.norm(along))
    if length == 0:
        return None
    along /= length
    near = length / (tiles - 1) / 2
    if abs((first - places[0]) @ along) < near:
        x, y, z = along.tolist()
    elif abs((first - places[-1]) @ along) < near:
        x, y, z = (-along).tolist()
    else:
        return None
    return x, y, z


def _places(series: bytes, tiles: int) -> NDArray[np.float64] | None:
    """Where the planned slices' centres lie, (tiles, 3) in LPS mm; None if not all are told."""
    found = _SLICE_PLACE.findall(series)
    if {int(number) for number, _, _ in found} != set(range(tiles)):
        return None
    places = np.zeros((tiles, 3))  # a coordinate that is 0 is left out of the protocol
    for number, axis, value in found:
        try:
            places[int(number), _AXES[axis]] = float(value)
        except ValueError:
            return None
    return places


def _first_centre(elements: Elements) -> NDArray[np.float64] | None:
    """The centre of the first tile, which is that of the mosaic as it says it lies."""
    orientation = sextuple(elements, IMAGE_ORIENTATION_PATIENT)
    position = triple(elements, IMAGE_POSITION_PATIENT)
    spacing = pair(elements, PIXEL_SPACING)
    rows, columns = integer(elements, ROWS), integer(elements, COLUMNS)
    if orientation is None or position is None or spacing is None or not rows or not columns:
        return None
    x, y = np.array(orientation).reshape(2, 3)
    down, right = spacing
    centre: NDArray[np.float64] = np.array(position) + x * right * columns / 2 + y * down * rows / 2
    return centre


def _told_normal(image: dict[str, Any]) -> Vector | None:
    values = _values(image, "SliceNormalVector")
    if len(values) != 3 or not math.isclose(math.hypot(*values), 1, abs_tol=1e-3):
        return None
    x, y, z = values
    return x, y, z


def _number(tags: dict[str, Any], name: str) -> float | None:
    values = _values(tags, name)
    return values[0] if values else None


def _values(tags: dict[str, Any], name: str) -> list[float]:
    try:
        found = [float(each) for each in tags.get(name, {}).get("items", ()) if each != ""]
    except ValueError:
        return []
    return found if all(map(math.isfinite, found)) else []


def _bytes(value: Value | None) -> bytes:
    return value[1] if value is not None and isinstance(value[1], bytes) else b""


def _tags(header: bytes) -> dict[str, Any]:
    """The header's own elements by name; none where it cannot be read."""
    if not header:
        return {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nibabel warns of its readers of whole files
        from nibabel.nicom import csareader
    try:
        tags: dict[str, Any] = csareader.read(header)["tags"]  # type: ignore[no-untyped-call]
    except Exception:  # it raises of all kinds where bytes are damaged
        return {}
    return tags
