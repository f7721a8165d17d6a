"""A window with an engine that answers only when the test says so."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from engine.answers import (
    Basis,
    Criterion,
    Decision,
    Interval,
    JointAnswer,
    Landmarks,
    PackReference,
    PackSummary,
    Reason,
    RetinopathyAnswer,
    Tint,
    Together,
)
from engine.eyes.which import EyeFacts
from engine.geometry import Circle
from engine.listing import Listing, Origin, RefusedFile, SeriesEntry, SeriesKind
from engine.pictures import Grid, Laterality, VolumeFacts, grid_of
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
from engine.settings import Loaded, Settings
from engine.stage_answers import StageAnswer
from engine.truth_check import TruthCheck
from viewer.client.engine import EngineClient, EngineState
from viewer.theme.theme import Theme
from viewer.window import Window

HEIGHT, WIDTH = 600, 900

FIRST = PackSummary(
    "retinopathy-first", "1.0.0", "Diabetic retinopathy, screening", "retinopathy", "a" * 64,
    "/packs/first", True,
)  # fmt: skip
SECOND = PackSummary(
    "retinopathy-other", "2.1.0", "Another pack", "retinopathy", "b" * 64, "/packs/other", False
)
DRAWING = PackSummary(
    "drawing", "1.0.0", "A pack that draws lesions", "retinopathy", "e" * 64, "/packs/drawing",
    True, criteria=(Criterion.LESIONS, Criterion.PI, Criterion.OMEGA, Criterion.PI_PHOTOGRAPH),
)  # fmt: skip
KINDS = ("microaneurysm", "haemorrhage")


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
    ) -> str:
        """Regions whose outlines are their boxes."""
        asked = asked or self.last("regions")
        corners = [
            (side, end)
            for region in regions
            for left, top, right, bottom in [region.box]
            for side, end in ((left, top), (right, top), (right, bottom), (left, bottom))
        ]
        file = self._write(f"corners-{asked.id}", np.array(corners, np.float32)) if corners else ""
        threshold = asked.what["threshold"]
        left_out = (threshold, 3, 0.02, 0, 0.0)
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


def a_series(
    key: str = "lung",
    title: str = "4 Lung 5 mm",
    *,
    size: tuple[int, int, int] = (64, 48, 20),
    patient: str = "Drawn^Person",
    **facts: Any,
) -> SeriesEntry:
    """A chest CT of axial slices, 1 x 1 x 5 mm, as the list has it."""
    affine = np.diag([1.0, 1.0, 5.0, 1.0])
    told = VolumeFacts(grid_of(affine, size), modality="CT", unit="HU", **facts)
    origin = Origin(patient, patient, "1", study_date="20240202", series_description=title)
    count = size[2] * len(told.frames)
    return SeriesEntry(
        key, SeriesKind.VOLUME, title, f"/data/{key}", count, 2 * count * size[0] * size[1], told,
        origin,
    )  # fmt: skip


def a_region(
    left: float, top: float, side: float = 30.0, share: float = 0.2, **changes: Any
) -> RegionFound:
    """A square region, in photograph pixels."""
    told: dict[str, Any] = {
        "share": share,
        "peak": 0.9,
        "centre": (left + side / 2, top + side / 2),
        "summit": (left + side / 2, top + side / 2),
        "box": (left, top, left + side, top + side),
        "thumbnail": (int(left), int(top), int(left + side), int(top + side)),
        "lines": (4,),
        "extent": side * 2**0.5,
        "area": side**2,
        "tint": Tint.BRIGHT,
    }
    return RegionFound(**(told | changes))


def a_photograph(name: str) -> SeriesEntry:
    """A photograph as the list has it."""
    facts = VolumeFacts(Grid((WIDTH, HEIGHT, 1)), colour=True)
    return SeriesEntry(name, SeriesKind.PHOTOGRAPH, name, f"/data/{name}.jpg", 1, 0, facts)


def volume_values(entry: SeriesEntry) -> NDArray[np.int16]:
    """A ramp along x in air, slice by slice a little brighter."""
    x, y, z = entry.facts.grid.size
    ramp = np.linspace(-1000, 1000, x).astype(np.int16)
    slices = np.arange(z, dtype=np.int16)[:, None, None]
    values = np.broadcast_to(ramp + slices, (len(entry.facts.frames), z, y, x))
    return np.ascontiguousarray(values)


def eye_pixels() -> NDArray[np.uint8]:
    """An orange disk on black."""
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    cv2.circle(pixels, (WIDTH // 2, HEIGHT // 2), 280, (190, 90, 40), -1)
    return pixels


def an_answer(
    pack: PackSummary = FIRST,
    criterion: Criterion = Criterion.PI,
    *,
    probability: float | None = 0.78,
    low: float = 0.66,
    high: float = 0.87,
    operating_point: float = 0.41,
    reasons: tuple[Reason, ...] = (),
    warnings: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> RetinopathyAnswer:
    """An answer as sketch 1 has it."""
    decision = Decision.UNGRADABLE
    if probability is not None:
        referable = probability >= operating_point
        decision = Decision.REFERABLE if referable else Decision.NOT_REFERABLE
    return RetinopathyAnswer(
        question="retinopathy",
        decision=decision,
        probability=probability,
        interval=None if probability is None else Interval(low, high),
        operating_point=operating_point,
        pack=PackReference(pack.name, pack.version, pack.sha256),
        criterion=criterion,
        assessed=Circle(WIDTH / 2, HEIGHT / 2, 280),
        resolution=10.0,
        device="processor",
        reasons=reasons,
        warnings=warnings,
        notes=notes,
    )


@dataclass
class Desk:
    """A shown window, its engine, and the hands on it."""

    window: Window
    engine: FakeEngine
    qtbot: Any
    folder: Path

    def picture(self, name: str = "eye.png") -> Path:
        path = self.folder / name
        cv2.imwrite(str(path), eye_pixels()[..., ::-1])
        return path

    def open_and_answer(self, name: str = "eye.png") -> None:
        """A photograph on the screen, answered, with the keys on it."""
        self.window.open(self.picture(name))
        self.engine.give_picture()
        self.engine.give_answer()

    def press(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        """A key at whatever has the focus."""
        held = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            held |= modifier
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key, held)

    def click(self, widget: Any) -> None:
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def place(self) -> str:
        """Which picture of how many the tool bar says is shown."""
        from PySide6.QtWidgets import QLabel

        labels = self.window.findChildren(QLabel)
        return next(
            (label.text() for label in labels if " of " in label.text() and label.isVisible()), ""
        )

    def words(self) -> str:
        """All words of the rows at the foot."""
        from PySide6.QtWidgets import QLabel

        labels = self.window.rows.findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.isVisibleTo(self.window.rows))


@pytest.fixture
def desk(qtbot: Any, tmp_path: Path, qapp: QApplication) -> Iterator[Desk]:
    """An active window whose engine is ready."""
    with open_desk(qtbot, tmp_path, qapp) as made:
        yield made


@pytest.fixture
def early_desk(qtbot: Any, tmp_path: Path, qapp: QApplication) -> Iterator[Desk]:
    """An active window whose engine is still starting."""
    with open_desk(qtbot, tmp_path, qapp, begin=lambda _: None) as made:
        yield made


@contextmanager
def open_desk(
    qtbot: Any,
    tmp_path: Path,
    qapp: QApplication,
    begin: Callable[[FakeEngine], None] = FakeEngine.get_ready,
) -> Iterator[Desk]:
    """A window on the screen; when left it is closed, and destroyed with the next event."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    engine = FakeEngine(tmp_path)
    window = Window(_theme(qapp), engine, Loaded(Settings()), scratch)
    window.resize(1280, 800)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    engine.start()
    begin(engine)
    yield Desk(window, engine, qtbot, tmp_path)
    window.close()
    window.deleteLater()


_themes: list[Theme] = []


def _theme(application: QApplication) -> Theme:
    if not _themes:
        _themes.append(Theme(application))
    return _themes[0]
