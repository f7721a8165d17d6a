"""In which window a volume opens, and what the digits give."""

from dataclasses import replace

import numpy as np
import pytest
from slice_desk import volume

from engine.listing import Origin
from engine.pictures import GreyWindow, Grid, VolumeFacts
from viewer.seen import presets
from viewer.seen.presets import BRAIN, LUNG, SOFT_TISSUE, first_window


def _facts(modality: str | None = "CT", **more) -> VolumeFacts:
    grid = Grid((64, 64, 16), (5.0, 5.0, 5.0))
    return VolumeFacts(grid, modality, **{"unit": "HU" if modality == "CT" else None, **more})


def _body(inner: float, rim: float = 40.0, radius: int = 26) -> np.ndarray:
    """A round body in air with something else in the middle, (z, y, x)."""
    y, x = np.ogrid[:64, :64]
    away = np.hypot(x - 32, y - 32)
    plane = np.where(away < radius, np.where(away < radius - 8, inner, rim), -1000)
    return np.repeat(plane[None], 16, axis=0).astype(np.float32)


def test_a_chest_opens_in_the_lung_window_without_a_word_in_the_header() -> None:
    assert first_window(_facts(), Origin(), _body(-800)) == LUNG


def test_a_series_called_lung_bases_that_shows_an_abdomen_opens_in_soft_tissue() -> None:
    origin = Origin(series_description="LUNG BASES 5MM", body_part="CHEST")
    assert first_window(_facts(), origin, _body(50)) == SOFT_TISSUE


def test_a_head_opens_in_the_brain_window_by_its_header() -> None:
    origin = Origin(body_part="HEAD")
    assert first_window(_facts(), origin, _body(35, 800)) == BRAIN


def test_a_head_is_known_by_its_size_and_brain_where_the_header_says_nothing() -> None:
    small = VolumeFacts(Grid((64, 64, 16), (3.0, 3.0, 3.0)), "CT", "HU")
    assert first_window(small, Origin(), _body(35, 800)) == BRAIN
    large = VolumeFacts(Grid((64, 64, 16), (7.0, 7.0, 3.0)), "CT", "HU")
    assert first_window(large, Origin(), _body(35, 800)) == SOFT_TISSUE
    assert first_window(small, Origin(body_part="KNEE"), _body(35, 800)) == SOFT_TISSUE
    hip = Origin(series_description="Femoral head right")
    assert first_window(large, hip, _body(50, 800)) == SOFT_TISSUE
    called = Origin(study_description="CT Head without contrast")
    assert first_window(small, called, _body(120, 800)) == BRAIN


def test_an_mr_opens_in_its_middle_98_per_cent() -> None:
    sample = np.arange(1001, dtype=np.float32).reshape(1, 7, 143)
    window = first_window(_facts("MR", windows=(GreyWindow(1, 2),)), Origin(), sample)
    assert window.centre - window.width / 2 == pytest.approx(10)
    assert window.centre + window.width / 2 == pytest.approx(990)


def test_anything_else_opens_in_the_headers_window_or_in_all_of_its_values() -> None:
    sample = np.array([[[0, 3, 200]]], np.float32)
    assert first_window(_facts("US", windows=(GreyWindow(5, 6),)), Origin(), sample).width == 6
    assert first_window(_facts("US"), Origin(), sample) == GreyWindow(100, 200, "Full range")
    colour = first_window(_facts("US", colour=True), Origin(), sample)
    assert (colour.centre, colour.width) == (127.5, 255)


def test_a_picture_of_one_grey_still_has_a_window() -> None:
    sample = np.full((1, 3, 3), 7, np.float32)
    for modality in ("MR", "US", None):
        assert first_window(_facts(modality), Origin(), sample).width > 0
        assert first_window(_facts(modality), Origin(), sample * np.nan).width > 0
    assert first_window(_facts("MR"), Origin(), sample[:, :0]).width > 0


