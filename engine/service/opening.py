"""A series becomes an array that the window maps, and shows while it is still being read."""

import logging
import math
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from engine.errors import Refusal
from engine.folders import is_full
from engine.images.content import PictureContent, blank_content, with_content
from engine.images.laid import nothing
from engine.images.plan import DicomPlan, FilePlan, files_of
from engine.images.straight import straightened
from engine.images.unread import Unread, with_unread
from engine.service.array_file import ArrayFile, create, disk_is_full, write_slice
from engine.service.decoder import LONGEST, MEMORY
from engine.service.decoder_messages import Mend, ReadFile, SlicesWritten, Straighten
from engine.service.decoders import DecoderPool
from engine.service.exchange import Exchange, VolumeFile
from engine.service.lanes import Work
from engine.service.messages import FromEngine, Progress, SlicesRead, VolumeBegun
from engine.service.reading import Reading
from engine.service.slices import SLOWEST, SliceReader, places_of

log = logging.getLogger(__name__)

PACE = 0.05
"""Seconds between two messages about slices: nobody sees more."""

Where = tuple[int, int]
"""(frame, z)."""

_GB = 2**30
_LITTLE = 2**27
"""Bytes of arrays that any decoder has room for."""


@dataclass(frozen=True)
class Means:
    """What volumes are read with; ``send`` tells the window, ``share`` are threads for decoders."""

    send: Callable[[FromEngine], None]
    exchange: Exchange
    decoders: DecoderPool
    share: Executor


def open_volume(reading: Reading, means: Means, work: Work) -> VolumeFile:
    """Read a volume, and lend its array to the window, once.

    Raises ``Refusal``, ``Cancelled`` or ``DecoderError``; then an array is left only where the
    window was told of it as begun.
    """
    volume = _Volume(reading, means, work)
    try:
        volume.read()
        volume.mend()
        volume.straighten()
        return volume.finish()
    except OSError as error:
        if is_full(error):
            what = "This series cannot be shown."
            raise disk_is_full(what, means.exchange.fresh()) from error
        raise
    finally:
        volume.tidy()
        means.decoders.end_larger()


class _Volume:
    """One volume on its way: the array that it is in now, and what is known of it so far."""

    def __init__(self, reading: Reading, means: Means, work: Work) -> None:
        self._reading = reading
        self._means = means
        self._work = work
        self._plan = reading.plan
        self._facts = reading.planned.facts
        self._blank = self._plan.blank if isinstance(self._plan, DicomPlan) else 0.0
        self._contents: dict[Where, PictureContent] = {}
        self._unread: list[Unread] = []
        self._arrays: list[ArrayFile] = []
        self._lent = ""

    # ---- the steps

    def read(self) -> None:
        """Read all pictures into the first array. Raises ``Refusal`` if none can be read."""
        array = self._create(self._reading.raw, self._plan.dtype)
        if isinstance(self._plan, FilePlan):
            self._fill("Reading the file", ReadFile(self._plan, self._reading.extent, array))
        else:
            self._read_slices(self._plan, array)

    def mend(self) -> None:
        """Lay the pictures on the grid of the facts, where they do not lie on it."""
        plan, shape = self._plan, self._reading.mended
        if shape is None or isinstance(plan, FilePlan):
            return
        raw, array = self._arrays[-1], self._create(shape, self._reading.laid)
        present = _without(plan, self._unread)
        planned = msgspec.structs.replace(self._reading.planned, plan=present)
        self._fill("Laying the slices on an even grid", Mend(planned, raw, array))
        self._blank = nothing(self._facts.colour)
        if self._unread:
            # Each is blank that a picture takes part in which could not be read.
            missing, refusal = self._facts.grid.missing, self._unread[0].refusal
            blank = [where for where in self._blank_ones(array) if where[1] not in missing]
            self._facts = with_unread(self._facts, [Unread(*each, refusal) for each in blank])

    def straighten(self) -> None:
        """Lay the volume along the patient's axes, where that is asked for."""
        target, shape = self._reading.target, self._reading.straight
        if target is None or shape is None:
            return
        raw, array = self._arrays[-1], self._create(shape, self._reading.laid)
        empty = self._blank_ones(raw) if isinstance(self._plan, DicomPlan) else []
        missing = tuple(tuple(z for f, z in empty if f == frame) for frame in range(raw.shape[0]))
        asked = Straighten(raw, self._facts.grid, missing, target, array, self._facts.padding)
        self._fill("Laying the volume straight", asked)
        self._blank = nothing(self._facts.colour)
        self._facts = straightened(self._facts, target)

    def finish(self) -> VolumeFile:
        """The last array, lent to the window, and its final facts."""
        array = self._arrays[-1]
        missing = self._facts.grid.missing
        nothing = _nothing(array, self._blank)
        contents = [
            nothing if where[1] in missing else self._contents[where]
            for where in sorted(_all_of(array))
        ]
        self._lend(array)
        return VolumeFile(array.path, with_content(self._facts, array.dtype, array.shape, contents))

    def tidy(self) -> None:
        """Delete the arrays that the window does not know of."""
        for array in self._arrays:
            if array.path != self._lent:
                Path(array.path).unlink(missing_ok=True)

    # ---- pictures, many at once

    def _read_slices(self, plan: DicomPlan, array: ArrayFile) -> None:
        extent = self._reading.extent
        places = places_of(plan, extent)
        wanted = [(place.frame, place.z) for place in places]
        if not wanted:
            raise Refusal(
                "This part of the volume cannot be shown.",
                "All of its slices are missing.",
                "Choose a larger part.",
            )
        self._write_blanks(array, _all_of(array) - set(wanted))
        reader = SliceReader(
            self._means.decoders, self._means.share, self._work, plan.shape[2:], extent, array
        )
        telling = _Telling(self._means.send, self._work.number, wanted, self._begin)
        for answer in reader.over(places):
            self._take(answer)
            for report in answer.reports:
                log.error("A slice was not read by our own fault:\n%s", report)
            self._unread += (
                Unread(each.frame, each.z, Refusal(each.what, each.why, each.advice))
                for each in answer.not_written
            )
            telling.add(
                [(each.frame, each.z) for each in answer.written],
                [(each.frame, each.z) for each in answer.not_written],
            )
        telling.end()
        if self._reading.mended is None or len(self._unread) == len(wanted):
            self._facts = with_unread(self._facts, self._unread)
        self._write_blanks(array, {(each.frame, each.z) for each in self._unread})

    def _begin(self, read: Sequence[Where]) -> bool:
        """Tell the window of the array; False if it is not the one that stays."""
        if self._reading.mended is not None or self._reading.straight is not None:
            return False
        array = self._arrays[-1]
        self._lend(array)
        facts = self._reading.planned.facts
        self._means.send(VolumeBegun(self._work.number, array.path, facts, tuple(read)))
        return True

    def _write_blanks(self, array: ArrayFile, places: Iterable[Where]) -> None:
        """Fill the places of pictures that are not there."""
        blank = np.full(array.picture, self._blank, array.dtype)
        with Path(array.path).open("r+b", buffering=0) as file:
            for where in places:
                write_slice(file, array, *where, blank)
                self._contents[where] = blank_content(blank)

    def _blank_ones(self, array: ArrayFile) -> list[Where]:
        """The slices that hold nothing, in the array's order."""
        nothing = _nothing(array, self._blank).digest
        return [
            where for where in sorted(_all_of(array)) if self._contents[where].digest == nothing
        ]

    # ---- all at once, by one decoder

    def _fill(self, words: str, asked: ReadFile | Mend | Straighten) -> None:
        """Have one decoder fill an array of its own."""

        def tell(done: int, total: int) -> None:
            self._means.send(Progress(self._work.number, words, done, total, by_decoder=True))

        tell(0, 0)
        needed = self._reading.needed
        answer = self._means.decoders.ask(
            asked,
            Path(files_of(self._plan)[0]),
            self._work,
            seconds=LONGEST + (needed + self._reading.passed) / SLOWEST,
            # Address space: mappings count, too.
            memory=MEMORY if needed < _LITTLE else MEMORY + math.ceil(2 * needed / _GB) * _GB,
            advance=tell,
        )
        assert isinstance(answer, SlicesWritten)
        self._contents.clear()
        self._take(answer)

    # ---- arrays

    def _create(self, shape: tuple[int, ...], dtype: str) -> ArrayFile:
        self._work.check()
        array = create(self._means.exchange.fresh(), shape, dtype)
        self._arrays.append(array)
        return array

    def _lend(self, array: ArrayFile) -> None:
        if not self._lent:
            self._lent = self._means.exchange.lend(array.path)

    def _take(self, answer: SlicesWritten) -> None:
        self._contents.update({(each.frame, each.z): each.content for each in answer.written})


