"""The texture that real photographs show once prepared: noise, mottle and grain at five scales.

The figures are those of 133 healthy photographs (IDRiD, grades 0) after preparation at a working
width of 585 pixels: the sd of five levels of noise, each twice as coarse as the one before, that
gives the same power in five bands, and how far red and blue go with green in each. Fine grain is
much the same grey in all three; coarse mottle hardly shows in blue.
"""

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.phantoms.canvas import Frame

Layer = NDArray[np.float32]

_TILE = 200  # cells: a larger field of noise repeats itself
_PIXELS = 585  # across the field: a cell of the finest level is one of these pixels
# ln of the sd in grey levels of the photograph, rows from fine to coarse, columns red, green, blue
_MEAN = np.array(
    [
        [-0.35, -0.5, -0.3],
        [0.56, 0.24, 0.74],
        [0.2, -0.22, 0.05],
        [0.66, 0.18, -0.65],
        [0.3, -0.3, -0.9],
    ]
)
_OF_EYE = np.array([0.12, 0.17, 0.15, 0.17, 0.2])[:, None]  # all levels together, then each alone
_OF_LEVEL = np.array([0.2, 0.26, 0.2, 0.18, 0.5])[:, None]
_OF_BLUE = np.array([0.03, 0.05, 0.15, 0.5, 0.5])
_OF_GREEN = np.array([0.02, 0.08, 0.35, 0.4, 0.5])
# The share of a channel's variance that is common to all three.
_SHARED = np.array(
    [[0.97, 0.97, 0.97], [0.9, 0.95, 0.85], [0.4, 0.75, 0.35], [0.2, 0.7, 0.2], [0.25, 0.8, 0.3]]
)


def draw_texture(generator: Generator, frame: Frame) -> Layer:
    """Draw the texture of one photograph, float32 (3, y, x), grey levels round zero."""
    g = generator
    colour = np.clip(g.normal(0, 1, 2), -1.6, 1.6)
    size = _MEAN + _OF_EYE * g.normal() + _OF_LEVEL * g.normal(0, 1, (5, 1))
    size[:, 1] += _OF_GREEN * colour[0]
    size[:, 2] += _OF_GREEN * colour[0] + _OF_BLUE * colour[1]
    size += g.normal(0, 0.05, size.shape)
    shared = np.clip(_SHARED * (g.uniform(0.7, 1.25), 1, g.uniform(0.6, 1.3)), 0, 1)
    pixel = 2 * frame.field.radius / _PIXELS
    texture = np.zeros((frame.height, frame.width, 3), np.float32)
    for level in range(5):
        cell = pixel * 2**level
        rows, columns = (int(np.ceil(side / cell)) for side in texture.shape[:2])
        noise = _coloured(g, min(rows, _TILE), min(columns, _TILE), shared[level], size[level])
        noise = np.tile(noise, (-(-rows // _TILE), -(-columns // _TILE), 1))[:rows, :columns]
        if (rows, columns) != texture.shape[:2]:
            noise = cv2.resize(
                noise, (frame.width, frame.height), interpolation=cv2.INTER_CUBIC
            ).astype(np.float32, copy=False)
        texture += noise
    return np.ascontiguousarray(texture.transpose(2, 0, 1))


def _coloured(
    generator: Generator,
    rows: int,
    columns: int,
    shared: NDArray[np.float64],
    size: NDArray[np.float64],
) -> Layer:
    """White noise (rows, columns, 3) of ln sd ``size``, its channels alike as ``shared`` says."""
    noise = generator.standard_normal((rows, columns, 4), dtype=np.float32)
    mixed: Layer = noise[..., :3] * (np.sqrt(1 - shared) * np.exp(size)).astype(np.float32)
    mixed += noise[..., 3:] * (np.sqrt(shared) * np.exp(size)).astype(np.float32)
    return mixed
