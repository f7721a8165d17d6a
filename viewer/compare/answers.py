"""Asks the engine for what the Compare tab shows: each answer once, one at a time, and kept."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.answers import Heatmap, RetinopathyAnswer
from engine.service.messages import Answered, Failed, Gone, Progress, Refused
from viewer.client.engine import EngineClient
from viewer.compare.sources import Source
from viewer.notices import clock
from viewer.photograph.presenter import Presenter
from viewer.photograph.readings import Picture, Question

KEPT = 32
"""Checkpoints' answers that are kept, each with a map of about a megabyte."""
_PANE = "compare"

_Key = tuple[str, ...]


@dataclass(frozen=True)
class Waiting:
    """An answer that is not there yet; ``total`` 0 means that the end is not known."""

    what: str = "Waiting for its turn"
    done: int = 0
    total: int = 0
    stopping: bool = False


@dataclass(frozen=True, eq=False)
class Given:
    """An answer; ``heatmap`` is None where the photograph is ungradable."""

    answer: RetinopathyAnswer
    heatmap: Heatmap | None


@dataclass(frozen=True)
class NotGiven:
    """There is no answer, in words; ``report`` is for those who mend the program."""

    what: str
    why: str = ""
    advice: str = ""
    report: str = ""


Outcome = Waiting | Given | NotGiven


