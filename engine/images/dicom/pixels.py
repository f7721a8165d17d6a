"""One picture of a DICOM file becomes final values, or colours."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.images.dicom.colours import to_8_bits, to_rgb
from engine.images.dicom.pixel_file import PixelFile, open_pixels
from engine.images.dicom.stored import Numbers, numbers
from engine.images.plan import Source
from engine.images.reading import in_words


def read_picture(source: Source, dtype: str) -> NDArray[Any]:
    """Read a picture: ``dtype`` values (y, x), or uint8 red, green and blue (y, x, 3).

    The file that was read last is kept in mind: reading picture after picture of one costs no
    more than the pictures.

    Raises:
        Refusal: the file or the picture is damaged, not whole, or of a kind that is not read.
    """
    file = _opened(source.path)
    cells = file.cells(source.frame)
    stored = numbers(cells.samples, file.layout, cells.precision)
    if stored.ndim == 3:
        shallow = to_8_bits(stored, min(cells.precision, file.layout.stored))
        picture: Numbers = shallow if cells.is_rgb else to_rgb(shallow, file.layout.photometric)
    elif file.palette is not None:
        picture = file.palette.look_up(stored)
    elif file.modality is not None:
        picture = file.modality.look_up(stored).astype(dtype, copy=False)
    else:
        picture = rescale(stored, source.slope, source.intercept, dtype)
    return np.ascontiguousarray(_tile(picture, source))


def read_stored(source: Source) -> Numbers:
    """The picture's stored numbers, before tables and rescaling; RGB where it has colours.

    Raises:
        Refusal: as ``read_picture``.
    """
    file = _opened(source.path)
    cells = file.cells(source.frame)
    return numbers(cells.samples, file.layout, cells.precision)


def forget() -> None:
    """Drop what is kept of the files that were read last."""
    _opened_as.cache_clear()


def rescale(stored: Numbers, slope: float, intercept: float, dtype: str) -> Numbers:
    """Stored numbers as values of a type that holds them all: often in their own memory.

    Whole numbers stay exact: where a type is too narrow for a step on the way, both the number
    and the way wrap round and meet again.
    """
    kind = np.dtype(dtype)
    if kind.kind == "f":
        if slope == 1 and intercept == 0:
            return stored.astype(kind)
        with np.errstate(over="ignore"):  # a header may say any slope: then it is infinity
            values = np.multiply(stored, slope, dtype=np.float64)
            values += intercept
            return values.astype(kind, copy=False)
    own = stored.flags.writeable and stored.dtype.kind in "iu"
    whole = stored.view(kind) if own and stored.itemsize == kind.itemsize else stored.astype(kind)
    if slope != 1:
        whole *= np.array(int(slope)).astype(kind)
    if intercept:
        whole += np.array(int(intercept)).astype(kind)
    return whole


def _opened(path: str) -> PixelFile:
    with in_words(Path(path)):
        told = Path(path).stat()
    return _opened_as(path, told.st_size, told.st_mtime_ns)


@lru_cache(maxsize=2)
def _opened_as(path: str, size: int, changed: int) -> PixelFile:  # noqa: ARG001  (of the key)
    return open_pixels(Path(path))


def _tile(picture: Numbers, source: Source) -> Numbers:
    """A mosaic's tile, or the whole picture."""
    if source.tile is None:
        return picture
    side = int(np.ceil(np.sqrt(source.tiles)))
    height, width = picture.shape[0] // side, picture.shape[1] // side
    row, column = divmod(source.tile, side)
    return picture[row * height :, column * width :][:height, :width]
