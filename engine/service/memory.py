"""How much room there is for a volume: memory, and disk where arrays lie, as the system tells."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

SPARE = 2**29
"""Bytes that are left to the window, to the network and to other programs."""


@dataclass(frozen=True)
class Room:
    """Bytes that there are, less than 0 where even ``SPARE`` is not free.

    ``of_disk`` tells that the disk has no more, else it is the memory.
    """

    size: int
    of_disk: bool


def room(folder: Path) -> Room:
    """What a volume in ``folder`` may take: it lies on its disk, and in memory when shown."""
    memory, disk = available(), shutil.disk_usage(folder).free
    return Room(min(memory, disk) - SPARE, disk < memory)


def available() -> int:
    """Bytes of memory that can be taken without pushing out what other programs use.

    Where the system has no such figure (macOS): half of all memory.
    """
    if sys.platform == "win32":
        return _available_on_windows()
    if sys.platform == "linux":
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            name, _, kilobytes = line.partition(":")
            if name == "MemAvailable":
                return int(kilobytes.split()[0]) * 1024
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2


if sys.platform == "win32":
    import ctypes

    class _MemoryStatus(ctypes.Structure):
        """MEMORYSTATUSEX of sysinfoapi.h."""

        _fields_ = (
            ("length", ctypes.c_uint32),
            ("load", ctypes.c_uint32),
            ("total", ctypes.c_uint64),
            ("available", ctypes.c_uint64),
            ("total_page_file", ctypes.c_uint64),
            ("available_page_file", ctypes.c_uint64),
            ("total_virtual", ctypes.c_uint64),
            ("available_virtual", ctypes.c_uint64),
            ("available_extended", ctypes.c_uint64),
        )

    def _available_on_windows() -> int:
        status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
        ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
        return int(status.available)
