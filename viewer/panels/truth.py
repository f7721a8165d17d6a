"""Is this heatmap true? Curves, areas, measures in words, and the caution: Compare's lower half.

It shows what it is told and asks nothing itself: a check that nobody wanted yet, one under way, its
result, or why there is none.
"""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.answers import Criterion
from engine.telling import truth_words, words
from engine.truth_check import CriterionTruth, Curve, TruthCheck
from viewer.panels.halves import Halves
from viewer.panels.parts import Button, label, tight_column
from viewer.panels.truth_plot import Drawn, TruthPlot
from viewer.panels.truth_table import AreaTable, Measures
from viewer.theme import icons, tokens
from viewer.theme.theme import Theme

_SIDE_WIDTH = 400
_WIDE = 1560
_LEAST = 960
_LOW, _HIGH, _HIGHEST = 64, 240, 2**24 - 1

INVITATION = (
    "Takes pixels away in the order of the evidence, moves the picture, makes the network forget: "
    "do the heatmaps follow what it uses? It takes from seconds to some minutes, and says how long."
)


@dataclass(frozen=True)
class NotChecked:
    """Nothing is shown yet; ``why`` it cannot be asked now, where it cannot."""

    why: str = ""


@dataclass(frozen=True)
class Checking:
    """It is under way; ``total`` 0 means that the end is not known, ``left`` is in seconds."""

    what: str
    done: int = 0
    total: int = 0
    stopping: bool = False
    left: float | None = None


@dataclass(frozen=True)
class Refusing:
    """It ended without a result, in words."""

    what: str
    why: str = ""
    advice: str = ""


State = NotChecked | Checking | Refusing | TruthCheck


