"""What a stage pack says, beneath the word and its number: headline, bar, heads that differ."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.telling import stage_words, words
from viewer.panels.limits import Limits
from viewer.panels.parts import label
from viewer.panels.said import SaidEach
from viewer.panels.stage_bar import StageBar
from viewer.photograph.stage_face import StageFace
from viewer.theme import icons
from viewer.theme.theme import Theme

WAITS = "Being read, after the other answers."


class StageSection(QWidget):
    """Takes its room from the start, so that nothing beneath it moves when the answer comes."""

    explained = Signal(int)
    """The place of a stage whose heatmap is wanted, or wanted no more."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(2)
        self.headline = label("", "strong", wrap=True)
        self.expected = label("", "second", wrap=True)
        self.bar = StageBar(theme)
        self.bar.explained.connect(self.explained)
        for part in (self.headline, self.expected, self.bar):
            column.addWidget(part)
        self._differ = QWidget()
        row = QHBoxLayout(self._differ)
        row.setContentsMargins(0, 2, 0, 0)
        row.setSpacing(6)
        self._mark = label("")
        self.heads = label("", "second", wrap=True)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.heads, 1)
        column.addWidget(self._differ)
        theme.changed.connect(self._redraw)
        self._redraw()
        self.show_face(None)

    def show_face(self, face: StageFace | None) -> None:
        """Show the stages as they stand now, or nothing."""
        self.setVisible(face is not None)
        if face is None:
            self.bar.show_answer(None)
            return
        answer = face.answer
        self.bar.show_answer(answer, face.chosen)
        self.bar.setVisible(not face.nothing)
        if answer is None:
            self.headline.setText("The stage is not known" if face.nothing else "Stage")
            self.expected.setText(face.nothing or WAITS)
            self.expected.setToolTip("")
        else:
            self.headline.setText(stage_words.likeliest_words(answer))
            expected = stage_words.expected_words(answer)
            self.expected.setText(expected[:1].upper() + expected[1:])
            self.expected.setToolTip(stage_words.expected_sentence(answer))
            self.expected.setAccessibleDescription(self.expected.toolTip())
        heads = "" if answer is None else stage_words.heads_words(answer)
        self._differ.setVisible(bool(heads))
        self.heads.setText(heads)
        told = "" if answer is None else stage_words.heads_sentences(answer)
        self._differ.setToolTip(told)
        self.heads.setAccessibleDescription(told if heads else "")

    def _redraw(self) -> None:
        colour, ratio = self._theme.tokens.text1, self.devicePixelRatioF()
        self._mark.setPixmap(icons.pixmap("arrows-left-right", colour, 16, ratio))
        self._mark.setAccessibleName("The two heads differ")


class StageFoot(QWidget):
    """Which pack tells the stages, and what must be known of that."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.limits = Limits(theme)
        self.said = SaidEach(theme, "alert-triangle")
        column.addWidget(self.limits)
        column.addWidget(self.said)

    def show_face(self, face: StageFace | None, *, unfolded: bool) -> None:
        """Show what belongs to this face, or nothing; ``unfolded`` are the pack's limits."""
        self.setVisible(face is not None)
        if face is None:
            return
        self.limits.show_limits(face.made_by, face.limits, unfolded=unfolded)
        pack = "" if face.answer is None else f"Pack {words.pack_words(face.answer.pack)}"
        self.limits.made_by.setToolTip(pack)
        self.said.say(face.said)
