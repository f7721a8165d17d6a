"""Archives are unpacked into a folder of ours: within limits, and never beside it."""

import gzip
import lzma
import shutil
import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from engine.errors import Refusal
from engine.folders import is_full
from engine.images.reading import COPY_AGAIN, in_words, name_of
from engine.task import Task

MOST_FILES = 200_000
"""Decided: ten times the largest study that we know of."""

MOST_BYTES = 64 * 2**30
"""Decided: a whole study at the highest resolution takes some 10 GB."""

MOST_TIMES = 200
"""Decided: pictures shrink to a half or a tenth; only above ``SMALL`` is the share asked for."""

SMALL = 2**30

_PIECE = 2**20
_LEFT_FREE = 2**28
_OFFICE = ("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF")

_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError)
"""What the library stumbles over where bytes are damaged, names among them."""

LeftOut = tuple[tuple[str, str], ...]
"""The names of members that were not unpacked, each with the reason."""


def unpack_zip(path: Path, folder: Path, task: Task) -> LeftOut:
    """Unpack a ZIP into ``folder``.

    Raises:
        Refusal: It is damaged, no archive of pictures, encrypted as a whole, or too large.
    """
    with in_words(path):
        try:
            archive = zipfile.ZipFile(path)
        except NotImplementedError as fault:
            why = "It is packed in a way that this build does not know."
            raise _bad(path, why, "Unpack it yourself and choose a folder in it.") from fault
        except _DAMAGED as fault:
            raise _bad(path, "It is no whole ZIP archive.", COPY_AGAIN) from fault
        with archive:
            return _unpack_members(path, archive, folder, task)


def unpack_gzip(path: Path, folder: Path, task: Task) -> LeftOut:
    """Unpack a gzip file, which holds one file, into ``folder``.

    Raises:
        Refusal: It is damaged or too large.
    """
    with in_words(path):
        _check_size(path, folder, path.stat().st_size, path.stat().st_size)
        target = folder / (path.name[:-3] if path.name.lower().endswith(".gz") else path.name)
        with gzip.open(path, "rb") as packed:
            most = max(SMALL, path.stat().st_size * MOST_TIMES)
            _write(path, cast(BinaryIO, packed), target, min(most, _room(folder)), task)
    return ()


def _unpack_members(path: Path, archive: zipfile.ZipFile, folder: Path, task: Task) -> LeftOut:
    members = [each for each in archive.infolist() if each.filename and not each.is_dir()]
    if members and members[0].filename in _OFFICE:
        raise _bad(path, "It is a document or a program, not pictures.", "Choose pictures.")
    if len(members) > MOST_FILES:
        why = f"It holds {len(members):,} files; {MOST_FILES:,} are the most that is unpacked."
        raise _bad(path, why, "Unpack it yourself and choose a folder in it.")
    if members and all(member.flag_bits & 1 for member in members):
        raise _bad(path, "It is locked with a password.", "Unpack it yourself with its password.")
    _check_size(
        path,
        folder,
        sum(member.file_size for member in members),
        path.stat().st_size,  # and not the sum of the members: they may lie over each other
    )
    left_out = []
    for member in task.over(members, "Unpacking", len(members)):
        target = _target(folder, member)
        if target is None:
            left_out.append((member.filename, "Its place would be outside the archive."))
        elif stat.S_ISLNK(member.external_attr >> 16):
            left_out.append((member.filename, "It is a link, and links are not unpacked."))
        elif member.flag_bits & 1:
            left_out.append((member.filename, "It is locked with a password."))
        elif why := _unpack_member(path, archive, member, target, task):
            left_out.append((member.filename, why))
    return tuple(left_out)


def _unpack_member(
    path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, task: Task
) -> str:
    """Write one member; returns why it could not be, or nothing."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as packed:
            _write(path, cast(BinaryIO, packed), target, member.file_size, task)
    except _DAMAGED:
        target.unlink(missing_ok=True)
        return "It is damaged in the archive."
    except (NotImplementedError, RuntimeError):
        return "It is packed in a way that this build does not know."
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        return "The archive holds another file of this name."
    except OSError as fault:
        if is_full(fault):
            raise _bad(path, "The disk is full.", "Free some space, then try again.") from fault
        return "This system takes no file of this name."
    return ""


def _target(folder: Path, member: zipfile.ZipInfo) -> Path | None:
    """Where a member goes; None for a name that leads out of the folder."""
    name = member.filename.replace("\\", "/")
    place = PurePosixPath(name)
    outside = place.is_absolute() or ".." in place.parts or "\0" in name
    if outside or not place.parts or ":" in place.parts[0]:
        return None
    return folder.joinpath(*place.parts)


def _check_size(path: Path, folder: Path, size: int, packed: int) -> None:
    if size > SMALL and size > packed * MOST_TIMES:
        why = f"It would unpack to {size / max(packed, 1):,.0f} times its size; pictures do not."
        raise _bad(path, why, "Ask where it came from.")
    if size > MOST_BYTES:
        why = f"It unpacks to {size / 1e9:.0f} GB; {MOST_BYTES / 1e9:.0f} GB are the most."
        raise _bad(path, why, "Unpack it yourself and choose a folder in it.")
    if size > (room := _room(folder)):
        why = f"It unpacks to {size / 1e9:.1f} GB; {max(room, 0) / 1e9:.1f} GB of disk are free."
        raise _bad(path, why, "Free some space, or unpack it elsewhere and open the folder.")


def _room(folder: Path) -> int:
    return shutil.disk_usage(folder).free - _LEFT_FREE


def _write(path: Path, packed: BinaryIO, target: Path, most: int, task: Task) -> None:
    """Copy, and stop where more comes than there may be."""
    written = 0
    with target.open("xb") as file:
        while piece := packed.read(_PIECE):
            task.check()
            written += len(piece)
            if written > most:
                why = f"It unpacks to more than {most / 1e9:.1f} GB."
                raise _bad(path, why, "Ask where it came from.")
            file.write(piece)


def _bad(path: Path, why: str, advice: str) -> Refusal:
    return Refusal(f"“{name_of(path)}” cannot be unpacked.", why, advice)
