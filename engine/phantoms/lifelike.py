"""Drawn eyes as training meets them: as faint, fine and noisy as prepared real photographs.

``draw_eye`` draws what people should see at once; this draws what they would have to look for.
"""

from dataclasses import replace

import numpy as np
from numpy.random import Generator, SeedSequence, default_rng

from engine.geometry import Circle
from engine.phantoms.camera import Camera, draw_camera
from engine.phantoms.canvas import Frame, soften
from engine.phantoms.eye import PhantomEye
from engine.phantoms.faint import REAL_LOOKS
from engine.phantoms.fine_vessels import draw_twigs, grow_twigs, waver
from engine.phantoms.ground import draw_anatomy, draw_ground
from engine.phantoms.lesions import lay_lesions
from engine.phantoms.photographing import photograph
from engine.phantoms.real_marks import draw_real_marks
from engine.phantoms.severity import GRADES
from engine.phantoms.texture import draw_texture
from engine.phantoms.vessels import Tint, Vessel, VesselLayers, draw_tree, grow_tree, lay_vessels
from engine.pictures import Laterality

_STREAM = 0x11FE  # keeps these draws apart from draw_eye's of the same seed


def draw_lifelike(seed: int, severity: int, across: int = 585) -> PhantomEye:
    """Draw the eye of ``seed`` with the lesions of ``severity``, its field ``across`` pixels wide.

    The same retina, camera and texture at every severity. Raises ValueError if ``severity`` is not
    0 to 4.
    """
    if severity not in GRADES:
        raise ValueError(f"severity is 0 to 4, not {severity}")
    streams = [default_rng(child) for child in SeedSequence((_STREAM, seed)).spawn(6)]
    retina_stream, vessel_stream, lesion_stream = streams[:3]
    light_stream, camera_stream, texture_stream = streams[3:]
    camera = _camera(camera_stream)
    sign = 1 if camera_stream.random() < 0.5 else -1
    frame = _frame(camera, across)

    anatomy = draw_anatomy(retina_stream, camera.gaze)
    retina = draw_ground(retina_stream, anatomy, frame, sign)
    disc_radius = (anatomy.disc_axes[0] + anatomy.disc_axes[1]) / 2
    tree = grow_tree(vessel_stream, np.array(anatomy.disc), disc_radius, np.array(anatomy.fovea))
    tree = _thinner(vessel_stream, waver(vessel_stream, tree))
    layers = draw_tree(frame, tree, sign)
    twigs = frame.blank()
    draw_twigs(twigs, frame, grow_twigs(vessel_stream, tree, anatomy.disc, anatomy.fovea), sign)
    fine = soften(twigs, 0.0016 * frame.field.radius)
    layers = VesselLayers(np.maximum(layers.veins, fine), layers.arteries, layers.reflex)
    lay_vessels(retina, layers, _tints(vessel_stream))
    marks = draw_real_marks(lesion_stream, severity, anatomy, sign)
    masks = lay_lesions(retina, frame, marks, REAL_LOOKS)
    texture = draw_texture(texture_stream, frame)
    pixels, seen = photograph(retina, frame, camera, light_stream, texture)
    disc_x, disc_y = frame.to_pixels(np.array([sign * anatomy.disc[0], anatomy.disc[1]]))
    fovea_x, fovea_y = frame.to_pixels(np.array([sign * anatomy.fovea[0], anatomy.fovea[1]]))
    return PhantomEye(
        pixels=pixels,
        laterality=Laterality.RIGHT if sign > 0 else Laterality.LEFT,
        severity=severity,
        lesions={kind: mask & seen for kind, mask in masks.items()},
        marks=marks,
        disc=Circle(float(disc_x), float(disc_y), disc_radius * frame.field.radius),
        fovea=(float(fovea_x), float(fovea_y)),
        field=frame.field,
    )


def _frame(camera: Camera, across: int) -> Frame:
    """The camera's frame, its field ``across`` pixels wide and on whole pixels: such a field is
    prepared without resampling.
    """
    width = round(across / camera.field)
    height = max(1, round(width * camera.aspect))
    left, top = round(camera.centre_x * width - across / 2), round((height - across) / 2)
    middle = (across - 1) / 2
    return Frame(height, width, Circle(left + middle, top + middle, across / 2))


def _camera(generator: Generator) -> Camera:
    """A camera of training; its grain is part of the texture."""
    camera = draw_camera(generator)
    red, green, blue = camera.balance
    blue *= float(np.exp(generator.normal(0.25, 0.35)))
    return replace(
        camera,
        balance=(red, green, blue),
        brightness=0.92 * camera.brightness,
        blur=0.6 * camera.blur,
        noise=0.2,
    )


def _thinner(generator: Generator, tree: list[Vessel]) -> list[Vessel]:
    """Vessels of real photographs: thinner than the demonstration's, in some eyes much thinner."""
    share = generator.uniform(0.6, 0.95)
    return [replace(vessel, half=share * vessel.half) for vessel in tree]


def _tints(generator: Generator) -> tuple[Tint, Tint, Tint]:
    """Reddish-purple vessels: blood takes green, half as much blue, and little red."""
    depth = float(np.clip(generator.normal(0.47, 0.09), 0.28, 0.68))
    red, blue = generator.uniform(0.15, 0.42), generator.uniform(0.5, 1.1)
    vein = (1 - red * depth, 1 - depth, 1 - blue * depth)
    shallow = depth * generator.uniform(0.65, 0.95)
    artery = (1 - 0.55 * red * shallow, 1 - shallow, 1 - blue * shallow)
    reflex = generator.uniform(0.4, 1.2)
    return vein, artery, (1 + 0.08 * reflex, 1 + 0.22 * reflex, 1 + 0.18 * reflex)
