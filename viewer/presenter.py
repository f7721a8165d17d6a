"""What is on the screen and what was asked about it: the window's decisions, without widgets."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.answers import Criterion, Heatmap, Look, PackSummary, RetinopathyAnswer
from engine.service.messages import (
    Answered,
    Failed,
    Gone,
    MapFile,
    Opened,
    Packs,
    PictureFile,
    Ready,
    Refused,
)
from engine.settings import Settings
from viewer.client.engine import EngineClient
from viewer.export import Exports
from viewer.jobs import Awaited, Jobs
from viewer.neighbours import Walk
from viewer.notices import Notice, cancelled, failed, gone, our_fault
from viewer.preferences import Preferences
from viewer.standing import Standing

PANE = "photograph"
QUESTION = "retinopathy"


@dataclass(frozen=True)
class Picture:
    """The photograph on the screen."""

    path: Path
    opened: Opened

    @property
    def file(self) -> PictureFile:
        """The picture as the engine is told of it."""
        return PictureFile(str(self.path), self.opened.content_hash)


class Presenter(QObject):
    """Opens, asks, asks again, cancels and exports; only answers to the newest question count."""

    picture_changed = Signal()
    standing_changed = Signal()
    packs_changed = Signal()
    look_changed = Signal()
    noticed = Signal(object)
    """A ``Notice``."""

    def __init__(self, client: EngineClient, settings: Settings, scratch: Path) -> None:
        super().__init__()
        self.preferences = Preferences(settings)
        self.preferences.changed.connect(self.look_changed)
        self.picture: Picture | None = None
        self.answer: RetinopathyAnswer | None = None
        self.heatmap: Heatmap | None = None
        self.packs: tuple[PackSummary, ...] = ()
        self.devices: tuple[str, ...] = ()
        self.device_reason = ""
        self.pack: PackSummary | None = None
        self.visible = True
        self._client = client
        self.map_file: MapFile | None = None
        self._opening: int | None = None
        self._opening_path = Path()
        self.walk = Walk(self)
        self.walk.chosen.connect(self.open)
        self.walk.changed.connect(self.standing_changed)
        self._asking: int | None = None
        self._asked: set[int] = set()
        self.jobs = Jobs(self)
        self.exports = Exports(self, client, scratch)
        self._engine_ready = self._engine_broken = False
        client.ready.connect(self._on_ready)
        client.progressed.connect(self.jobs.progress)
        client.opened.connect(self._on_opened)
        client.answered.connect(self._on_answered)
        client.packs_changed.connect(self._on_packs)
        client.refused.connect(self._on_refused)
        client.failed.connect(self._on_failed)
        client.gone.connect(self._on_gone)
        client.restarted.connect(self._on_restarted)

    # ---- what is shown

    @property
    def standing(self) -> Standing:
        """How what the model says stands to what is shown."""
        if self.picture is None:
            return Standing.NO_PICTURE
        if self.answer is not None:
            return Standing.STALE if self._is_stale() else Standing.ANSWERED
        if self._engine_broken:
            return Standing.NOT_ANSWERED
        if self._asking is not None or not self._engine_ready:
            return Standing.ASKING
        return Standing.NO_PACK if self.pack is None else Standing.NOT_ANSWERED

    @property
    def packs_known(self) -> bool:
        """Whether the engine has told which packs there are."""
        return self._engine_ready

    @property
    def asking(self) -> bool:
        """Whether an answer is being made."""
        return self._asking is not None

    @property
    def opening(self) -> bool:
        """Whether a picture is being read."""
        return self._opening is not None

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.preferences.settings

    @property
    def criterion(self) -> Criterion:
        """The criterion in force."""
        return Criterion(self.settings.criterion)

    @property
    def look(self) -> Look:
        """How the heatmap is laid over the picture."""
        kept = self.settings
        return Look(kept.opacity, kept.threshold, kept.colour_map, self.visible)

    def _is_stale(self) -> bool:
        answer = self.answer
        return (
            self._asking is not None
            or answer is None
            or answer.criterion is not self.criterion
            or self.pack is None
            or answer.pack.sha256 != self.pack.sha256
        )

    # ---- what a person does

    @property
    def place(self) -> tuple[int, int]:
        """Which picture of how many this is, counted from 1."""
        if self.picture is not None and not self.opening:
            # What was refused or cancelled is not shown; a step goes on from it all the same.
            return self.walk.place(self.picture.path)
        return self.walk.place(self._opening_path)

    def open(self, path: Path) -> None:
        """Open a picture; a newer choice replaces one that is still loading."""
        if self._opening is not None:
            self._drop(self._opening)
        path = Path(path).absolute()
        self._opening_path = self.walk.at = path
        self._opening = self._client.open(path)
        self.jobs.begin(self._opening, f"Opening {path.name}", lambda: self.open(path))
        self.standing_changed.emit()

    def close_picture(self) -> None:
        """Take the photograph off the screen: a volume is shown."""
        if self._opening is not None:
            self._drop(self._opening)
            self._opening = None
        self._forget_answer()
        shown, self.picture = self.picture, None
        if shown is not None:
            self._client.release(shown.opened.file)
        self.standing_changed.emit()

    def ask(self) -> None:
        """Ask the pack in force about the picture on the screen."""
        if self.picture is None or self.pack is None:
            self.standing_changed.emit()
            return
        if self._asking is not None:
            self.jobs.end(self._asking)
        shown = self.picture
        self._asking = self._client.ask(
            pane=PANE,
            picture=shown.file,
            pack=self.pack.path,
            criterion=self.criterion,
            device=self.settings.device,
        )
        self._asked.add(self._asking)
        self.jobs.begin(
            self._asking, f"Reading {shown.opened.name} with {self.pack.name}", self.ask
        )
        self.standing_changed.emit()

    def choose_pack(self, pack: PackSummary) -> None:
        """Put another pack in force and ask again."""
        if self.pack is None or pack.path != self.pack.path:
            self.pack = pack
            self.preferences.change(pack=pack.path)
            self.packs_changed.emit()
            self.ask()

    def choose_criterion(self, criterion: Criterion) -> None:
        """Draw the heatmap by another criterion: ask again."""
        if criterion is not self.criterion:
            self.preferences.change(criterion=criterion.value)
            self.ask()

    def choose_device(self, device: str) -> None:
        """Compute elsewhere from now on: ask again."""
        if device != self.settings.device:
            self.preferences.change(device=device)
            self.ask()

    def show_heatmap(self, visible: bool) -> None:
        """Show or hide the heatmap; not kept over a restart."""
        self.visible = visible
        self.look_changed.emit()

    def reset_settings(self) -> None:
        """Go back to the settings of a first start; recent pictures stay."""
        self.preferences.reset()
        self.pack = None
        self._choose_kept_pack()
        self.packs_changed.emit()
        self.ask()

    def install_pack(self, path: Path) -> None:
        """Check a pack and copy it into the user's pack folder."""
        request = self._client.install_pack(path)
        self.jobs.begin(request, f"Checking the pack {path.name}", lambda: self.install_pack(path))

    def cancel(self, request: int) -> None:
        """Stop a request; its row says so at once."""
        if self.jobs.stop(request):
            self._client.cancel(request)

    # ---- what the engine says

    def _on_ready(self, message: Ready) -> None:
        # Only the first time: when the engine comes back, what a person cancelled, or what crashed
        # it, is not asked again by itself.
        first = not self._engine_ready
        self._engine_ready, self._engine_broken = True, False
        self.devices = message.devices
        self.device_reason = message.device_reason
        self._take_packs(message.packs)
        if first and self.picture is not None and self._asking is None:
            self.ask()
        self.standing_changed.emit()

    def _on_opened(self, message: Opened) -> None:
        if message.id != self._opening:
            self._client.release(message.file)
            return
        self.jobs.end(message.id)
        self._opening = None
        before = self.picture
        self._forget_answer()
        self.picture = Picture(self._opening_path, message)
        self.preferences.add_recent(self._opening_path)
        # What was hidden on one eye must not silently be hidden on the next.
        self.preferences.set_look(threshold=Settings().threshold)
        self.picture_changed.emit()
        if before is not None:
            self._client.release(before.opened.file)
        self.ask()

    def _on_answered(self, message: Answered) -> None:
        if message.id not in self._asked:
            return  # another part of the window asked, and lets go of what it got
        self._asked.remove(message.id)
        if message.id != self._asking:
            if message.heatmap is not None:
                self._client.release(message.heatmap.file)
            return
        self.jobs.end(message.id)
        self._asking = None
        old = self.map_file
        self.answer = message.answer
        self.map_file = message.heatmap
        self.heatmap = None
        if message.heatmap is not None and self.picture is not None:
            self.heatmap = self._mapped(message.heatmap, self.picture)
        self.standing_changed.emit()
        if old is not None:
            self._client.release(old.file)

    def _on_packs(self, message: Packs) -> None:
        self.jobs.end(message.id)
        self._take_packs(message.packs)
        for pack in message.packs:
            if message.installed in (pack.path, pack.name):
                self.noticed.emit(
                    Notice("pack", f"{pack.title} {pack.version} was added.", pack.name, "package")
                )
                self.choose_pack(pack)

    def _on_refused(self, message: Refused) -> None:
        if self._over(message.id) is not None:
            detail = f"{message.why} {message.advice}"
            self.noticed.emit(Notice("refused", message.what, detail, "alert-circle"))

    def _on_failed(self, message: Failed) -> None:
        request = self._over(message.id)
        if request is not None:
            self.noticed.emit(failed(message.report, request.again))
        elif message.id == 0:
            detail = "The engine cannot make itself ready; pictures can still be looked at."
            self.noticed.emit(our_fault(message.report, detail))
            self._engine_broken = True
            self.standing_changed.emit()

    def _on_gone(self, message: Gone) -> None:
        request = self._over(message.id)
        if request is not None and request.stopping:
            self.noticed.emit(cancelled(request.title, request.again))
        elif request is not None:
            self.noticed.emit(gone(request.title, message.why, request.again))

    def _on_restarted(self, why: str) -> None:
        self.noticed.emit(
            Notice("engine", why, "The picture stays on the screen.", "plug-connected-x")
        )

    def _mapped(self, file: MapFile, shown: Picture) -> Heatmap:
        pixels, numbers = self._client.mapped(shown.opened.file), self._client.mapped(file.file)
        return file.heatmap(numbers, pixels.shape[:2])

    def _drop(self, number: int) -> None:
        self.jobs.end(number)
        self._client.cancel(number)

    def _over(self, number: int) -> Awaited | None:
        """Forget a request that ended without a result; None if it was not awaited."""
        request = self.jobs.end(number)
        self._asked.discard(number)
        self.exports.forget(number)
        if number == self._opening:
            self._opening = None
            self.standing_changed.emit()
        if number == self._asking:
            self._asking = None
            self.standing_changed.emit()
        return request

    # ---- what is kept

    def _forget_answer(self) -> None:
        if self._asking is not None:
            # A question that follows replaces this one by itself.
            (self._drop if self.pack is None else self.jobs.end)(self._asking)
            self._asking = None
        if self.map_file is not None:
            self._client.release(self.map_file.file)
        self.answer, self.heatmap, self.map_file = None, None, None

    def _take_packs(self, packs: tuple[PackSummary, ...]) -> None:
        self.packs = tuple(pack for pack in packs if pack.question == QUESTION)
        self._choose_kept_pack()
        self.packs_changed.emit()

    def _choose_kept_pack(self) -> None:
        # Without a choice of the person's own, the pack that ships.
        usable = sorted(
            (pack for pack in self.packs if not pack.fault), key=lambda pack: not pack.shipped
        )
        wanted = self.pack.path if self.pack is not None else self.settings.pack
        kept = [pack for pack in usable if pack.path == wanted]
        self.pack = next(iter(kept or usable), None)
