"""A pool of decoder processes: started when needed, kept, and replaced when they die."""

import contextlib
import math
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engine.errors import Refusal
from engine.service.crashes import Crashes, file_state
from engine.service.decoder import LONGEST, MEMORY
from engine.service.decoder_messages import (
    Advanced,
    Answer,
    Asked,
    Decode,
    Decoded,
    Faulty,
    Here,
    NotDecoded,
    Order,
    Reply,
    decode_reply,
    line,
)
from engine.service.lanes import Work

COMMAND = (sys.executable, "-P", "-m", "engine.service.decoder")
TRIES = 2
GRACE = 1.0
"""Seconds in which work that is no longer wanted may still end by itself: most does, and another
decoder takes as long to start. Less than the window's patience with a cancel."""
_TUNABLES = "GLIBC_TUNABLES"
KEPT = 64 * 2**20
"""Bytes of a picture up to which a decoder keeps its memory for the next one: 22 million pixels."""
_GOING = 0.5
"""Seconds that a killed process has to go; one that waits for a dead network drive does not."""


Advance = Callable[[int, int], None]
"""Is told of steps: how many are done, and of how many."""


def _say_nothing(_done: int, _total: int) -> None:
    pass


class DecoderError(Exception):
    """A decoder went wrong by our own fault; holds its report."""


class Overdue(Refusal):
    """A file took too long."""


class DiedError(Exception):
    """A decoder's process ended while it worked, or was ended because it took too long."""

    def __init__(self, overdue: bool) -> None:
        super().__init__()
        self.overdue = overdue


class DecoderPool:
    """Decodes files, as many at once as callers ask; ``crashes`` is where deadly ones are kept."""

    def __init__(
        self, crashes: Path, command: Sequence[str] = COMMAND, longest: float = LONGEST
    ) -> None:
        self._command = command
        self._longest = longest
        self._idle: list[_Decoder] = []
        self._all: set[_Decoder] = set()
        self._crashes = Crashes(crashes)
        self._lock = threading.Lock()
        self._warming = threading.Lock()
        self._closed = False
        # One thread for all: a decoder dies with the thread that started it (``limits``).
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="starter")

    def warm(self) -> None:
        """Start a decoder for the first file to come, which waits for it meanwhile."""
        with self._warming:
            self._give_back(self._start(MEMORY))

    def decode(self, path: Path, output: Path, work: Work) -> Decoded:
        """Decode the photograph ``path`` into ``output``. Raises as ``ask`` does."""
        try:
            decoded = self.ask(Decode(str(path), str(output)), path, work)
        except BaseException:
            output.unlink(missing_ok=True)
            raise
        assert isinstance(decoded, Decoded)
        return decoded

    def ask(
        self,
        asked: Asked,
        path: Path,
        work: Work,
        *,
        seconds: float | None = None,
        memory: int = MEMORY,
        advance: Advance = _say_nothing,
    ) -> Answer:
        """Have something done with the file ``path`` alone; ``advance`` is told how far it is.

        A file that ends its decoder is tried once more, since memory or another program may have
        been the cause; after the second time it is named and not tried again.

        Raises ``Refusal``, ``Cancelled`` or ``DecoderError``.
        """
        seconds = seconds or self._longest
        state = file_state(path)
        while self._crashes.of(state) < TRIES:
            try:
                return self.ask_once(asked, work, seconds=seconds, memory=memory, advance=advance)
            except DiedError as died:
                work.check()
                if died.overdue:
                    raise _overdue(path, seconds) from None
                self._crashes.add(state)
        raise _deadly(path)

    def ask_once(
        self,
        asked: Asked,
        work: Work,
        *,
        seconds: float | None = None,
        memory: int = MEMORY,
        advance: Advance = _say_nothing,
    ) -> Answer:
        """Have something done with many files; nobody is blamed if the decoder dies of it.

        Raises ``DiedError``, ``Refusal``, ``Cancelled`` or ``DecoderError``.
        """
        seconds = seconds or self._longest
        decoder = self._take(memory)
        watch = _Watch(decoder)
        watch.allow(seconds)
        try:
            with work.interrupted_by(lambda: watch.allow(GRACE)):
                reply = decoder.do(Order(asked, math.ceil(seconds)), advance)
        finally:
            watch.end()
            self._give_back(decoder)
        work.check()
        match reply:
            case None:
                raise DiedError(watch.overdue)
            case NotDecoded(what=what, why=why, advice=advice):
                raise Refusal(what, why, advice)
            case Faulty(report=report):
                raise DecoderError(report)
            case Here() | Advanced():
                raise DecoderError("The decoder's process greeted twice.")
            case _:
                return reply

    def is_deadly(self, path: Path) -> bool:
        """Whether the file has ended its decoder too often to be tried again."""
        return self._crashes.any and self._crashes.of(file_state(path)) >= TRIES

    def end_larger(self) -> None:
        """End idle decoders that were given more memory than a photograph needs."""
        with self._lock:
            larger = [decoder for decoder in self._idle if decoder.memory > MEMORY]
            self._idle = [decoder for decoder in self._idle if decoder.memory <= MEMORY]
            self._all.difference_update(larger)
        for decoder in larger:
            decoder.kill()

    def close(self) -> None:
        """End all decoders."""
        with self._lock:
            self._closed = True
            decoders = tuple(self._all)
        for decoder in decoders:
            decoder.kill()

    def _take(self, memory: int) -> "_Decoder":
        with self._warming, self._lock:
            for decoder in reversed(self._idle):
                if decoder.memory == memory:
                    self._idle.remove(decoder)
                    if decoder.runs():
                        return decoder
                    self._all.discard(decoder)
        return self._start(memory)

    def _start(self, memory: int) -> "_Decoder":
        command = [*self._command, str(os.getpid()), str(memory)]
        decoder = _Decoder(self._starter.submit(_begin, command).result(), memory)
        with self._lock:
            self._all.add(decoder)
            closed = self._closed
        if closed:
            decoder.kill()
        return decoder

    def _give_back(self, decoder: "_Decoder") -> None:
        with self._lock:
            if decoder.alive:
                self._idle.append(decoder)
            else:
                self._all.discard(decoder)


