"""Generations of a view: which one answers, which was before it, and which is being made."""

import logging
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    Select,
    Table,
    Text,
    delete,
    func,
    inspect,
    select,
    update,
)

from aggregates import calendar
from infra import bulk
from projections.engine import Projection, zones
from projections.engine.progress import (
    StaleCheckpoint,
    balanced,
    closed,
    metadata,
    parked,
    positions,
)

live = Table(
    "view_live",
    metadata,
    Column("view", Text, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("previous", Integer),
    Column("parkings", Integer, nullable=False, server_default="0"),
)
"""`parkings` counts how often parked events were let go: who remembers them must look again."""

builds = Table(
    "view_builds",
    metadata,
    Column("view", Text, primary_key=True),
    Column("generation", Integer, nullable=False),
)
"""Generations that are being filled: a killed rebuild goes on with its own."""

parts = Table(
    "view_build_parts",
    metadata,
    Column("view", Text, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("reached", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
)
"""What of a source is filled in: positions of the log, or a partition's offsets, from `first` up
to `last`. How far a build is: `SELECT view, sum(reached - first), sum(last - first) … GROUP BY
view`."""


SWITCHED = "a view was switched or a stream let go: read the positions again"
PAUSES = (0.01, 0.04, 0.15, 0.3, 0.0)
"""Seconds after each look whether a lock on a view was let go."""
told = logging.getLogger(__name__)
ADDED = "found_by"
"""A column that is added to the tables of an older build in their place."""


class ActiveGeneration(NamedTuple):
    """The generation that answers, and how often what it had parked was let go."""

    generation: int
    parkings: int


def create(connection: Connection, views: Iterable[Projection]) -> None:
    """Make the tables of progress, and of each view's first generation, where missing."""
    metadata.create_all(connection)
    for view in views:
        known = bulk.dialect_insert(connection, live).values(view=view.name, generation=1)
        connection.execute(known.on_conflict_do_nothing())
    for view in views:
        number = generation(connection, view.name)
        for one in {number, before(connection, view.name) or number}:
            if _outgrown(connection, view, one):
                told.warning("%s is made anew from the log: its fields have changed", view.name)
                forget(connection, view, one)
            make(connection, view, one)
        if not _stands(connection, view.name, number):  # the zone was chosen after the tables
            zones.note(connection, view.name, number)


def _outgrown(connection: Connection, view: Projection, number: int) -> bool:
    """Whether its rows have other columns than they would be written with now."""
    table, known = view.every_table(number)[0], inspect(connection)
    if not known.has_table(table.name):
        return False
    there = {one["name"]: _numeric(one["type"]) for one in known.get_columns(table.name)}
    wanted = {one.name: _numeric(one.type) for one in table.c}
    if ADDED not in there:
        wanted.pop(ADDED, None)
    return there != wanted


def _numeric(kind: Any) -> bool:
    return isinstance(kind, Integer)


def _stands(connection: Connection, view: str, number: int) -> bool:
    """Whether the generation has heard of anything."""
    mine = positions.c.view == view, positions.c.generation == number
    return connection.execute(select(positions.c.view).where(*mine).limit(1)).first() is not None


def make(connection: Connection, view: Projection, number: int) -> None:
    """Make the tables of a generation, and what an older build had none of, where missing; its days
    are of the zone in use.
    """
    tables = view.every_table(number)
    if not inspect(connection).has_table(tables[0].name):
        zones.note(connection, view.name, number)
    for table in tables:
        table.create(connection, checkfirst=True)
    view.complete(connection, number)


def taken(
    connection: Connection, view: Projection, number: int, log: str, positions: Sequence[int]
) -> set[int]:
    """Those of the positions that the generation has rows of."""
    column = view.every_table(number)[0].c
    mine = column.log == log, column.position.in_(positions)
    return set(connection.execute(select(column.position).where(*mine)).scalars())


def size(connection: Connection, view: Projection, number: int) -> int:
    """How many rows the generation has of events."""
    rows = select(func.count()).select_from(view.every_table(number)[0])
    return int(connection.execute(rows).scalar_one())


def generation(connection: Connection, view: str) -> int:
    """The generation that answers reads."""
    query = select(live.c.generation).where(live.c.view == view)
    return int(connection.execute(query).scalar_one())


def every(connection: Connection, view: str) -> list[int]:
    """All generations that there may be tables of: that answer, did, or are being filled."""
    answers = generation(connection, view)
    found = {answers, before(connection, view) or answers}
    for table in (positions, builds):
        of = select(table.c.generation).where(table.c.view == view)
        found |= set(connection.execute(of.distinct()).scalars())
    return sorted(found)


def before(connection: Connection, view: str) -> int | None:
    """The generation that answered before it, kept to go back to."""
    query = select(live.c.previous).where(live.c.view == view)
    found: int | None = connection.execute(query).scalar_one()
    return found


def answering(connection: Connection, view: str) -> ActiveGeneration:
    return ActiveGeneration(*connection.execute(_live(view)).one())


def all_answering(connection: Connection, views: Collection[str]) -> dict[str, ActiveGeneration]:
    """What answers of each view, by one statement."""
    found = _answers(connection, _all_live(views))
    return {view: found[view] for view in views}


def lock(connection: Connection, view: str) -> ActiveGeneration:
    """What answers, and nobody moves, parks or closes anything in it until the transaction ends.

    Whoever changes more than one row of a view's progress takes this lock first.
    """
    return ActiveGeneration(*connection.execute(_live(view).with_for_update()).one())


def _live(view: str) -> Any:
    return select(live.c.generation, live.c.parkings).where(live.c.view == view)


def let_go(connection: Connection, view: str) -> None:
    """Tell who remembers the parked streams to look again."""
    raised = live.c.parkings + 1
    connection.execute(update(live).where(live.c.view == view).values(parkings=raised))


def confirm(
    connection: Connection, known: Mapping[str, ActiveGeneration], *, hold: bool = False
) -> None:
    """Raise `StaleCheckpoint` where a view was switched, or parked events
    were let go, since it was known.

    With `hold` it stays so until the transaction ends.
    """
    query = _all_live(known)
    if hold:  # in one order, so that two cannot lock each other out
        query = query.with_for_update(read=True)
    now = _answers(connection, query)
    if now != known:
        raise StaleCheckpoint(SWITCHED)


def confirm_free(connection: Connection, known: Mapping[str, ActiveGeneration]) -> set[str]:
    """As `confirm` with `hold`, of the views that nobody else has locked; answers the others.

    Whoever lets go soon is waited for.
    """
    query = _all_live(known).with_for_update(read=True, skip_locked=True)
    for pause in PAUSES:
        now = _answers(connection, query)
        if any(known[view] != answer for view, answer in now.items()):
            raise StaleCheckpoint(SWITCHED)
        if len(now) == len(known):
            break
        time.sleep(pause)
    return known.keys() - now.keys()


def _all_live(known: Collection[str]) -> Select[Any]:
    column = live.c
    query = select(column.view, column.generation, column.parkings)
    return query.where(column.view.in_(list(known))).order_by(column.view)


def _answers(connection: Connection, query: Select[Any]) -> dict[str, ActiveGeneration]:
    return {row[0]: ActiveGeneration(row[1], row[2]) for row in connection.execute(query)}


def switch(connection: Connection, view: str, number: int) -> int:
    """Let another generation answer; answers the one that did.

    The old one keeps its rows and positions, so switching back is instant: it catches up.
    """
    old = generation(connection, view)
    statement = update(live).where(live.c.view == view)
    connection.execute(statement.values(generation=number, previous=old))
    return old


def begin(connection: Connection, view: Projection) -> int:
    """The generation to fill: the one that a killed rebuild left, or a new one.

    Generations that neither answer nor answered just before are dropped first, and so is one
    that was left half filled with the days of another zone.
    """
    query = select(builds.c.generation).where(builds.c.view == view.name)
    left = connection.execute(query).scalar_one_or_none()
    if left is not None and zones.made_by(connection, view.name, left) == calendar.zone():
        make(connection, view, left)  # an older build may have begun it
        return int(left)
    if left is not None:
        forget(connection, view, left)
        end(connection, view.name)
    answers = generation(connection, view.name)
    kept = {answers, before(connection, view.name) or answers}
    column = positions.c
    known = select(column.generation).where(column.view == view.name).distinct()
    found = set(connection.execute(known).scalars())
    for gone in found - kept:
        forget(connection, view, gone)
    number = int(max(found | kept)) + 1
    make(connection, view, number)
    connection.execute(builds.insert().values(view=view.name, generation=number))
    return number


def end(connection: Connection, view: str) -> None:
    for table in (builds, parts):
        connection.execute(delete(table).where(table.c.view == view))


def forget(connection: Connection, view: Projection, number: int) -> None:
    """Drop a generation: its tables, positions and parked events."""
    for table in view.every_table(number):
        table.drop(connection, checkfirst=True)
    for table in (positions, parked, closed, balanced, parts):
        held = table.c.view == view.name, table.c.generation == number
        connection.execute(delete(table).where(*held))
    zones.forget(connection, view.name, number)
