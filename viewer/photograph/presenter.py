"""What was asked about the photograph on the screen: the window's decisions, without widgets."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.answers import PAPERS, Criterion, Heatmap, Look, PackSummary, RetinopathyAnswer
from engine.service.messages import (
    Answered,
    Failed,
    Gone,
    MapFile,
    Ready,
    Refused,
)
from engine.settings import Settings
from viewer.client.engine import EngineClient
from viewer.jobs import Awaited, Jobs
from viewer.notices import ENGINE, LOST, Notice, cancelled, failed, gone, our_fault
from viewer.photograph.export import Exports
from viewer.photograph.offered_packs import OfferedPacks
from viewer.photograph.read_ahead import Now
from viewer.photograph.readings import Picture, Question
from viewer.photograph.shown import ShownPhotograph
from viewer.photograph.standing import Standing
from viewer.preferences import Preferences

PANE = "photograph"


class Presenter(QObject):
    """Asks, asks again, cancels and exports; only answers to the newest question count.

    ``shown`` opens photographs, ``offered`` has the packs. ``readings`` is what is known of any
    photograph, ``ahead`` reads and asks beforehand. ``veil`` says by its content's hash whether a
    photograph's answer must wait for the reader's signature: then there is no ``answer`` and no
    ``heatmap`` here, for anybody.
    """

    picture_changed = Signal()
    lost_changed = Signal()
    """What was opened could not be shown: nothing is, and ``shown.lost`` is its path."""
    standing_changed = Signal()
    packs_changed = Signal()
    look_changed = Signal()
    noticed = Signal(object)
    """A ``Notice``."""

    def __init__(
        self, client: EngineClient, settings: Settings, scratch: Path, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.preferences = Preferences(settings, self)
        self.preferences.changed.connect(self.look_changed)
        self.answer: RetinopathyAnswer | None = None
        self.heatmap: Heatmap | None = None
        self.map_file: MapFile | None = None
        self.devices: tuple[str, ...] = ()
        self.device_reason = ""
        self.visible = True
        self.veil: Callable[[str], bool] = lambda _: False
        self._client = client
        self._asking: int | None = None
        self._asked: Question | None = None
        self._engine_ready = self._engine_broken = False
        self.jobs = Jobs(self)
        self.exports = Exports(self, client, scratch)
        self.shown = shown = ShownPhotograph(client, self.jobs, self)
        self.readings, self.walk, self.ahead = shown.readings, shown.walk, shown.ahead
        shown.leaving.connect(self._forget_answer)
        shown.shown.connect(self._on_shown)
        shown.lost_changed.connect(self.lost_changed)
        shown.changed.connect(self._tell)
        shown.unreadable.connect(self._tell_unreadable)
        self.walk.changed.connect(self.standing_changed)
        self.offered = OfferedPacks(client, self.jobs, self.preferences, self)
        self.offered.changed.connect(self.packs_changed)
        self.offered.chosen.connect(self.ask)
        self.offered.noticed.connect(self.noticed)
        self.choose_pack, self.install_pack = self.offered.choose, self.offered.install
        client.ready.connect(self._on_ready)
        client.progressed.connect(self.jobs.progress)
        client.answered.connect(self._on_answered)
        client.refused.connect(self._on_refused)
        client.failed.connect(self._on_failed)
        client.gone.connect(self._on_gone)
        client.restarted.connect(self._on_restarted)

    # ---- what is shown

    @property
    def picture(self) -> Picture | None:
        """The photograph on the screen."""
        return self.shown.picture

    @property
    def opening(self) -> bool:
        """Whether a photograph is being read."""
        return self.shown.opening

    @property
    def packs(self) -> tuple[PackSummary, ...]:
        """Those that answer whether an eye is referable."""
        return self.offered.packs

    @property
    def pack(self) -> PackSummary | None:
        """The one in force."""
        return self.offered.pack

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

    def open(self, path: Path) -> None:
        """Show a photograph."""
        self.shown.open(path)

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
        self.offered.choose_anew()
        self.ask()

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
        self.offered.begin(message.packs)
        if first and self.picture is not None and self._asking is None:
            self.ask()
        self._tell()

    def _on_shown(self) -> None:
        """Another photograph is on the screen: tell its answer if that is at hand, or ask."""
        if (shown := self.picture) is not None:
            # What was hidden on one eye must not silently be hidden on the next.
            self.preferences.begin_picture(shown.path)
        self._say_known()
        self.picture_changed.emit()
        self.ask()

    def _on_answered(self, message: Answered) -> None:
        shown, asked = self.picture, self._asked
        if message.id != self._asking or shown is None or asked is None:
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

    def _on_refused(self, message: Refused) -> None:
        topic = LOST if self.shown.opens(message.id) else "refused"
        if self._over(message) is not None:
            self._tell_refused(message, topic, message.what)

    def _tell_refused(self, message: Refused, topic: str, what: str) -> None:
        detail = f"{message.why} {message.advice}"
        self.noticed.emit(Notice(topic, what, detail, "alert-circle"))

    def _tell_unreadable(self, message: Refused) -> None:
        # It is on the screen all the same: "cannot be opened" would speak against what is seen.
        what = "The photograph is shown as it was read before."
        self._tell_refused(message, "refused", what)

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
        stays = "" if self.opening else "The picture stays on the screen."
        self.noticed.emit(Notice(ENGINE, why, stays, "plug-connected-x"))

    def _tell(self) -> None:
        """Something of what is shown is another: those who look, and those who work ahead."""
        if self.is_veiled:
            # The other eye, which is found after the photograph is shown, may have laid the veil.
            self.answer, self.heatmap, self.map_file = None, None, None
        shown = self.picture.path if self.picture is not None else None
        busy = self._asking is not None
        self.ahead.keep_to(Now(shown, self.question, self.opening, busy))
        self.standing_changed.emit()

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
        stopped = isinstance(message, Gone) and request is not None and request.stopping
        self.shown.over(number, stopped=stopped)
        if number == self._asking:
            self._asking = None
            if self.picture is not None:
                self.ahead.give_up(self.picture.path, self._asked)
            self._tell()
        return request

    def _forget_answer(self) -> None:
        self._await_no_answer()
        self.answer, self.heatmap, self.map_file = None, None, None
