"""A volume that does not fit into memory or onto the disk: the reader's choice, never a crash."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from engine.listing import nameless
from engine.service.messages import Part
from viewer.panels.parts import Button, label
from viewer.panels.whole_number import WholeNumber
from viewer.theme import tokens
from viewer.theme.theme import Theme
from viewer.volumes.studies import Choice

_WIDE = 560
_SIDE = 24
_AXES = ("Columns", "Rows", "Slices")


class TooMuchPage(QWidget):
    """Says how much is needed and how much is free, and offers what fits."""

    part_chosen = Signal(object, object)
    """The ``Choice``, and the ``Part`` that is to be read."""
    stopped = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._choice: Choice | None = None
        self.names = True
        """Whether patients' names may be read here."""
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        around = QVBoxLayout(self)
        around.addStretch(1)
        card = QFrame()
        card.setProperty("kind", "dialog")
        card.setFixedWidth(_WIDE)
        column = QVBoxLayout(card)
        column.setContentsMargins(_SIDE, 20, _SIDE, 22)
        column.setSpacing(8)
        self._title = label("", "headline", wrap=True)
        self._why = label("", wrap=True)
        column.addWidget(self._title)
        column.addWidget(self._why)
        column.addSpacing(6)
        self._every = Button(theme, "", kind="primary")
        self._every.clicked.connect(self._take_step)
        column.addWidget(self._every, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(6)
        self._or = label("", "label")
        column.addWidget(self._or)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        self._ends: list[tuple[WholeNumber, WholeNumber]] = []
        for number, axis in enumerate(_AXES):
            grid.addWidget(label(axis, "second"), number, 0)
            first, last = WholeNumber(f"{axis} from"), WholeNumber(f"{axis} to")
            for box in (first, last):
                box.setMinimumWidth(90)
                box.valueChanged.connect(self._weigh)
            grid.addWidget(first, number, 1)
            grid.addWidget(label("to", "second"), number, 2)
            grid.addWidget(last, number, 3)
            self._ends.append((first, last))
        grid.setColumnStretch(4, 1)
        column.addLayout(grid)
        row = QHBoxLayout()
        self._part = Button(theme, "Open this part")
        self._part.clicked.connect(self._take_box)
        row.addWidget(self._part)
        self._weight = label("", "second")
        row.addWidget(self._weight, 1)
        column.addLayout(row)
        column.addSpacing(6)
        stop = Button(theme, "Open nothing", "x")
        stop.clicked.connect(self.stopped)
        column.addWidget(stop, 0, Qt.AlignmentFlag.AlignLeft)
        around.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        around.addStretch(2)
        self.setContentsMargins(0, tokens.GAP, 0, tokens.GAP)

    def begin(self, choice: Choice) -> None:
        """Offer what fits."""
        self._choice = choice
        entry = choice.wanted.entry
        title = entry.title if self.names else nameless(entry).title
        where = "onto the disk" if choice.disk else "into memory"
        self._title.setText(f"“{title}” does not fit {where}")
        needed, free = _amount(choice.needed), _amount(choice.free)
        self._why.setText(
            f"It takes {needed}; the disk of {choice.disk}, where open pictures lie, has {free} to "
            "spare. Free some space there and open it again, or open less. Nothing was read yet."
            if choice.disk
            else f"It takes {needed}; {free} are free on this computer. Nothing was read yet."
        )
        for words in (self._title, self._why):
            # A layout that centres its card does not ask how high its lines become.
            words.setMinimumHeight(words.heightForWidth(_WIDE - 2 * _SIDE))
        self._or.setText("OR A PART OF IT" if choice.step > 1 else "A PART OF IT")
        self._every.setVisible(choice.step > 1)
        self._every.setText(f"Open every {_ordinal(choice.step)} slice")
        for (first, last), count in zip(self._ends, entry.facts.grid.size, strict=True):
            for box, value in ((first, 1), (last, count)):
                box.blockSignals(True)
                box.setRange(1, count)
                box.setValue(value)
                box.blockSignals(False)
        self._weigh()
        (self._every if choice.step > 1 else self._ends[2][0]).setFocus()

    def _box(self) -> tuple[int, int, int, int, int, int]:
        (a, b), (c, d), (e, f) = (
            (min(first.value(), last.value()) - 1, max(first.value(), last.value()))
            for first, last in self._ends
        )
        return a, b, c, d, e, f

    def _weigh(self) -> None:
        choice = self._choice
        if choice is None:
            return
        x, y, z = choice.wanted.entry.facts.grid.size
        a, b, c, d, e, f = self._box()
        needed = round(choice.needed * (b - a) * (d - c) * (f - e) / (x * y * z))
        fits = needed <= choice.free
        self._weight.setText(f"takes {_amount(needed)}" + ("" if fits else ", still too much"))
        self._part.setEnabled(fits)

    def _take_step(self) -> None:
        if self._choice is not None:
            self.part_chosen.emit(self._choice, Part(step=self._choice.step))

    def _take_box(self) -> None:
        if self._choice is not None:
            self.part_chosen.emit(self._choice, Part(box=self._box()))


def _amount(size: int) -> str:
    """Bytes as people count them: "3.2 GB"."""
    return f"{size / 1e9:.1f} GB" if size >= 1e8 else f"{size / 1e6:.0f} MB"


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third"}.get(number, f"{number}th")
