"""How the slices of a volume are named, counted, laid and lettered, by where the patient lies."""

from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from engine import space
from engine.pictures import Grid, counted_down

_SECOND_LETTER_FROM = np.sin(np.radians(10))
"""An edge gets a second letter where it leans further than this toward another axis."""


class Axis(IntEnum):
    """The axis of a volume along which its slices are stacked."""

    X = 0
    Y = 1
    Z = 2


class PlaneName(StrEnum):
    """The patient's planes."""

    AXIAL = "Axial"
    CORONAL = "Coronal"
    SAGITTAL = "Sagittal"


IN_PLANE = {Axis.X: (1, 2), Axis.Y: (0, 2), Axis.Z: (0, 1)}
"""The voxel axes (across, down) of a slice, before it is mirrored and turned."""
_NAMES = {
    "R": PlaneName.SAGITTAL,
    "L": PlaneName.SAGITTAL,
    "A": PlaneName.CORONAL,
    "P": PlaneName.CORONAL,
    "I": PlaneName.AXIAL,
    "S": PlaneName.AXIAL,
}
_LETTERS = (("R", "L"), ("A", "P"), ("F", "H"))
_HUNG = {
    PlaneName.AXIAL: ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)),
    PlaneName.CORONAL: ((1.0, 0.0, 0.0), (0.0, 0.0, -1.0)),
    PlaneName.SAGITTAL: ((0.0, 1.0, 0.0), (0.0, 0.0, -1.0)),
}
"""Toward which patient directions (LPS) the right and the lower edge of each plane look."""


@dataclass(frozen=True)
class Laying:
    """How a slice is laid: mirrored left to right first, then turned clockwise by quarters."""

    turns: int = 0
    mirrored: bool = False

    @property
    def matrix(self) -> NDArray[np.float64]:
        """2x2: maps a slice's directions (across, down) to the screen's (right, down)."""
        quarter = np.array([[0.0, -1.0], [1.0, 0.0]])
        turned = np.linalg.matrix_power(quarter, self.turns % 4)
        return turned @ np.diag([-1.0 if self.mirrored else 1.0, 1.0])

    def turned(self, quarters: int) -> "Laying":
        """Turned clockwise on the screen."""
        return replace(self, turns=(self.turns + quarters) % 4)

    def flipped(self, *, left_right: bool) -> "Laying":
        """Mirrored on the screen: left to right, or top to bottom."""
        # A mirror before a turn is the mirror after the turn the other way.
        turns = -self.turns if left_right else 2 - self.turns
        return Laying(turns % 4, not self.mirrored)


AS_STORED = Laying()


@dataclass(frozen=True)
class Letters:
    """Toward which side of the patient each edge of the view looks: "R", or "RA" if oblique."""

    left: str
    top: str
    right: str
    bottom: str


@lru_cache(maxsize=64)
def _code(grid: Grid) -> str | None:
    """``grid.orientation``, which takes a while and is asked for at every frame."""
    return grid.orientation


def plane_name(grid: Grid, axis: Axis) -> PlaneName | None:
    """The patient's plane that is nearest to the slices along ``axis``; None if unknown.

    Each patient axis is used once, so that a volume's three planes have three names.
    """
    code = _code(grid)
    return None if code is None else _NAMES[code[axis]]


def counts_down(grid: Grid, axis: Axis) -> bool:
    """Whether slices are counted against their index: see ``counted_down``."""
    return counted_down(_code(grid), axis)


def axis_of(grid: Grid, name: PlaneName) -> Axis:
    """The axis whose slices are nearest to a patient's plane; x, y, z if that is not known."""
    by_index = {PlaneName.SAGITTAL: Axis.X, PlaneName.CORONAL: Axis.Y, PlaneName.AXIAL: Axis.Z}
    if _code(grid) is None:
        return by_index[name]
    return next(axis for axis in Axis if plane_name(grid, axis) is name)


@lru_cache(maxsize=64)
def hung(grid: Grid, axis: Axis) -> Laying:
    """How radiologists hang this plane.

    Axial and coronal: the patient's right at the left edge, front or head on top; sagittal: front
    at the left edge, head on top. As stored where the orientation is not known.
    """
    affine, name = grid.affine, plane_name(grid, axis)
    if affine is None or name is None:
        return AS_STORED
    wanted = np.array(_HUNG[name])

    def agreement(laying: Laying) -> float:
        return float((np.array(screen_directions(affine, IN_PLANE[axis], laying)) * wanted).sum())

    layings = (Laying(turns, mirrored) for turns, mirrored in product(range(4), (False, True)))
    return max(layings, key=agreement)


def screen_directions(
    affine: space.Affine4, axes: tuple[int, int], laying: Laying
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The patient's directions, unit vectors in LPS, to the right and down on the screen."""
    columns = affine[:3, list(axes)]
    right, down = (columns / np.linalg.norm(columns, axis=0) @ laying.matrix.T).T
    return right, down


def letters_of(direction: NDArray[np.float64]) -> str:
    """The nearest patient direction's letter, and the second's where it leans that far."""
    order = np.argsort(-np.abs(direction), kind="stable")
    letters = [_LETTERS[axis][int(direction[axis] > 0)] for axis in order[:2]]
    leans = abs(direction[order[1]]) > _SECOND_LETTER_FROM
    return "".join(letters) if leans else letters[0]
