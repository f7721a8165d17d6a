"""Decoder processes: their limits, and what becomes of a file that kills them."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from engine.errors import Cancelled, Refusal
from engine.service import decoders
from engine.service.decoder_messages import Decode, Shrink
from engine.service.decoders import DecoderError, DecoderPool
from engine.service.lanes import Work

FAKE = Path(__file__).with_name("fake_decoder.py")


@pytest.fixture
def make_pool(control: Path) -> Iterator[Callable[..., DecoderPool]]:
    pools: list[DecoderPool] = []

    def make(**options: float) -> DecoderPool:
        command = (sys.executable, "-P", str(FAKE), str(control))
        pools.append(DecoderPool(control / "crashes", command, **options))
        return pools[-1]

    yield make
    for pool in pools:
        pool.close()


@pytest.fixture
def pool(make_pool: Callable[..., DecoderPool]) -> DecoderPool:
    return make_pool()


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    def write(words: str) -> Path:
        path = tmp_path / f"{words.split()[0]}.jpg"
        path.write_text(f"{words} ")
        return path

    return write


def work() -> Work:
    return Work(1, (), lambda *_: None)


def tries(control: Path) -> list[str]:
    return (control / "tries").read_text().split()


def test_a_file_that_crashes_its_decoder_twice_is_named_and_not_tried_again(
    pool: DecoderPool, file: Any, tmp_path: Path, control: Path
) -> None:
    path = file("crash")
    for _ in range(2):
        with pytest.raises(Refusal, match=r"crash.jpg.*crashed the decoder 2 times"):
            pool.decode(path, tmp_path / "out.npy", work())
    assert len(tries(control)) == 2


def test_a_deadly_file_is_still_known_to_the_next_engine(
    make_pool: Callable[..., DecoderPool], file: Any, tmp_path: Path, control: Path
) -> None:
    path = file("crash")
    for _ in range(2):
        with pytest.raises(Refusal, match=r"crash.jpg.*crashed the decoder 2 times"):
            make_pool().decode(path, tmp_path / "out.npy", work())
    assert len(tries(control)) == 2


def test_what_is_kept_of_a_deadly_file_does_not_name_it(
    pool: DecoderPool, file: Any, tmp_path: Path, control: Path
) -> None:
    with pytest.raises(Refusal):
        pool.decode(file("crash"), tmp_path / "out.npy", work())
    (kept,) = (control / "crashes").iterdir()
    assert "crash.jpg" not in kept.name + kept.read_text()


def test_a_file_is_tried_again_once_it_has_changed(
    pool: DecoderPool, file: Any, tmp_path: Path, photo: Path
) -> None:
    path = file("crash")
    with pytest.raises(Refusal):
        pool.decode(path, tmp_path / "out.npy", work())
    path.write_bytes(photo.read_bytes())
    assert pool.decode(path, tmp_path / "out.npy", work()).name == "crash.jpg"


def test_a_file_whose_decoder_dies_once_is_read_all_the_same(
    pool: DecoderPool, file: Any, tmp_path: Path, control: Path
) -> None:
    decoded = pool.decode(file("crash-once"), tmp_path / "out.npy", work())
    assert decoded.content_hash == "crash-once"
    assert len(tries(control)) == 2


def test_another_file_is_read_after_a_crash(
    pool: DecoderPool, file: Any, tmp_path: Path, photo: Path
) -> None:
    with pytest.raises(Refusal):
        pool.decode(file("crash"), tmp_path / "out.npy", work())
    assert pool.decode(photo, tmp_path / "out.npy", work()).name == photo.name


def test_a_decoder_is_kept_for_the_next_file(
    pool: DecoderPool, tmp_path: Path, photo: Path, control: Path
) -> None:
    for _ in range(3):
        pool.decode(photo, tmp_path / "out.npy", work())
    assert len(set(tries(control))) == 1


def test_a_decoder_that_was_killed_while_idle_costs_no_file(
    pool: DecoderPool, tmp_path: Path, photo: Path, control: Path
) -> None:
    pool.decode(photo, tmp_path / "out.npy", work())
    idle = int(tries(control)[-1])
    os.kill(idle, signal.SIGKILL)
    assert pool.decode(photo, tmp_path / "out.npy", work()).name == photo.name


def test_a_file_that_takes_too_long_is_stopped_and_refused(
    make_pool: Any, file: Any, tmp_path: Path, control: Path, await_end: Any
) -> None:
    with pytest.raises(Refusal, match=r"hang.jpg.*longer than"):
        make_pool(longest=3).decode(file("hang"), tmp_path / "out.npy", work())
    await_end(int(tries(control)[-1]))


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux bounds a process's memory.")
def test_a_file_that_takes_too_much_memory_is_refused(
    pool: DecoderPool, file: Any, tmp_path: Path
) -> None:
    with pytest.raises(Refusal, match=r"greedy.jpg.*2 GB of memory"):
        pool.decode(file("greedy"), tmp_path / "out.npy", work())


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux bounds a process's memory.")
def test_a_decoder_with_more_memory_is_for_what_needs_it_alone(
    pool: DecoderPool, file: Any, tmp_path: Path, control: Path, photo: Path, await_end: Any
) -> None:
    path, output = file("roomy"), tmp_path / "out.npy"
    with pytest.raises(Refusal, match="2 GB of memory"):
        pool.decode(path, output, work())
    pool.ask(Decode(str(path), str(output)), path, work(), memory=6 * 2**30)
    larger = int(tries(control)[-1])
    pool.decode(photo, output, work())
    assert int(tries(control)[-1]) != larger
    pool.end_larger()
    await_end(larger)


def test_a_decoder_has_no_torch_and_one_thread(
    pool: DecoderPool, file: Any, tmp_path: Path
) -> None:
    assert pool.decode(file("tell"), tmp_path / "out.npy", work()).warnings == ("False", "1")


def test_a_fault_of_our_own_is_reported_without_the_path(
    pool: DecoderPool, file: Any, tmp_path: Path
) -> None:
    path = file("raise")
    with pytest.raises(DecoderError, match="strange") as fault:
        pool.decode(path, tmp_path / "out.npy", work())
    assert str(tmp_path) not in str(fault.value)
    assert "raise.jpg" not in str(fault.value)


def test_a_cancelled_file_is_not_read(pool: DecoderPool, photo: Path, tmp_path: Path) -> None:
    stopped = work()
    stopped.stop("It was cancelled.")
    with pytest.raises(Cancelled):
        pool.decode(photo, tmp_path / "out.npy", stopped)


def test_a_file_that_is_left_while_it_is_read_does_not_cost_its_decoder(
    pool: DecoderPool, file: Any, tmp_path: Path, photo: Path, control: Path
) -> None:
    path, left = file("wait"), work()

    def leave() -> None:
        while not (control / "tries").exists() or not tries(control):
            os.sched_yield()
        left.stop("A newer file took its place.")
        (control / "go").touch()

    leaver = threading.Thread(target=leave)
    leaver.start()
    with pytest.raises(Cancelled):
        pool.decode(path, tmp_path / "out.npy", left)
    leaver.join()
    pool.decode(photo, tmp_path / "out.npy", work())
    assert len(set(tries(control))) == 1


def test_a_cancel_ends_the_decoder_of_a_file_and_blames_nobody(
    pool: DecoderPool, file: Any, tmp_path: Path, control: Path
) -> None:
    path = file("hang-once")
    stopped = work()

    def stop() -> None:
        while not (control / "tries").exists() or not tries(control):
            os.sched_yield()
        stopped.stop("It was cancelled.")

    stopper = threading.Thread(target=stop)
    stopper.start()
    with pytest.raises(Cancelled):
        pool.decode(path, tmp_path / "out.npy", stopped)
    stopper.join()
    assert pool.decode(path, tmp_path / "out.npy", work()).content_hash == "hang-once"


def test_a_program_that_is_no_decoder_is_our_fault_not_the_file_s(
    photo: Path, tmp_path: Path
) -> None:
    pool = DecoderPool(tmp_path / "crashes", (sys.executable, "-c", "pass"))
    with pytest.raises(DecoderError):
        pool.decode(photo, tmp_path / "out.npy", work())


def test_nothing_half_written_is_left(pool: DecoderPool, file: Any, tmp_path: Path) -> None:
    output = tmp_path / "out.npy"
    output.write_bytes(b"half")
    with pytest.raises(Refusal):
        pool.decode(file("crash"), output, work())
    assert not output.exists()


def test_a_decoder_that_the_system_does_not_let_go_is_not_waited_for(
    pool: DecoderPool, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool.decode(photo, tmp_path / "out.npy", work())
    # As one that waits for a dead network drive: the kill shows no effect.
    with monkeypatch.context() as patched:
        patched.setattr(subprocess.Popen, "kill", lambda _: None)
        closing = threading.Thread(target=pool.close, daemon=True)
        closing.start()
        closing.join(5)
        assert not closing.is_alive()


def test_no_decoder_outlives_its_pool(
    pool: DecoderPool, photo: Path, tmp_path: Path, control: Path, await_end: Any
) -> None:
    pool.decode(photo, tmp_path / "out.npy", work())
    pool.close()
    await_end(int(tries(control)[-1]))


@pytest.mark.parametrize("said", ["", "glibc.malloc.hugetlb=0"])
def test_a_decoder_may_have_large_pages_unless_the_system_is_told_otherwise(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLIBC_TUNABLES", said)
    tell = "import os; print(os.environ['GLIBC_TUNABLES'])"
    with decoders._begin([sys.executable, "-c", tell]) as begun:
        found, _ = begun.communicate()
    # The C library takes the last that it is told of one thing.
    told = dict(each.split("=") for each in found.decode().strip().split(":"))
    assert told["glibc.malloc.hugetlb"] == (said[-1:] or "1")
    assert int(told["glibc.malloc.mmap_threshold"]) == decoders.KEPT


def test_a_full_disk_is_said_and_leaves_nothing(
    pool: DecoderPool, tmp_path: Path, small_disk: Path
) -> None:
    photo = tmp_path / "eye.png"
    Image.new("RGB", (400, 400), (90, 40, 10)).save(photo)
    (session := small_disk / "exchange" / "session").mkdir(parents=True)
    for asked in (Decode, Shrink):
        (session / "filler").write_bytes(bytes(200_000 if asked is Shrink else 0))
        with pytest.raises(Refusal) as refused:
            pool.ask(asked(str(photo), str(session / "out.npy")), photo, work())
        assert refused.value.what == "“eye.png” cannot be shown."
        assert refused.value.why == f"Open pictures lie in {session.parent}, and its disk is full."
        assert [path.name for path in session.iterdir()] == ["filler"]
