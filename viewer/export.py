"""The annotated picture leaves the window: as a file, or for the clipboard."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from engine.answers import Mark
from engine.service.messages import Drawn
from viewer.client.engine import EngineClient
from viewer.notices import Notice
from viewer.standing import Standing

if TYPE_CHECKING:
    from viewer.presenter import Presenter
    from viewer.readings import Picture


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
        client.drawn.connect(self._on_drawn)

    def why_not(self) -> str:
        """Why the annotated picture cannot be written now, in a sentence; empty if it can."""
        match self._presenter.standing:
            case Standing.NO_PICTURE:
                return "There is no picture yet."
            case Standing.ASKING:
                return "The model has not answered yet; wait for its answer."
            case Standing.STALE:
                return "The numbers are from before the last change; wait for the new answer."
            case _:
                return ""

    def write(self, to: Path, *, of: "Picture | None" = None, copy: bool = False) -> None:
        """Write the annotated picture to ``to``, as a file or for the clipboard; or say why not.

        ``of`` is the picture that was meant: another may have come while a name was chosen.
        """
        shown, why = self._presenter.picture, self.why_not()
        if of and shown and of.opened.content_hash != shown.opened.content_hash:
            why = f"Another picture is shown by now; go back to {of.opened.name} for its own."
        if why or shown is None:
            refusal = Notice("export", "The picture was not written.", why, "alert-circle")
            self._presenter.noticed.emit(refusal)
            return
        request = self._client.draw(
            picture=shown.file,
            answer=self._presenter.answer,
            heatmap=self._presenter.map_file,
            look=self._presenter.look,
            to=to,
            marks=self.marks(),
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
            saved = Notice("export", f"Saved as {to.name}.", str(to.parent), "check")
            self._presenter.noticed.emit(saved)
