"""The engine's work: each message onto its lane, and exactly one last word for each request."""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.answers import Heatmap
from engine.errors import Cancelled, Refusal
from engine.geometry import Affine
from engine.images.plan import Planned
from engine.pictures import Laterality, Photograph
from engine.service import memory
from engine.service.abilities import Abilities
from engine.service.catalogues import Catalogues
from engine.service.crashes import file_state
from engine.service.decoder_messages import Decoded
from engine.service.decoders import DecoderError, DecoderPool
from engine.service.exchange import Exchange, mapped, photograph
from engine.service.findings import Findings
from engine.service.lanes import Lanes, Work
from engine.service.messages import (
    Answered,
    AnsweredStage,
    AnsweredTogether,
    Ask,
    AskStage,
    AskTogether,
    Cancel,
    CheckTruth,
    CompareVisits,
    Draw,
    Drawn,
    DrawThumbnail,
    DrawTruth,
    EyesFound,
    Failed,
    Find,
    FindEyes,
    FindLandmarks,
    FindRegions,
    FindVisits,
    Found,
    FromEngine,
    Gone,
    Hasten,
    InstallPack,
    MapFile,
    Open,
    Opened,
    OpenVolume,
    OrderFile,
    Packs,
    PictureFile,
    Progress,
    Refused,
    Release,
    SeriesFile,
    ShrinkPhotograph,
    Stop,
    Thumbnail,
    ToEngine,
    TooMuch,
    TruthChecked,
    VisitsFound,
    VolumeOpened,
)
from engine.service.opening import Means, open_volume
from engine.service.reading import least_step, made_of, reading_of
from engine.service.report import report
from engine.service.scanning import HeaderScan
from engine.service.thumbnails import Thumbnails

log = logging.getLogger(__name__)

CANCELLED = "It was cancelled."
REPLACED = "A newer question took its place."

Step = Callable[[], FromEngine | Callable[[], object]]
"""Part of a request on one lane; returns its last word, or how another lane goes on."""


