"""The mark that an annotated picture of ours carries, so that none is taken for a photograph."""

from pathlib import Path

KEY, TEXT = "Software", "LesionLens, annotated picture"
"""A PNG's text chunk (PNG specification, 11.3.3.3). Nothing of a patient."""

ENOUGH = 512
"""So many bytes from a PNG's start hold it: every writer of ours sets it before the pixels."""

_PNG = b"\x89PNG\r\n\x1a\n"
_CHUNK = b"tEXt" + f"{KEY}\0{TEXT}".encode("latin-1")


WHY = "This is a picture that LesionLens annotated, not a photograph."
"""Why such a picture is left out, or what a reader is told of it."""
ADVICE = "Open the photograph that it was made from."


def carried_by(start: bytes) -> bool:
    """Whether a file that begins so is an annotated picture of ours."""
    return start.startswith(_PNG) and _CHUNK in start[:ENOUGH]


def is_on(path: Path) -> bool:
    """Whether a file is an annotated picture of ours; what cannot be read is none."""
    if path.suffix.lower() != ".png":  # a folder of thousands of JPEGs is not looked into
        return False
    try:
        with path.open("rb") as file:
            return carried_by(file.read(ENOUGH))
    except OSError:
        return False


def left_out(count: int) -> tuple[str, ...]:
    """The sentence that so many were left out from among photographs; none where none was."""
    if not count:
        return ()
    pictures, were = ("picture", "was") if count == 1 else ("pictures", "were")
    return (f"{count} {pictures} that LesionLens annotated {were} left out.",)
