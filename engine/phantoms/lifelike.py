"""Drawn eyes as training meets them: as faint, fine and noisy as prepared real photographs.

``draw_eye`` draws what people should see at once; this draws what they would have to look for.
"""

from dataclasses import replace

import numpy as np
from numpy.random import Generator, SeedSequence, default_rng

from engine.geometry import Circle
from engine.phantoms.artefacts import lay_artefacts
from engine.phantoms.camera import Camera, draw_camera
from engine.phantoms.canvas import Frame, soften
from engine.phantoms.eye import PhantomEye
from engine.phantoms.faint import REAL_LOOKS
from engine.phantoms.fibres import lay_fibres_and_fovea
from engine.phantoms.fine_vessels import draw_twigs, grow_twigs, waver
from engine.phantoms.ground import Anatomy, draw_anatomy, draw_ground
from engine.phantoms.harmless import lay_harmless, lay_reflexes
from engine.phantoms.lesions import lay_lesions
from engine.phantoms.lookalikes import lay_lookalikes
from engine.phantoms.photographing import photograph
from engine.phantoms.real_marks import draw_real_marks
from engine.phantoms.severe import bead, draw_signs
from engine.phantoms.severity import GRADES
from engine.phantoms.texture import draw_texture
from engine.phantoms.vessels import Tint, Vessel, VesselLayers, draw_tree, grow_tree, lay_vessels
from engine.pictures import Laterality

_NEAR = 0.25  # how often the field is narrower than 45 degrees
_RED = 0.9  # of full scale: the brightest a retina's red comes out
_STREAM = 0x11FE  # keeps these draws apart from draw_eye's of the same seed


def draw_lifelike(seed: int, severity: int, across: int = 585) -> PhantomEye:
    """Draw the eye of ``seed`` with the lesions of ``severity``, its field ``across`` pixels wide.

    The same retina, camera and texture at every severity, but for veins beaded from grade 3 on.
    Raises ValueError if ``severity`` is not
    0 to 4.
    """
    if severity not in GRADES:
        raise ValueError(f"severity is 0 to 4, not {severity}")
    streams = [default_rng(child) for child in SeedSequence((_STREAM, seed)).spawn(10)]
    retina_stream, vessel_stream, lesion_stream, light_stream, camera_stream = streams[:5]
    texture_stream, harmless_stream, artefact_stream, sign_stream, alike_stream = streams[5:]
    camera = _camera(camera_stream)
    sign = 1 if camera_stream.random() < 0.5 else -1
    zoom = float(camera_stream.uniform(1.05, 1.5)) if camera_stream.random() < _NEAR else 1.0
    frame = _frame(camera, across)
    # The retina's own measure: a narrow field shows less of it, larger.
    inner = Frame(frame.height, frame.width, replace(frame.field, radius=zoom * frame.field.radius))

    anatomy = _pigmented(retina_stream, draw_anatomy(retina_stream, camera.gaze))
    camera = _exposed(camera, anatomy)
    retina = draw_ground(retina_stream, anatomy, inner, sign)
    lay_fibres_and_fovea(retina, retina_stream, inner, anatomy, sign)
    lay_harmless(retina, harmless_stream, inner, anatomy, sign)
    disc_radius = (anatomy.disc_axes[0] + anatomy.disc_axes[1]) / 2
    tree = grow_tree(vessel_stream, np.array(anatomy.disc), disc_radius, np.array(anatomy.fovea))
    tree = _thinner(vessel_stream, waver(vessel_stream, tree))
    lay_reflexes(retina, harmless_stream, inner, tree, sign)
    twigs = inner.blank()
    draw_twigs(twigs, inner, grow_twigs(vessel_stream, tree, anatomy.disc, anatomy.fovea), sign)
    signs = draw_signs(sign_stream, severity, beading=True)
    layers = draw_tree(inner, bead(sign_stream, tree, signs.beaded), sign)
    fine = soften(twigs, 0.0016 * frame.field.radius)
    layers = VesselLayers(np.maximum(layers.veins, fine), layers.arteries, layers.reflex)
    lay_vessels(retina, layers, _tints(vessel_stream))
    (disc_x, disc_y), (fovea_x, fovea_y) = anatomy.disc, anatomy.fovea
    lay_lookalikes(retina, alike_stream, inner, (sign * disc_x, disc_y), (sign * fovea_x, fovea_y))
    anatomy = _as_seen(anatomy, zoom)
    marks = draw_real_marks(lesion_stream, severity, signs, anatomy, sign)
    marks = tuple(replace(mark, radius=zoom * mark.radius) for mark in marks)
    masks = lay_lesions(retina, frame, marks, REAL_LOOKS)
    lay_artefacts(retina, artefact_stream, frame)
    texture = draw_texture(texture_stream, frame)
    pixels, seen = photograph(retina, frame, camera, light_stream, texture)
    # In the field's radii by now.
    disc_at = frame.to_pixels(np.array([sign * anatomy.disc[0], anatomy.disc[1]]))
    fovea_at = frame.to_pixels(np.array([sign * anatomy.fovea[0], anatomy.fovea[1]]))
    return PhantomEye(
        pixels=pixels,
        laterality=Laterality.RIGHT if sign > 0 else Laterality.LEFT,
        severity=severity,
        lesions={kind: mask & seen for kind, mask in masks.items()},
        marks=marks,
        disc=Circle(float(disc_at[0]), float(disc_at[1]), zoom * disc_radius * frame.field.radius),
        fovea=(float(fovea_at[0]), float(fovea_at[1])),
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
    """A camera of training, of more makes than the demonstration's; its grain is in the texture."""
    g = generator
    camera = draw_camera(g)
    red, green, blue = camera.balance
    warm = g.normal(0, 0.08)
    blurred = 1.8 if g.random() < 0.08 else 0.6
    return replace(
        camera,
        balance=(
            float(red * np.exp(0.5 * warm)),
            float(green * np.exp(g.normal(-0.03, 0.08) - warm)),
            float(blue * np.exp(g.normal(0, 0.2) - warm)),
        ),
        brightness=camera.brightness * g.uniform(0.8, 1.0),
        haze=min(1.7 * camera.haze, 0.55) if g.random() < 0.12 else camera.haze,
        blur=blurred * camera.blur,
        noise=0.2,
    )


def _exposed(camera: Camera, anatomy: Anatomy) -> Camera:
    """The same camera, so set that the red of this eye is not burnt out."""
    most = _RED / (anatomy.colour[0] * camera.balance[0])
    return replace(camera, brightness=min(camera.brightness, most))


def _pigmented(generator: Generator, anatomy: Anatomy) -> Anatomy:
    """From very fair to very dark, a step beyond the demonstration's eyes."""
    shade = np.exp(generator.normal((0, 0, 0.3), (0.07, 0.13, 0.4)) + generator.normal(0, 0.12))
    red, green, blue = (float(part) for part in np.array(anatomy.colour) * shade)
    # Choroidal vessels are drawn among what is harmless, in their own colour.
    tessellation = 0.4 * anatomy.tessellation
    return replace(anatomy, colour=(min(red, 1.0), green, blue), tessellation=tessellation)


def _as_seen(anatomy: Anatomy, zoom: float) -> Anatomy:
    """Disc and fovea in the field's own radii."""
    (disc_x, disc_y), (fovea_x, fovea_y) = anatomy.disc, anatomy.fovea
    return replace(
        anatomy, disc=(zoom * disc_x, zoom * disc_y), fovea=(zoom * fovea_x, zoom * fovea_y)
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
