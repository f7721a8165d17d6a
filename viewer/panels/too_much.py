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
        self._parts = QWidget()
        parts = QVBoxLayout(self._parts)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.addWidget(self._or)
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
        parts.addLayout(grid)
        row = QHBoxLayout()
        row.setSpacing(10)
        self._part = Button(theme, "Open this part")
        self._part.clicked.connect(self._take_box)
        row.addWidget(self._part)
        self._weight = label("", "second")
        row.addWidget(self._weight, 1)
        parts.addLayout(row)
        column.addWidget(self._parts)
        column.addSpacing(6)
        self._stop = Button(theme, "Open nothing", "x")
        self._stop.clicked.connect(self.stopped)
        column.addWidget(self._stop, 0, Qt.AlignmentFlag.AlignLeft)
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
        some_fits = choice.fixed < choice.free
        self._why.setText(_why(choice, some_fits))
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
        self._parts.setVisible(some_fits)
        self._weigh()
        usual: QWidget = self._ends[2][0] if some_fits else self._stop
        (self._every if choice.step > 1 else usual).setFocus()

    def _box(self) -> tuple[int, int, int, int, int, int]:
        (a, b), (c, d), (e, f) = (
            (min(first.value(), last.value()) - 1, max(first.value(), last.value()))
            for first, last in self._ends
        )
        return a, b, c, d, e, f

    def _voxels(self, part: Part) -> float:
        """How many lie in a part."""
        assert self._choice is not None
        x, y, z = self._choice.wanted.entry.facts.grid.size
        a, b, c, d, e, f = part.box or (0, x, 0, y, 0, z)
        return (b - a) * (d - c) * (f - e) / part.step

    def _weigh(self) -> None:
        choice = self._choice
        if choice is None:
            return
        share = self._voxels(Part(box=self._box())) / self._voxels(choice.wanted.part)
        needed = choice.fixed + round((choice.needed - choice.fixed) * share)
        fits = needed <= choice.free
        self._weight.setText(f"takes {_amount(needed)}" + ("" if fits else ", still too much"))
        self._part.setEnabled(fits)

    def _take_step(self) -> None:
        if self._choice is not None:
            box = self._choice.wanted.part.box
            self.part_chosen.emit(self._choice, Part(self._choice.step, box))

    def _take_box(self) -> None:
        if self._choice is not None:
            self.part_chosen.emit(self._choice, Part(box=self._box()))


def _why(choice: Choice, some_fits: bool) -> str:
    needed, free, fixed = map(_amount, (choice.needed, choice.free, choice.fixed))
    takes = f"It takes {needed}" if some_fits else f"It takes {needed}, and any part of it {fixed}"
    if choice.disk:
        less = ", or open less" if some_fits else ""
        return (
            f"{takes}; the disk of {choice.disk}, where open pictures lie, has {free} to spare. "
            f"Free some space there and open it again{less}. Nothing was read yet."
        )
    if some_fits:
        return f"{takes}; {free} are free on this computer. Nothing was read yet."
    return (
        f"{takes}; {free} are free on this computer. Close other programs and open it again, or "
        "open it on a larger computer. Nothing was read."
    )


def _amount(size: int) -> str:
    """Bytes as people count them: "3.2 GB"."""
    return f"{size / 1e9:.1f} GB" if size >= 1e8 else f"{size / 1e6:.0f} MB"


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third"}.get(number, f"{number}th")
