"""Taking a pack that the user installed off this computer; those that ship stay."""

import secrets
import shutil
from pathlib import Path

from engine import folders
from engine.answers import PackSummary
from engine.errors import Refusal
from engine.packs import manifest as manifests
from engine.packs import store


def remove(name: str) -> PackSummary:
    """Remove the installed pack ``name``, NAME or NAME@VERSION, damaged or whole; what it was.

    What readers wrote of its answers stays. Raises ``Refusal`` where there is none, where it ships
    with the program, where several versions are meant, or where the system does not let it go.
    """
    packs = store.list_packs()
    meant = [each for each in packs if name in (each.name, f"{each.name}@{each.version}")]
    own = [each for each in meant if not each.shipped]
    if not meant:
        known = ", ".join(f"{each.name}@{each.version}" for each in packs if not each.shipped)
        raise Refusal(
            f"There is no pack {name}.",
            f"Installed are: {known or 'none'}.",
            "Name one of them.",
        )
    if not own:
        raise Refusal(
            f"The pack {name} was not removed.",
            "It came with the program.",
            "Leave it; another pack can be put in force in its place.",
        )
    if len(own) > 1:
        versions = " and ".join(sorted(each.version for each in own))
        raise Refusal(
            f"The pack {name} was not removed.",
            f"It is here in the versions {versions}.",
            f"Say which: {name}@{own[0].version}.",
        )
    _take_away(Path(own[0].path), name)
    return own[0]


def _take_away(folder: Path, name: str) -> None:
    try:
        if folder.is_symlink():
            folder.unlink()
            return
        # Under another name first: a pack is there whole, or not at all.
        gone = folders.packs() / f".removed-{secrets.token_hex(4)}"
        folder.rename(gone)
        (gone / manifests.NAME).unlink(missing_ok=True)
        shutil.rmtree(gone)
    except OSError as fault:
        raise Refusal(
            f"The pack {name} was not removed.",
            f"The system said: {fault.strerror}.",
            "Close the window if it is using the pack, and check that you may write there.",
        ) from fault
