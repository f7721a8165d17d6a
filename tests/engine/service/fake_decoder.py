"""A real decoder process whose reader does what the file's first word says. Not a test.

``python -P fake_decoder.py CONTROL ENGINE MEMORY``. Each try leaves a line with the number of the
process in CONTROL/tries.
"""

import ctypes
import os
import sys
import threading
from pathlib import Path

import numpy as np

import engine.images.photograph
from engine.pictures import Photograph
from engine.service import decoder

CONTROL = Path(sys.argv[1])
TRIES = CONTROL / "tries"
open_really = engine.images.photograph.open_picture


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
        case b"raise":
            raise ValueError(f"strange: {path}")
        case b"tell":
            told = (str("torch" in sys.modules), os.environ["OMP_NUM_THREADS"])
            return Photograph(np.zeros((1, 1, 3), np.uint8), path.name, "told", None, told)
        case b"noisy":
            sys.stdout.write("noise\n")
            sys.stdout.flush()
            os.write(1, b"noise\n")
    if first.endswith(b"-once") or first in (b"noisy", b"wait"):
        return Photograph(np.zeros((2, 3, 3), np.uint8), path.name, first.decode())
    return open_really(path)


engine.images.photograph.open_picture = open_picture
decoder.main(*map(int, sys.argv[2:]))
