"""Every check of the project, in the order in which a fault is cheapest to find."""

import os
import shutil
import subprocess
from collections.abc import Sequence

import environment
import screen
import system_libraries
from speech import SetupError, line, say

VIRTUAL_SCREEN = ("xvfb-run", "-a", "-s", "-screen 0 1920x1080x24")
WITH_WINDOW_MANAGER = ("sh", "-c", 'openbox >/dev/null 2>&1 & exec "$@"', "sh")
"""Without a window manager no window is ever active, and keys go nowhere."""


def test() -> int:
    """Formatting, lint, types, import contracts, tests; the first fault ends it."""
    _set_up()
    return _formatting_to_contracts() or _pytest("-n", "2")


def proof() -> int:
    """What takes long: the tests marked so, then the bare system."""
    _set_up()
    # One at a time: they measure, and train. 5 is pytest's word for "none is marked".
    found = _pytest("-m", "proof", "--timeout", "3600")
    if found not in {0, 5}:
        return found
    return _run("sh", str(environment.PROJECT / "packaging" / "try_bare.sh"))


def formatting() -> int:
    """Put every file into the form that the checks want."""
    environment.require_venv()
    environment.make(environment.WORK)
    return _tool("ruff", "check", "--fix", ".") or _tool("ruff", "format", ".")


def _set_up() -> None:
    environment.require_venv()
    screen.provide_libraries({})
    environment.make(environment.WORK)
    screen.require_offscreen(environment.python())
    _require_torch()


def _require_torch() -> None:
    command = [str(environment.python()), "-c", "import torch, SimpleITK, sklearn, cv2"]
    tried = subprocess.run(command, capture_output=True, text=True)
    if tried.returncode != 0:
        words = tried.stderr.strip().splitlines() or [f"it ended with {tried.returncode}"]
        raise SetupError(f"The engine's libraries do not load on this machine: {words[-1]}")


def _formatting_to_contracts() -> int:
    return (
        _tool("ruff", "format", "--check", ".")
        or _tool("ruff", "check", ".")
        or _tool("mypy")
        or _tool("lint-imports")
    )


def _pytest(*words: str) -> int:
    shown, variables = _virtual_screen()
    # One thread a worker: with two workers on two cores more only wait for each other.
    variables = {"OMP_NUM_THREADS": "1", **variables}
    return _run(*shown, str(environment.script("pytest")), *words, variables=variables)


def _virtual_screen() -> tuple[Sequence[str], dict[str, str]]:
    """A screen of the tests' own, where this machine has one: never the person's."""
    lacking = [name for name in ("xvfb-run", "xauth", "openbox") if shutil.which(name) is None]
    lacking += [library.package for library in system_libraries.missing(system_libraries.X11)]
    if lacking:
        say(f"Windows are tested without a screen (for one, install {' '.join(lacking)})")
        return (), {"QT_QPA_PLATFORM": "offscreen"}
    return (*VIRTUAL_SCREEN, *WITH_WINDOW_MANAGER), {"QT_QPA_PLATFORM": "xcb"}


def _tool(name: str, *words: str) -> int:
    return _run(str(environment.script(name)), *words)


def _run(*command: str, variables: dict[str, str] | None = None) -> int:
    say(f"— {line(command)}")
    return subprocess.call(
        command, cwd=environment.PROJECT, env={**os.environ, **(variables or {})}
    )
