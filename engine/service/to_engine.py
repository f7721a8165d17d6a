"""What the window says to the engine; ``messages`` is the door to it."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from engine.answers import Criterion, Heatmap, Kinds, Look, Mark, RetinopathyAnswer, Together
from engine.geometry import Circle
from engine.pictures import Laterality
from engine.records.forms import SignedReading
from engine.stage_answers import StageAnswer
from engine.truth_check import TruthCheck


class MapFile(Struct, frozen=True):
    """A heatmap on the network's grid: ``file`` float32 (y, x), ``way_back`` 3x3 row by row.

    The numbers of a ``signed`` one have their sign. Where there are names of ``kinds``, the file is
    (2, y, x): the numbers, and the place of each pixel's kind.
    """

    file: str
    way_back: tuple[tuple[float, float, float], ...]
    signed: bool = False
    chance: bool = False
    kinds: tuple[str, ...] = ()

    def heatmap(self, numbers: NDArray[np.float32], picture_shape: tuple[int, int]) -> Heatmap:
        """The heatmap that it is, of the file's ``numbers`` and the picture's (y, x)."""
        back = np.array(self.way_back)
        if self.signed:
            return Heatmap(np.abs(numbers), back, picture_shape, numbers)
        kinds = None
        if self.kinds:
            kinds = Kinds(self.kinds, numbers[1].astype(np.uint8))
            numbers = numbers[0]
        return Heatmap(numbers, back, picture_shape, chance=self.chance, kinds=kinds)


class PictureFile(Struct, frozen=True):
    """A picture by its file, and by the hash of its bytes once that is known."""

    path: str
    content_hash: str = ""


class Open(Struct, frozen=True, tag="open"):
    """Decode a file and hand over its pixels; ``ahead`` of the time at which it is looked at."""

    id: int
    picture: PictureFile
    ahead: bool = False


class Ask(Struct, frozen=True, tag="ask"):
    """Ask a question about a picture. A newer one of the same ``pane`` replaces an older one.

    ``checkpoint`` is one of the pack's, to be asked alone; "" asks the pack as it is meant. A
    question that is asked ``ahead`` of the time gives way to any that is not.
    """

    id: int
    pane: str
    question: str
    picture: PictureFile
    pack: str
    criterion: Criterion
    device: str
    checkpoint: str = ""
    ahead: bool = False


class AskTogether(Struct, frozen=True, tag="ask_together"):
    """Ask about several pictures of one patient: both eyes, or an examination.

    A newer one of the same ``pane`` replaces an older one. A picture that cannot be read is told in
    the answer. ``eyes``, where given, are in place of what the files say of them: a reader may have
    corrected it. ``context`` is a table of what else is known of the patient, a CSV's path.
    """

    id: int
    pane: str
    question: str
    together: Together
    pictures: tuple[PictureFile, ...]
    pack: str
    criterion: Criterion
    device: str
    context: str = ""
    eyes: tuple[Laterality | None, ...] = ()


class AskStage(Struct, frozen=True, tag="ask_stage"):
    """Ask a stage pack about a picture. A newer one of the same ``pane`` replaces an older one.

    ``stage`` is the place of the stage whose heatmap is wanted; None is the likeliest one's.
    """

    id: int
    pane: str
    picture: PictureFile
    pack: str
    criterion: Criterion
    device: str
    stage: int | None = None
    ahead: bool = False


class CheckTruth(Struct, frozen=True, tag="check_truth"):
    """Check whether a pack's heatmaps of a picture are true, one for each criterion.

    A newer one of the same ``pane`` replaces an older one. ``lesions`` are outlines that the reader
    drew: corners (x, y) in picture pixels. ``checkpoint`` is as in ``Ask``.
    """

    id: int
    pane: str
    picture: PictureFile
    pack: str
    criteria: tuple[Criterion, ...]
    device: str
    lesions: tuple[tuple[tuple[float, float], ...], ...] = ()
    checkpoint: str = ""


class DrawTruth(Struct, frozen=True, tag="draw_truth"):
    """Write a check's figure, PNG or SVG by the ending of ``to``, and its numbers beside it."""

    id: int
    check: TruthCheck
    to: str


class Draw(Struct, frozen=True, tag="draw"):
    """Write the annotated picture, with legend, marks and strip, as a PNG.

    ``stage`` is told beside the answer; the heatmap is of its ``explained`` stage, if it has one.
    ``eye`` is which eye the window knows it to be, ``reading`` what the reader signed of it.
    """

    id: int
    picture: PictureFile
    answer: RetinopathyAnswer | None
    heatmap: MapFile | None
    look: Look
    to: str
    marks: tuple[Mark, ...] = ()
    stage: StageAnswer | None = None
    eye: Laterality | None = None
    reading: SignedReading | None = None


