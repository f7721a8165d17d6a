"""A volume as SimpleITK's image, and back: both in LPS millimetres."""

from typing import TYPE_CHECKING

import numpy as np

from engine.images.dicom.frame_names import numbered
from engine.pictures import FrameAxis, Grid, Volume, VolumeFacts, grid_of
from engine.space import affine_of

if TYPE_CHECKING:
    import SimpleITK as sitk


def to_sitk(volume: Volume, frame: int = 0) -> "sitk.Image":
    """One frame as a three-dimensional image; colours become a vector of three.

    What is not known is as ITK has it by default: spacing 1, directions along LPS, origin 0.
    """
    import SimpleITK as sitk

    image = sitk.GetImageFromArray(volume.frame(frame), isVector=volume.facts.colour)
    grid = volume.facts.grid
    image.SetSpacing([1.0 if length is None else length for length in grid.spacing])
    if grid.affine is not None:
        lengths = np.linalg.norm(grid.affine[:3, :3], axis=0)
        image.SetSpacing(lengths.tolist())
        image.SetDirection((grid.affine[:3, :3] / lengths).ravel().tolist())
        image.SetOrigin(grid.affine[:3, 3].tolist())
    return image


def from_sitk(image: "sitk.Image") -> Volume:
    """An image of two, three or four dimensions; the fourth, or a vector's parts, are frames.

    Three or four bytes a voxel are colours, of which the fourth is left out. A picture of two
    dimensions has no place in the patient.
    """
    import SimpleITK as sitk

    values = sitk.GetArrayFromImage(image)
    parts = image.GetNumberOfComponentsPerPixel()
    colour = parts in (3, 4) and values.dtype == np.uint8
    axis = FrameAxis.NONE
    if colour:
        values = values[..., :3]
    elif parts > 1:
        values, axis = np.moveaxis(values, -1, 0), FrameAxis.COMPONENT
    elif image.GetDimension() == 4:
        axis = FrameAxis.IMAGE
    size = (*image.GetSize(), 1)[:3]
    values = values.reshape(-1, *size[::-1], *([3] if colour else []))
    frames = numbered(len(values), axis)
    facts = VolumeFacts(_grid(image, size), frames=frames, frame_axis=axis, colour=colour)
    return Volume(values, facts)


def _grid(image: "sitk.Image", size: tuple[int, int, int]) -> Grid:
    dimensions = image.GetDimension()
    spacing = image.GetSpacing()
    if dimensions < 3:
        return Grid(size, (spacing[0], spacing[1], None))
    directions = np.array(image.GetDirection()).reshape(dimensions, dimensions)[:3, :3]
    origin = np.array(image.GetOrigin()[:3])
    return grid_of(affine_of(directions, spacing[:3], origin), size)
