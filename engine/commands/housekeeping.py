"""What is installed here, where things are kept, and starting afresh."""

import platform
import shutil
import traceback
from importlib import metadata

from engine import folders, settings

TOLD = ("torch", "numpy", "PySide6-Essentials", "pydicom", "SimpleITK", "opencv-python-headless")


def version() -> str:
    """The program's own version."""
    return _installed("lesionlens")


def facts() -> dict[str, str]:
    """Versions, the device and why it was chosen, the folders, and which cannot be written."""
    from engine.networks.device import choose

    device = choose(settings.load().settings.device)
    packages = {name.lower(): _installed(name) for name in TOLD}
    places = {
        "settings": folders.config(),
        "packs": folders.packs(),
        "records": folders.records(),
        "cache": folders.cache(),
        "logs": folders.logs(),
    }
    faults = {name: folders.why_not_written(place) for name, place in places.items()}
    return {
        "lesionlens": version(),
        "python": platform.python_version(),
        "system": platform.platform(),
        **packages,
        "device": f"{device.name}: {device.reason}",
        **{name: str(place) for name, place in places.items()},
        **{f"not writable: {name}": fault for name, fault in faults.items() if fault},
    }


def reset() -> tuple[str, ...]:
    """Forget settings and recent pictures, empty the cache; tells what was done.

    Packs are kept, and so is all that readers drew.
    """
    from engine.service import sessions

    done = ["The settings are as new." if settings.reset() else "There were no settings."]
    cache = folders.cache()
    sessions.sweep(cache)
    for path in cache.glob("*"):  # there may be none
        if path.name != sessions.FOLDER:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if any((cache / sessions.FOLDER).glob("*/")):
        done.append("The cache holds only what a window that is open shows.")
    else:
        done.append("The cache is empty.")
    kept = (f"Packs are kept in {folders.packs()}.", f"Drawings are kept in {folders.records()}.")
    return (*done, *kept)


def keep_report(fault: Exception) -> str:
    """Write down where in the program a fault of our own was; where that stands, in a sentence.

    What the fault says is left out: it may hold the name of a patient's file.
    """
    path = folders.logs() / "command.txt"
    places = "".join(traceback.format_tb(fault.__traceback__))
    report = f"{type(fault).__qualname__}\n{places}"
    try:
        folders.made(path.parent)
        folders.write_bytes(path, report.encode())
    except OSError:
        return f"Where it was:\n{report}"
    return f"Where it was stands in {path}."


def _installed(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