class Answers(QObject):
    """Knows the outcome of every source for the photograph that is shown.

    What the Read tab asks comes first, and one question is at the engine at a time, so that it
    waits for one at most.
    Packs' answers are kept with those that the Read tab knows, so that neither asks for what the
    other has; a checkpoint's, which is nothing to read with, is kept here.
    """

    changed = Signal(object)
    """The ``Source`` with another outcome."""

    def __init__(self, client: EngineClient, presenter: Presenter, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._presenter = presenter
        self._given: dict[_Key, Given] = {}
        self._kept: OrderedDict[_Key, Given] = OrderedDict()
        self._over: dict[_Key, NotGiven] = {}
        self._wanted: tuple[Source, ...] = ()
        self._picture: Picture | None = None
        self._asked: dict[int, tuple[Source, Picture, _Key]] = {}
        self._progress = Waiting()
        self._stopping: set[int] = set()
        self._dropped: set[int] = set()
        client.progressed.connect(self._on_progress)
        client.answered.connect(self._on_answered)
        client.refused.connect(self._on_refused)
        client.failed.connect(self._on_failed)
        client.gone.connect(self._on_gone)
        presenter.standing_changed.connect(self._go_on)

    # ---- what the page tells

    def want(self, picture: Picture | None, sources: Sequence[Source]) -> None:
        """These are looked at now; what is asked and not among them is cancelled."""
        if picture is not self._picture:
            self._over.clear()
            self._given.clear()
        self._picture, self._wanted = picture, tuple(sources)
        wanted = {self._key(source) for source in sources}
        for number, (_, _, key) in tuple(self._asked.items()):
            if key not in wanted:
                self._dropped.add(number)
                self._cancel(number)
        self._go_on()

    def rest(self) -> None:
        """Nobody looks: nothing more is asked; what is under way is welcome all the same."""
        self._wanted = ()

    def outcome(self, source: Source) -> Outcome:
        """How it stands with a source for the photograph that is shown."""
        key = self._key(source)
        if (given := self._known(source, key)) is not None:
            return given
        if (over := self._over.get(key)) is not None:
            return over
        for number, (_, _, asked) in self._asked.items():
            if asked == key:
                return replace(self._progress, stopping=number in self._stopping)
        return Waiting()

    def ask_again(self, source: Source) -> None:
        """What failed or was cancelled, once more."""
        self._over.pop(self._key(source), None)
        self.changed.emit(source)
        self._go_on()

    def cancel(self, source: Source) -> None:
        """Stop what was asked, or do not ask it."""
        key = self._key(source)
        for number, (_, _, asked) in tuple(self._asked.items()):
            if asked == key:
                self._cancel(number)
                self.changed.emit(source)
                return
        self._over[key] = _cancelled()
        self.changed.emit(source)

    # ---- what is asked

    def _key(self, source: Source) -> _Key:
        content = self._picture.opened.content_hash if self._picture is not None else ""
        return content, self._presenter.settings.device, *source.key

    def _go_on(self) -> None:
        picture = self._picture
        if picture is None or self._presenter.picture is not picture:
            return
        if self._asked or self._presenter.asking or not self._presenter.packs_known:
            return
        for source in self._wanted:
            key = self._key(source)
            if key in self._over or self._known(source, key) is not None:
                continue
            self._progress = Waiting("Asking the network")
            number = self._client.ask(
                pane=_PANE,
                picture=picture.file,
                pack=source.pack.path,
                criterion=source.criterion,
                device=self._presenter.settings.device,
                checkpoint=source.checkpoint,
            )
            self._asked[number] = (source, picture, key)
            self.changed.emit(source)
            return

    def _known(self, source: Source, key: _Key) -> Given | None:
        """The answer if it is at hand; always the same object for one picture."""
        picture = self._picture
        if key not in self._given and picture is not None:
            if source.checkpoint:
                found = self._kept.get(key)
            else:
                said = self._presenter.readings.said(picture.path, self._question(source, key))
                found = None if said is None else Given(said.answer, said.heatmap(picture))
            if found is not None:
                self._given[key] = found
        return self._given.get(key)

    def _question(self, source: Source, key: _Key) -> Question:
        # As it was asked: another device may be chosen by now.
        pack, device = source.pack, key[1]
        return Question(pack.path, pack.sha256, source.criterion, device)

    def _cancel(self, number: int) -> None:
        if number not in self._stopping:
            self._stopping.add(number)
            self._client.cancel(number)

    # ---- what the engine says

    def _on_progress(self, message: Progress) -> None:
        asked = self._asked.get(message.id)
        if asked is not None:
            self._progress = Waiting(message.what, message.done, message.total)
            self.changed.emit(asked[0])

    def _on_answered(self, message: Answered) -> None:
        asked = self._asked.pop(message.id, None)
        if asked is None:
            return
        source, picture, key = asked
        if source.checkpoint:
            self._keep(key, picture, message)
        else:
            question = self._question(source, key)
            self._presenter.readings.keep_answer(picture.file, question, message)
        if picture is self._picture and self._known(source, key) is None:
            # Else it would be asked for ever.
            why = "The file has another content than when it was opened."
            self._over[key] = NotGiven("The answer was not kept.", why, "Open it again.")
        self._end(message.id, source)

    def _on_refused(self, message: Refused) -> None:
        self._give_up(message.id, NotGiven(message.what, message.why, message.advice))

    def _on_failed(self, message: Failed) -> None:
        ours = "Something went wrong here, and it is our fault."
        self._give_up(message.id, NotGiven(ours, "The other views go on.", report=message.report))

    def _on_gone(self, message: Gone) -> None:
        ours = message.id in self._stopping
        gone = _cancelled() if ours else NotGiven("No answer was made.", message.why)
        self._give_up(message.id, gone)

    def _give_up(self, number: int, outcome: NotGiven) -> None:
        asked = self._asked.pop(number, None)
        if asked is not None:
            source, picture, key = asked
            # What was stopped because nobody looked any more is asked again when one does.
            if picture is self._picture and number not in self._dropped:
                self._over[key] = outcome
            self._end(number, source)

    def _end(self, number: int, source: Source) -> None:
        self._stopping.discard(number)
        self._dropped.discard(number)
        self.changed.emit(source)
        self._go_on()

    def _keep(self, key: _Key, picture: Picture, message: Answered) -> None:
        """Keep a checkpoint's answer; its map is copied, and the file let go of."""
        heatmap = None
        if message.heatmap is not None:
            numbers = np.array(self._client.mapped(message.heatmap.file))
            heatmap = message.heatmap.heatmap(numbers, picture.pixels.shape[:2])
            self._client.release(message.heatmap.file)
        self._kept[key] = Given(message.answer, heatmap)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)


def _cancelled() -> NotGiven:
    return NotGiven(f"Cancelled by you {clock()}.", "Nothing is shown for it.")
