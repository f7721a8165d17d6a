"""Which part of a picture a view shows, and how large: numbers only, no widget.

Screen positions are device pixels of the view, picture positions are picture pixels; both have
their pixel centres at whole numbers, so that pixel i covers [i - 1/2, i + 1/2].
"""

from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from engine.geometry import Affine, scaling

MOST = 32.0
"""The largest scale: one picture pixel on 32 x 32 device pixels."""
_LEAST_OF_FIT = 0.5
_WHOLE = 1e-6


@dataclass(frozen=True)
class ViewTransform:
    """A picture of ``picture`` (width, height) in a view of ``view`` (width, height).

    ``scale`` is device pixels per picture pixel; ``centre`` is the picture position (x, y) that
    lies in the middle of the view.
    """

    picture: tuple[int, int]
    view: tuple[int, int]
    scale: float
    centre: tuple[float, float]

    @classmethod
    def fitted(cls, picture: tuple[int, int], view: tuple[int, int]) -> "ViewTransform":
        """The whole picture, as large as the view allows."""
        width, height = (max(side, 1) for side in view)
        scale = min(width / picture[0], height / picture[1])
        middle = ((picture[0] - 1) / 2, (picture[1] - 1) / 2)
        return cls(picture, (width, height), scale, middle)

    # ---- where things are

    @property
    def to_screen(self) -> Affine:
        """Maps picture (x, y) to the view's device pixels."""
        x = (self.view[0] - 1) / 2 - self.scale * self.centre[0]
        y = (self.view[1] - 1) / 2 - self.scale * self.centre[1]
        if self.scale == 1:
            # At 1:1 every picture pixel gets a device pixel of its own: nothing is blurred.
            x, y = float(np.floor(x + 0.5)), float(np.floor(y + 0.5))
        return scaling(self.scale, x, y)

    @property
    def to_picture(self) -> Affine:
        """Maps the view's device pixels to picture (x, y)."""
        forth = self.to_screen
        return scaling(1 / self.scale, -forth[0, 2] / self.scale, -forth[1, 2] / self.scale)

    def picture_at(self, at: tuple[float, float]) -> tuple[float, float]:
        """The picture position under a device pixel."""
        back = self.to_picture
        return (
            float(back[0, 0] * at[0] + back[0, 2]),
            float(back[1, 1] * at[1] + back[1, 2]),
        )

    def pixel_at(self, at: tuple[float, float]) -> tuple[int, int] | None:
        """The picture pixel (x, y) that covers a device position, None beside the picture."""
        x, y = (int(np.floor(side + 0.5)) for side in self.picture_at(at))
        inside = 0 <= x < self.picture[0] and 0 <= y < self.picture[1]
        return (x, y) if inside else None

    @property
    def frame(self) -> tuple[float, float, float, float]:
        """The picture's left, top, width and height in device pixels, from their outer edges."""
        forth = self.to_screen
        # Its first pixel begins half a pixel before that one's centre, and so does the view's.
        left, top = (forth[axis, 2] - self.scale / 2 + 0.5 for axis in (0, 1))
        return left, top, self.picture[0] * self.scale, self.picture[1] * self.scale

    @property
    def fit_scale(self) -> float:
        """The scale at which the whole picture fills the view."""
        return min(self.view[0] / self.picture[0], self.view[1] / self.picture[1])

    @property
    def is_fitted(self) -> bool:
        """Whether this shows the whole picture, as large as the view allows."""
        return self == ViewTransform.fitted(self.picture, self.view)

    # ---- moving

    def resized(self, view: tuple[int, int]) -> "ViewTransform":
        """The same for another size of the view: a fitted picture stays fitted."""
        if self.is_fitted:
            return ViewTransform.fitted(self.picture, view)
        sides = (max(view[0], 1), max(view[1], 1))
        return replace(self, view=sides)._held()

    def zoomed(self, factor: float, at: tuple[float, float]) -> "ViewTransform":
        """Larger by ``factor``; what lies under the device position ``at`` stays under it."""
        return self.at_scale(self.scale * factor, at)

    def at_scale(self, scale: float, at: tuple[float, float] | None = None) -> "ViewTransform":
        """At ``scale``, within its limits, around the device position ``at`` or the middle."""
        least = _LEAST_OF_FIT * min(self.fit_scale, 1.0)
        most = max(MOST, self.fit_scale)
        held = min(max(scale, least), most)
        if at is None:
            return replace(self, scale=held)._held()
        x, y = self.picture_at(at)
        middle = ((self.view[0] - 1) / 2, (self.view[1] - 1) / 2)
        centre = (x + (middle[0] - at[0]) / held, y + (middle[1] - at[1]) / held)
        return replace(self, scale=held, centre=centre)._held()

    def centred(self, place: tuple[float, float], scale: float | None = None) -> "ViewTransform":
        """With a picture position in the middle of the view, at ``scale`` if one is given.

        A fitted picture that is to keep its size stays where it is: all of it is in sight.
        """
        if scale is None and self.is_fitted:
            return self
        moved = replace(self, centre=place)._held()
        return moved if scale is None else moved.at_scale(scale)

    def panned(self, across: float, down: float) -> "ViewTransform":
        """The picture moved by whole device pixels, as if dragged.

        Whole ones, so that what stays in the view need not be drawn again.
        """
        x, y = self.centre
        moved = (x - round(across) / self.scale, y - round(down) / self.scale)
        return replace(self, centre=moved)._held()

    def _held(self) -> "ViewTransform":
        """The middle of the view stays on the picture, so that it cannot get lost."""
        (x, y), (width, height) = self.centre, self.picture
        held = (min(max(x, 0.0), width - 1.0), min(max(y, 0.0), height - 1.0))
        return replace(self, centre=held)


def device_size(width: int, height: int, ratio: float) -> tuple[int, int]:
    """A view's size in device pixels, from logical ones, ``ratio`` to a pixel.

    Where a side ends within a device pixel, that one is the view's, too: it is opaque, so what it
    left out would show what stood there before.
    """
    wide, high = (ceil(side * ratio - _WHOLE) for side in (width, height))
    return max(wide, 1), max(high, 1)
