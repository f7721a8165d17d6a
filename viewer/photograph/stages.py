"""What a stage pack says of photographs: asked last, kept by content, and which is explained.

Nothing here waits: the distribution is asked ahead of the time, so that it gives way to every
question about retinopathy; only a stage's heatmap that a person asks for is waited for.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.answers import Criterion, Decision, PackSummary, RetinopathyAnswer
from engine.service.messages import (
    AnsweredStage,
    Failed,
    Gone,
    Packs,
    PictureFile,
    Ready,
    Refused,
)
from engine.stage_answers import StageAnswer
from engine.telling.stage_words import contradiction, stage_words
from viewer.client.engine import EngineClient
from viewer.notices import Notice
from viewer.photograph.export import OUTDATED, Exported
from viewer.photograph.offered_packs import STAGE_QUESTION
from viewer.photograph.presenter import Presenter
from viewer.photograph.readings import Picture
from viewer.photograph.stage_face import StageFace
from viewer.photograph.stage_kept import Key, StageEvidence, StageKept
from viewer.photograph.stage_questions import StageQuestion, StageQuestions
from viewer.photograph.standing import Standing

NO_PACK = "none"
"""How the settings keep that no stage is to be told."""


class Stages(QObject):
    """``pack`` is the stage pack in force. Answers are told of photographs on the screen."""

    changed = Signal()
    """Another answer, another stage explained, or another pack."""
    packs_changed = Signal()

    def __init__(self, client: EngineClient, presenter: Presenter) -> None:
        super().__init__(presenter)
        self._client = client
        self._presenter = presenter
        self.packs: tuple[PackSummary, ...] = presenter.offered.stage_packs
        self.fellow: Callable[[], Picture | None] = lambda: None
        """The other eye's photograph beside the presenter's."""
        self._kept = StageKept(client)
        self._not_told: dict[Key, str] = {}
        self._notes: dict[str, tuple[str, ...]] = {}
        """What holds for every answer of a pack, by its seal."""
        self._explained: dict[str, int] = {}
        self._questions = StageQuestions(client, presenter.jobs, self)
        self._followed: object = None
        presenter.picture_changed.connect(self._on_picture)
        presenter.preferences.changed.connect(self._on_preferences)
        presenter.ahead.ask_stages = self.ask_ahead
        client.ready.connect(self._on_ready)
        client.packs_changed.connect(self._on_packs)
        self._questions.answered.connect(self._on_answered)
        self._questions.over.connect(self._on_over)

    # ---- the pack

    @property
    def pack(self) -> PackSummary | None:
        """The pack that tells stages: the person's choice, else the one that ships, or none."""
        wanted = self._presenter.settings.stage_pack
        if wanted == NO_PACK:
            return None
        usable = sorted(
            (pack for pack in self.packs if not pack.fault), key=lambda pack: not pack.shipped
        )
        kept = [pack for pack in usable if pack.path == wanted]
        return next(iter(kept or usable), None)

    @property
    def criterion(self) -> Criterion:
        """By which stages are explained: the chosen one, where the pack has it."""
        wanted, pack = self._presenter.wanted_criterion, self.pack
        return Criterion.PI if pack is None else pack.criterion(wanted)

    def choose_pack(self, pack: PackSummary | None) -> None:
        """Put another pack in force, or none."""
        self._presenter.preferences.change(stage_pack=NO_PACK if pack is None else pack.path)

    # ---- what is known

    def answer(self, picture: Picture) -> StageAnswer | None:
        """What the pack in force says of a photograph, if that is at hand and may be told."""
        key = self._key(picture.opened.content_hash)
        if key is None or self._presenter.standing is Standing.HIDDEN:
            return None
        return self._kept.answer(key)

    def said(self, picture: Picture) -> StageAnswer | None:
        """The same, whether it may be told or not: for what is signed."""
        key = self._key(picture.opened.content_hash)
        return None if key is None else self._kept.answer(key)

    def known(self, content: str) -> StageAnswer | None:
        """What the pack in force has said of a content, whether it may be told or not."""
        key = self._key(content)
        return None if key is None else self._kept.answer(key)

    def keep(self, content: str, message: AnsweredStage) -> None:
        """Take over what others have asked about a content, with its map."""
        seal = message.answer.pack.sha256
        self._kept.keep((content, seal, self._presenter.settings.device), message)
        self._notes[seal] = message.answer.notes
        self.changed.emit()

    def explained(self, picture: Picture) -> int | None:
        """The place of the stage whose heatmap is wanted; None where it is that of Referable."""
        if self.answer(picture) is None:
            return None
        return self._explained.get(picture.opened.content_hash)

    def evidence(self, picture: Picture) -> StageEvidence | None:
        """The heatmap of the wanted stage; by another criterion while the right one is made."""
        key, place = self._key(picture.opened.content_hash), self.explained(picture)
        if key is None or place is None:
            return None
        return self._kept.evidence(key, self.criterion, place)

    def face(self, picture: Picture, beside: RetinopathyAnswer | None) -> StageFace | None:
        """What the panel tells beneath ``beside``; None where nothing is to be told."""
        key = self._key(picture.opened.content_hash)
        hidden = self._presenter.standing is Standing.HIDDEN
        ungradable = beside is not None and beside.decision is Decision.UNGRADABLE
        if key is None or hidden or ungradable:
            return None
        answer = self._kept.answer(key)
        if answer is not None and not answer.stages:
            return None
        nothing = self._not_told.get(key, "") if answer is None else ""
        known = () if beside is None else (*beside.warnings, *beside.notes)
        # Before its answer, the room that its pack's notes will take.
        notes = self._notes.get(key[1], ()) if answer is None else answer.notes
        limits = tuple(words for words in notes if words not in known)
        said = () if answer is None else dict.fromkeys(answer.warnings)
        more = tuple(words for words in said if words not in known)
        if answer is not None and beside is not None:
            differs = contradiction(answer, beside.decision)
            more = (differs, *more) if differs else more
        pack = self.pack
        made_by = "" if pack is None else f"Stages by {pack.name} {pack.version}"
        return StageFace(answer, made_by, self.explained(picture), nothing, more, limits)

    def exported(self, exported: Exported) -> Exported:
        """What leaves the window, with the stage, and its heatmap where that is shown."""
        picture = exported.picture
        answer = self.answer(picture)
        if answer is None or exported.answer is None:
            return exported
        if self.explained(picture) is None:
            return replace(exported, stage=replace(answer, explained=None))
        evidence = self.evidence(picture)
        if evidence is None or evidence.answer.criterion is not self.criterion:
            return replace(exported, why=exported.why or OUTDATED)
        return replace(exported, stage=evidence.answer, heatmap=evidence.map_file)

    # ---- which stage is explained

    def explain(self, picture: Picture | None, place: int) -> None:
        """Show the heatmap of this stage in place of that of Referable, or again: go back."""
        if picture is None:
            return
        answer, content = self.answer(picture), picture.opened.content_hash
        if answer is None or not 0 <= place < len(answer.stages):
            return
        if self._explained.get(content) == place:
            del self._explained[content]
        else:
            self._explained[content] = place
        self._follow()
        self.changed.emit()

    def step(self, picture: Picture | None) -> None:
        """The heatmap of the likeliest stage, then of the next; after all, that of Referable."""
        answer = None if picture is None else self.answer(picture)
        if picture is None or answer is None or answer.likeliest is None:
            return
        at = self.explained(picture)
        following = answer.likeliest if at is None else (at + 1) % len(answer.stages)
        if at is not None and following == answer.likeliest:
            self.show_referable(picture)
        else:
            self.explain(picture, following)

    def show_referable(self, picture: Picture | None) -> bool:
        """Go back to the heatmap of Referable; whether another was shown."""
        if picture is None or self._explained.pop(picture.opened.content_hash, None) is None:
            return False
        self._follow()
        self.changed.emit()
        return True

    # ---- what is asked

    def ask_ahead(self, paths: Sequence[Path]) -> bool:
        """Ask about the first of these that has no answer; whether one is being asked now."""
        if self._questions.busy:
            return True
        for file in self._files(paths):
            key = self._key(file.content_hash)
            pack = self.pack
            if key is None or pack is None:
                return False
            if self._kept.answer(key) or key in self._not_told or self._is_ungradable(file):
                continue
            self._questions.ask_ahead(StageQuestion(key, self.criterion), file, pack.path)
            return True
        return False

    def _files(self, paths: Sequence[Path]) -> list[PictureFile]:
        shown, fellow = self._presenter.picture, self.fellow()
        files = []
        for path in paths:
            if shown is not None and path == shown.path:
                files += [shown.file, *([] if fellow is None else [fellow.file])]
            elif (file := self._presenter.readings.file(path)) is not None:
                files.append(file)
        return files

    def _is_ungradable(self, file: PictureFile) -> bool:
        pack = self._presenter.pack
        if pack is None:
            return False
        decision = self._presenter.readings.decision(Path(file.path), pack.sha256)
        return decision is Decision.UNGRADABLE

    def _follow(self) -> None:
        """Have the heatmaps made that are wanted and not at hand, one after the other."""
        wanted, pack = self._wanted(), self.pack
        question = None if wanted is None else StageQuestion(wanted[1], self.criterion, wanted[2])
        if question is not None and question == self._questions.waited:
            return
        self._questions.let_go()
        if wanted is None or question is None or pack is None:
            return
        picture, key, place = wanted
        answer = self._kept.answer(key)
        of = "a stage" if answer is None else stage_words(answer.stages, place)
        title = f"Heatmap of {of}, {picture.opened.name}"
        self._questions.wait_for(
            question, picture.file, pack.path, title, lambda: self._again(picture, place)
        )

    def _wanted(self) -> tuple[Picture, Key, int] | None:
        """A photograph and the stage whose heatmap is to be made of it."""
        for picture in (self._presenter.picture, self.fellow()):
            if picture is None:
                continue
            key = self._key(picture.opened.content_hash)
            place = self._explained.get(picture.opened.content_hash)
            if key is None or place is None or self._kept.answer(key) is None:
                continue
            if not self._kept.has_map(key, self.criterion, place):
                return picture, key, place
        return None

    def _again(self, picture: Picture, place: int) -> None:
        if self._explained.get(picture.opened.content_hash) != place:
            self.explain(picture, place)

    def _key(self, content: str) -> Key | None:
        pack = self.pack
        return None if pack is None else (content, pack.sha256, self._presenter.settings.device)

    # ---- what the presenter and the engine say

    def _on_picture(self) -> None:
        # What was explained on one eye must not silently be explained on the next.
        self._explained.clear()
        self._follow()
        self.changed.emit()

    def _on_preferences(self) -> None:
        presenter, pack = self._presenter, self.pack
        now = (pack, presenter.settings.device, presenter.criterion, self.criterion)
        if now == self._followed:
            return
        self._followed = now
        self._follow()
        self.packs_changed.emit()
        self.changed.emit()
        presenter.ahead.resume()

    def _on_ready(self, message: Ready) -> None:
        self._take_packs(message.packs)

    def _on_packs(self, message: Packs) -> None:
        self._take_packs(message.packs)

    def _take_packs(self, packs: tuple[PackSummary, ...]) -> None:
        self.packs = tuple(pack for pack in packs if pack.question == STAGE_QUESTION)
        self._followed = None
        self._on_preferences()

    def _on_answered(self, question: StageQuestion, message: AnsweredStage) -> None:
        if question.place is not None and message.heatmap is None:
            self._tell_no_map(question.key, message.answer)
        self._kept.keep(question.key, message)
        self._notes[question.key[1]] = message.answer.notes
        self._follow()
        self.changed.emit()
        self._presenter.ahead.resume()

    def _tell_no_map(self, key: Key, answer: StageAnswer) -> None:
        """The engine has no heatmap of it, and says why: that of Referable is shown again."""
        self._explained.pop(key[0], None)
        before = self._kept.answer(key)
        known = () if before is None else before.warnings
        why = " ".join(words for words in answer.warnings if words not in known)
        notice = Notice("stage", "There is no heatmap of this stage.", why, "alert-circle")
        self._presenter.noticed.emit(notice)

    def _on_over(self, question: StageQuestion, message: Refused | Failed | Gone) -> None:
        if question.place is not None:
            # The presenter tells it, whose job it was; the heatmap of Referable is shown again.
            self._explained.pop(question.key[0], None)
        elif isinstance(message, Refused):
            self._not_told[question.key] = f"{message.why} {message.advice}"
        elif isinstance(message, Failed):
            said = "The engine failed at it; another photograph may succeed."
            self._not_told[question.key] = said
        self._follow()
        self.changed.emit()
        self._presenter.ahead.resume()
