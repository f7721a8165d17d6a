"""The engine's process as seen from the window: start, ask, cancel, restart, mapped arrays."""

from collections.abc import Sequence
from enum import Enum, auto
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.answers import Criterion, RetinopathyAnswer
from engine.service.messages import Look, MapFile, PictureFile


class EngineState(Enum):
    """What the engine's process is doing, as the chip in the top bar tells."""

    STARTING = auto()
    READY = auto()
    STOPPING = auto()
    RESTARTED = auto()
    OFF = auto()


class EngineClient(QObject):
    """Starts the engine, asks it, and goes on when it dies.

    Every request returns a number at once; exactly one of ``opened``, ``answered``, ``drawn``,
    ``packs_changed``, ``refused``, ``failed`` or ``gone`` with that number as ``id`` follows, never
    before the call has returned. Each signal carries the message struct.
    """

    state_changed = Signal(object, str)
    """EngineState, and the chip's words."""
    restarted = Signal(str)
    """Why the engine was started anew and what was asked again, in one line for a row."""
    ready = Signal(object)
    progressed = Signal(object)
    opened = Signal(object)
    answered = Signal(object)
    drawn = Signal(object)
    packs_changed = Signal(object)
    refused = Signal(object)
    failed = Signal(object)
    gone = Signal(object)

    def __init__(
        self, parent: QObject | None = None, *, command: Sequence[str] | None = None
    ) -> None:
        super().__init__(parent)
        self._command = command

    def start(self) -> None:
        """Start the engine; returns at once."""
        raise NotImplementedError

    def open(self, path: Path) -> int:
        """Decode a picture; ``opened`` names the array of its pixels."""
        raise NotImplementedError

    def ask(
        self, *, pane: str, picture: PictureFile, pack: str, criterion: Criterion, device: str
    ) -> int:
        """Ask for referable retinopathy; a newer question of the same pane replaces an older."""
        raise NotImplementedError

    def draw(
        self,
        *,
        picture: PictureFile,
        answer: RetinopathyAnswer | None,
        heatmap: MapFile | None,
        look: Look,
        to: Path,
    ) -> int:
        """Write the annotated picture as a PNG."""
        raise NotImplementedError

    def install_pack(self, path: Path) -> int:
        """Check a pack and copy it into the user's pack folder."""
        raise NotImplementedError

    def cancel(self, request: int) -> None:
        """Stop a request: over within three seconds, if need be by starting the engine anew."""
        raise NotImplementedError

    def mapped(self, file: str) -> NDArray[Any]:
        """The array of a message, mapped read-only."""
        array: NDArray[Any] = np.load(file, mmap_mode="r", allow_pickle=False)
        return array

    def release(self, file: str) -> None:
        """The array is no longer shown; its file may go."""
        raise NotImplementedError

    def close(self) -> None:
        """End the engine; no process is left behind."""
        raise NotImplementedError
