"""A photograph for a list: its size and how it is stored, told by its header alone."""

import warnings as python_warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from engine.errors import Refusal
from engine.images.camera_raw import refuse_camera_raw
from engine.images.reading import damaged, in_words, name_of
from engine.images.recognise import ENOUGH, Kind, kind_of
from engine.images.sixteen_bits import holds_16_bits
from engine.pictures import Grid, VolumeFacts

_ORIENTATION, _MAKER, _MODEL = 0x0112, 0x010F, 0x0110
_LYING = (5, 6, 7, 8)
_GREY = ("1", "L", "LA", "La", "I", "F")
_LONGEST_NAME = 60
"""Letters of a camera's name; whatever is longer is no name."""


@dataclass(frozen=True)
class Stored:
    """How a photograph is stored; nothing that tells whose it is.

    ``bits`` are those of each colour. ``camera`` is empty where the file does not name it.
    ``orientation`` is EXIF's number, None where there is none.
    """

    format: str
    grey: bool
    bits: int
    camera: str = ""
    orientation: int | None = None


def facts_of(path: Path, kind: Kind) -> VolumeFacts:
    """Width and height once upright; colour.

    Raises:
        Refusal: The header is damaged, or a camera's raw file's.
    """
    with _opened(path, kind) as (image, _):
        width, height = image.size
        # Pillow tells a TIFF's size as it lies once upright.
        lies = kind is not Kind.TIFF and image.getexif().get(_ORIENTATION) in _LYING
    size = (height, width, 1) if lies else (width, height, 1)
    return VolumeFacts(Grid(size), colour=True)


def stored(path: Path) -> Stored:
    """How the photograph in a file is stored.

    Raises:
        Refusal: As ``facts_of``.
    """
    with in_words(path), path.open("rb") as file:
        kind = kind_of(file.read(ENOUGH))
    if kind is None or not kind.is_photograph:
        return _stored_as_dicom(path)
    with _opened(path, kind) as (image, start):
        exif = image.getexif()
        orientation = exif.get(_ORIENTATION)
        return Stored(
            format=kind.words,
            grey=image.mode.startswith(_GREY),
            bits=1 if image.mode == "1" else 16 if holds_16_bits(image, kind, start) else 8,
            camera=_camera(exif.get(_MAKER), exif.get(_MODEL)),
            orientation=orientation if isinstance(orientation, int) else None,
        )


def _stored_as_dicom(path: Path) -> Stored:
    from engine.images.dicom.reading import read_header

    header = read_header(path)
    grey = header.samples == 1 and header.photometric != "PALETTE COLOR"
    return Stored("DICOM", grey, header.bits_stored, _camera(header.manufacturer, ""))


def _camera(maker: object, model: object) -> str:
    """The maker's and the model's name, the maker's once."""
    first, second = (
        " ".join("".join(filter(str.isprintable, name)).split())[:_LONGEST_NAME]
        if isinstance(name, str)
        else ""
        for name in (maker, model)
    )
    return second if second.casefold().startswith(first.casefold()) else f"{first} {second}".strip()


@contextmanager
def _opened(path: Path, kind: Kind) -> Iterator[tuple[Image.Image, bytes]]:
    """The picture, undecoded, and how its file begins."""
    with in_words(path), path.open("rb") as file, python_warnings.catch_warnings():
        if kind is Kind.TIFF:
            refuse_camera_raw(file, name_of(path))
        file.seek(0)
        start = file.read(ENOUGH)
        file.seek(0)
        # A size beyond what is allowed is refused in words when the photograph is opened.
        python_warnings.simplefilter("ignore")
        try:
            with Image.open(file, formats=[kind.value]) as image:
                yield image, start
        except Refusal:
            raise
        except Exception as fault:  # the readers raise whatever a damaged header trips over
            why = f"Its header is not that of a whole {kind.words} file."
            raise damaged(path, why) from fault
