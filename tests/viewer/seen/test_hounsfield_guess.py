"""Which files of no modality are shown in CT's windows."""

import pytest

from engine.pictures import Grid, VolumeFacts
from viewer.seen.presets import has_hounsfield


@pytest.mark.parametrize(
    ("low", "high", "fits"),
    [
        (-1024.0, 1207.0, True),
        (-1024.0, 30710.0, True),  # metal on an extended scale
        (-915.0, 45589.5, False),  # more than 16 bits of a CT hold
        (0.0, 1200.0, False),
    ],
)
def test_values_that_begin_at_airs_and_end_where_no_ct_does_are_none(
    low: float, high: float, fits: bool
) -> None:
    assert has_hounsfield(VolumeFacts(Grid((4, 4, 4)), value_range=(low, high))) is fits
