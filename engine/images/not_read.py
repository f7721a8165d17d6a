"""Pictures of kinds that are not read here, told by their names."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

NAMES = {
    ".gif": "GIF",
    **dict.fromkeys((".heic", ".heif"), "HEIC"),
    ".avif": "AVIF",
    **dict.fromkeys((".jp2", ".j2k"), "JPEG 2000"),
    ".jxl": "JPEG XL",
    **dict.fromkeys((".cr2", ".cr3", ".crw", ".nef", ".nrw", ".arw", ".dng"), "camera raw"),
    **dict.fromkeys((".raf", ".rw2", ".orf", ".pef", ".srw", ".iiq"), "camera raw"),
}
"""What such a picture is called, by its file's ending."""


def counted(paths: Iterable[Path]) -> dict[str, int]:
    """How many there are of each kind, the most first."""
    kinds = (NAMES.get(path.suffix.lower()) for path in paths)
    return dict(Counter(filter(None, kinds)).most_common())


def why(path: Path) -> str:
    """Why a file that is no photograph by its name is left out, as a sentence."""
    kind = NAMES.get(path.suffix.lower())
    return f"It is {kind}: export it as a JPEG or TIFF first." if kind else "It is no photograph."


def in_words(counts: Mapping[str, int]) -> str:
    """The same as a list: "3 GIF, 1 HEIC"."""
    return ", ".join(f"{count} {kind}" for kind, count in counts.items())
