"""Disc and fovea of the photograph on the screen: as found, and as the reader corrected them."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from engine.answers import Landmarks
from engine.eyes.which import WhichEye
from engine.geometry import Circle
from engine.pictures import Laterality
from engine.records.regions import LandmarksPlaced, placed
from engine.telling.positions import eye_of
from viewer.drawings.store import Drawings
from viewer.eyes.found_marks import FoundMarks
from viewer.photograph.presenter import Presenter
from viewer.photograph.readings import Picture


class EyeMarks(QObject):
    """Has them looked for in the eye in force; keeps what the reader says in the records."""

    changed = Signal()

    def __init__(self, presenter: Presenter, found: FoundMarks, store: Drawings) -> None:
        super().__init__(presenter)
        self._presenter = presenter
        self._found = found
        self._store = store
        self.subject = ""
        self.told: Callable[[Picture], WhichEye] = lambda _: WhichEye()
        """Which eye is in force by all that tells: reader, header, table, name, disc."""
        presenter.picture_changed.connect(self._on_picture)
        found.changed.connect(self._on_said)
        store.changed.connect(self._on_said)

    @property
    def found(self) -> Landmarks:
        """Disc and fovea as the program found them."""
        return self._found.of(self.subject, self.which.told) or Landmarks()

    @property
    def placed(self) -> LandmarksPlaced:
        """What of them the reader placed."""
        return placed(self._store.reading(self.subject).done)

    @property
    def landmarks(self) -> Landmarks:
        """Disc and fovea in force."""
        shown = self._presenter.picture
        return Landmarks() if shown is None else self.of(shown)

    def of(self, picture: Picture) -> Landmarks:
        """Disc and fovea in force in a photograph: the reader's where they said so."""
        found, yours = self._found_in(picture), placed(self._store.reading(_content(picture)).done)
        return replace(found, disc=yours.disc or found.disc, fovea=yours.fovea or found.fovea)

    def sought(self, picture: Picture) -> Landmarks:
        """The same without a disc that the reader alone placed: from there no fovea was sought."""
        return replace(self.of(picture), disc=self._found_in(picture).disc)

    def _found_in(self, picture: Picture) -> Landmarks:
        return self._found.of(_content(picture), self.told(picture).told) or Landmarks()

    @property
    def is_known(self) -> bool:
        """Whether they were looked for, in the eye in force."""
        return self._found.of(self.subject, self.which.told) is not None

    @property
    def which(self) -> WhichEye:
        """Which eye is in force by all that tells, and what speaks against it."""
        shown = self._presenter.picture
        return WhichEye() if shown is None else self.told(shown)

    @property
    def eye(self) -> Laterality | None:
        """The eye in force; where only the disc tells, that is the disc that the reader placed."""
        return self.which.told or eye_of(self.landmarks)

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
        if (shown := self._presenter.picture) is not None:
            self._found.look(shown.file, self.which.told)
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

    def _on_said(self, subject: str) -> None:
        if subject == self.subject:
            self.follow()


def _content(picture: Picture) -> str:
    return picture.opened.content_hash
