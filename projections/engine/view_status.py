"""Where views stand, by as many statements for a hundred views as for one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Select, and_, select

from infra.broker import Partition
from projections.engine import Projection, generations, prepared, progress
from projections.engine.generations import live
from projections.engine.prepared import Statements
from projections.engine.progress import positions

STANDS = Statements()


class ViewStatus(NamedTuple):
    """The generation that answers, and how far it is."""

    generation: int
    position: int
    """Up to here it has every event of the log that was asked about."""
    heard: Mapping[str, int]
    """The furthest position that it has of each log; before it some may be missing."""


def statuses(
    connection: Connection, views: Iterable[Projection], log: str
) -> dict[str, ViewStatus]:
    """Of one sight of the database, the generations need not be looked up again."""
    known = {view.name: view for view in views}
    marked = progress.published(connection, log)
    statement = STANDS.get(connection, len(known), lambda: _stands(list(known)))
    answers: dict[str, int] = {}
    stood = {name: dict[Partition, int]() for name in known}
    heard = {name: dict[str, int]() for name in known}
    for row in statement.rows(connection, [*known]):
        name, answers[name], topic, partition, other, position = row
        if other == log:
            stood[name][Partition(topic, partition)] = position
        if other is not None:
            heard[name][other] = max(heard[name].get(other, 0), position)
    generations.remember(connection, answers)
    return {
        name: ViewStatus(
            answers[name], progress.complete_by(stood[name], marked, view.kinds), heard[name]
        )
        for name, view in known.items()
    }


def _stands(names: Sequence[str]) -> tuple[Select[Any], Sequence[BindParameter[Any]]]:
    """What answers of each view, with each place where it stands, if there is any."""
    column = positions.c
    here = and_(live.c.view == column.view, live.c.generation == column.generation)
    what = column.topic, column.partition, column.log, column.position
    wanted = [prepared.value(f"view_{number}", one) for number, one in enumerate(names)]
    query = select(live.c.view, live.c.generation, *what).outerjoin(positions, here)
    return query.where(live.c.view.in_(wanted)), wanted
