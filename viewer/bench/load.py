"""Loads series as a window does, for ``engine.bench.load``, which times it.

Run in a process of its own (``python -m viewer.bench.load``): for each folder on stdin, a line of
JSON, the one series in it is opened, mapped and every page of it touched; then a line comes back.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop

from engine.service.messages import Found, Part, SeriesFile, VolumeBegun, VolumeOpened
from viewer.client.engine import EngineClient

_PAGE = 4096
_ALL = 2**31


class Loader:
    """One folder after another through a client."""

    def __init__(self) -> None:
        self._client = EngineClient()
        self._loop = QEventLoop()
        self._folder = Path()
        self._turn = 0
        self._begin = 0.0
        self._told: dict[str, Any] = {}
        self._client.found.connect(self._open)
        self._client.volume_begun.connect(self._show)
        self._client.volume_opened.connect(self._touch)
        for signal in (self._client.refused, self._client.failed, self._client.too_much):
            signal.connect(self._give_up)
        self._client.ready.connect(self._loop.quit)
        self._client.start()
        self._loop.exec()

    def load(self, folder: Path) -> dict[str, Any]:
        """Open what the folder holds: the seconds until its first slice, or why there is none."""
        self._turn += 1
        self._told = {}
        self._folder = folder
        self._begin = time.perf_counter()
        self._client.find([folder])
        self._loop.exec()
        return self._told

    def close(self) -> None:
        """End the engine."""
        self._client.close()

    def _open(self, message: Found) -> None:
        entries = message.listing.entries
        if len(entries) != 1:
            self._end({"refused": f"The folder holds {len(entries)} series; one was expected."})
            return
        # All of it, each time in other words: the engine would hand out what it has kept.
        part = Part(1, (-self._turn, _ALL, 0, _ALL, 0, _ALL))
        self._client.open_volume(SeriesFile((str(self._folder),), entries[0].key), part)

    def _show(self, message: VolumeBegun) -> None:
        frame, z = message.read[0]
        self._client.mapped(message.file)[frame, z].max()
        self._told["first_slice"] = time.perf_counter() - self._begin

    def _touch(self, message: VolumeOpened) -> None:
        values = self._client.mapped(message.file)
        values.reshape(-1).view(np.uint8)[::_PAGE].max()
        # Volumes that are resampled have no slice before they are whole.
        self._told.setdefault("first_slice", time.perf_counter() - self._begin)
        self._client.release(message.file)
        self._end(self._told)

    def _give_up(self, message: Any) -> None:
        self._end({"refused": getattr(message, "why", "It was not read.")})

    def _end(self, told: dict[str, Any]) -> None:
        self._told = told
        self._loop.quit()


def main() -> None:
    """Serve stdin until it ends."""
    application = QCoreApplication([])
    loader = Loader()
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(loader.load(Path(json.loads(line))))}\n")
        sys.stdout.flush()
    loader.close()
    del application


if __name__ == "__main__":
    main()
