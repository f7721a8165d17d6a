"""A window with a pack for retinopathy and one for stages."""

import pytest
from stage_desk import STAGES
from window_desk import FIRST, Desk


@pytest.fixture
def staged(early_desk: Desk) -> Desk:
    """A window with both packs, without a rail and without what is far."""
    early_desk.window.preferences.change(rail=False)
    early_desk.window.presenter.ahead._quiet.setInterval(1_000_000)
    early_desk.engine.get_ready(FIRST, STAGES)
    return early_desk
