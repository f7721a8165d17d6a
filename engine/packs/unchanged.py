"""Packs that were checked already and lie on the disk as they did then: told by size and times.

Checking reads and hashes every byte, which for each photograph anew would be a tenth of its answer.
"""

import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.packs.pack import Pack

State = tuple[tuple[str, int, int, int, int], ...]
"""Of each file: name, number, size, and when it and what is told of it changed."""

SETTLED = 2.0
"""Seconds that a file must have lain there: one that changes twice within a tick of the file
system's clock looks the same after the second time."""

_checked: dict[Path, tuple[State, "Pack"]] = {}


def state_of(folder: Path) -> State | None:
    """How the files of a folder lie there; None where that tells nothing yet."""
    try:
        found = [(path.name, path.stat()) for path in sorted(folder.iterdir())]
    except OSError:
        return None
    latest = max((max(each.st_mtime, each.st_ctime) for _, each in found), default=0.0)
    if latest > time.time() - SETTLED:
        return None
    return tuple(
        (name, each.st_ino, each.st_size, each.st_mtime_ns, each.st_ctime_ns)
        for name, each in found
    )


def checked(folder: Path, state: State | None) -> "Pack | None":
    """The pack that was found here when the folder was in this very state."""
    known = _checked.get(folder)
    return known[1] if known is not None and known[0] == state else None


def keep(pack: "Pack", state: State | None) -> None:
    """Remember that a pack was checked; ``state`` is from before that."""
    if state is not None:
        _checked[pack.folder] = state, pack
