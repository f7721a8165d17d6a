"""A drawn volume on an oblique, uneven grid: rods and balls whose places and lengths are known.

One rod lies within a slice of each of the grid's three directions, so that its length can be
measured on that slice; the others lie anywhere. Values are those of CT.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product

import numpy as np
from numpy.typing import NDArray

from engine.pictures import Grid, Volume, VolumeFacts, grid_of
from engine.space import affine_of, to_patient, to_voxel

BACKGROUND = -850
SIZE = (144, 128, 56)
_BALLS = 4
_FINE = 4
"""Each voxel's value is the mean of this many samples along each axis."""
_BETWEEN = 3.0
"""Millimetres that two things are apart at the least."""
_TRIES = 2000

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Ball:
    """``centre`` in LPS mm, ``radius`` in mm, ``value`` in HU."""

    centre: tuple[float, float, float]
    radius: float
    value: int


@dataclass(frozen=True)
class Rod:
    """A cylinder with flat ends, ``start`` and ``end`` in LPS mm.

    ``axis`` is the voxel axis along whose slices it lies, None if it lies anywhere.
    """

    start: tuple[float, float, float]
    end: tuple[float, float, float]
    radius: float
    value: int
    axis: int | None = None

    @property
    def length(self) -> float:
        """In mm."""
        return float(np.linalg.norm(np.subtract(self.end, self.start)))


@dataclass(frozen=True, eq=False)
class PhantomVolume:
    """A drawn volume and its truth."""

    volume: Volume
    balls: tuple[Ball, ...]
    rods: tuple[Rod, ...]


def draw_volume(seed: int, grid: Grid | None = None) -> PhantomVolume:
    """Draw the volume of ``seed``, on a grid of its own or on a given one with a known affine.

    The same seed draws the same volume. int16 (1, z, y, x), HU.
    """
    generator = np.random.default_rng(seed)
    drawn_on = any_grid(generator) if grid is None else grid
    affine = drawn_on.affine
    if affine is None:
        raise ValueError("a volume is drawn where its place in the patient is known")
    things: list[Ball | Rod] = []
    wanted: list[Callable[[], Ball | Rod]] = [
        partial(_rod, generator, drawn_on, axis) for axis in (2, 1, 0, None)
    ]
    wanted += [partial(_ball, generator, drawn_on)] * _BALLS
    for draw in wanted:
        things.append(_apart(draw, things))
    values = np.full(drawn_on.size[::-1], BACKGROUND, np.float64)
    for thing in things:
        _lay(values, thing, affine)
    whole = np.rint(values).astype(np.int16)[None]
    facts = VolumeFacts(
        grid=drawn_on,
        modality="CT",
        unit="HU",
        value_range=(float(whole.min()), float(whole.max())),
    )
    balls = tuple(thing for thing in things if isinstance(thing, Ball))
    rods = tuple(thing for thing in things if isinstance(thing, Rod))
    return PhantomVolume(Volume(whole, facts), balls, rods)


def any_grid(generator: np.random.Generator) -> Grid:
    """An oblique right-handed grid with three different spacings, 0.6 to 2.5 mm."""
    turned, upper = np.linalg.qr(generator.normal(size=(3, 3)))
    turned = turned * np.sign(np.diag(upper))
    if np.linalg.det(turned) < 0:
        turned[:, 2] = -turned[:, 2]
    spacing = (
        float(np.round(generator.uniform(0.6, 0.9), 3)),
        float(np.round(generator.uniform(0.9, 1.2), 3)),
        float(np.round(generator.uniform(1.6, 2.5), 3)),
    )
    middle = generator.uniform(-60, 60, 3)
    directions = turned.astype(np.float64)
    origin = middle - directions @ (np.array(spacing) * (np.array(SIZE) - 1) / 2)
    return grid_of(affine_of(directions, spacing, np.round(origin, 3)), SIZE)


# ---- where things lie


def _apart(draw: Callable[[], Ball | Rod], others: Sequence[Ball | Rod]) -> Ball | Rod:
    for _ in range(_TRIES):
        thing = draw()
        if all(_gap(thing, other) >= _BETWEEN for other in others):
            return thing
    raise ValueError("the grid is too small to hold rods and balls apart")


