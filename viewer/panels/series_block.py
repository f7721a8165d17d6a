"""What is known of the series on the screen: how it was read, what was mended, what was not."""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.pictures import FrameAxis, VolumeFacts
from engine.telling.words import date_words
from viewer.layers.slice_words import frame_kind
from viewer.panels.chooser import Chooser
from viewer.panels.parts import Block, label
from viewer.panels.series import count_words
from viewer.theme import icons
from viewer.theme.theme import Theme
from viewer.volumes.studies import WHOLE, Shown

_NO_BREAK = "\N{NO-BREAK SPACE}"
_SMALL = re.compile(r"“[^”]{1,24}”|\d (?:mm|ms|HU)\b")
"""What a sentence does not break: a short name, and a number's unit."""


class SeriesBlock(Block):
    """Title, size, spacing and values of a series, its frames, repairs and warnings."""

    frame_chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Series")
        self._theme = theme
        self._title = label("", "title", wrap=True)
        self._detail = label("", "second", wrap=True)
        self.body.addWidget(self._title)
        self.body.addWidget(self._detail)
        self._frames = QWidget()
        row = QHBoxLayout(self._frames)
        row.setContentsMargins(0, 0, 0, 0)
        self._axis = label("", "second")
        row.addWidget(self._axis)
        self.frame = Chooser(theme, "Frame")
        self.frame.activated.connect(self.frame_chosen)
        row.addWidget(self.frame, 1)
        self.body.addWidget(self._frames)
        self._notes = QVBoxLayout()
        self._notes.setSpacing(8)
        self.body.addLayout(self._notes)

    def show_series(self, shown: Shown) -> None:
        """Tell about another series, or the same one once it is whole."""
        facts, entry = shown.facts, shown.entry
        self._title.setText(entry.title)
        self._detail.setText("\n".join(_lines(shown)))
        several = len(facts.frames) > 1 and facts.frame_axis is not FrameAxis.NONE
        self._frames.setVisible(several)
        if several:
            self._axis.setText(frame_kind(facts.frame_axis))
            self.frame.clear()
            # "Frame: 1", not "Frame: time 1".
            word = f"{facts.frame_axis} "
            self.frame.addItems([name.removeprefix(word) for name in facts.frames])
        self._show_notes(facts)

    def show_frame(self, number: int) -> None:
        """Mark the frame that is shown."""
        self.frame.setCurrentIndex(number)

    def _show_notes(self, facts: VolumeFacts) -> None:
        while (item := self._notes.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        if facts.repairs:
            self._notes.addWidget(label(f"REPAIRS: {len(facts.repairs)}", "label"))
        for number, repair in enumerate(facts.repairs, start=1):
            detail = _SMALL.sub(lambda found: _whole(found[0]), repair.detail)
            words = f"{number}. {repair.kind.value.capitalize()}. {detail}"
            self._notes.addWidget(_Note(self._theme, "tools", words))
        for warning in facts.warnings:
            words = _SMALL.sub(lambda found: _whole(found[0]), warning)
            self._notes.addWidget(_Note(self._theme, "alert-circle", words))


class _Note(QWidget):
    """An icon and a sentence."""

    def __init__(self, theme: Theme, icon: str, words: str) -> None:
        super().__init__()
        self._theme, self._name = theme, icon
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        self._icon = label("")
        across.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        said = label(words, "second", wrap=True)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        across.addWidget(said, 1)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def _draw_icon(self) -> None:
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(icons.pixmap(self._name, self._theme.tokens.text2, 16, ratio))


def _lines(shown: Shown) -> list[str]:
    facts, origin = shown.facts, shown.entry.origin
    x, y, z = facts.grid.size
    study = [part for part in (facts.modality, origin.study_description) if part]
    size = f"{x} × {y} × {z} voxels" if z > 1 else f"{x} × {y} pixels"
    parts = [*study, _whole(date_words(origin.study_date))]
    lines = [
        f"{_NO_BREAK}· ".join(part for part in parts if part),
        f"{_whole(size)}, {_whole(_counted(shown))}",
        _spacing(facts),
    ]
    if facts.value_range is not None and not facts.colour:
        low, high = facts.value_range
        unit = f" {facts.unit}" if facts.unit else ", no unit known"
        lines.append(f"Values {_whole(f'{low:g} to {high:g}{unit}')}".replace("-", "−"))
    return [line for line in lines if line]


def _counted(shown: Shown) -> str:
    """How many pictures the series has, which of a part is not how many are shown."""
    of_all = count_words(shown.entry)
    return of_all if shown.wanted.part == WHOLE else f"a part of {of_all}"


def _whole(words: str) -> str:
    """What is one thing to a reader, and is not parted by the end of a line."""
    return words.replace(" ", _NO_BREAK)


def _spacing(facts: VolumeFacts) -> str:
    grid = facts.grid
    about = "≈ " if grid.approximate else ""
    known = [f"{step:.3g}" for step in grid.spacing if step is not None]
    if not known:
        return "Spacing not known: no millimetres"
    figures = _whole(f"{about}{' × '.join(known)} mm")
    return f"Spacing {figures}{' in the picture' if grid.spacing[2] is None else ''}"
