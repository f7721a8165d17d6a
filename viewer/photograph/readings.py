"""What is known of every photograph of a session: pixels while there is room, and answers."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.answers import Criterion, Decision, Heatmap, RetinopathyAnswer
from engine.service.messages import Answered, MapFile, Opened, PictureFile
from viewer.client.engine import EngineClient

ROOM = 320 * 2**20
"""Bytes of photographs beside the one that is shown: three of 12 megapixels."""
_EACH = 3
"""Times the pixels' own bytes that a photograph takes, with what a view makes of it."""
MOST_ANSWERS = 64
"""Answers that are kept with their maps, each 0.2 MB; decisions are kept for all."""


@dataclass(frozen=True)
class Question:
    """What is asked about pictures; ``sha256`` is the seal of the pack at the path ``pack``."""

    pack: str
    sha256: str
    criterion: Criterion
    device: str


@dataclass(frozen=True, eq=False)
class Picture:
    """A photograph that was read; ``pixels`` are mapped, uint8 (y, x, 3)."""

    path: Path
    opened: Opened
    pixels: NDArray[np.uint8]

    @property
    def file(self) -> PictureFile:
        """The picture as the engine is told of it."""
        return PictureFile(str(self.path), self.opened.content_hash)


@dataclass(frozen=True, eq=False)
class Said:
    """An answer and its map, float32 (y, x) on the network's grid; both None if ungradable."""

    answer: RetinopathyAnswer
    map_file: MapFile | None = None
    values: NDArray[np.float32] | None = None

    def heatmap(self, picture: Picture) -> Heatmap | None:
        """The map as it lies on ``picture``."""
        if self.map_file is None or self.values is None:
            return None
        return self.map_file.heatmap(self.values, picture.pixels.shape[:2])


@dataclass(eq=False)
class _Reading:
    """What is known of one file, as long as its content is the same."""

    content_hash: str = ""
    picture: Picture | None = None
    decisions: dict[str, Decision] = field(default_factory=dict)


class Readings(QObject):
    """Keeps what the engine has said, by the file's path; lets go of every array exactly once.

    An answer belongs to a file's content: once that is another, it is forgotten.
    """

    changed = Signal(object)
    """The ``Path`` of which something else is known now."""
    replaced = Signal(object)
    """The ``Path`` of a file that holds another photograph than was known."""

    def __init__(self, client: EngineClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._known: dict[Path, _Reading] = {}
        self._said: OrderedDict[tuple[Path, Question], Said] = OrderedDict()
        self._near: frozenset[Path] = frozenset()

    # ---- what is known

    def picture(self, path: Path) -> Picture | None:
        """The photograph, if its pixels are at hand."""
        known = self._known.get(path)
        return known.picture if known is not None else None

    def file(self, path: Path) -> PictureFile | None:
        """The file and the hash of its content, if that is known."""
        known = self._known.get(path)
        if known is None or not known.content_hash:
            return None
        return PictureFile(str(path), known.content_hash)

    def said(self, path: Path, question: Question) -> Said | None:
        """The answer to this very question, if it is at hand."""
        said = self._said.get((path, question))
        if said is not None:
            self._said.move_to_end((path, question))
        return said

    def decision(self, path: Path, sha256: str) -> Decision | None:
        """What the pack with this seal has decided; the same whatever the criterion."""
        known = self._known.get(path)
        return known.decisions.get(sha256) if known is not None else None

    # ---- what is learned

    def keep_picture(self, path: Path, opened: Opened) -> Picture:
        """Take a photograph's array over, or release it if the same content is at hand."""
        known = self.learn(path, opened.content_hash)
        if known.picture is not None:
            self._client.release(opened.file)
            return known.picture
        known.picture = Picture(path, opened, self._client.mapped(opened.file))
        self.changed.emit(path)
        return known.picture

    def learn(self, path: Path, content_hash: str) -> _Reading:
        """The file's content is this; what was known of another content is forgotten."""
        known = self._known.setdefault(path, _Reading(content_hash))
        if known.content_hash != content_hash:
            self._drop_pixels(known)
            for key in [key for key in self._said if key[0] == path]:
                self._drop_said(key)
            known = self._known[path] = _Reading(content_hash)
            self.replaced.emit(path)
            self.changed.emit(path)
        return known

    def keep_answer(self, file: PictureFile, question: Question, message: Answered) -> None:
        """Take an answer and its map over; those of another content are let go."""
        path = Path(file.path)
        known = self._known.get(path)
        if known is None or known.content_hash != file.content_hash:
            if message.heatmap is not None:
                self._client.release(message.heatmap.file)
            return
        if (path, question) in self._said:
            self._drop_said((path, question))
        values = None
        if message.heatmap is not None:
            values = self._client.mapped(message.heatmap.file)
        self._said[path, question] = Said(message.answer, message.heatmap, values)
        known.decisions[question.sha256] = message.answer.decision
        if len(self._said) > MOST_ANSWERS:
            oldest = (key for key in self._said if key[0] not in self._near)
            self._drop_said(next(oldest, next(iter(self._said))))
        self.changed.emit(path)

    # ---- what goes

    def make_room(self, kept: Sequence[Path], first: int = 1) -> list[Path]:
        """Let go of all pixels but those of ``kept``, in their order as far as there is room.

        The ``first`` stay whatever they take. Returns those of ``kept`` that found no room.
        """
        self._near = frozenset(kept)
        taken, too_much = 0, []
        for place, path in enumerate(kept):
            if (picture := self.picture(path)) is None or place < first:
                continue
            taken += _EACH * picture.pixels.nbytes
            if taken > ROOM:
                too_much.append(path)
        stay = set(kept) - set(too_much)
        for path, known in self._known.items():
            if path not in stay:
                self._drop_pixels(known)
        return too_much

    def _drop_pixels(self, known: _Reading) -> None:
        picture, known.picture = known.picture, None
        if picture is not None:
            self._client.release(picture.opened.file)

    def _drop_said(self, key: tuple[Path, Question]) -> None:
        said = self._said.pop(key)
        if said.map_file is not None:
            self._client.release(said.map_file.file)
