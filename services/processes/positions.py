"""How far each process is in each log: moved from where it was left, or not at all."""

from sqlalchemy import BigInteger, Column, Connection, MetaData, Table, Text, select, text, update

from infra import bulk

metadata = MetaData()

positions = Table(
    "process_positions",
    metadata,
    Column("process", Text, primary_key=True),
    Column("log", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
)


class StaleCheckpoint(Exception):
    """Another worker has moved this process on: read its position again."""


def create(connection: Connection) -> None:
    metadata.create_all(connection)


def of(connection: Connection, process: str, log: str) -> int:
    """The position up to which every event has been reacted to; 0 for a new process."""
    return found(connection, process, log) or 0


def found(connection: Connection, process: str, log: str) -> int | None:
    """The same; None for a new process."""
    query = select(positions.c.position).where(
        positions.c.process == process, positions.c.log == log
    )
    return connection.execute(query).scalar_one_or_none()


def begin(connection: Connection, process: str, log: str, at: int = 0) -> None:
    """Put a new process at a position; one that has begun stays where it is."""
    row = {"process": process, "log": log, "position": at}
    statement = bulk.dialect_insert(connection, positions).values(**row)
    connection.execute(statement.on_conflict_do_nothing())


def spare_the_disk(connection: Connection) -> None:
    """Let the transaction end before it is on the disk: should it be lost, the same keys find the
    same outcomes again.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL synchronous_commit = off"))


def move(connection: Connection, process: str, log: str, old: int, new: int) -> None:
    spare_the_disk(connection)
    begin(connection, process, log)
    statement = update(positions).where(
        positions.c.process == process, positions.c.log == log, positions.c.position == old
    )
    if connection.execute(statement.values(position=new)).rowcount != 1:
        raise StaleCheckpoint(f"{process} no longer stands at {old}: read its position again")


def hold(connection: Connection, process: str, log: str) -> None:
    """Nobody moves this process until the transaction ends."""
    mine = positions.c.process == process, positions.c.log == log
    connection.execute(select(positions.c.position).where(*mine).with_for_update())
