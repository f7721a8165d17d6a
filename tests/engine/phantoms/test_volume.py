"""A drawn volume holds what its truth says, and nothing else."""

import numpy as np
import pytest
from scipy import ndimage

from engine.phantoms.volume import BACKGROUND, Ball, PhantomVolume, draw_volume
from engine.pictures import grid_of
from engine.space import shear_of, spacing_of


@pytest.fixture(scope="module")
def phantom() -> PhantomVolume:
    return draw_volume(7)


def test_the_same_seed_draws_the_same_volume(phantom: PhantomVolume) -> None:
    again = draw_volume(7)
    assert np.array_equal(again.volume.values, phantom.volume.values)
    assert again.rods == phantom.rods


def test_the_grid_is_oblique_uneven_and_square_at_its_corners(phantom: PhantomVolume) -> None:
    affine = phantom.volume.facts.grid.affine
    assert affine is not None
    assert len({round(side, 2) for side in spacing_of(affine)}) == 3
    assert shear_of(affine) < 1e-9
    assert np.linalg.det(affine[:3, :3]) > 0
    cosines = np.abs(affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0))
    assert cosines.max() < 0.999


def test_every_thing_has_the_volume_and_the_middle_that_the_truth_says(
    phantom: PhantomVolume,
) -> None:
    grid = phantom.volume.facts.grid
    affine = grid.affine
    assert affine is not None
    values = phantom.volume.frame().astype(float)
    parts, count = ndimage.label(values > BACKGROUND + 1)
    things = [*phantom.balls, *phantom.rods]
    assert count == len(things)
    cubic = np.prod(spacing_of(affine))
    for thing in things:
        if isinstance(thing, Ball):
            middle, size = np.array(thing.centre), 4 / 3 * np.pi * thing.radius**3
        else:
            middle = (np.array(thing.start) + np.array(thing.end)) / 2
            size = np.pi * thing.radius**2 * thing.length
        x, y, z = np.rint((np.linalg.inv(affine) @ (*middle, 1))[:3]).astype(int)
        own = parts == parts[z, y, x]
        part = (values[own] - BACKGROUND) / (thing.value - BACKGROUND)
        assert part.sum() * cubic == pytest.approx(size, rel=0.02)
        at = np.argwhere(own)[:, ::-1]
        found = affine[:3, :3] @ ((at * part[:, None]).sum(axis=0) / part.sum()) + affine[:3, 3]
        assert np.linalg.norm(found - middle) < 0.1


def test_a_grid_of_ones_own_is_drawn_on() -> None:
    grid = grid_of(np.diag([1.0, 1.0, 2.0, 1.0]), (90, 80, 40))
    drawn = draw_volume(1, grid)
    assert drawn.volume.values.shape == (1, 40, 80, 90)
    assert drawn.volume.facts.grid == grid
