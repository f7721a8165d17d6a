"""A patient's visits in a window."""

import pytest
from visits_desk import STAGES, Visits
from window_desk import FIRST, Desk


@pytest.fixture
def visits(desk: Desk) -> Visits:
    """Four visits of both eyes, the last one's right eye on the screen."""
    made = Visits(desk)
    made.packs = (FIRST, STAGES)
    return made