def test_the_digits_of_ct_are_those_that_readers_know() -> None:
    shown = volume(np.zeros((3, 4, 5), np.int16), windows=(GreyWindow(1, 2), GreyWindow(3, 4)))
    wanted = {1: (40, 400), 2: (-600, 1500), 3: (50, 350), 4: (400, 1800), 5: (80, 150)}
    for digit, (level, width) in wanted.items():
        window = presets.preset_window(shown, 0, digit, GreyWindow(0, 1))
        assert window is not None
        assert (window.centre, window.width) == (level, width)
        assert presets.digit_of(shown.facts, window) == digit
    assert presets.preset_window(shown, 0, 8, GreyWindow(0, 1)) is None


def test_nine_goes_through_the_headers_windows() -> None:
    first, second = GreyWindow(1, 2), GreyWindow(3, 4)
    shown = volume(np.zeros((3, 4, 5), np.int16), windows=(first, second))
    assert presets.preset_window(shown, 0, 9, GreyWindow(0, 1)) == first
    assert presets.preset_window(shown, 0, 9, first) == second
    assert presets.preset_window(shown, 0, 9, second) == first
    assert presets.digit_of(shown.facts, second) == 9
    bare = volume(np.zeros((3, 4, 5), np.int16))
    assert presets.preset_window(bare, 0, 9, first) is None


def test_mr_has_its_full_range_and_its_middle() -> None:
    values = np.arange(1000, dtype=np.int16).reshape(10, 10, 10)
    shown = volume(values, modality="MR", unit=None)
    full = presets.preset_window(shown, 0, 1, GreyWindow(0, 1))
    middle = presets.preset_window(shown, 0, 2, GreyWindow(0, 1))
    assert full == GreyWindow(499.5, 999, "Full range")
    assert middle is not None and middle.width < 985
    assert [preset.digit for preset in presets.presets(shown.facts)] == [1, 2]


def test_a_nifti_that_begins_at_air_is_offered_the_windows_of_ct() -> None:
    ct = _facts(None, value_range=(-1024.0, 3000.0))
    assert presets.has_hounsfield(ct)
    assert ct.unit is None
    assert not presets.has_hounsfield(_facts(None, value_range=(0.0, 3000.0)))
    assert not presets.has_hounsfield(_facts("MR", value_range=(-1024.0, 3000.0)))


def test_a_sample_leaves_out_what_was_not_read_or_not_measured() -> None:
    values = np.full((1, 20, 8, 8), 100, np.int16)
    values[0, 5:] = 9999
    values[0, :5, 0, 0] = -2000
    read = np.zeros((1, 20), bool)
    read[0, :5] = True
    shown = replace(volume(values, padding=-2000.0), read=read)
    sample = presets.sampled(shown)
    assert np.nanmin(sample) == np.nanmax(sample) == 100
    assert np.isnan(sample[:, 0, 0]).all()


@pytest.mark.parametrize(
    ("folder", "wanted"),
    [
        ("chest_ct/Lung_Dx-A0001_lung_5mm", LUNG),
        # Its series is called "LUNG BASES 5MM" and its kernel LUNG.
        ("pancreas/CPTAC-PDA_C3L-00189_ct_5mm", SOFT_TISSUE),
    ],
)
def test_real_ct_opens_in_the_window_of_what_it_shows(shared, folder, wanted) -> None:
    import pydicom

    paths = sorted(shared(f"data/radiology/{folder}").glob("*.dcm"))[::5]
    slices = [pydicom.dcmread(path) for path in paths]
    slices.sort(key=lambda each: float(each.ImagePositionPatient[2]))
    values = np.stack(
        [each.pixel_array * float(each.RescaleSlope) + each.RescaleIntercept for each in slices]
    )
    shown = volume(values.astype(np.int16), Grid(values.shape[::-1], (0.85, 0.85, 25.0)))
    origin = Origin(series_description=slices[0].SeriesDescription)
    assert first_window(shown.facts, origin, presets.sampled(shown)) == wanted
