"""What the model says of every photograph of a patient, asked behind what a person waits for."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from engine.answers import (
    LESION_THRESHOLD,
    Decision,
    PackSummary,
    RetinopathyAnswer,
)
from engine.pictures import Laterality
from engine.records.regions import LandmarksPlaced
from engine.service.messages import (
    Answered,
    AnsweredStage,
    Failed,
    Gone,
    PictureFile,
    Refused,
    RegionsFound,
    SeenThen,
    Thumbnail,
)
from engine.stage_answers import StageAnswer
from viewer.client.engine import EngineClient, EngineState
from viewer.photograph.presenter import Presenter
from viewer.photograph.readings import Question, Said
from viewer.photograph.stages import Stages
from viewer.timeline.told import Part, Told

PANE = "timeline"
_AGAIN_MS = 300
"""After how long it is asked again what gave way to a person's question."""


class VisitAnswers(QObject):
    """Asks one thing at a time, ahead of the time, and keeps answers by the photographs' content.

    An answer of another pack stays until ``reread``: then visits are of one pack again. ``eye``
    tells in which one a photograph's disc and fovea are looked for, by path and content, and
    ``placed`` where the reader placed them.
    """

    changed = Signal()
    """Something more is known, or the work stopped or went on."""

    def __init__(
        self,
        client: EngineClient,
        presenter: Presenter,
        stages: Stages,
        eye: Callable[[Path, str], Laterality | None],
        placed: Callable[[str], LandmarksPlaced],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._eye, self._placed = eye, placed
        self._client = client
        self._stages = stages
        self._presenter = presenter
        self._readings = presenter.readings
        self._paths: tuple[Path, ...] = ()
        self._told: dict[str, Told] = {}
        self._small: dict[Path, QImage | None] = {}
        self._asked: tuple[int, Part, Path, str, Question | None] | None = None
        self._again: set[Path] = set()
        self._up = presenter.packs_known
        self.stopped = False
        """Whether a person stopped it."""
        client.state_changed.connect(self._on_state)
        client.restarted.connect(self._on_restarted)
        client.thumbnail.connect(self._on_thumbnail)
        client.answered.connect(self._on_answered)
        client.answered_stage.connect(self._on_stage)
        client.regions_found.connect(self._on_regions)
        for over in (client.refused, client.failed, client.gone):
            over.connect(self._on_over)
        presenter.standing_changed.connect(self.go_on)
        presenter.packs_changed.connect(self.go_on)
        stages.packs_changed.connect(self.go_on)
        presenter.ahead.thumbnail_came.connect(self._keep_small)
        self._later = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._later.timeout.connect(self.go_on)

    # ---- what is known

    def told(self, path: Path) -> Told:
        """What is known of a photograph."""
        file = self._readings.file(path)
        return Told() if file is None else self._told.get(file.content_hash, Told())

    def small(self, path: Path) -> QImage | None:
        """Its small picture; None before it is there, or where there is none."""
        return self._small.get(path)

    def seen(self, path: Path) -> SeenThen | None:
        """A photograph with its answers, as visits are compared; None before it was read."""
        file, told = self._readings.file(path), self.told(path)
        if file is None:
            return None
        said = self._said(path, told)
        heatmap = None if said is None else said.map_file
        assessed = None if told.referable is None else told.referable.assessed
        eye, yours = self._eye(path, file.content_hash), self._placed(file.content_hash)
        return SeenThen(file, heatmap, assessed, told.stage, eye, yours.disc, yours.fovea)

    def is_read(self, path: Path) -> bool:
        """Whether all is answered that will be."""
        return next(self._open(path), None) is None

    @property
    def stage_pack(self) -> PackSummary | None:
        """The pack that is asked about stages."""
        return self._stages.pack

    @property
    def question(self) -> Question | None:
        """What is asked about whether an eye is referable.

        Decided: whatever is laid over the picture, visits are compared by the regions of the
        pack's usual heatmap.
        """
        now, pack = self._presenter.question, self._presenter.pack
        if now is None or pack is None:
            return None
        return Question(now.pack, now.sha256, pack.criterion(None), now.device)

    @property
    def waiting_for(self) -> tuple[Part, Path] | None:
        """What is asked at this moment."""
        return None if self._asked is None else self._asked[1:3]

    @property
    def outdated(self) -> tuple[Path, ...]:
        """The photographs whose answers are of another pack than the one in force."""
        return tuple(path for path in self._paths if self._is_outdated(self.told(path)))

    def _is_outdated(self, told: Told) -> bool:
        pack, stage = self._presenter.pack, self.stage_pack
        pairs = ((told.referable, pack), (told.stage, stage))
        return any(
            answer is not None and now is not None and answer.pack.sha256 != now.sha256
            for answer, now in pairs
        )

    # ---- what is wanted

    def want(self, paths: Sequence[Path]) -> None:
        """Ask about these photographs, in this order."""
        self._paths = tuple(paths)
        self.go_on()

    def stop(self) -> None:
        """Ask nothing more until told so; what was answered stays."""
        self.stopped = True
        if self._asked is not None:
            self._client.cancel(self._asked[0])
        self.changed.emit()

    def resume(self) -> None:
        """Go on, and try again what failed."""
        self.stopped = False
        for path in self._paths:
            self.told(path).given_up.clear()
            self._lost(path).clear()
        self.go_on()

    def reread(self) -> None:
        """Ask the packs in force about what others have answered."""
        self._again |= set(self.outdated)
        self.resume()

    def ask_anew(self, path: Path) -> None:
        """Ask the packs in force about this one."""
        if self._is_outdated(self.told(path)):
            self._again.add(path)
            self.go_on()

    def go_on(self) -> None:
        """Ask the next thing, unless a person waits for another."""
        busy = self._presenter.opening or self._presenter.asking
        if self._asked is not None or self.stopped or not self._up or busy:
            return
        left = [(part, path) for path in self._paths if (part := next(self._open(path), None))]
        # What is known first, then small pictures: they are quickly made, and with them comes what
        # the reader said.
        for part, path in sorted(left, key=lambda each: self._rank(*each))[:1]:
            self._ask(part, path)

    def _rank(self, part: Part, path: Path) -> int:
        file, question = self._readings.file(path), self.question
        if part is Part.REFERABLE and question is not None:
            return 0 if self._readings.said(path, question) is not None else 2
        if part is Part.STAGE and file is not None:
            return 0 if self._stages.known(file.content_hash) is not None else 2
        return 1 if part is Part.SMALL else 2

    # ---- what is open

    def _open(self, path: Path) -> Iterator[Part]:
        """What is still to be asked of a photograph."""
        file, told = self._readings.file(path), self.told(path)
        if Part.SMALL in self._lost(path):
            return
        if file is None or path not in self._small:
            yield Part.SMALL
        if file is None:
            return
        said = self._said(path, told)
        yield from told.open(
            self.question,
            self.stage_pack,
            again=path in self._again,
            mapped=said is not None and said.map_file is not None,
        )

    def _lost(self, path: Path) -> dict[Part, str]:
        return self._told[str(path)].given_up if str(path) in self._told else {}

    def _said(self, path: Path, told: Told) -> Said | None:
        return None if told.question is None else self._readings.said(path, told.question)

    def _ask(self, part: Part, path: Path) -> None:
        file, question, stage = self._readings.file(path), self.question, self.stage_pack
        if part is Part.SMALL or file is None:
            self._asked = (self._client.shrink(path), Part.SMALL, path, "", None)
        elif part is Part.REFERABLE and question is not None:
            known = self._readings.said(path, question)
            if known is not None:
                self._take_referable(file, question)
                return
            number = self._client.ask(
                pane=PANE, picture=file, pack=question.pack, criterion=question.criterion,
                device=question.device, ahead=True,
            )  # fmt: skip
            self._asked = (number, part, path, file.content_hash, question)
        elif part is Part.STAGE and stage is not None:
            staged = self._stages.known(file.content_hash)
            if staged is not None:
                self._take_stage(file.content_hash, staged)
                return
            number = self._client.ask_stage(
                pane=PANE, picture=file, pack=stage.path, criterion=stage.criterion(None),
                device=self._presenter.settings.device, ahead=True,
            )  # fmt: skip
            self._asked = (number, part, path, file.content_hash, None)
        elif part is Part.REGIONS:
            self._ask_regions(file)
        self.changed.emit()

    def _ask_regions(self, file: PictureFile) -> None:
        path = Path(file.path)
        told = self.told(path)
        said, answer = self._said(path, told), told.referable
        if said is None or said.map_file is None or answer is None or answer.assessed is None:
            told.given_up[Part.REGIONS] = ""
            return
        number = self._client.find_regions(
            picture=file,
            heatmap=said.map_file,
            assessed=answer.assessed,
            threshold=self.threshold(answer),
        )
        self._asked = (number, Part.REGIONS, path, file.content_hash, None)

    def threshold(self, answer: RetinopathyAnswer) -> float:
        """From where on a pixel belongs to a region, by the pack that answered."""
        packs = self._presenter.packs
        found = (pack.lesion_threshold for pack in packs if pack.sha256 == answer.pack.sha256)
        return next(found, LESION_THRESHOLD)

    # ---- what the engine says

    def _on_thumbnail(self, message: Thumbnail) -> None:
        path = self._over(message.id)
        if path is None:
            return
        self._readings.learn(path, message.content_hash)
        pixels = self._client.mapped(message.file).copy()
        self._client.release(message.file)
        self._keep_small(path, pixels)
        self.go_on()

    def _keep_small(self, path: Path, pixels: NDArray[np.uint8] | None) -> None:
        if path in self._paths and pixels is not None:
            height, width = pixels.shape[:2]
            data = pixels.tobytes()
            image = QImage(data, width, height, 3 * width, QImage.Format.Format_RGB888)
            self._small[path] = image.copy()
            self.changed.emit()

    def _on_answered(self, message: Answered) -> None:
        asked = self._asked
        path = self._over(message.id)
        if path is None or asked is None or asked[4] is None:
            return
        file = PictureFile(str(path), asked[3])
        self._readings.keep_answer(file, asked[4], message)
        self._take_referable(file, asked[4])

    def _take_referable(self, file: PictureFile, question: Question) -> None:
        path = Path(file.path)
        said = self._readings.said(path, question)
        if said is not None:
            told = self._told.setdefault(file.content_hash, Told())
            told.referable, told.question, told.regions = said.answer, question, None
            told.given_up.pop(Part.REGIONS, None)
            if said.answer.decision is Decision.UNGRADABLE:
                told.given_up[Part.REGIONS] = ""
        self.changed.emit()
        self.go_on()

    def _on_stage(self, message: AnsweredStage) -> None:
        asked = self._asked
        path = self._over(message.id)
        if path is None or asked is None:
            return
        self._stages.keep(asked[3], message)
        self._take_stage(asked[3], message.answer)

    def _take_stage(self, content: str, answer: StageAnswer) -> None:
        self._told.setdefault(content, Told()).stage = answer
        self.changed.emit()
        self.go_on()

    def _on_regions(self, message: RegionsFound) -> None:
        asked = self._asked
        path = self._over(message.id)
        if path is None or asked is None:
            return
        if message.file:
            self._client.release(message.file)
        told = self._told.setdefault(asked[3], Told())
        told.regions = len(message.regions) + message.rest
        self.changed.emit()
        self.go_on()

    def _on_over(self, message: Refused | Failed | Gone) -> None:
        asked = self._asked
        path = self._over(message.id)
        if path is None or asked is None:
            return
        match message:
            case Refused(what=what, why=why):
                self._give_up(asked[1], path, asked[3], f"{what} {why}")
            case Failed():
                self._give_up(asked[1], path, asked[3], "It failed, and it is our fault.")
            case Gone():
                self._later.start()
        self.changed.emit()
        if not isinstance(message, Gone):
            self.go_on()

    def _give_up(self, part: Part, path: Path, content: str, why: str) -> None:
        self._told.setdefault(content or str(path), Told()).given_up[part] = why

    def _over(self, number: int) -> Path | None:
        if self._asked is None or self._asked[0] != number:
            return None
        _, _, path, _, _ = self._asked
        self._asked = None
        return path

    def _on_state(self, state: EngineState) -> None:
        if state is not EngineState.STOPPING:
            self._up = state is EngineState.READY
            self.go_on()

    def _on_restarted(self) -> None:
        if self._asked is not None:
            # It may be what ended the engine: it waits until somebody asks for it.
            _, part, path, content, _ = self._asked
            self._give_up(part, path, content, "The engine stopped while it was read.")

    def fault(self, path: Path) -> str:
        """Why something is missing of a photograph, in sentences."""
        parts = {**self._lost(path), **self.told(path).given_up}
        return " ".join(dict.fromkeys(why for why in parts.values() if why))
