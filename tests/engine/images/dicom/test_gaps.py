"""How slices at given depths are parted, counted and spaced."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.images.dicom.gaps import Run, runs


def _runs(*depths: float, thicknesses: list[float | None] | None = None) -> tuple[Run, ...]:
    return runs(depths, thicknesses or [None] * len(depths))


def test_even_slices_are_one_run_at_their_measured_distance() -> None:
    (run,) = _runs(-10, -7.5, -5, -2.5)
    assert (run.places, run.step, run.count) == ((0, 1, 2, 3), 2.5, 4)
    assert not run.missing
    assert not run.loose
    assert not run.interpolated


def test_one_slice_has_no_distance() -> None:
    assert _runs(3.0) == (Run(0, 1),)


def test_slices_that_are_missing_are_found_by_a_gap_of_several_distances() -> None:
    (run,) = _runs(0, 1, 2, 4, 5, 8)
    assert run.missing == (3, 6, 7)
    assert (run.step, run.count) == (1, 9)


def test_of_two_gaps_the_smaller_one_is_the_usual_one() -> None:
    (run,) = _runs(0, 2, 3)
    assert run.missing == (1,)


def test_few_missing_slices_make_gaps_of_several_smallest_ones() -> None:
    (run,) = _runs(0, 1, 3, 5)
    assert run.missing == (2, 4)


def test_a_block_is_counted_in_the_distance_of_the_whole_series() -> None:
    block, rest = _runs(0, 1, 4, 6, 11, 12, 13)
    assert block.missing == (2, 3, 5)
    assert rest.count == 3


def test_a_small_drift_adds_up_to_the_right_distance() -> None:
    depths = np.arange(200) * 1.004
    (run,) = _runs(*depths)
    assert run.step == pytest.approx(1.004)
    assert run.count == 200


def test_positions_rounded_to_two_decimals_are_even() -> None:
    (run,) = _runs(*(round(0.625 * z, 2) for z in range(50)))
    assert not run.loose
    assert run.count == 50


def test_positions_rounded_to_one_decimal_stay_as_they_are_and_are_said() -> None:
    (run,) = _runs(*(round(1.25 * z + 1e-6, 1) for z in range(50)))
    assert run.loose
    assert not run.interpolated
    assert run.astray == pytest.approx(0.05, abs=0.01)


def test_slices_that_alternate_are_interpolated_at_their_mean_distance() -> None:
    (run,) = _runs(0, 0.9, 2, 2.9, 4)
    assert run.interpolated
    assert (run.step, run.count) == (1, 5)
    assert run.gaps == pytest.approx((0.9, 1.1))


def test_where_gaps_double_none_of_the_close_slices_is_lost() -> None:
    depths = [*np.arange(0, 20, 2.5), *np.arange(20, 101, 5)]
    (run,) = _runs(*depths)
    assert run.interpolated
    assert (run.step, run.count) == (2.5, 41)
    assert set(run.places) <= set(range(41))


def test_gaps_among_thicker_slices_are_meant_and_not_missing() -> None:
    depths = [*np.arange(0, 50, 2.5), *np.arange(50, 71, 5)]
    thicknesses: list[float | None] = [2.5] * 20 + [5.0] * 5
    (unknown,) = _runs(*depths)
    assert len(unknown.missing) == 4
    (run,) = _runs(*depths, thicknesses=thicknesses)
    assert run.interpolated
    assert not run.missing


def test_a_slice_is_missing_among_slices_of_one_thickness() -> None:
    (run,) = _runs(0, 5, 10, 20, thicknesses=[5.0, 5.0, 5.0, 5.0])
    assert run.missing == (3,)


def test_a_wide_gap_parts_two_regions() -> None:
    # As in a knee and an ankle of one series: 1.25 mm, 82.5 mm of nothing, 1.25 mm.
    depths = [*np.arange(12) * 1.25, *(97.5 + np.arange(10) * 1.25)]
    knee, ankle = _runs(*depths)
    assert (knee.start, knee.stop, knee.count) == (0, 12, 12)
    assert (ankle.start, ankle.stop, ankle.count) == (12, 22, 10)
    assert knee.step == ankle.step == 1.25


def test_drawn_areas_may_lie_far_apart() -> None:
    (run,) = runs([0, 1, 100], [None] * 3, sparse=True)
    assert run.count == 101


def test_a_quarter_of_the_slices_may_be_missing_in_a_row() -> None:
    assert len(_runs(*range(60), *range(80, 100))) == 1
    assert len(_runs(*range(60), *range(90, 100))) == 2


def test_blanks_never_outgrow_the_slices_by_far() -> None:
    depths = [20.0 * pair + z for pair in range(200) for z in (0, 1)]
    found = runs(depths, [None] * len(depths))
    assert sum(run.count for run in found) <= 4 * len(depths)
    far = runs([0, 1, 1e9], [None] * 3, sparse=True)
    assert sum(run.count for run in far) == 3


def test_slices_of_a_microscope_are_as_even_as_those_of_a_scanner() -> None:
    (run,) = _runs(*(np.arange(100) * 0.006))
    assert (run.count, run.interpolated, run.loose) == (100, False, False)


@given(
    st.floats(0.05, 20),
    st.lists(st.booleans(), min_size=3, max_size=60),
    st.floats(-500, 500),
)
def test_every_slice_lies_at_its_place_whatever_is_missing(
    step: float, there: list[bool], first: float
) -> None:
    places = np.flatnonzero(there)
    assume(len(places) > 0 and 2 * (np.diff(places) == 1).sum() >= len(places) - 1)
    depths = (first + step * places).tolist()
    found = runs(depths, [None] * len(depths))
    assert [run.start for run in found[1:]] == [run.stop for run in found[:-1]]
    assert (found[0].start, found[-1].stop) == (0, len(depths))
    for run in found:
        assert not run.interpolated
        own = np.array(depths[run.start : run.stop])
        assert own == pytest.approx(own[0] + np.array(run.places) * (run.step or 0), abs=1e-6)


@given(st.lists(st.floats(0.5, 30), min_size=1, max_size=40))
def test_no_slice_is_ever_further_from_its_place_than_is_said(gaps: list[float]) -> None:
    depths = np.cumsum([0.0, *gaps])
    for run in runs(depths.tolist(), [None] * len(depths)):
        own = depths[run.start : run.stop] - depths[run.start]
        off = np.abs(own - np.array(run.places) * (run.step or 0)).max()
        assert off <= max(run.astray, 0.0) + 1e-9
        assert run.count <= 2 * len(own) + max(3, len(depths) // 4) * len(own)
