"""Slices that lean, or lie unevenly, are laid on a straight and even grid: linearly, in steps."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.images.dicom.gaps import LOOSE
from engine.images.laid import as_laid, floats_of, laid_dtype, nothing
from engine.images.plan import DicomPlan, Planned
from engine.space import Affine4
from engine.task import Task

Values = NDArray[Any]


def resample(raw: Values, planned: Planned, task: Task | None = None) -> Values:
    """Lay a stack as read on the grid of the plan's facts.

    ``raw`` is (frame, z, y, x) or (frame, z, y, x, 3) as ``planned.plan`` says; what comes back
    has the size of ``planned.facts.grid`` and is as ``engine.images.laid`` says. Linear between
    pixels and between slices, nothing beyond them and where a slice or a value is missing.

    Raises:
        Cancelled: ``task`` was cancelled.
    """
    x, y, z = planned.facts.grid.size
    dtype = laid_dtype(raw.dtype, colour=raw.ndim == 5)
    values = np.empty((raw.shape[0], z, y, x, *raw.shape[4:]), dtype)
    slices = resampled_slices(raw, planned, task or Task())
    for number, slice_ in enumerate(slices):
        values[divmod(number, z)] = slice_
    return values


def resampled_slices(raw: Values, planned: Planned, task: Task) -> Iterator[Values]:
    """The slices of ``resample``, frame by frame, with the memory of a few slices.

    Raises:
        Cancelled: ``task`` was cancelled.
    """
    plan, grid = planned.plan, planned.facts.grid
    assert isinstance(plan, DicomPlan)
    assert plan.resampling is not None
    assert grid.affine is not None
    count, colour = grid.size[2], raw.ndim == 5
    dtype = laid_dtype(raw.dtype, colour)
    blank = np.full((*grid.size[1::-1], *raw.shape[4:]), nothing(colour), dtype)
    stack = _Stack(plan.resampling.affines, grid.affine, grid.size[:2], plan.resampling.padding)
    for frame in range(raw.shape[0]):
        there = np.array([source is not None for source in plan.sources[frame]])
        for z in range(count):
            task.progress("Straightening slices", frame * count + z, raw.shape[0] * count)
            mixed = None if z in grid.missing else stack.slice_at(z, raw[frame], there)
            yield blank if mixed is None else as_laid(mixed, colour)


class _Stack:
    """Where slices, parallel to those of a grid and as fine, lie on it."""

    def __init__(
        self,
        affines: tuple[tuple[tuple[float, float, float, float], ...], ...],
        grid: Affine4,
        size: tuple[int, int],
        padding: float | None,
    ) -> None:
        self._size = size
        self._padding = padding
        # In voxels of the grid: where the first pixel of each slice lies.
        self._shifts = (np.linalg.inv(grid) @ np.array(affines))[:, :3, 3]
        self._depths = self._shifts[:, 2]

    def slice_at(self, z: int, frame: Values, there: NDArray[np.bool_]) -> Values | None:
        """Slice ``z`` of the grid, interpolated; None where a slice that it needs is missing.

        ``frame`` is (z, y, x) or (z, y, x, 3), its slices by increasing depth.
        """
        nearest = int(np.abs(self._depths - z).argmin())
        if abs(self._depths[nearest] - z) <= LOOSE:
            # So near, mixing in a neighbour would only blur.
            return self._moved(nearest, frame[nearest]) if there[nearest] else None
        high = int(np.searchsorted(self._depths, z))
        low = high - 1
        if not (there[low] and there[high]):
            return None
        part = (z - self._depths[low]) / (self._depths[high] - self._depths[low])
        one, other = self._moved(low, frame[low]), self._moved(high, frame[high])
        mixed: Values = one + part.astype(one.dtype) * (other - one)
        return mixed

    def _moved(self, number: int, picture: Values) -> Values:
        """A slice moved to its place within its own plane, as real numbers; NaN beside it."""
        import SimpleITK as sitk

        floats = floats_of(picture, self._padding)
        image = sitk.GetImageFromArray(floats, isVector=picture.ndim == 3)
        resampler = sitk.ResampleImageFilter()
        resampler.SetSize(self._size)
        resampler.SetTransform(sitk.TranslationTransform(2, (-self._shifts[number, :2]).tolist()))
        resampler.SetInterpolator(sitk.sitkLinear)
        resampler.SetDefaultPixelValue(float("nan"))
        moved: Values = sitk.GetArrayFromImage(resampler.Execute(image))
        return moved
