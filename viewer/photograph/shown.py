"""The photograph on the screen, and the one that is opened to take its place; no widgets."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.service.messages import Opened, Refused
from viewer.client.engine import EngineClient
from viewer.jobs import Jobs
from viewer.photograph.neighbours import Walk
from viewer.photograph.read_ahead import ReadAhead
from viewer.photograph.readings import Picture, Readings
from viewer.photograph.same_file import SameFile


class ShownPhotograph(QObject):
    """``picture``, or where it could not be shown ``lost``, its path: then nothing is shown.

    ``readings`` is what is known of any photograph, ``walk`` goes through a folder, ``ahead`` reads
    beforehand. Only the newest choice is opened.
    """

    leaving = Signal()
    """What is shown now gives way to another photograph, or to none."""
    shown = Signal()
    """Another photograph is on the screen."""
    lost_changed = Signal()
    """What was opened could not be shown."""
    changed = Signal()
    """One begins to be opened, or its opening has ended."""
    unreadable = Signal(object)
    """A ``Refused``: the file of the one on the screen cannot be read any more."""

    def __init__(self, client: EngineClient, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self.picture: Picture | None = None
        self.lost: Path | None = None
        self._client = client
        self._jobs = jobs
        self._opening: int | None = None
        self._opening_path = Path()
        self._dropped: set[int] = set()
        self.readings = Readings(client, self)
        self._same = SameFile(client, self.readings, self)
        self._same.changed.connect(self._on_file_changed)
        self._same.lost.connect(self._on_file_lost)
        self.walk = Walk(self)
        self.walk.chosen.connect(self.open)
        self.ahead = ReadAhead(client, self.readings, self.walk, self)
        client.opened.connect(self._on_opened)

    @property
    def opening(self) -> bool:
        """Whether a picture is being read."""
        return self._opening is not None

    @property
    def place(self) -> tuple[int, int]:
        """Which picture of how many this is, counted from 1."""
        if self.picture is not None and not self.opening:
            # What was refused or cancelled is not shown; a step goes on from it all the same.
            return self.walk.place(self.picture.path)
        return self.walk.place(self._opening_path)

    # ---- what a person does

    def open(self, path: Path) -> None:
        """Show a picture, at once if it was read ahead; a newer choice replaces an older one."""
        self._drop()
        path = Path(path).absolute()
        self._opening_path = self.walk.at = path
        if (ready := self.readings.picture(path)) is not None:
            self._show(ready)
            self._same.look(path)
            return
        number = self.ahead.take_opening(path)
        self._opening = self._client.open(path) if number is None else number
        self._jobs.begin(self._opening, f"Opening {path.name}", lambda: self.open(path))
        self.changed.emit()

    def close(self) -> None:
        """Take the photograph off the screen: a volume is shown."""
        self._drop()
        self._put(None, None)
        self.changed.emit()

    def forget_lost(self) -> None:
        """A volume, or a list, stands where a photograph could not be shown."""
        self.lost = None

    # ---- what the engine says

    def opens(self, number: int) -> bool:
        """Whether this is the request for the photograph that is being read."""
        return number == self._opening

    def over(self, number: int, *, stopped: bool) -> None:
        """A request ended without a result; ``stopped`` by a person."""
        self._dropped.discard(number)
        if number != self._opening:
            return
        self._opening = None
        self.ahead.give_up(self._opening_path)
        if not stopped:
            # The photograph before it may be another patient's: it must not be read as this.
            self._put(None, self._opening_path)
            self.lost_changed.emit()
        self.changed.emit()

    def _on_opened(self, message: Opened) -> None:
        if message.id == self._opening:
            self._jobs.end(message.id)
            self._opening = None
            self._show(self.readings.keep_picture(self._opening_path, message))
        elif message.id in self._dropped:
            self._dropped.discard(message.id)
            self._client.release(message.file)

    def _on_file_changed(self, path: Path) -> None:
        picture = self.readings.picture(path)
        if picture is not None and self.picture is not None and self.picture.path == path:
            self._show(picture)

    def _on_file_lost(self, path: Path, message: Refused) -> None:
        if self.picture is not None and self.picture.path == path:
            self.unreadable.emit(message)

    # ---- inside

    def _show(self, picture: Picture) -> None:
        self._put(picture, None)
        self.shown.emit()

    def _put(self, picture: Picture | None, lost: Path | None) -> None:
        self.leaving.emit()
        self.picture, self.lost = picture, lost

    def _drop(self) -> None:
        """Wait no more for what is being opened."""
        if self._opening is not None:
            self._jobs.end(self._opening)
            self._dropped.add(self._opening)
            self._client.drop(self._opening)
            self._opening = None
