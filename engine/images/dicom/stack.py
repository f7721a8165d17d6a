"""Pictures of one plane and one size become volumes: sorted, checked, laid on a grid.

Only positions along the normal sort: file names, instance numbers and slice locations never do.
The z axis grows along the normal, whatever way the patient lay.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.images.dicom import repair_words
from engine.images.dicom.courses import Misplaced, courses, leaning, places_of
from engine.images.dicom.gaps import Run, runs
from engine.images.dicom.picture import Picture
from engine.images.dicom.planes import Plane
from engine.images.dicom.volumes import Frames, Volume, frames_at
from engine.pictures import FrameAxis, Grid, Repair, counted_down, grid_of, slice_numbers
from engine.space import orientation_of

TILTED = 0.5
"""Degrees. Decided: slices that lean by more are tilted, if they move by ``SEEN`` or more."""

SEEN = 0.1
"""Pixels. Decided: less sideways motion over the whole stack is rounding."""

MOVED = 0.5
"""Pixels. Decided: so much sideways motion over the whole stack is mended at any angle; less
stands in the affine, which is exact, and only a drawing at right angles neglects it."""

_ROUNDING = 1e-3
"""Pixels by which a grid need not grow."""

Floats = NDArray[np.float64]
Rows = tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True, eq=False)
class Stack:
    """Pictures that make one volume.

    ``pictures[frame][z]`` is the picture of that place, None where there is none. ``affines``
    hold for each z of ``pictures`` the rows that map (x, y, 0, 1) to LPS mm, where the slices are
    to be resampled onto ``grid``.
    """

    pictures: tuple[tuple[Picture | None, ...], ...]
    grid: Grid
    names: tuple[str, ...] = ("",)
    axis: FrameAxis = FrameAxis.NONE
    affines: tuple[Rows, ...] | None = None
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Sheet:
    """What all pictures of a stack share: size (x, y), plane, and mm between (columns, rows)."""

    size: tuple[int, int]
    plane: Plane
    pitch: tuple[float, float] | None = None
    approximate: bool = False
    sparse: bool = False

    @property
    def orientation(self) -> str | None:
        """As a grid's of these slices: none without the distance between pixels."""
        if self.pitch is None:
            return None
        affine = np.eye(4)
        affine[:3, :3] = self.plane.basis
        return orientation_of(affine)


def stacks(pictures: Sequence[Picture], sheet: Sheet) -> Iterator[Stack]:
    """The volumes that these pictures make, in the order of their positions.

    All have a position and the plane, size and spacing of ``sheet``.

    Raises:
        Misplaced: their positions contradict each other.
    """
    told = np.array([each.position for each in pictures], np.float64)
    points = told @ sheet.plane.basis
    for course in courses(points, sheet.pitch):
        own = [pictures[at] for at in course]
        places, beside = places_of(own, points[course], sheet.pitch)
        crowd = [[own[at] for at in place] for place in places]
        entries = frames_at(crowd, sparse=sheet.sparse)
        if not entries:
            most = max(map(len, crowd))
            files = sorted({each.header.path for each in own})
            raise Misplaced(repair_words.not_told_apart(most, files))
        for entry in entries:
            yield from _volumes(entry, sheet, beside)


def _volumes(entry: Frames, sheet: Sheet, beside: float) -> Iterator[Stack]:
    first = {at: each for volume in reversed(entry.volumes) for at, each in volume.items()}
    slices = [first[at] for at in entry.places]
    points = np.array([each.position for each in slices], np.float64) @ sheet.plane.basis
    thicknesses = [each.own.slice_thickness for each in slices]
    for run in runs(points[:, 2].tolist(), thicknesses, sparse=sheet.sparse):
        stack = _laid(run, points[run.start : run.stop], sheet)
        yield _filled(stack, entry, run, beside, sheet)


# ---- where the slices lie


def _laid(run: Run, points: Floats, sheet: Sheet) -> Stack:
    """The grid of a run of slices whose first pixels lie at ``points`` (across, down, normal)."""
    width, height = sheet.size
    repairs = _gap_repairs(run, sheet)
    missing = () if sheet.sparse else run.missing
    sideways = points[:, :2] - points[0, :2]
    leans = leaning(points)
    if sheet.pitch is None:
        warnings = [repair_words.leaning_without_spacing(leans)] if leans > TILTED else []
        if run.interpolated:
            warnings.append(repair_words.uneven_without_spacing(run.gaps))
            return Stack((), Grid((width, height, len(points))), warnings=tuple(warnings))
        grid = Grid((width, height, run.count), (None, None, run.step), missing=missing)
        return Stack((), grid, repairs=repairs, warnings=tuple(warnings))
    moved = float(np.abs(sideways / np.array(sheet.pitch)).max())
    if moved > MOVED or (moved > SEEN and leans > TILTED):
        return _straightened(run, points, sheet, repairs)
    if run.interpolated:
        return _straightened(run, points, sheet, repairs, leans=False)
    onward = points[-1] - points[0] if run.count > 1 else np.array([0.0, 0.0, 1.0])
    axes = np.diag([*sheet.pitch, 1.0])
    axes[:, 2] = onward / max(run.count - 1, 1)
    grid = _grid(axes, points[0], sheet, (width, height, run.count))
    return Stack((), replace(grid, missing=missing), repairs=repairs)


