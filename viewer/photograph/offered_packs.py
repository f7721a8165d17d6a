"""The packs there are, and the one in force, which is asked about photographs; no widgets."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine import folders
from engine.answers import PackSummary
from engine.service.messages import Packs
from viewer.client.engine import EngineClient
from viewer.files.watched import Watched
from viewer.jobs import Jobs
from viewer.notices import Notice
from viewer.preferences import Preferences

QUESTION = "retinopathy"
STAGE_QUESTION = "stage"


class OfferedPacks(QObject):
    """``packs`` answer whether an eye is referable, one of them in force; others tell stages."""

    changed = Signal()
    """There are others, or another is in force."""
    chosen = Signal()
    """A person put another one in force: what is shown is to be asked about anew."""
    noticed = Signal(object)
    """A ``Notice``."""

    def __init__(
        self, client: EngineClient, jobs: Jobs, preferences: Preferences, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.packs: tuple[PackSummary, ...] = ()
        self.stage_packs: tuple[PackSummary, ...] = ()
        self.pack: PackSummary | None = None
        self._client = client
        self._jobs = jobs
        self._preferences = preferences
        self._only_added: set[int] = set()
        self.folder = Watched(self)
        self.folder.changed.connect(client.list_packs)
        client.packs_changed.connect(self._on_packs)

    # ---- what a person does

    def choose(self, pack: PackSummary) -> None:
        """Put another pack in force."""
        if self.pack is None or pack.path != self.pack.path:
            self.pack = pack
            self._preferences.change(pack=pack.path)
            self.changed.emit()
            self.chosen.emit()

    def choose_anew(self) -> None:
        """Put in force what the settings have, whatever was chosen."""
        self.pack = None
        self._choose_kept()
        self.changed.emit()

    def install(self, path: Path, *, use: bool = True) -> None:
        """Check a pack and copy it into the user's pack folder; ``use`` puts it in force then."""
        request = self._client.install_pack(path)
        if not use:
            self._only_added.add(request)
        what = f"Checking the pack {path.name}"
        self._jobs.begin(request, what, lambda: self.install(path, use=use))

    # ---- what the engine says

    def begin(self, packs: tuple[PackSummary, ...]) -> None:
        """The engine is ready, and tells which there are."""
        self._take(packs)
        self.folder.follow(folders.packs())

    def _on_packs(self, message: Packs) -> None:
        self._jobs.end(message.id)
        self._take(message.packs)
        for pack in message.packs:
            if message.installed in (pack.path, pack.name):
                added = f"{pack.title} {pack.version} was added."
                self.noticed.emit(Notice("pack", added, pack.name, "package", passing=True))
                if message.id not in self._only_added:
                    self._put_in_force(pack)

    def _put_in_force(self, pack: PackSummary) -> None:
        if pack.question == QUESTION:
            self.choose(pack)
        elif pack.question == STAGE_QUESTION:
            self._preferences.change(stage_pack=pack.path)

    def _take(self, packs: tuple[PackSummary, ...]) -> None:
        self.packs = tuple(pack for pack in packs if pack.question == QUESTION)
        self.stage_packs = tuple(pack for pack in packs if pack.question == STAGE_QUESTION)
        before = self.pack
        self._choose_kept()
        self.changed.emit()
        if before is not None and self.pack is not None and before.path != self.pack.path:
            self._tell_other(before, self.pack)

    def _choose_kept(self) -> None:
        # The person's own choice, also where it was gone for a while, as when it is replaced by a
        # newer one; without any, the pack that ships.
        usable = sorted(
            (pack for pack in self.packs if not pack.fault), key=lambda pack: not pack.shipped
        )
        paths = (self._preferences.settings.pack, self.pack.path if self.pack is not None else "")
        kept = [pack for path in paths for pack in usable if pack.path == path]
        self.pack = next(iter(kept or usable), None)

    def _tell_other(self, before: PackSummary, now: PackSummary) -> None:
        """Nobody chose it here, and it answers from now on."""
        asked = f"{now.name} {now.version} is asked from now on."
        if before.path in {pack.path for pack in self.packs if not pack.fault}:
            self.noticed.emit(Notice("pack", asked, "It is here again.", "package", passing=True))
            return
        gone = f"The pack {before.name} {before.version} cannot be asked any more."
        self.noticed.emit(Notice("pack", gone, asked, "alert-circle"))
