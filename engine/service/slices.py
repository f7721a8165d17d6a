"""The slices of a series are read by many decoders at once, each straight to its place."""

from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path

from engine.errors import Refusal
from engine.images.part import Extent
from engine.images.plan import DicomPlan
from engine.service.array_file import ArrayFile
from engine.service.decoder import MEMORY
from engine.service.decoder_messages import Answer, NotWritten, Place, ReadSlices, SlicesWritten
from engine.service.decoders import DecoderPool
from engine.service.lanes import Work
from engine.service.sharing import Sharing

SLOWEST = 2_000_000
"""Bytes a second: what may take longer than usual may take as long as at this speed."""

_LARGE = 2**25
_COPIES = 8
"""How often a picture may be held on its way: as a file has it, unpacked, in floats, as values."""


def places_of(plan: DicomPlan, extent: Extent) -> list[Place]:
    """Where each picture goes, frame by frame, from the middle slice outward."""
    wanted = list(enumerate(extent.slices))
    outward = sorted(wanted, key=lambda pair: abs(pair[0] - len(wanted) // 2))
    return [
        Place(source, frame, z)
        for frame, sources in enumerate(plan.sources)
        for z, index in outward
        if (source := sources[index]) is not None
    ]


class SliceReader(Sharing[Place, SlicesWritten]):
    """Reads pictures of ``shape``, cut to ``extent``, into ``array``."""

    def __init__(
        self,
        decoders: DecoderPool,
        share: Executor,
        work: Work,
        shape: tuple[int, ...],
        extent: Extent,
        array: ArrayFile,
    ) -> None:
        super().__init__(decoders, share, work)
        self._shape = shape
        self._extent = extent
        self._array = array
        if array.picture_bytes > _LARGE:
            self.memory = MEMORY + _COPIES * array.picture_bytes

    def file_of(self, item: Place) -> Path:
        """Its source's file."""
        return Path(item.source.path)

    def asked(self, items: Sequence[Place]) -> ReadSlices:
        """Read them."""
        return ReadSlices(tuple(items), self._shape, self._extent, self._array)

    def seconds(self, items: Sequence[Place]) -> float:
        """More for large pictures."""
        return super().seconds(items) + len(items) * self._array.picture_bytes / SLOWEST

    def reply_of(self, answer: Answer) -> SlicesWritten:
        """What was written."""
        assert isinstance(answer, SlicesWritten)
        return answer

    def refused(self, item: Place, refusal: Refusal) -> SlicesWritten:
        """One slice that was not."""
        said = NotWritten(item.frame, item.z, refusal.what, refusal.why, refusal.advice)
        return SlicesWritten((), (said,))
