"""How much memory a series needs, and which step makes it fit."""

import numpy as np
import pytest

from engine.errors import Refusal
from engine.images.plan import DicomPlan, FilePlan, Planned, Resampling, Source
from engine.pictures import Grid, VolumeFacts, grid_of
from engine.service.messages import Part
from engine.service.reading import least_step, reading_of
from engine.space import affine_of

SLICE = 40 * 30 * 2


def stack(slices: int = 10, frames: int = 1, turned: float = 0) -> Planned:
    down = np.radians(turned)
    axes = np.array([[1, 0, 0], [0, np.cos(down), -np.sin(down)], [0, np.sin(down), np.cos(down)]])
    grid = grid_of(affine_of(axes, (1, 1, 5), np.zeros(3)), (40, 30, slices))
    sources = tuple(tuple(Source(f"{z}.dcm") for z in range(slices)) for _ in range(frames))
    plan = DicomPlan(sources, "int16", (frames, slices, 30, 40))
    return Planned("key", plan, VolumeFacts(grid, frames=("",) * frames))


def test_a_stack_needs_the_bytes_of_its_values() -> None:
    assert reading_of(stack(), Part(), False).needed == 10 * SLICE
    assert reading_of(stack(frames=3), Part(), False).needed == 30 * SLICE


def test_a_part_needs_less() -> None:
    reading = reading_of(stack(), Part(3, (0, 20, 0, 30, 0, 10)), False)
    assert reading.raw == (1, 4, 30, 20)
    assert reading.needed == 4 * SLICE / 2


def test_a_stack_that_is_mended_needs_both_arrays_and_all_pictures() -> None:
    planned = stack()
    assert isinstance(planned.plan, DicomPlan)
    rows = ((1.0, 0.0, 0.0, 0.0),) * 4
    mended = Planned(
        "key",
        DicomPlan(
            planned.plan.sources, "int16", (1, 10, 30, 40), resampling=Resampling((rows,) * 10)
        ),
        VolumeFacts(Grid((40, 36, 10), (1, 1, 5))),
    )
    reading = reading_of(mended, Part(2), False)
    assert reading.raw == (1, 10, 30, 40)
    assert reading.mended == (1, 5, 36, 40)
    assert reading.needed == 10 * SLICE + 5 * 36 * 40 * 4
    assert reading.fixed == 10 * SLICE


def test_a_straight_one_needs_its_own_array_and_one_frame_in_floats() -> None:
    reading = reading_of(stack(frames=2, turned=20), Part(), True)
    assert reading.target is not None
    x, y, z = reading.target.size
    assert reading.straight == (2, z, y, x)
    assert reading.needed == 20 * SLICE + 2 * x * y * z * 4 + 10 * 30 * 40 * 4
    assert reading_of(stack(), Part(), True).straight is None


@pytest.mark.parametrize(("all_passed", "passed"), [(False, 2 * SLICE), (True, 10 * SLICE)])
def test_a_part_of_a_file_takes_its_own_bytes_and_what_is_held_to_read_it(
    all_passed: bool, passed: int
) -> None:
    shape = (1, 10, 30, 40)
    plan = FilePlan("T1.nii", "NIfTI", "int16", shape, 3 * SLICE, 10 * SLICE, all_passed)
    planned = Planned("key", plan, VolumeFacts(Grid((40, 30, 10))))
    reading = reading_of(planned, Part(5), False)
    assert reading.needed == (2 + 3) * SLICE
    assert reading.fixed == 3 * SLICE
    assert reading.passed == passed
    fits = lambda needed: needed <= 5 * SLICE  # noqa: E731
    assert least_step(planned, Part(), False, fits) == 5
    assert least_step(planned, Part(), False, lambda needed: needed <= 3 * SLICE) == 0


@pytest.mark.parametrize(("room", "step"), [(5, 2), (4, 3), (2, 5), (1.9, 0)])
def test_the_least_step_that_fits_is_offered(room: float, step: int) -> None:
    fits = lambda needed: needed <= room * SLICE  # noqa: E731
    assert least_step(stack(), Part(), False, fits) == step


def test_a_part_outside_the_volume_is_refused() -> None:
    with pytest.raises(Refusal):
        reading_of(stack(), Part(1, (0, 40, 0, 30, 10, 12)), False)
