"""How the heatmap is laid over the picture: switch, criterion, colours, opacity, hide below."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from engine import tint
from engine.answers import Criterion, Look
from engine.settings import Settings
from viewer.panels.chooser import Chooser
from viewer.panels.parts import Block, label
from viewer.panels.slider import ValueSlider
from viewer.panels.switch import Switch
from viewer.theme.theme import Theme

CRITERIA = {
    Criterion.LESIONS: (
        "Drawn lesions",
        "How sure the network is that a pixel shows a lesion. It draws this itself, and reads its "
        "answer from it, too.",
    ),
    Criterion.PI: (
        "π, hue-constrained",
        "Which pixels, changed along their own hue, would change the "
        "probability. Hue-constrained sensitivity.",
    ),
    Criterion.OMEGA: (
        "ω, sensitivity",
        "Which pixels, changed in any way, would change the probability. Plain sensitivity.",
    ),
    Criterion.RELEVANCE: (
        "Relevance, α 2, β 1",
        "How the score is shared out among the pixels, layer by layer: for and against referable. "
        "Layer-wise relevance propagation; takes longer.",
    ),
    Criterion.PI_PHOTOGRAPH: (
        "π of the photograph",
        "As π, but a pixel is changed along its hue in the photograph itself, not in its "
        "difference to the background.",
    ),
}

_RAMP = QSize(56, 12)


class HeatmapBlock(Block):
    """Every control acts within one frame."""

    switched = Signal(bool)
    criterion_chosen = Signal(object)
    evidence_chosen = Signal(int)
    """The place of the stage whose heatmap is wanted; -1 for that of Referable."""
    colour_map_chosen = Signal(str)
    opacity_changed = Signal(float)
    threshold_changed = Signal(float)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Heatmap")
        usual = Settings()
        row = QHBoxLayout()
        row.addWidget(label("Heatmap", "title"))
        row.addStretch()
        row.addWidget(label("hold to hide", "hint"))
        row.addWidget(label("S", "key"), 0, Qt.AlignmentFlag.AlignVCenter)
        self.switch = Switch(theme, "Show the heatmap")
        self.switch.toggled.connect(self.switched)
        row.addWidget(self.switch)
        self.body.addLayout(row)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        self.evidence = Chooser(theme, "Heatmap of")
        self._evidence_words = label("Heatmap of", "second")
        self.criterion = Chooser(theme, "Criterion")
        self._criterion_words = label("Criterion", "second")
        self._offered: tuple[Criterion, ...] = ()
        self.colours = self._ramps(theme)
        self._signed = label("Azure for, ember against", "body")
        self.opacity = ValueSlider(theme, "Opacity", 100, round(100 * usual.opacity), _percent)
        self.threshold = ValueSlider(
            theme, "Hide below", 100, round(100 * usual.threshold), _hundredths
        )
        self._opacity_words = label("", "strong")
        self._threshold_words = label("", "strong")
        self._evidence_words.setBuddy(self.evidence)
        grid.addWidget(self._evidence_words, 0, 0)
        grid.addWidget(self.evidence, 0, 1, 1, 2)
        rows = (
            (self._criterion_words, self.criterion, None),
            (label("Colours", "second"), self.colours, None),
            (label("Opacity", "second"), self.opacity, self._opacity_words),
            (label("Hide below", "second"), self.threshold, self._threshold_words),
        )
        for number, (words, control, value) in enumerate(rows, 1):
            words.setBuddy(control)
            grid.addWidget(words, number, 0)
            grid.addWidget(control, number, 1, 1, 2 if value is None else 1)
            if control is self.colours:
                grid.addWidget(self._signed, number, 1, 1, 2)
            if value is not None:
                value.setMinimumWidth(40)
                value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                grid.addWidget(value, number, 2)
        self.body.addLayout(grid)
        self._connect()
        self.show_evidence((), None)
        self._show_criterion()

    def show_evidence(
        self, stages: Sequence[str], chosen: int | None, *, awaited: bool = False
    ) -> None:
        """What there are heatmaps of: Referable, and these ``stages`` in their order.

        Where they are ``awaited``, their room is kept, so that nothing beneath it moves.
        """
        names = ["Referable", *(stage[:1].upper() + stage[1:] for stage in stages)]
        if names != [self.evidence.itemText(at) for at in range(self.evidence.count())]:
            self.evidence.clear()
            self.evidence.addItems(names)
        self.evidence.setCurrentIndex(0 if chosen is None else chosen + 1)
        for part in (self._evidence_words, self.evidence):
            part.setVisible(bool(stages) or awaited)
        self.evidence.setEnabled(bool(stages))

    def offer(self, criteria: tuple[Criterion, ...]) -> None:
        """The criteria to choose from: those that the pack has; none while no pack is known."""
        if criteria == self._offered:
            return
        self._offered = criteria
        self.criterion.clear()
        for number, each in enumerate(criteria):
            name, meaning = CRITERIA[each]
            self.criterion.addItem(name)
            self.criterion.setItemData(number, meaning, Qt.ItemDataRole.ToolTipRole)
        self._show_criterion()

    def _show_criterion(self) -> None:
        for part in (self._criterion_words, self.criterion):
            part.setVisible(bool(self._offered))

    def show_look(self, look: Look, criterion: Criterion) -> None:
        """Put the controls where the look is, without telling it back."""
        for control, value in (
            (self.opacity, round(100 * look.opacity)),
            (self.threshold, round(100 * look.threshold)),
        ):
            blocked = control.blockSignals(True)
            control.setValue(value)
            control.blockSignals(blocked)
            control.update()
        blocked = self.switch.blockSignals(True)
        self.switch.setChecked(look.visible)
        self.switch.blockSignals(blocked)
        self.switch.update()
        self._opacity_words.setText(_percent(self.opacity.value()))
        self._threshold_words.setText(_hundredths(self.threshold.value()))
        if criterion in self._offered:
            self.criterion.setCurrentIndex(self._offered.index(criterion))
        self.criterion.setToolTip(CRITERIA[criterion][1])
        self.colours.setCurrentIndex(tint.COLOUR_MAPS.index(look.colour_map))
        # A signed map has one ramp for each sign, and they are not chosen.
        signed = criterion is Criterion.RELEVANCE
        self.colours.setVisible(not signed)
        self._signed.setVisible(signed)

    def show_lesion_threshold(self, threshold: float) -> None:
        """Put the tick of *Hide below* where regions begin."""
        words = f"The tick is where regions begin: {threshold:.2f}"
        self.threshold.set_tick(round(100 * threshold), words)

    def _ramps(self, theme: Theme) -> Chooser:
        chooser = Chooser(theme, "Colours")
        chooser.setIconSize(_RAMP)
        for name in tint.COLOUR_MAPS:
            chooser.addItem(_ramp(name), name.capitalize())
        return chooser

    def _connect(self) -> None:
        self.evidence.activated.connect(lambda number: self.evidence_chosen.emit(number - 1))
        self.criterion.activated.connect(
            lambda number: self.criterion_chosen.emit(self._offered[number])
        )
        self.colours.activated.connect(
            lambda number: self.colour_map_chosen.emit(tint.COLOUR_MAPS[number])
        )
        self.opacity.valueChanged.connect(lambda value: self.opacity_changed.emit(value / 100))
        self.threshold.valueChanged.connect(lambda value: self.threshold_changed.emit(value / 100))
        for slider, words, value_words in (
            (self.opacity, self._opacity_words, _percent),
            (self.threshold, self._threshold_words, _hundredths),
        ):
            slider.typed.connect(
                lambda digits, slider=slider, words=words, value_words=value_words: words.setText(
                    f"{digits}_" if digits else value_words(slider.value())
                )
            )


def _percent(value: int) -> str:
    return f"{value}\N{NARROW NO-BREAK SPACE}%"


def _hundredths(value: int) -> str:
    return f"{value / 100:.2f}"


def _ramp(name: str) -> QIcon:
    """The colour map as it looks at full opacity on black."""
    table = tint.colour_table(name)
    solid = table.copy()
    solid[:, 3] = 255
    image = QImage(solid.tobytes(), 256, 1, 4 * 256, QImage.Format.Format_RGBA8888)
    return QIcon(QPixmap.fromImage(image.scaled(2 * _RAMP.width(), 2 * _RAMP.height())))
