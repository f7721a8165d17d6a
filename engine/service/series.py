"""What is asked by headers: what folders hold, whose it is and when, and the volumes of series."""

from pathlib import Path

from engine.images.plan import Planned
from engine.service import memory
from engine.service.catalogues import Catalogues
from engine.service.lanes import Lanes, Work
from engine.service.messages import (
    DrawThumbnail,
    EyesFound,
    Find,
    FindEyes,
    FindVisits,
    Found,
    FromEngine,
    OpenVolume,
    Refused,
    SeriesFile,
    Thumbnail,
    TooMuch,
    VisitsFound,
    VolumeOpened,
)
from engine.service.opening import Means, open_volume
from engine.service.reading import least_step, made_of, reading_of
from engine.service.requests import Requests
from engine.service.scanning import HeaderScan
from engine.service.thumbnails import Thumbnails


class Series:
    """Begins what each message asks for, and returns at once."""

    def __init__(
        self,
        means: Means,
        lanes: Lanes,
        requests: Requests,
        catalogues: Catalogues,
        thumbnails: Thumbnails,
    ) -> None:
        self._means = means
        self._lanes = lanes
        self._requests = requests
        self._catalogues = catalogues
        self._thumbnails = thumbnails

    def find(self, message: Find) -> None:
        """List what paths hold."""
        work = self._requests.begin(message.id, *map(Path, message.paths))

        def find() -> FromEngine:
            work.progress("Looking for pictures", 0, 0)
            return Found(message.id, self._catalogues.find(message.paths, self._scan(work), work))

        self._lanes.series.submit(self._requests.do, work, find)

    def find_eyes(self, message: FindEyes) -> None:
        """Tell which eye each photograph shows."""
        work = self._requests.begin(message.id, *map(Path, message.paths))

        def find() -> FromEngine:
            from engine.followup.eyes_near import eyes_near

            read_headers = self._scan(work) if message.headers else None
            eyes, faults = eyes_near([*map(Path, message.paths)], read_headers, work)
            told = (Refused(message.id, each.what, each.why, each.advice) for each in faults)
            return EyesFound(message.id, eyes, tuple(told))

        self._lanes.series.submit(self._requests.do, work, find)

    def find_visits(self, message: FindVisits) -> None:
        """Gather the visits of a photograph's patient."""
        work = self._requests.begin(message.id, Path(message.path), *map(Path, message.dates))

        def find() -> FromEngine:
            from engine.followup.gather import gather

            work.progress("Looking for earlier visits", 0, 0)
            patient = gather(
                Path(message.path), self._scan(work), work, message.dates,
                whole_folder=message.whole_folder,
            )  # fmt: skip
            return VisitsFound(message.id, patient)

        self._lanes.series.submit(self._requests.do, work, find)

    def open(self, message: OpenVolume) -> None:
        """Read a volume, unless there is too little room for it."""
        work = self._requests.begin(message.id, *map(Path, message.series.paths))

        def read() -> FromEngine:
            planned, state = self._planned(message.series, work)
            key = made_of(state, message.part, message.straight)
            if (here := self._means.exchange.lend_volume(key)) is not None:
                return VolumeOpened(message.id, here.file, here.facts)
            reading = reading_of(planned, message.part, message.straight)
            self._means.exchange.settle()  # what the window let go just now is room, too
            room = memory.room(self._means.exchange.folder)
            if reading.needed > room.size:
                step = least_step(
                    planned, message.part, message.straight, lambda needed: needed <= room.size
                )
                disk = str(self._means.exchange.folder.parent) if room.of_disk else ""
                free = max(room.size, 0)
                return TooMuch(message.id, reading.needed, free, step, disk, reading.fixed)
            volume = open_volume(reading, self._means, work)
            self._means.exchange.keep_volume(key, volume)
            return VolumeOpened(message.id, volume.file, volume.facts)

        self._lanes.series.submit(self._requests.do, work, read)

    def draw_small(self, message: DrawThumbnail) -> None:
        """Draw a series' middle slice, small."""
        work = self._requests.begin(message.id, *map(Path, message.series.paths))

        def draw() -> FromEngine:
            planned, state = self._planned(message.series, work)
            return Thumbnail(message.id, self._thumbnails.of_series(planned, state, work).file)

        self._lanes.read.submit(self._requests.do, work, draw)

    def _planned(self, series: SeriesFile, work: Work) -> tuple[Planned, str]:
        return self._catalogues.planned(series, self._scan(work), work)

    def _scan(self, work: Work) -> HeaderScan:
        return HeaderScan(self._means.decoders, self._means.share, work)
