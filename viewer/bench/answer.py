"""Opens photographs and asks about them as a window does, for ``engine.bench.answer``.

Run in a process of its own (``python -m viewer.bench.answer``): for each line of JSON on stdin, a
photograph's path, a pack's folder and a criterion, the photograph is opened and asked about, and
its heatmap laid on its own grid; then a line comes back.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEventLoop

from engine.answers import Criterion
from engine.service.messages import Answered, Opened, PictureFile
from viewer.client.engine import EngineClient

_PANE = "photograph"


class Asker:
    """One photograph after another through a client."""

    def __init__(self) -> None:
        self._client = EngineClient()
        self._loop = QEventLoop()
        self._path = Path()
        self._pack = ""
        self._criterion = Criterion.PI
        self._shape = (0, 0)
        self._begin = 0.0
        self._told: dict[str, Any] = {}
        self._client.opened.connect(self._ask)
        self._client.answered.connect(self._place)
        for signal in (self._client.refused, self._client.failed, self._client.gone):
            signal.connect(self._give_up)
        self._client.ready.connect(self._loop.quit)
        self._client.start()
        self._loop.exec()

    def answer(self, path: Path, pack: str, criterion: Criterion) -> dict[str, Any]:
        """Seconds until pixels, answer and placed heatmap were there, or why there is none."""
        self._path, self._pack, self._criterion = path, pack, criterion
        self._told = {}
        self._begin = time.perf_counter()
        self._client.open(path)
        self._loop.exec()
        return self._told

    def close(self) -> None:
        """End the engine."""
        self._client.close()

    def _ask(self, message: Opened) -> None:
        pixels = self._client.mapped(message.file)
        self._shape = pixels.shape[0], pixels.shape[1]
        self._tell("shown")
        self._client.ask(
            pane=_PANE,
            picture=PictureFile(str(self._path), message.content_hash),
            pack=self._pack,
            criterion=self._criterion,
            device="processor",
        )
        self._client.release(message.file)

    def _place(self, message: Answered) -> None:
        self._tell("answered")
        if message.heatmap is None:
            reasons = " ".join(reason.why for reason in message.answer.reasons)
            self._end({"refused": f"The drawn eye was not answered. {reasons}"})
            return
        values = self._client.mapped(message.heatmap.file)
        message.heatmap.heatmap(values, self._shape).on_picture()
        self._tell("placed")
        self._client.release(message.heatmap.file)
        self._loop.quit()

    def _tell(self, step: str) -> None:
        self._told[step] = time.perf_counter() - self._begin

    def _give_up(self, message: Any) -> None:
        self._end({"refused": getattr(message, "why", "The engine failed.")})

    def _end(self, told: dict[str, Any]) -> None:
        self._told = told
        self._loop.quit()


def main() -> None:
    """Serve stdin until it ends."""
    application = QCoreApplication([])
    asker = Asker()
    for line in sys.stdin:
        path, pack, criterion = json.loads(line)
        told = asker.answer(Path(path), pack, Criterion(criterion))
        sys.stdout.write(f"{json.dumps(told)}\n")
        sys.stdout.flush()
    asker.close()
    del application


if __name__ == "__main__":
    main()
