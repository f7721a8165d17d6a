"""What is made of a photograph once, beside the window's thread: smaller sizes, local detail."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from viewer.layers.heatmap import local_detail
from viewer.panes.pyramid import Pyramid, bgra, build, lay_in
from viewer.worker import Worker

_DARK = 40
"""The border around the eye is darker than this."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """Twice of each photograph: the sharp picture does not wait until it is ``detailed``."""

    pixels: NDArray[np.uint8]
    pyramid: Pyramid
    ground: tuple[int, int, int]
    detailed: bool = False


class Preparation(QObject):
    """Prepares the newest photograph on a worker thread."""

    prepared = Signal(object)
    """A ``Prepared``, maybe of a photograph that is no longer shown."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._newest: NDArray[np.uint8] | None = None
        self._worker = Worker("preparation")

    def start(self, pixels: NDArray[np.uint8]) -> None:
        """Prepare ``pixels``, uint8 (y, x, 3); an older photograph no longer matters."""
        self._newest = pixels
        self._worker.start(lambda: self._prepare(pixels))

    def _prepare(self, pixels: NDArray[np.uint8]) -> None:
        if pixels is not self._newest:
            return
        pyramid = build(pixels)
        ground = middle_colour(pyramid[-1].pixels)
        self.prepared.emit(Prepared(pixels, pyramid, ground))
        if pixels is self._newest:
            lay_in(pyramid, local_detail(pixels))
            self.prepared.emit(Prepared(pixels, pyramid, ground, detailed=True))


def middle_colour(pixels: NDArray[np.uint8]) -> tuple[int, int, int]:
    """The median red, green and blue of the eye without the dark border around it.

    ``pixels`` is a level's, of three or four channels.
    """
    colours = bgra(pixels)[..., 2::-1]
    eye = colours[colours.max(axis=2) > _DARK]
    if not eye.size:
        return (0, 0, 0)
    red, green, blue = (int(value) for value in np.median(eye, axis=0))
    return red, green, blue