class _Telling:
    """Tells the window how far it is, no more often than ``PACE``.

    ``begin`` tells of the first slices, and whether the window shows the array; then it is told
    of the others.
    """

    def __init__(
        self,
        send: Callable[[FromEngine], None],
        number: int,
        wanted: Sequence[Where],
        begin: Callable[[Sequence[Where]], bool],
    ) -> None:
        self._send = send
        self._number = number
        self._total = len(wanted)
        self._awaited: Where | None = wanted[0]
        self._begin = begin
        self._done = 0
        self._begun = False
        self._shows = False
        self._new: list[Where] = []
        self._last = 0.0

    def add(self, written: Sequence[Where], not_written: Sequence[Where]) -> None:
        """More slices are over."""
        self._done += len(written) + len(not_written)
        self._new += written
        # Another decoder may be quicker with the second.
        if self._awaited in written or self._awaited in not_written:
            self._awaited = None
        if not self._begun and self._new and self._awaited is None:
            self._begun = True
            self._shows = self._begin(self._new)
            self._new = []
            self._tell()
        elif self._begun and time.monotonic() - self._last >= PACE:
            self._tell()

    def end(self) -> None:
        """All slices are over."""
        self._tell()

    def _tell(self) -> None:
        self._last = time.monotonic()
        if self._new and self._shows:
            self._send(SlicesRead(self._number, tuple(self._new)))
            self._new = []
        words = "Reading slices"
        self._send(Progress(self._number, words, self._done, self._total, by_decoder=True))


def _without(plan: DicomPlan, unread: Iterable[Unread]) -> DicomPlan:
    """The plan without the pictures that could not be read."""
    gone = {(each.frame, each.z) for each in unread}
    sources = tuple(
        tuple(None if (frame, z) in gone else source for z, source in enumerate(row))
        for frame, row in enumerate(plan.sources)
    )
    return msgspec.structs.replace(plan, sources=sources)


def _all_of(array: ArrayFile) -> set[Where]:
    """All places of an array."""
    frames, depth = array.shape[:2]
    return {(frame, z) for frame in range(frames) for z in range(depth)}


def _nothing(array: ArrayFile, blank: float) -> PictureContent:
    """A blank slice: it has no range."""
    return blank_content(np.full(array.picture, blank, array.dtype))
