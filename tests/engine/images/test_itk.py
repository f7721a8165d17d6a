"""A volume is the same after SimpleITK: voxel for voxel, and each at its place."""

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from volume_files import ORDERS, small_turn

from engine.images.itk import from_sitk, to_sitk
from engine.pictures import FrameAxis, Grid, Volume, VolumeFacts, grid_of
from engine.space import affine_of, orientation_of

lengths = st.floats(0.05, 20)
places = st.floats(-2000, 2000)


@settings(max_examples=200, deadline=None)
@given(
    order=st.sampled_from(ORDERS),
    angles=st.tuples(*[st.floats(-0.4, 0.4)] * 3),
    spacing=st.tuples(lengths, lengths, lengths),
    origin=st.tuples(places, places, places),
    size=st.tuples(*[st.integers(1, 5)] * 3),
    dtype=st.sampled_from(["uint8", "int16", "uint16", "int32", "int64", "float32", "float64"]),
)
def test_any_volume_comes_back_as_it_was(
    order: NDArray[np.float64],
    angles: tuple[float, float, float],
    spacing: tuple[float, float, float],
    origin: tuple[float, float, float],
    size: tuple[int, int, int],
    dtype: str,
) -> None:
    affine = affine_of(small_turn(angles) @ order, spacing, np.array(origin))
    values = np.arange(np.prod(size)).astype(dtype).reshape(1, *size[::-1])
    volume = Volume(values, VolumeFacts(grid_of(affine, size)))

    image = to_sitk(volume)
    last = [length - 1 for length in size]
    assert image.GetSize() == size
    assert image.GetPixel(last) == values.ravel()[-1]
    place = image.TransformIndexToPhysicalPoint(last)
    assert place == pytest.approx((affine @ (*last, 1))[:3], abs=1e-9)

    back = from_sitk(image)
    assert np.array_equal(back.values, values)
    assert back.values.dtype == values.dtype
    assert back.facts.grid.size == size
    assert back.facts.grid.affine == pytest.approx(affine, rel=1e-12, abs=1e-9)
    assert back.facts.grid.orientation == orientation_of(affine)


@pytest.mark.parametrize("order", ORDERS)
def test_each_of_the_48_orders_keeps_its_letters(order: NDArray[np.float64]) -> None:
    affine = affine_of(order, (0.5, 0.7, 3), np.array([-100.0, 20, 1000]))
    volume = Volume(np.zeros((1, 2, 3, 4), np.uint8), VolumeFacts(grid_of(affine, (4, 3, 2))))
    back = from_sitk(to_sitk(volume))
    assert back.facts.grid.affine == pytest.approx(affine, abs=1e-12)
    assert back.facts.grid.orientation == volume.facts.grid.orientation


def test_a_frame_of_several_is_taken_by_its_number() -> None:
    values = np.arange(48).reshape(2, 2, 3, 4)
    facts = VolumeFacts(grid_of(np.eye(4), (4, 3, 2)), frames=("1", "2"))
    image = to_sitk(Volume(values, facts), frame=1)
    assert np.array_equal(sitk.GetArrayFromImage(image), values[1])


def test_colours_come_back_as_colours() -> None:
    values = np.random.default_rng(0).integers(0, 256, (1, 2, 3, 4, 3), np.uint8)
    facts = VolumeFacts(grid_of(np.eye(4), (4, 3, 2)), colour=True)
    back = from_sitk(to_sitk(Volume(values, facts)))
    assert back.facts.colour
    assert np.array_equal(back.values, values)


def test_of_four_bytes_a_voxel_the_fourth_is_left_out() -> None:
    values = np.random.default_rng(0).integers(0, 256, (2, 3, 4, 4), np.uint8)
    back = from_sitk(sitk.GetImageFromArray(values, isVector=True))
    assert back.facts.colour
    assert np.array_equal(back.values[0], values[..., :3])


def test_what_is_not_known_is_itks_default() -> None:
    volume = Volume(np.zeros((1, 1, 3, 4), np.uint8), VolumeFacts(Grid((4, 3, 1), (0.5, 2, None))))
    image = to_sitk(volume)
    assert image.GetSpacing() == (0.5, 2, 1)
    assert image.GetDirection() == (1, 0, 0, 0, 1, 0, 0, 0, 1)


def test_the_parts_of_a_vector_and_a_fourth_dimension_are_frames() -> None:
    vector = sitk.GetImageFromArray(np.arange(24, dtype=np.float32).reshape(2, 3, 2, 2), True)
    assert from_sitk(vector).values.shape == (2, 2, 3, 2)
    assert from_sitk(vector).facts.frame_axis is FrameAxis.COMPONENT
    one = sitk.GetImageFromArray(np.zeros((2, 3, 4), np.int16))
    films = from_sitk(sitk.JoinSeries([one, one + 1, one + 2]))
    assert films.values[:, 0, 0, 0].tolist() == [0, 1, 2]
    assert films.facts.frame_axis is FrameAxis.IMAGE


def test_two_dimensions_have_no_place_in_the_patient() -> None:
    back = from_sitk(sitk.GetImageFromArray(np.zeros((3, 4), np.int16)))
    assert back.values.shape == (1, 1, 3, 4)
    assert back.facts.grid.rows is None
