"""How a listed series will be read: which picture of which file goes where, and what follows.

Plans travel to the decoder processes as JSON, so they are made of plain words and numbers.
"""

from typing import Any

import msgspec
from msgspec import Struct

from engine.pictures import VolumeFacts


class Source(Struct, frozen=True):
    """One picture: a frame of a DICOM file, or a tile of a mosaic in it.

    ``slope`` and ``intercept`` turn stored numbers into values; ``tile`` counts from 0, row by
    row, among the ``tiles`` of a mosaic, which is the least square that holds them; None for a
    whole frame.
    """

    path: str
    frame: int = 0
    slope: float = 1.0
    intercept: float = 0.0
    tile: int | None = None
    tiles: int = 0


class Resampling(Struct, frozen=True):
    """What is done once all pictures are read: laid on a straight and even grid, linearly.

    ``affines`` hold, picture by picture of the stack as read, the 4x4 rows that map (x, y, 0, 1)
    of that picture to LPS mm; the grid to end on is that of the plan's facts. ``padding`` is the
    value that stands, in the pictures as read, for "nothing was measured here".
    """

    affines: tuple[tuple[tuple[float, float, float, float], ...], ...]
    padding: float | None = None


class DicomPlan(Struct, frozen=True, tag="dicom"):
    """A stack of DICOM pictures.

    ``sources[frame][z]`` is the picture of that place, None where none was found. ``dtype`` is
    numpy's name of the type that holds every value exactly; ``shape`` is (frame, z, y, x) or
    (frame, z, y, x, 3) as read, before ``resampling``. ``blank`` fills what is missing.
    """

    sources: tuple[tuple[Source | None, ...], ...]
    dtype: str
    shape: tuple[int, ...]
    blank: float = 0.0
    resampling: Resampling | None = None


class FilePlan(Struct, frozen=True, tag="file"):
    """A volume that is one file (or a header with its data beside it).

    ``format`` is a ``recognise.Kind`` value; ``dtype`` and ``shape`` are those of the volume as
    it will end: a sheared one is laid straight while it is read. Whichever part is read, ``held``
    are the bytes of memory that this takes beside the part. ``passed`` are the bytes of all its
    numbers; ``all_passed`` says that any part is reached only through all of them, as where they
    are packed.
    """

    path: str
    format: str
    dtype: str
    shape: tuple[int, ...]
    held: int = 0
    passed: int = 0
    all_passed: bool = False


class PhotographPlan(Struct, frozen=True, tag="photograph"):
    """A photograph, read by ``images.photograph.open_picture``."""

    path: str


Plan = DicomPlan | FilePlan | PhotographPlan


def files_of(plan: Plan) -> tuple[str, ...]:
    """The files that it reads, each once."""
    if not isinstance(plan, DicomPlan):
        return (plan.path,)
    sources = (source for frame in plan.sources for source in frame)
    return tuple(dict.fromkeys(source.path for source in sources if source is not None))


class Planned(Struct, frozen=True):
    """A listed series with the way to read it. ``facts`` describe the volume as it will end."""

    key: str
    plan: Plan
    facts: VolumeFacts


_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Planned)


def encode(planned: Planned) -> bytes:
    """As JSON."""
    return _encoder.encode(planned)


def decode(text: bytes) -> Planned:
    """Raises ``msgspec.ValidationError`` or ``msgspec.DecodeError`` on anything else."""
    planned: Planned = _decoder.decode(text)
    return planned
