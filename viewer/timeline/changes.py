"""What changed in each eye from one visit to the next, asked once both are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.answers import LESION_THRESHOLD
from engine.geometry import Circle
from engine.pictures import Laterality
from engine.service.messages import (
    Failed,
    Gone,
    Refused,
    RegionFound,
    SeenThen,
    VisitsCompared,
)
from engine.visits.change import SAME, Alignment, VisitChange
from viewer.client.engine import EngineClient
from viewer.timeline.answers import VisitAnswers

PANE = "timeline change"
ALIGN_PANE = "timeline alignment"


@dataclass(frozen=True)
class Pair:
    """Two photographs of one eye, the earlier visit's first."""

    earlier: Path
    later: Path


@dataclass(frozen=True, eq=False)
class Compared:
    """What changed, with the regions of both visits.

    ``fault`` says in sentences why nothing is told.
    """

    change: VisitChange | None
    earlier: tuple[RegionFound, ...] = ()
    later: tuple[RegionFound, ...] = ()
    fault: str = ""


_COPIES = Compared(VisitChange(None, (), None, (SAME,)))
"""Of one photograph twice nobody has to be asked."""

_One = tuple[str, Laterality | None, Circle | None, tuple[float, float] | None]
_Both = tuple[_One, _One]
"""Both contents, each with the eye in which its disc and fovea are looked for, and with those that
the reader placed.
"""
_Key = tuple[_Both, tuple[str, str], tuple[str, str]]
"""Both photographs, and which packs have answered about each."""


class VisitChanges(QObject):
    """One comparison is under way at a time; each is made once for the same answers."""

    changed = Signal()
    aligned = Signal(object)
    """A ``Pair`` of which it is known now how one lies on the other, or that it is not known."""

    def __init__(self, client: EngineClient, answers: VisitAnswers, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._answers = answers
        self._pairs: tuple[Pair, ...] = ()
        self._compared: dict[_Key, Compared] = {}
        self._alignments: dict[_Both, Alignment | str] = {}
        self._asked: tuple[int, Pair, _Key] | None = None
        self._aligning: dict[int, tuple[int, Pair, _Both]] = {}
        """What is asked for each view: its number, the pair, and both with their eyes."""
        client.visits_compared.connect(self._on_compared)
        for over in (client.refused, client.failed, client.gone):
            over.connect(self._on_over)
        answers.changed.connect(self._go_on)

    # ---- what is known

    def compared(self, pair: Pair) -> Compared | None:
        """What changed between two photographs; None before it is known."""
        key = self._key(pair)
        if key is None:
            return None
        (earlier, *_), (later, *_) = key[0]
        return _COPIES if earlier == later else self._compared.get(key)

    def alignment(self, pair: Pair) -> Alignment | str | None:
        """How the earlier lies on the later, or why it is not known; None before it was asked."""
        both = self._both(pair)
        return None if both is None else self._alignments.get(both)

    # ---- what is wanted

    def want(self, pairs: Sequence[Pair]) -> None:
        """Compare these, in this order."""
        self._pairs = tuple(pairs)
        self._go_on()

    def align(self, pair: Pair, view: int) -> None:
        """Tell how the earlier lies on the later, whatever was answered about them.

        Of one view the newest question alone is answered.
        """
        both = self._both(pair)
        if both is None or both in self._alignments:
            return
        if any(asked == both for _, _, asked in self._aligning.values()):
            return
        earlier, later = self._answers.seen(pair.earlier), self._answers.seen(pair.later)
        if earlier is not None and later is not None:
            number = self._client.compare_visits(
                pane=f"{ALIGN_PANE} {view}",
                earlier=_unanswered(earlier),
                later=_unanswered(later),
                threshold=LESION_THRESHOLD,
            )
            self._aligning[view] = (number, pair, both)

    def _over_aligning(self, number: int) -> tuple[Pair, _Both] | None:
        """Await an alignment no more; None if it was not awaited."""
        for view, (asked, pair, both) in self._aligning.items():
            if asked == number:
                del self._aligning[view]
                return pair, both
        return None

    def _go_on(self) -> None:
        if self._asked is not None or self._answers.stopped:
            return
        for pair in self._pairs:
            if self._is_open(pair):
                self._ask(pair)
                return

    def _is_open(self, pair: Pair) -> bool:
        key = self._key(pair)
        read = self._answers.is_read(pair.earlier) and self._answers.is_read(pair.later)
        return read and key is not None and self.compared(pair) is None

    def _ask(self, pair: Pair) -> None:
        earlier, later = self._answers.seen(pair.earlier), self._answers.seen(pair.later)
        key, told = self._key(pair), self._answers.told(pair.later)
        if earlier is None or later is None or key is None:
            return
        threshold = LESION_THRESHOLD
        if told.referable is not None:
            threshold = self._answers.threshold(told.referable)
        number = self._client.compare_visits(
            pane=PANE, earlier=earlier, later=later, threshold=threshold
        )
        self._asked = (number, pair, key)

    def _both(self, pair: Pair) -> _Both | None:
        earlier, later = self._answers.seen(pair.earlier), self._answers.seen(pair.later)
        if earlier is None or later is None:
            return None
        return _one(earlier), _one(later)

    def _key(self, pair: Pair) -> _Key | None:
        both = self._both(pair)
        if both is None:
            return None
        return both, _packs(self._answers, pair.earlier), _packs(self._answers, pair.later)

    # ---- what the engine says

    def _on_compared(self, message: VisitsCompared) -> None:
        mine = self._asked is not None and self._asked[0] == message.id
        if (aligning := self._over_aligning(message.id)) is not None:
            pair, both = aligning
            self._learn(both, message.change)
            self.aligned.emit(pair)
            return
        if not mine or self._asked is None:
            return
        _, pair, key = self._asked
        self._asked = None
        self._compared[key] = Compared(message.change, message.earlier, message.later)
        self._learn(key[0], message.change)
        self.aligned.emit(pair)
        self.changed.emit()
        self._go_on()

    def _learn(self, both: _Both, change: VisitChange) -> None:
        why = " ".join(change.notes) or "How one lies on the other is not known."
        self._alignments[both] = why if change.alignment is None else change.alignment

    def _on_over(self, message: Refused | Failed | Gone) -> None:
        why = "The comparison failed, and it is our fault."
        if isinstance(message, Refused):
            why = f"{message.what} {message.why}"
        elif isinstance(message, Gone):
            why = message.why
        if (aligning := self._over_aligning(message.id)) is not None:
            pair, both = aligning
            if not isinstance(message, Gone):
                self._alignments[both] = why
            self.aligned.emit(pair)
        elif self._asked is not None and self._asked[0] == message.id:
            _, _, key = self._asked
            self._asked = None
            # Not asked again by itself, whatever ended it; another answer makes it another key.
            self._compared[key] = Compared(None, fault=why)
            self.changed.emit()
            self._go_on()


def _one(seen: SeenThen) -> _One:
    return seen.picture.content_hash, seen.eye, seen.disc, seen.fovea


def _unanswered(seen: SeenThen) -> SeenThen:
    return SeenThen(seen.picture, eye=seen.eye, disc=seen.disc, fovea=seen.fovea)


def _packs(answers: VisitAnswers, path: Path) -> tuple[str, str]:
    told = answers.told(path)
    return (
        "" if told.referable is None else told.referable.pack.sha256,
        "" if told.stage is None else told.stage.pack.sha256,
    )
