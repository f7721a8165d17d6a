"""The mask over the series in the active view: laid on the slices, told in the panel."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.answers import Look
from engine.listing import without_names
from viewer.client.engine import EngineClient
from viewer.jobs import Jobs
from viewer.panels.mask_block import MaskBlock
from viewer.panes.volume_view import VolumeView
from viewer.preferences import Preferences
from viewer.seen.mask import Mask
from viewer.theme.theme import Theme
from viewer.volumes.masks import Masks
from viewer.volumes.studies import Side, Studies


class MaskDesk(QObject):
    """Keeps the views and the panel's block to the masks."""

    changed = Signal()
    """There is another mask, or none."""
    noticed = Signal(object)

    def __init__(
        self,
        theme: Theme,
        view: VolumeView,
        studies: Studies,
        client: EngineClient,
        jobs: Jobs,
        preferences: Preferences,
    ) -> None:
        super().__init__(studies)
        self._view = view
        self._studies = studies
        self._preferences = preferences
        self._told: tuple[Mask, str] | None = None
        self.masks = Masks(client, jobs, studies)
        self.block = MaskBlock(theme)
        self.masks.changed.connect(self._lay)
        self.masks.noticed.connect(self.noticed)
        self.block.taken_off.connect(self.take_off)
        self.block.opacity_changed.connect(lambda opacity: preferences.set_look(opacity=opacity))
        preferences.changed.connect(self._show_look)

    @property
    def mask(self) -> Mask | None:
        """What lies over the series in the active view."""
        return self.masks.laid.get(self._side)

    @property
    def _side(self) -> Side:
        return Side(self._view.active_side)

    # ---- what a person does

    def lay_file(self, path: Path) -> None:
        """Lay what a file holds over the active series."""
        self.masks.lay_file(path, self._side)

    def lay_series(self, key: str) -> None:
        """Lay another series of the list over the active one."""
        entry = self._studies.entry(key)
        if entry is not None:
            self.masks.lay_series(entry, self._side)
            self._view.active.setFocus()  # the keys were the rail's, where it was asked for

    def take_off(self) -> None:
        """Take the mask off the active series."""
        self.masks.take_off(self._side)

    # ---- what is shown

    def show_active(self) -> None:
        """The block tells about the mask over the active series."""
        before, self._told = self._told, self._to_tell()
        if self._told is not None and self._told != before:
            self.block.show_mask(*self._told)
        if (before is None) is not (self._told is None):
            self.changed.emit()

    def _to_tell(self) -> tuple[Mask, str] | None:
        shown, mask = self._studies.shown.get(self._side), self.mask
        if shown is None or mask is None:
            return None
        name = mask.overlay.name
        return mask, name if self._studies.names else without_names(name, shown.entry.origin)

    def _lay(self, side: Side) -> None:
        mask = self.masks.laid.get(side)
        self._view.set_overlay(None if mask is None else mask.overlay, side)
        self._show_look()
        self.show_active()

    def _show_look(self) -> None:
        """As strongly as a heatmap is laid over a photograph."""
        kept = self._preferences.settings
        self._view.set_look(Look(kept.opacity, kept.threshold, kept.colour_map))
        self.block.show_opacity(kept.opacity)
