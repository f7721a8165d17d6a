"""The one table of the records, as the newest migration leaves it."""

from sqlalchemy import Column, Index, Integer, MetaData, Table, Text

REVISION = "0001"
"""The newest migration: what a database must be at, before it is used."""

VERSION_TABLE = "alembic_version"

metadata = MetaData()

events = Table(
    "events",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("time", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("events_by_subject", "subject", "number"),
)
