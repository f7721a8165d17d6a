"""What is on the screen and what was asked about it: the window's decisions, without widgets."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine import folders
from engine.answers import PAPERS, Criterion, Heatmap, Look, PackSummary, RetinopathyAnswer
from engine.service.messages import (
    Answered,
    Failed,
    Gone,
    MapFile,
    Opened,
    Packs,
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
from viewer.read_ahead import Now, ReadAhead
from viewer.readings import Picture, Question, Readings
from viewer.same_file import SameFile
from viewer.standing import Standing
from viewer.watched import Watched

PANE = "photograph"
QUESTION = "retinopathy"
STAGE_QUESTION = "stage"


class Presenter(QObject):
    """Opens, asks, asks again, cancels and exports; only answers to the newest question count.

    ``readings`` is what is known of any photograph, ``ahead`` reads and asks beforehand. ``veil``
    says by its content's hash whether a photograph's answer must wait for the reader's signature:
    then there is no ``answer`` and no ``heatmap`` here, for anybody.
    """

    picture_changed = Signal()
    lost_changed = Signal()
    """What was opened could not be shown: nothing is, and ``lost`` is its path."""
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
        self.lost: Path | None = None
        self.answer: RetinopathyAnswer | None = None
        self.heatmap: Heatmap | None = None
        self.packs: tuple[PackSummary, ...] = ()
        self.stage_packs: tuple[PackSummary, ...] = ()
        self._only_added: set[int] = set()
        self.devices: tuple[str, ...] = ()
        self.device_reason = ""
        self.pack: PackSummary | None = None
        self.visible = True
        self.veil: Callable[[str], bool] = lambda _: False
        self._client = client
        self.map_file: MapFile | None = None
        self._opening: int | None = None
        self._opening_path = Path()
        self._dropped: set[int] = set()
        self.readings = Readings(client, self)
        self._same = SameFile(client, self.readings, self)
        self._same.changed.connect(self._on_file_changed)
        self._same.lost.connect(self._on_file_lost)
        self.walk = Walk(self)
        self.walk.chosen.connect(self.open)
        self.walk.changed.connect(self.standing_changed)
        self.ahead = ReadAhead(client, self.readings, self.walk, self)
        self._asking: int | None = None
        self._asked: Question | None = None
        self.jobs = Jobs(self)
        self.exports = Exports(self, client, scratch)
        self._engine_ready = self._engine_broken = False
        self.pack_folder = Watched(self)
        self.pack_folder.changed.connect(client.list_packs)
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
        if self.is_veiled:
            return Standing.HIDDEN
        if self.answer is not None:
            return Standing.STALE if self._is_stale() else Standing.ANSWERED
        if self._engine_broken:
            return Standing.NOT_ANSWERED
        if self._asking is not None or not self._engine_ready:
            return Standing.ASKING
        return Standing.NO_PACK if self.pack is None else Standing.NOT_ANSWERED

    @property
    def is_veiled(self) -> bool:
        """Whether what the model says of the photograph must not be told yet."""
        shown = self.picture
        return shown is not None and self.pack is not None and self.veil(shown.opened.content_hash)

    def look_behind_veil(self) -> None:
        """The veil may have been lifted, or laid: tell the answer, or tell it no more."""
        if not self.is_veiled:
            self._say_known()
        self._tell()

    @property
    def packs_known(self) -> bool:
        """Whether the engine has told which packs there are."""
        return self._engine_ready

    @property
    def asking(self) -> bool:
        """Whether an answer is being made."""
        return self._asking is not None

    @property
    def question(self) -> Question | None:
        """What is asked about every picture now; None without a pack."""
        pack = self.pack
        if pack is None:
            return None
        return Question(pack.path, pack.sha256, self.criterion, self.settings.device)

    @property
    def opening(self) -> bool:
        """Whether a picture is being read."""
        return self._opening is not None

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.preferences.settings

    @property
    def wanted_criterion(self) -> Criterion | None:
        """The one that the person chose; None where it is to be the pack's usual one."""
        chosen = self.settings.criterion
        return Criterion(chosen) if chosen else None

    @property
    def criterion(self) -> Criterion:
        """The criterion in force."""
        wanted = self.wanted_criterion
        return (wanted or PAPERS[0]) if self.pack is None else self.pack.criterion(wanted)

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
        """Show a picture, at once if it was read ahead; a newer choice replaces an older one."""
        if self._opening is not None:
            self._drop(self._opening)
            self._opening = None
        path = Path(path).absolute()
        self._opening_path = self.walk.at = path
        if (ready := self.readings.picture(path)) is not None:
            self._show(ready)
            self._same.look(path)
            return
        number = self.ahead.take_opening(path)
        self._opening = self._client.open(path) if number is None else number
        self.jobs.begin(self._opening, f"Opening {path.name}", lambda: self.open(path))
        self._tell()

    def close_picture(self) -> None:
        """Take the photograph off the screen: a volume is shown."""
        if self._opening is not None:
            self._drop(self._opening)
            self._opening = None
        self._clear(None)
        self._tell()

    def forget_lost(self) -> None:
        """A volume, or a list, stands where a photograph could not be shown."""
        self.lost = None

    def ask(self) -> None:
        """Ask the pack in force about the picture on the screen, unless its answer is at hand."""
        shown, question = self.picture, self.question
        if shown is None or self.pack is None or question is None:
            self._tell()
            return
        self._await_no_answer()
        if self._say_known():
            self._tell()
            return
        number = self.ahead.take_asking(shown.path, question)
        self._asked = question
        self._asking = number or self._client.ask(
            pane=PANE,
            picture=shown.file,
            pack=question.pack,
            criterion=question.criterion,
            device=question.device,
        )
        self.jobs.begin(
            self._asking, f"Reading {shown.opened.name} with {self.pack.name}", self.ask
        )
        self._tell()

    def choose_pack(self, pack: PackSummary) -> None:
        """Put another pack in force and ask again."""
        if self.pack is None or pack.path != self.pack.path:
            self.pack = pack
            self.preferences.change(pack=pack.path)
            self.packs_changed.emit()
            self.ask()

    def choose_criterion(self, criterion: Criterion) -> None:
        """Draw the heatmap by another criterion: ask again.

        Decided: back to the pack's usual one is back to every pack's usual one.
        """
        if criterion is not self.criterion:
            usual = self.pack is not None and criterion is self.pack.criterion(None)
            self.preferences.change(criterion="" if usual else criterion.value)
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

    def install_pack(self, path: Path, *, use: bool = True) -> None:
        """Check a pack and copy it into the user's pack folder; ``use`` puts it in force then."""
        request = self._client.install_pack(path)
        if not use:
            self._only_added.add(request)
        what = f"Checking the pack {path.name}"
        self.jobs.begin(request, what, lambda: self.install_pack(path, use=use))

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
        self.pack_folder.follow(folders.packs())
        if first and self.picture is not None and self._asking is None:
            self.ask()
        self._tell()

    def _on_opened(self, message: Opened) -> None:
        if message.id == self._opening:
            self.jobs.end(message.id)
            self._opening = None
            self._show(self.readings.keep_picture(self._opening_path, message))
        elif message.id in self._dropped:
            self._dropped.discard(message.id)
            self._client.release(message.file)

    def _show(self, picture: Picture) -> None:
        """Put a photograph on the screen, with its answer if that is at hand."""
        self._forget_answer()
        self.picture, self.lost = picture, None
        # What was hidden on one eye must not silently be hidden on the next.
        self.preferences.begin_picture(picture.path)
        self._say_known()
        self.picture_changed.emit()
        self.ask()

    def _on_answered(self, message: Answered) -> None:
        shown, asked = self.picture, self._asked
        if message.id != self._asking or shown is None or asked is None:
            if message.id in self._dropped and message.heatmap is not None:
                self._client.release(message.heatmap.file)
            self._dropped.discard(message.id)
            return
        self.jobs.end(message.id)
        self._asking = None
        self.readings.keep_answer(shown.file, asked, message)
        self._say_known(asked)
        self._tell()

    def _say_known(self, asked: Question | None = None) -> bool:
        """Tell the answer to the question if it is at hand."""
        shown, question = self.picture, asked or self.question
        if shown is None or question is None:
            return False
        said = self.readings.said(shown.path, question)
        if said is not None and said.answer is not self.answer and not self.is_veiled:
            self.answer, self.map_file = said.answer, said.map_file
            self.heatmap = said.heatmap(shown)
        return said is not None

    def _on_file_changed(self, path: Path) -> None:
        picture = self.readings.picture(path)
        if picture is not None and self.picture is not None and self.picture.path == path:
            self._show(picture)

    def _on_file_lost(self, path: Path, message: Refused) -> None:
        if self.picture is not None and self.picture.path == path:
            self._tell_refused(message)

    def _on_packs(self, message: Packs) -> None:
        self.jobs.end(message.id)
        self._take_packs(message.packs)
        for pack in message.packs:
            if message.installed in (pack.path, pack.name):
                added = f"{pack.title} {pack.version} was added."
                self.noticed.emit(Notice("pack", added, pack.name, "package", passing=True))
                if message.id not in self._only_added:
                    self._put_in_force(pack)

    def _put_in_force(self, pack: PackSummary) -> None:
        if pack.question == QUESTION:
            self.choose_pack(pack)
        elif pack.question == STAGE_QUESTION:
            self.preferences.change(stage_pack=pack.path)

    def _on_refused(self, message: Refused) -> None:
        if self._over(message) is not None:
            self._tell_refused(message)

    def _tell_refused(self, message: Refused) -> None:
        detail = f"{message.why} {message.advice}"
        self.noticed.emit(Notice("refused", message.what, detail, "alert-circle"))

    def _on_failed(self, message: Failed) -> None:
        request = self._over(message)
        if request is not None:
            self.noticed.emit(failed(message.report, request.again))
        elif message.id == 0:
            detail = "The engine cannot make itself ready; pictures can still be looked at."
            self.noticed.emit(our_fault(message.report, detail))
            self._engine_broken = True
            self.standing_changed.emit()

    def _on_gone(self, message: Gone) -> None:
        request = self._over(message)
        if request is not None and request.stopping:
            self.noticed.emit(cancelled(request.title, request.again))
        elif request is not None:
            self.noticed.emit(gone(request.title, message.why, request.again))

    def _on_restarted(self, why: str) -> None:
        stays = "The picture stays on the screen." if self._opening is None else ""
        self.noticed.emit(Notice("engine", why, stays, "plug-connected-x"))

    def _tell(self) -> None:
        """Something of what is shown is another: those who look, and those who work ahead."""
        if self.is_veiled:
            # The other eye, which is found after the photograph is shown, may have laid the veil.
            self.answer, self.heatmap, self.map_file = None, None, None
        shown = self.picture.path if self.picture is not None else None
        busy = self._asking is not None
        self.ahead.keep_to(Now(shown, self.question, self.opening, busy))
        self.standing_changed.emit()

    def _drop(self, number: int) -> None:
        self.jobs.end(number)
        self._dropped.add(number)
        self._client.drop(number)

    def _await_no_answer(self) -> None:
        """Let the question under way be: a newer one replaces it, or its answer is kept."""
        if self._asking is not None and self._asked is not None and self.picture is not None:
            self.jobs.end(self._asking)
            self.ahead.follow(self._asking, self.picture.file, self._asked)
            self._asking = None

    def _over(self, message: Refused | Failed | Gone) -> Awaited | None:
        """Forget a request that ended without a result; None if it was not awaited."""
        number = message.id
        request = self.jobs.end(number)
        self.exports.forget(number)
        self._dropped.discard(number)
        if number == self._opening:
            self._opening = None
            self.ahead.give_up(self._opening_path)
            stopped = isinstance(message, Gone) and request is not None and request.stopping
            if not stopped:
                # The photograph before it may be another patient's: it must not be read as this.
                self._clear(self._opening_path)
                self.lost_changed.emit()
            self._tell()
        if number == self._asking:
            self._asking = None
            if self.picture is not None:
                self.ahead.give_up(self.picture.path, self._asked)
            self._tell()
        return request

    # ---- what is kept

    def _clear(self, lost: Path | None) -> None:
        self._forget_answer()
        self.picture, self.lost = None, lost

    def _forget_answer(self) -> None:
        self._await_no_answer()
        self.answer, self.heatmap, self.map_file = None, None, None

    def _take_packs(self, packs: tuple[PackSummary, ...]) -> None:
        self.packs = tuple(pack for pack in packs if pack.question == QUESTION)
        self.stage_packs = tuple(pack for pack in packs if pack.question == STAGE_QUESTION)
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
