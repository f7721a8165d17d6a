"""The other eye beside the one on the screen: its photograph, both answers, and the pair's."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.answers import Heatmap, JointAnswer, RetinopathyAnswer, Together
from engine.pictures import Laterality
from engine.service.messages import AnsweredTogether, Failed, Gone, MapFile, Opened, Refused
from viewer.client.engine import EngineClient
from viewer.photograph.presenter import Presenter
from viewer.photograph.readings import Picture, Question

PANE = "pair"

_Asked = tuple[str, str, tuple[Laterality | None, ...], Question]
"""What makes two questions the same: both contents, which eyes they show, and what is asked."""


class OtherEyeShown(QObject):
    """Opens the fellow of ``presenter``'s photograph and asks about both; calls return at once.

    What ends without a result is told by the presenter, whose jobs they are. ``sides`` are the eyes
    that both show, the presenter's first.
    """

    changed = Signal()
    """Another photograph, answer or none."""
    opened = Signal()
    """The fellow's photograph is there."""

    def __init__(self, client: EngineClient, presenter: Presenter, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._presenter = presenter
        self.picture: Picture | None = None
        self.sides: Callable[[], tuple[Laterality | None, ...]] = tuple
        self._wanted: Path | None = None
        self._opening: int | None = None
        self._asking: int | None = None
        self._asked: _Asked | None = None
        self._answered: _Asked | None = None
        self._joint: JointAnswer | None = None
        self._maps: tuple[MapFile | None, ...] = ()
        self._heatmaps: list[Heatmap | None] = []
        client.opened.connect(self._on_opened)
        client.answered_together.connect(self._on_answered)
        for over in (client.refused, client.failed, client.gone):
            over.connect(self._on_over)

    # ---- what is known

    @property
    def path(self) -> Path | None:
        """The photograph that is shown, or is being opened."""
        return self._wanted

    @property
    def opening(self) -> bool:
        """Whether the fellow's photograph is being read."""
        return self._opening is not None

    @property
    def asking(self) -> bool:
        """Whether an answer is being made."""
        return self._asking is not None or self._opening is not None

    @property
    def joint(self) -> JointAnswer | None:
        """The pair's answer: first the presenter's photograph, then the fellow. Perhaps stale."""
        return self._joint

    @property
    def is_stale(self) -> bool:
        """Whether the answer is to another question than the one in force."""
        return self._joint is not None and self._answered != self._question

    def answer(self, place: int) -> RetinopathyAnswer | None:
        """What the pair's answer says of the presenter's photograph, 0, or of the fellow, 1."""
        return None if self._joint is None else self._joint.photographs[place]

    def heatmap(self, place: int) -> Heatmap | None:
        """The map of the presenter's photograph, 0, or of the fellow, 1."""
        return self._heatmaps[place] if self._heatmaps else None

    def map_file(self, place: int) -> MapFile | None:
        """The file of that map."""
        return self._maps[place] if self._maps else None

    # ---- what is wanted

    def show(self, path: Path | None) -> None:
        """Show this photograph as the fellow, or none."""
        if path == self._wanted:
            self._drop_foreign_answer()
            self.ask()
            return
        self._forget()
        self._wanted = path
        if path is not None:
            self._opening = self._client.open(path)
            title = f"Opening {path.name}, the other eye"
            self._presenter.jobs.begin(self._opening, title, lambda: self._again(path))
        self.changed.emit()

    def ask(self) -> None:
        """Ask about both, unless that was asked."""
        question = self._question
        if question is None or self._asked == question:
            return
        self._await_no_answer()
        shown, fellow = self._presenter.picture, self.picture
        if shown is None or fellow is None:
            return
        self._asked = question
        asked = question[-1]
        self._asking = self._client.ask_together(
            pane=PANE,
            together=Together.PAIR,
            pictures=(shown.file, fellow.file),
            pack=asked.pack,
            criterion=asked.criterion,
            device=asked.device,
            eyes=question[2],
        )
        self._presenter.jobs.begin(self._asking, "Reading both eyes", self._ask_again)
        self.changed.emit()

    # ---- inside

    @property
    def _question(self) -> _Asked | None:
        shown, fellow, question = self._presenter.picture, self.picture, self._presenter.question
        if shown is None or fellow is None or question is None:
            return None
        hashes = shown.opened.content_hash, fellow.opened.content_hash
        return *hashes, self.sides(), question

    def _again(self, path: Path) -> None:
        self._wanted = None
        self.show(path)

    def _ask_again(self) -> None:
        self._asked = None
        self.ask()

    def _on_opened(self, message: Opened) -> None:
        if message.id != self._opening or self._wanted is None:
            return
        self._presenter.jobs.end(message.id)
        self._opening = None
        self.picture = Picture(self._wanted, message, self._client.mapped(message.file))
        self.opened.emit()
        self.ask()
        self.changed.emit()

    def _on_answered(self, message: AnsweredTogether) -> None:
        if message.id != self._asking:
            return
        self._presenter.jobs.end(message.id)
        self._asking = None
        self._drop_answer()
        self._joint, self._maps = message.answer, message.heatmaps
        self._answered = self._asked
        shown, fellow = self._presenter.picture, self.picture
        pictures = (shown, fellow)
        self._heatmaps = [
            None
            if file is None or picture is None
            else file.heatmap(self._client.mapped(file.file), picture.pixels.shape[:2])
            for file, picture in zip(message.heatmaps, pictures, strict=True)
        ]
        self.changed.emit()

    def _on_over(self, message: Refused | Failed | Gone) -> None:
        if message.id == self._opening:
            # It stays the wanted one, so that it is not opened over and over.
            self._opening = None
            self.changed.emit()
        elif message.id == self._asking:
            self._asking = None
            self.changed.emit()

    def _await_no_answer(self) -> None:
        if self._asking is not None:
            self._presenter.jobs.end(self._asking)
            self._client.drop(self._asking)
            self._asking = None

    def _forget(self) -> None:
        self._await_no_answer()
        if self._opening is not None:
            self._presenter.jobs.end(self._opening)
            self._client.drop(self._opening)
            self._opening = None
        self._drop_answer()
        self._asked = None
        picture, self.picture = self.picture, None
        if picture is not None:
            self._client.release(picture.opened.file)

    def _drop_foreign_answer(self) -> None:
        """Two photographs of one eye may have the same fellow: neither has the other's answer."""
        shown, fellow = self._presenter.picture, self.picture
        if self._answered is None or shown is None or fellow is None:
            return
        if self._answered[:2] != (shown.opened.content_hash, fellow.opened.content_hash):
            self._drop_answer()

    def _drop_answer(self) -> None:
        for file in self._maps:
            if file is not None:
                self._client.release(file.file)
        self._joint, self._maps, self._heatmaps = None, (), []
