"""A service in this process, with real decoders that misbehave on demand, as one asks it."""

import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
from pydicom import dcmread
from pydicom.uid import RLELossless

from engine.listing import Listing, SeriesEntry
from engine.service.messages import (
    DrawThumbnail,
    Find,
    Found,
    FromEngine,
    OpenVolume,
    Part,
    Progress,
    Release,
    SeriesFile,
    SlicesRead,
    VolumeBegun,
    VolumeOpened,
)
from engine.service.service import Service

LONG = 20.0
NOT_LAST = (Progress, VolumeBegun, SlicesRead)


class Desk:
    """Asks a service and keeps what it says."""

    def __init__(self) -> None:
        self.said: list[FromEngine] = []
        self.service: Service
        self._news = threading.Condition()
        self._number = 0

    def hear(self, message: FromEngine) -> None:
        with self._news:
            self.said.append(message)
            self._news.notify_all()

    def find(self, *paths: Path) -> Listing:
        self._number += 1
        self.service.take(Find(self._number, tuple(map(str, paths))))
        found = self.last_word(self._number)
        assert isinstance(found, Found), found
        return found.listing

    def only(self, *paths: Path) -> SeriesEntry:
        """The only entry that these paths hold."""
        (entry,) = self.find(*paths).entries
        return entry

    def open(self, key: str, *paths: Path, part: Part | None = None, straight: bool = False) -> int:
        self._number += 1
        series = SeriesFile(tuple(map(str, paths)), key)
        self.service.take(OpenVolume(self._number, series, part or Part(), straight))
        return self._number

    def opened(
        self, *paths: Path, part: Part | None = None, straight: bool = False
    ) -> VolumeOpened:
        """The only series that these paths hold, opened."""
        word = self.last_word(
            self.open(self.only(*paths).key, *paths, part=part, straight=straight)
        )
        assert isinstance(word, VolumeOpened), word
        return word

    def release(self, file: str) -> None:
        """Let a file go, and wait until it is deleted."""
        self.service.take(Release(file))
        begin = time.monotonic()
        while Path(file).exists():
            assert time.monotonic() < begin + LONG, "the file stays"
            time.sleep(0.005)

    def draw(self, key: str, *paths: Path) -> FromEngine:
        self._number += 1
        self.service.take(DrawThumbnail(self._number, SeriesFile(tuple(map(str, paths)), key)))
        return self.last_word(self._number)

    def told(self, number: int, kind: type) -> list[FromEngine]:
        """What was said about a request."""
        return [each for each in self.said if isinstance(each, kind) and each.id == number]

    def last_word(self, number: int) -> FromEngine:
        def found() -> list[FromEngine]:
            return [
                each
                for each in self.said
                if not isinstance(each, NOT_LAST) and getattr(each, "id", None) == number
            ]

        with self._news:
            assert self._news.wait_for(found, LONG), f"no last word on {number}"
        (word,) = found()
        return word

    def until(self, number: int, kind: type) -> FromEngine:
        """The first such message about a request."""
        with self._news:
            assert self._news.wait_for(lambda: self.told(number, kind), LONG)
        return self.told(number, kind)[0]


def array(opened: VolumeOpened) -> Any:
    """The values of an opened volume."""
    return np.load(opened.file)


def tries(rules: Path, stage: str) -> list[tuple[str, str]]:
    """Which decoder was asked for which file."""
    lines = (rules / f"{stage}s").read_text().splitlines()
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]


def damage(path: Path) -> None:
    """Compress a picture, and break what comes out."""
    dataset = dcmread(path)
    dataset.compress(RLELossless, generate_instance_uid=False)
    dataset.save_as(path)
    whole = path.read_bytes()
    # Each pair of noughts unpacks to one: too few numbers for the picture.
    runs = whole.index(b"\x02\x00\x00\x00\x40\x00\x00\x00") + 64
    path.write_bytes(whole[:runs] + bytes(len(whole) - runs - 8) + whole[-8:])
