"""Where the heatmaps that are judged come from: a pack, or files that anybody may have made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.answers import Criterion, Heatmap
from engine.cohort.asking import Asker, ungradable
from engine.cohort.taught import Taught
from engine.cohort.unseen import Unseen
from engine.errors import Refusal
from engine.geometry import Circle
from engine.packs.pack import Pack
from engine.pictures import Photograph
from engine.preparation import fundus
from engine.preparation.resampling import resample_box
from engine.task import Task

FROM_FILES = "maps"
"""What stands for the criterion where the maps are files."""

GRID = 448
"""Network pixels across the assessed field on which files are judged, unless asked otherwise."""

_MAYBE_SEEN = (
    "Whether the pack learnt from some of these photographs cannot be told here: if it did, the "
    "figures flatter."
)


@dataclass(frozen=True)
class About:
    """Whose heatmaps they are: ``pack`` and ``device`` are None and empty where they are files.

    ``notes`` are sentences that hold for all of them. ``grid`` is that of files, in network pixels
    across the assessed field; a network's maps are on its own, and it is None.
    """

    pack: Pack | None
    device: str
    notes: tuple[str, ...]
    grid: int | None = None


@dataclass(frozen=True, eq=False)
class Placed:
    """A heatmap and the eroded field, in photograph pixels, that it was made of."""

    heatmap: Heatmap
    assessed: Circle


class Heatmaps(Protocol):
    """A source of heatmaps, one by each criterion."""

    @property
    def criteria(self) -> tuple[str, ...]:
        """The criteria, the default first."""

    @property
    def about(self) -> About:
        """Whose they are; known in full when all are made."""

    def of(self, photograph: Photograph, task: Task) -> Mapping[str, Placed]:
        """A photograph's heatmaps by criterion. Raises ``Refusal`` if it has none."""


class FromPack:
    """A pack's own heatmaps, as its answers have them; by all criteria that it allows if none are
    named.
    """

    def __init__(
        self,
        pack: Pack,
        criteria: Sequence[Criterion],
        device_setting: str,
        unseen: Unseen | None = None,
    ) -> None:
        self._asker = Asker(pack, device_setting, unseen)
        self._unseen = unseen
        named = tuple(pack.criterion(each) for each in dict.fromkeys(criteria))
        self._criteria = named or self._asker.criteria
        self._devices: dict[str, None] = {}
        self._notes: dict[str, None] = {}
        self._taught = Taught(pack)
        self._seen: dict[str, bool | None] = {}

    @property
    def criteria(self) -> tuple[str, ...]:
        """See ``Heatmaps``."""
        return tuple(map(str, self._criteria))

    @property
    def about(self) -> About:
        """See ``Heatmaps``."""
        warnings, notes = self._taught.words("", list(self._seen.values()))
        told = (*warnings, *notes) if self._taught.is_known else (_MAYBE_SEEN,)
        if self._unseen:
            told = self._unseen.words(self._seen)
        return About(self._asker.pack, ", ".join(self._devices), (*told, *self._notes))

    def of(self, photograph: Photograph, task: Task) -> Mapping[str, Placed]:
        """See ``Heatmaps``."""
        found: dict[str, Placed] = {}
        for criterion in self._criteria:
            asked = self._asker.ask(photograph, criterion, task)
            if asked.heatmap is None or asked.answer.assessed is None:
                raise ungradable(asked.answer)
            self._devices.setdefault(asked.answer.device)
            self._notes.update(dict.fromkeys(asked.answer.notes))
            found[str(criterion)] = Placed(asked.heatmap, asked.answer.assessed)
        assessed = next(iter(found.values())).assessed
        # A picture that goes by two names is one.
        self._seen[photograph.content_hash] = self._taught.by(photograph, assessed)
        return found


class FromFiles:
    """Heatmaps as files: for NAME.jpg a NAME.npy, numbers from 0 on the photograph's grid (y, x).

    It may lie in a subfolder and be called NAME.jpg.npy, as ``screen`` writes them.
    decided: they are brought by area means to the grid of a network that reads ``size`` pixels,
    because peaks, smoothing and reach are told in network pixels.
    """

    criteria = (FROM_FILES,)

    def __init__(self, folder: Path, size: int = GRID) -> None:
        if not folder.is_dir():
            raise Refusal(
                "The heatmaps were not judged.",
                f"There is no folder {folder}.",
                "Name the folder that holds a NAME.npy for each photograph.",
            )
        self._size = size
        notes = (
            "The heatmaps are files; no pack was asked.",
            f"They are judged on a grid of {size} network pixels. A pack that is asked is judged "
            "on the pixels that it reads: to compare, name as many with --grid.",
        )
        self.about = About(None, "", notes, size)
        self._files: dict[str, list[Path]] = {}
        for path in sorted(folder.rglob("*.npy")):
            self._files.setdefault(path.name, []).append(path)

    def of(self, photograph: Photograph, task: Task) -> Mapping[str, Placed]:
        """See ``Heatmaps``."""
        height, width = photograph.pixels.shape[:2]
        values = _read(self._file(photograph.name), (height, width))
        field = fundus.find_field_of_view(photograph.pixels)
        task.check()
        side = (1 - 2 * fundus.EROSION) * field.width
        left, top = field.x - side / 2, field.y - side / 2
        small = resample_box(values[..., None], left, top, side, self._size)[..., 0]
        heatmap = Heatmap(small, fundus.way_back(field, self._size), (height, width))
        return {FROM_FILES: Placed(heatmap, Circle(field.x, field.y, side / 2))}

    def _file(self, photograph: str) -> Path:
        plain = f"{Path(photograph).stem}.npy"
        found = self._files.get(f"{photograph}.npy") or self._files.get(plain, [])
        if len(found) == 1:
            return found[0]
        if not found:
            raise Refusal("The photograph has no heatmap.", f"There is no {plain}.", "Add it.")
        raise Refusal(
            "It is not clear which heatmap is the photograph's.",
            f"There are {len(found)} called {plain}.",
            "Leave one of them in the folder.",
        )


def _read(path: Path, shape: tuple[int, int]) -> NDArray[np.float32]:
    try:
        # The form is known before the numbers are read.
        stored = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise _wrong(path, "It is no array of NumPy's.") from error
    if not isinstance(stored, np.ndarray) or stored.dtype.kind not in "fiub":
        raise _wrong(path, "It is no array of real numbers.")
    if stored.shape != shape:
        found = " x ".join(map(str, stored.shape))
        raise _wrong(path, f"It has {found} values, the photograph {shape[0]} x {shape[1]} pixels.")
    values = np.asarray(stored, np.float32)
    if not np.isfinite(values).all():
        raise _wrong(path, "Not all of its values are numbers.")
    if (values < 0).any():  # none counts as evidence: a whole map below 0 would find nothing
        raise _wrong(path, "It has values below 0, and a heatmap's evidence begins there.")
    return values


def _wrong(path: Path, why: str) -> Refusal:
    return Refusal(
        f"The heatmap {path.name} cannot be judged.",
        why,
        "Write it as float32 on the photograph's own grid.",
    )
