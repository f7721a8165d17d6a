"""Where the records lie; asking does not load the database's library."""

from pathlib import Path

from engine import folders

FILE = "records.sqlite"


def file_in(folder: Path | None = None) -> Path:
    """The records of a folder, the user's own if None; they need not be there yet."""
    return (folder or folders.records()) / FILE
