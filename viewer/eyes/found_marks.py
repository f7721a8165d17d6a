"""Disc and fovea as the program found them in each photograph, taken for this eye or that."""

from PySide6.QtCore import QObject, Signal

from engine.answers import Landmarks
from engine.pictures import Laterality
from engine.service.messages import Failed, Gone, LandmarksFound, PictureFile, Refused
from viewer.client.engine import EngineClient, EngineState
from viewer.notices import our_fault

_As = tuple[str, Laterality | None]
"""A content, and the eye that it is said to show."""


class FoundMarks(QObject):
    """Asks once for each photograph and eye; what an engine that stopped owes is asked again."""

    changed = Signal(str)
    """More is known, or to be asked again, of the photograph of this content."""
    noticed = Signal(object)

    def __init__(self, client: EngineClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._known: dict[_As, Landmarks] = {}
        self._finding: dict[int, _As] = {}
        self._lost: set[_As] = set()
        self._was_off = False
        client.state_changed.connect(self._on_state)
        client.landmarks_found.connect(self._on_found)
        client.refused.connect(self._on_refused)
        client.failed.connect(self._on_failed)
        client.gone.connect(self._on_gone)

    def of(self, content: str, eye: Laterality | None) -> Landmarks | None:
        """What was found, with why where nothing was; None before it was looked for."""
        return self._known.get((content, eye))

    @property
    def is_looking(self) -> bool:
        """Whether any search is under way."""
        return bool(self._finding)

    def look(self, file: PictureFile, eye: Laterality | None) -> bool:
        """Look for them unless that was done; whether it is under way."""
        wanted = file.content_hash, eye
        if wanted in self._known:
            return False
        if wanted not in self._finding.values():
            self._finding[self._client.find_landmarks(file, eye)] = wanted
        return True

    # ---- what the engine says

    def _on_found(self, message: LandmarksFound) -> None:
        self._take(message.id, message.landmarks)

    def _on_refused(self, message: Refused) -> None:
        self._lose(message.id, f"{message.what} {message.why}")

    def _on_failed(self, message: Failed) -> None:
        if message.id in self._finding:
            detail = "Disc and fovea were not found; you can place them yourself."
            self.noticed.emit(our_fault(message.report, detail))
            self._lose(message.id, detail)

    def _on_gone(self, message: Gone) -> None:
        self._lose(message.id, f"Disc and fovea were not looked for. {message.why}")

    def _lose(self, number: int, why: str) -> None:
        """Not asked again by itself: it may be what stopped the engine."""
        if number in self._finding:
            self._lost.add(self._finding[number])
            self._take(number, Landmarks(notes=(why,)))

    def _take(self, number: int, landmarks: Landmarks) -> None:
        wanted = self._finding.pop(number, None)
        if wanted is not None:
            self._known[wanted] = landmarks
            self.changed.emit(wanted[0])

    def _on_state(self, state: EngineState) -> None:
        """Forget what had no answer from an engine that a person has started anew."""
        if state is EngineState.OFF:
            self._was_off = True
        elif state is EngineState.READY and self._was_off:
            self._was_off = False
            lost, self._lost = self._lost, set()
            for wanted in lost:
                del self._known[wanted]
            for content in {content for content, _ in lost}:
                self.changed.emit(content)