def _gap(one: Ball | Rod, other: Ball | Rod) -> float:
    away = np.linalg.norm(_spine(one)[:, None] - _spine(other)[None], axis=2)
    return float(away.min()) - one.radius - other.radius


def _spine(thing: Ball | Rod) -> Vector:
    """Points along the middle of a thing, a millimetre apart, (n, 3)."""
    if isinstance(thing, Ball):
        return np.array([thing.centre])
    start, end = np.array(thing.start), np.array(thing.end)
    along: Vector = start + np.linspace(0, 1, int(thing.length) + 2)[:, None] * (end - start)
    return along


def _ball(generator: np.random.Generator, grid: Grid) -> Ball:
    radius = float(np.round(generator.uniform(4, 9), 1))
    (centre,) = _places(generator, grid, radius, 1, None)
    return Ball(centre, radius, int(generator.integers(20, 400)))


def _rod(generator: np.random.Generator, grid: Grid, axis: int | None) -> Rod:
    radius = float(np.round(generator.uniform(1.5, 3), 1))
    value = int(generator.integers(20, 400))
    while True:
        start, end = _places(generator, grid, radius, 2, axis)
        rod = Rod(start, end, radius, value, axis)
        if rod.length > 15:
            return rod


def _places(
    generator: np.random.Generator, grid: Grid, margin: float, count: int, axis: int | None
) -> list[tuple[float, float, float]]:
    """Places in LPS mm within the grid, on one slice along ``axis`` if that is given."""
    affine = grid.affine
    assert affine is not None
    edge = margin / np.linalg.norm(affine[:3, :3], axis=0) + 2
    voxels = generator.uniform(edge, np.array(grid.size) - 1 - edge, (count, 3))
    if axis is not None:
        voxels[:, axis] = np.rint(voxels[0, axis])
    return [(x, y, z) for x, y, z in to_patient(affine, voxels).tolist()]


# ---- laying them on the grid


def _lay(values: Vector, thing: Ball | Rod, affine: Vector) -> None:
    """Mix a thing's value into the voxels that it fills, each by the part that is filled."""
    reach = thing.radius * np.linalg.norm(np.linalg.inv(affine[:3, :3]), axis=1) + 1
    spine = to_voxel(affine, _spine(thing))
    low = np.maximum(np.floor(spine.min(axis=0) - reach).astype(int), 0)
    high = np.minimum(np.ceil(spine.max(axis=0) + reach).astype(int), np.array(values.shape[::-1]))
    z, y, x = (np.arange(low[axis], high[axis] + 1) for axis in (2, 1, 0))
    z, y, x = (at[at < side] for at, side in zip((z, y, x), values.shape, strict=True))
    grid = np.stack(np.meshgrid(x, y, z, indexing="ij"), axis=-1).transpose(2, 1, 0, 3)
    filled = np.zeros(grid.shape[:3])
    offsets = (np.arange(_FINE) + 0.5) / _FINE - 0.5
    for offset in product(offsets, repeat=3):
        at = to_patient(affine, (grid + np.array(offset)).reshape(-1, 3))
        filled += _holds(thing, at).reshape(filled.shape)
    filled /= _FINE**3
    part = values[z[0] : z[-1] + 1, y[0] : y[-1] + 1, x[0] : x[-1] + 1]
    part += filled * (thing.value - part)


def _holds(thing: Ball | Rod, at: Vector) -> NDArray[np.bool_]:
    if isinstance(thing, Ball):
        away = np.linalg.norm(at - np.array(thing.centre), axis=1)
        held: NDArray[np.bool_] = away <= thing.radius
        return held
    start, end = np.array(thing.start), np.array(thing.end)
    along = (end - start) / thing.length
    way = (at - start) @ along
    off = np.linalg.norm(at - start - way[:, None] * along, axis=1)
    within: NDArray[np.bool_] = (way >= 0) & (way <= thing.length) & (off <= thing.radius)
    return within
