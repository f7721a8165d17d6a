"""Windows under test: no screen needed, and never the user's own folders."""

import os
import sys
from pathlib import Path

import pytest
from region_desk import listed
from window_desk import desk, early_desk

__all__ = ["desk", "early_desk", "listed"]

if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def cache_folder(own_home: Path) -> Path:
    """The cache folder of this test alone; settings, packs and logs lie beside it."""
    from engine import folders

    return folders.made(folders.cache())
