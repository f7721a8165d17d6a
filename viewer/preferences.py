"""The settings in force: changed at once, written a moment later beside the window's thread."""

from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from engine import folders
from engine import settings as kept
from engine.settings import Settings
from viewer.worker import Worker

_SAVE_AFTER_MS = 800


class Preferences(QObject):
    """Holds ``settings`` and writes them after the last of several changes."""

    changed = Signal()
    not_saved = Signal(str)
    """They could not be written; a sentence why, told once."""

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self._told = ""
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_SAVE_AFTER_MS)
        self._late.timeout.connect(self._save_beside)
        # One after the other, so that the last values are what stays.
        self._worker = Worker("settings")

    def change(self, **changes: object) -> None:
        """Put other values in force, by the names of ``Settings``."""
        self._put(msgspec.structs.replace(self.settings, **changes))

    def keep(self, **changes: object) -> None:
        """As ``change``, for what nobody has to be told."""
        self.settings = msgspec.structs.replace(self.settings, **changes)
        self._late.start()

    def set_look(
        self,
        *,
        opacity: float | None = None,
        threshold: float | None = None,
        colour_map: str | None = None,
    ) -> None:
        """Lay heatmaps over pictures in another way; parts are held between 0 and 1."""
        now = self.settings
        self.change(
            opacity=min(max(now.opacity if opacity is None else opacity, 0.0), 1.0),
            threshold=min(max(now.threshold if threshold is None else threshold, 0.0), 1.0),
            colour_map=colour_map or now.colour_map,
        )

    def step_opacity(self, change: float) -> None:
        """More or less of the heatmap."""
        self.set_look(opacity=round(self.settings.opacity + change, 2))

    def step_threshold(self, change: float) -> None:
        """Hide more or less of the weak evidence."""
        self.set_look(threshold=round(self.settings.threshold + change, 2))

    def reset_look(self) -> None:
        """The usual opacity and *Hide below*."""
        usual = Settings()
        self.set_look(opacity=usual.opacity, threshold=usual.threshold)

    def add_recent(self, path: Path) -> None:
        """A picture was opened."""
        self._put(self.settings.with_recent(path))

    def begin_picture(self, path: Path) -> None:
        """A photograph is shown: a recent one from now on, with nothing hidden but the usual."""
        self.set_look(threshold=Settings().threshold)
        # Who lists them looks when the list is opened: nobody has to be told.
        self.keep(recent=self.settings.with_recent(path).recent)

    def reset(self) -> None:
        """The settings of a first start; recent pictures and the window's place stay."""
        self._put(Settings(recent=self.settings.recent, geometry=self.settings.geometry))

    def save(self) -> None:
        """Write them now, and wait until they are written."""
        self._late.stop()
        self._worker.wait()
        self._write(self.settings)

    def _save_beside(self) -> None:
        # A disk may take its time to say that all is written.
        settings = self.settings
        self._worker.start(lambda: self._write(settings))

    def _write(self, settings: Settings) -> None:
        why = ""
        try:
            kept.save(settings)
        except OSError as fault:
            why = f"{folders.config()} cannot be written: {folders.reason(fault)}."
        if why and why != self._told:
            self.not_saved.emit(why)
        self._told = why

    def _put(self, settings: Settings) -> None:
        if settings != self.settings:
            self.settings = settings
            self._late.start()
            self.changed.emit()
