"""What the window asks of the engine, each request as its message."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path

from PySide6.QtCore import QObject

from engine.answers import Criterion, Look, Mark, RetinopathyAnswer, Together
from engine.geometry import Circle
from engine.pictures import Laterality
from engine.records.forms import SignedReading
from engine.service import messages
from engine.service.messages import Asked, MapFile, Part, PictureFile, SeenThen, SeriesFile
from engine.stage_answers import StageAnswer
from engine.truth_check import TruthCheck


class Asking(QObject):
    """Numbers each request and returns its number; ``_request`` sees it to its last word."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = count(1)

    @abstractmethod
    def _request(self, message: Asked) -> int:
        """Send a request, and return its number."""

    def open(self, path: Path, *, ahead: bool = False) -> int:
        """Decode a picture; ``opened`` names the array of its pixels.

        What is asked ``ahead`` of the time gives way to the rest, and after a crash it is ``gone``.
        """
        number = next(self._numbers)
        return self._request(messages.Open(number, PictureFile(str(path)), ahead))

    def ask(
        self,
        *,
        pane: str,
        picture: PictureFile,
        pack: str,
        criterion: Criterion,
        device: str,
        question: str = "retinopathy",
        checkpoint: str = "",
        ahead: bool = False,
    ) -> int:
        """Ask about a picture; a newer question of the same pane replaces an older one.

        One that is asked ``ahead`` of the time is replaced by any that is not.
        """
        number = next(self._numbers)
        return self._request(
            messages.Ask(
                number, pane, question, picture, pack, criterion, device, checkpoint, ahead
            )
        )

    def ask_stage(
        self,
        *,
        pane: str,
        picture: PictureFile,
        pack: str,
        criterion: Criterion,
        device: str,
        stage: int | None = None,
        ahead: bool = False,
    ) -> int:
        """Ask a stage pack about a picture; a newer question of the same pane replaces it."""
        number = next(self._numbers)
        asked = messages.AskStage(number, pane, picture, pack, criterion, device, stage, ahead)
        return self._request(asked)

    def ask_together(
        self,
        *,
        pane: str,
        together: Together,
        pictures: Sequence[PictureFile],
        pack: str,
        criterion: Criterion,
        device: str,
        question: str = "retinopathy",
        eyes: Sequence[Laterality | None] = (),
    ) -> int:
        """Ask about both eyes, or an examination; a newer question of the pane replaces it."""
        number = next(self._numbers)
        asked = messages.AskTogether(
            number, pane, question, together, tuple(pictures), pack, criterion, device,
            eyes=tuple(eyes),
        )  # fmt: skip
        return self._request(asked)

    def check_truth(
        self,
        *,
        pane: str,
        picture: PictureFile,
        pack: str,
        criteria: Sequence[Criterion],
        device: str,
        lesions: Sequence[Sequence[tuple[float, float]]] = (),
        checkpoint: str = "",
    ) -> int:
        """Check whether heatmaps are true; ``truth_checked`` has the measures and the orders."""
        number = next(self._numbers)
        outlines = tuple(tuple(outline) for outline in lesions)
        return self._request(
            messages.CheckTruth(
                number, pane, picture, pack, tuple(criteria), device, outlines, checkpoint
            )
        )

    def draw_truth(self, check: TruthCheck, to: Path) -> int:
        """Write a check's figure and numbers; ``drawn`` follows."""
        number = next(self._numbers)
        return self._request(messages.DrawTruth(number, check, str(to)))

    def draw(
        self,
        *,
        picture: PictureFile,
        answer: RetinopathyAnswer | None,
        heatmap: MapFile | None,
        look: Look,
        to: Path,
        marks: tuple[Mark, ...] = (),
        stage: StageAnswer | None = None,
        eye: Laterality | None = None,
        reading: SignedReading | None = None,
    ) -> int:
        """Write the annotated picture as a PNG; the heatmap is of ``stage.explained``, if any."""
        told = (picture, answer, heatmap, look, str(to), marks, stage, eye, reading)
        return self._request(messages.Draw(next(self._numbers), *told))

    def find_landmarks(self, picture: PictureFile, eye: Laterality | None = None) -> int:
        """Tell where disc and fovea lie in a photograph; ``eye`` is the one in force."""
        return self._request(messages.FindLandmarks(next(self._numbers), picture, eye))

    def find_regions(
        self, *, picture: PictureFile, heatmap: MapFile, assessed: Circle, threshold: float
    ) -> int:
        """Cut a heatmap into regions at a threshold."""
        number = next(self._numbers)
        return self._request(messages.FindRegions(number, picture, heatmap, assessed, threshold))

    def install_pack(self, path: Path) -> int:
        """Check a pack and copy it into the user's pack folder."""
        number = next(self._numbers)
        return self._request(messages.InstallPack(number, str(path)))

    def list_packs(self) -> int:
        """Tell which packs there are by now; ``packs_changed`` has them."""
        return self._request(messages.ListPacks(next(self._numbers)))

    def find(self, paths: Sequence[Path]) -> int:
        """Tell what files, folders, ZIPs and DICOMDIRs hold; ``found`` has the list."""
        number = next(self._numbers)
        return self._request(messages.Find(number, tuple(str(path) for path in paths)))

    def find_eyes(self, paths: Sequence[Path], *, headers: bool = True) -> int:
        """Tell by headers and tables whose eyes photographs show; ``eyes_found`` has it."""
        number = next(self._numbers)
        asked = messages.FindEyes(number, tuple(str(path) for path in paths), headers)
        return self._request(asked)

    def find_visits(
        self, path: Path, dates: Mapping[str, str], *, whole_folder: bool = False
    ) -> int:
        """Tell the visits of a photograph's patient; ``dates`` are the reader's, by path.

        With ``whole_folder`` the reader says that the folder is one patient's.
        """
        number = next(self._numbers)
        asked = messages.FindVisits(number, str(path), dict(dates), whole_folder)
        return self._request(asked)

    def compare_visits(
        self, *, pane: str, earlier: SeenThen, later: SeenThen, threshold: float
    ) -> int:
        """Tell what changed in one eye; a newer question of the same pane replaces it."""
        number = next(self._numbers)
        asked = messages.CompareVisits(number, pane, earlier, later, threshold)
        return self._request(asked)

    def open_volume(
        self, series: SeriesFile, part: Part | None = None, *, straight: bool = False
    ) -> int:
        """Read a series of a list, or a part of it, as it lies or along the patient's own axes."""
        number = next(self._numbers)
        return self._request(messages.OpenVolume(number, series, part or Part(), straight))

    def draw_thumbnail(self, series: SeriesFile) -> int:
        """Make a small picture of a series' middle slice."""
        number = next(self._numbers)
        return self._request(messages.DrawThumbnail(number, series))

    def shrink(self, path: Path) -> int:
        """Make a small picture of a photograph; ``thumbnail`` has its content's hash as well."""
        number = next(self._numbers)
        return self._request(messages.ShrinkPhotograph(number, PictureFile(str(path))))
