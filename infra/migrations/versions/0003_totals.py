"""Totals of views with boards are of all days: those that older builds kept by day are added up."""

import re

from alembic import op
from sqlalchemy import Column, Inspector, MetaData, Table, cast, func, inspect, select

revision = "0003"
down_revision = "0002"

TOTALS = re.compile(r"\w+_\d+_totals")


def upgrade() -> None:
    if op.get_context().dialect.name == "postgresql":  # a long history has many
        op.execute("SET LOCAL statement_timeout='2h'")
    look = inspect(op.get_bind())
    for name in look.get_table_names():
        if TOTALS.fullmatch(name) and _by_day(look, name):
            _add_up(look, name)


def _by_day(look: Inspector, name: str) -> bool:
    return {"board", "day"} <= {column["name"] for column in look.get_columns(name)}


def _add_up(look: Inspector, name: str) -> None:
    connection, sums = op.get_bind(), f"{name}_sums"
    old = Table(name, MetaData(), autoload_with=connection)
    key = look.get_pk_constraint(name)["constrained_columns"]  # none where it is being made
    rest = [column for column in old.columns if column.name != "day"]
    columns = [Column(c.name, c.type, primary_key=c.name in key, nullable=False) for c in rest]
    new = Table(sums, MetaData(), *columns)
    new.create(connection)
    # Texts are what is counted under, numbers what is counted.
    texts = [column for column in rest if column.type.python_type is str]
    added = [cast(func.sum(c), c.type) for c in rest if c.type.python_type is not str]
    query = select(*texts, *added).group_by(*texts)
    connection.execute(new.insert().from_select([c.name for c in rest], query))
    old.drop(connection)
    op.rename_table(sums, name)
    if key and connection.dialect.name == "postgresql":
        op.execute(f"ALTER INDEX {sums}_pkey RENAME TO {name}_pkey")
