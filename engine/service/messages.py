"""The one place that knows the form of what window and engine say to each other.

One JSON object a line, over the engine's stdin and stdout. Arrays never travel here: a message
names a ``.npy`` file in the session's exchange folder, which the window maps read-only and
releases by message.
"""

import msgspec
from msgspec import Struct

from engine.answers import Criterion, Look, PackSummary, RetinopathyAnswer
from engine.pictures import Laterality

PROTOCOL = 1


# ---- to the engine


class PictureFile(Struct, frozen=True):
    """A picture by its file, and by the hash of its bytes once that is known."""

    path: str
    content_hash: str = ""


class Open(Struct, frozen=True, tag="open"):
    """Decode a file and hand over its pixels."""

    id: int
    picture: PictureFile


class Ask(Struct, frozen=True, tag="ask"):
    """Ask a question about a picture. A newer one of the same ``pane`` replaces an older one."""

    id: int
    pane: str
    question: str
    picture: PictureFile
    pack: str
    criterion: Criterion
    device: str


class Draw(Struct, frozen=True, tag="draw"):
    """Write the annotated picture, with legend and strip, as a PNG."""

    id: int
    picture: PictureFile
    answer: RetinopathyAnswer | None
    heatmap: "MapFile | None"
    look: Look
    to: str


class InstallPack(Struct, frozen=True, tag="install_pack"):
    """Check a pack and copy it into the user's pack folder."""

    id: int
    path: str


class Cancel(Struct, frozen=True, tag="cancel"):
    """Stop the work with this id."""

    id: int


class Release(Struct, frozen=True, tag="release"):
    """An array is no longer mapped and may be deleted."""

    array: str


class Stop(Struct, frozen=True, tag="stop"):
    """End the engine."""


ToEngine = Open | Ask | Draw | InstallPack | Cancel | Release | Stop


# ---- from the engine


class MapFile(Struct, frozen=True):
    """A heatmap on the network's grid: ``file`` float32 (y, x), ``way_back`` 3x3 row by row."""

    file: str
    way_back: tuple[tuple[float, float, float], ...]


class Hello(Struct, frozen=True, tag="hello"):
    """The first line, before anything heavy is imported."""

    version: str
    protocol: int = PROTOCOL


class Ready(Struct, frozen=True, tag="ready"):
    """The engine can answer. ``devices`` are all names that ``Ask.device`` may hold."""

    device: str
    device_reason: str
    devices: tuple[str, ...]
    packs: tuple[PackSummary, ...]


class Progress(Struct, frozen=True, tag="progress"):
    """How far the work with this id is; work ``by_decoder`` cannot bring the engine down."""

    id: int
    what: str
    done: int
    total: int
    by_decoder: bool = False


class Opened(Struct, frozen=True, tag="opened"):
    """A picture's pixels are at hand: ``file`` is uint8 (y, x, 3)."""

    id: int
    file: str
    name: str
    content_hash: str
    laterality: Laterality | None
    warnings: tuple[str, ...]


class Answered(Struct, frozen=True, tag="answered"):
    """The answer to a question."""

    id: int
    answer: RetinopathyAnswer
    heatmap: MapFile | None


class Drawn(Struct, frozen=True, tag="drawn"):
    """The annotated picture lies at ``path``."""

    id: int
    path: str


class Packs(Struct, frozen=True, tag="packs"):
    """The packs on this computer, after one was installed."""

    id: int
    installed: str
    packs: tuple[PackSummary, ...]


class Refused(Struct, frozen=True, tag="refused"):
    """It cannot be done, in words."""

    id: int
    what: str
    why: str
    advice: str


class Failed(Struct, frozen=True, tag="failed"):
    """Something went wrong here, and it is our fault. The report holds no patient data."""

    id: int
    report: str


class Gone(Struct, frozen=True, tag="gone"):
    """The work ended without a result: cancelled, or replaced by a newer question."""

    id: int
    why: str


FromEngine = Hello | Ready | Progress | Opened | Answered | Drawn | Packs | Refused | Failed | Gone

_encoder = msgspec.json.Encoder()
_to_engine = msgspec.json.Decoder(ToEngine)
_from_engine = msgspec.json.Decoder(FromEngine)


def encode(message: ToEngine | FromEngine) -> bytes:
    """One line, with its line end."""
    return _encoder.encode(message) + b"\n"


def decode_to_engine(line: bytes) -> ToEngine:
    """Raises ``msgspec.ValidationError`` or ``msgspec.DecodeError`` on anything else."""
    message: ToEngine = _to_engine.decode(line)
    return message


def decode_from_engine(line: bytes) -> FromEngine:
    """Raises ``msgspec.ValidationError`` or ``msgspec.DecodeError`` on anything else."""
    message: FromEngine = _from_engine.decode(line)
    return message
