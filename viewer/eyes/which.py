"""Which eye each photograph shows and which is its fellow, with the reader's corrections."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.eyes.pairs import NO_OTHER, UNKNOWN_EYE, OtherEye, other_eye, related
from engine.eyes.which import EyeFacts, Source, Tabled, WhichEye, header_of, which_eye
from engine.pictures import Laterality
from engine.records.forms import EyeSaid, OtherEyeSaid
from engine.service.messages import EyesFound, Failed, Gone, PictureFile, Refused
from engine.visits.visit import Seen
from viewer.client.engine import EngineClient, EngineState
from viewer.drawings.store import Drawings
from viewer.eyes.found_marks import FoundMarks
from viewer.files.watched import Watched
from viewer.notices import Notice
from viewer.photograph.neighbours import Walk, is_photograph_name
from viewer.photograph.readings import Picture, Readings

READ_AGAIN = "The visits' table beside the photographs changed and was read again."
TABLE_GONE = "The visits' table beside the photographs is gone, or tells of none of them any more."

_OTHER = {Laterality.RIGHT: Laterality.LEFT, Laterality.LEFT: Laterality.RIGHT}


@dataclass(frozen=True)
class Fellow:
    """The other eye's photograph: its ``path``, None if there is none; ``words`` say why."""

    path: Path | None
    words: str


