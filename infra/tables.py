"""The write side's tables. Nothing but the log reads or writes them."""

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    inspect,
    text,
)

PARTITION = 4_194_304
"""Positions in one partition of the events on PostgreSQL."""

metadata = MetaData()

head = Table(
    "log_head",
    metadata,
    Column("log", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("incarnation", Text, nullable=False),
)

events = Table(
    "log_events",
    metadata,
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
# PostgreSQL cannot keep (stream, version) unique over partitions of position: each partition has
# its own unique index (`partition`), and the check under the head's lock covers the border.
Index("log_events_stream", events.c.stream, events.c.version, unique=True).ddl_if(dialect="sqlite")

keys = Table(
    "log_keys",
    metadata,
    Column("key", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("outcome", LargeBinary, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
)

references = Table(
    "log_references",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("reference", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
)
"""Where an event stands that is recorded under a reference of its stream: made from the events,
in their transaction. A row without a stream names the rules by which
older events were looked through."""

snapshots = Table(
    "log_snapshots",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("shape", Text, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("latest", BigInteger, nullable=False),
)


NEW_PARTITION = "log_new_partition"
PARTITION_AS_OWNER = f"""
CREATE OR REPLACE FUNCTION {NEW_PARTITION}(number bigint) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = "{{schema}}", pg_temp AS $$
DECLARE
  digits text := number::text;
  name text := 'log_events_' || lpad(digits, greatest(5, length(digits)), '0');
  first bigint := number * {PARTITION};
BEGIN
  EXECUTE format('CREATE TABLE %I (LIKE log_events INCLUDING ALL)', name);
  EXECUTE format('CREATE UNIQUE INDEX %I ON %I (stream, version)', name || '_stream', name);
  EXECUTE format('ALTER TABLE log_events ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
                 name, first, first + {PARTITION});
END $$
"""  # noqa: S608 - only our own names
"""What `partition` does, for who may append events without owning their table."""
MAY_MAKE = text(
    "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid='log_events'::regclass"
)


def partition(connection: Connection, position: int) -> None:
    """Make sure the partition of that position, and the one after it, exist (PostgreSQL only)."""
    if connection.dialect.name != "postgresql":
        return
    for number in (position // PARTITION, position // PARTITION + 1):
        name, first = f"log_events_{number:05d}", number * PARTITION
        if inspect(connection).has_table(name):
            continue
        if not connection.execute(MAY_MAKE).scalar_one():
            connection.execute(text(f"SELECT {NEW_PARTITION}(:number)"), {"number": number})
            continue
        for statement in (
            f"CREATE TABLE {name} (LIKE log_events INCLUDING ALL)",
            f"CREATE UNIQUE INDEX {name}_stream ON {name} (stream, version)",
            # CREATE … PARTITION OF would wait for every reader, and every new reader for it.
            f"ALTER TABLE log_events ATTACH PARTITION {name}"
            f" FOR VALUES FROM ({first}) TO ({first + PARTITION})",
        ):
            connection.execute(text(statement))
