"""The photographs that requests are about: decoded, or here already, and their maps as files."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.answers import Heatmap
from engine.errors import Refusal
from engine.geometry import Affine
from engine.pictures import Laterality, Photograph
from engine.service.crashes import file_state
from engine.service.decoder_messages import Decoded
from engine.service.decoders import DecoderPool
from engine.service.exchange import Exchange, mapped, photograph
from engine.service.lanes import Work
from engine.service.messages import FromEngine, MapFile, PictureFile, Progress
from engine.service.requests import Requests

Rows = tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]
"""An affine, row by row."""


class Pictures:
    """Reads each picture once, as long as it is kept; used by several lanes at once."""

    def __init__(
        self,
        send: Callable[[FromEngine], None],
        exchange: Exchange,
        decoders: DecoderPool,
        requests: Requests,
    ) -> None:
        self._send = send
        self._exchange = exchange
        self._decoders = decoders
        self._requests = requests

    def go_on_with(
        self,
        picture: PictureFile,
        work: Work,
        step: Callable[[Photograph], FromEngine],
        *,
        on: Executor,
        by: Executor,
    ) -> None:
        """Take a step with the picture ``on`` a lane; read ``by`` another if it is not here."""

        def go_on(pixels: Photograph) -> object:
            return on.submit(self._requests.do, work, lambda: step(pixels))

        if (decoded := self._exchange.find(picture.content_hash, picture.path)) is not None:
            go_on(photograph(decoded))
            return

        def read() -> Callable[[], object]:
            pixels = photograph(self.read(picture, work))
            return lambda: go_on(pixels)

        by.submit(self._requests.do, work, read)

    def read(self, picture: PictureFile, work: Work) -> Decoded:
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

    def here(self, picture: PictureFile, work: Work) -> Photograph:
        """A picture, decoded if it is not here any more. Raises ``Refusal``."""
        decoded = self._exchange.find(picture.content_hash, picture.path)
        return photograph(decoded or self.read(picture, work))

    def readable(self, picture: PictureFile, work: Work) -> Photograph | Refusal:
        """A picture, or why it cannot be read: the others may be answered without it."""
        try:
            return self.here(picture, work)
        except Refusal as refusal:
            return refusal

    def map_file(self, heatmap: Heatmap | None) -> MapFile | None:
        """A heatmap as a file that the window maps."""
        if heatmap is None:
            return None
        signed = heatmap.signed is not None
        numbers = heatmap.values if heatmap.signed is None else heatmap.signed
        names: tuple[str, ...] = ()
        if heatmap.kinds is not None:
            names = heatmap.kinds.names
            numbers = np.stack([numbers, heatmap.kinds.places.astype(np.float32)])
        file = self._exchange.write(numbers)
        return MapFile(file, rows(heatmap.way_back), signed, heatmap.chance, names)


def heatmap_of(map_file: MapFile | None, picture: Photograph) -> Heatmap | None:
    """The heatmap that the window sent back."""
    if map_file is None:
        return None
    height, width = picture.pixels.shape[:2]
    return map_file.heatmap(mapped(map_file.file), (height, width))


def rows(affine: Affine) -> Rows:
    """A 3x3 affine as messages have it."""
    a, b, c = ((row[0], row[1], row[2]) for row in affine.tolist())
    return a, b, c


def with_eyes(
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
