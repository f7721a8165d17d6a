"""A run as the window shows it: read from its folder and drawn, all beside the window's thread."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from engine import run_notes, runs
from engine.runs import Seen

COLUMNS = 5
"""Rounds that are shown beside the pictures."""
_OPACITY, _HIDDEN_BELOW = 0.9, 0.1


_Look = tuple[Path, int]
"""A round's file, and when it was written: a network that begins anew writes others."""


@dataclass(frozen=True)
class Listed:
    """A run to choose from."""

    folder: Path
    words: str


@dataclass(frozen=True, eq=False)
class Watched:
    """``seen`` with its notes; ``looks[row][column]`` are drawn heatmaps, of ``columns``' rounds.

    ``runs`` are those there are, newest first.
    """

    seen: Seen
    notes: tuple[str, ...] = ()
    columns: tuple[int, ...] = ()
    pictures: tuple[QImage, ...] = ()
    looks: tuple[tuple[QImage, ...], ...] = ()
    runs: tuple[Listed, ...] = ()


def columns_of(looks: tuple[int, ...], most: int = COLUMNS) -> tuple[int, ...]:
    """The rounds to show of those there are: the first, the newest, and between them those that
    are nearest to even steps of ratio, since most happens at the beginning.
    """
    if len(looks) <= most:
        return looks
    wanted = np.geomspace(looks[0], looks[-1], most)
    chosen: list[int] = []
    for number in wanted:
        free = [each for each in looks if each not in chosen]
        chosen.append(min(free, key=lambda each: abs(np.log(each / number))))
    return tuple(sorted({*chosen, looks[-1]}))


@dataclass
class Watcher:
    """Reads one run again and again; pictures and heatmaps are drawn once. For one thread."""

    folder: Path
    _photographs: NDArray[np.uint8] | None = None
    _details: list[NDArray[np.float32]] = field(default_factory=list)
    _pictures: tuple[QImage, ...] = ()
    _drawn: dict[_Look, tuple[QImage, ...]] = field(default_factory=dict)

    def look(self) -> Watched:
        """The run as it is now."""
        seen = runs.see(self.folder)
        self._read_pictures()
        shown = columns_of(seen.looks) if self._pictures else ()
        found = {number: look for number in shown if (look := self._look(number))}
        # No more than is shown is kept: a look takes a megabyte.
        self._drawn = {look: self._drawn.get(look) or self._draw(look) for look in found.values()}
        drawn = {number: images for number, look in found.items() if (images := self._drawn[look])}
        columns = tuple(drawn)
        looks = tuple(
            tuple(drawn[number][row] for number in columns) for row in range(len(self._pictures))
        )
        return Watched(
            seen,
            run_notes.notes(seen),
            columns,
            self._pictures,
            looks,
            listed(self.folder.parent, self.folder),
        )

    def _read_pictures(self) -> None:
        if self._pictures:
            return
        photographs = _array(self.folder / runs.LOOKS / "pictures.npy")
        if photographs is None:
            return
        # Here and not above: a window starts without it.
        from engine import tint

        self._photographs = photographs
        self._details = [tint.detail(each, 1) for each in photographs]
        self._pictures = tuple(_image(each) for each in photographs)

    def _look(self, number: int) -> _Look | None:
        path = self.folder / runs.LOOKS / f"{number:05d}.npy"
        try:
            return path, path.stat().st_mtime_ns
        except OSError:
            return None  # it gave way to a newer one

    def _draw(self, look: _Look) -> tuple[QImage, ...]:
        maps = _array(look[0])
        if maps is None or self._photographs is None or len(maps) != len(self._photographs):
            return ()
        # Here and not above: a window starts without them.
        import cv2

        from engine import tint

        table = tint.colour_table("azure")
        images = []
        for values, picture, detail in zip(maps, self._photographs, self._details, strict=True):
            side = picture.shape[0]
            whole = values.astype(np.float32)
            whole = np.clip(whole / tint.upper_end(whole), 0, 1)
            wide = np.asarray(cv2.resize(whole, (side, side)), np.float32)
            laid = tint.lay_over(picture, wide, detail, table, _OPACITY, _HIDDEN_BELOW)
            images.append(_image(laid))
        return tuple(images)


def listed(place: Path, watched: Path | None = None) -> tuple[Listed, ...]:
    """The runs that lie in a folder, newest first.

    One that was refused and has learnt nothing is told of while it is ``watched``, and then gone.
    """
    return tuple(
        Listed(folder, f"{title_of(folder)}, {_state(runs.status(folder).state)}")
        for folder in reversed(runs.listed(place))
        if folder == watched or not runs.is_in_vain(folder)
    )


def newest(place: Path) -> Path | None:
    """The run to show: one that goes on, else none."""
    for folder in reversed(runs.listed(place)):
        if runs.status(folder).going_on:
            return folder
    return None


_STATES = {
    "begun": "not begun",
    "running": "going on",
    "stopping": "stopping",
    "done": "done",
    "paused": "paused",
    "stopped": "stopped",
    "interrupted": "interrupted",
    "cancelled": "stopped",
    "refused": "refused",
    "failed": "failed",
}


def _state(state: str) -> str:
    return _STATES.get(state, state)


def title_of(folder: Path) -> str:
    """What a run is called, and when it was begun by the local clock."""
    made = runs.begun(folder)
    if made is None:
        return folder.name
    name, at = made
    return f"{name}, {at:%d %b %H:%M}"


def _array(path: Path) -> NDArray[np.uint8] | None:
    try:
        found: NDArray[np.uint8] = np.load(path)
    except (OSError, ValueError):
        return None
    return found


def _image(pixels: NDArray[np.uint8]) -> QImage:
    kept = np.ascontiguousarray(pixels)
    height, width = kept.shape[:2]
    return QImage(kept.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
