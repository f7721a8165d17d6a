"""Questions to a stage pack that are under way: one ahead of the time, one that is waited for."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from engine.answers import Criterion
from engine.service.messages import AnsweredStage, Failed, Gone, PictureFile, Refused
from viewer.client.engine import EngineClient
from viewer.jobs import Again, Jobs
from viewer.photograph.stage_kept import Key

PANE, PANE_AHEAD = "stage", "stage ahead"


@dataclass(frozen=True)
class StageQuestion:
    """``place`` is the stage to explain, which a person waits for; None the likeliest."""

    key: Key
    criterion: Criterion
    place: int | None = None


class StageQuestions(QObject):
    """Asks, lets go, and tells what became of each; of others' questions it tells nothing."""

    answered = Signal(object, object)
    """A ``StageQuestion`` and its ``AnsweredStage``."""
    over = Signal(object, object)
    """A ``StageQuestion`` and the message by which it ended without an answer."""

    def __init__(self, client: EngineClient, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._jobs = jobs
        self._ahead: tuple[int, StageQuestion] | None = None
        self._waited: tuple[int, StageQuestion] | None = None
        self._dropped: set[int] = set()
        client.answered_stage.connect(self._on_answered)
        for ended in (client.refused, client.failed, client.gone):
            ended.connect(self._on_over)

    @property
    def busy(self) -> bool:
        """Whether any is under way."""
        return self._ahead is not None or self._waited is not None

    @property
    def waited(self) -> StageQuestion | None:
        """The one that a person waits for."""
        return None if self._waited is None else self._waited[1]

    def ask_ahead(self, question: StageQuestion, file: PictureFile, pack: str) -> None:
        """Ask what nobody waits for."""
        self._ahead = self._ask(PANE_AHEAD, question, file, pack, ahead=True), question

    def wait_for(
        self, question: StageQuestion, file: PictureFile, pack: str, title: str, again: Again
    ) -> None:
        """Ask what a person waits for: a row tells ``title``, and asks ``again`` where it fails."""
        number = self._ask(PANE, question, file, pack, ahead=False)
        self._waited = number, question
        self._jobs.begin(number, title, again)

    def let_go(self) -> None:
        """Wait no more for what was waited for."""
        if self._waited is not None:
            number, _ = self._waited
            self._waited = None
            self._jobs.end(number)
            self._client.drop(number)
            self._dropped.add(number)

    def _ask(
        self, pane: str, question: StageQuestion, file: PictureFile, pack: str, *, ahead: bool
    ) -> int:
        _, _, device = question.key
        return self._client.ask_stage(
            pane=pane,
            picture=file,
            pack=pack,
            criterion=question.criterion,
            device=device,
            stage=question.place,
            ahead=ahead,
        )

    def _on_answered(self, message: AnsweredStage) -> None:
        question = self._end(message.id)
        if question is not None:
            self.answered.emit(question, message)
        elif message.id in self._dropped and message.heatmap is not None:
            self._client.release(message.heatmap.file)
        self._dropped.discard(message.id)

    def _on_over(self, message: Refused | Failed | Gone) -> None:
        self._dropped.discard(message.id)
        question = self._end(message.id)
        if question is not None:
            self.over.emit(question, message)

    def _end(self, number: int) -> StageQuestion | None:
        """Await a number no more; None if it was not awaited."""
        if self._ahead is not None and self._ahead[0] == number:
            (_, question), self._ahead = self._ahead, None
            return question
        if self._waited is not None and self._waited[0] == number:
            (_, question), self._waited = self._waited, None
            self._jobs.end(number)
            return question
        return None
