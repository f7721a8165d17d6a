"""What the engine says to the window; ``messages`` is the door to it."""

from msgspec import Struct

from engine.answers import Criterion, JointAnswer, Landmarks, PackSummary, RetinopathyAnswer, Tint
from engine.eyes.which import EyeFacts
from engine.listing import Listing
from engine.pictures import Laterality, VolumeFacts
from engine.service.to_engine import MapFile
from engine.stage_answers import StageAnswer
from engine.truth_check import TruthCheck
from engine.visits.change import VisitChange
from engine.visits.visit import Patient

PROTOCOL = 8
"""The number of the messages' form: a window takes an engine of its own number alone."""


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


class AnsweredStage(Struct, frozen=True, tag="answered_stage"):
    """The answer about a stage."""

    id: int
    answer: StageAnswer
    heatmap: MapFile | None


class AnsweredTogether(Struct, frozen=True, tag="answered_together"):
    """The answer about several pictures, and the heatmap of each where it has one, in order."""

    id: int
    answer: JointAnswer
    heatmaps: tuple[MapFile | None, ...]


class OrderFile(Struct, frozen=True):
    """A ``RemovalOrder``: ``file`` float32 (y, x), ``way_back`` 3x3 row by row."""

    criterion: Criterion
    file: str
    way_back: tuple[tuple[float, float, float], ...]


class TruthChecked(Struct, frozen=True, tag="truth_checked"):
    """How true the heatmaps are, and in which order their pixels were removed."""

    id: int
    check: TruthCheck
    orders: tuple[OrderFile, ...]


class Drawn(Struct, frozen=True, tag="drawn"):
    """The annotated picture lies at ``path``."""

    id: int
    path: str


class LandmarksFound(Struct, frozen=True, tag="landmarks_found"):
    """Disc and fovea, or in words why not."""

    id: int
    landmarks: Landmarks


class RegionFound(Struct, frozen=True):
    """An ``answers.Region`` as it travels: its outline's lines are ``lines`` corners long.

    Positions are not among it: the window has the landmarks, which the reader may correct.
    """

    share: float
    peak: float
    centre: tuple[float, float]
    summit: tuple[float, float]
    box: tuple[float, float, float, float]
    thumbnail: tuple[int, int, int, int]
    lines: tuple[int, ...]
    extent: float
    area: float
    tint: Tint
    kind: str = ""


class RegionsFound(Struct, frozen=True, tag="regions_found"):
    """What a heatmap holds above ``threshold``, most evidence first, as ``answers.Regions``.

    ``file`` holds the corners of all outlines in picture pixels, float32 (n, 2), line by line and
    region by region; empty where there is no region.
    """

    id: int
    regions: tuple[RegionFound, ...]
    file: str
    threshold: float
    specks: int
    specks_share: float
    rest: int
    rest_share: float
    kinds: tuple[tuple[str, int], ...] = ()


class Packs(Struct, frozen=True, tag="packs"):
    """The packs on this computer; ``installed`` names one that was added just now."""

    id: int
    installed: str
    packs: tuple[PackSummary, ...]


class Found(Struct, frozen=True, tag="found"):
    """What the paths hold."""

    id: int
    listing: Listing


class EyesFound(Struct, frozen=True, tag="eyes_found"):
    """What headers and tables tell of each photograph; of the others their names tell.

    ``faults`` are tables that cannot be relied on.
    """

    id: int
    eyes: tuple[EyeFacts, ...]
    faults: tuple["Refused", ...] = ()


class VisitsFound(Struct, frozen=True, tag="visits_found"):
    """The visits of a photograph's patient."""

    id: int
    patient: Patient


class VisitsCompared(Struct, frozen=True, tag="visits_compared"):
    """What changed in one eye, and the regions of both visits that it speaks of."""

    id: int
    change: VisitChange
    earlier: tuple[RegionFound, ...]
    later: tuple[RegionFound, ...]


class VolumeBegun(Struct, frozen=True, tag="volume_begun"):
    """The first slice can be shown; not a last word. ``file`` is (frame, z, y, x[, 3]).

    Slices that no ``SlicesRead`` has named are blank. Not sent where the volume must be resampled
    or is one compressed file: there is nothing to show before it is whole.
    """

    id: int
    file: str
    facts: VolumeFacts
    read: tuple[tuple[int, int], ...]


class SlicesRead(Struct, frozen=True, tag="slices_read"):
    """These (frame, z) are in the array now; not a last word."""

    id: int
    slices: tuple[tuple[int, int], ...]


class VolumeOpened(Struct, frozen=True, tag="volume_opened"):
    """The whole volume is in ``file``; ``facts`` have its value range and content hash."""

    id: int
    file: str
    facts: VolumeFacts


class TooMuch(Struct, frozen=True, tag="too_much"):
    """A volume does not fit into memory or onto the disk: a choice, no failure. All in bytes.

    ``step`` is the least n for which every n-th slice fits, 0 if none does. ``disk`` is the folder
    whose disk has no more than ``free``, empty where that is the memory. ``fixed`` of what is
    ``needed`` any part takes, however small.
    """

    id: int
    needed: int
    free: int
    step: int
    disk: str = ""
    fixed: int = 0


class Thumbnail(Struct, frozen=True, tag="thumbnail"):
    """A small picture, uint8 (y, x, 3), pixels square in mm.

    ``content_hash`` is a photograph's, and empty for a series.
    """

    id: int
    file: str
    content_hash: str = ""


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


Last = (
    Opened
    | Answered
    | AnsweredStage
    | AnsweredTogether
    | TruthChecked
    | Drawn
    | LandmarksFound
    | RegionsFound
    | Packs
    | Found
    | EyesFound
    | VisitsFound
    | VisitsCompared
    | VolumeOpened
    | TooMuch
    | Thumbnail
    | Refused
    | Failed
    | Gone
)
"""The last word that a request gets."""

FromEngine = Hello | Ready | Progress | VolumeBegun | SlicesRead | Last
