"""The project's own Python environment: .venv, filled from the pins, made anew only when it must.

A stamp in .venv holds what it was filled from; while that is unchanged nothing is done at all.
"""

import hashlib
import importlib.util
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from speech import SetupError, line, say

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
CONSTRAINTS = PROJECT / "packaging" / "constraints.txt"
STAMP = "lesionlens-setup.json"
RUN: frozenset[str] = frozenset()
WORK = frozenset({"dev", "bench"})
"""Extras of pyproject.toml: a person who only looks needs none, the checks need both."""

BUILD = ("pip", "hatchling", "editables")
"""What builds the project's own package. Installed pinned, and used without pip's isolation:
an isolated build would fetch its builder past the pins."""


def python(venv: Path = VENV) -> Path:
    """The environment's interpreter."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def script(name: str, venv: Path = VENV) -> Path:
    """A command that the environment holds."""
    return venv / (f"Scripts/{name}.exe" if os.name == "nt" else f"bin/{name}")


def make(extras: frozenset[str]) -> None:
    """Make or complete .venv, so that it holds the program and the named extras.

    Raises:
        SetupError: .venv could not be made, or a package could not be had.
    """
    wanted = fingerprint()
    found = read_stamp(VENV)
    if found is not None and found[0] == wanted and found[1] >= extras and _starts():
        return
    if not _starts():
        _create()
    kept = found[1] if found is not None and found[0] == wanted else frozenset()
    _fill(extras | kept)
    write_stamp(VENV, wanted, extras | kept)


def require_venv() -> None:
    """See, before anything long is done, that .venv is there or can be made.

    Raises:
        SetupError: this Python has no complete venv module; with the line that brings it.
    """
    # Debian splits venv's heart, ensurepip, into a package of its own; `import venv` alone works
    # without it and fails half-way with a long text.
    whole = importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")
    if not whole and not _starts():
        raise SetupError(
            "This Python cannot make environments: its venv module is not complete.\n"
            "On Debian and Ubuntu: apt-get install -y make python3-venv\n"
            "Then run the same command again."
        )


def fingerprint() -> str:
    """What .venv is filled from: the pins, the project's needs, its place, and this Python."""
    seen = hashlib.sha256()
    for path in (PROJECT / "pyproject.toml", CONSTRAINTS):
        seen.update(path.read_bytes())
    # The place: an environment holds absolute paths, and a copied or moved project must not run
    # another project's code.
    for word in (str(PROJECT), platform.python_version(), os.environ.get("TORCH_INDEX", "")):
        seen.update(b"\0" + word.encode())
    return seen.hexdigest()


def read_stamp(venv: Path) -> tuple[str, frozenset[str]] | None:
    """The fingerprint and the extras of the last complete set-up, or None."""
    try:
        stamp = json.loads((venv / STAMP).read_text(encoding="utf-8"))
        return str(stamp["fingerprint"]), frozenset(stamp["extras"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_stamp(venv: Path, wanted: str, extras: Iterable[str]) -> None:
    """Note a complete set-up; written last, so that an interrupted one is done again."""
    text = json.dumps({"fingerprint": wanted, "extras": sorted(extras)})
    (venv / STAMP).write_text(text + "\n", encoding="utf-8")


def _starts() -> bool:
    """Whether .venv has an interpreter that starts and is of this Python's version."""
    if not python().exists():
        return False
    test = f"import sys, pip; sys.exit(sys.version_info[:3] != {sys.version_info[:3]!r})"
    return subprocess.run([python(), "-c", test], capture_output=True).returncode == 0


def _create() -> None:
    say(f"Making an environment in {VENV}")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if subprocess.run(command).returncode != 0:
        raise SetupError(f"The environment could not be made: {line(command)} did not end well.")


def _fill(extras: frozenset[str]) -> None:
    say("Installing the pinned packages: some minutes and up to a few gigabytes, the first time")
    _pip("--upgrade", *BUILD)
    # torch first and alone: beside other needs pip may take a newer build of several gigabytes,
    # and only these two come from the index that a person names.
    index = os.environ.get("TORCH_INDEX", "").strip()
    _pip(*(["--index-url", index] if index else []), "torch", "torchvision")
    named = f"[{','.join(sorted(extras))}]" if extras else ""
    _pip("--no-build-isolation", "--editable", f"{PROJECT}{named}")


def _pip(*words: str) -> None:
    command = [str(python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--constraint", str(CONSTRAINTS), *words]
    if subprocess.run(command, cwd=PROJECT).returncode != 0:
        raise SetupError(
            "A package could not be installed; pip says why above.\n"
            "Behind a company's network pip may need a proxy or a mirror (pip config). "
            "What is installed so far is kept: run the same command again.\n"
            f"The step was: {line(command)}"
        )
