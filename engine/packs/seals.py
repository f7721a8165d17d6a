"""The seals of the packs that ship, kept outside them: what a manifest cannot vouch for itself."""

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


def told(sha256: str) -> str:
    """What vouches for the manifest of a pack with this seal."""
    if is_of_shipped(sha256):
        return "It is the one that comes with LesionLens."
    return (
        f"Its seal, that of its manifest, is {sha256}. Nothing in a pack vouches for its manifest: "
        "compare the seal with that of whoever gave it to you."
    )


@cache
def _by_folder() -> dict[str, str]:
    lines = (files("resources") / LIST).read_text("ascii").splitlines()
    pairs = (line.split("  ", 1) for line in lines)
    return {Path(path).parent.name: seal for seal, path in pairs}
