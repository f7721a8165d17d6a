"""Small pictures of series and photographs, drawn by decoders and kept for the session."""

from collections.abc import Callable
from pathlib import Path

from engine.images.plan import Planned, files_of
from engine.service.crashes import file_state
from engine.service.decoder_messages import DrawSmall, Shrink, Shrunk
from engine.service.decoders import DecoderPool
from engine.service.exchange import Exchange, SmallFile
from engine.service.lanes import Work
from engine.service.messages import Part
from engine.service.reading import made_of


class Thumbnails:
    """Draws and keeps them; each file that comes back is lent to the window once more."""

    def __init__(self, exchange: Exchange, decoders: DecoderPool) -> None:
        self._exchange = exchange
        self._decoders = decoders

    def of_series(self, planned: Planned, state: str, work: Work) -> SmallFile:
        """A series' middle slice; ``state`` tells its files. Raises as ``DecoderPool.ask``."""
        return self._kept(state, lambda: self._series(planned, state, work))

    def of_photograph(self, path: Path, work: Work) -> SmallFile:
        """A photograph, with the hash of its content. Raises as ``DecoderPool.ask``."""
        state = file_state(path)
        key = "" if state is None else f"photograph {state}"
        return self._kept(key, lambda: self._photograph(path, work))

    def _kept(self, key: str, draw: Callable[[], SmallFile]) -> SmallFile:
        small = self._exchange.lend_small(key) if key else None
        if small is None:
            small = draw()
            self._exchange.lend(small.file)
            if key:
                self._exchange.keep_small(key, small)
        return small

    def _series(self, planned: Planned, state: str, work: Work) -> SmallFile:
        output = str(self._exchange.fresh())
        # A volume that is one file would be read whole for it.
        volume = self._exchange.lend_volume(made_of(state, Part(), straight=False))
        asked = DrawSmall(planned, output, volume.file if volume is not None else "")
        try:
            self._decoders.ask(asked, Path(files_of(planned.plan)[0]), work)
        finally:
            if volume is not None:
                self._exchange.release(volume.file)
        return SmallFile(output)

    def _photograph(self, path: Path, work: Work) -> SmallFile:
        output = str(self._exchange.fresh())
        shrunk = self._decoders.ask(Shrink(str(path), output), path, work)
        assert isinstance(shrunk, Shrunk)
        return SmallFile(output, shrunk.content_hash)
