"""One eye or both in the window: which is beside which, linked views, and the pair's answer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.answers import Basis, Heatmap, Look, RetinopathyAnswer
from engine.eyes.which import WhichEye
from engine.pictures import Laterality
from viewer.client.engine import EngineClient
from viewer.drawings.store import Drawings
from viewer.eyes.found_marks import FoundMarks
from viewer.eyes.other import OtherEyeShown
from viewer.eyes.which import Eyes, Fellow
from viewer.layers.captions import Captions
from viewer.notices import Notice
from viewer.panels.eyes import EyeFace, EyesBlock, EyesFace
from viewer.panes.eyes_view import EyesView
from viewer.panes.mirror import MirrorLink
from viewer.panes.photograph import PhotographPane
from viewer.photograph.export import NOT_YET, OUTDATED, Exported
from viewer.photograph.presenter import Presenter
from viewer.photograph.readings import Picture
from viewer.photograph.stages import Stages
from viewer.photograph.standing import Standing
from viewer.read.eye_captions import captions_of
from viewer.read.form import SeenEye
from viewer.theme.theme import Theme

LAYOUT, BOTH, ONE = "photograph", "both eyes", "one eye"
"""How the layout is kept in the settings."""
FACING = "OD at the left, OS at the right: as one faces the patient"


class BothEyes(QObject):
    """``view`` holds the views, ``block`` tells what the model says of both eyes."""

    changed = Signal()
    """Another layout, eye, fellow or answer: what is shown is to be shown anew."""
    noticed = Signal(object)
    said = Signal(str)
    """For the strip."""

    def __init__(
        self,
        theme: Theme,
        presenter: Presenter,
        client: EngineClient,
        store: Drawings,
        pane: PhotographPane,
        stages: Stages,
        found: FoundMarks,
    ) -> None:
        super().__init__(presenter)
        self._presenter = presenter
        self._client = client
        self._stages = stages
        stages.fellow = lambda: self.other.picture if self.has_pair else None
        self.view = EyesView(theme, pane)
        self.block = EyesBlock(theme)
        self.link = MirrorLink(*self.view.panes, self)
        self.eyes = Eyes(client, store, presenter.readings, presenter.walk, found, self)
        self.other = OtherEyeShown(client, presenter, self)
        self.other.sides = self._sides
        self.cautioned: Callable[[Picture, RetinopathyAnswer | None], RetinopathyAnswer | None] = (
            lambda _, answer: answer
        )
        """An answer about a photograph with what else must be known of it."""
        self._fellow = Fellow(None, "")
        self._pairing: tuple[Picture, Path] | None = None
        """Whose fellow the reader chose, and the file that is being opened as such."""
        self._second_map: Heatmap | None = None
        self._showing = False
        for changed in (
            self.eyes.changed, self.other.changed, self.link.changed, stages.changed
        ):  # fmt: skip
            changed.connect(self._tell)
        self.eyes.noticed.connect(self.noticed)
        self.view.activated.connect(self._tell)
        self.other.opened.connect(self._show_other)
        store.changed.connect(self._on_said)
        self.block.swap_wanted.connect(self.swap)
        self.block.part_wanted.connect(self.part)
        self.block.explained.connect(self._explain)

    # ---- what is shown

    @property
    def is_on(self) -> bool:
        """Whether both eyes are wanted."""
        return self._presenter.settings.layouts.get(LAYOUT) == BOTH

    @property
    def pane(self) -> PhotographPane:
        """The active view."""
        return self.view.panes[self.view.active]

    @property
    def picture(self) -> Picture | None:
        """The photograph in the active view."""
        return self.other.picture if self.view.active else self._presenter.picture

    @property
    def has_pair(self) -> bool:
        """Whether the other eye is shown."""
        return self.is_on and self.other.picture is not None

    def which(self, picture: Picture) -> WhichEye:
        """Which eye a photograph shows."""
        return self.eyes.which(picture)

    def seen(self) -> tuple[list[SeenEye], int]:
        """What the reader reads: the eyes on the screen, OD first, and the active one's place."""
        shown = self._presenter.picture
        if shown is None:
            return [], 0
        eyes = [self._seen(shown, self._single() or self.other.answer(0))]
        if self.has_pair and self.other.picture is not None:
            eyes[0] = self._seen(shown, self.other.answer(0) or self._single())
            eyes.append(self._seen(self.other.picture, self.other.answer(1)))
            if not self._first_at_left(shown):
                return eyes[::-1], 1 - self.view.active
        return eyes, self.view.active if len(eyes) > 1 else 0

    def exported(self) -> Exported | None:
        """The other eye as it is written, while the keys are for it."""
        other = self.other
        if not (self.view.active and self.has_pair) or other.picture is None:
            return None
        if self._presenter.standing is Standing.HIDDEN:
            return Exported(other.picture)
        why = NOT_YET if other.asking and other.joint is None else ""
        why = OUTDATED if other.is_stale else why
        return Exported(other.picture, other.answer(1), other.map_file(1), why)

    # ---- what a person does

    def turn(self) -> None:
        """From one eye to both, or back."""
        layouts = self._presenter.settings.layouts
        layout = ONE if self.is_on else BOTH
        self._presenter.preferences.change(layouts={**layouts, LAYOUT: layout})
        self.said.emit(FACING if layout == BOTH else "")
        self._tell()

    def activate(self, eye: Laterality) -> None:
        """Give the keys and the form to this eye, if it is shown."""
        for place, picture in enumerate((self._presenter.picture, self.other.picture)):
            if picture is not None and self.which(picture).laterality is eye:
                self.view.activate(place)

    def activate_other(self) -> None:
        """Give the keys and the form to the other eye."""
        self.view.activate(1 - self.view.active)

    def say_eye(self, eye: Laterality) -> None:
        """The reader says which eye the active photograph shows."""
        pictures = self._presenter.picture, (self.other.picture if self.is_on else None)
        active = self.picture
        if active is not None:
            beside = next((each for each in pictures if each is not active), None)
            with self._quietly():
                self.eyes.say_eye(active, eye, beside)

    def swap(self) -> None:
        """The reader says that each is the other eye."""
        shown = self._presenter.picture
        if shown is not None:
            left = self.which(shown).laterality is Laterality.RIGHT
            eye = Laterality.LEFT if left else Laterality.RIGHT
            with self._quietly():
                self.eyes.say_eye(shown, eye, self.other.picture)

    def pair_with(self, path: Path) -> None:
        """The reader says that this photograph shows the other eye: it is opened first."""
        shown = self._presenter.picture
        path = path.absolute()
        if shown is None:
            return
        if path == shown.path:
            what = "A photograph is no fellow of its own."
            self.noticed.emit(Notice("pair", what, "Choose the other eye's.", "alert-circle"))
            return
        self._pairing = shown, path
        with self._quietly():
            if not self.is_on:
                self.turn()
            self.other.show(path)
            self._show_other()

    def part(self) -> None:
        """The reader says that what is shown is no pair."""
        shown = self._presenter.picture
        if shown is not None:
            with self._quietly():
                self.eyes.say_alone(shown, self.other.picture)

    def step_over(self, by: int) -> int:
        """How many pictures a step goes on: not to the eye that is seen already."""
        shown = self._presenter.picture
        if not self.has_pair or shown is None:
            return by
        beside = self._presenter.walk.beside(shown.path, by)
        return 2 * by if beside is not None and beside == self.other.path else by

    # ---- what the desk tells

    def show_standing(self, look: Look, *, unfolded: bool) -> None:
        """Show the eyes as they stand now; the first view's photograph is the desk's.

        ``unfolded`` is whether the packs' limits are told whole.
        """
        self._showing = True
        try:
            self._show_standing(look, unfolded)
        finally:
            self._showing = False

    def heatmap(self) -> Heatmap | None:
        """The map for the first view: of a stage that is explained, else the pair's if a forest
        joined the eyes. Without one it is the photograph's own, whose regions are listed.
        """
        shown = self._presenter.picture
        if self._presenter.standing is Standing.HIDDEN or shown is None:
            return None
        if (evidence := self._stages.evidence(shown)) is not None:
            return evidence.heatmap(shown)
        other, joint = self.other, self.other.joint
        forest = joint is not None and joint.basis is Basis.FOREST and not other.is_stale
        pair = other.heatmap(0) if self.has_pair and forest else None
        return pair or self._presenter.heatmap

    def _show_standing(self, look: Look, unfolded: bool) -> None:
        presenter, shown = self._presenter, self._presenter.picture
        if shown is None:
            self.other.show(None)
            return
        self.eyes.look_beside(shown)
        if not presenter.asking:
            self.eyes.look_at(shown)
        self._fellow = self.eyes.fellow(shown) if self.is_on else Fellow(None, "")
        if not self._is_pairing(shown):
            self._pairing = None
            self.other.show(self._fellow.path)
        why = "" if self.other.path is not None else self._fellow.words
        self.view.arrange(
            both=self.is_on, first_at_left=self._first_at_left(shown), why=why if self.is_on else ""
        )
        self._show_second(look)
        self.block.show_face(self._face(shown, unfolded))

    def captions(self, picture: Picture, answer: RetinopathyAnswer | None) -> Captions:
        """The words over a photograph."""
        evidence, linked = self._stages.evidence(picture), self.has_pair and self.link.linked
        name = picture.opened.name
        return captions_of(name, self.which(picture), answer, evidence, linked=linked)

    # ---- inside

    def _show_second(self, look: Look) -> None:
        pane, picture = self.view.panes[1], self.other.picture
        self.view.await_second(picture is None)
        if picture is None:
            return
        veiled = self._presenter.standing is Standing.HIDDEN
        answer = None if veiled else self.other.answer(1)
        heatmap = None if veiled else self.other.heatmap(1)
        if (evidence := self._stages.evidence(picture)) is not None:
            heatmap = evidence.heatmap(picture)
        if heatmap is not self._second_map:
            self._second_map = heatmap
            pane.show_heatmap(heatmap)
        pane.set_assessed(None if answer is None else answer.assessed)
        pane.set_captions(self.captions(picture, answer))
        pane.set_look(look)

    def _show_other(self) -> None:
        """The fellow's photograph is there."""
        picture, shown = self.other.picture, self._presenter.picture
        if picture is None or shown is None:
            return
        content = picture.opened.content_hash
        if self._pairing == (shown, picture.path):
            self._pairing = None
            if content == shown.opened.content_hash:
                what = "These two files hold the same photograph."
                self.noticed.emit(Notice("pair", what, "Choose the other eye's.", "alert-circle"))
                self.other.show(None)
                return
            with self._quietly():
                self.eyes.say_fellow(shown, picture)
        elif self.eyes.expected(shown) not in ("", content):
            what = f"{picture.opened.name} is not the file that you paired."
            detail = "Its content has changed since; pair them anew if they belong together."
            self.noticed.emit(Notice("pair", what, detail, "alert-circle"))
        self.eyes.look_at(picture)
        pane = self.view.panes[1]
        pane.show_heatmap(None)
        self._second_map = None
        pane.show_photograph(
            picture.pixels, picture.opened.name, self.which(picture).laterality, content
        )
        self.link.align()

    def _explain(self, place: int, stage: int) -> None:
        """A stage of the eye at a place of the panel, OD first."""
        shown = self._presenter.picture
        if shown is not None:
            pictures = (shown, self.other.picture)
            at = pictures if self._first_at_left(shown) else pictures[::-1]
            self._stages.explain(at[place], stage)

    def _is_pairing(self, shown: Picture) -> bool:
        """Whether the file that the reader chose as its fellow is still being opened."""
        if self._pairing is None or not self.is_on or self._pairing[0] is not shown:
            return False
        return self.other.opening and self.other.path == self._pairing[1]

    def _on_said(self, subject: str) -> None:
        shown, fellow = self._presenter.picture, self.other.picture
        subjects = [each.opened.content_hash for each in (shown, fellow) if each is not None]
        if subject in subjects:
            self._tell()

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Say several things before any is shown: between them a pair may look like none."""
        before, self._showing = self._showing, True
        try:
            yield
        finally:
            self._showing = before
            self._tell()

    def _tell(self) -> None:
        # What changes while it is being shown is shown by then.
        if not self._showing:
            self.changed.emit()

    def _sides(self) -> tuple[Laterality | None, ...]:
        pictures = (self._presenter.picture, self.other.picture)
        return tuple(None if each is None else self.which(each).laterality for each in pictures)

    def _first_at_left(self, shown: Picture) -> bool:
        """OD is at the left; an eye that is not known is where its fellow is not."""
        own = self.which(shown).laterality
        if own is None and self.other.picture is not None:
            return self.which(self.other.picture).laterality is not Laterality.RIGHT
        return own is not Laterality.LEFT

    def _single(self) -> RetinopathyAnswer | None:
        shown, question = self._presenter.picture, self._presenter.question
        if shown is None or question is None:
            return None
        said = self._presenter.readings.said(shown.path, question)
        return said.answer if said is not None else None

    def _seen(self, picture: Picture, answer: RetinopathyAnswer | None) -> SeenEye:
        opened = picture.opened
        stage = self._stages.said(picture)
        return SeenEye(opened.content_hash, opened.name, self.which(picture), answer, stage)

    def _eye_face(self, picture: Picture, answer: RetinopathyAnswer | None) -> EyeFace:
        stage = self._stages.face(picture, answer)
        return EyeFace(self.which(picture), self.cautioned(picture, answer), stage)

    def _face(self, shown: Picture, unfolded: bool) -> EyesFace:
        other, presenter = self.other, self._presenter
        answer = other.answer(0) or presenter.answer
        eyes = [self._eye_face(shown, answer)]
        if other.picture is not None:
            eyes.append(self._eye_face(other.picture, other.answer(1)))
        if presenter.standing is Standing.HIDDEN:
            bare = [EyeFace(eye.which) for eye in eyes]
            face = EyesFace(tuple(bare), nothing="Hidden until you sign.")
        else:
            waits = "Both eyes are being read." if other.asking else ""
            nothing = "No pack is installed." if presenter.pack is None else waits
            face = EyesFace(tuple(eyes), other.joint, "" if other.joint else nothing)
        ordered = face.eyes if self._first_at_left(shown) else face.eyes[::-1]
        words = self._fellow.words[:1].upper() + self._fellow.words[1:]
        alone = other.picture is None
        return EyesFace(ordered, face.joint, face.nothing, words, other.is_stale, alone, unfolded)
