"""Where every view stands, by as many statements for a hundred views as for one."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from infra.broker import Partition
from projections.engine import Projection, progress
from projections.engine.generations import live
from projections.engine.progress import positions


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
    marked = progress.published(connection, log)
    answers = dict(connection.execute(select(live.c.view, live.c.generation)).all())
    stood: dict[str, dict[Partition, int]] = {}
    heard: dict[str, dict[str, int]] = {}
    for view, topic, partition, other, position in connection.execute(_positions()):
        if other == log:
            stood.setdefault(view, {})[Partition(topic, partition)] = position
        furthest = heard.setdefault(view, {})
        furthest[other] = max(furthest.get(other, 0), position)
    return {
        view.name: ViewStatus(
            answers[view.name],
            progress.complete_by(stood.get(view.name, {}), marked, view.kinds),
            heard.get(view.name, {}),
        )
        for view in views
    }


def _positions() -> Select[Any]:
    column = positions.c
    answers = (live.c.view == column.view) & (live.c.generation == column.generation)
    what = column.view, column.topic, column.partition, column.log, column.position
    return select(*what).join(live, answers)
