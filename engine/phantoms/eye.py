"""A drawn fundus photograph whose truth is known: disc, macula and every lesion's pixels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator, SeedSequence, default_rng
from numpy.typing import NDArray

from engine.geometry import Circle
from engine.phantoms.camera import PLAIN, Camera, Dust, draw_camera
from engine.phantoms.ground import draw_anatomy, draw_ground
from engine.phantoms.lesions import Form, Lesion, Mark, lay_lesions
from engine.phantoms.photographing import photograph
from engine.phantoms.severity import GRADES, draw_marks
from engine.phantoms.vessels import draw_tree, grow_tree, lay_vessels
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
    lay_vessels(retina, draw_tree(on_retina, tree, sign))
    if lesions is None:
        grade: int | None = drawn_severity if severity is None else severity
        marks = tuple(draw_marks(lesion_stream, grade or 0, anatomy, sign))
    else:
        grade, marks = None, tuple(lesions)
    masks = lay_lesions(retina, on_retina, marks)
    pixels, seen = photograph(retina, frame, camera, light_stream)
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
