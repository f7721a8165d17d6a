"""What the camera does to an eye: its frame, its light, its colours and its faults."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from engine.geometry import Circle
from engine.phantoms.canvas import Frame


@dataclass(frozen=True)
class Dust:
    """A pale reflection of a speck on the lens; place and radius in field radii."""

    x: float
    y: float
    radius: float
    strength: float


@dataclass(frozen=True)
class Camera:
    """How an eye is photographed.

    ``aspect`` is the picture's height over its width; ``field`` the field's diameter, ``centre_x``
    its centre from the left, over the picture's width (the field is cut where it does not fit);
    ``gaze`` shifts the retina in the field, in field radii, x towards the nose. ``balance`` are
    gains of red, green, blue; ``vignette`` is the light lost at the margin, ``gradient`` the light
    gained per field radius to the right and down, ``glow`` the pale ring at the margin;
    ``haze`` veils everything; ``blur`` is in field radii, ``noise`` in grey levels (sd).
    """

    aspect: float = 0.95
    field: float = 0.985
    centre_x: float = 0.5
    notch: bool = False
    gaze: tuple[float, float] = (0.02, 0.0)
    balance: tuple[float, float, float] = (1.0, 1.0, 1.0)
    brightness: float = 1.0
    vignette: float = 0.38
    gradient: tuple[float, float] = (0.02, -0.03)
    glow: float = 0.0
    haze: float = 0.0
    blur: float = 0.0
    noise: float = 1.2
    dust: tuple[Dust, ...] = ()

    def frame(self, width: int) -> Frame:
        """The picture's shape and field at ``width`` pixels."""
        height = max(1, round(width * self.aspect))
        circle = Circle(self.centre_x * width - 0.5, height / 2 - 0.5, self.field * width / 2)
        return Frame(height, width, circle)


PLAIN = Camera()
"""The demonstration's camera: sharp, evenly lit, cut a little above and below."""


def draw_camera(generator: Generator) -> Camera:
    """Draw a camera as training meets them: three frames, and every fault in its usual range.

    The frames are those of real sets: cut above and below (IDRiD, 4288 x 2848 with a field of 79 %
    of the width), whole in a square, and whole with a tab beside it (FIVES). The ranges are decided
    from those sets by eye.
    """
    g = generator
    kind = g.choice(3, p=[0.6, 0.25, 0.15])
    if kind == 0:
        camera = Camera(aspect=0.664, field=g.uniform(0.785, 0.9), centre_x=g.uniform(0.46, 0.52))
    else:
        camera = Camera(aspect=1.0, field=g.uniform(0.94, 0.99), notch=bool(kind == 2))
    usual = g.random() < 0.9  # the others look at the disc, as some nurses photograph
    gaze_x = g.normal(0.13, 0.1) if usual else g.normal(-0.42, 0.06)
    light, tone, veil = g.normal(0, 1, 3)
    specks = g.integers(1, 5) if g.random() < 0.2 else 0
    low, high = (-0.8, -0.7, 0.01, 0.02), (0.8, 0.7, 0.06, 0.1)
    dust = tuple(Dust(*g.uniform(low, high).tolist()) for _ in range(specks))
    return replace(
        camera,
        gaze=(float(np.clip(gaze_x, -0.55, 0.45)), float(np.clip(g.normal(0, 0.06), -0.15, 0.15))),
        balance=(
            float(np.exp(0.05 * g.normal())),
            float(np.exp(0.09 * tone + 0.04 * g.normal())),
            float(np.exp(0.16 * tone + 0.22 * g.normal())),
        ),
        brightness=float(np.clip(np.exp(0.2 * light - 0.02), 0.55, 1.4)),
        vignette=g.uniform(0.1, 0.6),
        gradient=(g.normal(0, 0.1), g.normal(0, 0.08)),
        glow=g.uniform(0.05, 0.35) if g.random() < 0.35 else 0.0,
        haze=float(np.clip(0.08 + 0.1 * veil, 0, 0.35)),
        blur=g.uniform(0.0, 0.004) if g.random() < 0.8 else g.uniform(0.004, 0.012),
        noise=g.uniform(0.5, 3.0),
        dust=dust,
    )
