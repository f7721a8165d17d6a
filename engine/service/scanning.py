"""The headers of many DICOM files are read by many decoders at once."""

import logging
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from engine.errors import Refusal
from engine.images.dicom.header import Header
from engine.listing import RefusedFile
from engine.service.decoder_messages import Answer, ScanHeaders, Scanned
from engine.service.names import is_text, no_text
from engine.service.sharing import Sharing
from engine.task import Task

log = logging.getLogger(__name__)


class HeaderScan(Sharing[Path, Scanned]):
    """Reads headers for one request; called as ``images.dicom.scan.scan`` is."""

    def __call__(
        self, paths: Sequence[Path], task: Task
    ) -> tuple[tuple[Header, ...], tuple[RefusedFile, ...]]:
        """The headers of all files that hold a picture, and why the others do not.

        Raises as ``over`` does.
        """
        told = [path for path in paths if is_text(str(path))]
        answers = [Scanned((), (no_text(path),)) for path in paths if not is_text(str(path))]
        done = len(answers)
        for answer in self.over(told):
            answers.append(answer)
            done += len(answer.headers) + len(answer.refused)
            task.progress("Reading headers", done, len(paths))
            for report in answer.reports:
                log.error("A header was not read by our own fault:\n%s", report)
        headers = tuple(chain.from_iterable(each.headers for each in answers))
        return headers, tuple(chain.from_iterable(each.refused for each in answers))

    def file_of(self, item: Path) -> Path:
        """Itself."""
        return item

    def asked(self, items: Sequence[Path]) -> ScanHeaders:
        """Read them."""
        return ScanHeaders(tuple(map(str, items)))

    def reply_of(self, answer: Answer) -> Scanned:
        """What was found."""
        assert isinstance(answer, Scanned)
        return answer

    def refused(self, item: Path, refusal: Refusal) -> Scanned:
        """A file of which nothing is known."""
        return Scanned((), (RefusedFile(str(item), refusal.reason, advice=refusal.advice),))
