"""The door between window and engine: all messages, and how one becomes a line and comes back.

One JSON object a line, over the engine's stdin and stdout. Arrays never travel here: a message
names a ``.npy`` file in the session's exchange folder, which the window maps read-only and
releases by message.
"""

import msgspec

from engine.service.from_engine import (
    PROTOCOL,
    Answered,
    AnsweredStage,
    AnsweredTogether,
    Drawn,
    EyesFound,
    Failed,
    Found,
    FromEngine,
    Gone,
    Hello,
    LandmarksFound,
    Last,
    Opened,
    OrderFile,
    Packs,
    Progress,
    Ready,
    Refused,
    RegionFound,
    RegionsFound,
    SlicesRead,
    Thumbnail,
    TooMuch,
    TruthChecked,
    VisitsCompared,
    VisitsFound,
    VolumeBegun,
    VolumeOpened,
)
from engine.service.to_engine import (
    Ask,
    Asked,
    AskStage,
    AskTogether,
    Cancel,
    CheckTruth,
    CompareVisits,
    Draw,
    DrawThumbnail,
    DrawTruth,
    Find,
    FindEyes,
    FindLandmarks,
    FindRegions,
    FindVisits,
    Hasten,
    InstallPack,
    ListPacks,
    MapFile,
    Open,
    OpenVolume,
    Part,
    PictureFile,
    Release,
    SeenThen,
    SeriesFile,
    ShrinkPhotograph,
    Stop,
    ToEngine,
)

__all__ = [
    "PROTOCOL",
    "Answered",
    "AnsweredStage",
    "AnsweredTogether",
    "Ask",
    "AskStage",
    "AskTogether",
    "Asked",
    "Cancel",
    "CheckTruth",
    "CompareVisits",
    "Draw",
    "DrawThumbnail",
    "DrawTruth",
    "Drawn",
    "EyesFound",
    "Failed",
    "Find",
    "FindEyes",
    "FindLandmarks",
    "FindRegions",
    "FindVisits",
    "Found",
    "FromEngine",
    "Gone",
    "Hasten",
    "Hello",
    "InstallPack",
    "LandmarksFound",
    "Last",
    "ListPacks",
    "MapFile",
    "Open",
    "OpenVolume",
    "Opened",
    "OrderFile",
    "Packs",
    "Part",
    "PictureFile",
    "Progress",
    "Ready",
    "Refused",
    "RegionFound",
    "RegionsFound",
    "Release",
    "SeenThen",
    "SeriesFile",
    "ShrinkPhotograph",
    "SlicesRead",
    "Stop",
    "Thumbnail",
    "ToEngine",
    "TooMuch",
    "TruthChecked",
    "VisitsCompared",
    "VisitsFound",
    "VolumeBegun",
    "VolumeOpened",
    "decode_from_engine",
    "decode_to_engine",
    "encode",
]

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
