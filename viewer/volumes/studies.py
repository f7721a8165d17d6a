"""What was found in what a person opened, and which series are on the screen; without widgets."""

from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.listing import Listing, RefusedFile, SeriesEntry, SeriesKind, nameless
from engine.pictures import VolumeFacts
from engine.service.messages import (
    Failed,
    Found,
    Gone,
    Part,
    Refused,
    SeriesFile,
    SlicesRead,
    Thumbnail,
    TooMuch,
    VolumeBegun,
    VolumeOpened,
)
from viewer.client.engine import EngineClient
from viewer.jobs import Jobs
from viewer.notices import Action, Notice
from viewer.volumes import found_words

WHOLE = Part()
"""All of a volume."""


class Side(IntEnum):
    """Which of two views beside each other a series is shown in."""

    LEFT = 0
    RIGHT = 1


@dataclass(frozen=True)
class Wanted:
    """What was asked to be opened: how much of which series, where."""

    entry: SeriesEntry
    side: Side
    part: Part = WHOLE
    straight: bool = False


@dataclass(frozen=True, eq=False)
class Shown:
    """A series on the screen; until it is ``whole``, with the (frame, z) that came first."""

    wanted: Wanted
    file: str
    facts: VolumeFacts
    values: NDArray[Any]
    whole: bool
    read: tuple[tuple[int, int], ...] = ()

    @property
    def entry(self) -> SeriesEntry:
        """As it stands in the list."""
        return self.wanted.entry


@dataclass(frozen=True)
class Choice:
    """A volume that does not fit, and what would: into memory, or onto the disk of ``disk``.

    ``fixed`` of the bytes ``needed`` any part takes, however small.
    """

    wanted: Wanted
    needed: int
    free: int
    step: int
    disk: str = ""
    fixed: int = 0


