"""A picture that a table names, with its ending or without."""

from pathlib import Path

ENDINGS = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp")


def picture_called(folder: Path, name: str) -> Path | None:
    """The picture called ``name`` in a folder, with any known ending; None if there is none."""
    for ending in ("", *ENDINGS, *(ending.upper() for ending in ENDINGS)):
        path = folder / f"{name}{ending}"
        if path.is_file():
            return path
    return None
