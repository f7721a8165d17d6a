"""How a camera takes the picture of a drawn retina: light, veil, dust, sharpness and grain."""

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.phantoms.camera import Camera
from engine.phantoms.canvas import Frame

_VEIL = (0.62, 0.38, 0.2)  # the colour of haze, of the retina's brightness
_GLOW = (215.0, 190.0, 110.0)  # the colour of stray light at the margin, in grey levels


def photograph(
    retina: NDArray[np.float32],
    frame: Frame,
    camera: Camera,
    generator: Generator,
    texture: NDArray[np.float32] | None = None,
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Light and take the picture: uint8 (y, x, 3), and which pixels show the retina.

    ``retina`` is float32 (3, y, x) and is used up. ``texture`` is laid on what the lens has drawn,
    in grey levels, float32 (3, y, x); it fades with the light towards the margin.
    """
    x, y = frame.grid()
    square = x * x + y * y
    light = 1 - np.float32(camera.vignette) * square * (np.float32(0.35) + 0.65 * square)
    light += np.float32(camera.gradient[0]) * x + np.float32(camera.gradient[1]) * y
    light = np.maximum(light, 0)
    shine = None if texture is None else np.minimum(light, 1)
    light *= np.float32(255 * camera.brightness * (1 - camera.haze))
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
    for channel, plane in enumerate(retina):
        gain, veil, glow = camera.balance[channel], _VEIL[channel], _GLOW[channel]
        plane *= light * np.float32(gain)
        plane += np.float32(255 * camera.haze * camera.brightness * veil * gain)
        if camera.glow:
            plane += rim * (np.float32(glow) - plane)
        plane += dust
        taken = cv2.GaussianBlur(plane, (0, 0), sigma) if sigma > 0.3 else plane
        taken += grain
        if texture is not None and shine is not None:
            taken += texture[channel] * shine
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