class Studies(QObject):
    """Finds, opens and closes series; what is shown stays until the next is really there."""

    listing_changed = Signal()
    shown_changed = Signal(object)
    """The ``Side`` on which another series is shown now, or none."""
    slices_came = Signal(object, object)
    """A ``Side``, and the (frame, z) that can be shown now."""
    completed = Signal(object)
    """The ``Side`` whose series is whole: its facts have the value range and the content hash."""
    opening_changed = Signal()
    choice_wanted = Signal(object)
    """A ``Choice``."""
    photographs_found = Signal(object)
    """The paths that were given, where they hold photographs and nothing else."""
    opened = Signal(object)
    """The path of what was opened, for the list of recent ones."""
    thumbnail_came = Signal(str, object)
    """A key, and uint8 (y, x, 3)."""
    noticed = Signal(object)
    not_read_asked = Signal(object)
    """The ``RefusedFile``s of which all reasons are wanted."""

    def __init__(self, client: EngineClient, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self.listing = Listing((), ())
        self.shown: dict[Side, Shown] = {}
        self.opening: dict[Side, Wanted] = {}
        self.names = True
        """Whether patients' names may be told."""
        self._client = client
        self._jobs = jobs
        self.at_key = ""
        """From where a step goes on: what was last chosen, be it refused or a photograph."""
        self._paths: tuple[str, ...] = ()
        self._finding: tuple[int, tuple[Path, ...]] | None = None
        self._requests: dict[int, Wanted] = {}
        self._thumbnails: list[str] = []
        self._drawing: tuple[int, str] | None = None
        client.found.connect(self._on_found)
        client.volume_begun.connect(self._on_begun)
        client.slices_read.connect(self._on_slices)
        client.volume_opened.connect(self._on_opened)
        client.too_much.connect(self._on_too_much)
        client.thumbnail.connect(self._on_thumbnail)
        for signal in (client.refused, client.failed, client.gone):
            signal.connect(self._on_over)

    # ---- what a person does

    def find(self, paths: tuple[Path, ...]) -> None:
        """Tell what these files and folders hold, and open it where there is no choice."""
        if self._finding is not None:
            self._drop(self._finding[0])
        number = self._client.find(paths)
        self._finding = (number, paths)
        self._jobs.begin(
            number, f"Looking through {found_words.named(paths)}", lambda: self.find(paths)
        )
        self.opening_changed.emit()

    @property
    def finding(self) -> bool:
        """Whether something is being looked through."""
        return self._finding is not None

    def entry(self, key: str) -> SeriesEntry | None:
        """The entry of the list with this key."""
        return next((entry for entry in self.listing.entries if entry.key == key), None)

    def open(self, wanted: Wanted) -> None:
        """Open a series; a newer choice for the same side replaces one that is still loading."""
        self._abandon(wanted.side)
        if wanted.side is Side.LEFT:
            self.at_key = wanted.entry.key
        file = SeriesFile(self._paths, wanted.entry.key)
        number = self._client.open_volume(file, wanted.part, straight=wanted.straight)
        self._requests[number] = wanted
        self.opening[wanted.side] = wanted
        # The engine's read lane is the volume's now; the small pictures can wait.
        told = wanted.entry if self.names else nameless(wanted.entry)
        self._jobs.begin(number, f"Opening {told.title}", lambda: self.open(wanted))
        self.opening_changed.emit()

    def close(self, side: Side) -> None:
        """Take a series off the screen."""
        self._abandon(side)
        old = self.shown.pop(side, None)
        if old is not None:
            self.shown_changed.emit(side)
            self._client.release(old.file)

    def close_all(self) -> None:
        """Take everything off the screen; the list stays."""
        for side in Side:
            self.close(side)

    @property
    def at(self) -> SeriesEntry | None:
        """What was last chosen of the list, for the left side."""
        return self.entry(self.at_key)

    def beside(self, by: int) -> SeriesEntry | None:
        """The entry so many places on in the list, or None beyond an end."""
        entries, at = self.listing.entries, self.at
        place = entries.index(at) + by if at is not None else -1
        return entries[place] if 0 <= place < len(entries) else None

    @property
    def place(self) -> tuple[int, int]:
        """Which entry of how many is shown at the left, counted from 1; 0 for none."""
        shown = self.shown.get(Side.LEFT)
        key = self.at_key if shown is None else shown.entry.key
        keys = [entry.key for entry in self.listing.entries]
        return keys.index(key) + 1 if key in keys else 0, len(keys)

    @property
    def ringed(self) -> list[str]:
        """The keys of what is on the screen; a photograph of the list is not shown here."""
        at = self.at
        if not self.shown and at is not None and at.kind is SeriesKind.PHOTOGRAPH:
            return [at.key]
        return [each.entry.key for each in self.shown.values()]

    @property
    def paths(self) -> tuple[str, ...]:
        """What was opened, and the list's series are of."""
        return self._paths

    @property
    def where(self) -> str:
        """The name of what was opened, if it was one thing."""
        return Path(self._paths[0]).name if len(self._paths) == 1 else ""

    def clear(self) -> None:
        """Forget the list."""
        if self.listing.entries:
            self.listing, self._paths, self._thumbnails = Listing((), ()), (), []
            self.listing_changed.emit()

    # ---- what the engine says

    def _on_found(self, message: Found) -> None:
        if self._finding is None or message.id != self._finding[0]:
            return
        _, paths = self._finding
        self._finding = None
        self._jobs.end(message.id)
        self._tell_refused(message.listing, paths)
        entries = message.listing.entries
        if entries and all(entry.kind is SeriesKind.PHOTOGRAPH for entry in entries):
            self.opening_changed.emit()
            if any(found_words.lies_in(entry, paths) for entry in entries):
                self.photographs_found.emit(paths)
            else:
                self.noticed.emit(found_words.archived(paths))
            return
        if entries:
            self._take_listing(message.listing, paths)
            self._tell_rest(message.listing)
        self.opening_changed.emit()

    def _take_listing(self, listing: Listing, paths: tuple[Path, ...]) -> None:
        # The views keep what they show until something of the new list was chosen.
        self.listing, self.at_key = listing, ""
        self._paths = tuple(str(path) for path in paths)
        volumes = [entry for entry in listing.entries if entry.kind is SeriesKind.VOLUME]
        self._thumbnails = [entry.key for entry in volumes]
        self.listing_changed.emit()
        if len(listing.entries) == 1:
            self.open(Wanted(volumes[0], Side.LEFT))
        self._draw_next()

    def _tell_refused(self, listing: Listing, paths: tuple[Path, ...]) -> None:
        loud = [file for file in listing.refused if not file.quiet]
        if not listing.entries:
            files = loud or list(listing.refused)
            title = f"There is no picture in {found_words.named(paths)} to be shown."
            detail = files[0].told if len(files) == 1 else found_words.several(files)
            if len(files) == 1 and Path(files[0].path) in paths:
                title, detail = files[0].reason, files[0].advice
            self._notice_refused("refused", title, detail, files)
        elif loud:
            count = "1 file was" if len(loud) == 1 else f"{len(loud)} files were"
            # A topic of its own: it holds of the folder, whichever of its pictures is shown.
            self._notice_refused("unread", f"{count} not read.", found_words.several(loud), loud)

    def _tell_rest(self, listing: Listing) -> None:
        if not listing.rest:
            return
        count = listing.entries[0].pictures
        what = "1 picture was" if count == 1 else f"{count} pictures were"
        title = f"{what} opened; more of its series lie in the same folder."
        whole = Action("Open folder", lambda: self.find((Path(listing.rest),)), "folder-open")
        self.noticed.emit(Notice("rest", title, "", "alert-circle", whole))

    def _notice_refused(
        self, topic: str, title: str, detail: str, files: list[RefusedFile]
    ) -> None:
        action = None
        if len(files) > found_words.NAMED:
            action = Action("Show all", lambda: self.not_read_asked.emit(tuple(files)))
        self.noticed.emit(Notice(topic, title, detail, "alert-circle", action))

    def _on_begun(self, message: VolumeBegun) -> None:
        wanted = self._requests.get(message.id)
        if wanted is None:
            return  # a mask's
        values = self._client.mapped(message.file)
        self._show(Shown(wanted, message.file, message.facts, values, False, message.read))

    def _on_slices(self, message: SlicesRead) -> None:
        wanted = self._requests.get(message.id)
        if wanted is not None:
            self.slices_came.emit(wanted.side, message.slices)

    def _on_opened(self, message: VolumeOpened) -> None:
        wanted = self._requests.pop(message.id, None)
        if wanted is None:
            return  # a mask's
        self._jobs.end(message.id)
        self.opening.pop(wanted.side, None)
        before = self.shown.get(wanted.side)
        if before is not None and before.file == message.file:
            self.shown[wanted.side] = replace(before, facts=message.facts, whole=True)
        else:
            values = self._client.mapped(message.file)
            self._show(Shown(wanted, message.file, message.facts, values, whole=True))
        self.completed.emit(wanted.side)
        if self._paths:
            self.opened.emit(Path(self._paths[0]))
        self.opening_changed.emit()
        self._draw_next()

    def _show(self, shown: Shown) -> None:
        side = shown.wanted.side
        before = self.shown.get(side)
        self.shown[side] = shown
        self.shown_changed.emit(side)
        if before is not None and before.file != shown.file:
            self._client.release(before.file)

    def _on_too_much(self, message: TooMuch) -> None:
        wanted = self._forget(message.id)
        if wanted is not None:
            self._jobs.end(message.id)
            self._close_half(wanted.side)
            self.choice_wanted.emit(
                Choice(
                    wanted,
                    message.needed,
                    message.free,
                    message.step,
                    message.disk,
                    message.fixed,
                )
            )

    def _on_over(self, message: Refused | Failed | Gone) -> None:
        """A request ended without a result; the row about it is the presenter's."""
        if self._finding is not None and message.id == self._finding[0]:
            self._finding = None
            self.opening_changed.emit()
        wanted = self._forget(message.id)
        if wanted is not None:
            self._close_half(wanted.side)
        if self._drawing is not None and message.id == self._drawing[0]:
            self._drawing = None
            self._draw_next()

    # ---- small pictures, one after the other and never in a volume's way

    def _draw_next(self) -> None:
        if self._drawing is None and self._thumbnails and not self.opening:
            key = self._thumbnails.pop(0)
            number = self._client.draw_thumbnail(SeriesFile(self._paths, key))
            self._drawing = (number, key)

    def _on_thumbnail(self, message: Thumbnail) -> None:
        if self._drawing is None or message.id != self._drawing[0]:
            return  # a photograph's
        _, key = self._drawing
        self._drawing = None
        self.thumbnail_came.emit(key, self._client.mapped(message.file).copy())
        self._client.release(message.file)
        self._draw_next()

    # ---- what is given up

    def _abandon(self, side: Side) -> None:
        for number, wanted in tuple(self._requests.items()):
            if wanted.side is side:
                self._forget(number)
                self._drop(number)

    def _close_half(self, side: Side) -> None:
        """Take away what will never be whole: half a volume must not be taken for one."""
        shown = self.shown.get(side)
        if shown is not None and not shown.whole and side not in self.opening:
            self.close(side)

    def _forget(self, number: int) -> Wanted | None:
        wanted = self._requests.pop(number, None)
        if wanted is not None:
            self.opening.pop(wanted.side, None)
            self.opening_changed.emit()
            self._draw_next()
        return wanted

    def _drop(self, number: int) -> None:
        self._jobs.end(number)
        self._client.drop(number)
