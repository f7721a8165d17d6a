"""Folders in which others may put files while the window is open: told once they did."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

_SETTLED_MS = 300
"""How long nothing must happen: what is copied comes in pieces."""

_State = dict[Path, frozenset[tuple[Path, int, int]]]
"""Of each folder each entry, when it changed and its size."""


class Watched(QObject):
    """Watches the entries of some folders that end in ``ending``, hidden ones aside.

    A folder need not be there yet. Entries are looked at on a thread: a network keeps one waiting.
    Of a folder that was watched before and is again, what happened meanwhile is told, too.
    """

    changed = Signal()
    """An entry came, went, or is another than when it was last looked at."""
    _looked = Signal(object, object, object)

    def __init__(self, parent: QObject, *, ending: str = "") -> None:
        super().__init__(parent)
        self._ending = ending
        self._folders: tuple[Path, ...] = ()
        self._known: _State = {}
        self._looking = True
        self._watcher: QFileSystemWatcher | None = None
        self._late = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._late.timeout.connect(self._look)
        self._looked.connect(self._take)

    def follow(self, *folders: Path) -> None:
        """Watch these folders from now on, and no others."""
        if folders != self._folders:
            self._folders, self._looking = folders, True
            self._look()

    def close(self) -> None:
        """Watch nothing any more."""
        self._folders, self._known = (), {}
        self._late.stop()
        if self._watcher is not None:
            self._watcher.setParent(None)
            self._watcher.deleteLater()
            self._watcher = None

    @property
    def folders(self) -> tuple[Path, ...]:
        """What is watched."""
        return self._folders

    @property
    def is_looking(self) -> bool:
        """Whether nothing is known yet of the folders as they are."""
        return self._looking

    def _look(self) -> None:
        folders = self._folders
        # A daemon: a network that does not answer must not keep the window from closing.
        Thread(target=lambda: self._tell(folders), daemon=True).start()

    def _tell(self, folders: tuple[Path, ...]) -> None:
        state, places = _state(folders, self._ending), _places(folders)
        with suppress(RuntimeError):  # the window was closed meanwhile
            self._looked.emit(folders, state, places)

    def _take(self, folders: tuple[Path, ...], state: _State, places: set[Path]) -> None:
        if folders != self._folders:
            return
        before, self._known = self._known, self._known | state
        self._looking = False
        if self._watch({*places, *(path for found in state.values() for path, *_ in found)}):
            self._late.start()  # what happened after the look, and before the system was to tell
        if any(before.get(folder, found) != found for folder, found in state.items()):
            self.changed.emit()

    def _watch(self, paths: set[Path]) -> bool:
        """Have the system tell of these and no others; whether any is new."""
        if self._watcher is None:
            self._watcher = QFileSystemWatcher(self)
            self._watcher.directoryChanged.connect(lambda _: self._late.start())
            self._watcher.fileChanged.connect(lambda _: self._late.start())
        wanted = {str(path) for path in paths}
        known = {*self._watcher.directories(), *self._watcher.files()}
        if gone := known - wanted:
            self._watcher.removePaths(sorted(gone))
        new = wanted - known
        # The system may take no more of them.
        return bool(new) and len(self._watcher.addPaths(sorted(new))) < len(new)


def _places(folders: tuple[Path, ...]) -> set[Path]:
    """The folders, and of a missing one where it will be."""
    return {
        next((each for each in (folder, *folder.parents) if each.is_dir()), folder)
        for folder in folders
    }


def _state(folders: tuple[Path, ...], ending: str) -> _State:
    return {folder: frozenset(_entries(folder, ending)) for folder in folders}


def _entries(folder: Path, ending: str) -> Iterator[tuple[Path, int, int]]:
    with suppress(OSError):
        for path in folder.iterdir():
            if path.name.lower().endswith(ending) and not path.name.startswith("."):
                with suppress(OSError):
                    told = path.stat()
                    yield path, told.st_mtime_ns, told.st_size
