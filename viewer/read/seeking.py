"""Seeks the next photograph of the folder of which the reader signed nothing."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QObject, QTimer, Signal

from viewer.notices import Notice
from viewer.photograph.presenter import Presenter
from viewer.photograph.reading_words import Signature

TOLD_AFTER = 500
"""Milliseconds of a search until it is told of: a folder on a disk of one's own is through."""


class Seeking(QObject):
    """Passes over what is signed without showing it, and opens the first that is not.

    The records know photographs by their content, so that files that were not read yet are hashed,
    one after the other. ``signed`` tells of a content's hash how the reader's word on it stands,
    ``known`` whether that was read from the records.
    """

    noticed = Signal(object)
    said = Signal(str)
    """What a search that takes long does, for the strip; empty once it is over."""
    _hashed = Signal(object, str)

    def __init__(
        self,
        presenter: Presenter,
        signed: Callable[[str], Signature | None],
        known: Callable[[str], bool],
    ) -> None:
        super().__init__(presenter)
        self._presenter = presenter
        self._signed = signed
        self._known = known
        self._left: list[Path] = []
        """What was not looked at yet, in order; empty while nothing is sought."""
        self._count = 0
        self._from = Path()
        self._hashing: Path | None = None
        self._hashed.connect(self._learn)
        self._told = False
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self._tell)
        presenter.walk.chosen.connect(self._look_at)

    def begin(self) -> None:
        """Seek behind the photograph on the screen, from the first on after the last."""
        walk = self._presenter.walk
        place = walk.place(walk.at)[0]
        self._left = [*walk.paths[place:], *walk.paths[:place]]
        self._count = len(self._left)
        self._from = walk.at
        self._late.start(TOLD_AFTER)
        self.go_on()

    @property
    def is_on(self) -> bool:
        """Whether something is sought."""
        return bool(self._left)

    def stop(self) -> bool:
        """Seek no more; whether anything was sought."""
        was = self.is_on
        self._left = []
        self._late.stop()
        if self._told:
            self._told = False
            self.said.emit("")
        return was

    def go_on(self) -> None:
        """More may be known. What a person opened meanwhile ends the search."""
        if not self._is_wanted:
            self.stop()
        while self._left:
            signed = self._is_signed(self._left[0])
            if signed is None:
                if self._told:
                    self._tell()
                return
            if not signed:
                self._open()
                return
            del self._left[0]
            if not self._left:
                self.stop()
                what = "You have signed every photograph of this folder."
                self.noticed.emit(Notice("sign", what, icon="check", passing=True))

    @property
    def _is_wanted(self) -> bool:
        return self._presenter.walk.at == self._from

    def _look_at(self, path: Path) -> None:
        if path != self._from:
            self.stop()

    def _tell(self) -> None:
        if self._left:
            self._told = True
            at = self._count - len(self._left) + 1
            what = "Looking for the next photograph without your signature"
            self.said.emit(f"{what}: {at} of {self._count}. Esc ends it.")

    def _open(self) -> None:
        path = self._left[0]
        self.stop()
        if path == self._from:
            what = "You have signed every other photograph of this folder."
            self.noticed.emit(Notice("sign", what, icon="check", passing=True))
        else:
            self._presenter.walk.go_to(path)

    def _is_signed(self, path: Path) -> bool | None:
        """None where it is not known yet; it is asked for."""
        file = self._presenter.readings.file(path)
        if file is None:
            if self._hashing != path:  # one that never ends holds up no other search
                self._hashing = path
                # A daemon: a network that does not answer must not keep the window from closing.
                Thread(target=self._hash, args=(path,), daemon=True).start()
            return None
        if self._signed(file.content_hash) is Signature.SIGNED:
            return True
        return False if self._known(file.content_hash) else None

    def _hash(self, path: Path) -> None:
        content_hash = ""
        with suppress(OSError), path.open("rb") as file:
            content_hash = hashlib.file_digest(file, "sha256").hexdigest()
        with suppress(RuntimeError):  # the window was closed meanwhile
            self._hashed.emit(path, content_hash)

    def _learn(self, path: Path, content_hash: str) -> None:
        if path == self._hashing:
            self._hashing = None
        readings = self._presenter.readings
        if content_hash and readings.file(path) is None:
            readings.learn(path, content_hash)
        if not content_hash and self._left[:1] == [path] and self._is_wanted:
            self._open()  # it cannot be read: opened, it says why
        else:
            self.go_on()
