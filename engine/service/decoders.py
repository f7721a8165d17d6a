"""A pool of decoder processes: started when needed, kept, and replaced when they die."""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from engine.errors import Refusal
from engine.service.crashes import Crashes, file_state
from engine.service.decoder import (
    LONGEST,
    Decode,
    Decoded,
    Faulty,
    Here,
    NotDecoded,
    Reply,
    decode_reply,
    line,
)
from engine.service.lanes import Work

COMMAND = (sys.executable, "-P", "-m", "engine.service.decoder")
TRIES = 2


class DecoderError(Exception):
    """A decoder went wrong by our own fault; holds its report."""


class _DiedError(Exception):
    """A decoder's process ended while it read a file."""


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

    def warm(self) -> None:
        """Start a decoder for the first file to come, which waits for it meanwhile."""
        with self._warming:
            self._give_back(self._start())

    def decode(self, path: Path, output: Path, work: Work) -> Decoded:
        """Decode ``path`` into ``output``. Raises ``Refusal``, ``Cancelled`` or ``DecoderError``.

        A file that ends its decoder is tried once more, since memory or another program may have
        been the cause; after the second time it is named and not tried again.
        """
        state = file_state(path)
        while self._crashes.of(state) < TRIES:
            try:
                reply = self._decode_once(path, output, work)
            except _DiedError:
                output.unlink(missing_ok=True)
                work.check()
                self._crashes.add(state)
                continue
            except BaseException:
                output.unlink(missing_ok=True)
                raise
            if isinstance(reply, Decoded):
                return reply
            output.unlink(missing_ok=True)
            if isinstance(reply, NotDecoded):
                raise Refusal(reply.what, reply.why, reply.advice)
            assert isinstance(reply, Faulty)
            raise DecoderError(reply.report)
        raise Refusal(
            f"“{path.name}” cannot be read.",
            f"Reading it has crashed the decoder {TRIES} times, so it is not tried again until "
            "LesionLens is started anew.",
            "Copy the file again from its source, or save it anew with the program it came from.",
        )

    def close(self) -> None:
        """End all decoders."""
        with self._lock:
            self._closed = True
            decoders = tuple(self._all)
        for decoder in decoders:
            decoder.kill()

    def _decode_once(self, path: Path, output: Path, work: Work) -> Reply:
        decoder = self._take()
        overdue = threading.Event()

        def stop() -> None:
            overdue.set()
            decoder.kill()

        timer = threading.Timer(self._longest, stop)
        timer.daemon = True
        timer.start()
        try:
            with work.interrupted_by(decoder.kill):
                reply = decoder.decode(Decode(str(path), str(output)))
        except _DiedError:
            if overdue.is_set():
                raise Refusal(
                    f"“{path.name}” was not read.",
                    f"It took longer than {self._longest:.0f} seconds and was stopped.",
                    "If it lies on a network drive, copy it to this computer and open it again.",
                ) from None
            raise
        finally:
            timer.cancel()
            self._give_back(decoder)
        return reply

    def _take(self) -> "_Decoder":
        with self._warming, self._lock:
            while self._idle:
                if (decoder := self._idle.pop()).runs():
                    return decoder
                self._all.discard(decoder)
        return self._start()

    def _start(self) -> "_Decoder":
        decoder = _Decoder(self._command)
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


class _Decoder:
    """One decoder's process."""

    def __init__(self, command: Sequence[str]) -> None:
        # Its stderr goes nowhere: a library that complains may quote the file, and the log must
        # not hold patient data. Its own faults come as a message.
        self._process = subprocess.Popen(
            [*command, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        self.alive = True
        if not isinstance(self._reply_or_none(), Here):
            self.kill()
            raise DecoderError("The decoder's process could not be started.")

    def runs(self) -> bool:
        """Whether the process is there; the system may have ended it while it was idle."""
        return self._process.poll() is None

    def decode(self, request: Decode) -> Reply:
        """Wait for the reply. Raises ``_DiedError``."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line(request))
            self._process.stdin.flush()
        except OSError:
            self.kill()
            raise _DiedError from None
        reply = self._reply_or_none()
        if reply is None:
            self.kill()
            raise _DiedError
        return reply

    def kill(self) -> None:
        """End it, from any thread."""
        self.alive = False
        self._process.kill()
        self._process.wait()

    def _reply_or_none(self) -> Reply | None:
        assert self._process.stdout is not None
        answer = self._process.stdout.readline()
        return decode_reply(answer) if answer.endswith(b"\n") else None
