"""What is made of a photograph once, beside the window's thread: smaller sizes, local detail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from viewer.seen.heatmap import local_detail
from viewer.seen.pyramid import Pyramid, bgra, build, lay_in
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
    """Prepares the shown photograph on a worker thread, and then those that may be shown next."""

    prepared = Signal(object)
    """A ``Prepared``, maybe of a photograph that is no longer shown."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._newest: NDArray[np.uint8] | None = None
        self._others: tuple[NDArray[np.uint8], ...] = ()
        self._made: list[Prepared] = []
        self._fresh: tuple[Prepared, ...] = ()
        """What the worker has made and the window's thread has not heard of yet."""
        self._worker = Worker("preparation")
        self.prepared.connect(self._keep)

    def start(self, pixels: NDArray[np.uint8]) -> Prepared | None:
        """Prepare ``pixels``, uint8 (y, x, 3), now shown; what is made of them, if it is made."""
        before, self._newest = self._newest, pixels
        self._made = [made for made in self._made if self._is_wanted(made.pixels, before)]
        made = next((made for made in self._made if made.pixels is pixels), None)
        if made is None or not made.detailed:
            self._worker.start(lambda: self._prepare(pixels))
        return made

    def prepare_ahead(self, others: Sequence[NDArray[np.uint8]]) -> None:
        """Prepare these as well, uint8 (y, x, 3); of others than these nothing is kept."""
        had, self._others = self._others, tuple(others)
        self._made = [made for made in self._made if self._is_wanted(made.pixels)]
        for pixels in self._others:
            if not _is_in(pixels, had) and not any(made.pixels is pixels for made in self._made):
                self._worker.start(lambda pixels=pixels: self._prepare(pixels))  # type: ignore[misc]

    def _prepare(self, pixels: NDArray[np.uint8]) -> None:
        if not self._is_wanted(pixels):
            return
        if any(made.pixels is pixels and made.detailed for made in (*self._made, *self._fresh)):
            return
        pyramid = build(pixels)
        ground = middle_colour(pyramid[-1].pixels)
        self.prepared.emit(Prepared(pixels, pyramid, ground))
        if self._is_wanted(pixels):
            lay_in(pyramid, local_detail(pixels))
            made = Prepared(pixels, pyramid, ground, detailed=True)
            self._fresh = (made,)
            self.prepared.emit(made)

    def _keep(self, prepared: Prepared) -> None:
        if prepared in self._fresh:
            self._fresh = ()
        self._made = [made for made in self._made if made.pixels is not prepared.pixels]
        if self._is_wanted(prepared.pixels):
            self._made.append(prepared)

    def _is_wanted(self, pixels: NDArray[np.uint8], *more: NDArray[np.uint8] | None) -> bool:
        return pixels is self._newest or _is_in(pixels, (*self._others, *more))


def _is_in(pixels: NDArray[np.uint8], others: Iterable[NDArray[np.uint8] | None]) -> bool:
    return any(pixels is other for other in others)


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
