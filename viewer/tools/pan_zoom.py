"""What a hand does on a photograph's view: pan, zoom, contrast and brightness (LOOK 10)."""

from dataclasses import dataclass, replace
from enum import Enum, auto

from viewer.seen.frame import Tone
from viewer.seen.view_transform import ViewTransform

NOTCH = 120
"""Wheel units of one notch, as Qt counts them."""
ZOOM_STEP = 1.25
"""How much a notch or a key zooms."""
CLICK_REACH = 4
"""A press that moves less, in logical pixels, is a click."""
_ZOOM_PER_PIXEL = 1.01
_CONTRAST_PER_PIXEL = 1.005
_BRIGHTNESS_PER_PIXEL = 1 / 400


class Grip(Enum):
    """What a drag does."""

    PAN = auto()
    ZOOM = auto()
    TONE = auto()


@dataclass(frozen=True)
class Drag:
    """A drag under way: what it does, where it began, and the view and tone from then.

    Positions are device pixels of the view.
    """

    grip: Grip
    start: tuple[float, float]
    view: ViewTransform
    tone: Tone

    def moved(self, at: tuple[float, float]) -> tuple[ViewTransform, Tone]:
        """The view and the tone with the pointer at ``at``."""
        across, down = at[0] - self.start[0], at[1] - self.start[1]
        if self.grip is Grip.PAN:
            return self.view.panned(across, down), self.tone
        if self.grip is Grip.ZOOM:
            return self.view.zoomed(_ZOOM_PER_PIXEL**-down, self.start), self.tone
        contrast = min(max(self.tone.contrast * _CONTRAST_PER_PIXEL**across, 0.2), 5.0)
        brightness = min(max(self.tone.brightness - down * _BRIGHTNESS_PER_PIXEL, -1.0), 1.0)
        return self.view, replace(self.tone, contrast=contrast, brightness=brightness)


class Notches:
    """Whole notches of a wheel; a trackpad turns by parts of one, and says when it was let go."""

    def __init__(self) -> None:
        self._left = 0

    def turned(self, units: int) -> int:
        """The whole notches that this turn completes, up is positive."""
        if units * self._left < 0:
            # The other way round: what was begun does not count.
            self._left = 0
        steps = int((self._left + units) / NOTCH)
        self._left += units - steps * NOTCH
        return steps


def wheel_factor(units: float) -> float:
    """By how much a turn of the wheel zooms; a trackpad turns by parts of a notch."""
    return float(ZOOM_STEP ** (units / NOTCH))
