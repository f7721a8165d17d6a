"""A drawn fundus photograph whose truth is known: disc, macula and every lesion's pixels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator, SeedSequence, default_rng
from numpy.typing import NDArray

from engine.geometry import Circle
from engine.phantoms.camera import PLAIN, Camera, Dust, draw_camera
from engine.phantoms.canvas import Frame
from engine.phantoms.ground import draw_anatomy, draw_ground
from engine.phantoms.lesions import Form, Lesion, Mark, lay_lesions
from engine.phantoms.severity import GRADES, draw_marks
from engine.phantoms.vessels import VesselLayers, draw_tree, grow_tree
from engine.pictures import Laterality

__all__ = [
    "PLAIN", "Camera", "Dust", "Form", "Laterality", "Lesion", "Mark", "PhantomEye", "camera_of",
    "draw_eye", "streams_of",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class PhantomEye:
    """A drawn eye and its truth.

    ``pixels`` is uint8 (y, x, 3), red-green-blue; ``severity`` the ICDR grade 0 to 4, None where
    the lesions were given; ``lesions`` holds a mask (y, x) for every kind; ``marks`` the single
    lesions in field radii; ``disc``, ``fovea`` (x, y) and ``field`` are in pixels.
    """

    pixels: NDArray[np.uint8]
    laterality: Laterality
    severity: int | None
    lesions: Mapping[Lesion, NDArray[np.bool_]]
    marks: tuple[Mark, ...]
    disc: Circle
    fovea: tuple[float, float]
    field: Circle

    @property
    def referable(self) -> bool | None:
        """Whether the grade is moderate or worse (ICDR 2 to 4)."""
        return None if self.severity is None else self.severity >= 2


_VEIL = (0.62, 0.38, 0.2)  # the colour of haze, of the retina's brightness
_GLOW = (215.0, 190.0, 110.0)  # the colour of stray light at the margin, in grey levels


def draw_eye(
    seed: int,
    *,
    severity: int | None = None,
    laterality: Laterality | None = None,
    width: int = 1400,
    camera: Camera = PLAIN,
    lesions: Sequence[Mark] | None = None,
    aside: tuple[float, float] = (0.0, 0.0),
) -> PhantomEye:
    """Draw the eye of ``seed``: the same retina at every width, on either side, at every severity.

    A grade's lesions lie where the camera sees them, so that the picture shows its grade.

    ``severity`` and ``laterality`` are drawn from the seed where they are None. ``lesions``, where
    given, are drawn instead of those of a severity. ``camera_of(seed)`` is a camera as training
    meets them. ``aside`` moves the same retina, lesions and all, in the field, in field radii to
    the right and down: another day's photograph. Raises ValueError if ``severity`` is not 0 to 4.
    """
    if severity is not None and severity not in GRADES:
        raise ValueError(f"severity is 0 to 4, not {severity}")
    streams = streams_of(seed)
    side, retina_stream, vessel_stream, lesion_stream, light_stream = streams[:5]
    drawn_side = Laterality.RIGHT if side.random() < 0.5 else Laterality.LEFT
    drawn_severity = int(side.choice(5, p=[0.35, 0.15, 0.25, 0.13, 0.12]))
    laterality = laterality or drawn_side
    # The nose is at the right of a right eye's photograph, and so is the disc.
    sign = 1 if laterality is Laterality.RIGHT else -1
    frame = camera.frame(width)
    on_retina = frame.moved(*aside)

    anatomy = draw_anatomy(retina_stream, camera.gaze)
    retina = draw_ground(retina_stream, anatomy, on_retina, sign)
    disc_radius = (anatomy.disc_axes[0] + anatomy.disc_axes[1]) / 2
    tree = grow_tree(vessel_stream, np.array(anatomy.disc), disc_radius, np.array(anatomy.fovea))
    _lay_vessels(retina, draw_tree(on_retina, tree, sign))
    if lesions is None:
        grade: int | None = drawn_severity if severity is None else severity
        marks = tuple(draw_marks(lesion_stream, grade or 0, anatomy, sign))
    else:
        grade, marks = None, tuple(lesions)
    masks = lay_lesions(retina, on_retina, marks)
    pixels, seen = _photograph(retina, frame, camera, light_stream)
    disc_x, disc_y = on_retina.to_pixels(np.array([sign * anatomy.disc[0], anatomy.disc[1]]))
    fovea_x, fovea_y = on_retina.to_pixels(np.array([sign * anatomy.fovea[0], anatomy.fovea[1]]))
    return PhantomEye(
        pixels=pixels,
        laterality=laterality,
        severity=grade,
        lesions={kind: mask & seen for kind, mask in masks.items()},
        marks=tuple(mark.moved(*aside) for mark in marks),
        disc=Circle(float(disc_x), float(disc_y), disc_radius * frame.field.radius),
        fovea=(float(fovea_x), float(fovea_y)),
        field=frame.field,
    )


def camera_of(seed: int) -> Camera:
    """The camera that belongs to ``seed``, for training: frames, colours and faults vary."""
    return draw_camera(streams_of(seed)[5])


def streams_of(seed: int) -> list[Generator]:
    """Independent generators, so that lesions or camera never change the retina."""
    return [default_rng(child) for child in SeedSequence(seed).spawn(6)]


def _lay_vessels(retina: NDArray[np.float32], layers: VesselLayers) -> None:
    """Darken the retina where vessels run, in place; arteries over veins, the reflex on top."""
    for cover, tint in (
        (layers.veins, (0.74, 0.46, 0.54)),
        (layers.arteries, (0.88, 0.58, 0.60)),
        (layers.reflex, (1.08, 1.22, 1.18)),
    ):
        for plane, factor in zip(retina, tint, strict=True):
            plane *= 1 + cover * np.float32(factor - 1)


def _photograph(
    retina: NDArray[np.float32], frame: Frame, camera: Camera, generator: Generator
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Light and take the picture: uint8 (y, x, 3), and which pixels show the retina.

    ``retina`` is float32 (3, y, x) and is used up.
    """
    x, y = frame.grid()
    square = x * x + y * y
    light = 1 - np.float32(camera.vignette) * square * (np.float32(0.35) + 0.65 * square)
    light += np.float32(camera.gradient[0]) * x + np.float32(camera.gradient[1]) * y
    light = np.maximum(light, 0) * np.float32(255 * camera.brightness * (1 - camera.haze))
    rim = (
        np.float32(camera.glow) * np.clip((square - np.float32(0.62)) / np.float32(0.38), 0, 1) ** 2
    )
    dust = np.zeros_like(square)
    for speck in camera.dust:
        far = ((x - speck.x) ** 2 + (y - speck.y) ** 2) / np.float32(speck.radius**2)
        dust += np.float32(255 * speck.strength) * np.exp(-far)
    edge = _aperture(frame, camera, square)
    # Beyond the aperture a sensor is almost, not wholly, black.
    dark = 2 * (1 - edge)
    grain = _grain(generator, frame, camera.noise)
    sigma = camera.blur * frame.field.radius
    planes = []
    for plane, gain, veil, glow in zip(retina, camera.balance, _VEIL, _GLOW, strict=True):
        plane *= light * np.float32(gain)
        plane += np.float32(255 * camera.haze * camera.brightness * veil * gain)
        if camera.glow:
            plane += rim * (np.float32(glow) - plane)
        plane += dust
        taken = cv2.GaussianBlur(plane, (0, 0), sigma) if sigma > 0.3 else plane
        taken += grain
        np.clip(taken, 0, 255, out=taken)
        planes.append(np.rint(taken * edge + dark).astype(np.uint8))
    return np.stack(planes, axis=2), edge > 0


def _aperture(frame: Frame, camera: Camera, square: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much of each pixel the camera's mask lets through, float32 (y, x), 0 to 1."""
    pixels = frame.field.radius
    edge: NDArray[np.float32] = np.clip((1 - np.sqrt(square)) * np.float32(pixels) + 0.5, 0, 1)
    if camera.notch:
        # A tab outside the circle, up and to the right, tells which way up the film was.
        x, y = frame.grid()
        along, across = (x - y) * np.float32(0.5**0.5), (x + y) * np.float32(0.5**0.5)
        inner = np.minimum(1.05 - along, 0.055 - np.abs(across)) * np.float32(pixels) + 0.5
        tab = np.clip(np.where(along > 0, inner, 0), 0, 1)
        edge = np.maximum(edge, np.float32(0.55) * tab)
    return edge


def _grain(generator: Generator, frame: Frame, noise: float) -> NDArray[np.float32]:
    """Sensor noise in grey levels, float32 (y, x): one drawn tile, repeated."""
    tile = generator.standard_normal((256, 256), dtype=np.float32) * np.float32(noise)
    rows, columns = -(-frame.height // 256), -(-frame.width // 256)
    return np.tile(tile, (rows, columns))[: frame.height, : frame.width]
