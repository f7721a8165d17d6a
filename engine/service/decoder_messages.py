"""What the engine asks of a decoder's process, and what comes back: one JSON object a line."""

from typing import Any

import msgspec
from msgspec import Struct

from engine.images.content import PictureContent
from engine.images.dicom.header import Header
from engine.images.part import Extent
from engine.images.plan import FilePlan, Planned, Source
from engine.listing import RefusedFile
from engine.pictures import Grid, Laterality
from engine.service.array_file import ArrayFile

# ---- to a decoder


class Decode(Struct, frozen=True, tag="decode"):
    """Decode the photograph at ``path`` and write its pixels as ``output``."""

    path: str
    output: str


class ScanHeaders(Struct, frozen=True, tag="scan_headers"):
    """Read the headers of DICOM files."""

    paths: tuple[str, ...]


class Place(Struct, frozen=True):
    """A picture, and the place in the array where its values go."""

    source: Source
    frame: int
    z: int


class ReadSlices(Struct, frozen=True, tag="read_slices"):
    """Read pictures of ``dtype`` and ``shape``, cut to ``extent``, and write them at their places.

    ``shape`` is (y, x) or (y, x, 3) before it is cut.
    """

    places: tuple[Place, ...]
    shape: tuple[int, ...]
    extent: Extent
    array: ArrayFile


class ReadFile(Struct, frozen=True, tag="read_file"):
    """Read a volume that is one file, and write what ``extent`` holds of it."""

    plan: FilePlan
    extent: Extent
    array: ArrayFile


class Mend(Struct, frozen=True, tag="mend"):
    """Resample the pictures in ``raw`` as the plan says, onto the grid of its facts."""

    planned: Planned
    raw: ArrayFile
    array: ArrayFile


class Straighten(Struct, frozen=True, tag="straighten"):
    """Resample the volume in ``raw``, which lies on ``grid``, onto ``target``.

    ``missing`` are, frame by frame, the slices of ``raw`` that hold nothing; ``padding`` is the
    value that stands for "nothing was measured here".
    """

    raw: ArrayFile
    grid: Grid
    missing: tuple[tuple[int, ...], ...]
    target: Grid
    array: ArrayFile
    padding: float | None = None


class DrawSmall(Struct, frozen=True, tag="draw_small"):
    """Draw a series' middle picture small, as ``output``.

    ``values`` is the volume's array if it has been read, else empty.
    """

    planned: Planned
    output: str
    values: str = ""


class Shrink(Struct, frozen=True, tag="shrink"):
    """Draw the photograph at ``path`` small, as ``output``."""

    path: str
    output: str


Asked = Decode | ScanHeaders | ReadSlices | ReadFile | Mend | Straighten | DrawSmall | Shrink


class Order(Struct, frozen=True):
    """What is asked, and the seconds of computing that it may take."""

    asked: Asked
    seconds: int


# ---- from a decoder


class Here(Struct, frozen=True, tag="here"):
    """The first line: whatever happens from now on is the file's doing."""


class Advanced(Struct, frozen=True, tag="advanced"):
    """How far what is asked for is: ``done`` steps of ``total``; the reply is still to come."""

    done: int
    total: int


class Decoded(Struct, frozen=True, tag="decoded"):
    """The pixels, uint8 (y, x, 3), lie in ``file``."""

    file: str
    name: str
    content_hash: str
    laterality: Laterality | None
    warnings: tuple[str, ...]


class Scanned(Struct, frozen=True, tag="scanned"):
    """The headers of the files, and why others have none. ``reports`` are of our own faults."""

    headers: tuple[Header, ...]
    refused: tuple[RefusedFile, ...]
    reports: tuple[str, ...] = ()


class Written(Struct, frozen=True):
    """A slice that is in the array now."""

    frame: int
    z: int
    content: PictureContent


class NotWritten(Struct, frozen=True):
    """A slice that cannot be read, and why, in three sentences. Its place is as it was."""

    frame: int
    z: int
    what: str
    why: str
    advice: str


class SlicesWritten(Struct, frozen=True, tag="slices_written"):
    """What became of the slices that were asked for. ``reports`` are of our own faults."""

    written: tuple[Written, ...]
    not_written: tuple[NotWritten, ...] = ()
    reports: tuple[str, ...] = ()


class DrawnSmall(Struct, frozen=True, tag="drawn_small"):
    """The small picture lies where it was asked for."""


class Shrunk(Struct, frozen=True, tag="shrunk"):
    """The small photograph lies where it was asked for; the hash is of the file it shows."""

    content_hash: str


class NotDecoded(Struct, frozen=True, tag="not_decoded"):
    """A refusal in three sentences."""

    what: str
    why: str
    advice: str


class Faulty(Struct, frozen=True, tag="faulty"):
    """Our own fault, with a report."""

    report: str


Answer = Decoded | Scanned | SlicesWritten | DrawnSmall | Shrunk
Reply = Here | Advanced | Answer | NotDecoded | Faulty

_encoder = msgspec.json.Encoder()
_orders: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Order)
_replies: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Reply)


def line(message: Order | Reply) -> bytes:
    """One line, with its line end."""
    return _encoder.encode(message) + b"\n"


def decode_order(text: bytes) -> Order:
    """Raises ``msgspec.DecodeError`` on anything else."""
    order: Order = _orders.decode(text)
    return order


def decode_reply(text: bytes) -> Reply:
    """Raises ``msgspec.DecodeError`` on anything else."""
    reply: Reply = _replies.decode(text)
    return reply
