"""The annotated picture leaves the window: as a file, or for the clipboard."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from engine.answers import Mark, RetinopathyAnswer
from engine.pictures import Laterality
from engine.records.forms import SignedReading
from engine.service.messages import Drawn, MapFile
from engine.stage_answers import StageAnswer
from viewer.client.engine import EngineClient
from viewer.notices import Notice, saved
from viewer.photograph.standing import Standing

if TYPE_CHECKING:
    from viewer.photograph.presenter import Presenter
    from viewer.photograph.readings import Picture


NOT_YET = "The model has not answered yet; wait for its answer."
OUTDATED = "The numbers are from before the last change; wait for the new answer."


@dataclass(frozen=True, eq=False)
class Exported:
    """A photograph, what the model says of it, and ``why`` it cannot be written now, if so.

    The heatmap is of the stage that ``stage`` explains, if it explains one; ``reading`` is what the
    reader signed.
    """

    picture: "Picture"
    answer: RetinopathyAnswer | None = None
    heatmap: MapFile | None = None
    why: str = ""
    stage: StageAnswer | None = None
    reading: SignedReading | None = None


class Exports(QObject):
    """Has the engine draw what ``presenter`` shows, and tells where it went."""

    copied = Signal(object)
    """The ``Path`` of a drawn picture that is meant for the clipboard."""

    def __init__(self, presenter: "Presenter", client: EngineClient, scratch: Path) -> None:
        super().__init__(presenter)
        self._presenter = presenter
        self._client = client
        self._scratch = scratch
        self._drawing: dict[int, Path] = {}
        self._copies: set[int] = set()
        self.marks: Callable[[], tuple[Mark, ...]] = tuple
        """What lies on the picture beside the heatmap: the model's regions, the reader's lines."""
        self.other: Callable[[], Exported | None] = lambda: None
        """The other eye while the keys are for it."""
        self.eye: Callable[[Picture], Laterality | None] = lambda _: None
        """Which eye a photograph shows, as the screen says it."""
        self.completed: Callable[[Exported], Exported] = lambda exported: exported
        """Adds what else the screen tells of it."""
        client.drawn.connect(self._on_drawn)

    @property
    def shown(self) -> Exported | None:
        """What would be written now; None without a picture."""
        presenter = self._presenter
        if presenter.picture is None:
            return None
        own = Exported(presenter.picture, presenter.answer, presenter.map_file, self._why_not())
        return self.completed(self.other() or own)

    def why_not(self) -> str:
        """Why the annotated picture cannot be written now, in a sentence; empty if it can."""
        shown = self.shown
        return "There is no picture yet." if shown is None else shown.why

    def _why_not(self) -> str:
        match self._presenter.standing:
            case Standing.ASKING:
                return NOT_YET
            case Standing.STALE:
                return OUTDATED
            case _:
                return ""

    def write(self, to: Path, *, of: "Picture | None" = None, copy: bool = False) -> None:
        """Write the annotated picture to ``to``, as a file or for the clipboard; or say why not.

        ``of`` is the picture that was meant: another may have come while a name was chosen.
        """
        exported, why = self.shown, self.why_not()
        shown = None if exported is None else exported.picture
        if of and shown and of.opened.content_hash != shown.opened.content_hash:
            why = f"Another picture is shown by now; go back to {of.opened.name} for its own."
        if why or exported is None or shown is None:
            refusal = Notice("export", "The picture was not written.", why, "alert-circle")
            self._presenter.noticed.emit(refusal)
            return
        request = self._client.draw(
            picture=shown.file,
            answer=exported.answer,
            heatmap=exported.heatmap,
            look=self._presenter.look,
            to=to,
            marks=self.marks(),
            stage=exported.stage,
            eye=self.eye(shown),
            reading=exported.reading,
        )
        self._drawing[request] = to
        if copy:
            self._copies.add(request)
        self._presenter.jobs.begin(
            request, f"Drawing {shown.opened.name}", lambda: self.write(to, of=shown, copy=copy)
        )

    def copy(self) -> None:
        """The annotated picture to the clipboard."""
        # Each by a name of its own: the one before may still be read.
        self.write(self._scratch / f"copied-{uuid4().hex}.png", copy=True)

    def forget(self, number: int) -> None:
        """A drawing ended without a result."""
        self._drawing.pop(number, None)
        self._copies.discard(number)

    def _on_drawn(self, message: Drawn) -> None:
        self._presenter.jobs.end(message.id)
        to = self._drawing.pop(message.id, Path(message.path))
        if message.id in self._copies:
            self._copies.remove(message.id)
            self.copied.emit(to)
        else:
            self._presenter.noticed.emit(saved(to))
