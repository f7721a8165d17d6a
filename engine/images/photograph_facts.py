"""A photograph for a list: its size, told by its header, without its pixels."""

import warnings as python_warnings
from pathlib import Path

from PIL import Image

from engine.images.camera_raw import is_camera_raw, not_developed
from engine.images.reading import damaged, in_words, name_of
from engine.images.recognise import Kind
from engine.pictures import Grid, VolumeFacts

_ORIENTATION = 0x0112
_LYING = (5, 6, 7, 8)


def facts_of(path: Path, kind: Kind) -> VolumeFacts:
    """Width and height once upright; colour.

    Raises:
        Refusal: The header is damaged, or a camera's raw file's.
    """
    with in_words(path), path.open("rb") as file, python_warnings.catch_warnings():
        if kind is Kind.TIFF and is_camera_raw(file):
            raise not_developed(name_of(path))
        file.seek(0)
        # A size beyond what is allowed is refused in words when the photograph is opened.
        python_warnings.simplefilter("ignore")
        try:
            with Image.open(file, formats=[kind.value]) as image:
                width, height = image.size
                lies = image.getexif().get(_ORIENTATION) in _LYING
        except Exception as fault:  # the readers raise whatever a damaged header trips over
            why = f"Its header is not that of a whole {kind.value} file."
            raise damaged(path, why) from fault
    size = (height, width, 1) if lies else (width, height, 1)
    return VolumeFacts(Grid(size), colour=True)
