"""Drawn lesions laid on a healthy real photograph: a real eye whose lesions are known."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.random import Generator, SeedSequence, default_rng
from numpy.typing import NDArray

from engine.geometry import Circle
from engine.phantoms.canvas import Frame
from engine.phantoms.faint import REAL_LOOKS
from engine.phantoms.ground import Anatomy, draw_anatomy
from engine.phantoms.lesions import Lesion, Mark, lay_lesions
from engine.phantoms.lookalikes import lay_lookalikes
from engine.phantoms.real_marks import draw_real_marks
from engine.phantoms.severe import draw_signs
from engine.phantoms.severity import GRADES

_STREAM = 0x96AF
_FOVEA = (5.1, 0.58)  # disc radii from the disc to the fovea: temporal, and down
_LIGHT = 30.0  # the light is the red of the photograph, blurred by the field's radius over this
_SEEN = 0.002  # of the retina's green: less of a reflex is none
_RED = 0.74  # of a fair retina, which the looks of the lesions are made for


@dataclass(frozen=True, eq=False)
class Host:
    """A healthy photograph that lesions can be laid on; made once, used for many grafts.

    ``pixels`` is float32 (y, x, 3), 0 to 255; ``field`` its field of view; ``disc`` and ``fovea``
    are in field radii from the field's centre, x to the right.
    """

    pixels: NDArray[np.float32]
    field: Circle
    disc: tuple[float, float]
    fovea: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Graft:
    """``pixels`` float32 (y, x, 3), a mask bool (y, x) for every kind, and the single lesions.

    ``harmless`` bool (y, x) is where what is no lesion was laid.
    """

    pixels: NDArray[np.float32]
    lesions: Mapping[Lesion, NDArray[np.bool_]]
    marks: tuple[Mark, ...]
    harmless: NDArray[np.bool_]


def host(
    pixels: NDArray[np.uint8] | NDArray[np.float32],
    field: Circle,
    disc: Circle | None = None,
    fovea: tuple[float, float] | None = None,
) -> Host:
    """A photograph (y, x, 3), its field, and what is known of its disc and fovea, all in pixels.

    Without a fovea it is taken to lie at its usual distance from the disc, on the side of the
    field's centre; without a disc the eye is taken for one centred on the macula, the disc on the
    brighter side.
    """

    def placed(x: float, y: float) -> tuple[float, float]:
        return (x - field.x) / field.radius, (y - field.y) / field.radius

    if disc is None:
        left, right = (_green_at(pixels, field, side * 0.45) for side in (-1, 1))
        middle = (0.45 if right >= left else -0.45, -0.05)
        radius = 0.15
    else:
        middle, radius = placed(disc.x, disc.y), disc.radius / field.radius
    if fovea is None:
        towards = -1 if middle[0] > 0 else 1
        macula = (middle[0] + towards * _FOVEA[0] * radius, middle[1] + _FOVEA[1] * radius)
    else:
        macula = placed(*fovea)
    return Host(pixels.astype(np.float32), field, middle, macula)


def graft(host: Host, seed: int, severity: int) -> Graft:
    """Lay the lesions of ``severity`` 0 to 4 on a healthy photograph; others for every ``seed``.

    They are as faint as real ones and as sharp as the lens was. Nothing changes outside their
    masks, but for what is no lesion and may look like one (``engine.phantoms.lookalikes``).
    Raises ValueError if ``severity`` is not 0 to 4.
    """
    if severity not in GRADES:
        raise ValueError(f"severity is 0 to 4, not {severity}")
    streams = [default_rng(child) for child in SeedSequence((_STREAM, seed)).spawn(4)]
    sign = 1 if host.disc[0] > host.fovea[0] else -1
    anatomy = _anatomy(host, draw_anatomy(streams[0], (0.0, 0.0)), sign)
    signs = draw_signs(streams[0], severity, beading=False)
    marks = draw_real_marks(streams[1], severity, signs, anatomy, sign)
    height, width = host.pixels.shape[:2]
    taken = host.pixels.copy()
    frame = Frame(height, width, host.field)
    retina, light = _retina(taken, frame)
    before = retina.copy()
    harmless = np.zeros(light.shape, np.bool_)
    if lay_lookalikes(retina, streams[3], frame, host.disc, host.fovea):
        harmless = np.abs(retina[1] - before[1]) > _SEEN
    masks = lay_lesions(retina, frame, marks, REAL_LOOKS)
    changed = harmless.copy()
    for mask in masks.values():
        changed |= mask
    retina -= before
    retina *= light
    _take(taken, retina, changed, streams[2])
    return Graft(taken, masks, marks, harmless)


def _retina(
    taken: NDArray[np.float32], frame: Frame
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What the photograph shows under an even light (3, y, x), and its light (y, x)."""
    light = _blurred(taken[..., 0], frame.field.radius / _LIGHT) * np.float32(1 / _RED)
    light = np.maximum(light, np.float32(12))
    return np.ascontiguousarray(taken.transpose(2, 0, 1)) / light, light


def _take(
    taken: NDArray[np.float32],
    change: NDArray[np.float32],
    where: NDArray[np.bool_],
    generator: Generator,
) -> None:
    """Add ``change`` (3, y, x) to the photograph ``where`` it is, as sharp as a lens was."""
    sharpness = generator.uniform(0, 1.2)
    for channel, laid in enumerate(change):
        if sharpness > 0.3:
            laid = np.asarray(cv2.GaussianBlur(laid, (0, 0), sharpness), np.float32)
        plane = taken[..., channel]
        plane[where] = np.clip(plane[where] + laid[where], 0, 255)


def _anatomy(host: Host, drawn: Anatomy, sign: int) -> Anatomy:
    """Where the lesions' rules find disc and fovea, as in a right eye."""
    disc, fovea = host.disc, host.fovea
    return replace(drawn, disc=(sign * disc[0], disc[1]), fovea=(sign * fovea[0], fovea[1]))


def _blurred(plane: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """A wide blur, on a reduced copy: nobody sees the difference in what is so smooth."""
    height, width = plane.shape
    times = max(1, int(sigma / 3))
    small = cv2.resize(
        plane, (max(width // times, 1), max(height // times, 1)), interpolation=cv2.INTER_AREA
    )
    soft = cv2.GaussianBlur(small, (0, 0), sigma / times)
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _green_at(pixels: NDArray[np.uint8] | NDArray[np.float32], field: Circle, x: float) -> float:
    """The brightest green of a patch ``x`` field radii beside the centre."""
    reach = 0.25 * field.radius
    row, column = field.y, field.x + x * field.radius
    top, left = max(int(row - reach), 0), max(int(column - reach), 0)
    patch = pixels[top : int(row + reach) + 1, left : int(column + reach) + 1, 1]
    return float(np.quantile(patch, 0.95)) if patch.size else 0.0
