"""The session's folder may go under the window, and the next engine has one all the same."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from viewer.client.arrays import Arrays


def test_a_cache_that_was_cleared_is_begun_anew_with_the_next_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.folders.cache", lambda: tmp_path / "cache")
    arrays = Arrays()
    shown = arrays.folder / "shown.npy"
    np.save(shown, np.arange(3))
    arrays.hold(str(shown))
    values = arrays.mapped(str(shown))
    shutil.rmtree(tmp_path / "cache", ignore_errors=True)
    arrays.outlive_engine()
    assert arrays.folder.is_dir()
    assert list(values) == [0, 1, 2]
    arrays.release(str(shown))
    arrays.close()
    assert not any(path.is_dir() for path in (tmp_path / "cache").rglob("*/*"))
