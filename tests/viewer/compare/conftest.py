"""The Compare tab on a photograph that was answered."""

from collections.abc import Iterator

import pytest
from compare_desk import CONTROL
from PySide6.QtCore import Qt
from truth_desk import give, panel
from window_desk import Desk


@pytest.fixture
def compare(desk: Desk) -> Iterator[Desk]:
    """The tab on top, pi taken over from the Read tab, omega being asked."""
    desk.open_and_answer()
    desk.press(Qt.Key.Key_3, CONTROL)
    yield desk


@pytest.fixture
def checked(compare: Desk) -> Desk:
    """The same with a check that was given."""
    compare.click(panel(compare).check_button)
    give(compare)
    return compare
