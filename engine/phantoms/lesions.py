"""Lesions of diabetic retinopathy: what each looks like, and which pixels it covers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from engine.phantoms.canvas import Frame, fill, soften
from engine.phantoms.large_shapes import Shapes, ball, boat, fan, feather, lake, plaque, streak
from engine.phantoms.vessels import ribbon


class Lesion(StrEnum):
    """Kinds of lesion, each with a mask of its own."""

    MICROANEURYSM = "microaneurysm"
    HAEMORRHAGE = "haemorrhage"
    HARD_EXUDATE = "hard exudate"
    SOFT_EXUDATE = "soft exudate"
    NEW_VESSELS = "new vessels"
    MICROVASCULAR = "intraretinal microvascular abnormality"
    PRERETINAL_HAEMORRHAGE = "preretinal haemorrhage"


class Form(StrEnum):
    """The outline of a lesion: round and smooth, ragged, or drawn out along the nerve fibres; the
    others are those of large lesions, which eyes of training alone have.
    """

    DOT = "dot"
    BLOT = "blot"
    FLAME = "flame"
    PLAQUE = "plaque"
    FAN = "fan"
    STREAK = "streak"
    BOAT = "boat"
    BALL = "ball"
    LAKE = "lake"
    FEATHER = "feather"


@dataclass(frozen=True)
class Mark:
    """One lesion: its kind, centre and radius in field radii, as the picture shows them.

    x runs to the right and y down from the field's centre, so that pixel x = field.x + x
    field.radius. ``angle`` (radians) is the long axis of a flame or of a soft exudate; ``strength``
    0 to 1 how far it stands out; ``seed`` its ragged outline.
    """

    kind: Lesion
    x: float
    y: float
    radius: float
    form: Form = Form.DOT
    angle: float = 0.0
    strength: float = 1.0
    seed: int = 0

    def moved(self, across: float, down: float) -> "Mark":
        """The same lesion elsewhere, by so many field radii."""
        return replace(self, x=self.x + across, y=self.y + down)


@dataclass(frozen=True)
class Look:
    """How a kind is laid on the retina: softness in field radii, and colour.

    ``tint`` multiplies the retina where ``paint`` is None, otherwise ``paint`` covers it.
    """

    soft: float
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    paint: tuple[float, float, float] | None = None


# Drawn in this order, from the depth of the retina to what floats before it. Colours and sizes are
# decided from IDRiD's masks: microaneurysms 10-30, haemorrhages 17-140, hard exudates 8-60, soft
# exudates 60-160 pixels across in a field of 3400.
LOOKS: dict[Lesion, Look] = {
    Lesion.HARD_EXUDATE: Look(soft=0.0016, paint=(1.10, 0.92, 0.24)),
    Lesion.SOFT_EXUDATE: Look(soft=0.008, paint=(1.02, 0.84, 0.46)),
    Lesion.MICROANEURYSM: Look(soft=0.0012, tint=(0.72, 0.36, 0.42)),
    Lesion.HAEMORRHAGE: Look(soft=0.0026, tint=(0.68, 0.24, 0.28)),
    Lesion.NEW_VESSELS: Look(soft=0.0010, tint=(0.78, 0.45, 0.50)),
    Lesion.MICROVASCULAR: Look(soft=0.0010, tint=(0.78, 0.42, 0.47)),
    Lesion.PRERETINAL_HAEMORRHAGE: Look(soft=0.004, tint=(0.56, 0.15, 0.18)),
}
_LARGE: dict[Form, Callable[[np.random.Generator], Shapes]] = {
    Form.PLAQUE: plaque,
    Form.FAN: fan,
    Form.STREAK: streak,
    Form.BOAT: boat,
    Form.BALL: ball,
    Form.LAKE: lake,
    Form.FEATHER: feather,
}
# An outline's circle, and the waves that make it ragged.
_ANGLE = np.linspace(0, 2 * np.pi, 28, endpoint=False)
_ROUND = np.stack([np.cos(_ANGLE), np.sin(_ANGLE)], axis=1)
_WAVES = np.arange(2, 7)[:, None] * _ANGLE
_FADE = np.arange(2, 7)[:, None] ** 0.8
_FAINT = (
    0.06  # coverage that nobody would see; taken off, so that a mask ends where the lesion does
)
_LEAST = (
    0.05  # what is left must exceed this, else the pixel is not of the lesion and stays as it was
)


def lay_lesions(
    retina: NDArray[np.float32],
    frame: Frame,
    marks: Sequence[Mark],
    looks: Mapping[Lesion, Look] = LOOKS,
) -> dict[Lesion, NDArray[np.bool_]]:
    """Paint ``marks`` into ``retina`` float32 (3, y, x) in place; the mask (y, x) of every kind.

    A pixel outside every mask keeps its value exactly.
    """
    masks: dict[Lesion, NDArray[np.bool_]] = {}
    for kind, look in looks.items():
        layer = frame.blank()
        # Where two touch, the denser one shows.
        for mark in sorted(marks, key=lambda mark: mark.strength):
            if mark.kind is kind:
                _draw(layer, frame, mark)
        if not layer.any():
            masks[kind] = np.zeros(layer.shape, np.bool_)
            continue
        cover = soften(layer, look.soft * frame.field.radius)
        cover = (cover - np.float32(_FAINT)) * np.float32(1 / (1 - _FAINT))
        mask = cover > _LEAST
        masks[kind] = mask
        part = cover[mask]
        for channel, plane in enumerate(retina):
            here = plane[mask]
            if look.paint is None:
                here *= 1 - part * np.float32(1 - look.tint[channel])
            else:
                here += part * (np.float32(look.paint[channel]) - here)
            plane[mask] = here
    return masks


def _draw(layer: NDArray[np.uint8], frame: Frame, mark: Mark) -> None:
    """Draw one mark's coverage into its kind's layer."""
    generator = np.random.default_rng(mark.seed)
    value = int(np.clip(255 * mark.strength, 1, 255))
    unit = frame.field.radius
    centre = np.array([mark.x, mark.y])
    # cv2 widens a smooth polygon by about half a pixel.
    radius = max(mark.radius - 0.4 / unit, 0.35 / unit)
    turn = _turn(mark.angle)
    if mark.form in _LARGE:
        for shape, share in _LARGE[mark.form](generator):
            corners = frame.to_pixels(centre + shape * radius @ turn)
            fill(layer, corners, int(value * share))
        return
    if mark.kind in (Lesion.NEW_VESSELS, Lesion.MICROVASCULAR):
        new = mark.kind is Lesion.NEW_VESSELS
        for path in _lacework(generator, mark) if new else _tangle(generator, mark):
            half = np.linspace(0.0032, 0.0018, len(path)) - 0.4 / unit
            fill(layer, frame.to_pixels(ribbon(path, np.maximum(half, 0.1 / unit))), value)
        return
    if mark.kind is Lesion.PRERETINAL_HAEMORRHAGE:
        outline = _boat(generator) * radius
    elif mark.form is Form.FLAME:
        for streak in _streaks(generator):
            fill(layer, frame.to_pixels(centre + streak * radius @ turn), value)
        return
    elif mark.kind is Lesion.SOFT_EXUDATE:
        # Fluffy: dense in the middle, thinning out, its ends frayed along the fibres.
        shape = _blob(generator, 0.16) * (1, 0.62)
        for size, share in ((1.05, 0.35), (0.8, 0.6), (0.5, 1.0)):
            for streak in _streaks(generator):
                fray = (streak * (1.25, 1.5) * size * radius) @ turn
                fill(layer, frame.to_pixels(centre + fray), int(value * share * 0.8))
            inner = (shape * size * radius) @ turn
            fill(layer, frame.to_pixels(centre + inner), int(value * share))
        return
    elif mark.kind is Lesion.HARD_EXUDATE:
        outline = (_blob(generator, 0.2) * radius * (1.15, 0.87)) @ turn
    elif mark.form is Form.BLOT:
        # Denser in the middle than at its ragged edge.
        outline = (_blob(generator, 0.15) * radius) @ turn
        fill(layer, frame.to_pixels(centre + outline), int(0.8 * value))
        outline = outline * 0.68
    else:
        outline = (_blob(generator, 0.06) * radius) @ turn
    fill(layer, frame.to_pixels(centre + outline), value)


def _turn(angle: float) -> NDArray[np.float64]:
    """Row vectors times this are turned by ``angle``, from x towards y."""
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[cosine, sine], [-sine, cosine]])


def _blob(generator: np.random.Generator, ragged: float) -> NDArray[np.float64]:
    """A closed outline (n, 2) of mean radius one; ``ragged`` is the sd of its unevenness."""
    sizes = generator.normal(0, ragged, 5)[:, None] / _FADE
    phases = generator.uniform(0, 2 * np.pi, 5)[:, None]
    radius = np.maximum(1 + (sizes * np.cos(_WAVES + phases)).sum(0), 0.35)
    return np.asarray(radius[:, None] * _ROUND)


def _streaks(generator: np.random.Generator) -> list[NDArray[np.float64]]:
    """Spindles side by side along x, as blood lies between nerve fibres; half length about one."""
    along = np.linspace(-1, 1, 12)
    spindles = []
    for offset in np.linspace(-0.28, 0.28, 5):
        length = generator.uniform(0.6, 1.1) * (1 - 0.6 * abs(offset))
        path = np.stack([along * length + generator.normal(0, 0.18), np.full(12, offset)], axis=1)
        path[:, 1] += 0.05 * np.sin(3 * along + generator.uniform(0, 6))
        spindles.append(ribbon(path, 0.2 * (1 - along**2) + 0.012))
    return spindles


def _boat(generator: np.random.Generator) -> NDArray[np.float64]:
    """Blood that has settled before the retina: level above, round below."""
    angle = np.linspace(0, np.pi, 24)
    depth = generator.uniform(0.55, 0.95)
    keel = np.stack([np.cos(angle), depth * np.sin(angle)], axis=1)
    keel *= 1 + 0.03 * np.sin(5 * angle + generator.uniform(0, 6))[:, None]
    return keel - (0, 0.35 * depth)


def _lacework(generator: np.random.Generator, mark: Mark) -> list[NDArray[np.float64]]:
    """Fine new vessels: loops that fan out from a stalk, points in field radii."""
    paths = []
    t = np.linspace(0, 1, 26)
    for _ in range(generator.integers(12, 22)):
        heading = generator.uniform(0, 2 * np.pi)
        curl = generator.normal(0, 2.6)
        turn = heading + curl * t + 0.5 * np.sin(generator.uniform(9, 16) * t)
        step = mark.radius * generator.uniform(0.7, 1.25) / len(t)
        steps = step * np.stack([np.cos(turn), np.sin(turn)], axis=1)
        start = np.array([mark.x, mark.y]) + generator.normal(0, 0.22 * mark.radius, 2)
        paths.append(start + np.cumsum(steps, axis=0))
    return paths


def _tangle(generator: np.random.Generator, mark: Mark) -> list[NDArray[np.float64]]:
    """Vessels within the retina that twist and turn sharply between two others, in field radii."""
    paths = []
    t = np.linspace(0, 1, 22)[:, None]
    for _ in range(generator.integers(4, 9)):
        ends = np.array([mark.x, mark.y]) + generator.normal(0, 0.55 * mark.radius, (2, 2))
        bends = np.cumsum(generator.normal(0, 0.16 * mark.radius, (22, 2)), axis=0)
        # A walk that is tied down at both ends, so that it keeps to its place.
        paths.append(ends[0] + t * (ends[1] - ends[0]) + bends - t * bends[-1])
    return paths