class Eyes(QObject):
    """Asks the engine for headers and discs as photographs are shown; calls return at once.

    ``listed`` tells of photographs beside those that are walked through.
    """

    changed = Signal()
    """Something else is known of an eye or of a pair."""
    tables_changed = Signal()
    """A table beside the photographs says something else than before."""
    noticed = Signal(object)

    def __init__(
        self,
        client: EngineClient,
        store: Drawings,
        readings: Readings,
        walk: Walk,
        found: FoundMarks,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.listed: Callable[[], Iterable[Path]] = tuple
        self._client = client
        self._store = store
        self._readings = readings
        self._walk = walk
        self._found = found
        self._facts: dict[Path, EyeFacts] = {}
        self._visits: dict[Path, Seen] = {}
        self._folders: set[tuple[Path, bool]] = set()
        """Those that were asked about, and whether with headers."""
        self._asked: dict[int, tuple[Path, bool]] = {}
        self._lost: set[tuple[Path, bool]] = set()
        self._faults: tuple[tuple[str, str], ...] = ()
        """Of the tables beside what is shown, as they were told."""
        self.tables = Watched(self, ending=".csv")
        self.tables.changed.connect(self._on_tables)
        self._read_again: int | None = None
        self._was_off = False
        self._contents: dict[Path, str] = {}
        self._decoded: dict[Path, Laterality | None] = {}
        """What decoding told of the header's word."""
        client.state_changed.connect(self._on_state)
        client.eyes_found.connect(self._on_eyes)
        found.changed.connect(self.changed)
        for over in (client.refused, client.failed, client.gone):
            over.connect(self._on_over)

    # ---- what is known

    def which(self, picture: Picture) -> WhichEye:
        """Which eye a photograph shows, and whose word that is."""
        opened = picture.opened
        self._decoded[picture.path] = header_of(opened.name, opened.laterality)
        content = opened.content_hash
        which = self._which(picture.path, content)
        sought = which.laterality is None and self._found.of(content, None) is None
        return replace(which, sought=sought)

    def of(self, path: Path, content_hash: str) -> Laterality | None:
        """Which eye a photograph shows that may not be open; the hash is empty if not known."""
        return self._which(path, content_hash).laterality

    def told(self, path: Path, content_hash: str) -> Laterality | None:
        """The eye in which a photograph's disc and fovea are looked for: that in force, but for
        what only the disc tells.
        """
        return self._which(path, content_hash).told

    def said(self, content_hash: str) -> Laterality | None:
        """Which eye the reader says it is; None where that was not said."""
        said = self._store.reading(content_hash).eye
        return said.eye if said is not None else None

    @property
    def is_looking(self) -> bool:
        """Whether a disc is being looked for."""
        return self._found.is_looking

    def fellow(self, picture: Picture) -> Fellow:
        """The photograph of the other eye; the reader's word counts first."""
        said = self._store.reading(picture.opened.content_hash).other_eye
        if said is not None:
            if not said.name:
                return Fellow(None, "You said that it has no fellow.")
            among = self._candidates(picture)
            there = [path for path in among if path.name == said.name]
            # It was said of contents: copies under other names are the same two photographs.
            its = said.content_hash
            there = there or [path for path in among if its and self._content(path) == its]
            beside = picture.path.with_name(said.name)
            path = beside if beside in there or not there else there[0]
            return Fellow(path, OtherEye(str(path), Source.READER).words)
        which = self.which(picture)
        if which.laterality is None:
            return Fellow(None, UNKNOWN_EYE)
        own = self._facts_of(picture.path)
        facts = related(own, map(self._facts_of, self._candidates(picture)))
        sides = {each.path: self._side(each) for each in facts}
        sides[own.path] = which.laterality
        found = other_eye(own, facts, sides)
        if found is not None:
            return Fellow(Path(found.path), found.words)
        told = {each.path: self._told(each) for each in (own, *facts)}
        meant = other_eye(own, facts, told)
        if meant is None:
            return Fellow(None, NO_OTHER)
        # The reader's word on one of them, or an undo of it, has made them the same eye.
        name = Path(meant.path).name
        both = f"but both are said to be {which.laterality}"
        return Fellow(None, f"“{name}” would be its fellow, {both}.")

    def expected(self, picture: Picture) -> str:
        """The content's hash that the reader's fellow must have; empty if any will do."""
        said = self._store.reading(picture.opened.content_hash).other_eye
        return said.content_hash if said is not None else ""

    # ---- what is shown and said

    def look_beside(self, picture: Picture) -> None:
        """A photograph is shown: what headers and tables in its folder tell counts from now."""
        self._store.show(picture.opened.content_hash)
        self._contents[picture.path] = picture.opened.content_hash
        folder = picture.path.parent
        asked = folder, not is_photograph_name(picture.path)
        self.tables.follow(folder, folder.parent)
        if asked not in self._folders:
            self._ask(asked)

    def look_at(self, picture: Picture) -> None:
        """A photograph is shown: find out about its eye what is not known yet."""
        self.look_beside(picture)
        # Also where another word is there: the disc may speak against it.
        self.look_for_disc(picture.file)

    def take_visits(self, photographs: Iterable[Seen]) -> None:
        """A patient's visits were found: their headers and table may tell of more eyes."""
        told = {Path(seen.path): seen for seen in photographs}
        if not told.items() <= self._visits.items():
            self._visits |= told
            self.changed.emit()

    def look_for_disc(self, file: PictureFile) -> bool:
        """Look for a photograph's disc in the eye in force; whether that is under way."""
        return self._found.look(file, self.told(Path(file.path), file.content_hash))

    def say_eye(self, picture: Picture, eye: Laterality, beside: Picture | None = None) -> None:
        """The reader says which eye it is; the fellow beside it is then the other."""
        self._say(picture, eye)
        if beside is not None and self.which(beside).laterality is not _OTHER[eye]:
            self._say(beside, _OTHER[eye])
        self.changed.emit()

    def say_fellow(self, picture: Picture, fellow: Picture) -> None:
        """The reader says that two photographs are a pair; both records have it."""
        for one, other in ((picture, fellow), (fellow, picture)):
            self._say_other(one, other.opened.name, other.opened.content_hash)
        own, others = self.which(picture).laterality, self.which(fellow).laterality
        if own is not None and others is not _OTHER[own]:
            self._say(fellow, _OTHER[own])
        elif own is None and others is not None:
            self._say(picture, _OTHER[others])
        self.changed.emit()

    def say_alone(self, picture: Picture, fellow: Picture | None) -> None:
        """The reader says that the photograph has no fellow, nor has the one shown as such."""
        for one in (picture, *((fellow,) if fellow is not None else ())):
            self._say_other(one, "", "")
        self.changed.emit()

    # ---- inside

    def _which(self, path: Path, content: str) -> WhichEye:
        """The strongest word on which eye a photograph shows: all who ask for the eye ask here.

        Without a ``content`` neither the reader nor the disc is asked.
        """
        facts, seen = self._facts_of(path), self._visits.get(path)
        by_visits = {} if seen is None else {seen.eye_from: seen.eye}
        say = partial(
            which_eye,
            path.name,
            header=facts.header or self._decoded.get(path) or by_visits.get(Source.HEADER),
            table=facts.tabled.eye or by_visits.get(Source.TABLE),
            reader=self.said(content) if content else None,
        )
        # The disc is looked for in the eye that all others tell.
        found = self._found.of(content, say().told)
        return say(disc=None if found is None else found.laterality)

    def _say(self, picture: Picture, eye: Laterality) -> None:
        self._store.say(picture.opened.content_hash, lambda act: EyeSaid(act, eye))

    def _say_other(self, picture: Picture, name: str, content_hash: str) -> None:
        subject = picture.opened.content_hash
        self._store.say(subject, lambda act: OtherEyeSaid(act, name, content_hash))

    def _candidates(self, picture: Picture) -> list[Path]:
        folder = picture.path.parent
        here = (path for path in self._facts if path.parent == folder)
        all_ = dict.fromkeys((*self._walk.paths, *self.listed(), *here))
        return [path for path in all_ if path != picture.path]

    def _facts_of(self, path: Path) -> EyeFacts:
        return self._facts.get(path) or EyeFacts(str(path))

    def _side(self, facts: EyeFacts) -> Laterality | None:
        path = Path(facts.path)
        return self.of(path, self._content(path))

    def _told(self, facts: EyeFacts) -> Laterality | None:
        """Which eye the file itself or the visits' table says."""
        return self.of(Path(facts.path), "")

    def _content(self, path: Path) -> str:
        """The hash of the file's content; empty if it is not known yet."""
        file = self._readings.file(path)
        return file.content_hash if file is not None else self._contents.get(path, "")

    def _ask(self, asked: tuple[Path, bool]) -> int:
        number = self._client.find_eyes(asked[:1], headers=asked[1])
        self._folders.add(asked)
        self._asked[number] = asked
        return number

    def _on_tables(self) -> None:
        """A table beside what is shown came, went or was changed: read them again."""
        folder, above = self.tables.folders
        headers = (folder, True) in self._folders
        # Other folders that these tables may tell of are asked about again once they are shown.
        near = {folder, above}
        self._folders -= {each for each in self._folders if near & {each[0], each[0].parent}}
        self._read_again = self._ask((folder, headers))

    def _on_eyes(self, message: EyesFound) -> None:
        if (asked := self._asked.pop(message.id, None)) is None:
            return
        before = self._facts, self._faults
        self._facts = _untabled(self._facts, {Path(each.path) for each in message.eyes}, *asked)
        for told in message.eyes:
            path = Path(told.path)
            self._facts[path] = _joined(self._facts.get(path), told, path.parent == asked[0])
        self._faults = tuple((fault.what, fault.why) for fault in message.faults)
        again = message.id == self._read_again
        # Not every table is one of visits: one that grows meanwhile is no news.
        if again and (self._facts, self._faults) == before:
            return
        if again:
            self._visits.clear()
            self.tables_changed.emit()
        self.changed.emit()
        if again and not message.faults:
            tells = any(
                each.tabled.table for path, each in self._facts.items() if path.parent == asked[0]
            )
            what = READ_AGAIN if tells else TABLE_GONE
            self.noticed.emit(Notice("table", what, icon="refresh", passing=True))
        for fault in message.faults:
            detail = f"{fault.why} {fault.advice}"
            self.noticed.emit(Notice("table", fault.what, detail, "alert-circle"))

    def _on_over(self, message: Refused | Failed | Gone) -> None:
        # Nothing depends on it: an eye that cannot be told is said to be not known.
        if (asked := self._asked.pop(message.id, None)) is not None:
            self._lost.add(asked)

    def _on_state(self, state: EngineState) -> None:
        """Ask again about folders that were lost to an engine that a person started anew."""
        if state is EngineState.OFF:
            self._was_off = True
        elif state is EngineState.READY and self._was_off:
            self._was_off = False
            self._folders -= self._lost
            self._lost.clear()
            self.changed.emit()


def _untabled(
    facts: Mapping[Path, EyeFacts], told: Container[Path], folder: Path, headers: bool
) -> dict[Path, EyeFacts]:
    """What is known, without a table's word on photographs of which none tells any more.

    Without ``headers`` nothing was told of files that only a header shows to be photographs.
    """
    return {
        path: replace(each, tabled=Tabled())
        if path not in told
        and folder in (path.parent, Path(each.tabled.table).parent)
        and (headers or is_photograph_name(path))
        else each
        for path, each in facts.items()
    }


def _joined(known: EyeFacts | None, told: EyeFacts, own: bool) -> EyeFacts:
    """What is known of a photograph with what is told of it now, perhaps without its header.

    ``own`` is whether its own folder was asked about: a table there is stronger than another's.
    """
    if known is None:
        return told
    same = known.tabled.table in ("", told.tabled.table)
    tabled = told.tabled if own or same else known.tabled
    without = replace(told, tabled=Tabled()) == EyeFacts(told.path)
    return replace(known if without else told, tabled=tabled)
