"""What a photograph's view shows: plain values and the rules between them, without a widget."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSizeF

from engine.answers import Heatmap, Look
from engine.geometry import Circle
from engine.tint import COLOUR_MAPS
from viewer.layers.captions import NARROW, Captions, Corners, corner_boxes, corners, eye_words
from viewer.layers.legend import Legend, legend_box
from viewer.seen.frame import Scene, Tone
from viewer.seen.heatmap import HeatmapLayer
from viewer.seen.preparation import Prepared
from viewer.seen.pyramid import Pyramid, preview
from viewer.seen.view_transform import ViewTransform

_GROUND = (110, 58, 28)
"""The legend's ground until the photograph's own middle colour is known."""


@dataclass(eq=False)
class PaneState:
    """A photograph, what lies on it, and where the view is.

    ``view`` is None without a photograph. ``pixels`` is uint8 (y, x, 3), ``ground`` its middle
    colour; the ``pyramid`` is ``detailed`` once its local detail is made.
    """

    pixels: NDArray[np.uint8] | None = None
    pyramid: Pyramid = ()
    view: ViewTransform | None = None
    detailed: bool = False
    ground: tuple[int, int, int] = _GROUND
    heatmap: HeatmapLayer | None = None
    assessed: Circle | None = None
    look: Look = field(default_factory=lambda: Look(0.72, 0.0, COLOUR_MAPS[0]))
    captions: Captions = field(default_factory=Captions)
    tone: Tone = field(default_factory=Tone)
    texts: bool = True
    red_free: bool = False
    hidden: bool = False
    _before_fit: ViewTransform | None = None

    # ---- other things to show

    def emptied(self) -> "PaneState":
        """The same settings without a photograph."""
        return PaneState(
            look=self.look, texts=self.texts, red_free=self.red_free, hidden=self.hidden
        )

    def with_photograph(
        self, pixels: NDArray[np.uint8], view: tuple[int, int], made: Prepared | None = None
    ) -> "PaneState":
        """The same settings with another photograph, whole, and nothing on it yet.

        ``made`` is what was made of it before, if anything was.
        """
        new = self.emptied()
        new.pixels = pixels
        if made is None:
            new.pyramid = preview(pixels)
        else:
            new.set_prepared(made)
        new.view = ViewTransform.fitted((pixels.shape[1], pixels.shape[0]), view)
        return new

    def set_prepared(self, prepared: Prepared) -> None:
        """Take what was made of the photograph beside the window's thread."""
        if prepared.pixels is self.pixels:
            self.pyramid, self.ground = prepared.pyramid, prepared.ground
            self.detailed = prepared.detailed

    def set_heatmap(self, heatmap: Heatmap | None, upper_end: float | None = None) -> None:
        """Scale a map for display, by its own upper end if None; or take it away."""
        self.heatmap = None if heatmap is None else HeatmapLayer.of(heatmap, upper_end)

    def set_dimmed(self, dimmed: bool) -> None:
        """Dim the photograph, or end that."""
        self.tone = replace(self.tone, dimmed=dimmed)

    # ---- where the view is

    def resize(self, view: tuple[int, int]) -> None:
        """The view has another size, in device pixels."""
        if self.view is not None:
            self.view = self.view.resized(view)

    def zoom_to(self, scale: float, at: tuple[float, float] | None = None) -> None:
        """Show at ``scale`` around a device position, or around the middle."""
        if self.view is not None:
            self.view = self.view.at_scale(scale, at)

    def centre_on(self, place: tuple[float, float], scale: float | None = None) -> None:
        """Bring a picture position to the middle of the view, at ``scale`` if one is given."""
        if self.view is not None:
            self.view = self.view.centred(place, scale)

    def toggle_fit(self) -> None:
        """The whole picture; from there back to the view before, or to 1:1 if there was none."""
        if self.view is None:
            return
        if not self.view.is_fitted:
            self._before_fit = self.view
            self.view = ViewTransform.fitted(self.view.picture, self.view.view)
        elif self._before_fit is not None:
            self.view = self._before_fit.resized(self.view.view)
        else:
            self.view = self.view.at_scale(1.0)

    def reset(self) -> None:
        """The whole picture as its file has it."""
        self.tone = Tone(dimmed=self.tone.dimmed)
        self._before_fit = None
        if self.view is not None:
            self.view = ViewTransform.fitted(self.view.picture, self.view.view)

    # ---- what follows from it

    @property
    def shown_heatmap(self) -> HeatmapLayer | None:
        """The map as it is to be drawn, None while it is hidden."""
        return self.heatmap if self.look.visible and not self.hidden else None

    @property
    def shows_red_free(self) -> bool:
        """Whether the ground is the green channel as grey; under a signed map it always is."""
        return self.red_free or (self.shown_heatmap is not None and self.shown_heatmap.signed)

    @property
    def legend(self) -> Legend | None:
        """The legend of the map as it is shown, None while it is hidden."""
        heatmap = self.shown_heatmap
        if heatmap is None:
            return None
        red, green, blue = self.ground
        ground = (green, green, green) if self.shows_red_free else (red, green, blue)
        criterion = self.captions.criterion
        return Legend(
            criterion,
            self.look,
            heatmap.upper_end,
            ground,
            heatmap.signed,
            chance=heatmap.chance,
            of=self.captions.of,
        )

    def corners(self, size: QSizeF) -> Corners:
        """The words in the corners of a view of ``size``, logical pixels."""
        return self._told(size).kept_apart(size, self._legend_box(size))

    def legend_on(self, size: QSizeF) -> Legend | None:
        """The legend in a view of ``size``; None where it would run into words that never go."""
        legend = self.legend if self.texts else None
        if legend is None or not self._told(size).leaves_room(size, legend_box(size, legend)):
            return None
        return legend

    def _told(self, size: QSizeF) -> Corners:
        return corners(
            self.captions,
            zoom=self.view.scale if self.view is not None else 0.0,
            heatmap=self.heatmap is not None,
            hidden=self.shown_heatmap is None,
            red_free=self.shows_red_free,
            texts=self.texts,
            narrow=size.width() < NARROW,
        )

    def _legend_box(self, size: QSizeF) -> QRectF | None:
        legend = self.legend_on(size)
        return None if legend is None else legend_box(size, legend)

    def word_boxes(self, size: QSizeF) -> list[QRectF]:
        """Where words and legend stand in the corners of a view of ``size``, logical pixels."""
        boxes, legend = corner_boxes(size, self.corners(size)), self._legend_box(size)
        return boxes if legend is None else [*boxes, legend]

    @property
    def scene(self) -> Scene:
        """What a frame is drawn from."""
        return Scene(
            self.pyramid,
            self.tone,
            self.shows_red_free,
            self.shown_heatmap,
            self.detailed,
            self.look,
        )

    def shown_outline(self, ratio: float) -> Circle | None:
        """The assessed area in the view's logical pixels, ``ratio`` device pixels each."""
        if self.assessed is None or self.view is None or self.hidden or not self.look.visible:
            return None
        forth = self.view.to_screen
        # Qt counts from a pixel's corner, not from its centre.
        x = (forth[0, 0] * self.assessed.x + forth[0, 2] + 0.5) / ratio
        y = (forth[1, 1] * self.assessed.y + forth[1, 2] + 0.5) / ratio
        return Circle(x, y, self.assessed.radius * self.view.scale / ratio)

    def described(self) -> str:
        """The view in words, for those who do not see it."""
        if self.view is None:
            return "No picture"
        eye = eye_words(self.captions.laterality, sought=self.captions.eye_sought)
        parts = [eye.split("  ")[-1].capitalize()]
        if self.heatmap is not None:
            of = f" of {self.captions.of}" if self.captions.of else ""
            parts.append(f"heatmap{of} {'hidden' if self.shown_heatmap is None else 'shown'}")
        if self.shows_red_free:
            parts.append("red-free")
        parts.append(f"zoom {100 * self.view.scale:.0f} %")
        return ", ".join(parts)
