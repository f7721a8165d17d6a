"""The chooser of window presets in the tool bar: what is in force, and what else there is."""

from PySide6.QtCore import QObject

from viewer.layers.slice_words import window_words
from viewer.panels.chooser import Chooser
from viewer.panes.volume_view import VolumeView
from viewer.seen.presets import Preset, presets


class WindowPresets(QObject):
    """Keeps ``chooser`` to the active view."""

    def __init__(self, chooser: Chooser, view: VolumeView) -> None:
        super().__init__(view)
        self._chooser = chooser
        self._view = view
        self._listed: tuple[Preset, ...] = ()
        chooser.setToolTip("The window in which values are shown; the digit is its key")
        chooser.activated.connect(self._choose)
        view.changed.connect(self._show)

    def _show(self) -> None:
        pane = self._view.active
        if not pane.has_state:
            return
        listed = presets(pane.state.facts)
        if listed != self._listed:
            self._listed = listed
            self._chooser.clear()
            for preset in listed:
                self._chooser.addItem(f"{preset.digit}   {preset.name}")
        # What is in force may be none of them: the box then says it, and marks none.
        self._chooser.setCurrentIndex(-1)
        # Its name first: in a narrow bar the end is cut, and the figures stand in the corner, too.
        figures, *named = window_words(pane.state).split("   ")
        self._chooser.setPlaceholderText("   ".join((*named, figures)))

    def _choose(self, number: int) -> None:
        self._view.choose_preset(self._listed[number].digit)
        self._view.active.setFocus()