class Service:
    """Takes messages, never waits, and sends what becomes of them."""

    def __init__(
        self,
        send: Callable[[FromEngine], None],
        exchange: Exchange,
        decoders: DecoderPool,
        abilities: Abilities,
    ) -> None:
        self._send = send
        self._exchange = exchange
        self._decoders = decoders
        self._abilities = abilities
        self._lanes = Lanes()
        self._catalogues = Catalogues(exchange.folder)
        self._findings = Findings(exchange)
        self._means = Means(send, exchange, decoders, self._lanes.share)
        self._thumbnails = Thumbnails(exchange, decoders)
        self._works: dict[int, Work] = {}
        self._running: set[int] = set()
        self._panes: dict[str, int] = {}
        self._ahead: set[int] = set()
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Make ready for the first file and the first question."""
        self._lanes.read.submit(self._warm)

    def take(self, message: ToEngine) -> None:
        """Begin what a message asks for; returns at once."""
        match message:
            case Open():
                self._open(message)
            case Ask():
                self._ask(message)
            case AskStage():
                self._ask_stage(message)
            case CheckTruth():
                self._check_truth(message)
            case DrawTruth():
                self._draw_truth(message)
            case AskTogether():
                self._ask_together(message)
            case Draw():
                self._draw(message)
            case FindLandmarks() | FindRegions():
                self._find_in_picture(message)
            case InstallPack():
                self._install(message)
            case Find():
                self._find(message)
            case FindEyes():
                self._find_eyes(message)
            case FindVisits():
                self._find_visits(message)
            case CompareVisits():
                self._compare_visits(message)
            case OpenVolume():
                self._open_volume(message)
            case DrawThumbnail():
                self._draw_thumbnail(message)
            case ShrinkPhotograph():
                self._shrink(message)
            case Hasten(id=number):
                with self._lock:
                    self._ahead.discard(number)
            case Cancel(id=number):
                self._stop(number, CANCELLED)
            case Release(array=file):
                self._exchange.release(file)
            case Stop():
                self.stop()

    def stop(self) -> None:
        """Ask all work to stop, and end the decoders."""
        for number in tuple(self._works):
            self._stop(number, CANCELLED)
        self._decoders.close()

    def finish(self) -> None:
        """Wait for the work that was asked to stop."""
        self._lanes.finish()

    # ---- what each message asks for

    def _open(self, message: Open) -> None:
        work = self._begin(message.id, Path(message.picture.path))

        def read() -> FromEngine:
            decoded = self._read(message.picture, work)
            return Opened(
                message.id,
                self._exchange.lend(decoded.file),
                decoded.name,
                decoded.content_hash,
                decoded.laterality,
                decoded.warnings,
            )

        lane = self._lanes.ahead if message.ahead else self._lanes.read
        lane.submit(self._do, work, read)

    def _ask(self, message: Ask) -> None:
        work = self._begin(message.id, Path(message.picture.path))
        self._replace(message.pane, message.id, ahead=message.ahead)

        def answer(picture: Photograph) -> FromEngine:
            work.progress("Asking the network", 0, 0)
            question = self._abilities.questions[message.question]
            asked = (message.pack, message.checkpoint, message.criterion, message.device)
            said, heatmap = question(picture, *asked, work)
            work.check()
            return Answered(message.id, said, self._map_file(heatmap))

        self._with_picture(
            work,
            message.picture,
            lambda picture: self._lanes.answer.submit(self._do, work, lambda: answer(picture)),
            self._lanes.ahead if message.ahead else self._lanes.read,
        )

    def _ask_stage(self, message: AskStage) -> None:
        work = self._begin(message.id, Path(message.picture.path))
        # It comes behind the photograph's own question: what is asked ahead gives no more way.
        self._replace(message.pane, message.id, ahead=message.ahead, alone=True)

        def answer(picture: Photograph) -> FromEngine:
            work.progress("Asking the network", 0, 0)
            said, heatmap = self._abilities.stage(picture, message, work)
            work.check()
            return AnsweredStage(message.id, said, self._map_file(heatmap))

        self._with_picture(
            work,
            message.picture,
            lambda picture: self._lanes.answer.submit(self._do, work, lambda: answer(picture)),
            self._lanes.ahead if message.ahead else self._lanes.read,
        )

    def _ask_together(self, message: AskTogether) -> None:
        files = (*(picture.path for picture in message.pictures), message.context)
        work = self._begin(message.id, *(Path(file) for file in files if file))
        self._replace(message.pane, message.id)

        def read() -> Callable[[], object]:
            pictures = [self._readable(picture, work) for picture in message.pictures]
            pictures = _with_eyes(pictures, message.eyes)
            return lambda: self._lanes.answer.submit(self._do, work, lambda: answer(pictures))

        def answer(pictures: Sequence[Photograph | Refusal]) -> FromEngine:
            work.progress("Asking the network", 0, 0)
            said, maps = self._abilities.together[message.question](pictures, message, work)
            work.check()
            return AnsweredTogether(message.id, said, tuple(map(self._map_file, maps)))

        self._lanes.read.submit(self._do, work, read)

    def _check_truth(self, message: CheckTruth) -> None:
        work = self._begin(message.id, Path(message.picture.path))
        self._replace(message.pane, message.id)

        def check(picture: Photograph) -> FromEngine:
            said, orders = self._abilities.check_truth(picture, message, work)
            work.check()
            files = tuple(
                OrderFile(each.criterion, self._exchange.write(each.shares), _rows(each.way_back))
                for each in orders
            )
            return TruthChecked(message.id, said, files)

        self._with_picture(
            work,
            message.picture,
            lambda picture: self._lanes.check.submit(self._do, work, lambda: check(picture)),
        )

    def _draw_truth(self, message: DrawTruth) -> None:
        work = self._begin(message.id, Path(message.to))

        def draw() -> FromEngine:
            work.progress("Drawing the figure", 0, 0)
            self._abilities.draw_truth(message.check, Path(message.to))
            return Drawn(message.id, message.to)

        self._lanes.write.submit(self._do, work, draw)

    def _readable(self, picture: PictureFile, work: Work) -> Photograph | Refusal:
        """A picture, or why it cannot be read: the others may be answered without it."""
        try:
            return self._here(picture, work)
        except Refusal as refusal:
            return refusal

    def _here(self, picture: PictureFile, work: Work) -> Photograph:
        """A picture, decoded if it is not here any more. Raises ``Refusal``."""
        decoded = self._exchange.find(picture.content_hash, picture.path)
        return photograph(decoded or self._read(picture, work))

    def _replace(self, pane: str, number: int, *, ahead: bool = False, alone: bool = False) -> None:
        """Stop what a newer question makes needless, and unless ``alone`` what gives way to it."""
        with self._lock:
            older = {self._panes[pane]} if pane in self._panes else set()
            self._panes[pane] = number
            if ahead:
                self._ahead.add(number)
            elif not alone:
                older |= self._ahead
        for other in older:
            self._stop(other, REPLACED)

    def _draw(self, message: Draw) -> None:
        work = self._begin(message.id, Path(message.picture.path), Path(message.to))

        def draw(picture: Photograph) -> FromEngine:
            work.progress("Drawing the picture", 0, 0)
            heatmap = _heatmap(message.heatmap, picture)
            self._abilities.draw(
                replace(picture, laterality=message.eye),
                message.answer,
                heatmap,
                message.look,
                message.marks,
                Path(message.to),
                message.stage,
            )
            return Drawn(message.id, message.to)

        self._with_picture(
            work,
            message.picture,
            lambda picture: self._lanes.write.submit(self._do, work, lambda: draw(picture)),
        )

    def _find_in_picture(self, message: FindLandmarks | FindRegions) -> None:
        work = self._begin(message.id, Path(message.picture.path))
        self._with_picture(
            work,
            message.picture,
            lambda picture: self._lanes.find.submit(
                self._do, work, lambda: self._findings.find(message, picture, work)
            ),
        )

    def _install(self, message: InstallPack) -> None:
        work = self._begin(message.id, Path(message.path))

        def install() -> FromEngine:
            work.progress("Checking the pack", 0, 0)
            installed = self._abilities.install(Path(message.path))
            return Packs(message.id, installed.name, self._abilities.list_packs())

        self._lanes.write.submit(self._do, work, install)

    def _find(self, message: Find) -> None:
        work = self._begin(message.id, *map(Path, message.paths))

        def find() -> FromEngine:
            work.progress("Looking for pictures", 0, 0)
            return Found(message.id, self._catalogues.find(message.paths, self._scan(work), work))

        self._lanes.series.submit(self._do, work, find)

    def _find_eyes(self, message: FindEyes) -> None:
        work = self._begin(message.id, *map(Path, message.paths))

        def find() -> FromEngine:
            from engine.images.dicom.eye_facts import eye_facts, files_with_headers

            files = files_with_headers([Path(path) for path in message.paths])
            headers, _ = self._scan(work)(files, work)
            return EyesFound(message.id, tuple(eye_facts(header) for header in headers))

        self._lanes.series.submit(self._do, work, find)

    def _find_visits(self, message: FindVisits) -> None:
        work = self._begin(message.id, Path(message.path), *map(Path, message.dates))

        def find() -> FromEngine:
            from engine.followup.gather import gather

            work.progress("Looking for earlier visits", 0, 0)
            patient = gather(
                Path(message.path), self._scan(work), work, message.dates,
                whole_folder=message.whole_folder,
            )  # fmt: skip
            return VisitsFound(message.id, patient)

        self._lanes.series.submit(self._do, work, find)

    def _compare_visits(self, message: CompareVisits) -> None:
        pictures = (message.earlier.picture, message.later.picture)
        work = self._begin(message.id, *(Path(picture.path) for picture in pictures))
        # It asks no network: what is asked ahead, such as the next visit, need not give way to it.
        self._replace(message.pane, message.id, alone=True)

        def read() -> Callable[[], object]:
            both = [self._here(picture, work) for picture in pictures]
            return lambda: self._lanes.find.submit(
                self._do, work, lambda: self._findings.compare(message, both[0], both[1], work)
            )

        self._lanes.read.submit(self._do, work, read)

    def _open_volume(self, message: OpenVolume) -> None:
        work = self._begin(message.id, *map(Path, message.series.paths))

        def read() -> FromEngine:
            planned, state = self._planned(message.series, work)
            key = made_of(state, message.part, message.straight)
            if (here := self._exchange.lend_volume(key)) is not None:
                return VolumeOpened(message.id, here.file, here.facts)
            reading = reading_of(planned, message.part, message.straight)
            room = memory.room(self._exchange.folder)
            if reading.needed > room:
                step = least_step(
                    planned, message.part, message.straight, lambda needed: needed <= room
                )
                return TooMuch(message.id, reading.needed, max(room, 0), step)
            volume = open_volume(reading, self._means, work)
            self._exchange.keep_volume(key, volume)
            return VolumeOpened(message.id, volume.file, volume.facts)

        self._lanes.series.submit(self._do, work, read)

    def _draw_thumbnail(self, message: DrawThumbnail) -> None:
        work = self._begin(message.id, *map(Path, message.series.paths))

        def draw() -> FromEngine:
            planned, state = self._planned(message.series, work)
            return Thumbnail(message.id, self._thumbnails.of_series(planned, state, work).file)

        self._lanes.read.submit(self._do, work, draw)

    def _shrink(self, message: ShrinkPhotograph) -> None:
        path = Path(message.picture.path)
        work = self._begin(message.id, path)

        def shrink() -> FromEngine:
            small = self._thumbnails.of_photograph(path, work)
            return Thumbnail(message.id, small.file, small.content_hash)

        self._lanes.ahead.submit(self._do, work, shrink)

    # ---- the way of a request

    def _warm(self) -> None:
        # One after the other: on two cores torch would keep the first photograph waiting.
        try:
            self._decoders.warm()
        finally:
            self._lanes.answer.submit(self._prepare)
        self._catalogues.warm()

    def _prepare(self) -> None:
        try:
            self._send(self._abilities.prepare())
        except Exception as error:
            self._send(Failed(0, self._reported(error, ())))

    def _begin(self, number: int, *private: Path) -> Work:
        def tell(what: str, done: int, total: int) -> None:
            self._send(Progress(number, what, done, total))

        work = Work(number, private, tell)
        with self._lock:
            self._works[number] = work
        return work

    def _stop(self, number: int, why: str) -> None:
        with self._lock:
            work = self._works.get(number)
            running = number in self._running
        if work is None:
            return
        work.stop(why)
        if not running:
            self._end(work, Gone(number, why))

    def _do(self, work: Work, step: Step) -> None:
        """Take one step of a request, then send its last word or go on on another lane."""
        with self._lock:
            if work.number not in self._works:
                return
            self._running.add(work.number)
        try:
            outcome = self._outcome(work, step)
        finally:
            with self._lock:
                self._running.discard(work.number)
        if not callable(outcome):
            self._end(work, outcome)
        elif work.cancelled:
            self._end(work, Gone(work.number, work.why))
        else:
            outcome()

    def _outcome(self, work: Work, step: Step) -> FromEngine | Callable[[], object]:
        try:
            work.check()
            return step()
        except Cancelled:
            return Gone(work.number, work.why)
        except Refusal as refusal:
            return Refused(work.number, refusal.what, refusal.why, refusal.advice)
        except Exception as error:
            return Failed(work.number, self._reported(error, work.private))

    def _end(self, work: Work, last: FromEngine) -> None:
        with self._lock:
            if self._works.pop(work.number, None) is None:
                return
            for pane, number in tuple(self._panes.items()):
                if number == work.number:
                    del self._panes[pane]
            self._ahead.discard(work.number)
        self._send(last)

    def _reported(self, error: Exception, private: tuple[Path, ...]) -> str:
        text = str(error) if isinstance(error, DecoderError) else report(error, private)
        log.error("A request failed by our own fault:\n%s", text)
        return text

    # ---- series

    def _planned(self, series: SeriesFile, work: Work) -> tuple[Planned, str]:
        return self._catalogues.planned(series, self._scan(work), work)

    def _scan(self, work: Work) -> HeaderScan:
        return HeaderScan(self._decoders, self._lanes.share, work)

    # ---- pictures

    def _with_picture(
        self,
        work: Work,
        picture: PictureFile,
        go_on: Callable[[Photograph], object],
        lane: Executor | None = None,
    ) -> None:
        """Go on with the decoded picture, by a lane that reads if it is not here any more."""
        if (decoded := self._exchange.find(picture.content_hash, picture.path)) is not None:
            go_on(photograph(decoded))
            return

        def read() -> Callable[[], object]:
            pixels = photograph(self._read(picture, work))
            return lambda: go_on(pixels)

        (lane or self._lanes.read).submit(self._do, work, read)

    def _read(self, picture: PictureFile, work: Work) -> Decoded:
        """Decode a file, or find that it has been. Raises ``Refusal`` if it is not the same."""
        work.check()
        self._send(Progress(work.number, "Reading the photograph", 0, 0, by_decoder=True))
        path = Path(picture.path)
        state = file_state(path)
        decoded = self._exchange.find_file(state)
        if decoded is None:
            output = self._exchange.fresh()
            decoded = self._exchange.keep(self._decoders.decode(path, output, work), state)
        if picture.content_hash not in ("", decoded.content_hash):
            raise Refusal(
                f"“{path.name}” has changed since it was opened.",
                f"Its content began with {picture.content_hash[:8]} and begins with "
                f"{decoded.content_hash[:8]} now, as a checksum tells.",
                "Open it again to see and ask what it holds now.",
            )
        return decoded

    def _map_file(self, heatmap: Heatmap | None) -> MapFile | None:
        if heatmap is None:
            return None
        signed = heatmap.signed is not None
        numbers = heatmap.values if heatmap.signed is None else heatmap.signed
        names: tuple[str, ...] = ()
        if heatmap.kinds is not None:
            names = heatmap.kinds.names
            numbers = np.stack([numbers, heatmap.kinds.places.astype(np.float32)])
        file = self._exchange.write(numbers)
        return MapFile(file, _rows(heatmap.way_back), signed, heatmap.chance, names)


def _rows(
    affine: Affine,
) -> tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]:
    a, b, c = ((row[0], row[1], row[2]) for row in affine.tolist())
    return a, b, c


def _with_eyes(
    pictures: Sequence[Photograph | Refusal], eyes: Sequence[Laterality | None]
) -> list[Photograph | Refusal]:
    """The pictures, each with the eye that was said of it, if any was."""
    said = dict(enumerate(eyes))
    return [
        replace(picture, laterality=said[place])
        if isinstance(picture, Photograph) and place in said
        else picture
        for place, picture in enumerate(pictures)
    ]


def _heatmap(map_file: MapFile | None, picture: Photograph) -> Heatmap | None:
    if map_file is None:
        return None
    height, width = picture.pixels.shape[:2]
    return map_file.heatmap(mapped(map_file.file), (height, width))
