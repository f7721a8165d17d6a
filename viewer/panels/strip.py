"""The strip at the foot of the window: what this is not, always, and the value at the pointer."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.telling import region_words, words
from viewer.panels.parts import Line, label
from viewer.theme import icons, tokens
from viewer.theme.theme import Theme

if TYPE_CHECKING:
    from viewer.tools.probe import Probe


class Strip(QWidget):
    """Cannot be hidden."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedHeight(tokens.STRIP)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("kind", "strip")
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 12, 0)
        across.setSpacing(12)
        research = QWidget()
        research.setProperty("kind", "research")
        research.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside = QHBoxLayout(research)
        inside.setContentsMargins(12, 0, 14, 0)
        inside.setSpacing(7)
        self._icon = label("")
        self.research = label(words.STRIP, "research")
        inside.addWidget(self._icon)
        inside.addWidget(self.research)
        across.addWidget(research)
        self.patient = label("", "second")
        """Whose visits these are, and how many; beside what is said of the picture."""
        self.patient.hide()
        self._reading = True
        across.addWidget(self.patient)
        self.said = Line("second")
        policy = self.said.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the value at the pointer stays at the right
        self.said.setSizePolicy(policy)
        across.addWidget(self.said, 1)
        self.pointer = label("", "second")
        self.pointer.setAccessibleName("Value at the pointer")
        across.addWidget(self.pointer)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def show_patient(self, words: str) -> None:
        """Tell whose visits are shown; nothing where they are not."""
        self.patient.setText(words)
        self.show_reading(self._reading)

    def show_reading(self, reading: bool) -> None:
        """Tell of the visits and the picture only while the Read tab is on top."""
        self._reading = reading
        self.said.setVisible(reading)
        self.patient.setVisible(reading and bool(self.patient.text()))

    def show_probe(self, probe: "Probe | None") -> None:
        """Tell the pixel under the pointer, and its evidence where there is a heatmap."""
        self.show_pointer("" if probe is None else _probe_words(probe))

    def show_pointer(self, words: str) -> None:
        """Tell what lies under the pointer, in words."""
        self.pointer.setText(words)

    def _draw_icon(self) -> None:
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(icons.pixmap("alert-circle", self._theme.tokens.window, 15, ratio))


def _probe_words(probe: "Probe") -> str:
    place = f"x {probe.x}  y {probe.y}   R {probe.r}  G {probe.g}  B {probe.b}"
    if probe.value is None:
        return place
    if probe.signed:
        return f"{place}   relevance {words.signed_evidence(probe.value)}"
    if probe.lesion:
        return f"{place}   {region_words.spot_words(probe.lesion, probe.value)}"
    return f"{place}   evidence {words.evidence(probe.value)}"
