"""Much work of one kind is shared among decoders in chunks, the first of them small."""

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import Generic, TypeVar

Item = TypeVar("Item")
Reply = TypeVar("Reply")

CHUNK_SECONDS = 0.05
"""How long a chunk should take: long against a message, short against a person's patience."""

LARGEST = 64


class Sharing(Generic[Item, Reply]):
    """Has ``ask`` answer items in their order, chunk by chunk, on as many threads as cores.

    One more chunk waits than is worked on, so that no decoder has to.
    """

    def __init__(self, threads: Executor, ask: Callable[[Sequence[Item]], Reply]) -> None:
        self._threads = threads
        self._ask = ask
        self._workers = os.cpu_count() or 1
        self._size = 1

    def over(self, items: Sequence[Item]) -> Iterator[Reply]:
        """Yield the answers as they come. What ``ask`` raises ends it, once no chunk is at work."""
        left = deque(items)
        running: set[Future[Reply]] = set()
        try:
            while left or running:
                while left and len(running) <= self._workers:
                    chunk = tuple(left.popleft() for _ in range(self._next(len(left))))
                    running.add(self._threads.submit(self._timed, chunk))
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for answer in done:
                    yield answer.result()
        finally:
            for chunk_at_work in running:
                chunk_at_work.cancel()
            wait(running)

    def _next(self, left: int) -> int:
        # The last chunks are small, so that all end together.
        fair = -(-left // (2 * self._workers))
        return min(self._size, fair, LARGEST)

    def _timed(self, chunk: Sequence[Item]) -> Reply:
        begin = time.monotonic()
        answer = self._ask(chunk)
        fitting = len(chunk) * CHUNK_SECONDS / max(time.monotonic() - begin, 1e-6)
        self._size = max(1, min(int(fitting), 4 * len(chunk)))
        return answer
