"""A mosaic: one large picture that holds the slices of a volume as tiles, row by row.

Siemens' scanners write one file for each volume of a functional or diffusion series so. The file's
position is that of a picture as large as the mosaic around the same centre as each tile.
"""

import math
from dataclasses import replace

import numpy as np

from engine.images.dicom import repair_words
from engine.images.dicom.courses import Misplaced
from engine.images.dicom.header import Header
from engine.images.dicom.picture import Picture
from engine.images.dicom.planes import plane_of

_PARALLEL = 0.9999
"""Cosine of 0.8 degrees: the slices of a mosaic lie along their normal, or it cannot be cut."""

_MARK = "MOSAIC"


def is_mosaic(header: Header) -> bool:
    """Whether the file says that its picture is a mosaic."""
    return header.tiles > 0 or _MARK in header.image_type


def tile_size(header: Header) -> tuple[int, int]:
    """Size (x, y) of one tile: they stand in the least square that holds them all."""
    side = math.isqrt(header.tiles - 1) + 1
    return header.columns // side, header.rows // side


def tiles_of(picture: Picture) -> list[Picture]:
    """The tiles of a mosaic, each at its own place.

    Raises:
        Misplaced: the header does not say how many there are, which way they follow each other,
            how far apart they lie, or where the first one is.
    """
    header = picture.header
    if header.tiles < 1:
        raise Misplaced(repair_words.mosaic_unknown("its header does not say how many they are"))
    side = math.isqrt(header.tiles - 1) + 1
    if header.columns % side or header.rows % side:
        raise Misplaced(
            repair_words.mosaic_unknown(
                f"{header.tiles} slices should stand in {side} rows and columns, but it has "
                f"{header.columns} × {header.rows} pixels"
            )
        )
    plane = plane_of(picture.orientation) if picture.orientation else None
    if plane is None or picture.position is None or picture.own.pixel_spacing is None:
        raise Misplaced(
            repair_words.mosaic_unknown("its header does not say where in the patient it lies")
        )
    distance = header.spacing_between
    if distance is None or not distance > 0:
        raise Misplaced(
            repair_words.mosaic_unknown("its header does not say how far apart they lie")
        )
    along = np.array(header.tile_normal or (0.0, 0.0, 0.0)) @ plane.normal
    if abs(along) < _PARALLEL:
        raise Misplaced(
            repair_words.mosaic_unknown(
                "its header does not say in which direction they follow each other"
                if header.tile_normal is None
                else "they do not follow each other along their normal"
            )
        )
    width, height = tile_size(header)
    between_rows, between_columns = picture.own.pixel_spacing
    first = (
        np.array(picture.position)
        + plane.across * between_columns * (header.columns - width) / 2
        + plane.down * between_rows * (header.rows - height) / 2
    )
    onward = plane.normal * math.copysign(distance, along)
    places = first + np.outer(np.arange(header.tiles), onward)
    return [
        replace(picture, tile=tile, position=(x, y, z))
        for tile, (x, y, z) in enumerate(places.tolist())
    ]