class _Watch:
    """Ends a decoder that works too long, and never one that has gone on to other work."""

    def __init__(self, decoder: "_Decoder") -> None:
        self._decoder = decoder
        self._timers: list[threading.Timer] = []
        self._ended = False
        self._lock = threading.Lock()
        self.overdue = False

    def allow(self, seconds: float) -> None:
        """No longer than this from now on."""
        with self._lock:
            if not self._ended:
                timer = threading.Timer(seconds, self._stop)
                timer.daemon = True
                timer.start()
                self._timers.append(timer)

    def end(self) -> None:
        """The work is done."""
        with self._lock:
            self._ended = True
        for timer in self._timers:
            timer.cancel()

    def _stop(self) -> None:
        with self._lock:
            if not self._ended:
                self.overdue = True
                self._decoder.kill()


class _Decoder:
    """One decoder's process, with ``memory`` bytes of address space."""

    def __init__(self, process: "subprocess.Popen[bytes]", memory: int) -> None:
        self.memory = memory
        self._process = process
        self.alive = True
        if not isinstance(self._reply_or_none(), Here):
            self.kill()
            raise DecoderError("The decoder's process could not be started.")

    def runs(self) -> bool:
        """Whether the process is there; the system may have ended it while it was idle."""
        return self._process.poll() is None

    def do(self, order: Order, advance: Advance) -> Reply | None:
        """Wait for the reply; None if the process ended meanwhile."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line(order))
            self._process.stdin.flush()
            while isinstance(reply := self._reply_or_none(), Advanced):
                advance(reply.done, reply.total)
        except OSError:
            reply = None
        if reply is None:
            self.kill()
        return reply

    def kill(self) -> None:
        """End it, from any thread."""
        self.alive = False
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_GOING)

    def _reply_or_none(self) -> Reply | None:
        assert self._process.stdout is not None
        answer = self._process.stdout.readline()
        return decode_reply(answer) if answer.endswith(b"\n") else None


def _begin(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    # Its stderr goes nowhere: a library that complains may quote the file, and the log must not
    # hold patient data. Its own faults come as a message.
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OMP_NUM_THREADS": "1", _TUNABLES: _tunables()},
    )


def _tunables() -> str:
    """What the C library is told of memory, and behind it what it is told already.

    A photograph's pixels lie in thousands of small pages, and to be handed those takes nearly as
    long as to decode it: they may come in large ones, and those of a usual camera are kept for the
    next. Other systems do not look at it. Of two words on one thing, the later counts.
    """
    kept = (f"glibc.malloc.mmap_threshold={KEPT}", f"glibc.malloc.trim_threshold={2 * KEPT}")
    return ":".join(filter(None, ("glibc.malloc.hugetlb=1", *kept, os.environ.get(_TUNABLES))))


def _overdue(path: Path, seconds: float) -> Overdue:
    return Overdue(
        f"“{path.name}” was not read.",
        f"It took longer than {seconds:.0f} seconds and was stopped.",
        "If it lies on a network drive, copy it to this computer and open it again.",
    )


def _deadly(path: Path) -> Refusal:
    return Refusal(
        f"“{path.name}” cannot be read.",
        f"Reading it has crashed the decoder {TRIES} times, so it is not tried again until "
        "LesionLens is started anew.",
        "Copy the file again from its source, or save it anew with the program it came from.",
    )
