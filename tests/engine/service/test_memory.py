"""How much room the system says there is."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from engine.service import memory


def test_what_is_available_is_a_part_of_what_is_built_in() -> None:
    built_in = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert 0 < memory.available() < built_in


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells it so.")
def test_the_figure_is_the_kernel_s(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "MemTotal:       24000000 kB\nMemFree: 11 kB\nMemAvailable:    3000000 kB\n"
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: said)
    assert memory.available() == 3_000_000 * 1024


def test_the_smaller_of_memory_and_disk_counts_and_some_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 3 * 2**30})
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    monkeypatch.setattr(memory, "available", lambda: 5 * 2**30)
    assert memory.room(tmp_path) == memory.Room(3 * 2**30 - memory.SPARE, of_disk=True)
    monkeypatch.setattr(memory, "available", lambda: 2**30)
    assert memory.room(tmp_path) == memory.Room(2**30 - memory.SPARE, of_disk=False)
