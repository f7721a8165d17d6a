"""Masks over the series on the screen: opened, brought onto their grids, taken off; no widgets."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.errors import Refusal
from engine.listing import SeriesEntry, SeriesKind, without_names
from engine.service.messages import (
    Failed,
    Found,
    Gone,
    Refused,
    SeriesFile,
    TooMuch,
    VolumeBegun,
    VolumeOpened,
)
from viewer.client.engine import EngineClient
from viewer.jobs import Again, Jobs
from viewer.notices import OUR_FAULT, Notice
from viewer.seen.mask import Mask, mask_onto
from viewer.volumes.studies import Shown, Side, Studies
from viewer.worker import Worker

_NOT_LAID = "The mask was not laid over this series."
_CLOSE_OTHERS = "Close other programs and lay it again."


@dataclass(frozen=True)
class _Wanted:
    """A mask on its way: over which series, from which paths, and its name."""

    shown: Shown
    paths: tuple[str, ...]
    name: str


class Masks(QObject):
    """At most one over each series, until the next is really there; it goes with its series."""

    changed = Signal(object)
    """The ``Side`` over whose series another mask lies now, or none."""
    noticed = Signal(object)
    _made = Signal(int, object)

    def __init__(self, client: EngineClient, jobs: Jobs, studies: Studies) -> None:
        super().__init__(studies)
        self.laid: dict[Side, Mask] = {}
        self._client = client
        self._jobs = jobs
        self._studies = studies
        self._worker = Worker("mask")
        self._wanted: dict[int, _Wanted] = {}
        self._begun: dict[int, str] = {}
        client.found.connect(self._on_found)
        client.volume_begun.connect(self._on_begun)
        client.volume_opened.connect(self._on_opened)
        client.too_much.connect(self._on_too_much)
        for signal in (client.refused, client.failed, client.gone):
            signal.connect(self._on_over)
        self._made.connect(self._take)
        studies.shown_changed.connect(self.take_off)

    # ---- what a person does

    def lay_file(self, path: Path, side: Side) -> None:
        """Lay the one volume that a file holds over the series of a side, once that is whole."""
        shown = self._begin(side)
        if shown is not None:
            wanted = _Wanted(shown, (str(path),), path.name)
            number = self._client.find((path,))
            self._await(number, wanted, lambda: self.lay_file(path, side))

    def lay_series(self, entry: SeriesEntry, side: Side) -> None:
        """Lay another series of the list over the series of a side, once that is whole."""
        shown = self._begin(side)
        if shown is not None:
            wanted = _Wanted(shown, self._studies.paths, entry.title)
            self._open(entry, wanted, lambda: self.lay_series(entry, side))

    def take_off(self, side: Side) -> None:
        """Take the mask off a side's series, and give up one that is on its way there."""
        self._give_up(side)
        if self.laid.pop(side, None) is not None:
            self.changed.emit(side)

    # ---- what the engine says

    def _on_found(self, message: Found) -> None:
        wanted = self._end(message.id)
        if wanted is None:
            return
        entries = message.listing.entries
        volumes = [entry for entry in entries if entry.kind is SeriesKind.VOLUME]
        if len(entries) == len(volumes) == 1:
            again = lambda: self.lay_file(Path(wanted.paths[0]), wanted.shown.wanted.side)  # noqa: E731
            self._open(volumes[0], wanted, again)
            return
        refused = message.listing.refused
        why = "It holds a photograph." if entries else "It holds no volume."
        if len(volumes) > 1:
            why = f"It holds {len(volumes)} series, and one is wanted."
        if refused and not entries:
            why = refused[0].reason
        self._refuse(Refusal(_NOT_LAID, why, "Choose a file that holds a mask of this series."))

    def _on_begun(self, message: VolumeBegun) -> None:
        if message.id in self._wanted:
            self._begun[message.id] = message.file

    def _on_opened(self, message: VolumeOpened) -> None:
        wanted = self._wanted.get(message.id)
        if wanted is None:
            return
        self._begun.pop(message.id, None)
        values, facts, onto = self._client.mapped(message.file), message.facts, wanted.shown.facts

        def make() -> None:
            made: Mask | Refusal = Refusal(_NOT_LAID, f"{OUR_FAULT}.", "The log tells more.")
            try:
                made = mask_onto(values, facts, onto, wanted.name)
            except Refusal as refusal:
                made = refusal
            except MemoryError:
                made = Refusal(_NOT_LAID, "There is too little memory for it.", _CLOSE_OTHERS)
            finally:
                self._made.emit(message.id, (message.file, made))

        self._worker.start(make)

    def _take(self, number: int, made: tuple[str, Mask | Refusal]) -> None:
        file, mask = made
        self._client.release(file)
        wanted = self._end(number)
        if wanted is None:
            return
        if isinstance(mask, Refusal):
            self._refuse(mask)
            return
        side = wanted.shown.wanted.side
        self.laid[side] = mask
        self.changed.emit(side)

    def _on_too_much(self, message: TooMuch) -> None:
        if self._end(message.id) is not None:
            why = f"It takes {message.needed / 1e9:.1f} GB; {message.free / 1e9:.1f} GB are free."
            self._refuse(Refusal(_NOT_LAID, why, _CLOSE_OTHERS))

    def _on_over(self, message: Refused | Failed | Gone) -> None:
        """It ended without a result; the row about it is the presenter's."""
        self._forget(message.id)

    # ---- inside

    def _begin(self, side: Side) -> Shown | None:
        self._give_up(side)
        shown = self._studies.shown.get(side)
        if shown is not None and shown.wanted.straight:
            why = "It is shown along the patient's axes, where no mask of its own slices fits."
            self._refuse(Refusal(_NOT_LAID, why, "Turn Straight planes off, and lay it again."))
            return None
        return shown if shown is not None and shown.whole else None

    def _give_up(self, side: Side) -> None:
        for number, wanted in tuple(self._wanted.items()):
            if wanted.shown.wanted.side is side:
                self._end(number)
                self._client.drop(number)

    def _open(self, entry: SeriesEntry, wanted: _Wanted, again: Again) -> None:
        part = wanted.shown.wanted.part
        number = self._client.open_volume(SeriesFile(wanted.paths, entry.key), part)
        self._await(number, wanted, again)

    def _await(self, number: int, wanted: _Wanted, again: Again) -> None:
        self._wanted[number] = wanted
        name = wanted.name
        if not self._studies.names:
            name = without_names(name, wanted.shown.entry.origin)
        self._jobs.begin(number, f"Laying {name} over the series", again)

    def _end(self, number: int) -> _Wanted | None:
        """It needs no row any more."""
        wanted = self._forget(number)
        if wanted is not None:
            self._jobs.end(number)
        return wanted

    def _forget(self, number: int) -> _Wanted | None:
        wanted = self._wanted.pop(number, None)
        if (file := self._begun.pop(number, None)) is not None:
            self._client.release(file)
        return wanted

    def _refuse(self, refusal: Refusal) -> None:
        detail = f"{refusal.why} {refusal.advice}"
        self.noticed.emit(Notice("mask", refusal.what, detail, "alert-circle"))
