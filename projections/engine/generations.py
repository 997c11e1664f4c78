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
from infra import bulk, existing
from infra.pg_text import quoted
from projections.engine import BY_SCOPE, SPANS, Projection, zones
from projections.engine.progress import (
    StaleCheckpoint,
    cumulated,
    metadata,
    parked,
    positions,
    rolled_up,
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


LIVE = "SELECT view, generation, parkings FROM view_live"
SIGHT = "generations_of_one_sight"
SWITCHED = "a view was switched or a stream let go: read the positions again"
PAUSES = (0.01, 0.04, 0.15, 0.3, 0.0)
"""Seconds after each look whether a lock on a view was let go."""
told = logging.getLogger(__name__)


class ActiveGeneration(NamedTuple):
    """The generation that answers, and how often what it had parked was let go."""

    generation: int
    parkings: int


def create(connection: Connection, views: Iterable[Projection]) -> None:
    """Make the tables of progress, and of each view's first generation, where missing."""
    metadata.create_all(connection)
    known = {view.name: view for view in views}
    first = [{"view": name, "generation": 1} for name in known]
    made = bulk.dialect_insert(connection, live).values(first)
    connection.execute(made.on_conflict_do_nothing())
    column = live.c
    answers = select(column.view, column.generation, column.previous)
    found = [
        (known[name], number, {number, old or number})
        for name, number, old in connection.execute(answers.where(column.view.in_(known)))
    ]
    pairs = [(view, one) for view, _, kept in found for one in kept]
    there = existing.columns(connection)
    for view, one in pairs:
        _bring_up(connection, view, one, there)
    _index(connection, pairs)
    heard = _heard(connection)
    answering = {(view.name, number) for view, number, _ in found}
    zones.note(connection, answering - heard)  # the zone was chosen after the tables


def _index(connection: Connection, pairs: Iterable[tuple[Projection, int]]) -> None:
    """Make the indexes that an older build had not, of generations that are whole."""
    tables = [one for view, number in pairs if view.ordered for one in view.every_table(number)]
    there = existing.indexes(connection)
    for index in (one for table in tables for one in table.indexes if one.name not in there):
        index.create(connection)


def _bring_up(
    connection: Connection, view: Projection, number: int, there: existing.Columns
) -> None:
    """Make what is missing of a generation; all of it, where its columns would be others now."""
    tables = view.every_table(number)
    wanted = [{one.name: isinstance(one.type, Integer) for one in table.c} for table in tables]
    known = [there.get(table.name) for table in tables]
    if known == wanted:
        return
    rows, now = known[0], wanted[0]
    added = {name for name in view.derived if rows is not None and name not in rows}
    if rows is not None and rows != {name: now[name] for name in now if name not in added}:
        told.warning("%s is made anew from the log: its fields have changed", view.name)
        forget(connection, view, number)
    make(connection, view, number)


def _heard(connection: Connection) -> set[tuple[str, int]]:
    """The generations that have heard of anything, by their views."""
    rows = connection.execute(select(positions.c.view, positions.c.generation).distinct())
    return {(view, number) for view, number in rows}


def make(connection: Connection, view: Projection, number: int) -> None:
    """Make the tables of a generation, and what an older build had none of, where missing; its days
    are of the zone in use.
    """
    tables = view.every_table(number)
    if not inspect(connection).has_table(tables[0].name):
        zones.note(connection, [(view.name, number)])
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
    """The generation that answers reads; of one sight it is looked up once."""
    known: dict[str, int] = connection.get_execution_options().get(SIGHT, {})
    if view not in known:
        query = select(live.c.generation).where(live.c.view == view)
        known[view] = int(connection.execute(query).scalar_one())
    return known[view]


def remember(connection: Connection, found: Mapping[str, int]) -> None:
    """Generations that were read of one sight: nobody has to look them up in it again."""
    known: dict[str, int] = connection.get_execution_options().get(SIGHT, {})
    known.update(found)


def of_one_sight(connection: Connection) -> Connection:
    """For a connection that sees one moment of the database for as long as it is used."""
    return connection.execution_options(**{SIGHT: dict[str, int]()})


def every(connection: Connection, view: str) -> list[int]:
    """All generations that there may be tables of: that answer, did, or are being filled."""
    found = _kept(connection, view)
    for table in (positions, builds):
        of = select(table.c.generation).where(table.c.view == view)
        found |= set(connection.execute(of.distinct()).scalars())
    return sorted(found)


def _kept(connection: Connection, view: str) -> set[int]:
    """The generation that answers, and the one to go back to."""
    answers = generation(connection, view)
    return {answers, before(connection, view) or answers}


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
    """What answers, and nobody moves, parks or rolls up anything in it until the transaction ends.

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
    """Raise `StaleCheckpoint` where what was known of a view is no longer so: it was switched, or
    let parked events go.

    With `hold` it stays so until the transaction ends.
    """
    if hold and connection.dialect.name == "postgresql":
        now = _held(connection, known)
    else:  # on SQLite whoever writes is alone
        now = _answers(connection, _all_live(known))
    if now != known:
        raise StaleCheckpoint(SWITCHED)


def confirm_free(connection: Connection, known: Mapping[str, ActiveGeneration]) -> set[str]:
    """As `confirm` with `hold`, of the views that nobody else has locked; answers the others.

    Whoever lets go soon is waited for.
    """
    for pause in PAUSES:
        now = _held(connection, known, " SKIP LOCKED")
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


def _held(
    connection: Connection, known: Collection[str], which: str = ""
) -> dict[str, ActiveGeneration]:
    """In one order, so that two cannot lock each other out."""
    names = ",".join(map(quoted, known)) or "NULL"
    query = f"{LIVE} WHERE view IN ({names}) ORDER BY view FOR SHARE{which}"
    return {row[0]: ActiveGeneration(row[1], row[2]) for row in bulk.ask(connection, query)}


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
        there = existing.columns(connection)
        _bring_up(connection, view, left, there)  # an older build may have begun it
        return int(left)
    if left is not None:
        forget(connection, view, left)
        end(connection, view.name)
    found = every(connection, view.name)
    for gone in set(found) - _kept(connection, view.name):
        forget(connection, view, gone)
    number = max(found) + 1
    make(connection, view, number)
    connection.execute(builds.insert().values(view=view.name, generation=number))
    return number


def being_made(connection: Connection) -> dict[str, int]:
    """Of each view that is made anew, the generation that is filled or waits to be looked at."""
    return {row.view: row.generation for row in connection.execute(select(builds))}


def to_go_back_to(connection: Connection) -> dict[str, int]:
    """Of each view that was switched, the generation that answered before."""
    query = select(live.c.view, live.c.previous).where(live.c.previous.is_not(None))
    return {row.view: row.previous for row in connection.execute(query)}


def end(connection: Connection, view: str) -> None:
    for table in (builds, parts):
        connection.execute(delete(table).where(table.c.view == view))


def forget(connection: Connection, view: Projection, number: int) -> None:
    """Drop a generation: its tables, positions and parked events."""
    for table in view.every_table(number):
        table.drop(connection, checkfirst=True)
    names = [f"{view.name}{what}" for what in ("", BY_SCOPE, SPANS)]
    for table in (positions, parked, rolled_up, cumulated, parts):
        held = table.c.view.in_(names), table.c.generation == number
        connection.execute(delete(table).where(*held))
    zones.forget(connection, [(view.name, number)])
