"""The system libraries that Qt needs, looked for before Qt aborts, and the line that brings them.

Qt ends the process (exit 134) where a library of its screen plugin is missing; nothing can be
caught then. So each is opened here first, by the name that the loader looks for.
"""

import ctypes
import os
import platform
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from speech import SetupError, line, say


@dataclass(frozen=True)
class Library:
    """A library by the loader's name, and the Debian package that brings it."""

    soname: str
    package: str
    renamed: bool = False
    """Whether Debian 13 and Ubuntu 24.04 call the package by this name with t64 behind it."""


ANY = (
    Library("libglib-2.0.so.0", "libglib2.0-0", renamed=True),
    Library("libgthread-2.0.so.0", "libglib2.0-0", renamed=True),
    Library("libEGL.so.1", "libegl1"),
    Library("libGL.so.1", "libgl1"),
    Library("libX11.so.6", "libx11-6"),
    Library("libfontconfig.so.1", "libfontconfig1"),
    Library("libfreetype.so.6", "libfreetype6"),
    Library("libdbus-1.so.3", "libdbus-1-3"),
    Library("libxkbcommon.so.0", "libxkbcommon0"),
)
"""What QtGui opens even where nothing is shown."""

X11 = (
    Library("libxcb.so.1", "libxcb1"),
    Library("libxcb-cursor.so.0", "libxcb-cursor0"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4"),
    Library("libxcb-image.so.0", "libxcb-image0"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    Library("libxcb-randr.so.0", "libxcb-randr0"),
    Library("libxcb-render.so.0", "libxcb-render0"),
    Library("libxcb-render-util.so.0", "libxcb-render-util0"),
    Library("libxcb-shape.so.0", "libxcb-shape0"),
    Library("libxcb-shm.so.0", "libxcb-shm0"),
    Library("libxcb-sync.so.1", "libxcb-sync1"),
    Library("libxcb-util.so.1", "libxcb-util1"),
    Library("libxcb-xfixes.so.0", "libxcb-xfixes0"),
    Library("libxcb-xkb.so.1", "libxcb-xkb1"),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    Library("libX11-xcb.so.1", "libx11-xcb1"),
)
"""What the X11 screen plugin opens besides."""

WAYLAND = (
    Library("libwayland-client.so.0", "libwayland-client0"),
    Library("libwayland-cursor.so.0", "libwayland-cursor0"),
    Library("libwayland-egl.so.1", "libwayland-egl1"),
)
"""What the Wayland screen plugin opens besides."""


def needed(environment: Mapping[str, str]) -> tuple[Library, ...]:
    """The libraries for the screen that ``environment`` names; none but on Linux."""
    if platform.system() != "Linux":
        return ()
    found = list(ANY)
    if environment.get("DISPLAY"):
        found += X11
    if environment.get("WAYLAND_DISPLAY"):
        found += WAYLAND
    return tuple(found)


def opens(soname: str) -> bool:
    """Whether the loader finds this library."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def missing(
    libraries: Sequence[Library], opens: Callable[[str], bool] = opens
) -> tuple[Library, ...]:
    """Those of ``libraries`` that the loader does not find."""
    return tuple(library for library in libraries if not opens(library.soname))


def provide(libraries: Sequence[Library]) -> None:
    """Have ``libraries``: install what is missing where this runs as root, else say the line.

    Raises:
        SetupError: some are missing and could not be installed; its words hold the exact line.
    """
    lacking = missing(libraries)
    if not lacking:
        return
    names = ", ".join(library.soname for library in lacking)
    install = installation(lacking)
    if install is None:
        raise SetupError(
            f"System libraries are missing: {names}.\n"
            "Install the packages that hold them, then run the same command again."
        )
    if not _is_root():
        raise SetupError(
            f"System libraries are missing: {names}.\n"
            f"Install them:  sudo {line(install)}\nThen run the same command again."
        )
    say(f"Installing system libraries: {line(install)}")
    _install(install)
    still = missing(libraries)
    if still:
        names = ", ".join(library.soname for library in still)
        raise SetupError(f"System libraries are still missing after that: {names}.")


def installation(lacking: Sequence[Library]) -> list[str] | None:
    """The package manager's command that brings ``lacking``, or None where none is known."""
    if shutil.which("apt-get"):
        return ["apt-get", "install", "-y", "--no-install-recommends", *debian_packages(lacking)]
    # RPM packages state the libraries that they hold in this form, so no name need be known.
    sonames = [f"{library.soname}()(64bit)" for library in lacking]
    if shutil.which("dnf"):
        return ["dnf", "install", "-y", *sonames]
    if shutil.which("zypper"):
        return ["zypper", "install", "-y", *sonames]
    return None


def debian_packages(lacking: Sequence[Library]) -> list[str]:
    """Debian's and Ubuntu's package names for ``lacking``, each once, in order."""
    renamed = _is_after_time_change()
    names = (
        f"{library.package}t64" if library.renamed and renamed else library.package
        for library in lacking
    )
    return list(dict.fromkeys(names))


def _is_after_time_change() -> bool:
    # apt knows best, for derivatives too; a fresh image has no lists yet, then the release tells.
    for name, answer in (("libglib2.0-0t64", True), ("libglib2.0-0", False)):
        asked = subprocess.run(
            ["apt-cache", "show", "--no-all-versions", name], capture_output=True, text=True
        )
        if f"Package: {name}\n" in asked.stdout:
            return answer
    return release_is_after_time_change(_os_release())


def release_is_after_time_change(release: Mapping[str, str]) -> bool:
    """Whether this release gave packages their t64 names: Debian from 13, Ubuntu from 24.04."""
    first = {"debian": 13.0, "ubuntu": 24.04}.get(release.get("ID", ""))
    try:
        version = float(release.get("VERSION_ID", ""))
    except ValueError:  # Debian testing has none, and is newer than any that has
        return True
    return first is not None and version >= first


def _os_release() -> Mapping[str, str]:
    try:
        text = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return {}
    pairs = (row.split("=", 1) for row in text.splitlines() if "=" in row)
    return {name: value.strip('"') for name, value in pairs}


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _install(install: Sequence[str]) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if install[0] == "apt-get":
        subprocess.run(["apt-get", "update", "-qq"], env=quiet, stdout=subprocess.DEVNULL)
    done = subprocess.run(install, env=quiet, stdout=subprocess.DEVNULL)
    if done.returncode != 0:
        raise SetupError(
            f"They could not be installed; the reason is above. The line was:\n{line(install)}"
        )