class FindLandmarks(Struct, frozen=True, tag="find_landmarks"):
    """Tell where disc and fovea lie in a photograph; found once for a picture and eye, then kept.

    ``eye`` is the eye that it is said to show; without it, header and name are asked.
    """

    id: int
    picture: PictureFile
    eye: Laterality | None = None


class FindRegions(Struct, frozen=True, tag="find_regions"):
    """Cut a heatmap into regions at ``threshold``, in parts of its upper end.

    ``assessed`` is the area that the network was given, in photograph pixels.
    """

    id: int
    picture: PictureFile
    heatmap: "MapFile"
    assessed: Circle
    threshold: float


class InstallPack(Struct, frozen=True, tag="install_pack"):
    """Check a pack and copy it into the user's pack folder."""

    id: int
    path: str


class ListPacks(Struct, frozen=True, tag="list_packs"):
    """Tell which packs are on this computer by now."""

    id: int


class SeriesFile(Struct, frozen=True):
    """A series by what was given to ``Find`` and by its key in the listing that came back."""

    paths: tuple[str, ...]
    key: str


class Part(Struct, frozen=True):
    """How much of a volume is read: every ``step``-th slice, within ``box``.

    ``box`` is (x0, x1, y0, y1, z0, z1), the ends not included; None is all of it.
    """

    step: int = 1
    box: tuple[int, int, int, int, int, int] | None = None


class Find(Struct, frozen=True, tag="find"):
    """Tell what files, folders, ZIPs and DICOMDIRs hold."""

    id: int
    paths: tuple[str, ...]


class FindEyes(Struct, frozen=True, tag="find_eyes"):
    """Tell by headers and tables whose eyes and which photographs show: these, and in folders.

    Without ``headers`` only the tables beside them are read.
    """

    id: int
    paths: tuple[str, ...]
    headers: bool = True


class FindVisits(Struct, frozen=True, tag="find_visits"):
    """Tell the visits of the patient whose photograph this is: those in its folder and table.

    ``dates`` are the reader's own, ISO 8601 by path; they are stronger than any other word. With
    ``whole_folder`` the reader says that the folder is one patient's, where nothing else tells.
    """

    id: int
    path: str
    dates: dict[str, str] = {}
    whole_folder: bool = False


class CompareVisits(Struct, frozen=True, tag="compare_visits"):
    """Tell what changed in one eye from an earlier photograph to a later one.

    A newer one of the same ``pane`` replaces an older one. Regions are cut from the heatmaps at
    ``threshold``, in parts of each one's upper end; without both heatmaps no region is compared,
    without both stages no stage.
    """

    id: int
    pane: str
    earlier: "SeenThen"
    later: "SeenThen"
    threshold: float


class SeenThen(Struct, frozen=True):
    """A visit's photograph of one eye, and what was answered about it.

    ``eye`` is the one in force, in which disc and fovea are looked for; None where only they tell.
    ``disc`` and ``fovea`` are where the reader placed them, which is stronger than what is found.
    """

    picture: PictureFile
    heatmap: MapFile | None = None
    assessed: Circle | None = None
    stage: StageAnswer | None = None
    eye: Laterality | None = None
    disc: Circle | None = None
    fovea: tuple[float, float] | None = None


class OpenVolume(Struct, frozen=True, tag="open_volume"):
    """Read a series, or a part of it. ``straight`` lays it along the patient's own axes."""

    id: int
    series: SeriesFile
    part: Part = Part()
    straight: bool = False


class DrawThumbnail(Struct, frozen=True, tag="draw_thumbnail"):
    """Make a small picture of a series' middle slice."""

    id: int
    series: SeriesFile


class ShrinkPhotograph(Struct, frozen=True, tag="shrink_photograph"):
    """Make a small picture of a photograph."""

    id: int
    picture: PictureFile


class Hasten(Struct, frozen=True, tag="hasten"):
    """Somebody waits now for what was asked ahead of its time: it gives way no more."""

    id: int


class Cancel(Struct, frozen=True, tag="cancel"):
    """Stop the work with this id."""

    id: int


class Release(Struct, frozen=True, tag="release"):
    """An array is no longer mapped and may be deleted."""

    array: str


class Stop(Struct, frozen=True, tag="stop"):
    """End the engine."""


Asked = (
    Open
    | Ask
    | AskStage
    | AskTogether
    | CheckTruth
    | DrawTruth
    | Draw
    | FindLandmarks
    | FindRegions
    | InstallPack
    | ListPacks
    | Find
    | FindEyes
    | FindVisits
    | CompareVisits
    | OpenVolume
    | DrawThumbnail
    | ShrinkPhotograph
)
"""The requests: each gets exactly one last word."""

ToEngine = Asked | Hasten | Cancel | Release | Stop
