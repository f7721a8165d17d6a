"""What the model says: decision, probability with its interval, operating point, warnings."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.answers import Decision, RetinopathyAnswer
from engine.telling import words
from viewer.panels.device import device_words
from viewer.panels.limits import Limits
from viewer.panels.parts import Block, Button, label, restyle
from viewer.panels.probability import ProbabilityBar
from viewer.panels.said import SaidEach
from viewer.panels.stages import StageFoot, StageSection
from viewer.photograph.stage_face import StageFace
from viewer.photograph.standing import Standing
from viewer.theme import icons, tokens
from viewer.theme.theme import Theme

_ICONS = {
    Decision.REFERABLE: "flag",
    Decision.NOT_REFERABLE: "circle",
    Decision.UNGRADABLE: "ban",
}

_INTERVAL_TIP = (
    "The interval is the uncertainty of the calibration, not of this eye: from the 5th to the "
    "95th percentile of the calibration refitted on 200 draws of patients."
)

_NOTHING = {
    Standing.NO_PACK: "No pack is installed. Add one above; then this photograph is read.",
    Standing.NOT_ANSWERED: "The model has not answered for this photograph.",
    Standing.HIDDEN: "Hidden until you sign.",
}
"""Why the model says nothing."""

_SHAPES_AFTER_MS = 200


class ModelBlock(Block):
    """The model's block: an answer, grey shapes while it is made, or why there is none."""

    asked_again = Signal()
    unfold_wanted = Signal(bool)
    """Whether the packs' limits are to be told whole."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Model", by_model=True)
        self._answer: RetinopathyAnswer | None = None
        self._head()
        self._shapes = _Shapes(theme)
        self._said = QWidget()
        self._none = QWidget()
        self._said_body()
        self._none_body()
        self.stages = StageSection(theme)
        self._stages_foot = StageFoot(theme)
        self._foot = QWidget()
        self._foot_body()
        for part in (
            self._shapes, self._said, self._none, self.stages, self._foot, self._stages_foot
        ):  # fmt: skip
            self.body.addWidget(part)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_SHAPES_AFTER_MS)
        self._late.timeout.connect(self._shapes.show)
        theme.changed.connect(self._redraw_icons)
        self._redraw_icons()
        self.show_standing(Standing.NO_PICTURE, None)

    def show_standing(
        self,
        standing: Standing,
        answer: RetinopathyAnswer | None,
        *,
        asking: bool = False,
        unfolded: bool = False,
    ) -> None:
        """Show where matters stand, with the answer if there is one.

        ``unfolded`` is whether its pack's limits are told whole.
        """
        self._answer = answer
        stale = standing is Standing.STALE
        self._stale.setVisible(stale)
        made = "; a new answer is being made" if asking else ""
        self._stale.setToolTip(f"From before the last change{made}.")
        self._recompute.setVisible(stale and not asking)
        self._said.setVisible(answer is not None)
        self._foot.setVisible(answer is not None)
        self._none.setVisible(standing in _NOTHING)
        self._again.setVisible(standing is Standing.NOT_ANSWERED)
        self._why.setText(_NOTHING.get(standing, ""))
        if standing is Standing.ASKING:
            self._late.start()
        else:
            self._late.stop()
            self._shapes.hide()
        if answer is not None:
            self._tell(answer, stale)
            self._tell_foot(answer, unfolded)
        self.updateGeometry()

    def warn(self, warnings: Sequence[str]) -> None:
        """What must be known of the answer, where more, or less, is known than when it came."""
        self._warnings.say(warnings)

    def show_stages(self, face: StageFace | None, *, unfolded: bool = False) -> None:
        """What a stage pack says beneath, or nothing; ``unfolded`` as in ``show_standing``."""
        self.stages.show_face(face)
        self._stages_foot.show_face(face, unfolded=unfolded)

    # ---- building

    def _head(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        self._sign = label("")
        row.addWidget(self._sign)
        row.addWidget(label("MODEL", "model-label"))
        row.addStretch()
        self._stale = label("Stale", "chip")
        row.addWidget(self._stale)
        self._recompute = Button(self._theme, "Recompute", "refresh", small=True)
        self._recompute.clicked.connect(self.asked_again)
        row.addWidget(self._recompute)
        self.body.addLayout(row)

    def _said_body(self) -> None:
        column = QVBoxLayout(self._said)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._icon = label("")
        self._decision = label("", "decision", wrap=True)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._decision, 1)
        column.addLayout(row)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._figure = label("", "figure")
        self._of_what = label("probability of referable retinopathy", "body")
        row.addWidget(self._figure, 0, Qt.AlignmentFlag.AlignBaseline)
        row.addWidget(self._of_what, 1, Qt.AlignmentFlag.AlignBaseline)
        column.addLayout(row)
        self._interval = label("", "second")
        self._interval.setToolTip(_INTERVAL_TIP)
        self._bar = ProbabilityBar(self._theme)
        self._refused = label(words.REFUSED, "second", wrap=True)
        for part in (self._interval, self._bar, self._refused):
            column.addWidget(part)

    def _foot_body(self) -> None:
        """Beneath the stages: what must be known of the answer, which pack, and its limits."""
        column = QVBoxLayout(self._foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._warnings = SaidEach(self._theme, "alert-triangle")
        self.limits = Limits(self._theme)
        column.addWidget(self._warnings)
        column.addWidget(self.limits)
        for limits in (self.limits, self._stages_foot.limits):
            limits.unfold_wanted.connect(self.unfold_wanted)

    def _none_body(self) -> None:
        column = QVBoxLayout(self._none)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.GAP)
        self._why = label("", "second", wrap=True)
        self._again = Button(self._theme, "Ask again", "refresh", small=True)
        self._again.clicked.connect(self.asked_again)
        column.addWidget(self._why)
        column.addWidget(self._again, 0, Qt.AlignmentFlag.AlignLeft)

    # ---- telling

    def _tell(self, answer: RetinopathyAnswer, stale: bool) -> None:
        numbers = answer.probability is not None
        self._decision.setText(words.decision_words(answer.decision))
        tone = "refer" if answer.decision is Decision.REFERABLE and not stale else ""
        restyle(self._decision, "tone", tone)
        for part in (self._decision, self._figure, self._of_what, self._interval):
            restyle(part, "faint", stale)
        figures: tuple[QWidget, ...] = (self._figure, self._of_what, self._interval, self._bar)
        for figure in figures:
            figure.setVisible(numbers)
        self._refused.setVisible(not numbers)
        if answer.probability is not None:
            self._figure.setText(words.percent(answer.probability))
        self._interval.setText(_interval_line(answer))
        self._interval.setAccessibleDescription(_INTERVAL_TIP)
        self._bar.show_answer(answer, stale=stale)
        self._said.setAccessibleName(words.probability_sentence(answer))
        self._redraw_icons()

    def _tell_foot(self, answer: RetinopathyAnswer, unfolded: bool) -> None:
        pack, device = answer.pack, device_words(answer.device)
        made_by = f"{pack.name} {pack.version} · {device}"
        self.limits.show_limits(made_by, answer.notes, unfolded=unfolded)
        self.limits.made_by.setToolTip(f"Pack {words.pack_words(pack)}, computed on the {device}")
        self.warn(answer.warnings)

    def _redraw_icons(self) -> None:
        colours = self._theme.tokens
        ratio = self.devicePixelRatioF()
        self._sign.setPixmap(icons.pixmap("stack-2", colours.model, 16, ratio))
        if self._answer is not None:
            decision = self._answer.decision
            colour = colours.refer if decision is Decision.REFERABLE else colours.text1
            colour = colours.edge if self._stale.isVisibleTo(self) else colour
            self._icon.setPixmap(icons.pixmap(_ICONS[decision], colour, 24, ratio))


def _interval_line(answer: RetinopathyAnswer) -> str:
    interval = answer.interval
    if interval is None:
        return ""
    close = ", close" if words.is_close(interval, answer.operating_point) else ""
    level = words.percent(interval.level)
    return f"{words.interval_words(interval)}{close}: {level} interval of the calibration"


class _Shapes(QWidget):
    """Grey shapes where an answer will stand."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName("The model's answer is being made")
        self.setFixedHeight(106)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """As wide as the panel."""
        return QSize(300, 106)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """A word, a line, a bar."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.tokens.control))
        for top, height, part in ((4, 24, 0.45), (40, 14, 0.8), (64, 10, 0.6), (86, 16, 1.0)):
            painter.drawRoundedRect(0, top, round(self.width() * part), height, 4, 4)
