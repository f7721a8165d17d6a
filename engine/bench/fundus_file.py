"""A drawn photograph of an eye as a camera writes it, and copies of it that no program has seen."""

import io
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from PIL import Image

from engine.phantoms.eye import Camera, draw_eye

SIZE = (4288, 2848)
"""Width and height in pixels of the fundus camera that the examples come from."""

_SEED = 3
_COMMENT = 0xFE
"""JPEG's marker of a comment."""


def jpeg(size: tuple[int, int] = SIZE) -> bytes:
    """An eye with moderate retinopathy, its field cut above and below.

    Decided: quality 92 and half the colours along each side, as cameras write.
    """
    width, height = size
    camera = Camera(aspect=height / width, field=0.79)
    eye = draw_eye(_SEED, severity=2, width=width, camera=camera)
    file = io.BytesIO()
    Image.fromarray(eye.pixels).save(file, "JPEG", quality=92, subsampling="4:2:0")
    return file.getvalue()


def copies(content: bytes, folder: Path) -> Iterator[Path]:
    """Write a JPEG file again and again, each time with a comment of its own.

    The pixels stay; name, date and content's hash differ, so that nothing that was kept of one
    answers for another.
    """
    for number in count():
        words = f"copy {number}".encode()
        comment = bytes([0xFF, _COMMENT]) + (len(words) + 2).to_bytes(2, "big") + words
        path = folder / f"eye {number}.jpg"
        path.write_bytes(content[:2] + comment + content[2:])
        yield path