class TruthPanel(QWidget):
    """``show_state`` says where it stands; ``chosen`` is the heatmap whose measures are told."""

    check_wanted = Signal()
    cancel_wanted = Signal()
    export_wanted = Signal()
    criterion_chosen = Signal(object)
    """A ``Criterion``, by its row."""
    share_chosen = Signal(float)
    """How much is to be removed, 0 to 1, by a click or a drag in a plot."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._chosen = Criterion.PI
        self._check: TruthCheck | None = None
        self.setProperty("kind", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(truth_words.TITLE)
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.PAD_SIDE, tokens.PAD_TOP, tokens.PAD_SIDE, tokens.PAD_TOP)
        column.addWidget(self._stack)
        self._stack.addWidget(self._invitation())
        self._stack.addWidget(self._result())
        # Else a panel that was wide once could never be narrow again.
        self.setMinimumWidth(_LEAST)
        self.show_state(NotChecked())

    # ---- building

    def _invitation(self) -> QWidget:
        """One low row: the pictures have the room until there is something to show."""
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.PAD_SIDE)
        self._title = label(truth_words.TITLE, "title")
        self._detail = label(INVITATION, "second", wrap=True)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(240)
        self._progress.setAccessibleName("Progress of the check")
        self.check_button = Button(self._theme, "Check", "player-play")
        self.check_button.clicked.connect(self.check_wanted)
        self.cancel_button = Button(self._theme, "Cancel", "square")
        self.cancel_button.clicked.connect(self.cancel_wanted)
        row.addWidget(self._title)
        row.addWidget(self._detail, 1)
        for part in (self._progress, self.check_button, self.cancel_button):
            row.addWidget(part)
        return page

    def _result(self) -> QWidget:
        page = QWidget()
        across = QHBoxLayout(page)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(tokens.PAD_SIDE)
        theme = self._theme
        self.deletion = TruthPlot(theme, truth_words.DELETION, truth_words.DELETION_AXIS, "removed")
        self.insertion = TruthPlot(
            theme, truth_words.INSERTION, truth_words.INSERTION_AXIS, "shown"
        )
        for plot in (self.deletion, self.insertion):
            plot.share_chosen.connect(self.share_chosen)
            across.addWidget(plot, 1)
        across.addWidget(self._side())
        return page

    def _side(self) -> QWidget:
        self._side_part = side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.GAP)
        self.halves = Halves(self._areas(), self._told())
        column.addWidget(self.halves, 1)
        row = QHBoxLayout()
        self.export_button = Button(self._theme, "Export figure…", "device-floppy")
        self.export_button.clicked.connect(self.export_wanted)
        self.again_button = Button(self._theme, "Check again", "refresh")
        self.again_button.clicked.connect(self.check_wanted)
        row.addWidget(self.export_button)
        row.addWidget(self.again_button)
        row.addStretch(1)
        column.addLayout(row)
        return side

    def _areas(self) -> QWidget:
        part = QWidget()
        part.setAccessibleName("Areas")
        column = tight_column(part)
        column.setSpacing(tokens.GAP)
        head = QHBoxLayout()
        head.addWidget(label("Truth check", "title"))
        head.addStretch(1)
        self._chip = label("", "chip")
        head.addWidget(self._chip)
        column.addLayout(head)
        self.table = AreaTable()
        self.table.criterion_chosen.connect(self._choose)
        column.addWidget(self.table)
        self._no_better = label("", "strong", wrap=True)
        column.addWidget(self._no_better)
        column.addWidget(_Caution(self._theme))
        self._room = label("", "second", wrap=True)
        column.addWidget(self._room)
        self._yardstick = label("", "hint", wrap=True)
        column.addWidget(self._yardstick)
        return part

    def _told(self) -> QWidget:
        part = QWidget()
        part.setAccessibleName("Measures")
        column = tight_column(part)
        column.setSpacing(tokens.GAP)
        self._measures_of = label("", "title")
        column.addWidget(self._measures_of)
        self.measures = Measures()
        column.addWidget(self.measures)
        return part

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is room, the measures stand beside the table."""
        super().resizeEvent(event)
        wide = self.width() >= _WIDE
        self._side_part.setFixedWidth(2 * _SIDE_WIDTH if wide else _SIDE_WIDTH)
        self.halves.show_beside(wide)

    # ---- what is told

    def show_state(self, state: State) -> None:
        """Show where the check stands."""
        self._check = state if isinstance(state, TruthCheck) else None
        self.setMaximumHeight(_LOW if self._check is None else _HIGHEST)
        self.setMinimumHeight(_LOW if self._check is None else _HIGH)
        if isinstance(state, TruthCheck):
            self._show_check(state)
            return
        self._stack.setCurrentIndex(0)
        checking = isinstance(state, Checking)
        self._progress.setVisible(checking)
        self.cancel_button.setVisible(checking)
        self.check_button.setVisible(not checking)
        match state:
            case NotChecked(why=why):
                self._title.setText(truth_words.TITLE)
                self._detail.setText(why or INVITATION)
                self.check_button.setEnabled(not why)
            case Checking():
                self._title.setText("Checking whether the heatmaps are true")
                self._detail.setText(_progress_words(state))
                self._progress.setRange(0, state.total)
                self._progress.setValue(state.done)
                self.cancel_button.setEnabled(not state.stopping)
            case Refusing():
                self._title.setText(truth_words.TITLE)
                self._detail.setText(" ".join((state.what, state.why, state.advice)).strip())
                self.check_button.setEnabled(True)

    def show_chosen(self, criterion: Criterion) -> None:
        """Tell the measures of this heatmap, and draw its curve as the chief one."""
        if criterion is not self._chosen:
            self._chosen = criterion
            if self._check is not None:
                self._show_check(self._check)

    def show_share(self, share: float) -> None:
        """Mark in both plots how much is removed."""
        self.deletion.show_share(share)
        self.insertion.show_share(share)

    def _show_check(self, check: TruthCheck) -> None:
        self._stack.setCurrentIndex(1)
        part = self._part(check)
        self.table.show_check(check, part.criterion)
        self.deletion.show_curves(
            [_drawn(each, each.deletion, part) for each in check.parts], check.random_deletion
        )
        self.insertion.show_curves(
            [_drawn(each, each.insertion, part) for each in check.parts], check.random_insertion
        )
        little = truth_words.cautions(check)
        self._chip.setText("The curves tell little here" if little else "This picture alone")
        self._chip.setToolTip(truth_words.room(check))
        self._room.setText(" ".join((truth_words.room(check), *check.warnings)))
        self._no_better.setText(truth_words.no_better(check))
        self._no_better.setVisible(bool(self._no_better.text()))
        self._measures_of.setText(f"Measures of {truth_words.criterion_name(part.criterion)}")
        self.measures.show_part(check, part)
        self._yardstick.setText(f"{truth_words.yardstick(check)} {truth_words.REMOVED}")

    def _part(self, check: TruthCheck) -> CriterionTruth:
        by_name = {part.criterion: part for part in check.parts}
        return by_name.get(self._chosen, check.parts[0])

    def _choose(self, criterion: Criterion) -> None:
        self.show_chosen(criterion)
        self.criterion_chosen.emit(criterion)


class _Caution(QFrame):
    """What the check does not tell, beside what it tells."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "card")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, tokens.GAP, 10, tokens.GAP)
        self._sign = QLabel()
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(truth_words.CAUTION, "second", wrap=True), 1)
        theme.changed.connect(self._draw_sign)
        self._draw_sign()

    def _draw_sign(self) -> None:
        colour, ratio = self._theme.tokens.text2, self.devicePixelRatioF()
        self._sign.setPixmap(icons.pixmap("info-circle", colour, tokens.ICON, ratio))


def _drawn(part: CriterionTruth, curve: Curve, chief: CriterionTruth) -> Drawn:
    name = truth_words.criterion_name(part.criterion)
    return Drawn(name, np.array(curve.shares), np.array(curve.probabilities), part is chief)


def _progress_words(state: Checking) -> str:
    if state.stopping:
        return "Stopping"
    if not state.total:
        return state.what
    left = "" if state.left is None else f", {words.time_left(state.left)}"
    return f"{state.what}: {100 * state.done // state.total}{words.THIN}%{left}"
