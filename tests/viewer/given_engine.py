"""An engine that answers only when the test says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from given_answers import (
    DRAWING,
    FIRST,
    KINDS,
    SECOND,
    a_series,
    an_answer,
    eye_pixels,
    volume_values,
)
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from engine.answers import (
    Basis,
    Criterion,
    JointAnswer,
    Landmarks,
    PackSummary,
    RetinopathyAnswer,
    Together,
)
from engine.eyes.which import EyeFacts
from engine.listing import Listing, RefusedFile, SeriesEntry
from engine.pictures import Laterality
from engine.service.messages import (
    Answered,
    AnsweredStage,
    AnsweredTogether,
    Drawn,
    EyesFound,
    Failed,
    Found,
    Gone,
    LandmarksFound,
    MapFile,
    Opened,
    Part,
    PictureFile,
    Ready,
    Refused,
    RegionFound,
    RegionsFound,
    SeriesFile,
    Thumbnail,
    VolumeBegun,
    VolumeOpened,
)
from engine.stage_answers import StageAnswer
from engine.truth_check import TruthCheck
from viewer.client.engine import EngineClient, EngineState


@dataclass
class Asked:
    """One request as the window made it."""

    id: int
    kind: str
    what: dict[str, Any]


@dataclass
class _Said:
    asked: list[Asked] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    started: bool = False
    closed: bool = False


class FakeEngine(EngineClient):
    """Keeps what it was asked; ``answer``, ``refuse`` and so on reply when the test wants it."""

    def __init__(self, folder: Path) -> None:
        QObject.__init__(self)
        self._folder = folder
        self._number = 0
        self.said = _Said()

    # -- what the window calls

    def start(self) -> None:
        self.said.started = True
        self.state_changed.emit(EngineState.STARTING, "Engine starting")

    def open(self, path: Path, *, ahead: bool = False) -> int:
        return self._request("open ahead" if ahead else "open", path=path)

    def ask(self, *, ahead: bool = False, **what: Any) -> int:
        return self._request("ask ahead" if ahead else "ask", **what)

    def ask_stage(self, *, ahead: bool = False, **what: Any) -> int:
        return self._request("ask stage ahead" if ahead else "ask stage", **what)

    def find_visits(
        self, path: Path, dates: Mapping[str, str], *, whole_folder: bool = False
    ) -> int:
        return self._request("find visits", path=path, dates=dict(dates), whole_folder=whole_folder)

    def compare_visits(self, **what: Any) -> int:
        return self._request("compare visits", **what)

    def ask_together(self, **what: Any) -> int:
        return self._request("ask together", **what)

    def find_eyes(self, paths: Sequence[Path], *, headers: bool = True) -> int:
        return self._request("find eyes", paths=tuple(paths), headers=headers)

    def shrink(self, path: Path) -> int:
        return self._request("shrink", path=path)

    def hasten(self, request: int) -> None:
        asked = next(asked for asked in self.said.asked if asked.id == request)
        self.said.asked.remove(asked)
        self.said.asked.append(Asked(asked.id, asked.kind.removesuffix(" ahead"), asked.what))

    def check_truth(self, **what: Any) -> int:
        return self._request("truth", **what)

    def draw_truth(self, check: TruthCheck, to: Path) -> int:
        return self._request("draw-truth", check=check, to=to)

    def draw(self, **what: Any) -> int:
        return self._request("draw", **what)

    def find_landmarks(self, picture: PictureFile, eye: Laterality | None = None) -> int:
        return self._request("landmarks", picture=picture, eye=eye)

    def find_regions(self, **what: Any) -> int:
        return self._request("regions", **what)

    def install_pack(self, path: Path) -> int:
        return self._request("install", path=path)

    def list_packs(self) -> int:
        return self._request("list packs")

    def find(self, paths: Sequence[Path]) -> int:
        return self._request("find", paths=tuple(paths))

    def open_volume(self, series: SeriesFile, part: Part, *, straight: bool = False) -> int:
        return self._request("volume", series=series, part=part, straight=straight)

    def draw_thumbnail(self, series: SeriesFile) -> int:
        return self._request("thumbnail", series=series)

    def cancel(self, request: int) -> None:
        self.said.cancelled.append(request)

    drop = cancel

    def mapped(self, file: str) -> NDArray[Any]:
        array: NDArray[Any] = np.load(file, mmap_mode="r", allow_pickle=False)
        return array

    def release(self, file: str) -> None:
        self.said.released.append(file)

    def close(self) -> None:
        self.said.closed = True

    # -- what the test says

    def get_ready(self, *packs: PackSummary) -> None:
        self.state_changed.emit(EngineState.READY, "Engine ready")
        self.ready.emit(Ready("processor", "no graphics card", ("processor",), packs or (FIRST,)))

    def last(self, kind: str) -> Asked:
        return [asked for asked in self.said.asked if asked.kind == kind][-1]

    def count(self, kind: str) -> int:
        return sum(asked.kind == kind for asked in self.said.asked)

    def give_picture(self, asked: Asked | None = None, content: str = "c") -> None:
        asked = asked or self.last("open")
        path = asked.what["path"]
        file = self._write(f"picture-{asked.id}", eye_pixels())
        self.opened.emit(Opened(asked.id, file, path.name, content * 64, None, ()))

    def give_answer(self, asked: Asked | None = None, **changes: Any) -> None:
        asked = asked or self.last("ask")
        by_path = {pack.path: pack for pack in (FIRST, DRAWING)}
        pack = by_path.get(asked.what["pack"], SECOND)
        answer = an_answer(pack, asked.what["criterion"], **changes)
        heatmap = None
        if answer.probability is not None:
            heatmap = self._map(f"map-{asked.id}", asked.what["criterion"])
        self.answered.emit(Answered(asked.id, answer, heatmap))

    def give_pair(
        self, *answers: RetinopathyAnswer, basis: Basis = Basis.WORST, said: str = "Both were read."
    ) -> None:
        """Both eyes' answers, by the files of the last question; the first is told for both."""
        asked = self.last("ask together")
        first = answers[0]
        maps = tuple(
            self._map(f"pair-{asked.id}-{number}", asked.what["criterion"])
            if each.probability is not None
            else None
            for number, each in enumerate(answers)
        )
        joint = JointAnswer(
            "retinopathy", Together.PAIR, basis, said, first.decision, first.probability,
            first.interval, first.operating_point, 0, answers, first.pack, first.criterion,
            first.device,
        )  # fmt: skip
        self.answered_together.emit(AnsweredTogether(asked.id, joint, maps))

    def give_stage(self, answer: StageAnswer, asked: Asked | None = None) -> None:
        """A stage pack's answer, with a map unless it explains nothing."""
        asked = asked or self.last("ask stage ahead")
        heatmap = None
        if answer.explained is not None:
            heatmap = self._map(f"stage-{asked.id}", answer.criterion)
        self.answered_stage.emit(AnsweredStage(asked.id, answer, heatmap))

    def give_eyes(self, *eyes: EyeFacts, faults: tuple[Refused, ...] = ()) -> None:
        self.eyes_found.emit(EyesFound(self.last("find eyes").id, eyes, faults))

    def give_landmarks(
        self, told: Landmarks | Laterality | None, asked: Asked | None = None
    ) -> None:
        """Of the picture that was asked about, usually last, to all who asked."""
        found = told if isinstance(told, Landmarks) else Landmarks(laterality=told)
        picture = (asked or self.last("landmarks")).what["picture"]
        for each in self.said.asked:
            if each.kind == "landmarks" and each.what["picture"] == picture:
                self.landmarks_found.emit(LandmarksFound(each.id, found))

    def give_regions(
        self,
        *regions: RegionFound,
        asked: Asked | None = None,
        kinds: tuple[tuple[str, int], ...] = (),
        rest: int = 0,
    ) -> str:
        """Regions whose outlines are their boxes; ``rest`` weaker ones are not listed."""
        asked = asked or self.last("regions")
        corners = [
            (side, end)
            for region in regions
            for left, top, right, bottom in [region.box]
            for side, end in ((left, top), (right, top), (right, bottom), (left, bottom))
        ]
        file = self._write(f"corners-{asked.id}", np.array(corners, np.float32)) if corners else ""
        threshold = asked.what["threshold"]
        left_out = (threshold, 3, 0.02, rest, 0.0)
        self.regions_found.emit(RegionsFound(asked.id, regions, file, *left_out, kinds))
        return file

    def give_listing(
        self, *entries: SeriesEntry, refused: Sequence[RefusedFile] = (), rest: str = ""
    ) -> None:
        self.found.emit(Found(self.last("find").id, Listing(entries, tuple(refused), rest)))

    def begin_volume(self, asked: Asked | None = None, entry: SeriesEntry | None = None) -> str:
        """The middle slice alone is there."""
        asked, entry = asked or self.last("volume"), entry or a_series()
        file = self._write(f"volume-{asked.id}", volume_values(entry))
        middle = entry.facts.grid.size[2] // 2
        self.volume_begun.emit(VolumeBegun(asked.id, file, entry.facts, ((0, middle),)))
        return file

    def give_volume(
        self,
        asked: Asked | None = None,
        entry: SeriesEntry | None = None,
        content: str = "d",
        values: NDArray[Any] | None = None,
    ) -> str:
        asked, entry = asked or self.last("volume"), entry or a_series()
        file = self._write(f"volume-{asked.id}", volume_values(entry) if values is None else values)
        facts = replace(entry.facts, value_range=(-1000.0, 1000.0), content_hash=content * 64)
        self.volume_opened.emit(VolumeOpened(asked.id, file, facts))
        return file

    def give_thumbnail(self, asked: Asked | None = None, content: str = "c") -> None:
        asked = asked or self.last("thumbnail")
        file = self._write(f"small-{asked.id}", np.full((92, 112, 3), 90, np.uint8))
        content = "" if asked.kind == "thumbnail" else content * 64
        self.thumbnail.emit(Thumbnail(asked.id, file, content))

    def refuse(self, asked: Asked, what: str, why: str, advice: str) -> None:
        self.refused.emit(Refused(asked.id, what, why, advice))

    def fail(self, asked: Asked, report: str) -> None:
        self.failed.emit(Failed(asked.id, report))

    def go(self, asked: Asked, why: str) -> None:
        self.gone.emit(Gone(asked.id, why))

    def finish_drawing(self, asked: Asked) -> None:
        to = asked.what["to"]
        cv2.imwrite(str(to), eye_pixels()[..., ::-1])
        self.drawn.emit(Drawn(asked.id, str(to)))

    def _request(self, kind: str, **what: Any) -> int:
        self._number += 1
        self.said.asked.append(Asked(self._number, kind, what))
        return self._number

    def _map(self, name: str, criterion: Criterion) -> MapFile:
        values = np.zeros((60, 60), np.float32)
        values[20:30, 30:40] = 1
        signed = criterion is Criterion.RELEVANCE
        if signed:
            values[40:50, 30:40] = -0.5
        back = ((10.0, 0.0, 150.0), (0.0, 10.0, 0.0), (0.0, 0.0, 1.0))
        if criterion is Criterion.LESIONS:
            places = np.zeros_like(values)
            places[:, 35:] = 1
            numbers = np.stack([0.5 * values, places])
            return MapFile(self._write(name, numbers), back, chance=True, kinds=KINDS)
        return MapFile(self._write(name, values), back, signed)

    def _write(self, name: str, array: NDArray[Any]) -> str:
        file = self._folder / f"{name}.npy"
        np.save(file, array)
        return str(file)
