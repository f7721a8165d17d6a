"""The engine's work: what each message asks for, step by step onto its lanes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from engine.errors import Refusal
from engine.pictures import Photograph
from engine.service.abilities import Abilities
from engine.service.catalogues import Catalogues
from engine.service.decoders import DecoderPool
from engine.service.exchange import Exchange
from engine.service.findings import Findings
from engine.service.lanes import Lanes
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
    Find,
    FindEyes,
    FindLandmarks,
    FindRegions,
    FindVisits,
    FromEngine,
    Hasten,
    InstallPack,
    ListPacks,
    Open,
    Opened,
    OpenVolume,
    OrderFile,
    Packs,
    Release,
    ShrinkPhotograph,
    Stop,
    Thumbnail,
    ToEngine,
    TruthChecked,
)
from engine.service.opening import Means
from engine.service.pictures import Pictures, heatmap_of, rows, with_eyes
from engine.service.requests import Requests, failed
from engine.service.series import Series
from engine.service.thumbnails import Thumbnails


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
        self._requests = Requests(send)
        self._do = self._requests.do
        self._pictures = Pictures(send, exchange, decoders, self._requests)
        self._catalogues = Catalogues(exchange.folder)
        self._findings = Findings(exchange)
        self._thumbnails = Thumbnails(exchange, decoders)
        means = Means(send, exchange, decoders, self._lanes.share)
        self._series = Series(
            means, self._lanes, self._requests, self._catalogues, self._thumbnails
        )

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
            case ListPacks():
                self._list_packs(message)
            case Find():
                self._series.find(message)
            case FindEyes():
                self._series.find_eyes(message)
            case FindVisits():
                self._series.find_visits(message)
            case CompareVisits():
                self._compare_visits(message)
            case OpenVolume():
                self._series.open(message)
            case DrawThumbnail():
                self._series.draw_small(message)
            case ShrinkPhotograph():
                self._shrink(message)
            case Hasten(id=number):
                self._requests.hasten(number)
            case Cancel(id=number):
                self._requests.stop(number)
            case Release(array=file):
                self._exchange.release(file)
            case Stop():
                self.stop()

    def stop(self) -> None:
        """Ask all work to stop, and end the decoders."""
        self._requests.stop_all()
        self._decoders.close()

    def finish(self) -> None:
        """Wait for the work that was asked to stop."""
        self._lanes.finish()

    # ---- what each message asks for

    def _open(self, message: Open) -> None:
        work = self._requests.begin(message.id, Path(message.picture.path))

        def read() -> FromEngine:
            decoded = self._pictures.read(message.picture, work)
            return Opened(
                message.id,
                self._exchange.lend(decoded.file),
                decoded.name,
                decoded.content_hash,
                decoded.laterality,
                decoded.warnings,
            )

        self._lanes.reading(message.ahead).submit(self._do, work, read)

    def _ask(self, message: Ask) -> None:
        work = self._requests.begin(message.id, Path(message.picture.path))
        self._requests.replace(message.pane, message.id, ahead=message.ahead)

        def answer(picture: Photograph) -> FromEngine:
            work.progress("Asking the network", 0, 0)
            question = self._abilities.questions[message.question]
            asked = (message.pack, message.checkpoint, message.criterion, message.device)
            said, heatmap = question(picture, *asked, work)
            work.check()
            return Answered(message.id, said, self._pictures.map_file(heatmap))

        by = self._lanes.reading(message.ahead)
        self._pictures.go_on_with(message.picture, work, answer, on=self._lanes.answer, by=by)

    def _ask_stage(self, message: AskStage) -> None:
        work = self._requests.begin(message.id, Path(message.picture.path))
        # It comes behind the photograph's own question: what is asked ahead gives no more way.
        self._requests.replace(message.pane, message.id, ahead=message.ahead, alone=True)

        def answer(picture: Photograph) -> FromEngine:
            work.progress("Asking the network", 0, 0)
            said, heatmap = self._abilities.stage(picture, message, work)
            work.check()
            return AnsweredStage(message.id, said, self._pictures.map_file(heatmap))

        by = self._lanes.reading(message.ahead)
        self._pictures.go_on_with(message.picture, work, answer, on=self._lanes.answer, by=by)

    def _ask_together(self, message: AskTogether) -> None:
        files = (*(picture.path for picture in message.pictures), message.context)
        work = self._requests.begin(message.id, *(Path(file) for file in files if file))
        self._requests.replace(message.pane, message.id)

        def read() -> Callable[[], object]:
            pictures = [self._pictures.readable(picture, work) for picture in message.pictures]
            pictures = with_eyes(pictures, message.eyes)
            return lambda: self._lanes.answer.submit(self._do, work, lambda: answer(pictures))

        def answer(pictures: Sequence[Photograph | Refusal]) -> FromEngine:
            work.progress("Asking the network", 0, 0)
            said, maps = self._abilities.together[message.question](pictures, message, work)
            work.check()
            return AnsweredTogether(message.id, said, tuple(map(self._pictures.map_file, maps)))

        self._lanes.read.submit(self._do, work, read)

    def _check_truth(self, message: CheckTruth) -> None:
        work = self._requests.begin(message.id, Path(message.picture.path))
        self._requests.replace(message.pane, message.id)

        def check(picture: Photograph) -> FromEngine:
            said, orders = self._abilities.check_truth(picture, message, work)
            work.check()
            files = tuple(
                OrderFile(each.criterion, self._exchange.write(each.shares), rows(each.way_back))
                for each in orders
            )
            return TruthChecked(message.id, said, files)

        self._pictures.go_on_with(
            message.picture, work, check, on=self._lanes.check, by=self._lanes.read
        )

    def _draw_truth(self, message: DrawTruth) -> None:
        work = self._requests.begin(message.id, Path(message.to))

        def draw() -> FromEngine:
            work.progress("Drawing the figure", 0, 0)
            self._abilities.draw_truth(message.check, Path(message.to))
            return Drawn(message.id, message.to)

        self._lanes.write.submit(self._do, work, draw)

    def _draw(self, message: Draw) -> None:
        work = self._requests.begin(message.id, Path(message.picture.path), Path(message.to))

        def draw(picture: Photograph) -> FromEngine:
            work.progress("Drawing the picture", 0, 0)
            heatmap = heatmap_of(message.heatmap, picture)
            self._abilities.draw(
                replace(picture, laterality=message.eye),
                message.answer,
                heatmap,
                message.look,
                message.marks,
                Path(message.to),
                message.stage,
                message.reading,
            )
            return Drawn(message.id, message.to)

        self._pictures.go_on_with(
            message.picture, work, draw, on=self._lanes.write, by=self._lanes.read
        )

    def _find_in_picture(self, message: FindLandmarks | FindRegions) -> None:
        work = self._requests.begin(message.id, Path(message.picture.path))
        self._pictures.go_on_with(
            message.picture,
            work,
            lambda picture: self._findings.find(message, picture, work),
            on=self._lanes.find,
            by=self._lanes.read,
        )

    def _install(self, message: InstallPack) -> None:
        work = self._requests.begin(message.id, Path(message.path))

        def install() -> FromEngine:
            work.progress("Checking the pack", 0, 0)
            installed = self._abilities.install(Path(message.path))
            return Packs(message.id, installed.name, self._abilities.list_packs())

        self._lanes.write.submit(self._do, work, install)

    def _list_packs(self, message: ListPacks) -> None:
        work = self._requests.begin(message.id)
        listed = self._abilities.list_packs
        self._lanes.write.submit(self._do, work, lambda: Packs(message.id, "", listed()))

    def _compare_visits(self, message: CompareVisits) -> None:
        pictures = (message.earlier.picture, message.later.picture)
        work = self._requests.begin(message.id, *(Path(picture.path) for picture in pictures))
        # It asks no network: what is asked ahead, such as the next visit, need not give way to it.
        self._requests.replace(message.pane, message.id, alone=True)

        def read() -> Callable[[], object]:
            both = [self._pictures.here(picture, work) for picture in pictures]
            return lambda: self._lanes.find.submit(
                self._requests.do,
                work,
                lambda: self._findings.compare(message, both[0], both[1], work),
            )

        self._lanes.read.submit(self._do, work, read)

    def _shrink(self, message: ShrinkPhotograph) -> None:
        path = Path(message.picture.path)
        work = self._requests.begin(message.id, path)

        def shrink() -> FromEngine:
            small = self._thumbnails.of_photograph(path, work)
            return Thumbnail(message.id, small.file, small.content_hash)

        self._lanes.ahead.submit(self._do, work, shrink)

    # ---- what is made ready

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
            self._send(failed(0, error))
