"""Rollups that could not be written: reads go on and take longer, and somebody hears of it."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Connection, Integer, Table, Text, delete, select

from infra import bulk
from projections.engine.generations import live
from projections.engine.progress import metadata

rollup_failures = Table(
    "view_unclosed",
    metadata,
    Column("view", Text, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("log", Text, primary_key=True),
    Column("error", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
)


class RollupFailure(NamedTuple):
    """A view whose rollups of a log are not written, why, and since when."""

    view: str
    generation: int
    log: str
    error: str
    since: int


def note(connection: Connection, row: RollupFailure) -> None:
    """Keep it, once; the first time stays."""
    made = bulk.dialect_insert(connection, rollup_failures).values(row._asdict())
    connection.execute(made.on_conflict_do_nothing())


def clear(connection: Connection, view: str, number: int, log: str) -> None:
    """A rollup was written after all."""
    column = rollup_failures.c
    mine = column.view == view, column.generation == number, column.log == log
    connection.execute(delete(rollup_failures).where(*mine))


def every(connection: Connection) -> Sequence[RollupFailure]:
    """Those of generations that answer."""
    column = rollup_failures.c
    answers = (live.c.view == column.view) & (live.c.generation == column.generation)
    query = select(rollup_failures).join(live, answers).order_by(column.view, column.log)
    return [RollupFailure(*row) for row in connection.execute(query)]
