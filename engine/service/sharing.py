"""Work on many files is shared among decoders in chunks, and what goes wrong is put down to a file.

The first chunks are small, so that something comes soon. Where a decoder dies of a chunk, its
items are tried one by one.
"""

import os
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from pathlib import Path
from typing import Generic, TypeVar

from engine.errors import Refusal
from engine.service.decoder import MEMORY
from engine.service.decoder_messages import Answer, Asked
from engine.service.decoders import DecoderPool, DiedError, Overdue
from engine.service.lanes import Work

Item = TypeVar("Item")
Reply = TypeVar("Reply")

CHUNK_SECONDS = 0.1
"""How long a chunk should take: long against a message, short against a person's patience."""
MOST = 8
"""Decoders at work for one request. Decided: each takes some 100 MB, and disks keep up no more."""
LARGEST = 64
"""Items in a chunk."""
SECONDS = 20.0
"""How long a chunk may take until one of its files is suspected, and how long each alone."""
PATIENCE = 3
"""So many files may take too long until the others are not tried."""


class Sharing(ABC, Generic[Item, Reply]):
    """One piece of work for all decoders; ``share`` are the threads that ask them."""

    memory = MEMORY
    """Bytes of address space that a decoder needs for it."""

    def __init__(self, decoders: DecoderPool, share: Executor, work: Work) -> None:
        self._decoders = decoders
        self._share = share
        self._work = work
        self._workers = min(os.cpu_count() or 1, MOST)
        self._size = 1
        self._overdue: dict[Path, Overdue] = {}

    # ---- what it is about

    @abstractmethod
    def file_of(self, item: Item) -> Path:
        """The file that an item is read from."""

    @abstractmethod
    def asked(self, items: Sequence[Item]) -> Asked:
        """What a decoder is asked for."""

    @abstractmethod
    def reply_of(self, answer: Answer) -> Reply:
        """What a decoder has answered."""

    @abstractmethod
    def refused(self, item: Item, refusal: Refusal) -> Reply:
        """What stands in the place of an answer about one item."""

    def seconds(self, items: Sequence[Item]) -> float:  # noqa: ARG002  (for those who need more)
        """How long these items may take."""
        return SECONDS

    # ---- how it is shared

    def over(self, items: Sequence[Item]) -> Iterator[Reply]:
        """Yield replies as they come, each about one item or some, in about the items' order.

        Raises ``Cancelled``, ``DecoderError``, or ``Refusal`` where all goes wrong: the disk is
        full, or a drive does not answer. Nothing is at work any more then.
        """
        left = deque(items)
        running: set[Future[list[Reply]]] = set()
        try:
            while left or running:
                while left and len(running) < self._workers:
                    chunk = [left.popleft() for _ in range(self._next_size(len(left)))]
                    running.add(self._share.submit(self._timed, chunk))
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield from future.result()
        finally:
            for future in running:
                future.cancel()
            wait(running)

    def _next_size(self, left: int) -> int:
        # The last chunks are small, so that all end together.
        fair = -(-left // (2 * self._workers))
        return min(self._size, fair, LARGEST)

    def _timed(self, chunk: Sequence[Item]) -> list[Reply]:
        begin = time.monotonic()
        replies = self._chunk(chunk)
        fitting = len(chunk) * CHUNK_SECONDS / max(time.monotonic() - begin, 1e-6)
        self._size = max(1, min(int(fitting), 4 * len(chunk)))
        return replies

    def _chunk(self, chunk: Sequence[Item]) -> list[Reply]:
        if len(chunk) > 1 and not any(self._is_suspect(self.file_of(item)) for item in chunk):
            try:
                answer = self._decoders.ask_once(
                    self.asked(chunk), self._work, seconds=self.seconds(chunk), memory=self.memory
                )
                return [self.reply_of(answer)]
            except DiedError:
                self._work.check()
        return [self._alone(item) for item in chunk]

    def _is_suspect(self, file: Path) -> bool:
        return file in self._overdue or self._decoders.is_deadly(file)

    def _alone(self, item: Item) -> Reply:
        file = self.file_of(item)
        self._lose_patience()
        if (overdue := self._overdue.get(file)) is not None:
            return self.refused(item, overdue)
        asked, seconds = self.asked([item]), self.seconds([item])
        try:
            answer = self._decoders.ask(
                asked, file, self._work, seconds=seconds, memory=self.memory
            )
        except Overdue as late:
            self._overdue[file] = late
            self._lose_patience()
            return self.refused(item, late)
        except Refusal as refusal:
            return self.refused(item, refusal)
        return self.reply_of(answer)

    def _lose_patience(self) -> None:
        if len(self._overdue) >= PATIENCE:
            raise Refusal(
                "These files cannot be read.",
                f"{PATIENCE} of them took too long and were stopped; the others were not tried.",
                next(iter(self._overdue.values())).advice,
            )
