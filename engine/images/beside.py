"""A picture that a table names, with its ending or without."""

from pathlib import Path

from engine.errors import Refusal

ENDINGS = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp")


def picture_called(folder: Path, name: str) -> Path | None:
    """The picture called ``name`` in a folder, with any known ending; None if there is none.

    Decided: a table names what lies in its folder or below it, so that a table from elsewhere
    reaches nothing else. Raises ``Refusal`` where a name leads out of the folder.
    """
    inside = Path(name)
    if inside.is_absolute() or inside.drive or ".." in inside.parts:
        raise Refusal(
            f"The picture {name} was not taken.",
            "A table names pictures in its own folder or below it, and this name leads out of it.",
            "Put the table into a folder that holds the pictures, and name them from there.",
        )
    for ending in ("", *ENDINGS, *(ending.upper() for ending in ENDINGS)):
        path = folder / f"{name}{ending}"
        if path.is_file():
            return path
    return None
