"""Units, windows, padding and origin as a reader gets to see them."""

import numpy as np
import pytest
from constructed import entries, only, slice_at, stack_at
from msgspec.structs import replace

from engine.pictures import GreyWindow


def _facts(**told: object):  # type: ignore[no-untyped-def]
    return only(stack_at(range(3), **told))[0].facts


@pytest.mark.parametrize(
    ("told", "unit"),
    [
        ({}, "HU"),
        ({"rescale_type": "HU"}, "HU"),
        ({"rescale_type": "US"}, None),
        ({"rescale_type": "MGML"}, "mg/ml"),
        ({"slope": None, "intercept": None}, None),
        ({"modality": "MR"}, None),
        ({"modality": "MR", "rescale_type": "normalized"}, "normalized"),
        ({"modality": "PT", "units": "BQML"}, "Bq/ml"),
        ({"modality": "PT", "units": "GML"}, "g/ml"),
        ({"modality": "PT", "units": "CNTS"}, "counts"),
        ({"modality": "RTDOSE", "units": "GY", "slope": 1e-3, "intercept": None}, "Gy"),
        ({"modality": "RTDOSE", "units": "GY", "slope": None, "intercept": None}, None),
        ({"slope": 0.0}, None),
        ({"modality": "PT", "units": "BQML", "slope": 0.0}, None),
    ],
)
def test_the_unit_is_what_the_header_says(told: dict[str, object], unit: str | None) -> None:
    assert _facts(**told).unit == unit


def test_a_slope_that_would_wipe_the_picture_out_is_said() -> None:
    assert any("Rescale Slope" in warning for warning in _facts(slope=0.0).warnings)
    assert _facts(slope=2.0).warnings == ()


def test_different_units_are_none_and_it_is_said() -> None:
    headers = stack_at(range(3))
    headers[1] = replace(headers[1], rescale_type="US")
    facts = only(headers)[0].facts
    assert facts.unit is None
    assert any("different units" in warning for warning in facts.warnings)


def test_padding_is_told_as_shown() -> None:
    assert _facts(padding=-2000.0, signed=True, bits_stored=16).padding == -3024


def test_padding_is_rounded_as_the_values_are() -> None:
    told = _facts(padding=-1999.0, signed=True, bits_stored=16, slope=0.1, intercept=0.0)
    assert told.padding == float(np.float32(-1999 * 0.1)) != -1999 * 0.1


def test_padding_that_these_bits_cannot_hold_is_none() -> None:
    assert _facts(padding=-2000.0, signed=False).padding is None


def test_padding_beyond_all_numbers_is_none() -> None:
    assert _facts(padding=-2000.0, signed=True, bits_stored=16, slope=1e306).padding is None


def test_padding_that_is_rescaled_in_several_ways_is_none() -> None:
    headers = stack_at(range(3), padding=0.0)
    own = replace(headers[1].first, slope=2.0)
    headers[1] = replace(headers[1], frames=(own,))
    headers[0] = replace(headers[0], padding=1.0)
    assert only(headers)[0].facts.padding is None


def test_a_missing_slice_of_a_ct_is_air_or_padding() -> None:
    assert only(stack_at([0, 1, 3]))[1].blank == -1024
    padded = stack_at([0, 1, 3], padding=-2000.0, signed=True, bits_stored=16)
    assert only(padded)[1].blank == -3024


def test_a_missing_slice_of_anything_else_is_0() -> None:
    assert only(stack_at([0, 1, 3], modality="MR", slope=None, intercept=None))[1].blank == 0


def test_what_is_blank_fits_into_the_type() -> None:
    _, plan = only(stack_at([0, 1, 3], intercept=0.0, bits_stored=16))
    assert (plan.dtype, plan.blank) == ("uint16", 0)


def test_windows_are_the_middle_slices() -> None:
    windows = [(GreyWindow(float(n), 100.0, "LUNG"),) for n in range(3)]
    headers = [
        replace(header, frames=(replace(header.first, windows=own),))
        for header, own in zip(stack_at(range(3)), windows, strict=True)
    ]
    assert only(headers)[0].facts.windows == windows[1]


def test_the_most_frequent_syntax_is_named() -> None:
    headers = stack_at(range(3))
    headers[0] = replace(headers[0], transfer_syntax="1.2.840.10008.1.2.5")
    facts = only(headers)[0].facts
    assert facts.transfer_syntax == "1.2.840.10008.1.2.1"
    assert any("2 transfer syntaxes" in warning for warning in facts.warnings)


def test_low_values_may_be_bright() -> None:
    assert _facts(photometric="MONOCHROME1").inverted
    assert not _facts().inverted


def test_colour_has_no_unit_and_no_windows() -> None:
    own = (GreyWindow(1, 2),)
    facts = _facts(samples=3, photometric="RGB", windows=own, slope=None, intercept=None)
    assert facts.colour
    assert (facts.unit, facts.windows, facts.padding) == (None, (), None)


def test_a_palette_is_colour() -> None:
    entry, plan = only(stack_at(range(2), photometric="PALETTE COLOR"))
    assert entry.facts.colour
    assert plan.shape == (1, 2, 32, 40, 3)


def test_a_patient_without_a_name_is_known_by_the_folder() -> None:
    entry, _ = only([replace(slice_at((0, 0, 0)), patient_id="")])
    assert entry.origin.patient_key == "/study"


def test_a_title_without_a_description_is_the_modality() -> None:
    bare = replace(slice_at((0, 0, 0)), series_description="", series_number=None)
    assert [entry.title for entry in entries([bare])] == ["CT"]
