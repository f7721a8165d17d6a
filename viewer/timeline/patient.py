"""The visits of the patient whose photograph is shown, with the days that the reader said."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.pictures import Laterality
from engine.records.forms import DateSaid
from engine.service.messages import Failed, Gone, Refused, VisitsFound
from engine.visits.visit import Patient, Seen, Visit
from viewer.client.engine import EngineClient
from viewer.drawings.marking import new_id
from viewer.drawings.store import Drawings
from viewer.eyes.which import Eyes
from viewer.photograph.readings import Readings

NOBODY = Patient("", "", ())


@lru_cache(maxsize=1024)
def path_of(seen: Seen) -> Path:
    """A photograph's file: the same object each time, for the timeline asks for it thousandfold."""
    return Path(seen.path)


class PatientVisits(QObject):
    """Asks for a patient's visits, and again once the reader's word or a table's is another."""

    changed = Signal()
    """Another patient, other visits, or why there are none."""

    def __init__(
        self,
        client: EngineClient,
        store: Drawings,
        readings: Readings,
        eyes: Eyes,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.patient = NOBODY
        self.fault = ""
        """Why the visits are not known, in sentences."""
        self._client = client
        self._store = store
        self._readings = readings
        self._eyes = eyes
        self.whole_folder = False
        """Whether the reader says that the folder is one patient's."""
        self._path: Path | None = None
        self._seen: dict[Path, int] = {}
        self._finding: int | None = None
        self._sent: dict[str, str] = {}
        self._dates: dict[str, DateSaid | None] = {}
        """The reader's word on each content, to see which was undone."""
        self._mirroring = False
        client.visits_found.connect(self._on_found)
        for over in (client.refused, client.failed, client.gone):
            over.connect(self._on_over)
        store.changed.connect(self._on_said)
        readings.changed.connect(self._on_known)
        eyes.changed.connect(self._seek_eye)
        eyes.tables_changed.connect(self.find)

    # ---- what is known

    @property
    def visits(self) -> tuple[Visit, ...]:
        """The dated ones in order, then those without a date."""
        return self.patient.visits

    @property
    def finding(self) -> bool:
        """Whether the visits are being looked for."""
        return self._finding is not None

    @property
    def paths(self) -> tuple[Path, ...]:
        """All photographs, visit by visit."""
        return tuple(path_of(seen) for visit in self.visits for seen in visit.photographs)

    def place_of(self, path: Path) -> int | None:
        """Which visit a photograph is of, from 0; None if it is none of this patient's."""
        for place, visit in enumerate(self.visits):
            if any(path_of(seen) == path for seen in visit.photographs):
                return place
        return None

    def order_of(self, path: Path) -> int | None:
        """A photograph's place among all, in time; None where its visit has no date."""
        place = self.place_of(path)
        dated = place is not None and self.visits[place].date
        return self.paths.index(path) if dated else None

    def when_seen(self, path: Path) -> int:
        """A greater number for what was on the screen later; 0 for what never was."""
        return self._seen.get(path, 0)

    def eye_of(self, seen: Seen) -> Laterality | None:
        """Which eye a photograph shows, as the words over it say."""
        path = path_of(seen)
        file = self._readings.file(path)
        return self._eyes.of(path, "" if file is None else file.content_hash)

    def photographs(self, place: int, eye: Laterality | None) -> tuple[Path, ...]:
        """The photographs of one eye at a visit."""
        seen = self.visits[place].photographs
        return tuple(path_of(each) for each in seen if self.eye_of(each) is eye)

    # ---- what is wanted

    def saw(self, path: Path) -> None:
        """This photograph is on the screen."""
        self._seen[path] = max(self._seen.values(), default=0) + 1

    def look_at(self, path: Path | None) -> None:
        """The photograph that is shown is this; its patient's visits are wanted."""
        if path is None or path == self._path:
            return
        self._path = path
        if self.place_of(path) is None:
            self.patient, self.whole_folder = NOBODY, False
            self.find()
            self.changed.emit()

    def find(self) -> None:
        """Look for the visits anew."""
        if self._path is None:
            return
        self._sent = self._said_dates()
        self._finding = self._client.find_visits(
            self._path, self._sent, whole_folder=self.whole_folder
        )
        self.fault = ""

    def say_one_patient(self) -> None:
        """The reader says that the folder holds one patient's photographs alone."""
        self.whole_folder = True
        self.find()

    def say_date(self, place: int, date: str) -> None:
        """The reader says on which day a visit was, ISO 8601; empty takes the word back."""
        contents = self._contents(place)
        visit = new_id()
        self._mirroring = True
        for content in contents:
            self._store.say(content, lambda act: DateSaid(act, date, visit))
        self._mirroring = False
        self._look_at_dates()

    def _contents(self, place: int) -> list[str]:
        files = (self._readings.file(path_of(seen)) for seen in self.visits[place].photographs)
        return [file.content_hash for file in files if file is not None]

    # ---- the reader's word

    def _said_dates(self) -> dict[str, str]:
        paths = dict.fromkeys((*self.paths, *((self._path,) if self._path else ())))
        found = {}
        for path in paths:
            file = self._readings.file(path)
            said = self._store.reading(file.content_hash).date if file is not None else None
            if said is not None and said.date:
                found[str(path)] = said.date
        return found

    def _look_at_dates(self) -> None:
        if self._path is not None and self._said_dates() != self._sent:
            self.find()

    def _on_known(self, path: Path) -> None:
        file = self._readings.file(path)
        if file is not None and self.place_of(path) is not None:
            self._store.show(file.content_hash)
            self._seek_eye()

    def _seek_eye(self) -> None:
        """Look for the disc of the next photograph whose eye nothing else tells."""
        for seen in (each for visit in self.visits for each in visit.photographs):
            file = self._readings.file(path_of(seen))
            if file is not None and self.eye_of(seen) is None and self._eyes.look_for_disc(file):
                return

    def _on_said(self, content: str) -> None:
        before = self._dates.get(content)
        now = self._store.reading(content).date
        self._dates[content] = now
        if before != now and not self._mirroring:
            self._take_along(content, before, now)
        self._look_at_dates()

    def _take_along(self, content: str, before: DateSaid | None, now: DateSaid | None) -> None:
        """What was said of a visit at once is undone and redone at once."""
        group = before.visit if before is not None else ""
        again = now.visit if now is not None else ""
        self._mirroring = True
        for path in self.paths:
            file = self._readings.file(path)
            if file is None or file.content_hash == content:
                continue
            reading = self._store.reading(file.content_hash)
            undo, redo = reading.to_undo, reading.to_redo
            if group and isinstance(undo, DateSaid) and undo.visit == group:
                self._store.undo(file.content_hash)
            elif again and isinstance(redo, DateSaid) and redo.visit == again:
                self._store.redo(file.content_hash)
        self._mirroring = False

    # ---- what the engine says

    def _on_found(self, message: VisitsFound) -> None:
        if message.id != self._finding:
            return
        self._finding = None
        self.patient = message.patient
        for file in filter(None, map(self._readings.file, self.paths)):
            self._store.show(file.content_hash)
        self._eyes.take_visits(seen for visit in self.visits for seen in visit.photographs)
        self._seek_eye()
        self.changed.emit()

    def _on_over(self, message: Refused | Failed | Gone) -> None:
        if message.id != self._finding:
            return
        self._finding = None
        match message:
            case Refused(what=what, why=why, advice=advice):
                self.fault = f"{what} {why} {advice}"
            case Failed():
                self.fault = "The visits could not be looked for, and it is our fault."
            case Gone(why=why):
                self.fault = why
        self.changed.emit()
