"""The events: appended one after the other, never changed, never removed."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TRIGGERS = (
    """
    CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END
    """,
    """
    CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'an event is never removed'); END
    """,
    # Also against INSERT OR REPLACE, which removes a row without asking the trigger above.
    """
    CREATE TRIGGER events_follow_each_other BEFORE INSERT ON events
    WHEN NEW.number IS NOT 1 + COALESCE((SELECT MAX(number) FROM events), 0)
      OR NEW.previous_hash IS NOT COALESCE(
        (SELECT hash FROM events ORDER BY number DESC LIMIT 1),
        '0000000000000000000000000000000000000000000000000000000000000000'
      )
    BEGIN SELECT RAISE(ABORT, 'an event follows the last one'); END
    """,
)


def upgrade() -> None:
    """Make the table, its index and its triggers."""
    op.create_table(
        "events",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("time", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("previous_hash", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    op.create_index("events_by_subject", "events", ["subject", "number"])
    for trigger in _TRIGGERS:
        op.execute(trigger)
