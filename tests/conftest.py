"""Fixtures that all tests share."""

from collections.abc import Callable
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """Find reference data beside the checkout, or skip with a sentence."""

    def find(name: str) -> Path:
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"Reference data are not beside this checkout: {name}")
        return path

    return find


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give all windows to one worker: they share a screen, where one at a time is active."""
    windows = Path(__file__).parent / "viewer"
    for item in items:
        if item.path.is_relative_to(windows):
            item.add_marker(pytest.mark.xdist_group("windows"))
