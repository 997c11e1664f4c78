"""Kafka into six figures: against a loop written by hand for just these tables."""

import uuid
from collections.abc import Callable, Sequence
from time import perf_counter

from sqlalchemy import Table

from projections.engine import Projection, View
from services.bootstrap import Platform
from services.memory import BATCHES
from services.workers.apply import Applier
from services.workers.project import Projector
from tests.performance import publish, workload
from tests.performance.by_hand import MEASURES, ByHand
from tests.performance.pairs import Figure, in_turns
from tests.performance.stage import Stage

LIMIT = 120.0
NOT_THE_SAME = "the two did not write the same rows"
MOST = 2_000
"""Records a transaction, for both."""


def project(stage: Stage) -> Figure:
    source = published(stage)
    ours_in, theirs_in = stage.platform(kafka=True), stage.platform(kafka=True)
    prefix, every = source.settings.topic_prefix, heard(source, stage.scale.events)
    reference = by_hand(theirs_in, every, lambda: ByHand(theirs_in.settings, prefix, new_group()))
    mine, rounds = ours(ours_in, prefix, every), stage.scale.rounds
    found = in_turns(mine, reference, rounds, "events/s", BATCHES)
    views = figures(ours_in)
    assert contents(ours_in, views) == contents(theirs_in, views), NOT_THE_SAME
    return found


def published(stage: Stage) -> Platform:
    platform = stage.platform(kafka=True)
    workload.fill(platform, stage.scale.events)
    publish.to_kafka(platform, platform.broker("bench"), stage.scale.events)
    return platform


def figures(platform: Platform) -> list[View]:
    """Those that are written by hand as well."""
    return [view for view in platform.figures if view.name in MEASURES]


def heard(platform: Platform, events: int) -> int:
    """How many of the events some view hears: all of them, in this trade."""
    kinds = frozenset[str]().union(*(view.kinds for view in figures(platform)))
    with platform.database.read() as connection:
        return sum(event.kind in kinds for event in platform.store.read(connection, 0, events))


def ours(
    platform: Platform, prefix: str, heard: int, views: Sequence[Projection] | None = None
) -> Callable[[], float]:
    views = figures(platform) if views is None else views
    kinds = sorted({kind for view in figures(platform) for kind in view.kinds})
    names = [f"{prefix}.{kind}" for kind in kinds]

    def once() -> float:
        empty(platform, views)
        subscriber = platform.broker("bench").subscriber(new_group(), names)
        applier = Applier(platform.store, views, platform.codec, aside=Nobody())
        projector = Projector(applier, subscriber)
        deadline = perf_counter() + LIMIT
        while not subscriber.assigned() or subscriber.fresh():
            projector.step()
        start, done = perf_counter(), 0
        while done < heard:
            done += projector.step(most=MOST)
            assert perf_counter() < deadline, f"only {done} of {heard} events came"
        rate = heard / (perf_counter() - start)
        subscriber.close()
        return rate

    return once


def new_group() -> str:
    return f"bench-{uuid.uuid4().hex}"


class Nobody:
    """Takes no view aside: to be asked whether one is costs what it costs in a worker."""

    def take(self, view: Projection, error: Exception) -> None:
        raise error

    def returned(self) -> Sequence[str]:
        return ()


def by_hand(
    platform: Platform,
    heard: int,
    make: Callable[[], ByHand],
    views: Sequence[Projection] | None = None,
) -> Callable[[], float]:
    def reference() -> float:
        empty(platform, figures(platform) if views is None else views)
        loop = make()
        loop.settle()
        start, done = perf_counter(), 0
        while done < heard:
            done += loop.step(MOST)
            assert perf_counter() < start + LIMIT, f"only {done} of {heard} events came"
        rate = heard / (perf_counter() - start)
        loop.close()
        return rate

    return reference


def tables(views: Sequence[Projection]) -> list[str]:
    """What is compared: ledgers and sums, and all tables of any other."""
    return [t.name for view in views for t in _compared(view)]


def _compared(view: Projection) -> Sequence[Table]:
    return view.tables(1)[:2] if isinstance(view, View) else view.every_table(1)


def empty(platform: Platform, views: Sequence[Projection]) -> None:
    with platform.database.write() as connection:
        every = ", ".join([*tables(views), "view_positions", "view_parked"])
        connection.exec_driver_sql(f"TRUNCATE {every}")


def contents(platform: Platform, views: Sequence[Projection]) -> list[tuple[str, int, int]]:
    """Every table's number of rows, and a sum over all that stands in them."""
    with platform.database.read() as connection:
        return [
            (name, *connection.exec_driver_sql(CONTENT.format(name)).one())
            for name in tables(views)
        ]


CONTENT = "SELECT count(*), sum(hashtext(t::text)) FROM {} t"
