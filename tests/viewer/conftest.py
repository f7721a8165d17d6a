"""Windows under test: no screen needed, and never the user's own folders."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from window_desk import desk, early_desk

__all__ = ["desk", "early_desk"]

if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache folder of this test alone; settings, packs and logs lie beside it."""
    for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / "home" / kind.lower()))
    from engine import folders

    return folders.cache()


@pytest.fixture(autouse=True)
def collected_by_the_window() -> Iterator[None]:
    """As in the window: no worker's thread destroys a widget."""
    from viewer.garbage import collect_due

    gc.disable()
    yield
    collect_due()