def _straightened(
    run: Run, points: Floats, sheet: Sheet, repairs: tuple[Repair, ...], *, leans: bool = True
) -> Stack:
    """A straight grid that holds all of every slice, and where each slice lies.

    The slices keep their plane: each is moved within it, which costs less sharpness than turning
    them would.
    """
    assert sheet.pitch is not None
    assert run.step is not None
    sideways = points[:, :2] - points[0, :2]
    least = sideways.min(axis=0)
    reach = sideways.max(axis=0) - least
    grown = reach / np.array(sheet.pitch)
    if (grown > np.array(sheet.size)).any():
        wide = np.array(sheet.size) * np.array(sheet.pitch)
        raise Misplaced(repair_words.scattered(float(reach.max()), float(wide.min())))
    width, height = (np.array(sheet.size) + np.ceil(grown - _ROUNDING)).astype(int).tolist()
    size = (width, height, run.count)
    origin = points[0] + [*least, 0.0]
    grid = _grid(np.diag([*sheet.pitch, run.step]), origin, sheet, size)
    if leans:
        repairs = (_lean_repair(sideways, points, sheet, size), *repairs)
    slices = _read_slices(run, points)
    affines = tuple(_rows(np.diag([*sheet.pitch, 1.0]), at, sheet) for at in slices)
    missing = () if sheet.sparse else run.missing
    return Stack((), replace(grid, missing=missing), affines=affines, repairs=repairs)


def _read_slices(run: Run, points: Floats) -> Floats:
    """Where each slice lies that is read, those too that are missing: between their neighbours."""
    if run.interpolated:
        return points
    indices = np.arange(run.count)
    return np.column_stack([np.interp(indices, run.places, each) for each in points.T])


def _lean_repair(
    sideways: Floats, points: Floats, sheet: Sheet, size: tuple[int, int, int]
) -> Repair:
    depths = points[:, 2] - points[0, 2]
    straight = np.outer(depths / depths[-1], sideways[-1])
    irregular = np.abs(sideways - straight).max()
    if irregular > MOVED * min(sheet.pitch or (1.0,)):
        return repair_words.shear(float(np.abs(sideways).max()), size)
    return repair_words.tilt(leaning(points), size)


def _gap_repairs(run: Run, sheet: Sheet) -> tuple[Repair, ...]:
    repairs = []
    assert run.count == 1 or run.step is not None
    step = run.step or 0.0
    if run.missing and not sheet.sparse:
        down = counted_down(sheet.orientation, 2)
        numbers = slice_numbers(run.missing, run.count, down=down)
        repairs.append(repair_words.missing(numbers, step))
    if run.loose:
        repairs.append(repair_words.loose(run.gaps, step, run.astray))
    if run.interpolated:
        repairs.append(repair_words.uneven(run.gaps, step, (len(run.places), run.count)))
    return tuple(repairs)


def _grid(axes: Floats, origin: Floats, sheet: Sheet, size: tuple[int, int, int]) -> Grid:
    """A grid by its axes and origin in the plane's own coordinates (across, down, normal).

    One slice has no distance to another: its third axis stands for the direction alone.
    """
    affine = np.eye(4)
    affine[:3, :3] = sheet.plane.basis @ axes
    affine[:3, 3] = sheet.plane.basis @ origin
    assert sheet.pitch is not None
    # Exactly what the header says, and not what is left of it after turning.
    spacing = (*sheet.pitch, float(np.linalg.norm(axes[:, 2])) if size[2] > 1 else None)
    return replace(grid_of(affine, size), spacing=spacing, approximate=sheet.approximate)


def _rows(axes: Floats, origin: Floats, sheet: Sheet) -> Rows:
    rows = _grid(axes, origin, sheet, (*sheet.size, 1)).rows
    assert rows is not None
    return rows


# ---- which picture lies where


def _filled(stack: Stack, entry: Frames, run: Run, beside: float, sheet: Sheet) -> Stack:
    """The stack with the pictures of every frame that has any in this run."""
    places = entry.places[run.start : run.stop]
    present = [
        (name, volume)
        for name, volume in zip(entry.names, entry.volumes, strict=True)
        if not volume.keys().isdisjoint(places)
    ]
    rows = tuple(_row(volume, places, run) for _, volume in present)
    if len(present) == 1:
        return replace(stack, pictures=rows)
    names = tuple(name for name, _ in present)
    repairs = list(stack.repairs)
    frames_of_files = all(each.header.frame_count > 1 for row in rows for each in row if each)
    if beside or not (entry.told and frames_of_files):
        most = max(sum(at in volume for _, volume in present) for at in places)
        repairs.append(repair_words.several_per_position(most, names, beside))
    counts = [(name, sum(at in volume for at in places)) for name, volume in present]
    partial = [(name, count) for name, count in counts if count < len(places)]
    if partial and not sheet.sparse:
        repairs.append(repair_words.incomplete(partial, len(places)))
    return replace(stack, pictures=rows, names=names, axis=entry.axis, repairs=tuple(repairs))


def _row(volume: Volume, places: Sequence[int], run: Run) -> tuple[Picture | None, ...]:
    if run.interpolated:
        return tuple(volume.get(at) for at in places)
    by_index = dict(zip(map(int, run.places), places, strict=True))
    return tuple(volume.get(by_index[z]) if z in by_index else None for z in range(run.count))
