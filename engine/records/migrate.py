"""Bring a database of records to the newest form, all of it or nothing of it."""

from importlib.resources import as_file, files
from pathlib import Path

from sqlalchemy import Connection, text

from engine.errors import Refusal
from engine.records.schema import REVISION, VERSION_TABLE


def migrate(connection: Connection, path: Path) -> None:
    """Bring the database to ``REVISION`` within the transaction that ``connection`` is in.

    Raises ``Refusal`` if a newer program than this one wrote it; nothing is changed then.
    """
    found = _revision(connection)
    if found == REVISION:
        # Alembic is not even imported: most starts end here.
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    with as_file(files("engine.records") / "migrations") as scripts:
        config = Config()
        # A path is no template: a per cent sign in it stands for itself.
        config.set_main_option("script_location", str(scripts).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
        if found is not None and found not in known:
            raise _newer(path)
        command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    """Which migration the database is at; None for one without any."""
    there = connection.scalar(
        text("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = :name"),
        {"name": VERSION_TABLE},
    )
    if not there:
        return None
    found = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))
    return None if found is None else str(found)


def _newer(path: Path) -> Refusal:
    return Refusal(
        "The records cannot be opened, and nothing that you draw is being saved.",
        f"A newer version of LesionLens has written them, in {path}.",
        "Open them with that version, or update this one.",
    )
