"""The seals of the packs that ship, kept outside them: what a manifest cannot vouch for itself."""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path

from engine.errors import Refusal

LIST = "pack_seals.sha256"
"""In resources: the SHA-256 of each manifest, in the form of ``sha256sum``."""


def shipped() -> Path:
    """The folder of the packs that come with the program."""
    return Path(str(files("resources") / "packs"))


def check(folder: Path, sha256: str) -> None:
    """Raises ``Refusal`` where ``folder`` is of a pack that ships and this is not its seal.

    ``sha256`` is that of its manifest. Any other folder passes.
    """
    if folder.resolve().parent != shipped().resolve():
        return
    expected = _by_folder().get(folder.resolve().name, "")
    if sha256 != expected:
        raise Refusal(
            f"The pack {folder.name} comes with LesionLens and was changed.",
            f"Its seal should be {expected[:12] or 'known'} and is {sha256[:12]}.",
            "Install LesionLens again.",
        )


def is_of_shipped(sha256: str) -> bool:
    """Whether this is the seal of a pack that ships."""
    return sha256 in _by_folder().values()


def is_name_of_shipped(name: str) -> bool:
    """Whether a pack that ships is called so."""
    return name.casefold() in _by_folder()


def check_version(name: str, version: str, sha256: str) -> None:
    """Raises ``Refusal`` for a pack that has the name and version of one that ships, not its seal.

    Wherever it lies: records, tables and pictures would tell the one for the other.
    """
    seal = _by_folder().get(name, "")
    if not seal or sha256 == seal or version != _version(name):
        return
    raise Refusal(
        f"The pack {name} {version} is not the one that comes with LesionLens.",
        f"Its seal should be {seal[:12]} and is {sha256[:12]}.",
        f"Use the one that is here, {name}@{version}; ship one that you trained yourself under "
        "another name.",
    )


def told(sha256: str) -> str:
    """What vouches for the manifest of a pack with this seal."""
    if is_of_shipped(sha256):
        return "It is the one that comes with LesionLens."
    return (
        f"Its seal, that of its manifest, is {sha256}. Nothing in a pack vouches for its manifest: "
        "compare the seal with that of whoever gave it to you."
    )


@cache
def _version(name: str) -> str:
    """Of a pack that ships; "" where its folder is missing or broken, which others tell."""
    try:
        found = json.loads((shipped() / name / "manifest.json").read_bytes())
    except (OSError, ValueError):
        return ""
    return str(found.get("version", "")) if isinstance(found, dict) else ""


@cache
def _by_folder() -> dict[str, str]:
    lines = (files("resources") / LIST).read_text("ascii").splitlines()
    pairs = (line.split("  ", 1) for line in lines)
    return {Path(path).parent.name: seal for seal, path in pairs}
