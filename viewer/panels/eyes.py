"""What the model says of both eyes, and of the patient; and whose word makes them a pair."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.answers import Decision, JointAnswer, RetinopathyAnswer
from engine.eyes.which import WhichEye
from engine.telling import words
from viewer.layers.captions import eye_words
from viewer.panels.limits import Limits
from viewer.panels.parts import Block, Button, label, restyle
from viewer.panels.probability import ProbabilityBar
from viewer.panels.said import SaidEach
from viewer.panels.stages import StageSection
from viewer.photograph.stage_face import StageFace
from viewer.theme import icons
from viewer.theme.theme import Theme

ICONS = {
    Decision.REFERABLE: "flag",
    Decision.NOT_REFERABLE: "circle",
    Decision.UNGRADABLE: "ban",
}


@dataclass(frozen=True)
class EyeFace:
    """One eye: which, and what the model says of it, None without an answer."""

    which: WhichEye
    answer: RetinopathyAnswer | None = None
    stage: StageFace | None = None


@dataclass(frozen=True)
class EyesFace:
    """Both eyes as they stand, OD first; ``joint`` is the pair's answer.

    ``nothing`` says why the model says nothing ("Hidden until you sign."). ``paired`` is whose
    word makes them a pair; ``alone`` is whether there is no other eye, ``unfolded`` whether the
    packs' limits are told whole.
    """

    eyes: tuple[EyeFace, ...]
    joint: JointAnswer | None = None
    nothing: str = ""
    paired: str = ""
    stale: bool = False
    alone: bool = False
    unfolded: bool = False


class EyesBlock(Block):
    """Both eyes, one under the other; buttons correct what the window took them for."""

    swap_wanted = Signal()
    other_wanted = Signal()
    part_wanted = Signal()
    explained = Signal(int, int)
    """An eye's place from the top, and the place of a stage whose heatmap is wanted."""
    unfold_wanted = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Both eyes, by the model", by_model=True)
        row = QHBoxLayout()
        row.setSpacing(6)
        self._sign = label("")
        self._stale = label("Stale", "chip")
        row.addWidget(self._sign)
        row.addWidget(label("MODEL, BOTH EYES", "model-label"))
        row.addStretch()
        row.addWidget(self._stale)
        self.body.addLayout(row)
        self._nothing = label("", "second", wrap=True)
        self.body.addWidget(self._nothing)
        self.parts = (_EyePart(theme), _EyePart(theme))
        for place, part in enumerate(self.parts):
            self.body.addWidget(part)
            part.stages.explained.connect(partial(self.explained.emit, place))
        self._pair = label("", "strong", wrap=True)
        self._pair_said = label("", "second", wrap=True)
        self._notes = SaidEach(theme, "alert-triangle")
        self.limits = Limits(theme)
        self.limits.unfold_wanted.connect(self.unfold_wanted)
        self._paired = label("", "hint", wrap=True)
        for words_ in (self._pair, self._pair_said, self._notes, self.limits, self._paired):
            self.body.addWidget(words_)
        row = QHBoxLayout()
        row.setSpacing(6)
        self.swap = Button(theme, "Swap OD/OS", small=True)
        self.other = Button(theme, "Other eye…", small=True)
        self.part = Button(theme, "Not a pair", small=True)
        for button in (self.swap, self.other, self.part):
            row.addWidget(button)
        row.addStretch()
        self.swap.clicked.connect(self.swap_wanted)
        self.other.clicked.connect(self.other_wanted)
        self.part.clicked.connect(self.part_wanted)
        self.body.addLayout(row)
        self._face = EyesFace(())
        theme.changed.connect(self._redraw)
        self.show_face(self._face)

    def show_face(self, face: EyesFace) -> None:
        """Show both eyes as they stand now."""
        self._face = face
        self._nothing.setText(face.nothing)
        self._nothing.setVisible(bool(face.nothing))
        self._stale.setVisible(face.stale)
        for part, eye in zip(self.parts, (*face.eyes, None, None), strict=False):
            part.setVisible(eye is not None)
            if eye is not None:
                part.show_eye(eye, stale=face.stale)
        joint = face.joint
        self._pair.setText("" if joint is None else pair_words(joint))
        self._pair.setVisible(joint is not None)
        restyle(self._pair, "faint", face.stale)
        self._pair_said.setText("" if joint is None else joint.said)
        self._pair_said.setVisible(joint is not None)
        self._notes.say(notes_of(face))
        limits = limits_of(face)
        self.limits.show_limits("Beside every answer", limits, unfolded=face.unfolded)
        self.limits.setVisible(bool(limits))
        self._paired.setText(face.paired)
        # Where there is no pair, the place of the other eye says why.
        self._paired.setVisible(bool(face.paired) and not face.alone)
        self.swap.setVisible(not face.alone)
        self.part.setVisible(not face.alone)
        self._redraw()

    def _redraw(self) -> None:
        ratio = self.devicePixelRatioF()
        self._sign.setPixmap(icons.pixmap("stack-2", self._theme.tokens.model, 16, ratio))


