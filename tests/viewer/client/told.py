"""What a client under test was told, and how it is waited for."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.answers import Criterion
from engine.service.messages import PictureFile
from viewer.client.engine import EngineClient, EngineState

FAKE = Path(__file__).parents[2] / "engine" / "service" / "fake_engine.py"
LAST = (
    "opened",
    "answered",
    "answered_together",
    "truth_checked",
    "drawn",
    "packs_changed",
    "found",
    "eyes_found",
    "volume_opened",
    "too_much",
    "thumbnail",
    "refused",
    "failed",
    "gone",
)
LONG = 20_000


class Told:
    """All that a client's signals have said."""

    def __init__(self, client: EngineClient, qtbot: Any) -> None:
        self.client = client
        self._qtbot = qtbot
        self.last_words: list[Any] = []
        self.progress: list[Any] = []
        self.begun_volumes: list[Any] = []
        self.slices: list[Any] = []
        self.states: list[tuple[EngineState, str]] = []
        self.restarts: list[str] = []
        self.settled: list[int] = []
        """How many last words there were each time."""
        for name in LAST:
            getattr(client, name).connect(self.last_words.append)
        client.progressed.connect(self.progress.append)
        client.volume_begun.connect(self.begun_volumes.append)
        client.slices_read.connect(self.slices.append)
        client.state_changed.connect(lambda state, words: self.states.append((state, words)))
        client.restarted.connect(self.restarts.append)
        client.settled.connect(lambda: self.settled.append(len(self.last_words)))

    def until(self, holds: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(holds()), timeout=LONG)

    def last_word(self, number: int) -> Any:
        self.until(lambda: any(word.id == number for word in self.last_words))
        (word,) = [word for word in self.last_words if word.id == number]
        return word

    def begun(self, number: int, what: str) -> None:
        self.until(lambda: any((p.id, p.what) == (number, what) for p in self.progress))

    def ready(self) -> None:
        self.until(lambda: self.states and self.states[-1][0] is EngineState.READY)


def kill(told: Told) -> None:
    os.kill(told.client.process_number, signal.SIGKILL)


def name(word: Any) -> str:
    return type(word).__name__


def ask(
    told: Told,
    photo: Path,
    pack: str,
    pane: str = "one",
    device: str = "automatic",
    *,
    ahead: bool = False,
) -> int:
    return told.client.ask(
        pane=pane,
        picture=PictureFile(str(photo)),
        pack=pack,
        criterion=Criterion.PI,
        device=device,
        ahead=ahead,
    )
