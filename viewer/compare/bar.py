"""The bar over the Compare tab: what is compared, how it is laid out, and what leaves it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QToolButton

from viewer.commands.actions import Actions
from viewer.panels.bars import Line, Tools
from viewer.panels.parts import Button, label
from viewer.panels.slider import ValueSlider
from viewer.theme.theme import Theme

_BESIDE = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
_GROUPS = (
    ("compare-criteria", "compare-packs"),
    ("compare-swipe", "compare-link", "compare-scale"),
    ("heatmap", "red-free"),
)
_SLIDER_WIDEST = 200


class CompareBar(Tools):
    """Buttons are the table's commands."""

    removed_changed = Signal(float)
    """The share that is removed, 0 to 1."""
    use_wanted = Signal()

    def __init__(self, theme: Theme, actions: Actions) -> None:
        super().__init__()
        across = self._across
        self._buttons: list[QToolButton] = []
        self._named: dict[str, QToolButton] = {}
        for names in _GROUPS:
            for name in names:
                self._named[name] = actions.button(name)
                self._add(self._named[name])
            across.addWidget(Line(theme))
        self._which = label("Removed", "second")
        across.addWidget(self._which)
        self.removed = ValueSlider(theme, "Removed", 100, 0, _percent)
        self.removed.setMaximumWidth(_SLIDER_WIDEST)
        self.removed.setToolTip("Blacks out this share of the picture, strongest evidence first.")
        self.removed.valueChanged.connect(self._say_removed)
        across.addWidget(self.removed, 1)
        self._share = label("", "strong")
        self._share.setMinimumWidth(44)
        across.addWidget(self._share)
        self._add(actions.button("compare-reveal"))
        across.addStretch(1)
        self.use = Button(theme, "Use for reading", "check", kind="primary")
        self.use.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.use.clicked.connect(self.use_wanted)
        across.addWidget(self.use)
        self._add(actions.button("save-picture"))
        self._say_removed(0)

    def show_use(self, words: str, tip: str) -> None:
        """What the chosen view can be used for; nothing hides it."""
        self.use.setVisible(bool(words))
        self.use.setText(f" {words}")
        self.use.setAccessibleName(words)
        self.use.setToolTip(tip)
        self.fit()

    def show_for(self, *, scaled: bool, swiping: bool) -> None:
        """Criteria have each their own unit, and one view is linked to nothing."""
        self._named["compare-scale"].setVisible(scaled)
        self._named["compare-link"].setVisible(not swiping)
        self.fit()

    def tell_removed(self, share: float, *, revealed: bool) -> None:
        """How much is removed, or shown alone; it is not told back."""
        self._which.setText("Shown" if revealed else "Removed")
        blocked = self.removed.blockSignals(True)
        self.removed.setValue(round(100 * share))
        self.removed.blockSignals(blocked)
        self.removed.update()
        self._share.setText(_percent(self.removed.value()))

    def fit(self) -> None:
        """Where the bar is too narrow for words, icons stay."""
        worded = [
            button
            for button in self._buttons
            if button.isVisibleTo(self) and not button.icon().isNull()
        ]
        for button in worded:
            button.setToolButtonStyle(_BESIDE)
        # From the right: what comes first is what is done most.
        for button in reversed(worded):
            self._across.invalidate()
            if self._across.minimumSize().width() <= self.width():
                return
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room for words."""
        super().resizeEvent(event)
        self.fit()

    def _add(self, button: QToolButton) -> None:
        self._across.addWidget(button)
        self._buttons.append(button)

    def show_removed(self, share: float) -> None:
        """Remove so much, as by the slider."""
        self.removed.setValue(round(100 * share))

    def _say_removed(self, value: int) -> None:
        self._share.setText(_percent(value))
        self.removed_changed.emit(value / 100)


def _percent(value: int) -> str:
    return f"{value}\N{NARROW NO-BREAK SPACE}%"
