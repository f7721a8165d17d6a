"""How long it takes until the window is painted, beside a bare window of Qt.

Run in a process of its own (``python -m viewer.bench.startup``); prints one JSON object. Every
start is a fresh process, timed by this one from before it is spawned until it says that its first
frame has been painted. Ours and the bare one take turns.
"""

import json
import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import Any

REFERENCE = "a QMainWindow of PySide6 with three menus and a tool bar, in a process of its own"
COLD = (
    "the files of Python's own library, PySide6, shiboken6, cv2, numpy and this program were "
    "dropped from the page cache before the start (posix_fadvise), but for pages that another "
    "process has mapped"
)
MEMORY = "the window's process at its first frame: most memory that was ever resident (VmHWM)"

_WARM, _COLD = 9, 3
_PACKAGES = ("PySide6", "shiboken6", "cv2", "numpy", "numpy.libs", "msgspec")


def measure() -> dict[str, Any]:
    """The figures of ``lesionlens bench startup``; seconds, and MB of 10⁶ bytes."""
    seconds: dict[str, list[float]] = {"window": [], "bare": []}
    memory: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        for which in seconds:
            _start(which, folder)
        for turn in range(_WARM):
            for which in ("window", "bare") if turn % 2 else ("bare", "window"):
                taken, peak = _start(which, folder)
                seconds[which].append(taken)
                if which == "window":
                    memory.append(peak)
        cold = []
        for _ in range(_COLD if hasattr(os, "posix_fadvise") else 0):
            _drop_from_page_cache()
            cold.append(_start("window", folder)[0])
    ratios = [ours / bare for ours, bare in zip(seconds["window"], seconds["bare"], strict=True)]
    tenths = statistics.quantiles(ratios, n=10, method="inclusive")
    warm, bare = statistics.median(seconds["window"]), statistics.median(seconds["bare"])
    return {
        "benchmark": "startup",
        "ratio": warm / bare,
        "spread": tenths[-1] / tenths[0],
        "reference": REFERENCE,
        "warm": warm,
        "cold": statistics.median(cold) if cold else None,
        "cold_means": COLD,
        "bare": bare,
        "memory_mb": statistics.median(memory),
        "memory_means": MEMORY,
        "repeats": _WARM,
    }


def _start(which: str, folder: str) -> tuple[float, float]:
    """Start one process; seconds until it is painted, and its memory then in MB."""
    homes = {f"XDG_{kind}_HOME": folder for kind in ("CONFIG", "CACHE", "DATA", "STATE")}
    # As Python is by default: whoever starts the window twice has it compiled the second time.
    homes["PYTHONDONTWRITEBYTECODE"] = ""
    command = [sys.executable, "-P", "-m", "viewer.bench.startup", which]
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, **homes}) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        taken = time.perf_counter() - begun
    if not line:
        raise RuntimeError(f"The process “{which}” ended with {process.returncode}, unpainted.")
    return taken, float(line)


def _drop_from_page_cache() -> None:
    packages = Path(sysconfig.get_path("platlib"))
    own = Path(__file__).parents[1]
    folders = [Path(sysconfig.get_path("stdlib")), own, own.with_name("engine")]
    folders += [own.with_name("resources"), *(packages / name for name in _PACKAGES)]
    for folder in folders:
        for path in folder.rglob("*"):
            # Of Python's library, what lies in site-packages is another package's.
            if path.is_file() and ("site-packages" not in path.parts or folder != folders[0]):
                _drop(path)


def _drop(path: Path) -> None:
    try:
        file = os.open(path, os.O_RDONLY)
    except OSError:
        return
    try:
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(file)


# ---- in the processes that are timed


def _tell() -> None:
    sys.stdout.write(f"{_peak_mb()}\n")
    sys.stdout.flush()


def _peak_mb() -> float:
    """The most memory that this process had resident, in MB."""
    try:
        # Not getrusage: on Linux its figure begins with what the parent had at the fork.
        for line in Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    except OSError:
        pass
    if sys.platform == "win32":
        return float("nan")
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _window() -> None:
    from viewer import main

    def painted(window: Any) -> None:
        _tell()
        window.close()

    main.open_window([], painted)


def _bare() -> None:
    from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    bar = window.addToolBar("Tools")
    for name in ("File", "View", "Help"):
        menu = window.menuBar().addMenu(name)
        bar.addAction(menu.addAction(f"{name} something"))
    window.setCentralWidget(QLabel("Bare"))
    window.resize(1280, 800)
    from viewer.first_paint import FirstPaint

    first = FirstPaint(window)
    first.painted.connect(_tell)
    first.painted.connect(window.close)
    window.show()
    application.exec()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["window"]:
            _window()
        case ["bare"]:
            _bare()
        case _:
            sys.stdout.write(json.dumps(measure()) + "\n")
