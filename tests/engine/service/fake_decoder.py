"""A real decoder process whose reader does what the file's first word says. Not a test.

For a DICOM file it is what its name says after a hyphen: "IM03-slicecrash.dcm".

``python -P fake_decoder.py CONTROL ENGINE MEMORY``. Each try leaves a line with the number of the
process in CONTROL/tries.
"""

import ctypes
import errno
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import engine.images.photograph
from engine.images import load, straight
from engine.images.dicom import pixels, scan
from engine.images.dicom.header import Header
from engine.images.plan import FilePlan, Source
from engine.listing import RefusedFile
from engine.pictures import Photograph
from engine.service import decoder, decoder_volumes

CONTROL = Path(sys.argv[1])
TRIES = CONTROL / "tries"
open_really = engine.images.photograph.open_picture
read_really = pixels.read_picture
scan_really = scan.scan_chunk
straighten_really = straight.straighten
write_really = decoder_volumes.write_slice
read_file_really = load.read_file


def hold(stage: str) -> None:
    try:
        (CONTROL / f"hold-{stage}").unlink()
    except FileNotFoundError:
        return
    (CONTROL / f"held-{stage}").touch()
    threading.Event().wait()


def open_picture(path: Path) -> Photograph:
    first = path.read_bytes()[:20].split(b" ")[0] if path.is_file() else b""
    before = TRIES.read_text().count("\n") if TRIES.exists() else 0
    with TRIES.open("a") as tries:
        tries.write(f"{os.getpid()}\n")
    hold("open")
    match first:
        case b"crash":
            os.abort()
        case b"crash-once" if before == 0:
            os.abort()
        case b"hang":
            threading.Event().wait()
        case b"stuck":
            # As a C library that keeps the interpreter's lock: no other thread gets a turn.
            ctypes.PyDLL(None).sleep(60)
        case b"hang-once" if before == 0:
            threading.Event().wait()
        case b"wait":
            while not (CONTROL / "go").exists():
                os.sched_yield()
        case b"greedy":
            np.ones(2**30)
        case b"roomy":
            np.empty(3 * 2**30, np.uint8)
        case b"raise":
            raise ValueError(f"strange: {path}")
        case b"tell":
            told = (str("torch" in sys.modules), os.environ["OMP_NUM_THREADS"])
            return Photograph(np.zeros((1, 1, 3), np.uint8), path.name, "told", None, told)
        case b"noisy":
            sys.stdout.write("noise\n")
            sys.stdout.flush()
            os.write(1, b"noise\n")
    if first.endswith(b"-once") or first in (b"noisy", b"wait", b"roomy"):
        return Photograph(np.zeros((2, 3, 3), np.uint8), path.name, first.decode())
    return open_really(path)


def misbehave(path: Path, stage: str) -> None:
    with (CONTROL / f"{stage}s").open("a") as tries:
        tries.write(f"{os.getpid()} {path.name}\n")
    hold(stage)
    word = path.stem.rpartition("-")[2]
    if word == f"{stage}crash":
        os.abort()
    elif word == f"{stage}hang":
        threading.Event().wait()
    elif word == f"{stage}wait":
        while not (CONTROL / "go").exists():
            os.sched_yield()
    elif word == f"{stage}raise":
        raise ValueError(f"strange: {path}")


def read_picture(source: Source, dtype: str) -> NDArray[Any]:
    misbehave(Path(source.path), "slice")
    return read_really(source, dtype)


def scan_chunk(paths: Sequence[Path]) -> list[Header | RefusedFile]:
    for path in paths:
        misbehave(path, "header")
    return scan_really(paths)


def read_file(plan: FilePlan, *arguments: Any) -> Any:
    for picture in read_file_really(plan, *arguments):
        yield picture
        misbehave(Path(plan.path), "file")


def straighten(*arguments: Any) -> Iterator[NDArray[Any]]:
    hold("straighten")
    return straighten_really(*arguments)


def write_slice(*arguments: Any) -> None:
    if (CONTROL / "disk-is-full").exists():
        raise OSError(errno.ENOSPC, "No space left on device")
    write_really(*arguments)


engine.images.photograph.open_picture = open_picture
decoder.PACE = 0
load.read_file = read_file
pixels.read_picture = read_picture
scan.scan_chunk = scan_chunk
straight.straighten = straighten
decoder_volumes.write_slice = write_slice
decoder.main(*map(int, sys.argv[2:]))