class _EyePart(QWidget):
    """Which eye, where that is from, and the model's word with its bar."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.eye = label("", "strong")
        self.source = label("", "hint")
        row.addWidget(self.eye)
        row.addStretch()
        row.addWidget(self.source)
        column.addLayout(row)
        self.doubt = label("", "second", wrap=True)
        column.addWidget(self.doubt)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._icon = label("")
        # In a narrow panel the figure is broken over two lines, never the word cut.
        self.decision = label("", "decision-small")
        self.figure = label("", "strong", wrap=True)
        self.figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.decision)
        row.addWidget(self.figure, 1)
        column.addLayout(row)
        self.bar = ProbabilityBar(theme)
        column.addWidget(self.bar)
        self.stages = StageSection(theme)
        column.addWidget(self.stages)
        self._eye: EyeFace | None = None
        self._faint = False
        theme.changed.connect(self._redraw)

    def show_eye(self, eye: EyeFace, *, stale: bool) -> None:
        """Show one eye."""
        self._eye, self._faint = eye, stale
        self.stages.show_face(eye.stage)
        self.eye.setText(eye_words(eye.which.laterality, sought=eye.which.sought))
        self.source.setText(eye.which.words)
        self.doubt.setText(eye.which.doubt)
        self.doubt.setVisible(bool(eye.which.doubt))
        answer = eye.answer
        for part in (self._icon, self.decision):
            part.setVisible(answer is not None)
        numbers = answer is not None and answer.probability is not None
        self.figure.setVisible(numbers)
        self.bar.setVisible(numbers)
        if answer is not None:
            self.decision.setText(words.decision_words(answer.decision))
            referable = answer.decision is Decision.REFERABLE and not stale
            restyle(self.decision, "tone", "refer" if referable else "")
            restyle(self.decision, "faint", stale)
            restyle(self.figure, "faint", stale)
            if answer.probability is not None and answer.interval is not None:
                close = words.is_close(answer.interval, answer.operating_point)
                told = words.probability_words(answer.probability, answer.interval)
                self.figure.setText(f"{told}, close" if close else told)
            self.bar.show_answer(answer, stale=stale)
        self._redraw()

    def _redraw(self) -> None:
        answer = self._eye.answer if self._eye is not None else None
        if answer is not None:
            colours = self._theme.tokens
            colour = colours.refer if answer.decision is Decision.REFERABLE else colours.text1
            colour = colours.edge if self._faint else colour
            ratio = self.devicePixelRatioF()
            self._icon.setPixmap(icons.pixmap(ICONS[answer.decision], colour, 20, ratio))


def notes_of(face: EyesFace) -> tuple[str, ...]:
    """What must be known of these answers: of each eye's photograph, of the pair, of stages."""
    said = [
        f"{eye.which.laterality}: {warning}" if eye.which.laterality else warning
        for eye in face.eyes
        if eye.answer is not None
        for warning in eye.answer.warnings
    ]
    if face.joint is not None:
        said += face.joint.warnings
    for stage in (eye.stage for eye in face.eyes if eye.stage is not None):
        if stage.answer is not None and stage.said:
            said += (f"{stage.made_by}: {words_}" for words_ in stage.said)
    return tuple(dict.fromkeys(said))


def limits_of(face: EyesFace) -> tuple[str, ...]:
    """What must be known of every answer of the packs that were asked."""
    told = [eye.answer.notes for eye in face.eyes if eye.answer is not None]
    if face.joint is not None and face.joint.notes:
        told = [face.joint.notes]
    for stage in (eye.stage for eye in face.eyes if eye.stage is not None):
        if stage.answer is not None and stage.limits:
            told.append((f"{stage.made_by}: {stage.limits[0]}", *stage.limits[1:]))
    return tuple(dict.fromkeys(sentence for sentences in told for sentence in sentences))


def pair_words(joint: JointAnswer) -> str:
    """The patient's decision with its number: "Patient: Referable, 93 % (85 to 97 %)"."""
    said = f"Patient: {words.decision_words(joint.decision)}"
    if joint.probability is None or joint.interval is None:
        return said
    return f"{said}, {words.probability_words(joint.probability, joint.interval)}"
