"""The card over a picture that the model refused: the sentence, why, what to do."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from engine.answers import Decision, RetinopathyAnswer
from engine.telling import words
from viewer.panels.parts import Button, label
from viewer.theme import icons, tokens
from viewer.theme.theme import Theme

_WIDE = 500


class RefusalCard(QWidget):
    """Lies in the middle of ``picture``, which stays visible, dimmed, around it."""

    another_wanted = Signal()

    def __init__(self, theme: Theme, picture: QWidget) -> None:
        super().__init__(picture)
        self._theme = theme
        self._around = picture
        self._card = QFrame(self)
        self._card.setProperty("kind", "dialog")
        column = QVBoxLayout(self._card)
        column.setContentsMargins(20, 16, 20, 18)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(10)
        self._icon = label("")
        row.addWidget(self._icon)
        self._title = label(words.decision_words(Decision.UNGRADABLE), "headline", wrap=True)
        row.addWidget(self._title, 1)
        column.addLayout(row)
        column.addWidget(label(words.REFUSED, "strong", wrap=True))
        column.addSpacing(4)
        column.addWidget(label("WHY", "label"))
        self._why = label("", wrap=True)
        column.addWidget(self._why)
        column.addSpacing(4)
        column.addWidget(label("WHAT TO DO", "label"))
        self._advice = label("", wrap=True)
        column.addWidget(self._advice)
        column.addSpacing(8)
        self._another = Button(theme, "Use another picture…", "photo", kind="primary")
        self._another.clicked.connect(self.another_wanted)
        row = QHBoxLayout()
        row.addWidget(self._another)
        row.addStretch()
        row.addWidget(label("hold to hide", "hint"))
        row.addWidget(label("S", "key"), 0, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(row)
        picture.installEventFilter(self)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()
        self.hide()

    def show_answer(self, answer: RetinopathyAnswer | None) -> None:
        """Show the reasons of a refused picture; hide for any other answer."""
        refused = answer is not None and answer.decision is Decision.UNGRADABLE
        if answer is not None and refused:
            self._why.setText("\n".join(reason.why for reason in answer.reasons))
            advice = dict.fromkeys(reason.advice for reason in answer.reasons)
            self._advice.setText("\n".join(advice))
            self._card.setAccessibleName(f"{self._title.text()}. {self._why.text()}")
        if not refused and self._another.hasFocus():
            self._around.setFocus()
        self.setVisible(refused)
        if refused:
            self._place()
            self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the picture's size."""
        if event.type() is QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self.setGeometry(self._around.rect())
        wide = min(_WIDE, self.width() - 2 * tokens.PAD_SIDE)
        self._card.setFixedWidth(wide)
        self._card.adjustSize()
        self._card.move((self.width() - wide) // 2, (self.height() - self._card.height()) // 2)

    def _draw_icon(self) -> None:
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(icons.pixmap("ban", self._theme.tokens.text1, 24, ratio))
