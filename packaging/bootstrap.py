"""The one command on a fresh machine: find a Python that is new enough, set up, do what was asked.

Standard library only, and this file alone also runs on Python 3.8: a person with an older Python
is told what is needed, not shown a syntax error. Its siblings need 3.11.
"""

import shutil
import subprocess
import sys
from io import TextIOWrapper
from pathlib import Path

NEEDED = (3, 11)
NEWER = ("python3.11", "python3.12", "python3.13")
"""Pythons to look for on the path when the calling one is older, best tried first."""


def main() -> int:
    """Go on in this Python, or in a newer one that is on the path, or say what is needed."""
    for stream in (sys.stdout, sys.stderr):
        # Line by line: what a tool prints later must not overtake what is said before it.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)
    if sys.version_info >= NEEDED:
        import commands

        return commands.main(sys.argv[1:])
    for name in NEWER:
        path = shutil.which(name)
        if path and _is_new_enough(path):
            return subprocess.call([path, str(Path(__file__).resolve()), *sys.argv[1:]])
    found = "{}.{}".format(*sys.version_info[:2])
    print(
        f"LesionLens needs Python 3.11 or newer; this is Python {found} ({sys.executable}).\n"
        "Install a newer Python, then: make run PYTHON=/path/to/python3.11",
        file=sys.stderr,
    )
    return 1


def _is_new_enough(path: str) -> bool:
    """Whether this Python starts (a shim may not) and is one that the program runs on."""
    test = f"import sys; sys.exit(sys.version_info < {NEEDED!r})"
    return subprocess.call([path, "-c", test], stderr=subprocess.DEVNULL) == 0


if __name__ == "__main__":
    sys.exit(main())
