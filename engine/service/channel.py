"""The engine's two streams: its own stdout for messages alone, its stdin line by line."""

import contextlib
import os
import sys
import threading
from collections.abc import Iterator

from engine.service.messages import FromEngine, ToEngine, decode_to_engine, encode


class Channel:
    """Sends and receives messages, one a line.

    From its making on, file descriptor 1 is the log: a library that prints cannot break the
    stream.
    """

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)
        self._lock = threading.Lock()

    def send(self, message: FromEngine) -> None:
        """Write one line and flush it; from any thread."""
        # A window that is gone is noticed at the end of stdin, not here.
        with self._lock, contextlib.suppress(BrokenPipeError):
            self._out.write(encode(message))
            self._out.flush()

    def messages(self) -> Iterator[ToEngine]:
        """All messages until the window closes its end.

        Raises ``msgspec.DecodeError`` on anything else.
        """
        for line in sys.stdin.buffer:
            yield decode_to_engine(line)
