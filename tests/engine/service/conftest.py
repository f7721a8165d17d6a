"""Engine processes under test: real ones, with questions and decoders that misbehave on demand."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from volume_desk import Desk

from engine import folders
from engine.answers import Criterion
from engine.service.abilities import Abilities
from engine.service.decoders import DecoderPool
from engine.service.exchange import Exchange
from engine.service.messages import (
    Ask,
    FromEngine,
    Hello,
    Open,
    PictureFile,
    Progress,
    Ready,
    SlicesRead,
    ToEngine,
    VolumeBegun,
    decode_from_engine,
    encode,
)
from engine.service.service import Service

FAKE = Path(__file__).with_name("fake_engine.py")


@pytest.fixture(autouse=True)
def cache_folder(own_home: Path) -> Path:
    return folders.made(folders.cache())


@pytest.fixture
def control(tmp_path: Path) -> Path:
    """The folder by which a test and its fake engine or decoder speak."""
    folder = tmp_path / "control"
    folder.mkdir()
    return folder


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A small photograph; its pixels are known, since PNG loses nothing."""
    pixels = np.random.default_rng(1).integers(0, 256, (6, 9, 3), dtype=np.uint8)
    path = tmp_path / "Doe" / "Doe Jane.png"
    path.parent.mkdir()
    Image.fromarray(pixels).save(path)
    return path


class Engine:
    """An engine's process, spoken to line by line as a window does."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._last_words: dict[int, FromEngine] = {}
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=environment,
        )

    def send(self, *messages: ToEngine) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"".join(encode(message) for message in messages))
        self.process.stdin.flush()

    def open(self, number: int, path: Path, content_hash: str = "") -> None:
        self.send(Open(number, PictureFile(str(path), content_hash)))

    def ask(
        self, number: int, path: Path, pack: str, pane: str = "one", content_hash: str = ""
    ) -> None:
        picture = PictureFile(str(path), content_hash)
        self.send(Ask(number, pane, "retinopathy", picture, pack, Criterion.PI, "automatic"))

    def receive(self) -> FromEngine:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the engine ended"
        return decode_from_engine(line)

    def last_word(self, number: int) -> FromEngine:
        """The last word on a request."""
        while number not in self._last_words:
            self._keep(self.receive())
        return self._last_words[number]

    def begun(self, number: int, what: str) -> None:
        """Wait until it does this for a request."""
        while True:
            message = self.receive()
            self._keep(message)
            if isinstance(message, Progress) and (message.id, message.what) == (number, what):
                return

    def _keep(self, message: FromEngine) -> None:
        if not isinstance(message, Hello | Ready | Progress | VolumeBegun | SlicesRead):
            self._last_words[message.id] = message

    def hang_up(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A folder whose name no message may tell."""
    return tmp_path / "Doe Jane"


@pytest.fixture
def session(tmp_path: Path) -> Path:
    folder = tmp_path / "session"
    folder.mkdir()
    return folder


@pytest.fixture
def start(cache_folder: Path, session: Path) -> Iterator[Callable[..., Engine]]:
    """Start an engine by its command; the session's folder is added."""
    started: list[Engine] = []

    def begin(*command: str, folder: Path = cache_folder) -> Engine:
        started.append(Engine([*command, str(session)], folder))
        return started[-1]

    yield begin
    for engine in started:
        engine.process.kill()
        engine.process.wait()
        for pipe in (engine.process.stdin, engine.process.stdout):
            assert pipe is not None
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


@pytest.fixture
def engine(start: Callable[..., Engine], control: Path) -> Engine:
    """An engine whose questions and decoders do what ``fake_engine`` and ``fake_decoder`` say."""
    return start(sys.executable, "-P", str(FAKE), str(control))


@pytest.fixture(scope="module")
def decoders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DecoderPool, Path]]:
    """Real decoders, kept for all tests of a file, and the folder by which they are controlled."""
    folder = tmp_path_factory.mktemp("control")
    command = (sys.executable, "-P", str(FAKE.with_name("fake_decoder.py")), str(folder))
    pool = DecoderPool(folder / "crashes", command)
    yield pool, folder
    pool.close()


@pytest.fixture
def rules(decoders: tuple[DecoderPool, Path]) -> Iterator[Path]:
    """The folder by which a test and the decoders of its file speak, empty."""
    _, folder = decoders
    yield folder
    for path in folder.iterdir():
        if path.is_file():
            path.unlink()


@pytest.fixture
def desk(decoders: tuple[DecoderPool, Path], rules: Path, session: Path) -> Iterator[Desk]:
    """A service in this process, and what it says."""
    asked = Desk()
    nothing = Abilities(
        lambda: Ready("", "", (), ()),
        {},
        lambda *_: None,
        lambda _: None,
        lambda: (),  # type: ignore[arg-type,return-value]
    )
    asked.service = Service(asked.hear, Exchange(session), decoders[0], nothing)
    yield asked
    asked.service._requests.stop_all()
    asked.service.finish()
