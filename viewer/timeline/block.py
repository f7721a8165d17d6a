"""The panel's block about what changed since the visit before, in each eye."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from engine.visits.change import Fate, VisitChange
from viewer.panels.parts import Block, Button, label
from viewer.panels.switch import Switch
from viewer.theme.theme import Theme


@dataclass(frozen=True)
class EyeChange:
    """What changed in one eye: its name, a sentence, counts of regions by their fate, notes."""

    eye: str
    said: str
    counts: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChangeFace:
    """``since`` is the day of the visit before, empty without one.

    ``pack`` tells of a pack that changed.
    ``outdated`` counts the visits that the packs in force have not read.
    """

    since: str
    eyes: tuple[EyeChange, ...]
    pack: str = ""
    outdated: int = 0
    marked: bool = False


class ChangeBlock(Block):
    """The model's, as is all that it compares."""

    reread = Signal()
    switched = Signal(bool)
    """Whether what is new and gone is marked on the picture."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "What changed", by_model=True)
        self.title = label("", "strong", wrap=True)
        self.body.addWidget(self.title)
        self.eyes = (_EyePart(), _EyePart(), _EyePart())
        for part in self.eyes:
            self.body.addLayout(part.column)
        self._signs = QHBoxLayout()
        self.marked = Switch(theme, "Mark what is new and gone")
        self.marked.setChecked(True)
        self.marked.clicked.connect(self.switched)
        self.legend = label(
            "New or grown: four corners. Gone: a dotted ring where it was.", "second"
        )
        self.legend.setWordWrap(True)
        self._signs.addWidget(self.marked)
        self._signs.addWidget(self.legend, 1)
        self.body.addLayout(self._signs)
        self.card = QFrame()
        self.card.setProperty("kind", "card")
        inside = QVBoxLayout(self.card)
        self.pack = label("", "second", wrap=True)
        inside.addWidget(self.pack)
        row = QHBoxLayout()
        self.again = Button(theme, "", "refresh", small=True)
        self.again.clicked.connect(lambda: self.reread.emit())
        row.addWidget(self.again)
        row.addStretch()
        inside.addLayout(row)
        self.body.addWidget(self.card)

    def show_face(self, face: ChangeFace) -> None:
        """Show another visit's changes."""
        self.title.setText(f"What changed since {face.since}" if face.since else "What changed")
        for part, eye in zip(self.eyes, (*face.eyes, *(None,) * 3), strict=False):
            part.show_eye(eye)
        for sign in (self.marked, self.legend):
            sign.setVisible(face.marked)
        self.pack.setText(face.pack)
        self.card.setVisible(bool(face.pack))
        visits = "1 visit" if face.outdated == 1 else f"{face.outdated} visits"
        self.again.setText(f" Re-read {visits}")
        self.again.setAccessibleName(f"Re-read {visits}")
        self.again.setVisible(face.outdated > 0)


class _EyePart:
    """One eye: a sentence, counts and notes, one beneath the other."""

    def __init__(self) -> None:
        self.column = QVBoxLayout()
        self.column.setSpacing(2)
        self.said = label("", wrap=True)
        self.counts = label("", "second", wrap=True)
        self.notes = label("", "hint", wrap=True)
        for part in (self.said, self.counts, self.notes):
            self.column.addWidget(part)

    def show_eye(self, eye: EyeChange | None) -> None:
        """Show what changed; nothing for None."""
        told = EyeChange("", "") if eye is None else eye
        self.said.setText(f"{told.eye}: {told.said}")
        self.counts.setText(told.counts)
        self.notes.setText("\n".join(told.notes))
        self.said.setVisible(eye is not None)
        self.counts.setVisible(bool(told.counts))
        self.notes.setVisible(bool(told.notes))


def counts_words(change: VisitChange) -> str:
    """How many regions came, grew and went, and of how many that cannot be told."""
    if not change.regions and change.alignment is None:
        return ""
    new, grown, gone, doubt = map(
        change.count, (Fate.NEW, Fate.GROWN, Fate.GONE, Fate.UNCERTAIN)
    )  # fmt: skip
    told = [f"{new} new region{'s' * (new != 1)}"]
    told += [f"{grown} grown"] * bool(grown)
    told += [f"{gone} gone"]
    told += [f"{doubt} cannot be told"] * bool(doubt)
    return ", ".join(told) + "."
