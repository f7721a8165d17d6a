"""The type that holds a series' values, told from its headers."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.images.dicom.header import FrameHeader, Header
from engine.images.dicom.values import (
    DEEP_COLOURS,
    SOME_ARE_COLOURS,
    STORED_DOSE,
    dtype_for,
    is_colour,
    notes_on,
    rescale_of,
    stored_range,
)


@dataclass(frozen=True)
class Bits:
    stored: int
    signed: bool = False
    allocated: int = 16


def header(bits: Bits, *rescales: tuple[float | None, float | None], **more: object) -> Header:
    frames = tuple(FrameHeader(slope=slope, intercept=add) for slope, add in rescales)
    return Header(
        path="a.dcm",
        rows=4,
        columns=4,
        bits_allocated=bits.allocated,
        bits_stored=bits.stored,
        signed=bits.signed,
        pixels=str(more.pop("pixels", "PixelData")),
        frames=frames or (FrameHeader(),),
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("bits", "rescale", "expected"),
    [
        (Bits(8, allocated=8), (None, None), "uint8"),
        (Bits(8, signed=True, allocated=8), (None, None), "int16"),
        (Bits(1, allocated=1), (None, None), "uint8"),
        (Bits(12), (1, -1024), "int16"),
        (Bits(12), (None, None), "int16"),
        (Bits(16), (1, 0), "uint16"),
        (Bits(16), (1, -1024), "int32"),
        (Bits(16, signed=True), (1, 0), "int16"),
        (Bits(16, signed=True), (1, -1024), "int32"),
        (Bits(12), (-1, 0), "int16"),
        (Bits(32, signed=True, allocated=32), (1, 0), "int32"),
        (Bits(32, allocated=32), (1, 0), "float64"),
        (Bits(16), (0.5, 0), "float32"),
        (Bits(16), (1, 0.5), "float32"),
        (Bits(32, allocated=32), (0.001, 0), "float64"),
        (Bits(12), (0.001, 5000), "float64"),
        (Bits(16), (1e6, 0), "float64"),
        (Bits(16), (1e-6, 0), "float32"),
        (Bits(16), (1e-40, 0), "float64"),
        (Bits(16), (1.5e35, 0), "float64"),
    ],
)
def test_the_type_is_the_smallest_that_holds_every_value(
    bits: Bits, rescale: tuple[float | None, float | None], expected: str
) -> None:
    assert dtype_for([header(bits, rescale)]) == expected


def test_the_type_holds_the_values_of_every_slice_and_frame() -> None:
    first = header(Bits(8, allocated=8), (1, 0))
    second = header(Bits(8, allocated=8), (1, 0), (2, -20))

    assert dtype_for([first, second]) == "int16"
    assert dtype_for([first, header(Bits(8, allocated=8), (0.3, 0))]) == "float32"


def test_colour_is_eight_bits_a_channel() -> None:
    assert dtype_for([header(Bits(16), samples=3, photometric="RGB")]) == "uint8"
    assert dtype_for([header(Bits(16), photometric="PALETTE COLOR")]) == "uint8"
    assert not is_colour(header(Bits(16), photometric="MONOCHROME2"))


def test_float_pixels_keep_their_type() -> None:
    assert dtype_for([header(Bits(0, allocated=32), pixels="FloatPixelData")]) == "float32"
    assert dtype_for([header(Bits(0, allocated=64), pixels="DoubleFloatPixelData")]) == "float64"


def test_a_modality_look_up_table_gives_its_own_numbers() -> None:
    assert dtype_for([header(Bits(12, signed=True), modality_lut=True)]) == "uint16"
    # Here the table is not for display, so either may be shown.
    angiogram = header(Bits(12, signed=True), modality_lut=True, modality="XA")
    assert dtype_for([angiogram]) == "int32"


@pytest.mark.parametrize("slope", [0.0, float("nan"), float("inf")])
def test_a_slope_that_would_wipe_the_picture_out_is_not_used(slope: float) -> None:
    assert rescale_of(FrameHeader(slope=slope, intercept=-5)) == (1, -5)


@settings(deadline=None)
@given(
    stored=st.integers(1, 32),
    signed=st.booleans(),
    slope=st.one_of(st.integers(-100, 100), st.floats(-10, 10)).filter(lambda x: abs(x) > 1e-3),
    intercept=st.one_of(st.integers(-5000, 5000), st.floats(-5000, 5000)),
)
def test_neighbouring_numbers_stay_apart_and_whole_ones_exact(
    stored: int, signed: bool, slope: float, intercept: float
) -> None:
    one = header(Bits(stored, signed, 32), (slope, intercept))
    low, high = stored_range(one)
    numbers = np.unique(np.clip([low, low + 1, 0, high - 1, high], low, high))
    exact = numbers.astype(np.float64) * slope + intercept

    held = exact.astype(dtype_for([one])).astype(np.float64)

    if float(slope).is_integer() and float(intercept).is_integer():
        assert (held == exact).all()
    assert np.abs(held - exact).max() <= abs(slope) / 8


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (header(Bits(16), samples=3, photometric="RGB"), (DEEP_COLOURS,)),
        (header(Bits(8), samples=3, photometric="RGB"), ()),
        (header(Bits(16), photometric="PALETTE COLOR"), ()),
        (header(Bits(16), presentation="COLOR"), (SOME_ARE_COLOURS,)),
        (header(Bits(16), presentation="MONOCHROME"), ()),
    ],
)
def test_what_is_not_shown_as_it_is_is_said(one: Header, expected: tuple[str, ...]) -> None:
    assert notes_on(one) == expected


def test_a_dose_that_is_not_scaled_is_said() -> None:
    bits = Bits(32, allocated=32)
    assert notes_on(header(bits, modality="RTDOSE")) == (STORED_DOSE,)
    assert notes_on(header(bits, (0.001, 0), modality="RTDOSE")) == ()
