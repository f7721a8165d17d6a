"""Disc and fovea of the photograph on the screen: as found, and as the reader corrected them."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from engine.answers import Landmarks
from engine.eyes.which import Source, WhichEye
from engine.geometry import Circle
from engine.pictures import Laterality
from engine.positions import eye_of
from engine.records.regions import LandmarksPlaced, placed
from engine.service.messages import Failed, Gone, LandmarksFound, Refused
from viewer.client.engine import EngineClient
from viewer.drawings import Drawings
from viewer.notices import our_fault
from viewer.presenter import Presenter
from viewer.readings import Picture


class EyeMarks(QObject):
    """Asks for them once for each picture and each eye that it is said to show; keeps what the
    reader says in the records.
    """

    changed = Signal()
    noticed = Signal(object)

    def __init__(self, presenter: Presenter, client: EngineClient, store: Drawings) -> None:
        super().__init__(presenter)
        self._presenter = presenter
        self._client = client
        self._store = store
        self._known: dict[tuple[str, Laterality | None], Landmarks] = {}
        self._finding: dict[int, tuple[str, Laterality | None]] = {}
        self.subject = ""
        self.told: Callable[[Picture], WhichEye] = lambda _: WhichEye()
        """Which eye is in force by all that tells: reader, header, table, name, disc."""
        presenter.picture_changed.connect(self._on_picture)
        client.landmarks_found.connect(self._on_landmarks)
        client.refused.connect(self._on_refused)
        client.failed.connect(self._on_failed)
        client.gone.connect(self._on_gone)
        store.changed.connect(self._on_said)

    @property
    def found(self) -> Landmarks:
        """Disc and fovea as the program found them."""
        return self._known.get(self._wanted, Landmarks())

    @property
    def placed(self) -> LandmarksPlaced:
        """What of them the reader placed."""
        return placed(self._store.reading(self.subject).done)

    @property
    def landmarks(self) -> Landmarks:
        """Disc and fovea in force: the reader's where they said so."""
        found, yours = self.found, self.placed
        return replace(found, disc=yours.disc or found.disc, fovea=yours.fovea or found.fovea)

    @property
    def is_known(self) -> bool:
        """Whether they were looked for, in the eye in force."""
        return self._wanted in self._known

    @property
    def which(self) -> WhichEye:
        """Which eye is in force by all that tells, and what speaks against it."""
        shown = self._presenter.picture
        return WhichEye() if shown is None else self.told(shown)

    @property
    def eye(self) -> Laterality | None:
        """The eye in force; where only the disc tells, that is the disc that the reader placed."""
        return self._told_eye or eye_of(self.landmarks)

    @property
    def _told_eye(self) -> Laterality | None:
        """The eye in force; None where only the disc tells, for that is what is looked for."""
        which = self.which
        return None if which.source is Source.DISC else which.laterality

    @property
    def _wanted(self) -> tuple[str, Laterality | None]:
        """What is to be known: the photograph on the screen as this eye."""
        return self.subject, self._told_eye

    def place(
        self, *, disc: Circle | None = None, fovea: tuple[float, float] | None = None
    ) -> None:
        """The reader says where disc or fovea lies."""
        yours = self.placed
        self._say_placed(disc or yours.disc, fovea or yours.fovea)

    def as_found(self) -> None:
        """Disc and fovea as the program found them."""
        if (self.placed.disc, self.placed.fovea) != (None, None):
            self._say_placed(None, None)

    def follow(self) -> None:
        """Another eye may be in force: look for them in it, unless they are known."""
        self._look()
        self.changed.emit()

    def _say_placed(self, disc: Circle | None, fovea: tuple[float, float] | None) -> None:
        if self.subject:
            self._store.say(self.subject, lambda act: LandmarksPlaced(act, disc, fovea))

    # ---- what is said

    def _on_picture(self) -> None:
        shown = self._presenter.picture
        self.subject = "" if shown is None else shown.opened.content_hash
        if shown is not None:
            self._store.show(self.subject)
        self.follow()

    def _look(self) -> None:
        shown, wanted = self._presenter.picture, self._wanted
        if shown is None or wanted in self._known or wanted in self._finding.values():
            return
        self._finding[self._client.find_landmarks(shown.file, wanted[1])] = wanted

    def _on_landmarks(self, message: LandmarksFound) -> None:
        self._take(message.id, message.landmarks)

    def _on_refused(self, message: Refused) -> None:
        self._take(message.id, Landmarks(notes=(f"{message.what} {message.why}",)))

    def _on_failed(self, message: Failed) -> None:
        if message.id in self._finding:
            detail = "Disc and fovea were not found; you can place them yourself."
            self.noticed.emit(our_fault(message.report, detail))
            self._take(message.id, Landmarks(notes=(detail,)))

    def _on_gone(self, message: Gone) -> None:
        self._finding.pop(message.id, None)

    def _take(self, number: int, landmarks: Landmarks) -> None:
        wanted = self._finding.pop(number, None)
        if wanted is not None:
            self._known[wanted] = landmarks
            if wanted[0] == self.subject:
                self.changed.emit()

    def _on_said(self, subject: str) -> None:
        if subject == self.subject:
            self.follow()
