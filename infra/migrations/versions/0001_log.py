"""The log: its head, its events, the keys of its commands and the snapshots of its streams."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "log_head",
        Column("log", Text, primary_key=True),
        Column("position", BigInteger, nullable=False),
        Column("digest", LargeBinary, nullable=False),
        Column("recorded_at", BigInteger, nullable=False),
        Column("incarnation", Text, nullable=False),
    )
    create_events()
    op.create_table(
        "log_keys",
        Column("key", Text, primary_key=True),
        Column("content", LargeBinary, nullable=False),
        Column("outcome", LargeBinary, nullable=False),
        Column("recorded_at", BigInteger, nullable=False),
    )
    op.create_table(
        "log_snapshots",
        Column("stream", Text, primary_key=True),
        Column("version", BigInteger, primary_key=True, autoincrement=False),
        Column("shape", Text, nullable=False),
        Column("state", LargeBinary, nullable=False),
    )


def create_events() -> None:
    op.create_table(
        "log_events",
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        Column("stream", Text, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("id", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("schema", Integer, nullable=False),
        Column("occurred_at", BigInteger, nullable=False),
        Column("recorded_at", BigInteger, nullable=False),
        Column("actor", Text, nullable=False),
        Column("command_id", Text, nullable=False),
        Column("correlation_id", Text, nullable=False),
        Column("causation_id", Text),
        Column("incarnation", Text, nullable=False),
        Column("digest", LargeBinary, nullable=False),
        Column("data", LargeBinary, nullable=False),
        postgresql_partition_by="RANGE (position)",
    )
    if op.get_context().dialect.name == "sqlite":  # PostgreSQL: an index in each partition
        op.create_index("log_events_stream", "log_events", ["stream", "version"], unique=True)
