"""Whether Qt can show a window here, found out in a process that may abort without harm."""

import os
import platform
import subprocess
from collections.abc import Mapping
from pathlib import Path

import system_libraries
from speech import SetupError

TRY = """
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
print(QApplication([]).platformName())
"""


def is_named(environment: Mapping[str, str]) -> bool:
    """Whether there is a screen to try: always on Windows and macOS, by variables elsewhere."""
    if platform.system() in {"Windows", "Darwin"}:
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def provide_libraries(environment: Mapping[str, str]) -> None:
    """Have the system libraries for this screen, or for none.

    Raises:
        SetupError: some are missing and could not be installed.
    """
    system_libraries.provide(system_libraries.needed(environment))


def fault(python: Path, environment: Mapping[str, str]) -> str:
    """Start Qt once as the window would; empty if it starts, else its own last words."""
    command = [str(python), "-c", TRY]
    try:
        tried = subprocess.run(
            command, env=dict(environment), capture_output=True, text=True, timeout=60
        )
    except subprocess.TimeoutExpired:
        return "The screen did not answer within a minute."
    if tried.returncode == 0:
        return ""
    words = [row.strip() for row in tried.stderr.splitlines() if row.strip()]
    telling = [row for row in words if "Error" in row or "could not" in row or "needed" in row]
    return (telling or words or [f"Qt ended with {tried.returncode}."])[0]


def require_offscreen(python: Path) -> None:
    """See that Qt starts without a screen.

    Raises:
        SetupError: it does not; with Qt's own words.
    """
    words = fault(python, {**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    if words:
        raise SetupError(f"Qt does not start on this machine:\n{words}")
