"""The mask over the series on the screen: its file, how strongly it is laid on, and its labels."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from engine.settings import Settings
from viewer.panels.parts import Block, Button, Line, label
from viewer.panels.slider import ValueSlider
from viewer.seen.label_colours import colour_of
from viewer.seen.mask import Label, Mask
from viewer.theme.theme import Theme

_MOST = 12
"""So many labels are listed; the others are counted."""
_SWATCH = 12
_THIN = "\N{NARROW NO-BREAK SPACE}"


class MaskBlock(Block):
    """Nobody's word: neither the model's nor the reader's."""

    taken_off = Signal()
    opacity_changed = Signal(float)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Mask")
        head = QHBoxLayout()
        head.addWidget(label("MASK", "label"))
        head.addStretch(1)
        head.addWidget(label("hold to hide", "hint"))
        head.addWidget(label("S", "key"), 0, Qt.AlignmentFlag.AlignVCenter)
        self.off = Button(theme, "Take off", "x", small=True)
        self.off.clicked.connect(self.taken_off)
        head.addWidget(self.off)
        self.body.addLayout(head)
        self.name = Line("strong")
        self.body.addWidget(self.name)
        row = QHBoxLayout()
        self.opacity = ValueSlider(
            theme, "Opacity of the mask", 100, round(100 * Settings().opacity), _percent
        )
        self._share = label("", "strong")
        words = label("Opacity", "second")
        words.setBuddy(self.opacity)
        row.addWidget(words)
        row.addWidget(self.opacity, 1)
        row.addWidget(self._share)
        self.body.addLayout(row)
        self._labels = QWidget()
        self.body.addWidget(self._labels)
        self.opacity.valueChanged.connect(lambda value: self.opacity_changed.emit(value / 100))

    def show_opacity(self, opacity: float) -> None:
        """Put the slider there, without telling it back."""
        blocked = self.opacity.blockSignals(True)
        self.opacity.setValue(round(100 * opacity))
        self.opacity.blockSignals(blocked)
        self.opacity.update()
        self._share.setText(_percent(self.opacity.value()))

    def show_mask(self, mask: Mask, name: str) -> None:
        """Tell about a mask; ``name`` as it may be told on the screen."""
        self.name.show_words(name)
        old = self._labels
        self._labels = _rows(mask)
        self.body.replaceWidget(old, self._labels)
        old.deleteLater()


def _rows(mask: Mask) -> QWidget:
    rows = QWidget()
    grid = QGridLayout(rows)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    right = Qt.AlignmentFlag.AlignRight
    for number, each in enumerate(mask.labels[:_MOST]):
        swatch = label("")
        colour = QPixmap(_SWATCH, _SWATCH)
        colour.fill(QColor(colour_of(each.place)))
        swatch.setPixmap(colour)
        grid.addWidget(swatch, number, 0)
        grid.addWidget(label(f"Label {each.number}", "second"), number, 1)
        grid.addWidget(label(_voxels(each.voxels), "second"), number, 2, right)
        if mask.millilitres is not None:
            volume = volume_words(each.voxels * mask.millilitres)
            grid.addWidget(label(volume, "strong"), number, 3, right)
    rest = mask.labels[_MOST:]
    if rest:
        grid.addWidget(label(_rest_words(rest), "hint", wrap=True), _MOST, 0, 1, 4)
    return rows


def _rest_words(rest: tuple[Label, ...]) -> str:
    more = "label" if len(rest) == 1 else "labels"
    return f"And {len(rest)} {more} more, {_voxels(sum(each.voxels for each in rest))}."


def _voxels(count: int) -> str:
    return "1 voxel" if count == 1 else f"{count:,} voxels"


def volume_words(millilitres: float) -> str:
    """A volume in ml with three figures, and never more than it has: "3.42 ml"."""
    if millilitres < 0.01:
        return "under 0.01 ml"
    decimals = 2 if millilitres < 10 else 1 if millilitres < 100 else 0
    return f"{millilitres:,.{decimals}f} ml"


def _percent(value: int) -> str:
    return f"{value}{_THIN}%"
