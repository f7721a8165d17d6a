"""A plot of a truth check: each heatmap's curve, the yardstick's band, and the share removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.curve_names import LETTER, NamePlace, name_places
from engine.telling import truth_words, words
from engine.truth_check import RandomCurve
from viewer.panels.parts import label
from viewer.theme import tokens
from viewer.theme import type as lettering
from viewer.theme.theme import Theme
from viewer.theme.tokens import Tokens

DASHES: tuple[tuple[float, ...], ...] = ((9, 5), (4, 3), (12, 4, 2, 4), (2, 5))
"""Of the curves beside the chief one, which is whole: drawn and left out, logical pixels."""

_DOTS = (2.0, 3.0)
_WIDTH = 2.0
_BAND = 0.22
_LETTER_WIDE, _BESIDE = 7.0, 80
"""Of a name at most, and what stands beside a plot; logical pixels."""
_NARROWEST = 120
"""A plot that is not laid out yet is narrower than any name."""
_TICKS = [(tick / 4, words.percent(tick / 4) if 0 < tick < 4 else f"{25 * tick}{words.THIN}%")
          for tick in range(5)]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Drawn:
    """One curve; ``chief`` is the heatmap that is read with."""

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    chief: bool


class TruthPlot(QWidget):
    """Deletion or insertion. pyqtgraph is imported when the first curve is drawn."""

    share_chosen = Signal(float)
    """A click or a drag along the plot, 0 to 1."""

    def __init__(self, theme: Theme, title: str, axis: str, done: str) -> None:
        super().__init__()
        self._theme = theme
        self._axis = axis
        self._done = done
        self._plot: Any = None
        self._line: Any = None
        self._drawn: tuple[Drawn, ...] = ()
        self._random: RandomCurve | None = None
        self._share = 0.0
        self._letter = LETTER
        self.setAccessibleName(title)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(label(title, "strong", wrap=True), 1)
        self._words = label("", "second")
        head.addWidget(self._words, 0, Qt.AlignmentFlag.AlignRight)
        self._column.addLayout(head)
        self._under = under = label(axis, "hint", wrap=True)
        under.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._column.addWidget(under)
        theme.changed.connect(self._redraw)

    def show_curves(self, drawn: Sequence[Drawn], random: RandomCurve) -> None:
        """Draw these in place of those before."""
        self._drawn, self._random = tuple(drawn), random
        if self._plot is None:
            self._make()
        self._redraw()

    def show_share(self, share: float) -> None:
        """Mark how much is removed, or shown; nothing at 0."""
        self._share = share
        if self._line is None or not self._drawn:
            return
        self._line.setVisible(share > 0)
        blocked = self._line.blockSignals(True)
        self._line.setValue(share)
        self._line.blockSignals(blocked)
        chief = next((each for each in self._drawn if each.chief), self._drawn[0])
        probability = float(np.interp(share, chief.x, chief.y))
        said = f"{words.percent(share)} {self._done}: {chief.name} {words.percent(probability)}"
        self._words.setText(said if share > 0 else "")
        self.setAccessibleDescription(f"{self._told()} {said}.")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow plot names take more of its width."""
        super().resizeEvent(event)
        if self._letter_now() != self._letter:
            self._redraw()

    # ---- drawing

    def _letter_now(self) -> float:
        """How wide a letter of a name is, in parts of the plot, in steps."""
        wide = max(self.width() - _BESIDE, _NARROWEST)
        return max(LETTER, ceil(1000 * _LETTER_WIDE / wide) / 1000)

    def _make(self) -> None:
        pyqtgraph = prepare()
        plot = pyqtgraph.PlotWidget()
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=False, y=False)
        plot.setAntialiasing(True)
        plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        item = plot.getPlotItem()
        item.setRange(xRange=(0, 1), yRange=(0, 1), padding=0.02)
        for side in ("left", "bottom"):
            axis = item.getAxis(side)
            axis.setTicks([_TICKS])
            axis.setStyle(
                tickFont=lettering.font(tokens.AXIS), tickLength=0, hideOverlappingLabels=False
            )
        item.layout.setContentsMargins(0, 6, 24, 0)  # half of the last figure
        item.getAxis("left").setWidth(48)
        plot.scene().sigMouseClicked.connect(self._click)
        self._plot = plot
        self._column.insertWidget(1, plot, 1)

    def _redraw(self) -> None:
        plot, random = self._plot, self._random
        if plot is None or random is None:
            return
        pyqtgraph = prepare()
        colours = self._theme.tokens
        plot.clear()
        plot.setBackground(colours.panel)
        for side in ("left", "bottom"):
            axis = plot.getPlotItem().getAxis(side)
            axis.setPen(QPen(QColor(colours.line)))
            axis.setTextPen(QColor(colours.text3))
        for tick, _ in _TICKS:
            plot.addItem(pyqtgraph.InfiniteLine(tick, 0, pen=QPen(QColor(colours.line), 0)))
        x = np.array(random.shares)
        low, high = (
            pyqtgraph.PlotCurveItem(x, np.array(edge), pen=None)
            for edge in (random.low, random.high)
        )
        faint = QColor(colours.text3)
        faint.setAlphaF(_BAND)
        plot.addItem(pyqtgraph.FillBetweenItem(low, high, brush=faint))
        mean = np.array(random.mean)
        plot.plot(x, mean, pen=_pen(colours.text3, _DOTS), antialias=True)
        lines = [*((each.x, each.y) for each in self._drawn), (x, mean)]
        names = [*(each.name for each in self._drawn), truth_words.AT_RANDOM]
        self._letter = self._letter_now()
        places = name_places(names, lines, self._letter)
        self._name(truth_words.AT_RANDOM, places[-1], colours.text3)
        others = iter(DASHES * len(self._drawn))
        dashes = [() if each.chief else next(others) for each in self._drawn]
        named = list(zip(self._drawn, dashes, places, strict=False))
        # The chief one last: it lies on top of the others.
        for each, pattern, place in sorted(named, key=lambda name: name[0].chief):
            colour = colours.model if each.chief else colours.text1
            plot.plot(each.x, each.y, pen=_pen(colour, pattern), antialias=True)
            self._name(each.name, place, colour)
        self._add_share(colours)
        self.show_share(self._share)
        self.setAccessibleDescription(self._told())

    def _name(self, name: str, place: NamePlace, colour: str) -> None:
        pyqtgraph = prepare()
        if place.leader is not None:
            self._plot.plot([place.x] * 2, place.leader, pen=_pen(colour, (), 1.0))
        # At the edge towards its line: in a high plot the other one would be nearer to the next.
        item = pyqtgraph.TextItem(name, color=colour, anchor=(0, 0 if place.below else 1))
        item.setFont(lettering.font(tokens.SMALL_STRONG))
        item.setPos(place.x, place.edge)
        self._plot.addItem(item)

    def _add_share(self, colours: Tokens) -> None:
        pyqtgraph = prepare()
        pen = _pen(colours.text1, (4, 3), 1.0)
        self._line = pyqtgraph.InfiniteLine(0, 90, movable=True, bounds=(0, 1), pen=pen)
        self._line.setHoverPen(_pen(colours.text1, (), 1.0))
        self._line.sigPositionChanged.connect(
            lambda line: self.share_chosen.emit(float(line.value()))
        )
        self._plot.addItem(self._line)

    def _click(self, event: Any) -> None:
        if self._plot is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        box = self._plot.getPlotItem().getViewBox()
        if not box.sceneBoundingRect().contains(event.scenePos()):
            return
        at: QPointF = box.mapSceneToView(event.scenePos())
        self.share_chosen.emit(min(max(at.x(), 0.0), 1.0))

    def _told(self) -> str:
        ends = "; ".join(
            f"{each.name} from {words.percent(float(each.y[0]))} to "
            f"{words.percent(float(each.y[-1]))}"
            for each in self._drawn
        )
        return f"{truth_words.PROBABILITY.capitalize()} against {self._axis}: {ends}."


def prepare() -> Any:
    """Import pyqtgraph: a quarter of a second, better spent beside the window's thread."""
    import pyqtgraph  # type: ignore[import-untyped]

    return pyqtgraph


def _pen(colour: str, dashes: tuple[float, ...], width: float = _WIDTH) -> QPen:
    pen = QPen(QColor(colour), width)
    # Of the screen's pixels, whatever the plot's scale.
    pen.setCosmetic(True)
    if dashes:
        pen.setDashPattern([dash / width for dash in dashes])
    return pen
