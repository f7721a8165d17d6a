"""A pack that nobody touched is not hashed for every photograph; a touched one always is."""

import os
import time

import pytest

from engine.errors import Refusal
from engine.packs import pack as packs
from engine.packs import unchanged
from engine.packs.pack import Pack, load


@pytest.fixture
def later(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pack was written a while ago, and nobody has asked for it yet."""
    del pack
    now = time.time() + 10 * unchanged.SETTLED
    monkeypatch.setattr(unchanged.time, "time", lambda: now)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were read and hashed."""
    names: list[str] = []
    real = packs._sealed

    def noted(folder: object, name: str, manifest: object) -> bytes:
        names.append(name)
        return real(folder, name, manifest)  # type: ignore[arg-type]

    monkeypatch.setattr(packs, "_sealed", noted)
    return names


@pytest.mark.usefixtures("later")
def test_an_untouched_pack_is_read_once(pack: Pack, read: list[str]) -> None:
    first = load(pack.folder)
    assert "network.safetensors" in read
    read.clear()
    assert load(pack.folder) == first
    assert read == []


@pytest.mark.usefixtures("later")
def test_a_byte_that_changed_since_is_refused(pack: Pack) -> None:
    load(pack.folder)
    path = pack.folder / "card.md"
    content = bytearray(path.read_bytes())
    content[0] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(1, 1))  # at any time, were it an older one
    with pytest.raises(Refusal, match="card"):
        load(pack.folder)


@pytest.mark.usefixtures("later")
def test_a_file_that_was_added_since_is_refused(pack: Pack) -> None:
    load(pack.folder)
    (pack.folder / "more.txt").write_text("more")
    with pytest.raises(Refusal, match="more"):
        load(pack.folder)


def test_a_pack_that_was_written_this_moment_is_read_each_time(pack: Pack, read: list[str]) -> None:
    load(pack.folder)
    read.clear()
    load(pack.folder)
    assert "network.safetensors" in read
